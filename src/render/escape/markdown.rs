//! Text in Markdown that reads as it was and does nothing: no HTML, no link, nobody and no other issue mentioned.
//!
//! Backslashes and entities do not stop a forge from finding mentions in what was rendered. Code does: so whatever could
//! be more than a word stands as code.

use crate::render::escape;

/// A sentence: what stood between backticks is code, and so is every word that could be more than a word.
#[must_use]
pub fn prose(text: &str) -> String {
    let text = escape::terminal(text);
    let mut shown = String::with_capacity(text.len() + 16);
    for (position, piece) in text.split('`').enumerate() {
        if position % 2 == 1 {
            shown.push_str(&code(piece));
        } else {
            words(piece, &mut shown);
        }
    }
    shown
}

/// A piece of code within a line.
#[must_use]
pub fn code(text: &str) -> String {
    let text = escape::terminal(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let edge = |character: Option<char>| matches!(character, Some('`' | ' '));
    let blank = if edge(text.chars().next()) || edge(text.chars().next_back()) { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// What opens and closes a block of code that holds these lines.
#[must_use]
pub fn fence<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    "`".repeat(lines.into_iter().map(longest_run).max().unwrap_or(0).max(2) + 1)
}

fn words(piece: &str, shown: &mut String) {
    for (position, word) in piece.split(' ').enumerate() {
        if position > 0 {
            shown.push(' ');
        }
        let opened = word.trim_start_matches('(');
        let core = opened.trim_end_matches([',', '.', ';', ':', ')', '?', '!']);
        let (before, after) = (&word[..word.len() - opened.len()], &opened[core.len()..]);
        // A number at the beginning of a line may number a list.
        let counts = shown.is_empty() && !core.is_empty() && core.bytes().all(|byte| byte.is_ascii_digit());
        if is_plain(core) && !counts {
            shown.push_str(word);
        } else {
            shown.extend([before, &code(core), after]);
        }
    }
}

/// Whether a word, without the punctuation around it, means nothing to Markdown or to a forge.
fn is_plain(core: &str) -> bool {
    let letters = |c: char| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '\'' | '-' | '.' | '/' | '"' | '(');
    let lower = core.to_ascii_lowercase();
    let names_a_commit = core.len() >= 7 && core.bytes().all(|byte| byte.is_ascii_hexdigit());
    core.is_empty()
        || (core.starts_with(|c: char| c.is_alphanumeric() || !c.is_ascii())
            && core.chars().all(letters)
            && !names_a_commit
            && !lower.starts_with("www.")
            && !lower.starts_with("gh-"))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_reads_as_it_was() {
        for (text, shown) in [
            ("it has 5 losses among 14 users, the limit is 3", "it has 5 losses among 14 users, the limit is 3"),
            ("an account has no role `analist`", "an account has no role `analist`"),
            ("did you mean `analyst`? (see 7)", "did you mean `analyst`? (see 7)"),
            ("the Owner is founder@acme.example, not me", "the Owner is `founder@acme.example`, not me"),
            ("(see https://x.example/a_b)", "(see `https://x.example/a_b`)"),
            ("it doesn't, Zoë – or does it: no", "it doesn't, Zoë – or does it: no"),
        ] {
            assert_eq!(prose(text), shown);
        }
    }

    #[test]
    fn a_word_is_never_more_than_a_word() {
        for (attack, shown) in [
            ("@everyone", "`@everyone`"),
            ("see #1 and GH-12", "see `#1` and `GH-12`"),
            ("</details>", "`</details>`"),
            ("<!-- x -->", "`<!--` x `-->`"),
            ("[a](javascript:x)", "`[a](javascript:x`)"),
            ("![](http://x.example/p.png)", "`![](http://x.example/p.png`)"),
            ("www.x.example", "`www.x.example`"),
            ("| a | b |", "`|` a `|` b `|`"),
            ("*a* _b_ ~c~ **d**", "`*a*` `_b_` `~c~` `**d**`"),
            ("1. a", "`1`. a"),
            ("- a", "`-` a"),
            ("/close", "`/close`"),
            (":tada: $x$ &amp; \\a", "`:tada`: `$x$` `&amp`; `\\a`"),
            ("bad0c0ffee0", "`bad0c0ffee0`"),
            ("a\n# b", "`a\\u{a}#` b"),
            ("`@a` @b `", "`@a` `@b` "),
            ("``` @a ```", "`  @a  `"),
        ] {
            assert_eq!(prose(attack), shown);
        }
    }

    #[test]
    fn code_ends_where_it_should() {
        assert_eq!(code("ada"), "`ada`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" a"), "`  a `");
        assert_eq!(fence(["+ a", "+ ```` b"]), "`````");
        assert_eq!(fence(["+ a"]), "```");
    }
}
