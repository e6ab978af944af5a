//! What a server says, made fit to show: short, on one line, without control characters and without the key.

use std::borrow::Cow;

use reqwest::StatusCode;
use serde_json::Value;

use crate::provider::scim::mask::Mask;
use crate::scim::ERROR;

/// How many characters of a server's words are shown.
const LONGEST: usize = 200;

/// How much of a body is looked at to make an excerpt, in bytes.
const LOOKED_AT: usize = 64 * 1024;

/// More than an error that comes with a good status has, in bytes.
const LONGEST_ERROR: usize = 4 * 1024;

/// What an error body says.
pub(super) struct Said {
    /// For people; empty where it says nothing.
    pub(super) detail: String,
    /// Who says it.
    pub(super) voice: Voice,
    /// The status that an error of SCIM says it has.
    pub(super) status: Option<u16>,
    /// What kind of error it says it is, of those that change what it means.
    pub(super) keyword: Option<Keyword>,
}

/// Who said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// The SCIM service, by an error body of RFC 7644 section 3.12.
    Scim,
    /// Anybody, such as a proxy or a web server that does not know the path.
    Anybody,
}

/// What kind of error it says it is (RFC 7644 section 3.12), of those that change what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// What should be unique is there already.
    Uniqueness,
}

impl Said {
    /// Words that are no error of SCIM.
    pub(super) fn by_anybody(detail: String) -> Self {
        Self { detail, voice: Voice::Anybody, status: None, keyword: None }
    }

    /// The status that counts. The body of an error of SCIM says one too, and where the two differ some servers are
    /// right in the body: 200 that is an error, 400 or 500 that is a conflict.
    pub(super) fn truth(&self, status: StatusCode) -> StatusCode {
        let in_body = self.status.and_then(|status| StatusCode::from_u16(status).ok());
        let in_body = in_body.filter(|status| status.is_client_error() || status.is_server_error());
        match (self.voice, status.as_u16()) {
            (Voice::Anybody, _) => status,
            (Voice::Scim, 200..=299 | 400 | 422 | 500) if self.keyword == Some(Keyword::Uniqueness) => {
                StatusCode::CONFLICT
            }
            (Voice::Scim, 200..=299 | 400 | 500) => in_body.unwrap_or(status),
            (Voice::Scim, _) => status,
        }
    }
}

/// The beginning of a body that was not understood, control characters escaped.
pub(super) fn excerpt(body: &[u8], mask: &Mask) -> String {
    let text = mask.hide_cut(&beginning(body));
    shorten(text.trim().chars().flat_map(|c| {
        let escaped: Vec<char> = if is_unsafe(c) { c.escape_default().collect() } else { vec![c] };
        escaped
    }))
}

/// What an error body says (RFC 7644 section 3.12, and the shapes servers use instead); nothing where it is none, as an
/// HTML page or a good answer.
pub(super) fn said(body: &[u8], status: StatusCode, mask: &Mask) -> Said {
    if status.is_success() && !names_an_error(body) {
        return Said::by_anybody(String::new());
    }
    let text = beginning(body);
    match serde_json::from_str::<Value>(&text) {
        Ok(json) if is_error(&json) => Said {
            detail: on_one_line(&words_of(&json), mask),
            voice: Voice::Scim,
            status: status_of(&json["status"]),
            keyword: json["scimType"].as_str().filter(|kind| *kind == "uniqueness").map(|_| Keyword::Uniqueness),
        },
        Ok(json) => Said::by_anybody(on_one_line(&words_of(&json), mask)),
        Err(_) if is_html(text.as_bytes()) => Said::by_anybody(String::new()),
        Err(_) => Said::by_anybody(on_one_line(&mask.hide_cut(&text), mask)),
    }
}

/// Whether a body that comes with a good status begins by saying that it is an error.
fn names_an_error(body: &[u8]) -> bool {
    let start = &body[..body.len().min(LONGEST_ERROR)];
    body.len() <= LONGEST_ERROR
        && start.windows(ERROR.len()).any(|window| window.eq_ignore_ascii_case(ERROR.as_bytes()))
}

/// The status in an error, which some servers write as a number.
fn status_of(status: &Value) -> Option<u16> {
    match status {
        Value::String(text) => text.trim().parse().ok(),
        number => number.as_u64().and_then(|number| u16::try_from(number).ok()),
    }
}

/// Words with text of the server in them: short, on one line, without the key.
pub(super) fn on_one_line(words: &str, mask: &Mask) -> String {
    let safe: String = words.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect();
    let line = safe.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(mask.hide(&line).chars())
}

/// Whether a body looks like a page for a browser.
pub(super) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

fn beginning(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)])
}

/// Whether this is an error of RFC 7644 section 3.12: it says so by its schema, or has both members that every such
/// error has. A JSON body alone may come from anybody.
fn is_error(json: &Value) -> bool {
    let schemas = [&json["schemas"], &json["schema"]];
    let named = schemas.iter().flat_map(|value| value.as_array().map_or(std::slice::from_ref(*value), Vec::as_slice));
    let by_schema = named.filter_map(Value::as_str).any(|schema| schema.eq_ignore_ascii_case(ERROR));
    by_schema || (json.get("status").is_some() && json.get("detail").is_some())
}

fn words_of(json: &Value) -> String {
    let texts = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    };
    let members = ["detail", "message", "error_description", "description", "error"];
    let direct = members.iter().map(|name| texts(&json[*name])).find(|text| !text.is_empty());
    direct.unwrap_or_else(|| {
        let listed = ["Errors", "errors"].iter().filter_map(|name| json[*name].as_array()).flatten();
        listed.map(words_of).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
    })
}

/// Control characters, and those that change the direction or the line of what follows.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn shorten(text: impl Iterator<Item = char>) -> String {
    let mut text = text.peekable();
    let mut short: String = text.by_ref().take(LONGEST).collect();
    if text.peek().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        Mask::of("pk_secret")
    }

    fn detail(body: &str) -> String {
        said(body.as_bytes(), StatusCode::BAD_REQUEST, &mask()).detail
    }

    #[test]
    fn errors_come_in_many_shapes() {
        assert_eq!(detail(r#"{"detail":"no","status":"400"}"#), "no");
        assert_eq!(detail(r#"{"detail":["one","two"],"status":400}"#), "one; two");
        assert_eq!(detail(r#"{"Errors":[{"description":"too far","code":400}]}"#), "too far");
        assert_eq!(detail(r#"{"error":{"odd":1}}"#), "");
        assert_eq!(detail("plain words\n"), "plain words");
        assert_eq!(detail("<html>sorry</html>"), "");
        assert_eq!(detail(""), "");
    }

    #[test]
    fn an_error_of_scim_is_told_from_other_json() {
        let voice = |body: &str| said(body.as_bytes(), StatusCode::NOT_FOUND, &mask()).voice;
        for body in [
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]}"#,
            r#"{"schema":"urn:ietf:params:scim:api:messages:2.0:Error"}"#,
            r#"{"status":404,"detail":""}"#,
        ] {
            assert_eq!(voice(body), Voice::Scim, "{body}");
        }
        for body in [r#"{"message":"no route"}"#, r#"{"status":404,"path":"/x"}"#, "404", "[]", "<html>", ""] {
            assert_eq!(voice(body), Voice::Anybody, "{body}");
        }
    }

    #[test]
    fn an_error_is_what_its_body_says_where_the_status_lies() {
        let truth = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).expect("a status");
            said(body.as_bytes(), status, &mask()).truth(status).as_u16()
        };
        let error = |members: &str| format!(r#"{{"schemas":["{ERROR}"],{members}}}"#);
        assert_eq!(truth(200, &error(r#""status":"404""#)), 404);
        assert_eq!(truth(200, &error(r#""status":409"#)), 409);
        assert_eq!(truth(200, &error(r#""status":"200""#)), 200);
        assert_eq!(truth(200, r#"{"status":"404","detail":"a user whose status is this"}"#), 200);
        assert_eq!(truth(400, &error(r#""scimType":"uniqueness","status":"400""#)), 409);
        assert_eq!(truth(500, &error(r#""status":"409""#)), 409);
        assert_eq!(truth(500, "{}"), 500);
        assert_eq!(truth(401, &error(r#""status":"500""#)), 401);
    }

    #[test]
    fn nothing_a_server_says_breaks_the_line_or_shows_the_key() {
        let body = "{\"detail\":\"bad key pk\\u005fsecret\\u001b[31m\\nand \\u202emore\"}";
        assert_eq!(detail(body), "bad key *** [31m and more");
        assert_eq!(excerpt(b"<p>\x1b pk_secret\n", &mask()), "<p>\\u{1b} ***");
        assert_eq!(excerpt(br#"["pk\u005Fsecret", pk_se"#, &mask()), r#"["***", ***"#);
        assert_eq!(excerpt("é".repeat(300).as_bytes(), &mask()).chars().count(), 201);
    }
}
