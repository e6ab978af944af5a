//! Every form of a review, file by file in `tests/it/golden`, and that nothing a name holds gets out of its place.
//!
//! `ROSTER_GOLDEN=write cargo test reviewing` writes the files anew; what changed is then seen in the diff of the commit.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use roster::render::json::review::Review;
use roster::render::redact;
use roster::render::review::Form;
use roster::render::text::Detail;

use super::scene::Scene;
use crate::interface::repository;
use crate::shown::check;
use crate::shown::hostile::name;

/// Style, script and policy are looked at elsewhere: what a page says is what may not change unseen.
fn without_looks(page: &str) -> String {
    let cut = |page: &str, from: &str, to: &str| {
        let (before, rest) = page.split_once(from).unwrap();
        let (_, after) = rest.split_once(to).unwrap();
        format!("{before}{from}…{to}{after}")
    };
    cut(&cut(&cut(page, "<style>", "</style>"), "<script>", "</script>"), "Security-Policy\" content=\"", "\">")
}

/// Panics where Markdown holds anything but what a review writes, and tells how many rows its tables have.
fn rows(text: &str) -> usize {
    let mut rows = 0;
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::TableRow) => rows += 1,
            Event::Start(
                Tag::CodeBlock(_)
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::BlockQuote(_)
                | Tag::FootnoteDefinition(_),
            ) => {
                panic!("{event:?} in:\n{text}")
            }
            Event::Html(html) | Event::InlineHtml(html) => assert_eq!(html.trim(), "<br>", "{text}"),
            Event::Text(words) => {
                let bad = words.contains(['@', '#', '<', '$', '~']) || words.contains("://");
                assert!(!bad, "`{words}` stands outside code in:\n{text}");
            }
            _ => {}
        }
    }
    rows
}

pub(super) fn written(review: &Review, form: Form) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    form.write(&mut out, review).unwrap();
    String::from_utf8(out.into_inner()).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

fn small() -> Scene {
    Scene::new(
        "people:\n  kay: { email: kay@agency.example, formerly: [kay@old.example] }\naccounts:\n  acme-eu:\n    title: Acme Europe\n    guards: { external: { home: [acme.example], must_expire: true } }\n    users: { ada@acme.example: admin, kay: support, bob@acme.example: { role: support, expires: 2026-11-01, reason: \"=cmd|calc\" } }\n  acme-uk:\n    users: { ada@acme.example: admin }\n",
        &[(
            "acme-eu",
            "owner@acme.example owner\nada@acme.example admin login=2026-01-01 Ada Lovelace\nkay@old.example support Kay McNulty\nbob@acme.example support\n+eve@evil.example analyst login=never added=2026-11-30\nsupport@acme.example support invited invited=2026-10-01",
        )],
    )
}

#[test]
fn every_form() {
    let review = small().document();
    for (ending, form) in [
        ("txt", Form::Text(Detail::Brief)),
        ("all.txt", Form::Text(Detail::Full)),
        ("csv", Form::Csv),
        ("json", Form::Json),
        ("md", Form::Markdown),
        ("html", Form::Html),
    ] {
        let text = written(&review, form);
        check(&format!("review.{ending}"), &if form == Form::Html { without_looks(&text) } else { text });
    }
    check("review.masked.txt", &written(&redact::review::review(review), Form::Text(Detail::Full)));
}

#[test]
fn nobody_is_named_in_a_masked_review() {
    let masked = redact::review::review(small().document());
    for form in [Form::Text(Detail::Full), Form::Csv, Form::Json, Form::Markdown, Form::Html] {
        let text = written(&masked, form).to_lowercase();
        for name in ["ada", "kay", "bob", "eve", "lovelace", "mcnulty"] {
            assert!(!text.contains(&format!("{name}@")) && !text.contains(&format!(" {name} ")), "{name} in {text}");
        }
    }
}

#[test]
fn programs_get_what_the_schema_says() {
    let schema = serde_json::from_str(&repository("schema/review.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let review = serde_json::to_value(small().document()).unwrap();
    assert_eq!(validator.iter_errors(&review).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
}

/// A review with foreign text wherever foreign text can stand.
fn hostile() -> impl Strategy<Value = Review> {
    prop::collection::vec(name(), 12).prop_map(|names| {
        let mut review = small().document();
        let mut all = names.into_iter().cycle();
        let mut next = || all.next().unwrap();
        for person in &mut review.people {
            (person.email, person.name) = (next(), Some(next()));
            for access in &mut person.access {
                (access.roles, access.reason, access.team) = (vec![next()], Some(next()), Some(next()));
            }
        }
        for finding in &mut review.findings {
            (finding.email, finding.message) = (finding.email.as_ref().map(|_| next()), next());
        }
        for account in &mut review.accounts {
            account.title = Some(next());
            account.error.iter_mut().for_each(|failure| failure.message = next());
        }
        review
    })
}

/// Whether a program for tables takes this for a formula.
fn begins_formula(cell: &str) -> bool {
    let first = cell.trim_start_matches([' ', '"']).chars().next();
    first.is_some_and(|c| "=+-@＝＋－＠\t\r\n".contains(c))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_name_holds_it_stays_a_name(review in hostile()) {
        let text = written(&review, Form::Text(Detail::Full));
        let is_active = text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}'));
        prop_assert!(!is_active, "{}", text);
        let table = written(&review, Form::Csv);
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            prop_assert_eq!(record.len(), 19);
            prop_assert!(record.iter().all(|field| !field.split(';').any(begins_formula)), "{:?}", record);
        }
        let page = written(&review, Form::Html);
        for once in ["<script>", "<style>", "</html>", "<title>"] {
            prop_assert_eq!(page.matches(once).count(), 1, "{}", once);
        }
        prop_assert!(!page.contains("<img"));
        let expected = review.accounts.len() + review.findings.len() + review.people.len();
        prop_assert_eq!(rows(&written(&review, Form::Markdown)), expected);
    }
}
