//! Rosters with bytes changed at random, most of which are no rosters any more: whatever stands there, an edit is made as
//! it is meant or refused. `ROSTER_FUZZ=600 cargo test --test it mutated -- --nocapture` goes on for so many seconds.

use std::io::Write;
use std::time::{Duration, Instant};

use roster::file;
use roster::file::edit::Editor;
use roster::file::edit::account::Said;
use roster::file::edit::accounts::NewUser;
use roster::file::edit::person::{Detail, Details, Person};
use roster::file::edit::refusal::Refusal;
use roster::file::format::format;
use roster::file::source::Sources;
use roster::model::person::Profile;

use crate::editing::people::ROSTER;

type Edit<'a> = &'a dyn Fn(&mut Editor) -> Result<(), Refusal>;

/// Pieces of YAML that change what stands around them.
const PIECES: [&str; 32] = [
    "\n", "\r\n", "\r", " ", "  ", "\t", "#", " # c", ":", ": ", "- ", "? ", ",", "{", "}", "[", "]", "'", "\"", "|\n",
    ">-\n", "&a ", "*a", "!t ", "---\n", "...\n", "~", "<<: ", "\u{feff}", "é", "ada", "users:",
];

#[test]
fn mutated_rosters_are_edited_as_meant_or_not_at_all() {
    let seconds = std::env::var("ROSTER_FUZZ").ok().and_then(|seconds| seconds.parse().ok());
    let (end, least) = (Instant::now() + Duration::from_secs(seconds.unwrap_or(0)), 3_000);
    let mut random = fastrand::Rng::with_seed(seconds.map_or(7, |_| fastrand::u64(..)));
    let seed = random.get_seed();
    let (mut texts, mut made) = (0, 0);
    while texts < least || Instant::now() < end {
        let text = mutated(&mut random);
        made += edits(&text, seed);
        texts += 1;
    }
    if seconds.is_some() {
        writeln!(std::io::stderr(), "{texts} texts, {made} edits made, seed {seed}").unwrap();
    }
    assert!(made > texts / 4, "most edits are refused: {made} of {texts} texts");
}

fn mutated(random: &mut fastrand::Rng) -> String {
    let mut text = ROSTER.to_owned();
    for _ in 0..random.usize(1..6) {
        let place = |random: &mut fastrand::Rng| text.floor_char_boundary(random.usize(..=text.len()));
        let (one, other) = (place(random), place(random));
        match random.u8(..4) {
            0 => text.insert_str(one, PIECES[random.usize(..PIECES.len())]),
            1 => text.replace_range(one..text.ceil_char_boundary((one + random.usize(1..8)).min(text.len())), ""),
            2 => {
                let copied = text[one.min(other)..one.max(other)].chars().take(random.usize(1..60)).collect::<String>();
                text.insert_str(other, &copied);
            }
            _ => {
                let end = text.ceil_char_boundary((one + 1).min(text.len()));
                text.replace_range(one..end, PIECES[random.usize(..PIECES.len())]);
            }
        }
    }
    text
}

/// Makes every kind of edit; how many were made.
fn edits(text: &str, seed: u64) -> usize {
    let who = |text: &str| text.parse().unwrap();
    let role = || Details::of_role("support".parse().unwrap());
    let new = || NewUser { who: who("new@x.example"), details: role(), comment: Some("new".to_owned()) };
    let until = || Details { expires: Some("2099-12-31".parse().unwrap()), ..role() };
    let person = || Person {
        name: "new".to_owned(),
        email: "new@x.example".parse().unwrap(),
        profile: Profile::default(),
        language: None,
        formerly: Vec::new(),
    };
    let provider = || vec![("provider".to_owned(), Said::Text("sandbox".to_owned()))];
    let (eu, us) = ("acme-eu".parse().unwrap(), "acme-us".parse().unwrap());
    let edits: [Edit<'_>; 11] = [
        &|editor| editor.add_users(&eu, &[new()]),
        &|editor| editor.add_users(&us, &[new()]),
        &|editor| editor.set_user(&eu, &who("ada"), &until(), &[]),
        &|editor| editor.set_user(&eu, &who("zoe@acme.example"), &until(), &[Detail::Expires]),
        &|editor| editor.remove_user(&us, &who("zoe@acme.example")),
        &|editor| editor.remove_user(&eu, &who("ada")),
        &|editor| editor.add_members("design", &[who("ada")]),
        &|editor| editor.grant(&us, "design", &"support".parse().unwrap()),
        &|editor| editor.move_person(&who("ada"), &"ada@new.example".parse().unwrap()),
        &|editor| editor.add_people(&[person()]),
        &|editor| editor.add_account(0, &"acme-new".parse().unwrap(), &provider(), &[new()]),
    ];
    let valid = |text: &str| file::read(Sources::from_texts([("roster.yaml", text)])).is_ok();
    let mut made = 0;
    for edit in edits {
        let Ok(mut editor) = Editor::open([("roster.yaml", text)]) else { return made };
        if edit(&mut editor).is_ok() {
            made += 1;
            let after = editor.texts().remove(0);
            assert!(Editor::open([("roster.yaml", after.as_str())]).is_ok(), "seed {seed}: {text:?} became {after:?}");
        } else {
            assert_eq!(editor.texts(), [text], "seed {seed}: a refused edit changed something");
        }
    }
    if let Ok(once) = format("roster.yaml", text) {
        assert_eq!(format("roster.yaml", &once).as_deref(), Ok(once.as_str()), "seed {seed}: {text:?}");
        assert_eq!(valid(text), valid(&once), "seed {seed}: {text:?} became {once:?}");
    }
    made
}
