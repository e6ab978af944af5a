//! Addresses by which services and departments are written to, and which several people read.

use crate::model::email::Email;

/// What stands before the `@` of such an address: RFC 2142, and what departments call themselves.
const NAMES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "agency",
    "all",
    "billing",
    "careers",
    "contact",
    "crm",
    "dev",
    "developer",
    "developers",
    "digital",
    "email",
    "everyone",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hostmaster",
    "hr",
    "info",
    "it",
    "jobs",
    "legal",
    "login",
    "mail",
    "marketing",
    "media",
    "news",
    "newsletter",
    "no-reply",
    "noreply",
    "office",
    "operations",
    "ops",
    "orders",
    "postmaster",
    "press",
    "root",
    "sales",
    "security",
    "service",
    "shared",
    "shop",
    "social",
    "staff",
    "store",
    "support",
    "sysadmin",
    "team",
    "test",
    "user",
    "users",
    "web",
    "webmaster",
    "welcome",
];

/// Whether an address looks like that of several people. A part after a `+` only sorts mail, and a word beside such a name
/// (`marketing-eu`, `team.design`, `support2`) makes it no person's.
pub(super) fn is_shared(email: &Email) -> bool {
    let Some(_) = email.domain() else { return false };
    let local = email.local_part().split('+').next().unwrap_or_default();
    let whole = local.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_name = |word: &str| NAMES.binary_search(&word).is_ok();
    is_name(whole)
        || local.split(['-', '.', '_']).next().is_some_and(|first| first.len() < local.len() && is_name(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_no_person() {
        let shared = |text: &str| is_shared(&text.parse().expect("an address"));
        for mailbox in [
            "info@acme.example",
            "Marketing-EU@acme.example",
            "team.design@acme.example",
            "support2@acme.example",
            "no-reply@acme.example",
        ] {
            assert!(shared(mailbox), "{mailbox}");
        }
        for person in [
            "ada@acme.example",
            "informa@acme.example",
            "art@acme.example",
            "ada.press@acme.example",
            "hilda@acme.example",
        ] {
            assert!(!shared(person), "{person}");
        }
        assert!(NAMES.is_sorted());
    }
}
