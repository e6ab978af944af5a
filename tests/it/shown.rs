//! What every output looks like, file by file in `tests/it/golden`, and that nothing a name holds gets out of its place.
//!
//! `ROSTER_GOLDEN=write cargo test shown` writes the files anew; what changed is then seen in the diff of the commit.

mod actions;
mod cases;
pub(crate) mod hostile;
mod markdown;

use std::path::Path;

use roster::render::form::Form;
use roster::render::json::Document;
use roster::render::markdown::Flavour;
use roster::render::redact;
use roster::render::text::Detail;

/// The forms in which every case is shown, and the ending of their files.
const FORMS: [(&str, Form); 4] = [
    ("txt", Form::Text(Detail::Brief)),
    ("json", Form::Json),
    ("diff", Form::Diff),
    ("md", Form::Markdown(Flavour::Github)),
];

/// What is shown in another form, too.
const OTHERS: [(&str, &str, Form); 6] = [
    ("grants", "plain.md", Form::Markdown(Flavour::Plain)),
    ("held", "gitlab.md", Form::Markdown(Flavour::Gitlab)),
    ("held", "report", Form::GitlabReport),
    ("held", "annotations", Form::Annotations),
    ("unread", "annotations", Form::Annotations),
    ("invalid", "annotations", Form::Annotations),
];

fn shown(document: &Document, form: Form) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    form.write(&mut out, document).unwrap();
    String::from_utf8(out.into_inner()).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

/// Compares with the file, or writes it.
pub(crate) fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    if std::env::var("ROSTER_GOLDEN").is_ok_and(|mode| mode == "write") {
        std::fs::write(path, text).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{name} is not what is shown now (ROSTER_GOLDEN=write accepts it):\n{text}");
}

#[test]
fn every_case_in_every_form() {
    for (case, document) in cases::all() {
        for (ending, form) in FORMS {
            check(&format!("{case}.{ending}"), &shown(&document, form));
        }
        for (_, ending, form) in OTHERS.iter().filter(|(of, _, _)| *of == case) {
            check(&format!("{case}.{ending}"), &shown(&document, *form));
        }
    }
}

#[test]
fn everything_is_listed_on_request() {
    check("long-run.all.txt", &shown(&cases::long_run(), Form::Text(Detail::Full)));
    check("long-run.txt", &shown(&cases::long_run(), Form::Text(Detail::Brief)));
}

#[test]
fn masked() {
    let document = redact::document(cases::every_action());
    for (ending, form) in [("txt", Form::Text(Detail::Full)), ("json", Form::Json), ("diff", Form::Diff)] {
        check(&format!("masked.{ending}"), &shown(&document, form));
    }
}

#[test]
fn problems_for_code_scanning() {
    check("invalid.sarif", &shown(&cases::invalid(), Form::Sarif));
}

/// A document that was kept comes out as it did when it was made.
#[test]
fn what_is_kept_is_shown_as_it_was() {
    for (case, document) in cases::all() {
        let kept =
            Document::read(shown(&document, Form::Json).replace("VERSION", env!("CARGO_PKG_VERSION")).as_bytes());
        assert_eq!(kept.unwrap(), document, "{case}");
    }
}
