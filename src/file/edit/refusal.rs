//! Why an edit is not made.

use std::borrow::Cow;
use std::fmt;

/// An edit that is not made, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it and its fields are")]
pub enum Refusal {
    #[error("`{file}` is not one document of YAML with lines that end as usual")]
    NotYaml { file: String },
    #[error("`{file}` has nothing at `{path}`")]
    NothingThere { file: String, path: String },
    #[error("what stands at {spot} refers to something that is written elsewhere")]
    Alias { spot: Spot },
    #[error("what stands at {spot} has an anchor, so that a change of it would change other places too")]
    Shared { spot: Spot },
    #[error("what stands at {spot} is written in a way that no program should change")]
    Unusual { spot: Spot },
    #[error("`{file}` is written in a way that no program should change")]
    Unformattable { file: String },
    #[error("there is no account `{account}` in the roster")]
    NoAccount { account: String, near: Option<String> },
    #[error("there is no team `{team}` in the roster")]
    NoTeam { team: String, near: Option<String> },
    #[error("nobody is called `{name}` in the roster")]
    NoPerson { name: String, near: Option<String> },
    #[error("there is an account `{account}` already, at {spot}")]
    AccountThere { account: String, spot: Spot },
    #[error("there is a person `{name}` already, at {spot}")]
    PersonThere { name: String, spot: Spot },
    #[error("there is a team `{team}` already, at {spot}")]
    TeamThere { team: String, spot: Spot },
    #[error("`{who}` stands in `{account}` already, at {spot}")]
    UserThere { who: String, account: String, spot: Spot },
    #[error("`{who}` is in `{account}` already, by the team `{team}` at {spot}")]
    InByTeam { who: String, account: String, team: String, spot: Spot },
    #[error("`{who}` has no entry in `{account}`")]
    NoUser { who: String, account: String },
    #[error("`{who}` is in the team `{team}` already, at {spot}")]
    MemberThere { who: String, team: String, spot: Spot },
    #[error("`{who}` is not in the team `{team}`")]
    NoMember { who: String, team: String },
    #[error("the team `{team}` has no access to `{account}`")]
    NoGrant { team: String, account: String },
    #[error("`{to}` is somebody already, at {other}{}", besides(who, spot.as_ref()))]
    Somebody { to: String, other: Spot, who: String, spot: Option<Spot> },
    #[error("the roster does not name `{who}`")]
    Nowhere { who: String },
}

/// Where the other of two people stands, behind the place of the first.
fn besides(who: &str, spot: Option<&Spot>) -> String {
    spot.map_or_else(String::new, |spot| format!(", and `{who}` stands at {spot}"))
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file as the user would type it.
    pub file: String,
    /// Counted from one.
    pub line: usize,
}

impl fmt::Display for Spot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line } = self;
        write!(formatter, "{file}:{line}")
    }
}

impl Refusal {
    /// Whether it is about a name that the roster does not have.
    #[must_use]
    pub fn names_nothing(&self) -> bool {
        matches!(self, Self::NoAccount { .. } | Self::NoTeam { .. } | Self::NoPerson { .. } | Self::Nowhere { .. })
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::NoAccount { near: Some(near), .. }
            | Self::NoTeam { near: Some(near), .. }
            | Self::NoPerson { near: Some(near), .. } => format!("did you mean `{near}`?").into(),
            Self::NotYaml { .. } => "`roster validate` shows what is wrong with it".into(),
            Self::Alias { .. } | Self::Shared { .. } => "write it out where it is used, or change it by hand".into(),
            Self::Unusual { .. } => "change it by hand; `roster fmt` writes files in a usual way".into(),
            Self::AccountThere { .. } => "without `--kind`, whoever is missing in it is written into it".into(),
            Self::UserThere { .. } => "`roster user set` changes an entry".into(),
            Self::InByTeam { .. } => {
                "an entry would take the team's place, and its last day would end all access; `roster user add` writes one".into()
            }
            Self::NoUser { .. } => "`roster user add` makes an entry".into(),
            Self::Somebody { .. } => {
                "two people cannot become one; if they are one, take one of the two out first: `roster offboard`".into()
            }
            Self::NoTeam { near: None, .. } => "`roster team add --create` makes a team".into(),
            Self::NoPerson { near: None, .. } => "name an address, or write the person under `people`".into(),
            Self::NoGrant { .. } => "`roster team grant` gives a team access".into(),
            Self::Unformattable { .. } => "leave it as it is, or write it more simply".into(),
            Self::NothingThere { .. }
            | Self::NoAccount { near: None, .. }
            | Self::PersonThere { .. }
            | Self::TeamThere { .. }
            | Self::MemberThere { .. }
            | Self::NoMember { .. }
            | Self::Nowhere { .. } => return None,
        })
    }
}
