//! What each code of a problem means, with a roster that has it and the same roster mended.
//!
//! The meanings stand in `explanation/meanings.md`, a section for each code. The examples are files, too, in
//! `explanation/bad` and `explanation/good`, so that they can be tried. What is said of a mistake in its place, and what to
//! do about it there, is said by [`Kind`].

use crate::file::problem::{Encoding, IncludeFault, Kind, Problem};
use crate::file::source::Sources;
use crate::file::suggest;
use crate::file::{self, Invalid, Loaded};

const MEANINGS: &str = include_str!("explanation/meanings.md");

/// What a code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// What it means and why it is a mistake, in Markdown.
    pub meaning: &'static str,
    /// Rosters with it and without it; `None` where the mistake is not one of the text.
    pub example: Option<Example>,
}

/// A roster with a mistake, and the same one mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    code: &'static str,
    /// The files with the mistake: their names and texts.
    pub bad: &'static [(&'static str, &'static str)],
    /// The files without it.
    pub good: &'static [(&'static str, &'static str)],
}

/// Codes that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// What they are about.
    pub title: &'static str,
    /// The codes.
    pub explanations: Vec<Explanation>,
}

/// All of them, in chapters.
#[must_use]
pub fn chapters() -> Vec<Chapter> {
    let chapters = MEANINGS.split("\n# ").filter_map(|chapter| chapter.split_once("\n## "));
    chapters
        .map(|(title, sections)| Chapter {
            title: title.trim_start_matches("# ").trim(),
            explanations: sections.split("\n## ").filter_map(explanation).collect(),
        })
        .collect()
}

/// What a code means.
#[must_use]
pub fn of(code: &str) -> Option<Explanation> {
    chapters().into_iter().flat_map(|chapter| chapter.explanations).find(|explanation| explanation.code == code)
}

/// The code that somebody may have meant.
#[must_use]
pub fn nearest(code: &str) -> Option<&'static str> {
    suggest::nearest(code, Kind::codes().iter().copied())
}

fn explanation(section: &'static str) -> Option<Explanation> {
    let (code, meaning) = section.split_once('\n')?;
    let example = EXAMPLES.iter().find(|example| example.code == code).copied();
    Some(Explanation { code, meaning: meaning.trim(), example })
}

impl Explanation {
    /// What is said of the example, or, where there is none, of a mistake of this kind.
    #[must_use]
    pub fn problems(&self) -> (Vec<Problem>, Sources) {
        let Some(example) = self.example else {
            let problems = elsewhere(self.code).map(Problem::without_place);
            return (problems.into_iter().collect(), Sources::default());
        };
        match file::read(Sources::from_texts(example.bad.iter().copied())) {
            Ok(Loaded { warnings, sources, .. }) => (warnings, sources),
            Err(invalid) => {
                let Invalid { problems, sources } = *invalid;
                (problems, sources)
            }
        }
    }
}

/// A mistake that no text has: it is one of the files themselves.
fn elsewhere(code: &str) -> Option<Kind> {
    let path = |path: &str| path.to_owned();
    Some(match code {
        "file-missing" => Kind::Missing { path: path("roster.yaml") },
        "file-unreadable" => Kind::Unreadable { path: path("roster.yaml"), reason: "permission denied".to_owned() },
        "no-rosters" => Kind::NoRosters { path: path("rosters") },
        "not-a-file" => Kind::NotAFile { path: path("/dev/stdin") },
        "file-too-large" => Kind::TooLarge { path: path("roster.yaml"), mebibytes: 64 },
        "not-utf-8" => Kind::NotUtf8 { path: path("roster.yaml"), line: 7, encoding: Encoding::Utf16 },
        "protects-nobody" => Kind::ProtectsNobody { path: path("protected.txt") },
        "not-told" => Kind::NotTold { more: 1_234 },
        "bad-include" => Kind::Include { line: "acounts/*.yaml".to_owned(), fault: IncludeFault::Nothing },
        _ => return None,
    })
}

/// The files of an example: one that is named for the code, or several in a folder of that name.
macro_rules! example {
    ($code:literal) => {
        Example {
            code: $code,
            bad: &[("roster.yaml", include_str!(concat!("explanation/bad/", $code, ".yaml")))],
            good: &[("roster.yaml", include_str!(concat!("explanation/good/", $code, ".yaml")))],
        }
    };
    ($code:literal of $($file:literal),+) => {
        Example {
            code: $code,
            bad: &[$((concat!($file, ".yaml"), include_str!(concat!("explanation/bad/", $code, "/", $file, ".yaml")))),+],
            good: &[$((concat!($file, ".yaml"), include_str!(concat!("explanation/good/", $code, "/", $file, ".yaml")))),+],
        }
    };
}

const EXAMPLES: &[Example] = &[
    example!("account-name"),
    example!("account-twice"),
    example!("address-missing"),
    example!("admin-limits"),
    example!("ambiguous-role"),
    example!("bad-url"),
    example!("control-character"),
    example!("defaults-twice" of "acme", "beta"),
    example!("duplicate-key"),
    example!("empty-file"),
    example!("empty-role"),
    example!("empty-value"),
    example!("ends-before-start"),
    example!("former-listed"),
    example!("former-twice"),
    example!("guards-twice" of "acme", "beta"),
    example!("home-missing"),
    example!("ignored-listed"),
    example!("incomplete-dialect"),
    example!("interval-too-short"),
    example!("key-form"),
    example!("key-in-file"),
    example!("key-not-text"),
    example!("less-than-one"),
    example!("member-twice"),
    example!("merge-key"),
    example!("missing-key"),
    example!("name-twice"),
    example!("needless-key"),
    example!("negative"),
    example!("no-accounts"),
    example!("no-admins"),
    example!("no-events"),
    example!("no-users"),
    example!("no-value"),
    example!("not-a-day"),
    example!("not-a-domain"),
    example!("not-a-duration"),
    example!("not-a-language"),
    example!("not-a-moment"),
    example!("not-a-pattern"),
    example!("not-a-percentage"),
    example!("not-a-window"),
    example!("not-a-zone"),
    example!("not-an-address"),
    example!("not-in-dialect"),
    example!("notifications-twice" of "acme", "beta"),
    example!("one-address"),
    example!("out-of-range"),
    example!("owner-not-said"),
    example!("owner-other-role"),
    example!("permissions-missing"),
    example!("person-twice"),
    example!("provider-incomplete"),
    example!("provider-kind-missing"),
    example!("provider-too-short"),
    example!("prune-missing"),
    example!("reason-missing"),
    example!("reserved-header"),
    example!("role-missing"),
    example!("same-account"),
    example!("second-owner"),
    example!("secret-header"),
    example!("secret-url"),
    example!("several-documents"),
    example!("short-name"),
    example!("static-role"),
    example!("syntax"),
    example!("target-incomplete"),
    example!("target-name"),
    example!("target-url"),
    example!("teams-disagree"),
    example!("title-twice"),
    example!("too-complex"),
    example!("unknown-key"),
    example!("unknown-language"),
    example!("unknown-person"),
    example!("unknown-role"),
    example!("unknown-team"),
    example!("unknown-word"),
    example!("unsupported-version"),
    example!("variable-like-key"),
    example!("variable-name"),
    example!("wrong-type"),
];
