//! A message as people read it in a chat: what Slack's incoming webhooks take, and those of many others.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::model::news::{Matter, Message, Phase, Severity};

/// The most lines that are sent; the rest is counted.
const MOST_LINES: usize = 20;

/// The longest line, in characters.
const LONGEST_LINE: usize = 300;

/// The message, as the body of a request.
pub(super) fn chat(message: &Message, link: Option<&str>) -> Value {
    let Message { account, phase, matter, .. } = message;
    let Matter { keys: _, severity, title: _, lines, hint, command, plan: _ } = matter;
    let sign = match (phase, severity) {
        (Phase::Recovered, _) => ":white_check_mark:",
        (Phase::GoesOn, _) => ":hourglass_flowing_sand:",
        (Phase::Happened | Phase::Began, Severity::Info) => ":memo:",
        (Phase::Happened | Phase::Began, Severity::Warning) => ":warning:",
        (Phase::Happened | Phase::Began, Severity::Critical) => ":rotating_light:",
    };
    let name = account.as_ref().map_or("roster", |account| account.as_str());
    let mut text = vec![format!("{sign} *{}*: {}", escaped(name), escaped(&headline(message)))];
    if *phase != Phase::Recovered {
        text.extend(lines.iter().take(MOST_LINES).map(|line| format!("• {}", escaped(line))));
        let more = lines.len().saturating_sub(MOST_LINES);
        text.extend((more > 0).then(|| format!("• and {more} more")));
        text.extend(hint.as_deref().map(|hint| format!("_{}_", escaped(hint))));
        text.extend(command.as_deref().map(|command| format!("`{}`", escaped(command).replace('`', "'"))));
    }
    text.extend(link.map(|link| format!("<{}|more>", escaped(link).replace('|', "%7C"))));
    json!({ "text": text.join("\n") })
}

fn headline(message: &Message) -> String {
    let Message { at, phase, since, matter, .. } = message;
    let lasted = || format!("{:#}", rounded(at.duration_since(*since)));
    match phase {
        Phase::Began | Phase::Happened => matter.title.clone(),
        Phase::GoesOn => format!("still so after {}: {}", lasted(), matter.title),
        Phase::Recovered => format!("over after {}: {}", lasted(), matter.title),
    }
}

/// To the second, and to the minute where it was longer than one.
fn rounded(time: SignedDuration) -> SignedDuration {
    if time < SignedDuration::from_mins(1) {
        SignedDuration::from_secs(time.as_secs())
    } else {
        SignedDuration::from_mins(time.as_mins())
    }
}

/// What Slack takes for markup, as text; and nobody is mentioned, whom others would by a bare `@channel`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars().take(LONGEST_LINE) {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            control if control.is_control() => escaped.push(' '),
            '@' if !escaped.ends_with(char::is_alphanumeric) => escaped.push_str("@\u{200b}"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::news::Topic;

    fn text(phase: Phase, lines: Vec<String>, link: Option<&str>) -> String {
        let matter = Matter {
            lines,
            hint: Some("check `key`".to_owned()),
            command: Some("roster apply --account acme-eu --approve 7c1f9a0e --reason '…'".to_owned()),
            ..Matter::new("denied", Severity::Critical, "the server refuses the key (HTTP 401)")
        };
        let message = Message {
            at: "2026-11-20T10:30:00Z".parse().expect("a time"),
            account: Some("acme-eu".parse().expect("a name")),
            topic: Topic::AuthFailed,
            phase,
            since: "2026-11-20T06:15:30Z".parse().expect("a time"),
            matter,
        };
        chat(&message, link)["text"].as_str().expect("text").replace('\u{200b}', "|")
    }

    #[test]
    fn a_chat_reads_like_a_sentence_and_mentions_nobody() {
        let lines = ["remove <ada@acme.example>", "<!channel> & @here\nco"].map(str::to_owned).to_vec();
        let many = (1..=22).map(|number| format!("line {number}")).collect();
        let long = text(Phase::Happened, many, None).lines().skip(19).collect::<Vec<_>>().join("\n");
        let all = [
            text(Phase::Began, lines.clone(), Some("https://roster.example/?a=1&b=2")),
            text(Phase::GoesOn, Vec::new(), None),
            text(Phase::Recovered, lines, None),
            long,
        ];
        insta::assert_snapshot!(all.join("\n--\n"), @"
        :rotating_light: *acme-eu*: the server refuses the key (HTTP 401)
        • remove &lt;ada@acme.example&gt;
        • &lt;!channel&gt; &amp; @|here co
        _check `key`_
        `roster apply --account acme-eu --approve 7c1f9a0e --reason '…'`
        <https://roster.example/?a=1&amp;b=2|more>
        --
        :hourglass_flowing_sand: *acme-eu*: still so after 4h 14m: the server refuses the key (HTTP 401)
        _check `key`_
        `roster apply --account acme-eu --approve 7c1f9a0e --reason '…'`
        --
        :white_check_mark: *acme-eu*: over after 4h 14m: the server refuses the key (HTTP 401)
        --
        • line 19
        • line 20
        • and 2 more
        _check `key`_
        `roster apply --account acme-eu --approve 7c1f9a0e --reason '…'`
        ");
    }
}
