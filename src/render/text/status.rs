//! Both sides of an account for people who read a terminal: a line a person, what asks for something first.

use std::io::{self, Write};

use anstyle::Style;
use jiff::Timestamp;

use crate::render::escape;
use crate::render::json::Document;
use crate::render::json::action::{Status, Verb};
use crate::render::json::people::{LastRun, Listed, Numbers, Person, Standing, There};
use crate::render::line::roles;
use crate::render::palette::{CHANGE, FAINT, GAIN, HELD};
use crate::render::table::padded_to_widest;
use crate::render::text::{self, Detail, RUN, finding, head};
use crate::render::words::{count, day, grouped};

/// Writes each account as a block of lines, and the totals.
///
/// # Errors
///
/// Where the sink does.
pub fn status(out: &mut dyn Write, document: &Document, detail: Detail) -> io::Result<()> {
    for account in &document.accounts {
        head(out, account, "in sync")?;
        people(out, account.people.as_deref().unwrap_or_default(), detail)?;
        for found in &account.findings {
            finding(out, found)?;
        }
        if let Some(last) = &account.last_run {
            writeln!(out, "  {FAINT}{}{FAINT:#}", escape::terminal(&last_run(last)))?;
        }
        writeln!(out)?;
    }
    let unread = document.accounts.iter().filter(|account| account.error.is_some()).count();
    let number = |standing| {
        let people = document.accounts.iter().flat_map(|account| account.people.iter().flatten());
        people.filter(|person| person.standing == standing).count()
    };
    let told = Standing::ALL.map(|standing| (number(standing), standing.words())).into_iter();
    let told = told.filter(|(number, _)| *number > 0).map(|(number, words)| format!("{} {words}", grouped(number)));
    let unread = (unread > 0).then(|| format!("{} could not be read", count(unread, "account")));
    writeln!(out, "{}.", told.chain(unread).collect::<Vec<_>>().join(", "))
}

/// One person as a row of a table.
struct Row {
    style: Style,
    sign: char,
    cells: [String; 3],
    state: String,
}

fn people(out: &mut dyn Write, people: &[Person], detail: Detail) -> io::Result<()> {
    let mut rows = vec![Row {
        style: FAINT,
        sign: ' ',
        cells: ["who", "in the file", "in the account"].map(str::to_owned),
        state: String::new(),
    }];
    for standing in Standing::ALL {
        let alike: Vec<&Person> = people.iter().filter(|person| person.standing == standing).collect();
        let shown = if detail == Detail::Brief { alike.len().min(RUN) } else { alike.len() };
        rows.extend(alike[..shown].iter().map(|person| Row::of(person)));
        if alike.len() > shown {
            let more = format!("{} more (-v lists them)", grouped(alike.len() - shown));
            rows.push(Row { cells: [more, String::new(), String::new()], ..Row::of(alike[shown]) });
        }
    }
    let columns = [0, 1, 2].map(|column| padded_to_widest(rows.iter().map(|row| row.cells[column].as_str())));
    for (number, Row { style, sign, state, cells: _ }) in rows.iter().enumerate() {
        let [who, file, account] = [0, 1, 2].map(|column: usize| &columns[column][number]);
        if number == 0 {
            writeln!(out, "    {FAINT}{who}  {file}  {}{FAINT:#}", account.trim_end())?;
        } else {
            writeln!(out, "  {style}{sign}{style:#} {who}  {file}  {account}  {style}{state}{style:#}")?;
        }
    }
    Ok(())
}

impl Row {
    fn of(person: &Person) -> Self {
        let Person { email, file, account, standing, why, to_do, held_by } = person;
        let (sign, style) = match standing {
            Standing::Differs if !held_by.is_empty() => ('!', HELD),
            Standing::Differs => ('~', CHANGE),
            Standing::LeftAlone | Standing::Missing | Standing::Unmanaged => ('?', CHANGE),
            Standing::Pending => ('…', FAINT),
            Standing::Ignored => (' ', FAINT),
            Standing::InSync => ('=', GAIN),
        };
        let verbs = to_do.iter().map(|verb: &Verb| verb.words()).collect::<Vec<_>>().join(", ");
        let state = match (standing, why) {
            (Standing::Differs, _) if held_by.is_empty() => format!("to do: {verbs}"),
            (Standing::Differs, _) => format!("held by {}: {verbs}", held_by.join(", ")),
            (Standing::LeftAlone, Some(why)) => why.in_short().to_owned(),
            (standing, _) => standing.words().to_owned(),
        };
        let nobody = || "–".to_owned();
        let cells =
            [email.clone(), file.as_ref().map_or_else(nobody, listed), account.as_ref().map_or_else(nobody, there)];
        Self { style, sign, cells: cells.map(|cell| escape::terminal(&cell).into_owned()), state }
    }
}

fn listed(Listed { role, team, starts, expires, at: _ }: &Listed) -> String {
    let team = team.iter().map(|team| format!("team {team}"));
    let starts = starts.iter().map(|first| format!("from {}", day(*first)));
    let expires = expires.iter().map(|last| format!("until {}", day(*last)));
    std::iter::once(role.clone()).chain(team).chain(starts).chain(expires).collect::<Vec<_>>().join(", ")
}

/// What the account has; of its moments the one that tells most about where the person stands.
fn there(there: &There) -> String {
    let There { email, roles: held, status, added: _, invited, invitation_expires, last_login } = there;
    let address = email.iter().map(|email| format!("as {email}"));
    let on = |word: &str, at: &Option<Timestamp>| at.map(|at| format!("{word} {}", at.strftime("%Y-%m-%d")));
    let moment = match status {
        Status::Active => on("last login", last_login),
        Status::Invited => on("since", invited),
        Status::Deactivated => None,
    };
    let ends = if *status == Status::Invited { on("until", invitation_expires) } else { None };
    let dates = [moment, ends].into_iter().flatten();
    [roles(held), status.word().to_owned()].into_iter().chain(address).chain(dates).collect::<Vec<_>>().join(", ")
}

fn last_run(LastRun { id, command, actor, at, ended }: &LastRun) -> String {
    let ended = match ended {
        None => "it was killed before its end, or goes on".to_owned(),
        Some(Numbers { done, failed, not_tried, held }) => {
            let numbers = [(done, "done"), (failed, "failed"), (not_tried, "not tried"), (held, "held")];
            let told = numbers.into_iter().filter(|(number, word)| **number > 0 || *word == "done");
            told.map(|(number, word)| format!("{} {word}", grouped(*number))).collect::<Vec<_>>().join(", ")
        }
    };
    format!("last change {}: {command} {id} by {actor}, {ended}", text::history::moment(*at))
}
