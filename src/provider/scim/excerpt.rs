//! What a server says, made fit to show: short, on one line, without control characters and without the key.

use serde_json::Value;

use crate::provider::key::Key;

/// How many characters of a server's words are shown.
const LONGEST: usize = 200;

/// How much of a body is looked at to make an excerpt, in bytes.
const LOOKED_AT: usize = 64 * 1024;

/// The beginning of a body that was not understood, control characters escaped.
pub(super) fn excerpt(body: &[u8], key: &Key) -> String {
    let text = beginning(body, key);
    shorten(text.trim().chars().flat_map(|c| {
        let escaped: Vec<char> = if is_unsafe(c) { c.escape_default().collect() } else { vec![c] };
        escaped
    }))
}

/// What an error body says for people (RFC 7644 section 3.12, and the shapes servers use instead); empty where it says
/// nothing, as an HTML page does.
pub(super) fn detail(body: &[u8], key: &Key) -> String {
    let text = beginning(body, key);
    let words = match serde_json::from_str::<Value>(&text) {
        Ok(json) => said(&json),
        Err(_) if is_html(text.as_bytes()) => String::new(),
        Err(_) => text,
    };
    on_one_line(&words)
}

/// Words with text of the server in them, short, on one line.
pub(super) fn on_one_line(words: &str) -> String {
    let safe: String = words.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect();
    shorten(safe.split_whitespace().collect::<Vec<_>>().join(" ").chars())
}

/// Whether a body looks like a page for a browser.
pub(super) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// Text of the server without the key, should the server repeat it.
fn beginning(body: &[u8], key: &Key) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)]);
    // The key may stand there with its prefix or without.
    let bare = key.expose().rsplit(' ').next().unwrap_or_default();
    if bare.is_empty() { text.into_owned() } else { text.replace(bare, "***") }
}

fn said(json: &Value) -> String {
    let texts = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    };
    let members = ["detail", "message", "error_description", "description", "error"];
    let direct = members.iter().map(|name| texts(&json[*name])).find(|text| !text.is_empty());
    direct.unwrap_or_else(|| {
        let listed = ["Errors", "errors"].iter().filter_map(|name| json[*name].as_array()).flatten();
        listed.map(said).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
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

    fn key() -> Key {
        Key::new("Klaviyo-API-Key pk_secret").expect("a key")
    }

    #[test]
    fn errors_come_in_many_shapes() {
        let of = |body: &str| detail(body.as_bytes(), &key());
        assert_eq!(of(r#"{"detail":"no","status":"400"}"#), "no");
        assert_eq!(of(r#"{"detail":["one","two"],"status":400}"#), "one; two");
        assert_eq!(of(r#"{"Errors":[{"description":"too far","code":400}]}"#), "too far");
        assert_eq!(of(r#"{"error":{"odd":1}}"#), "");
        assert_eq!(of("plain words\n"), "plain words");
        assert_eq!(of("<html>sorry</html>"), "");
        assert_eq!(of(""), "");
    }

    #[test]
    fn nothing_a_server_says_breaks_the_line_or_shows_the_key() {
        let body = "{\"detail\":\"bad key pk_secret\\u001b[31m\\nand \\u202emore\"}";
        assert_eq!(detail(body.as_bytes(), &key()), "bad key *** [31m and more");
        assert_eq!(excerpt(b"<p>\x1b pk_secret\n", &key()), "<p>\\u{1b} ***");
        assert_eq!(excerpt("é".repeat(300).as_bytes(), &key()).chars().count(), 201);
    }
}
