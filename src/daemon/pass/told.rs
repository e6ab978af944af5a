//! What the log says of each action. Who it is about is said only where somebody asks for more (`-v`): a log is read by more
//! people than a roster.

use crate::apply::Outcome;
use crate::model::action::Action;
use crate::render::failure::Failure;
use crate::render::redact;

/// Told in the span of the action, which has its kind and its entry in the journal.
pub(super) fn told(action: &Action, outcome: &Outcome) {
    let who = &action.subject;
    match outcome {
        Outcome::Done(effect) => tracing::debug!(%who, ?effect, "the action was carried out"),
        Outcome::Failed(error) => {
            let hint = error.hint().map(String::from);
            // What a server says, and what it was asked, may name somebody.
            let Failure { message, causes, hint } = redact::failure(Failure::of(error, hint));
            let cause = (!causes.is_empty()).then(|| causes.join(": "));
            tracing::warn!(cause, hint, "the action failed: {message}");
            tracing::debug!(%who, "it failed");
        }
        Outcome::NotTried(why) => tracing::debug!(%who, kind = action.change.verb(), %why, "the action was not tried"),
    }
}
