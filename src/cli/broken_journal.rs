//! A journal that does not verify: nothing is done by what it says.

use crate::model::account_name::AccountName;
use crate::store::verdict::Break;

/// A journal that cannot be believed.
#[derive(Debug, thiserror::Error)]
#[error("the journal of `{account}` is not as it was written, so nothing is taken back by it: {broken}")]
pub(super) struct BrokenJournal {
    /// Whose.
    pub(super) account: AccountName,
    /// What is wrong with it.
    pub(super) broken: Break,
}
