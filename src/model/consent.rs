//! Somebody's word that what the guards hold is meant.

use crate::model::digest::Digest;

/// Consent to one exact plan, for the journal: to what, by whom, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The plan, as it was shown with what was held in it.
    pub digest: Digest,
    /// Who consents.
    pub actor: String,
    /// Why, in their words.
    pub reason: Option<String>,
}
