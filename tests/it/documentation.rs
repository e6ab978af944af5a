//! What the documentation shows is what happens: the files of a page are written, its commands are run in their order in an
//! empty folder, by a shell, against the embedded account service, and what they say is compared with what the page says.
//! `ROSTER_GOLDEN=write cargo test documentation` writes what they say now into the pages.
//!
//! The word behind a fence's language tells what becomes of it:
//!
//! | fence | |
//! | --- | --- |
//! | `yaml file=roster.yaml` | the file is written, whatever its language |
//! | `diff file=roster.yaml` | the file is changed so |
//! | `console` | each line that begins with `$ ` is run; what stands below is what it says, and `# exit code 3` how it ends |
//! | `console unshown` | as above, but the page does not show what it says; it ends with 0 |
//! | `console not-run` | needs what a test has not; that roster takes such arguments is tested elsewhere |
//!
//! What stands in a comment `<!-- run … -->` is run without being shown.

mod alike;
mod links;
mod page;
mod placeholders;
mod shell;

use std::path::Path;

use crate::documentation::alike::Alike;
use crate::documentation::page::{Block, Page, Step};
use crate::documentation::shell::Shell;
use crate::harness::World;
use crate::interface::repository;

/// Pages that are written and compared by tests of their own.
const ELSEWHERE: [&str; 1] = ["docs/guards-in-action.md"];

/// As below, on one day: the days of a page move with today.
fn acted_on_one_day(page: &Page) -> (String, Vec<String>) {
    loop {
        let today = alike::today();
        let acted = acted(page);
        if alike::today() == today {
            return acted;
        }
    }
}

/// Acts a page out and returns what is otherwise than it says; in the page given back, that is put right.
fn acted(page: &Page) -> (String, Vec<String>) {
    let world = World::new();
    let mut shell = Shell::start(&world);
    let mut alike = Alike::new();
    let mut differences = Vec::new();
    let mut written = page.text.clone();
    let mut right = Vec::new();
    for Block { range, indent, does } in &page.blocks {
        match does {
            Step::Write { file, text } => world.write(file, alike.now(text)),
            Step::Change { file, before, after } => {
                let (text, before) = (world.read(file), alike.now(before));
                assert_eq!(text.matches(&before).count(), 1, "{}: in {file}, once:\n{before}", page.name);
                world.write(file, text.replace(&before, &alike.now(after)));
            }
            Step::Run { commands, shown } => {
                let mut block = String::new();
                for command in commands {
                    let said = shell.run(&alike.now(&command.line), command.lines());
                    let expected = if *shown { &command.says } else { "" };
                    let said = if *shown || said.code != 0 { said.told() } else { String::new() };
                    if !alike.is(expected, &said) {
                        differences.push(format!("$ {}\nis documented as\n{expected}\nand says\n{said}", command.line));
                    }
                    block.extend(["$ ", &command.line, "\n", &alike.then(&said)]);
                }
                let block = block.replace('\n', &format!("\n{indent}")).replace(&format!("\n{indent}\n"), "\n\n");
                right.extend(shown.then(|| (range.clone(), block.trim_end_matches(' ').to_owned())));
            }
        }
    }
    // From the end, so that places before stay.
    for (range, block) in right.into_iter().rev() {
        written.replace_range(range, &block);
    }
    (written, differences)
}

/// The pages of the book that have something to run.
fn pages() -> Vec<Page> {
    let pages = page::names().into_iter().filter(|name| !ELSEWHERE.contains(&name.as_str()));
    let pages = pages.map(|name| Page::read(&name, repository(&name)));
    pages.filter(|page| page.blocks.iter().any(|block| matches!(block.does, Step::Run { .. }))).collect()
}

#[test]
fn what_the_documentation_shows_is_what_happens() {
    let pages = pages();
    let commands = pages.iter().flat_map(|page| &page.blocks).map(Block::commands).sum::<usize>();
    assert!(commands >= 60, "only {commands} commands were found, so something is not looked at any more");
    let write = std::env::var("ROSTER_GOLDEN").is_ok_and(|mode| mode == "write");
    let mut wrong = Vec::new();
    for page in &pages {
        let (written, differences) = acted_on_one_day(page);
        if write && written != page.text && !differences.is_empty() {
            std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(&page.name), written).unwrap();
        }
        wrong.extend(differences.into_iter().map(|difference| format!("--- {}\n{difference}", page.name)));
    }
    assert!(wrong.is_empty(), "ROSTER_GOLDEN=write accepts this:\n{}", wrong.join("\n"));
}

/// The test above would notice.
#[test]
fn a_page_that_says_something_else_is_noticed() {
    let page = |says: &str| {
        let text = format!("```yaml file=a.yaml\naccounts: 7\n```\n\n```console\n$ cat a.yaml\n{says}```\n");
        acted(&Page::read("a page", text))
    };
    assert_eq!(page("accounts: 7\n").1, Vec::<String>::new());
    let (written, differences) = page("accounts: 8\n");
    assert_eq!(differences, ["$ cat a.yaml\nis documented as\naccounts: 8\n\nand says\naccounts: 7\n"]);
    assert!(written.contains("$ cat a.yaml\naccounts: 7\n```"), "{written}");
    assert_eq!(page("accounts: 7\n# exit code 1\n").1.len(), 1, "another exit code");
    assert_eq!(page("").1.len(), 1, "nothing said");
}
