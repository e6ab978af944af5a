//! One action as one line, and lines as columns.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::model::action::Change;
use crate::model::live::Status;
use crate::model::person::Profile;
use crate::model::place::Place;
use crate::model::role::RoleDefinition;
use crate::render::palette::FAINT;

/// One line: a sign, what happens, to whom, the particulars, and a note at its end. All texts are already harmless.
pub(super) struct Row {
    pub(super) sign: char,
    pub(super) style: Style,
    pub(super) verb: &'static str,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) note: String,
    /// Lines under it.
    pub(super) below: Vec<String>,
}

/// Lines whose columns stand under each other.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

/// A column never grows past this, so that one long name does not push everybody's notes off the screen.
const WIDEST: usize = 48;

impl Table {
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn extend(&mut self, row: Option<Row>) {
        self.rows.extend(row);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let widest =
            |column: fn(&Row) -> &str| self.rows.iter().map(|row| column(row).width()).max().unwrap_or(0).min(WIDEST);
        let (verb, who, what) = (widest(|row| row.verb), widest(|row| &row.who), widest(|row| &row.what));
        for row in &self.rows {
            let Row { sign, style, note, below, .. } = row;
            write!(out, "  {style}{sign} {}{style:#}", padded(row.verb, verb))?;
            write!(out, "  {}  {}", padded(&row.who, who), padded(&row.what, what))?;
            writeln!(out, "  {FAINT}{note}{FAINT:#}")?;
            for line in below {
                writeln!(out, "      {line}")?;
            }
        }
        Ok(())
    }
}

/// The particulars of a change, in a few words.
pub(super) fn describe(change: &Change) -> String {
    match change {
        Change::CreateRole { definition } | Change::DeleteRole { definition, .. } => definition.title.clone(),
        Change::UpdateRole { before, after, .. } => describe_definition(before, after),
        Change::Invite { role, profile, language } => {
            let names = full_name(profile);
            let language = language.as_ref().map(ToString::to_string);
            [Some(role.to_string()), names, language].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Change::Reactivate { from, to, .. } if from.is_exactly(to) => to.to_string(),
        Change::Reactivate { from, to, .. } => format!("{from} → {to}"),
        Change::ChangeRole { from, to, status, .. } => {
            let invited = if *status == Status::Invited { ", invited" } else { "" };
            format!("{from} → {to}{invited}")
        }
        Change::Move { from, .. } => format!("before: {from}"),
        Change::Reinvite { from, to, .. } => format!("{from} → {to}, the old invitation ends"),
        Change::UpdateProfile { before, after, .. } => {
            let name = |profile| full_name(profile).unwrap_or_else(|| "no name".to_owned());
            format!("{} → {}", name(before), name(after))
        }
        Change::ResendInvitation { roles, sent, .. } => format!("{roles}, sent {} before", count_times(*sent)),
        Change::CancelInvitation { roles, .. } => roles.to_string(),
        Change::Deactivate { roles, removed_from: Some(day), .. } => format!("{roles}, removed from {day} on"),
        Change::Deactivate { roles, removed_from: None, .. } => roles.to_string(),
        Change::Remove { roles, status: Status::Deactivated, .. } => format!("{roles}, deactivated"),
        Change::Remove { roles, .. } => roles.to_string(),
    }
}

/// What a custom role gains and loses.
fn describe_definition(before: &RoleDefinition, after: &RoleDefinition) -> String {
    let gained = after.permissions.difference(&before.permissions).map(|name| format!("+{name}"));
    let lost = before.permissions.difference(&after.permissions).map(|name| format!("-{name}"));
    let words = (before.title != after.title || before.description != after.description).then(|| after.title.clone());
    words.into_iter().chain(gained).chain(lost).collect::<Vec<_>>().join(", ")
}

fn count_times(times: u32) -> String {
    if times == 1 { "once".to_owned() } else { format!("{times} times") }
}

/// A line of the file, without the folders that the account's own place above it shows already.
pub(super) fn place(place: &Place, account: &Place) -> String {
    let Place { file, line, column: _ } = place;
    let name = if *file == account.file { file.rsplit('/').next().unwrap_or(file) } else { file };
    format!("{name}:{line}")
}

fn full_name(profile: &Profile) -> Option<String> {
    let Profile { first_name, last_name } = profile;
    let names: Vec<&str> = [first_name, last_name].into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}
