//! What following a journal from its first entry came to.

use std::fmt;

use crate::model::account_name::AccountName;

/// The newest entry of an account's journal. Kept elsewhere, it shows whether the journal up to there is still the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The account.
    pub account: AccountName,
    /// The entry's number, which is also how many there are.
    pub number: i64,
    /// Its digest, which stands for all before it.
    pub digest: String,
}

/// What following one account's journal from its first entry came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The newest entry, as far as the journal could be followed.
    pub head: Head,
    /// What is wrong; `None` where every entry is as it was written.
    pub broken: Option<Break>,
}

/// The first thing that is wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// An entry is not what its digest was made from: it was changed, or the one before it was.
    Changed {
        /// Which.
        number: i64,
    },
    /// Where an entry should be there is another one or none: it was removed, or the order was changed.
    Missing {
        /// Which.
        number: i64,
    },
    /// The newest entries are not there, or there are some that nobody wrote.
    Head {
        /// How many there should be.
        expected: i64,
        /// How many there are.
        found: i64,
    },
    /// The list of open intents is not what the journal says.
    OpenIntents,
    /// The journal is whole in itself and not the one that was kept elsewhere.
    Kept {
        /// The entry that has another digest, or is not there.
        number: i64,
    },
}

impl fmt::Display for Break {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { number } => {
                write!(formatter, "entry {number}, or the one before it, is not what was written")
            }
            Self::Missing { number } => write!(formatter, "entry {number} is missing"),
            Self::Head { expected, found } if found < expected => {
                write!(formatter, "{expected} entries were written, and the last is number {found}")
            }
            Self::Head { expected, found: _ } => {
                write!(formatter, "the newest entry is not the one that was written as number {expected}")
            }
            Self::OpenIntents => write!(formatter, "the list of open intents is not what the entries say"),
            Self::Kept { number } => {
                write!(formatter, "entry {number} is not the one that was kept elsewhere: the journal was written anew")
            }
        }
    }
}
