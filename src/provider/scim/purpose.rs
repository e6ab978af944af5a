//! What a request is for.

/// What a request does to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Nothing: it may be sent again whenever no answer came.
    Read,
    /// A change: it is sent again only after the server said that it did nothing.
    Change,
}
