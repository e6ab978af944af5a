//! A page of a listing, as benchmarks decode it.

use crate::workload::{login, role};

/// A page of a listing as SCIM servers send it (RFC 7644 section 3.4.2).
#[must_use]
pub(crate) fn page(users: usize) -> String {
    let resources: Vec<String> = (0..users)
        .map(|nth| {
            format!(
                r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"{nth:08x}-4000-8000-000000000000",
"userName":"{}","name":{{"givenName":"Ada","familyName":"Lovelace","formatted":"Ada Lovelace"}},"active":true,
"emails":[{{"value":"{}","type":"work","primary":true}}],"roles":[{{"value":"{}","primary":true}}],
"preferredLanguage":"en-US","meta":{{"resourceType":"User","created":"2026-01-02T03:04:05Z","version":"W/\"1\""}}}}"#,
                login(nth),
                login(nth),
                role(nth)
            )
        })
        .collect();
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{users},"startIndex":1,
"itemsPerPage":{users},"Resources":[{}]}}"#,
        resources.join(",")
    )
}
