//! Who is in one account, a line for each, with a comment on where the user stands.

use std::collections::BTreeMap;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use crate::export::Access;
use crate::export::entry::{LeftOut, Listed};
use crate::model::desired::access::day_of;
use crate::model::live::{Dates, LiveUser, Status};
use crate::model::person::Profile;
use crate::render::export::texts;
use crate::render::yaml::{Value, scalar};
use crate::render::{escape, words};

/// A list of more people than this says where the next role begins.
const AT_A_GLANCE: usize = 10;

/// The widest entry that comments of others are set out by.
const WIDEST: usize = 60;

/// A line and the comment at its end.
struct Line {
    text: String,
    comment: String,
}

/// The entries of people, role by role.
pub(super) fn listed(users: &[Listed]) -> Vec<String> {
    let is_long = users.len() > AT_A_GLANCE;
    let groups = users.chunk_by(|one, other| one.role == other.role);
    let heading = |group: &[Listed]| {
        let people = if group.len() == 1 { "1 person".to_owned() } else { format!("{} people", group.len()) };
        group.first().filter(|_| is_long).map(|first| format!("      # {}: {people}", first.role))
    };
    let mut lines = aligned(users.iter().map(entry).collect()).into_iter();
    groups
        .flat_map(|group| heading(group).into_iter().chain(lines.by_ref().take(group.len())).collect::<Vec<_>>())
        .collect()
}

/// The teams that have access.
pub(super) fn with_access(teams: &BTreeMap<String, Access>) -> Vec<String> {
    let line = |(name, Access { role, invited }): (&String, &Access)| Line {
        text: format!("      {}: {}", scalar(name), scalar(role.as_str())),
        comment: if *invited == 0 { String::new() } else { format!("{invited} of them invited") },
    };
    aligned(teams.iter().map(line).collect())
}

/// A comment on somebody who is not written down.
pub(super) fn left_out(LeftOut { user, why }: &LeftOut) -> String {
    let LiveUser { email, roles, status: _, dates, id: _, profile: _, language: _ } = user;
    let known: Vec<String> = [(!roles.is_empty()).then(|| roles.to_string()), dates.last_login.map(last_login)]
        .into_iter()
        .flatten()
        .collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    format!("      # left out: {}{}: {why}", escape::terminal(email.as_str()), escape::terminal(&known))
}

fn entry(listed: &Listed) -> Line {
    let Listed { email, short_name, role, profile, language, status, dates, has_hidden_name } = listed;
    let Profile { first_name, last_name } = profile;
    let who = scalar(short_name.as_deref().unwrap_or(email.as_str()));
    let said = if listed.is_plain() {
        scalar(role.as_str())
    } else {
        let language = language.as_ref().map(|language| language.as_str());
        let names = [("first_name", first_name.as_deref()), ("last_name", last_name.as_deref())];
        let role = texts([("role", Some(role.as_str()))]);
        Value::Mapping(role.chain(texts(names)).chain(texts([("language", language)])).collect()).to_string()
    };
    let hidden = has_hidden_name.then(|| "a name with invisible characters is left out".to_owned());
    let standing = standing(*status, dates);
    let comment: Vec<String> = standing.into_iter().chain(hidden).collect();
    Line { text: format!("      {who}: {said}"), comment: comment.join("; ") }
}

pub(super) fn standing(status: Status, dates: &Dates) -> Option<String> {
    let Dates { added: _, invited, invitation_expires, last_login: signed_in } = dates;
    match (status, invited, invitation_expires) {
        (Status::Invited, Some(invited), Some(ends)) => {
            Some(format!("invited {}, until {}", day(*invited), day(*ends)))
        }
        (Status::Invited, Some(invited), None) => Some(format!("invited {}", day(*invited))),
        (Status::Invited, None, _) => Some("invited".to_owned()),
        (Status::Active | Status::Deactivated, _, _) => signed_in.map(last_login),
    }
}

fn last_login(moment: Timestamp) -> String {
    format!("last login {}", day(moment))
}

fn day(moment: Timestamp) -> String {
    words::day(day_of(moment))
}

/// The lines with their comments below each other, but for lines that are very long.
fn aligned(lines: Vec<Line>) -> Vec<String> {
    let width = |line: &Line| line.text.width();
    let column = lines
        .iter()
        .filter(|line| !line.comment.is_empty())
        .map(width)
        .filter(|width| *width <= WIDEST)
        .max()
        .unwrap_or(0);
    let whole = |line: Line| match line {
        Line { text, comment } if comment.is_empty() => text,
        Line { text, comment } => {
            let blanks = " ".repeat(column.saturating_sub(text.width()));
            format!("{text}{blanks}  # {comment}")
        }
    };
    lines.into_iter().map(whole).collect()
}
