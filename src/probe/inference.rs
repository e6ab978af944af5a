//! From what was seen to the dialect that follows, each knob with its reason.
//!
//! What nothing was seen of stays as it was. A knob is turned only where the usual way would not work, so that what is
//! printed in the end is short.

mod reading;
mod role;
mod writing;

use std::collections::BTreeMap;

use crate::model::dialect::Dialect;
use crate::probe::Observations;

/// The dialect that follows, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inferred {
    /// The dialect.
    pub dialect: Dialect,
    /// Why it is so, for each knob that something was seen of.
    pub because: BTreeMap<Knob, String>,
    /// What somebody who knows the service has to settle.
    pub open: Vec<String>,
}

/// What of a dialect can be told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knob {
    /// What bodies are said to be.
    MediaType,
    /// Whether the server is asked what it can do.
    Discovery,
    /// How the listing is divided.
    Paging,
    /// What the listing is worth.
    Listing,
    /// Which attribute is the login.
    Login,
    /// How the server is asked for one login.
    LookUp,
    /// What has to be asked for by name.
    AskFor,
    /// How somebody who is invited looks.
    Pending,
    /// Where the dates of a user's life stand.
    Dates,
    /// Where the role stands.
    Role,
    /// Whether roles are resources of their own.
    RoleResources,
    /// Where the language stands.
    Language,
    /// How a user is changed.
    Update,
    /// Whether versions are sent along.
    Versions,
    /// What is not compared after a write.
    NotCompared,
    /// How somebody is taken out.
    TakeOut,
}

impl Knob {
    /// The key in the roster file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::MediaType => "media_type",
            Self::Discovery => "discovery",
            Self::Paging => "paging",
            Self::Listing => "listing",
            Self::Login => "login",
            Self::LookUp => "look_up",
            Self::AskFor => "ask_for",
            Self::Pending => "pending",
            Self::Dates => "dates",
            Self::Role => "role",
            Self::RoleResources => "role_resources",
            Self::Language => "language",
            Self::Update => "update",
            Self::Versions => "versions",
            Self::NotCompared => "not_compared",
            Self::TakeOut => "take_out",
        }
    }
}

/// The dialect that follows from what was seen with the dialect at hand, which brings what cannot be seen: how the key is
/// sent, headers, pace.
#[must_use]
pub fn infer(at_hand: &Dialect, seen: &Observations) -> Inferred {
    let mut inferred = Inferred { dialect: at_hand.clone(), because: BTreeMap::new(), open: Vec::new() };
    for rule in reading::RULES.iter().chain(role::RULES).chain(writing::RULES) {
        rule(seen, &mut inferred);
    }
    inferred
}

/// A step from something seen to a knob.
type Rule = fn(&Observations, &mut Inferred);

impl Inferred {
    fn because(&mut self, knob: Knob, reason: impl Into<String>) -> &mut Dialect {
        self.because.insert(knob, reason.into());
        &mut self.dialect
    }
}

#[cfg(test)]
mod tests;
