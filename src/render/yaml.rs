//! Values of a roster file as YAML.

use std::fmt;

/// A value of a roster file. Displayed, it is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(u32),
    /// What is written as it is: a number of any size, a truth value.
    Plain(String),
    /// A list.
    List(Vec<Self>),
    /// A mapping, in the order in which it is read best.
    Mapping(Vec<(String, Self)>),
}

/// The longest line that a list or a mapping is written in.
const WIDTH: usize = 100;

impl Value {
    /// The lines that give a key this value, so far from the left; in one line where that is short.
    pub fn under(&self, key: &str, indent: usize, lines: &mut Vec<String>) {
        let (key, blanks) = (scalar(key), " ".repeat(indent));
        let line = format!("{blanks}{key}: {self}");
        match self {
            Self::Mapping(entries) if is_long(&line) => {
                lines.push(format!("{blanks}{key}:"));
                entries.iter().for_each(|(key, value)| value.under(key, indent + 2, lines));
            }
            Self::List(items) if is_long(&line) => {
                lines.push(format!("{blanks}{key}:"));
                lines.extend(items.iter().map(|item| format!("{blanks}  - {item}")));
            }
            _ => lines.push(line),
        }
    }
}

fn is_long(line: &str) -> bool {
    line.chars().count() > WIDTH
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Text(text) => formatter.write_str(&scalar(text)),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Plain(text) => formatter.write_str(text),
            Self::List(items) => write!(formatter, "[{}]", join(items.iter().map(Self::to_string).collect())),
            Self::Mapping(entries) if entries.is_empty() => formatter.write_str("{}"),
            Self::Mapping(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}: {value}", scalar(key)));
                write!(formatter, "{{ {} }}", join(entries.collect()))
            }
        }
    }
}

/// A text as YAML: plain where that can mean nothing else, in quotes otherwise.
#[must_use]
pub fn scalar(text: &str) -> String {
    let stands = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '$' | '@' | '+' | '\'' | ' ');
    let plain = text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(stands)
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_could_mean_something_else_is_quoted() {
        for plain in ["user-name", "ada+news@acme.example", "Campaign Coordinator", "Zoë O'Hara", "李"] {
            assert_eq!(scalar(plain), plain);
        }
        assert_eq!(scalar("no"), "\"no\"");
        assert_eq!(scalar("urn:example:a b"), "\"urn:example:a b\"");
        assert_eq!(scalar("../{id}"), "\"../{id}\"");
        for quoted in ["1e3", " ada", "ada ", "a #b", "a: b", "[a]", "*a", "-", "a, b", "", "a\\b", "\"a\""] {
            let written = scalar(quoted);
            assert!(written.starts_with('"'), "{written}");
            let read: String = serde_saphyr::from_str(&written).expect("YAML");
            assert_eq!(read, quoted);
        }
    }

    #[test]
    fn what_is_long_takes_several_lines() {
        let text = |text: &str| Value::Text(text.to_owned());
        let key = Value::Mapping(vec![("env".to_owned(), text("ACME_KEY"))]);
        let url = text("https://a-name-that-is-rather-long.example/and/a/path/as/well/that/goes/on/and/on/and/on");
        let mut lines = Vec::new();
        key.under("key", 2, &mut lines);
        Value::Mapping(vec![("url".to_owned(), url.clone()), ("key".to_owned(), key)]).under("provider", 0, &mut lines);
        Value::List(vec![url.clone(), url]).under("ignore", 0, &mut lines);
        insta::assert_snapshot!(lines.join("\n"), @r#"
          key: { env: ACME_KEY }
        provider:
          url: "https://a-name-that-is-rather-long.example/and/a/path/as/well/that/goes/on/and/on/and/on"
          key: { env: ACME_KEY }
        ignore:
          - "https://a-name-that-is-rather-long.example/and/a/path/as/well/that/goes/on/and/on/and/on"
          - "https://a-name-that-is-rather-long.example/and/a/path/as/well/that/goes/on/and/on/and/on"
        "#);
    }
}
