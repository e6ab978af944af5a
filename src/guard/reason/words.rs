//! What a reason says to people, and what they can do about it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use jiff::SignedDuration;

use crate::guard::reason::Reason;
use crate::model::email::Email;
use crate::model::live::Doubt;
use crate::model::role::Catalogue;

/// How many people a sentence names before it counts the rest.
const NAMED: usize = 5;

impl Reason {
    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        let hint = self.hint_on_reading().or_else(|| self.hint_on_limits()).or_else(|| self.hint_on_losses());
        hint.or_else(|| self.hint_on_gains()).or_else(|| self.hint_on_policies()).unwrap_or_default()
    }

    /// About the account and the file as they were read.
    fn hint_on_reading(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::EmptyAccount => {
                "check `url` and `key`; if the account really has no users yet, write `allow_empty: true`".into()
            }
            Self::EmptyRoster => "if everybody is to leave, write `allow_empty: true`".into(),
            Self::LoginsAreNotAddresses { .. } => {
                "the file names people by address: this server's `userName` has to be one".into()
            }
            Self::OtherCatalogue { live, .. } => {
                format!("write `catalogue: {live}`; or check `url` and `key`: this may be another account").into()
            }
            Self::AnotherAccount { .. } => {
                "check `url`, `key` and `--state`: a state keeps one account of a name; if this one was made anew, give it \
                 another name in the roster"
                    .into()
            }
            Self::OwnerNotFound { .. } | Self::OwnerIsSomebodyElse { .. } => {
                "check `url` and `key`: this may be another account; if the Owner has changed, correct `owner`".into()
            }
            Self::SeveralOwners { .. } => "an account has one Owner: clear this up in the account first".into(),
            Self::OwnershipWouldChange { .. } => {
                "ownership is handed over in the account, by the present Owner; then correct `owner`".into()
            }
            Self::NotProvenWhole { doubts }
                if doubts.iter().all(|doubt| matches!(doubt, Doubt::UnreadRoles { .. })) =>
            {
                "`roster probe` shows where this server keeps roles: write it as `role` in the dialect".into()
            }
            Self::NotProvenWhole { .. } => {
                "run the same command again; if it stays, the server's listing cannot be trusted with removals".into()
            }
            Self::RolesNotShown => {
                "check what `key` may see; the server may keep roles where roster does not look".into()
            }
            Self::AdminsNotKnown { .. } => {
                "Admins are known by their role's name: check what `key` may see; if this account calls them otherwise, \
                 write `guards: { min_admins: 0 }` and look after it yourself"
                    .into()
            }
            _ => return None,
        })
    }

    /// About how many lose.
    fn hint_on_limits(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::TooManyLosses { losses, .. } => format!(
                "if this is meant, consent to this plan, or allow it in the file: \
                 `guards: {{ max_losses: {{ at_least: {losses} }} }}`"
            )
            .into(),
            Self::TooManyMoves { moves, losses, .. } => format!(
                "see that each person has the new address; if this is meant, consent to this plan, or allow it in the \
                 file: `guards: {{ max_losses: {{ at_least: {} }} }}`",
                moves + losses
            )
            .into(),
            Self::TooManyLossesInADay { losses, earlier, .. } => format!(
                "if this is meant, consent to this plan, wait a day, or allow it in the file: \
                 `guards: {{ max_losses_per_day: {{ at_least: {} }} }}`",
                losses + earlier
            )
            .into(),
            Self::TooManyLossesInAll { losses, earlier, .. } => format!(
                "if this is meant, consent to this plan, or allow it in the file: \
                 `guards: {{ max_losses_total: {{ at_least: {} }} }}`",
                losses + earlier
            )
            .into(),
            _ => return None,
        })
    }

    fn hint_on_losses(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::ProtectedNotFound { .. } => {
                "check the address for a slip; if they have left, take it out of what protects them".into()
            }
            Self::ProtectedWouldLose { .. } => {
                "put the lines back; or, if it is meant, take the people out of what protects them: `guards: { protect }` \
                 and `--protect-file`"
                    .into()
            }
            Self::KeyWouldLoseAccess { .. } => {
                "give roster a key of somebody who stays, and correct `identity`; or consent to this plan".into()
            }
            Self::SameAccount { .. } => {
                "take one of the two out of the file, or check `url` and `key`; if they really are two, consent to this plan"
                    .into()
            }
            Self::EarlierPlanHeld { .. } => {
                "see that nobody loses access by a mistake; then change the roster, or carry the plan out by `roster apply`"
                    .into()
            }
            Self::TooFewAdmins { minimum, .. } => {
                format!("make somebody an Admin first, and let them sign in: {minimum} must remain").into()
            }
            Self::AdminsWouldMove { .. } => {
                "see that each of them has the new address; then consent to this plan, or move one after the other".into()
            }
            Self::LooksRenamed { .. } => {
                "if it is one person, write `formerly: […]` with the old address at the new one; if not, consent to this \
                 plan"
                    .into()
            }
            Self::KeepsChanging { .. } => {
                "find out who else changes them (another roster, the identity provider, somebody by hand); then wait, or \
                 consent to this plan"
                    .into()
            }
            _ => return None,
        })
    }

    fn hint_on_gains(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::TooManyAdmins { admins, .. } => {
                format!("take the role from somebody else first, or allow it: `guards: {{ max_admins: {admins} }}`")
                    .into()
            }
            Self::DomainNotAllowed { .. } => {
                "check the address for a slip; if it is right, add its domain to `guards: { domains }`".into()
            }
            Self::ExternalRoleTooHigh { highest, .. } => format!("give them `{highest}` or a role below it").into(),
            Self::ExternalWithoutEnd { .. } => "write the last day of their access under `expires`".into(),
            Self::ExternalForTooLong { .. } => "write an earlier day under `expires`".into(),
            _ => return None,
        })
    }

    fn hint_on_policies(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::DeniedByPolicy { rule, .. } => {
                format!("plan something else, or ask whoever keeps the rule at {rule}; nobody can consent to it").into()
            }
            Self::WarnedByPolicy { rule, .. } => format!("the rule is at {rule}").into(),
            Self::NotJudged { .. } => "correct the policy: until it can answer, nothing happens here".into(),
            _ => return None,
        })
    }

    /// About the account and the file as they were read.
    fn words_on_reading(&self) -> Option<String> {
        Some(match self {
            Self::EmptyAccount => "the account lists no users at all".to_owned(),
            Self::EmptyRoster => "the file lists no users for this account".to_owned(),
            Self::LoginsAreNotAddresses { example } => {
                format!("not one login in the account is an e-mail address, as in `{example}`")
            }
            Self::OtherCatalogue { declared, live } => {
                let (live, declared) = (kind(*live), kind(*declared));
                format!("this looks like {live}, not like {declared}: that is whose roles its users hold")
            }
            Self::AnotherAccount { remembered } => {
                format!(
                    "of the {remembered} whom the state remembers by id nobody is in this account: it is another one"
                )
            }
            Self::OwnerNotFound { declared } => {
                format!("the file says the Owner is {declared}, and the account does not show them as such")
            }
            Self::OwnerIsSomebodyElse { declared, live } => {
                format!("the file says the Owner is {declared}, the account says {}", listed(live))
            }
            Self::SeveralOwners { live } => format!("the account shows several Owners: {}", listed(live)),
            Self::OwnershipWouldChange { emails } => format!("ownership would change for {}", listed(emails)),
            Self::NotProvenWhole { doubts } => {
                let doubts: Vec<String> = doubts.iter().map(ToString::to_string).collect();
                format!("the account was not proven whole: {}", doubts.join("; "))
            }
            Self::RolesNotShown => "the account shows no role for anybody".to_owned(),
            Self::AdminsNotKnown { present, minimum } => {
                format!("{present} active Owners and Admins are known, the least is {minimum}")
            }
            _ => return None,
        })
    }

    fn words_on_losses(&self) -> Option<String> {
        Some(match self {
            Self::ProtectedNotFound { emails } => {
                format!("in no account is somebody who is protected: {}", listed(emails))
            }
            Self::ProtectedWouldLose { emails } => format!("whoever is protected loses nothing: {}", listed(emails)),
            Self::KeyWouldLoseAccess { identity } => {
                format!("the key belongs to {identity}, who would lose access, and roster with them")
            }
            Self::TooManyLosses { losses, managed, limit } => {
                format!("{losses} losses among {managed} users, the limit is {limit}")
            }
            Self::TooManyMoves { moves, losses: 0, managed, limit } => {
                format!("{} among {managed} users, the limit is {limit}", addresses(*moves))
            }
            Self::TooManyMoves { moves, losses, managed, limit } => {
                let moves = addresses(*moves);
                format!("{moves} and there are {losses} losses among {managed} users, the limit for both is {limit}")
            }
            Self::TooManyLossesInADay { losses, earlier, limit } => {
                format!("{losses} losses after {earlier} within 24 hours, the limit for a day is {limit}")
            }
            Self::TooManyLossesInAll { losses, earlier: 0, managed, limit } => {
                format!("{losses} losses among {managed} users of all accounts, the limit is {limit}")
            }
            Self::TooManyLossesInAll { losses, earlier, managed, limit } => format!(
                "{losses} losses after {earlier} within 24 hours in other accounts, among {managed} users of all accounts, \
                 the limit is {limit}"
            ),
            Self::SameAccount { other } => {
                format!("`{other}` seems to be the same account: the same people are in both, by the same ids")
            }
            Self::EarlierPlanHeld { since } => {
                format!("a plan was held at {}, and nobody has looked since", since.strftime("%Y-%m-%d %H:%M UTC"))
            }
            Self::TooFewAdmins { remaining, minimum } => {
                format!("{remaining} active Owners and Admins would remain, the least is {minimum}")
            }
            Self::AdminsWouldMove { remaining, minimum } => {
                format!("{remaining} active Owners and Admins would keep their address, the least is {minimum}")
            }
            Self::LooksRenamed { pairs } => {
                let pairs: Vec<String> = pairs.iter().map(|(gone, come)| format!("{gone} and {come}")).collect();
                format!("who goes and who comes may be one person: {}", first(&pairs))
            }
            Self::KeepsChanging { emails, limit } => {
                format!("changed {limit} times or more within 24 hours, and again now: {}", listed(emails))
            }
            _ => return None,
        })
    }

    fn words_on_gains(&self) -> Option<String> {
        Some(match self {
            Self::TooManyAdmins { admins, maximum } => {
                format!("there would be {admins} Owners and Admins, the most is {maximum}")
            }
            Self::DomainNotAllowed { emails, allowed } => {
                let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
                format!("not from an allowed domain ({}): {}", first(&allowed), listed(emails))
            }
            Self::ExternalRoleTooHigh { emails, highest } => {
                format!("from outside, and above `{highest}` or not to be compared with it: {}", listed(emails))
            }
            Self::ExternalWithoutEnd { emails } => format!("from outside, and without an end: {}", listed(emails)),
            Self::ExternalForTooLong { emails, longest } => {
                format!("from outside, and for longer than {}: {}", days(*longest), listed(emails))
            }
            Self::DeniedByPolicy { message, .. } | Self::WarnedByPolicy { message, .. } => message.clone(),
            Self::NotJudged { why } => why.clone(),
            _ => return None,
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words_on_reading().or_else(|| self.words_on_losses()).or_else(|| self.words_on_gains());
        formatter.write_str(&words.unwrap_or_default())
    }
}

fn addresses(moves: usize) -> String {
    if moves == 1 { "1 address moves".to_owned() } else { format!("{moves} addresses move") }
}

fn listed(emails: &BTreeSet<Email>) -> String {
    first(&emails.iter().map(Email::as_str).collect::<Vec<_>>())
}

/// What a catalogue is of, as a sentence has it.
fn kind(catalogue: Catalogue) -> &'static str {
    match catalogue {
        Catalogue::Account => "an account",
        Catalogue::Portfolio => "a portfolio",
        Catalogue::Any => "an account of any kind",
    }
}

/// The first few, and how many more there are.
fn first(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(NAMED);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// A length of time in days, or to the hour where it is no whole number of them.
fn days(length: SignedDuration) -> String {
    match (length.as_hours() / 24, length.as_hours() % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        (_, _) => format!("{} hours", length.as_hours()),
    }
}
