//! Reads an account. What it holds can ask and nothing else, so planning cannot change anything.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::model::capabilities::Capabilities;
use crate::model::live::Snapshot;
use crate::provider::AccountReader;
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::http::Asking;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::{capabilities, discovery, listing, roles};

/// Reads an account over SCIM.
pub struct ScimReader {
    http: Asking,
    learned: Arc<Learned>,
}

impl ScimReader {
    /// A reader over this connection.
    #[must_use]
    pub fn over(connection: &Connection) -> Self {
        let http = Asking::over(connection, &CancellationToken::new());
        Self { http, learned: Arc::clone(&connection.learned) }
    }

    async fn read(&self) -> Result<Snapshot, ProviderError> {
        let Self { http, learned } = self;
        let (roles, snapshot) = if roles::come_first(learned) {
            let roles = roles::read(http, learned).await?;
            (roles, listing::read(http, learned, &learned.expected().logins).await?)
        } else {
            let (roles, snapshot) =
                tokio::join!(roles::read(http, learned), listing::read(http, learned, &learned.expected().logins));
            // What is wrong with the listing says more.
            let snapshot = snapshot?;
            (roles?, snapshot)
        };
        discovery::places(http, learned, &snapshot).await;
        let snapshot = snapshot.with_notes(learned.notes());
        Ok(match roles {
            Some(roles) => snapshot.with_roles(roles),
            None => snapshot,
        })
    }
}

impl AccountReader for ScimReader {
    fn snapshot(&self) -> BoxFuture<'_, Result<Snapshot, ProviderError>> {
        Box::pin(self.read())
    }

    fn capabilities(&self) -> Capabilities {
        capabilities::of(self.learned.dialect(), self.learned.keeps_deleted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::Dialect;
    use crate::model::dialect::preset::Preset;
    use crate::model::dialect::reading::Discovery;
    use crate::provider::key::Key;
    use crate::provider::scim::ScimSettings;
    use crate::provider::scim::scripted::{KEY, Reply, Server, page, plain, user};
    use crate::provider::traffic::Route;
    use serde_json::json;
    use std::error::Error;
    use std::time::Duration;

    /// Reads from a server that always gives these replies in turn; the outcome, and how many requests it took.
    async fn read(replies: Vec<Reply>) -> (Result<Snapshot, ProviderError>, u64) {
        let server = Server::start(move |_, nth| replies[nth.min(replies.len() - 1)].clone()).await;
        let connection = server.connect(plain());
        let result = ScimReader::over(&connection).snapshot().await;
        assert!(server.seen().iter().all(|seen| seen.line.starts_with("GET /v2/Users?")));
        assert_eq!(server.seen().len() as u64, connection.requests());
        assert!(connection.traffic().routes.keys().all(|route| *route == Route::LISTING));
        (result, connection.requests())
    }

    #[tokio::test]
    async fn what_a_server_shows_on_request_only_is_asked_for_by_name() {
        let server = Server::start(|seen, _| Reply::json(200, &page(&[], seen, 200))).await;
        let ask_for = ["urn:a:2.0:User", "urn:b"].map(|schema| schema.parse().expect("a schema")).to_vec();
        let dialect = Dialect { ask_for, ..plain() };
        ScimReader::over(&server.connect(dialect)).snapshot().await.expect("an empty account");
        assert_eq!(server.lines(), ["GET /v2/Users?count=200&attributes=urn%3Aa%3A2.0%3AUser%2Curn%3Ab"]);
    }

    #[tokio::test]
    async fn a_server_is_asked_about_itself_where_its_listing_leaves_that_open() {
        for (roles, asked) in [(json!([{"value": "analyst"}]), &[][..]), (json!([]), &["/ResourceTypes", "/Schemas"])] {
            let server = Server::start(move |seen, _| {
                let mut user = user(1);
                user["roles"] = roles.clone();
                Reply::json(200, &page(&[user], seen, 200))
            })
            .await;
            ScimReader::over(&server.connect(Dialect::rfc())).snapshot().await.expect("an account");
            let lines = server.lines();
            let mut places: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("GET /v2")).collect();
            places.retain(|place| !place.starts_with("/Users?"));
            places.sort_unstable();
            assert_eq!(places, asked);
        }
    }

    /// What a reading that failed says, without the server's address.
    async fn failure(replies: Vec<Reply>) -> String {
        let (result, requests) = read(replies).await;
        let error = result.expect_err("a failure").to_string();
        let (_, words) = error.split_once("/v2/Users?count=200: ").expect("the request");
        format!("{requests}: {words}")
    }

    fn one_user() -> Reply {
        Reply::json(200, &json!({"totalResults": 1, "Resources": [user(1)]}))
    }

    #[tokio::test]
    async fn each_refusal_is_what_it_is() {
        let html = "<!doctype html>\n<title>Sign in</title>";
        for (reply, words) in [
            (Reply::text(401, ""), "1: the server refuses the key (HTTP 401)"),
            (Reply::json(403, &json!({"detail": "not you"})), "1: the server forbids this (HTTP 403): not you"),
            (Reply::text(404, html), "1: there is no SCIM service here (HTTP 404)"),
            (Reply::json(500, &json!({"detail": "oh\nno"})), "4: the server failed (HTTP 500): oh no"),
            (Reply::text(501, ""), "1: the server failed (HTTP 501)"),
            (Reply::text(503, html), "4: the server failed (HTTP 503)"),
            (Reply::json(400, &json!({"detail": ["bad", "page"]})), "1: the server refused (HTTP 400): bad; page"),
        ] {
            assert_eq!(failure(vec![reply]).await, words);
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_not_scim_is_shown_in_short() {
        let html = "<!doctype html>\n<title>Sign in</title>";
        assert_eq!(
            failure(vec![Reply::text(200, html)]).await,
            "1: the answer is not SCIM: it is HTML: `<!doctype html>\\n<title>Sign in</title>`"
        );
        assert_eq!(failure(vec![Reply::text(200, " ")]).await, "1: the answer is not SCIM: it is empty");
        assert_eq!(
            failure(vec![Reply::text(200, r#"{"totalResults":2,"Resources":[{"id":"#)]).await,
            "1: the answer is not SCIM: EOF while parsing a value at line 1 column 37: \
             `{\"totalResults\":2,\"Resources\":[{\"id\":`"
        );
        let large = format!("[{}", " ".repeat(2 << 20));
        assert_eq!(
            failure(vec![Reply::text(200, &large)]).await,
            "1: the answer cannot be used: it is larger than 1 MiB"
        );
    }

    #[tokio::test]
    async fn what_a_repetition_mends_is_repeated() {
        let throttled = Reply::text(429, "").header("retry-after", "0");
        for broken in [Reply::cut(), one_user().half(), throttled, Reply::text(502, ""), Reply::text(504, "")] {
            let (result, requests) = read(vec![broken.clone(), broken, one_user()]).await;
            assert_eq!((result.map(|snapshot| snapshot.users().len()).ok(), requests), (Some(1), 4));
        }
    }

    #[tokio::test]
    async fn what_it_does_not_mend_ends_in_words() {
        let cut = read(vec![Reply::cut()]).await;
        let error = cut.0.expect_err("a failure");
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        assert!(matches!(error, ProviderError::Unanswered { .. }) && !words.contains("http://"), "{words}");
        assert_eq!(failure(vec![one_user().half()]).await, "4: the answer cannot be used: it broke off after 65 bytes");
        let patient = Reply::text(429, "").header("retry-after", "3600");
        let (result, requests) = read(vec![patient]).await;
        let asked = Some(Duration::from_hours(1));
        assert!(matches!(result, Err(ProviderError::Throttled { retry_after, .. }) if retry_after == asked));
        assert_eq!(requests, 1);
    }

    #[tokio::test]
    async fn the_key_travels_to_its_own_url_only() {
        let elsewhere = Server::start(|seen, _| Reply::json(200, &page(&[user(1)], seen, 10))).await;
        let there = elsewhere.base.join("/stolen?x=1").expect("a URL");
        let words = failure(vec![Reply::text(302, "").header("location", there.as_str())]).await;
        let origin = elsewhere.base.origin().ascii_serialization();
        assert_eq!(
            words,
            format!(
                "1: the server refused (HTTP 302): it redirects to {origin}, and the key is sent to its own URL only"
            )
        );
        assert!(elsewhere.seen().is_empty());
    }

    #[tokio::test]
    async fn a_request_says_who_asks_and_an_error_does_not_repeat_the_key() {
        let server = Server::start(|_, _| Reply::json(400, &json!({"detail": format!("unknown key {KEY}")}))).await;
        let klaviyo = Dialect { discovery: Discovery::Ignored, ..Preset::Klaviyo.dialect() };
        let reader = ScimReader::over(&server.connect(klaviyo));
        let error = reader.snapshot().await.expect_err("refused").to_string();
        assert!(error.ends_with("(HTTP 400): unknown key ***"), "{error}");
        let headers = &server.seen()[0].headers;
        for expected in [
            format!("authorization: klaviyo-api-key {KEY}"),
            format!("user-agent: roster/{}", env!("CARGO_PKG_VERSION")),
            "accept: application/scim+json, application/json".to_owned(),
        ] {
            assert!(headers.lines().any(|line| line == expected), "{headers}");
        }
    }

    #[tokio::test]
    async fn no_spelling_of_the_key_comes_back() {
        let escaped = KEY.replace('-', "\\u002d");
        let login = json!({"totalResults": 1, "Resources": [{"userName": format!("of {KEY}")}]});
        let elsewhere = Reply::text(302, "").header("location", &format!("https://{KEY}.example/"));
        for reply in [
            Reply::text(400, &format!(r#"{{"detail":"{escaped}"}}"#)),
            Reply::text(400, &format!("unknown {}", KEY.to_uppercase())),
            Reply::text(400, &escaped),
            Reply::text(200, &format!(r#"{{"{escaped}""#)),
            Reply::text(200, &format!(r#"{{"quoted":"{{\"{escaped}\"}}"}}"#)),
            Reply::json(200, &login),
            elsewhere,
        ] {
            let words = failure(vec![reply]).await;
            assert!(words.contains("***"), "{words}");
            assert!(!words.contains("key-1") && !words.contains("002d"), "{words}");
        }
    }

    #[tokio::test]
    async fn a_port_where_nobody_listens_is_unreachable() {
        let server = Server::start(|_, _| Reply::cut()).await;
        let connection = server.connect(plain());
        drop(server);
        tokio::task::yield_now().await;
        let error = ScimReader::over(&connection).snapshot().await.expect_err("nobody");
        assert!(matches!(error, ProviderError::Unreachable { .. }), "{error}");
    }

    #[tokio::test]
    async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
        let server = Server::start(|_, _| one_user()).await;
        let mut base = server.base.clone();
        base.set_scheme("https").expect("a scheme");
        let key = Key::new(KEY).expect("a key");
        let mut settings = ScimSettings::new(base, key, plain());
        settings.limits.first_delay = Duration::ZERO;
        let connection = Connection::open(settings).expect("a connection");
        let error = ScimReader::over(&connection).snapshot().await.expect_err("no TLS");
        assert!(matches!(error, ProviderError::Unreachable { .. }), "{error}");
        assert!(server.seen().is_empty());
    }
}
