//! Both sides of an account next to each other, in the order of their logins. Both are sorted, so one walk over the two finds
//! everybody, and nobody is looked up.

use std::iter;

use crate::model::desired::access::DesiredUser;
use crate::model::email::Email;
use crate::model::live::LiveUser;
use crate::model::situation::Situation;

/// Somebody of one side or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pair<'a> {
    /// Somebody whom the file lists.
    Listed {
        email: &'a Email,
        wanted: &'a DesiredUser,
        /// The user who has this very login, if anybody has.
        present: Option<&'a LiveUser>,
    },
    /// Somebody whose login the file does not list.
    Stranger(&'a LiveUser),
}

/// Everybody whom the file lists and everybody who is there.
pub(super) fn pairs<'a>(situation: &Situation<'a>) -> impl Iterator<Item = Pair<'a>> + use<'a> {
    let mut listed = situation.desired.users.iter().peekable();
    let mut live = situation.live.users().iter().peekable();
    iter::from_fn(move || {
        let stranger = live.next_if(|(login, _)| listed.peek().is_none_or(|(email, _)| login < email));
        if let Some((_, there)) = stranger {
            return Some(Pair::Stranger(there));
        }
        let (email, wanted) = listed.next()?;
        let present = live.next_if(|(login, _)| *login == email).map(|(_, there)| there);
        Some(Pair::Listed { email, wanted, present })
    })
}
