//! What makes something anew: a user, an invitation, a role.
//!
//! Made twice it is there twice, and somebody gets two invitations. So where a server asks for patience (HTTP 429), which
//! should mean that it did nothing, that is not believed: before such a request is sent again, somebody looks.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::provider::error::ProviderError;
use crate::provider::scim::answer::Answer;
use crate::provider::scim::failure::{Arrival, Failure, Repeat};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::ScimWriter;

impl ScimWriter {
    /// Sends a POST, and again where the server asks for patience and `is_absent` says that nothing came of the one before.
    /// Where it does not say so, that is a request of which nobody knows whether it arrived.
    pub(super) async fn make<Absent, Asked>(
        &self,
        target: Target<'_>,
        body: Option<&Value>,
        is_absent: Absent,
    ) -> Result<Answer, Failure>
    where
        Absent: Fn() -> Asked + Sync,
        Asked: Future<Output = bool> + Send,
    {
        let retries = self.learned.dialect().patience.retries;
        let (mut attempts, is_absent) = (0, &is_absent);
        // The request that may have arrived, as errors show it.
        let unsettled: Mutex<Option<String>> = Mutex::default();
        let unsettled = &unsettled;
        let attempt = || {
            attempts += 1;
            let is_last = attempts > retries;
            async move {
                let before = unsettled.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(request) = before
                    && !is_absent().await
                {
                    return Err(Failure::unusable(ProviderError::Throttled { request, retry_after: None }));
                }
                let failure = match self.changing.post(target, body).await {
                    Ok(answer) => return Ok(answer),
                    Err(failure) => failure,
                };
                if failure.arrival == Arrival::Unknown {
                    let request = failure.error.request().to_owned();
                    *unsettled.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
                }
                let repeat = if failure.asks_for_patience() && !is_last { Repeat::Everything } else { failure.repeat };
                Err(Failure { repeat, ..failure })
            }
        };
        self.changing.patiently(attempt).await
    }
}
