//! How roster goes about letting people in and taking them out.

use jiff::SignedDuration;

/// How long an invitation is waited for, and how often it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitations {
    /// The age from which on an invitation is sent again; `None` where only one that has ended is.
    pub resend_after: Option<SignedDuration>,
    /// How many invitations one person gets, the first included.
    pub give_up_after: u32,
}

/// How users are taken out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removal {
    /// How long a user stays deactivated before being removed; `None` where users are removed at once.
    pub grace: Option<SignedDuration>,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { resend_after: None, give_up_after: 3 }
    }
}
