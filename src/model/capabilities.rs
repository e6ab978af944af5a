//! What a server lets be done to its users, as far as the plan depends on it.

/// What a server can do. The plan asks for nothing that is not among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and they vary independently")]
pub struct Capabilities {
    /// How a user is taken out.
    pub taking_out: TakingOut,
    /// Whether users have roles there. Where they have none, none is given.
    pub roles: bool,
    /// Whether an invited user's role can be changed, or only a new invitation gives another.
    pub role_of_invited: bool,
    /// Whether a user's address can be changed.
    pub addresses: bool,
    /// Whether an invitation can be sent again.
    pub resending: bool,
    /// Whether custom roles can be made, changed and deleted.
    pub custom_roles: bool,
}

/// How a server takes users out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TakingOut {
    /// Users are deleted, and nothing keeps them out while they stay.
    Delete,
    /// Users are deactivated and stay.
    Deactivate,
    /// Users can be deactivated, and deleted then or at once.
    Both,
}

impl Default for Capabilities {
    /// What RFC 7644 lets one expect: users are changed, deactivated and deleted; invitations and roles are beyond it.
    fn default() -> Self {
        Self {
            taking_out: TakingOut::Both,
            roles: true,
            role_of_invited: true,
            addresses: true,
            resending: false,
            custom_roles: false,
        }
    }
}
