//! Why a guard says what it says: one variant, one sentence, one row in `docs/guards.md`.

mod words;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::guard::name::Guard;
use crate::model::account_name::AccountName;
use crate::model::domain::DomainPattern;
use crate::model::email::Email;
use crate::model::live::Doubt;
use crate::model::role::{Catalogue, RoleName};

/// What a guard found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The account listed nobody.
    EmptyAccount,
    /// The file lists nobody.
    EmptyRoster,
    /// Not one login in the account is an address, so nobody there can be recognised.
    LoginsAreNotAddresses {
        /// One of them.
        example: Email,
    },
    /// The account's users hold roles of the other kind of account.
    OtherCatalogue {
        /// What the file takes it for.
        declared: Catalogue,
        /// What it looks like.
        live: Catalogue,
    },
    /// Nobody whom the state remembers is in the account: it remembers another one of the same name.
    AnotherAccount {
        /// How many it remembers.
        remembered: usize,
    },
    /// Nobody in the account holds the Owner's role, or it is not there at all.
    OwnerNotFound {
        /// Who should.
        declared: Email,
    },
    /// Somebody else holds the Owner's role: this may be the wrong account.
    OwnerIsSomebodyElse {
        /// Who should.
        declared: Email,
        /// Who does.
        live: BTreeSet<Email>,
    },
    /// More than one user holds the Owner's role.
    SeveralOwners {
        /// Who does.
        live: BTreeSet<Email>,
    },
    /// An action would take the Owner's access or address away, or make somebody Owner.
    OwnershipWouldChange {
        /// Whose.
        emails: BTreeSet<Email>,
    },
    /// The listing may have missed or doubled somebody.
    NotProvenWhole {
        /// Why.
        doubts: BTreeSet<Doubt>,
    },
    /// The account shows nobody's role, so nobody can tell what a change of role takes away.
    RolesNotShown,
    /// Nobody in any of the accounts has an address that is protected.
    ProtectedNotFound {
        /// Whose.
        emails: BTreeSet<Email>,
    },
    /// Somebody who is protected would lose access.
    ProtectedWouldLose {
        /// Who.
        emails: BTreeSet<Email>,
    },
    /// Whoever the key belongs to would lose access.
    KeyWouldLoseAccess {
        /// Who.
        identity: Email,
    },
    /// More people would lose access than the limit allows.
    TooManyLosses {
        /// How many would.
        losses: usize,
        /// How many users the account has, without those ignored.
        managed: usize,
        /// How many may.
        limit: usize,
    },
    /// More addresses would move, together with the people who would lose access, than the limit allows.
    TooManyMoves {
        /// How many would move.
        moves: usize,
        /// How many people would lose access besides.
        losses: usize,
        /// How many users the account has, without those ignored.
        managed: usize,
        /// How many of both may be.
        limit: usize,
    },
    /// More people would have lost access within 24 hours than the limit allows.
    TooManyLossesInADay {
        /// How many would by this plan.
        losses: usize,
        /// How many did already.
        earlier: usize,
        /// How many may.
        limit: usize,
    },
    /// More people would lose access over all accounts than the limit allows.
    TooManyLossesInAll {
        /// How many would.
        losses: usize,
        /// How many did within 24 hours, in accounts that are not looked at now.
        earlier: usize,
        /// How many users the accounts have together, without those ignored.
        managed: usize,
        /// How many may.
        limit: usize,
    },
    /// Fewer active Owners and Admins than the limit are known to begin with.
    AdminsNotKnown {
        /// How many are known.
        present: usize,
        /// How many must remain.
        minimum: usize,
    },
    /// Fewer active Owners and Admins than the limit would remain.
    TooFewAdmins {
        /// How many would remain.
        remaining: usize,
        /// How many must.
        minimum: usize,
    },
    /// Of several Owners and Admins who would get another address, too few keep theirs.
    AdminsWouldMove {
        /// How many would keep it.
        remaining: usize,
        /// How many must.
        minimum: usize,
    },
    /// More Owners and Admins than the limit would be there.
    TooManyAdmins {
        /// How many would be.
        admins: usize,
        /// How many may be.
        maximum: usize,
    },
    /// Somebody would be let in from a domain that is not allowed.
    DomainNotAllowed {
        /// Who.
        emails: BTreeSet<Email>,
        /// The domains that are.
        allowed: BTreeSet<DomainPattern>,
    },
    /// Somebody from outside the home domains would have a role above the highest for them.
    ExternalRoleTooHigh {
        /// Who.
        emails: BTreeSet<Email>,
        /// The highest for them.
        highest: RoleName,
    },
    /// Somebody from outside the home domains would have access without an end.
    ExternalWithoutEnd {
        /// Who.
        emails: BTreeSet<Email>,
    },
    /// Somebody from outside the home domains would have access for longer than may be.
    ExternalForTooLong {
        /// Who.
        emails: BTreeSet<Email>,
        /// The longest that may be.
        longest: SignedDuration,
    },
    /// Somebody who goes and somebody who comes look like one person with a new address.
    LooksRenamed {
        /// Who goes and who comes.
        pairs: BTreeSet<(Email, Email)>,
    },
    /// Another account of the roster seems to be the same one.
    SameAccount {
        /// What the roster calls it there.
        other: AccountName,
    },
    /// A plan was held, and nobody has looked since.
    EarlierPlanHeld {
        /// Since when.
        since: Timestamp,
    },
    /// Somebody's access was changed again and again.
    KeepsChanging {
        /// Who.
        emails: BTreeSet<Email>,
        /// How often it may be changed in 24 hours.
        limit: usize,
    },
    /// A rule outside the roster denies it.
    DeniedByPolicy {
        /// Which: file and line.
        rule: String,
        /// Why, in its words.
        message: String,
    },
    /// A rule outside the roster has something to say.
    WarnedByPolicy {
        /// Which: file and line.
        rule: String,
        /// What, in its words.
        message: String,
    },
    /// The rules outside the roster could not be asked.
    NotJudged {
        /// Why.
        why: String,
    },
}

/// Whether a person's word for one exact plan sets aside what a guard found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consentable {
    /// The guard takes something for a mistake; a person can know that it is none.
    Possible,
    /// The plan rests on something that nobody can judge from the plan, or a rule of the file forbids it: the account,
    /// the key or the file has to be put right.
    Never,
}

impl Reason {
    /// The guard this comes from.
    #[must_use]
    pub fn guard(&self) -> Guard {
        match self {
            Self::EmptyAccount | Self::EmptyRoster => Guard::Empty,
            Self::LoginsAreNotAddresses { .. } => Guard::Logins,
            Self::OtherCatalogue { .. } => Guard::Catalogue,
            Self::AnotherAccount { .. } => Guard::Remembered,
            Self::OwnerNotFound { .. }
            | Self::OwnerIsSomebodyElse { .. }
            | Self::SeveralOwners { .. }
            | Self::OwnershipWouldChange { .. } => Guard::Owner,
            Self::NotProvenWhole { .. } | Self::RolesNotShown => Guard::CompleteRead,
            Self::ProtectedNotFound { .. } | Self::ProtectedWouldLose { .. } => Guard::Protect,
            Self::KeyWouldLoseAccess { .. } => Guard::Identity,
            Self::TooManyLosses { .. } | Self::TooManyMoves { .. } => Guard::MaxLosses,
            Self::TooManyLossesInADay { .. } => Guard::MaxLossesPerDay,
            Self::TooManyLossesInAll { .. } => Guard::MaxLossesTotal,
            Self::SameAccount { .. } => Guard::Distinct,
            Self::EarlierPlanHeld { .. } => Guard::Quarantine,
            Self::AdminsNotKnown { .. } | Self::TooFewAdmins { .. } | Self::AdminsWouldMove { .. } => Guard::MinAdmins,
            Self::TooManyAdmins { .. } => Guard::MaxAdmins,
            Self::DomainNotAllowed { .. } => Guard::Domains,
            Self::ExternalRoleTooHigh { .. } | Self::ExternalWithoutEnd { .. } | Self::ExternalForTooLong { .. } => {
                Guard::External
            }
            Self::LooksRenamed { .. } => Guard::Lookalike,
            Self::KeepsChanging { .. } => Guard::Flapping,
            Self::DeniedByPolicy { .. } | Self::WarnedByPolicy { .. } | Self::NotJudged { .. } => Guard::Policy,
        }
    }

    /// Whether somebody can consent to a plan in spite of it; `docs/guards.md` says why.
    #[must_use]
    pub fn consent(&self) -> Consentable {
        match self {
            Self::KeyWouldLoseAccess { .. }
            | Self::TooManyLosses { .. }
            | Self::TooManyMoves { .. }
            | Self::AdminsWouldMove { .. }
            | Self::SameAccount { .. }
            | Self::TooManyLossesInADay { .. }
            | Self::TooManyLossesInAll { .. }
            | Self::EarlierPlanHeld { .. }
            | Self::LooksRenamed { .. }
            | Self::KeepsChanging { .. } => Consentable::Possible,
            Self::EmptyAccount
            | Self::EmptyRoster
            | Self::LoginsAreNotAddresses { .. }
            | Self::OtherCatalogue { .. }
            | Self::AnotherAccount { .. }
            | Self::OwnerNotFound { .. }
            | Self::OwnerIsSomebodyElse { .. }
            | Self::SeveralOwners { .. }
            | Self::OwnershipWouldChange { .. }
            | Self::NotProvenWhole { .. }
            | Self::RolesNotShown
            | Self::ProtectedNotFound { .. }
            | Self::ProtectedWouldLose { .. }
            | Self::AdminsNotKnown { .. }
            | Self::TooFewAdmins { .. }
            | Self::TooManyAdmins { .. }
            | Self::DomainNotAllowed { .. }
            | Self::ExternalRoleTooHigh { .. }
            | Self::ExternalWithoutEnd { .. }
            | Self::ExternalForTooLong { .. }
            | Self::DeniedByPolicy { .. }
            | Self::WarnedByPolicy { .. }
            | Self::NotJudged { .. } => Consentable::Never,
        }
    }

    /// The stable name of this reason, for programs and for the reference.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyAccount => "empty-account",
            Self::EmptyRoster => "empty-roster",
            Self::LoginsAreNotAddresses { .. } => "logins-are-not-addresses",
            Self::OtherCatalogue { .. } => "other-catalogue",
            Self::AnotherAccount { .. } => "another-account",
            Self::OwnerNotFound { .. } => "owner-not-found",
            Self::OwnerIsSomebodyElse { .. } => "owner-is-somebody-else",
            Self::SeveralOwners { .. } => "several-owners",
            Self::OwnershipWouldChange { .. } => "ownership-would-change",
            Self::NotProvenWhole { .. } => "not-proven-whole",
            Self::RolesNotShown => "roles-not-shown",
            Self::ProtectedNotFound { .. } => "protected-not-found",
            Self::ProtectedWouldLose { .. } => "protected-would-lose",
            Self::KeyWouldLoseAccess { .. } => "key-would-lose-access",
            Self::TooManyLosses { .. } => "too-many-losses",
            Self::TooManyMoves { .. } => "too-many-moves",
            Self::TooManyLossesInADay { .. } => "too-many-losses-in-a-day",
            Self::TooManyLossesInAll { .. } => "too-many-losses-in-all",
            Self::SameAccount { .. } => "same-account",
            Self::EarlierPlanHeld { .. } => "earlier-plan-held",
            Self::AdminsNotKnown { .. } => "admins-not-known",
            Self::TooFewAdmins { .. } => "too-few-admins",
            Self::AdminsWouldMove { .. } => "admins-would-move",
            Self::TooManyAdmins { .. } => "too-many-admins",
            Self::DomainNotAllowed { .. } => "domain-not-allowed",
            Self::ExternalRoleTooHigh { .. } => "external-role-too-high",
            Self::ExternalWithoutEnd { .. } => "external-without-end",
            Self::ExternalForTooLong { .. } => "external-for-too-long",
            Self::LooksRenamed { .. } => "looks-renamed",
            Self::KeepsChanging { .. } => "keeps-changing",
            Self::DeniedByPolicy { .. } => "denied-by-policy",
            Self::WarnedByPolicy { .. } => "warned-by-policy",
            Self::NotJudged { .. } => "not-judged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = include_str!("../../docs/guards.md");

    /// One of each; the reference must have as many, and its guards all there are.
    fn every_reason() -> Vec<Reason> {
        let email: Email = "ada@acme.example".parse().expect("an address");
        let emails = || BTreeSet::from([email.clone()]);
        let reasons = vec![
            Reason::EmptyAccount,
            Reason::EmptyRoster,
            Reason::LoginsAreNotAddresses { example: email.clone() },
            Reason::OtherCatalogue { declared: Catalogue::Portfolio, live: Catalogue::Account },
            Reason::AnotherAccount { remembered: 2 },
            Reason::OwnerNotFound { declared: email.clone() },
            Reason::OwnerIsSomebodyElse { declared: email.clone(), live: emails() },
            Reason::SeveralOwners { live: emails() },
            Reason::OwnershipWouldChange { emails: emails() },
            Reason::NotProvenWhole { doubts: BTreeSet::from([Doubt::NoTotal]) },
            Reason::RolesNotShown,
            Reason::ProtectedNotFound { emails: emails() },
            Reason::ProtectedWouldLose { emails: emails() },
            Reason::KeyWouldLoseAccess { identity: email.clone() },
            Reason::TooManyLosses { losses: 1, managed: 1, limit: 0 },
            Reason::TooManyMoves { moves: 1, losses: 0, managed: 1, limit: 0 },
            Reason::TooManyLossesInADay { losses: 1, earlier: 1, limit: 0 },
            Reason::TooManyLossesInAll { losses: 1, earlier: 0, managed: 1, limit: 0 },
            Reason::SameAccount { other: "beta".parse().expect("a name") },
            Reason::EarlierPlanHeld { since: Timestamp::UNIX_EPOCH },
            Reason::AdminsNotKnown { present: 0, minimum: 1 },
            Reason::TooFewAdmins { remaining: 0, minimum: 1 },
            Reason::AdminsWouldMove { remaining: 0, minimum: 1 },
            Reason::TooManyAdmins { admins: 2, maximum: 1 },
            Reason::DomainNotAllowed { emails: emails(), allowed: BTreeSet::new() },
            Reason::ExternalRoleTooHigh { emails: emails(), highest: "analyst".parse().expect("a role") },
            Reason::ExternalWithoutEnd { emails: emails() },
            Reason::ExternalForTooLong { emails: emails(), longest: SignedDuration::from_hours(24) },
            Reason::LooksRenamed { pairs: BTreeSet::from([(email.clone(), email.clone())]) },
            Reason::KeepsChanging { emails: emails(), limit: 4 },
            Reason::DeniedByPolicy { rule: "a.rego:3".to_owned(), message: "no".to_owned() },
            Reason::WarnedByPolicy { rule: "a.rego:3".to_owned(), message: "look".to_owned() },
            Reason::NotJudged { why: "it took too long".to_owned() },
        ];
        let codes: BTreeSet<&str> = reasons.iter().map(Reason::code).collect();
        let named = include_str!("reason.rs")
            .lines()
            .filter(|line| line.trim().starts_with("Self::") && line.contains("=> \""));
        assert_eq!((codes.len(), reasons.len()), (named.count(), reasons.len()), "each with a name of its own");
        reasons
    }

    #[test]
    fn every_reason_has_words_a_hint_and_a_row_in_the_reference() {
        for reason in every_reason() {
            let consent = match reason.consent() {
                Consentable::Possible => "possible",
                Consentable::Never => "never",
            };
            let begins = format!("| `{}` | `{}` |", reason.guard(), reason.code());
            let row = REFERENCE.lines().find(|line| line.starts_with(&begins));
            assert!(row.is_some_and(|row| row.ends_with(&format!(" {consent} |"))), "{begins} … {consent} |");
            assert!(!reason.to_string().is_empty() && !reason.hint().is_empty(), "{reason:?}");
        }
    }

    #[test]
    fn the_reference_has_no_row_for_what_is_not_there() {
        let (guards, findings) = REFERENCE.split_once("## Findings").expect("findings");
        let codes: Vec<&str> =
            findings.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').nth(2)).collect();
        let known: Vec<&str> = every_reason().iter().map(Reason::code).collect();
        assert_eq!(codes.iter().filter(|code| !known.contains(code)).collect::<Vec<_>>(), [&""; 0]);
        assert_eq!(codes.len(), known.len());
        let rows: BTreeSet<&str> =
            guards.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        let known: Vec<String> = Guard::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(rows, known.iter().map(String::as_str).collect());
        let of_reasons: BTreeSet<Guard> = every_reason().iter().map(Reason::guard).collect();
        assert_eq!(of_reasons, Guard::ALL.into_iter().collect());
    }

    #[test]
    fn a_sentence_names_a_few_and_counts_the_rest() {
        let emails = (1..=7).map(|number| format!("p{number}@x.example").parse().expect("an address")).collect();
        assert_eq!(
            Reason::OwnershipWouldChange { emails }.to_string(),
            "ownership would change for p1@x.example, p2@x.example, p3@x.example, p4@x.example, p5@x.example and 2 more"
        );
        let longest = SignedDuration::from_hours(36);
        let told = Reason::ExternalForTooLong { emails: BTreeSet::new(), longest }.to_string();
        assert_eq!(told, "from outside, and for longer than 36 hours: ");
    }
}
