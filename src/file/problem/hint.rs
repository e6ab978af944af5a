//! What to do about each kind of problem.

use std::borrow::Cow;

use crate::file::VERSION;
use crate::file::problem::{Encoding, IncludeFault, Kind, SyntaxCause, UrlFault, list};
use crate::model::notification::UnfitUrl;

/// What to do about a key that has been written down.
const WITHDRAW: &str = "if this was a real key, withdraw it: whoever can read the file has it";

impl Kind {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        self.file_hint()
            .or_else(|| self.shape_hint())
            .or_else(|| self.account_hint())
            .or_else(|| self.daemon_hint())
            .or_else(|| self.notification_hint())
            .or_else(|| self.people_hint())
            .or_else(|| self.user_hint())
    }

    fn file_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Missing { .. } => "name a roster file, or a folder of them".into(),
            Self::Unreadable { reason, .. } if reason.starts_with("it is a link") => {
                "put a copy into the folder, or name the file itself on the command line".into()
            }
            Self::Unreadable { .. } => "make it readable for the user this runs as".into(),
            Self::NoRosters { .. } => {
                "name the folder that holds the roster files; folders in it are not searched".into()
            }
            Self::NotAFile { .. } => "copy it to a file first".into(),
            Self::TooLarge { .. } => "put the accounts into several files of one folder".into(),
            Self::NotUtf8 { encoding: Encoding::Utf16, .. } => "it looks like UTF-16: save it as UTF-8".into(),
            Self::NotUtf8 { encoding: Encoding::Unknown, .. } => "save it as UTF-8".into(),
            Self::ProtectsNobody { .. } => "write an address or a pattern a line, or leave the option out".into(),
            Self::NoAccounts { .. } | Self::EmptyFile => {
                "begin with `accounts:`, and an account's name below it".into()
            }
            Self::Syntax { cause: SyntaxCause::Tab, .. } => "indent with spaces: YAML does not allow tabs".into(),
            Self::Syntax { cause: SyntaxCause::UnquotedStar, .. } => {
                "put a text that begins with `*` in quotes, such as `\"*@vendor.example\"`".into()
            }
            Self::Syntax { cause: SyntaxCause::Tag, .. } => "put a text that begins with `!` in quotes".into(),
            Self::SeveralDocuments => "remove the line `---`, or put what follows into a file of its own".into(),
            Self::MergeKey => "write the keys out here; what all accounts share may stand in `defaults`".into(),
            Self::TooComplex => {
                "repeat less with `&` and `*`, nest less, or put accounts into files of their own".into()
            }
            Self::UnsupportedVersion { found } if *found > VERSION => {
                "it was written for a newer roster: use that one to read it".into()
            }
            Self::UnsupportedVersion { .. } => "write `version: 1`, or leave it out".into(),
            Self::Include { fault: IncludeFault::Outside, .. } => {
                "put the file into this folder or one in it; or name a folder of files on the command line".into()
            }
            Self::Include { fault: IncludeFault::Malformed, .. } => {
                "close every `[`; a folder's name holds no `**`".into()
            }
            Self::Include { fault: IncludeFault::Nothing, .. } => {
                "write a file or a pattern of files, such as `accounts/*.yaml`; paths begin at the folder of this file"
                    .into()
            }
            Self::NotTold { .. } => "mend these first; one mistake in what others share makes many".into(),
            Self::GuardsTwice => "keep one: it holds for all accounts".into(),
            Self::DefaultsTwice => "keep one: it holds for all files of the folder".into(),
            _ => return None,
        })
    }

    fn shape_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::UnknownKey { near: Some(near), .. } | Self::HiddenKey { near: Some(near), .. } => {
                format!("did you mean `{near}`?").into()
            }
            Self::UnknownKey { known, .. } => format!("it may have {}", list(known)).into(),
            Self::HiddenKey { known, .. } => format!("it may have {}; {WITHDRAW}", list(known)).into(),
            Self::DuplicateKey { .. } => "keep one of the two".into(),
            Self::NoValue { key } if key == "users" => {
                "list the users; or, if nobody should be in the account, write `users: {}` and `allow_empty: true`"
                    .into()
            }
            Self::NoValue { key } if key.contains('@') => format!("write a role, as in `{key}: analyst`").into(),
            Self::NoValue { .. } => "write a value".into(),
            Self::WrongType { expected, found } if expected == "text" && !found.starts_with("a ") => {
                "put it in quotes if it is meant as text".into()
            }
            Self::UnknownWord { near: Some(near), .. } => format!("did you mean `{near}`?").into(),
            _ => return None,
        })
    }

    fn account_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::AccountName { .. } => {
                "use 1 to 64 lower-case letters, digits, `-` and `_`, a letter or digit first; `title` may be any text".into()
            }
            Self::AccountTwice { .. } => "keep one of the two, with the users of both".into(),
            Self::SameAccount { .. } => "two entries would undo each other's changes: correct one, or join them".into(),
            Self::MissingKey { key: "owner", .. } => "write the address of the account's Owner: `owner: …`".into(),
            Self::MissingKey { key: "provider", .. } => "write `provider: sandbox` to try it out".into(),
            Self::MissingKey { .. } => {
                "list the users; or, if nobody should be in the account, write `users: {}` and `allow_empty: true`".into()
            }
            Self::PruneMissing { .. } => {
                "write `prune: all` to remove them, or `prune: none` to leave them alone; in the account or in `defaults`".into()
            }
            Self::NotADomain { text } if text.contains('@') => "write what stands behind the `@`".into(),
            Self::AdminLimits { .. } => "raise `max_admins` or lower `min_admins`; the Owner counts".into(),
            Self::HomeMissing => "write the domains that are not outside: `home: [acme.example]`".into(),
            Self::NotADuration { .. } => "write days, hours or weeks, such as `7d`, `36h` or `2w`".into(),
            Self::LessThanOne { key: "give_up_after" } => "write 1 or more; the first invitation counts".into(),
            Self::LessThanOne { .. } => "write 1 or more".into(),
            Self::NameTwice { .. } => "keep one of the two".into(),
            Self::PermissionsMissing { .. } => "write `permissions: [content-view]`, with what the role may do".into(),
            Self::StaticRole { .. } => "give the role another name, or remove it: people may have it as it is".into(),
            Self::TitleTwice { .. } => "write another `title`: an account has one role of a name".into(),
            Self::NotAPercentage { .. } => "write a number from 0 to 100".into(),
            Self::Negative { .. } => "write 0 or more".into(),
            Self::NoAdmins => "leave it out: the default is 1".into(),
            Self::NoUsers { .. } => "write `allow_empty: true` if nobody should be in the account".into(),
            Self::ProviderIncomplete { key: "key", .. } => "write where the key is to be had: `key: { env: VARIABLE }`".into(),
            Self::ProviderIncomplete { .. } => "write the SCIM base URL of the account's settings: `url: https://…`".into(),
            Self::ProviderTooShort { kind } => {
                format!("write `provider: {{ kind: {kind}, url: https://…, key: {{ env: VARIABLE }} }}`").into()
            }
            Self::ProviderKindMissing => "write `kind: klaviyo`, `kind: scim` or `kind: sandbox`".into(),
            Self::NeedlessKey { .. } => "remove it".into(),
            Self::Url { fault: UrlFault::Insecure } => "write `https:`; `http:` is for this machine only".into(),
            Self::Url { fault: UrlFault::Credentials } => "write the key's place under `key`".into(),
            Self::Url { fault: UrlFault::Users } => "keep what stands before `/Users`".into(),
            Self::Url { fault: UrlFault::Query } => "keep what stands before `?` and `#`".into(),
            Self::Url { .. } => "write a URL such as `https://scim.example/v2`".into(),
            Self::KeyInFile => {
                format!("put it into an environment variable and write `key: {{ env: VARIABLE }}`; {WITHDRAW}").into()
            }
            Self::KeyForm => "write one of `env`, `file` and `command`".into(),
            Self::VariableName => "write the name of the variable, not the key: letters, digits and `_`".into(),
            Self::NotInDialect { .. } | Self::IncompleteDialect { .. } => {
                "docs/dialects.md shows what a dialect may say, with examples".into()
            }
            Self::ReservedHeader { .. } => "remove it; `auth` says how the key is sent, and `media_type` what is sent".into(),
            Self::SecretHeader { .. } => {
                "say under `key` where the key is to be had, and with `auth: { header: … }` in which header it is sent"
                    .into()
            }
            Self::AmbiguousRole { .. } => "give each role texts of its own".into(),
            Self::VariableLikeKey => {
                format!("write the name of the variable, such as `ACME_SCIM_KEY`; {WITHDRAW}").into()
            }
            _ => return None,
        })
    }

    fn daemon_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::IntervalTooShort => {
                "a change of the roster is seen at once; an interval is for what changes in the account".into()
            }
            Self::ReasonMissing => "write why, for whoever wonders: `suspend: { reason: … }`".into(),
            Self::NotAMoment { .. } => {
                "a moment names its zone, as `Z` or `+01:00`; a day lasts to its end in UTC".into()
            }
            Self::NotAZone { .. } => "write a name of the time zone database, such as `Europe/Paris`".into(),
            Self::NotAWindow { .. } => {
                "days are `mon` to `sun`, hours `HH:MM-HH:MM`; the calendar's days `YYYY-MM-DD..YYYY-MM-DD`".into()
            }
            _ => return None,
        })
    }

    fn notification_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::NotificationsTwice => "keep one: it holds for all accounts".into(),
            Self::TargetName { .. } => {
                "use 1 to 64 lower-case letters, digits, `.`, `-` and `_`, a letter or digit first".into()
            }
            Self::TargetIncomplete { key: "kind", .. } => {
                "write `kind: webhook`, `kind: slack` or `kind: alertmanager`".into()
            }
            Self::TargetIncomplete { .. } => {
                "write `url: https://…`, or where it is to be had: `url: { env: VARIABLE }`".into()
            }
            Self::TargetUrl { fault: UnfitUrl::Insecure } => {
                "write `https:`; `http:` is for this machine, and for an Alertmanager".into()
            }
            Self::TargetUrl { fault: UnfitUrl::Credentials } => "write where a token is to be had under `token`".into(),
            Self::TargetUrl { .. } => "write a URL such as `https://hooks.example/roster`".into(),
            Self::SecretUrl => {
                format!("put it into an environment variable and write `url: {{ env: VARIABLE }}`; {WITHDRAW}").into()
            }
            Self::NoEvents { .. } => "leave `events` out to tell it everything, or remove the target".into(),
            _ => return None,
        })
    }

    fn people_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::ShortName { .. } => {
                "use 1 to 64 lower-case letters, digits, `.`, `-` and `_`, a letter or digit first".into()
            }
            Self::AddressMissing { .. } => "write `email: …`".into(),
            Self::OneAddress { .. } => "keep one of the two, and its short name everywhere".into(),
            Self::UnknownPerson { near: Some(near), .. } | Self::UnknownTeam { near: Some(near), .. } => {
                format!("did you mean `{near}`?").into()
            }
            Self::UnknownPerson { near: None, .. } => {
                "write the whole address, or add the short name under `people`".into()
            }
            Self::UnknownTeam { near: None, .. } => "add it under `teams`, with its members".into(),
            Self::MemberTwice { .. } => "keep one of the two".into(),
            Self::TeamsDisagree { .. } => {
                "give both teams the same role, or list the person under `users`: an entry there wins".into()
            }
            Self::NotADay { .. } => "write year, month and day, such as `2027-01-31`".into(),
            Self::EndsBeforeStart { .. } => "correct one of the two days".into(),
            Self::FormerListed { .. } => {
                "if it is one person, remove the entry of the former address; if not, remove `formerly`".into()
            }
            Self::FormerTwice { .. } => "keep it where it belongs".into(),
            _ => return None,
        })
    }

    fn user_hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::NotAnAddress { text } if !text.contains('@') => {
                "write the whole address, such as `ada@acme.example`".into()
            }
            Self::NotAnAddress { .. } => "write the address alone, such as `ada@acme.example`".into(),
            Self::PersonTwice { .. } => "keep one of the two: an address is the same in upper and lower case".into(),
            Self::RoleMissing { .. } => "write `role: …`".into(),
            Self::EmptyValue { key: "first_name" | "last_name" | "reason" | "title" } => "leave the key out".into(),
            Self::UnknownRole { near: Some(near), .. } => format!("did you mean `{near}`?").into(),
            Self::UnknownRole { known, .. } => {
                format!("it has {}; a custom role is declared under `roles`", list(known)).into()
            }
            Self::OwnerOtherRole { .. } => "write the Owner's role, or leave the Owner out of `users`".into(),
            Self::SecondOwner { .. } => {
                "give another role: only the Owner can hand the account over, in its settings".into()
            }
            Self::OwnerNotSaid { .. } => "write the address under `owner` too".into(),
            Self::IgnoredListed { .. } => "remove the user, or the pattern".into(),
            Self::UnknownLanguage { near: Some(near), .. } => format!("did you mean `{near}`?").into(),
            Self::UnknownLanguage { known, .. } => format!("it knows {}", list(known)).into(),
            Self::ControlCharacter { .. } => "remove it".into(),
            _ => return None,
        })
    }
}
