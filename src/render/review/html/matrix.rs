//! People × accounts: a row a person, a column an account, and in each cell the role in a letter or two.

use std::collections::{BTreeMap, BTreeSet};

use crate::render::json::action::Status;
use crate::render::json::review::{Access, Finding, Person, Reading, Review, Severity};
use crate::render::review::html::view::shown;
use crate::render::review::words::{self, ByAccess};

/// The rows, and what the letters in them mean.
pub(super) struct Matrix {
    pub(super) keys: Vec<Key>,
    pub(super) rows: Vec<Row>,
}

/// A role in letters.
pub(super) struct Key {
    pub(super) code: String,
    pub(super) role: String,
}

/// One person.
pub(super) struct Row {
    pub(super) email: String,
    pub(super) besides: Option<String>,
    pub(super) number: usize,
    pub(super) cells: Vec<Cell>,
}

/// One person in one account.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) class: &'static str,
}

pub(super) fn of(review: &Review) -> Matrix {
    let all = review.people.iter().flat_map(|person| &person.access).flat_map(|access| &access.roles);
    let codes = codes(all.map(String::as_str).collect());
    let findings = ByAccess::of(review);
    let row = |person: &Person| {
        let cells = review.accounts.iter().map(|account| {
            let there: Vec<&Access> = person.access.iter().filter(|access| access.account == account.name).collect();
            match (there.is_empty(), account.reading) {
                (true, Reading::Unread) => {
                    Cell { code: "?".to_owned(), title: format!("{}: not read", shown(&account.name)), class: "" }
                }
                (true, Reading::Whole | Reading::NotProvenWhole) => Cell::default(),
                (false, _) => {
                    let about: Vec<(&Access, &[&Finding])> =
                        there.iter().map(|access| (*access, findings.about(person, access))).collect();
                    Cell::of(&about, &codes)
                }
            }
        });
        let besides = person.name.iter().chain(&person.formerly).map(|text| shown(text)).collect::<Vec<_>>().join(", ");
        Row {
            email: shown(&person.email),
            besides: (!besides.is_empty()).then_some(besides),
            number: person.access.len(),
            cells: cells.collect(),
        }
    };
    let rows = review.people.iter().map(row).collect();
    let keys = codes.iter().map(|(role, code)| Key { code: code.clone(), role: shown(role) }).collect();
    Matrix { keys, rows }
}

impl Cell {
    /// Several accesses are several logins of the person there, each with what was found about it behind it.
    fn of(there: &[(&Access, &[&Finding])], codes: &BTreeMap<&str, String>) -> Self {
        let code = |(access, _): &(&Access, &[&Finding])| {
            let roles = access.roles.iter().filter_map(|role| codes.get(role.as_str()).cloned()).collect::<Vec<_>>();
            let roles = if roles.is_empty() { "–".to_owned() } else { roles.join("+") };
            match access.status {
                Status::Active => roles,
                Status::Invited => format!("{roles}°"),
                Status::Deactivated => format!("({roles})"),
            }
        };
        let said = there.iter().flat_map(|(access, findings)| {
            let login = access.login.iter().map(|login| format!("as {login}"));
            let found = findings.iter().map(|finding| finding.message.clone());
            login.chain([words::held(access)]).chain(found)
        });
        let title = there.first().map(|(access, _)| access.account.clone()).into_iter().chain(said);
        let found = there.iter().flat_map(|(_, findings)| findings.iter());
        Self {
            code: there.iter().map(code).collect::<Vec<_>>().join(" "),
            title: shown(&title.collect::<Vec<_>>().join("; ")),
            class: found.map(|finding| finding.severity).min().map_or("", Severity::word),
        }
    }
}

/// A letter or two for each role, no two roles alike.
fn codes(roles: BTreeSet<&str>) -> BTreeMap<&str, String> {
    let mut taken = BTreeSet::new();
    let mut codes = BTreeMap::new();
    for role in roles {
        let code = initials(role);
        let numbered = (2..).map(|number| format!("{code}{number}"));
        let free = std::iter::once(code.clone()).chain(numbered).find(|code| !taken.contains(code));
        let code = free.unwrap_or(code);
        taken.insert(code.clone());
        codes.insert(role, code);
    }
    codes
}

/// The first letters of the words, or of the word.
fn initials(role: &str) -> String {
    let words: Vec<&str> = role.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => "#".to_owned(),
        [word] => word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1).take(1)).collect(),
        several => several.iter().take(3).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_roles_have_the_same_letters() {
        let roles = BTreeSet::from(["admin", "Advisor", "campaign-coordinator", "content-creator", "owner", "–"]);
        let codes: Vec<String> = codes(roles).into_values().collect();
        assert_eq!(codes, ["Ad", "Ad2", "CC", "CC2", "Ow", "#"]);
    }
}
