//! Everything that a plan for one account, and the guards over it, are made from.

use jiff::Timestamp;

use crate::model::capabilities::Capabilities;
use crate::model::desired::DesiredAccount;
use crate::model::ledger::Ledger;
use crate::model::live::Snapshot;

/// One account at one moment: what is wanted, what is there, what is remembered, what can be done. The same situation
/// always makes the same plan.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// What the file asks for.
    pub desired: &'a DesiredAccount,
    /// What the account was seen to hold.
    pub live: &'a Snapshot,
    /// What earlier runs left.
    pub ledger: &'a Ledger,
    /// What the server can do.
    pub capabilities: Capabilities,
    /// The moment. Days are days in UTC.
    pub now: Timestamp,
}
