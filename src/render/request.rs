//! A signed request for access, as whoever decides about it sees it: on a terminal and on the daemon's page.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::role::{Catalogue, RoleName};
use crate::render::consent::quoted;
use crate::render::words;
use crate::request::{Request, Signed};

/// What no signature says.
pub const PROVES_NOT: &str = "Whose key it is, no file can prove: compare the fingerprint with the one that whoever asks \
                              tells you over another way, such as the telephone.";

/// One thing that a request says. It comes from whoever asks, and is not escaped yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub name: &'static str,
    /// What it says.
    pub value: String,
    /// Why to look at it twice.
    pub caution: Option<&'static str>,
}

/// Everything that a request says, to whoever looks at it on this day.
#[must_use]
pub fn facts(Signed { request, fingerprint }: &Signed, today: Date) -> Vec<Fact> {
    let Request { id, from, account, people, until, reason, ends } = request;
    let fact = |name, value| Fact { name, value, caution: None };
    let mut facts = vec![
        fact("from", from.clone()),
        fact("fingerprint", fingerprint.to_string()),
        fact("account", account.clone()),
    ];
    facts.extend(people.iter().map(|(email, role)| Fact {
        name: "asks for",
        value: format!("{email} as {role}"),
        caution: caution(email, role),
    }));
    facts.push(match until {
        Some(day) => Fact {
            name: "until",
            value: format!("the end of {} (UTC)", words::day(*day)),
            caution: is_long(*day, today).then_some("more than a year; `--until` gives it an earlier end"),
        },
        None => Fact { name: "until", value: "for good".to_owned(), caution: Some("`--until` gives it an end") },
    });
    facts.extend([fact("why", reason.clone()), fact("counts until", ends.to_string()), fact("request", id.clone())]);
    facts
}

/// The command that accepts a request. The fingerprint is left to be typed: copied from the file itself it would prove
/// nothing.
#[must_use]
pub fn acceptance(file: &str, account: Option<&AccountName>) -> String {
    let account = account.map_or("ACCOUNT", AccountName::as_str);
    format!("roster request accept {} --account {} --fingerprint '…'", quoted(file), quoted(account))
}

/// Whether access until this day lasts for more than a year from today.
fn is_long(until: Date, today: Date) -> bool {
    today.checked_add(1.year()).is_ok_and(|year| until > year)
}

/// What whoever reviews should look at twice.
fn caution(email: &Email, role: &RoleName) -> Option<&'static str> {
    let is_unusual = !email.as_str().is_ascii() || email.folded().contains("xn--");
    match (Catalogue::Any.is_administrative(role), is_unusual) {
        (true, true) => Some("may do everything and let others in; the address has letters that may look like others"),
        (true, false) => Some("may do everything and let others in"),
        (false, true) => Some("the address has letters that may look like others"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use jiff::civil::date;

    use super::*;
    use crate::request::SigningKey;

    #[test]
    fn whoever_decides_sees_everything_and_what_to_look_at_twice() {
        let (_, key) = SigningKey::generate().expect("a key");
        let person = |email: &str, role: &str| (email.parse().expect("an address"), role.parse().expect("a role"));
        let request = Request {
            id: "0b7c".to_owned(),
            from: "The Agency".to_owned(),
            account: "acme".to_owned(),
            people: vec![
                person("kay@agency.example", "support"),
                person("k\u{430}y@agency.example", "analyst"),
                person("eve@b\u{fc}cher.example", "admin"),
                person("ada@agency.example", "Owner"),
            ],
            until: None,
            reason: "Q4".to_owned(),
            ends: "2026-12-15T00:00:00Z".parse().expect("a moment"),
        };
        let signed = Signed { request, fingerprint: key.fingerprint() };
        let today = date(2026, 12, 1);
        let shown = facts(&signed, today).into_iter().filter(|fact| fact.name != "fingerprint");
        let shown = shown.map(|Fact { name, value, caution }| match caution {
            Some(caution) => format!("{name}: {value} ({caution})\n"),
            None => format!("{name}: {value}\n"),
        });
        assert_snapshot!(shown.collect::<String>(), @"
        from: The Agency
        account: acme
        asks for: kay@agency.example as support
        asks for: kаy@agency.example as analyst (the address has letters that may look like others)
        asks for: eve@bücher.example as admin (may do everything and let others in; the address has letters that may look like others)
        asks for: ada@agency.example as Owner (may do everything and let others in)
        until: for good (`--until` gives it an end)
        why: Q4
        counts until: 2026-12-15T00:00:00Z
        request: 0b7c
        ");
        let until = |day| {
            let request = Request { until: Some(day), ..signed.request.clone() };
            let facts = facts(&Signed { request, ..signed.clone() }, today);
            facts.into_iter().find(|fact| fact.name == "until").and_then(|fact| fact.caution)
        };
        assert_eq!(until(date(2027, 12, 1)), None);
        assert!(until(date(2027, 12, 2)).is_some_and(|caution| caution.starts_with("more than a year")));
        let account = "acme".parse().expect("a name");
        assert_eq!(
            acceptance("a file.json", Some(&account)),
            "roster request accept 'a file.json' --account acme --fingerprint '…'"
        );
        assert!(!acceptance("request.json", None).contains(&key.fingerprint().to_string()));
    }
}
