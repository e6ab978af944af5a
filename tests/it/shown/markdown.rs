//! Comments are Markdown that a parser understands as it was meant: nothing open, nothing outside, no mention, no link.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use roster::render::form::Form;
use roster::render::json::Document;
use roster::render::markdown::{Flavour, MARKER};

use crate::shown::{cases, check, shown};

/// Panics where Markdown holds anything but headings, paragraphs, lists, code, and the elements that we write.
pub(super) fn is_sound(text: &str) {
    let (mut open, mut code, mut last) = (0, false, String::new());
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => match html.trim() {
                "" | MARKER | "<sub>" | "</sub>" => {}
                "<details>" | "<details open>" => open += 1,
                "</details>" => open -= 1,
                summary => is_summary(summary, text),
            },
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(words) if !code => {
                let bad = words.contains(['@', '#', '<', '|', '$', '~']) || words.contains("://");
                assert!(!bad, "`{words}` stands outside code in:\n{text}");
                last = words.into_string();
            }
            Event::Text(_) | Event::Code(_) | Event::SoftBreak => {}
            Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::List(None) | Tag::Item | Tag::Strong)
            | Event::Start(Tag::HtmlBlock)
            | Event::End(_) => {}
            other => panic!("{other:?} in:\n{text}"),
        }
        assert!(open >= 0, "a fold ends that never began:\n{text}");
    }
    assert_eq!(open, 0, "a fold never ends:\n{text}");
    assert!(text.lines().last().unwrap().contains("roster VERSION"), "{text}");
    assert!(!code && !last.is_empty(), "the last line is code:\n{text}");
}

/// The line of a fold: text, and foreign text as code.
fn is_summary(line: &str, text: &str) {
    let inside = line.strip_prefix("<summary>").and_then(|rest| rest.strip_suffix("</summary>"));
    let Some(inside) = inside else { panic!("`{line}` is no element of ours in:\n{text}") };
    for (place, piece) in inside.split("<code>").enumerate() {
        let (code, plain) = if place == 0 { ("", piece) } else { piece.split_once("</code>").unwrap() };
        assert!(!code.contains(['<', '>']), "{line}");
        assert!(!plain.contains(['<', '>', '@', '#', '&']), "{line}");
    }
}

fn comment(document: &Document, flavour: Flavour) -> String {
    shown(document, Form::Markdown(flavour))
}

#[test]
fn every_case_is_sound() {
    for (_, document) in cases::all() {
        for flavour in [Flavour::Plain, Flavour::Github, Flavour::Gitlab] {
            is_sound(&comment(&document, flavour));
        }
    }
}

/// GitHub takes 65,536 characters.
#[test]
fn two_thousand_changes_fit_into_a_comment_and_no_loss_is_cut() {
    let document = cases::two_thousand();
    let text = comment(&document, Flavour::Github);
    is_sound(&text);
    assert!((55_000..=60_000).contains(&text.len()), "{}", text.len());
    assert_eq!(text.matches("\n- remove").count(), 400);
    assert!(text.contains("cannot be approved from here"));
    let lines: Vec<&str> = text.lines().collect();
    let (head, tail) = (&lines[..16], &lines[lines.len() - 14..]);
    check("two-thousand.excerpt.md", &format!("{}\n[…]\n{}\n", head.join("\n"), tail.join("\n")));

    let whole = comment(&document, Flavour::Gitlab);
    is_sound(&whole);
    assert_eq!(whole.matches("\n+ invite").count(), 1600);
    assert!(!whole.contains("cannot be approved from here"));
}

/// Where the losses alone are too many, as many as fit are shown, and how many are missing.
#[test]
fn more_losses_than_fit_are_counted() {
    let mut document = cases::two_thousand();
    document.accounts.iter_mut().flat_map(|account| &mut account.actions).for_each(|action| action.loss = true);
    let text = comment(&document, Flavour::Github);
    is_sound(&text);
    assert!(text.len() <= 60_000, "{}", text.len());
    let told = text.lines().find(|line| line.starts_with("# … and ")).unwrap();
    let missing: usize = told.split(' ').nth(3).unwrap().replace(',', "").parse().unwrap();
    assert_eq!(text.matches("department.acme.example").count() + missing, 2000, "{told}");
    assert!(text.contains("cannot be approved from here"));
}
