//! Every link between pages leads to something, and the book has every page once.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::documentation::page;
use crate::interface::repository;

/// Pages outside `docs/`.
const OUTSIDE: [&str; 5] = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

const SUMMARY: &str = "docs/SUMMARY.md";

/// Where the links of a page lead, and the anchors of its headings.
struct Linked {
    links: Vec<String>,
    anchors: Vec<String>,
}

fn linked(text: &str) -> Linked {
    let (mut links, mut anchors) = (Vec::new(), Vec::new());
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => heading.iter_mut().for_each(|heading| heading.push_str(&words)),
            Event::End(TagEnd::Heading(_)) => anchors.push(anchor(&heading.take().unwrap())),
            _ => {}
        }
    }
    Linked { links, anchors }
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// A path that is written in a page, from the top of the repository.
fn target(page: &str, path: &str) -> PathBuf {
    let mut target = Path::new(page).parent().unwrap().to_owned();
    for component in Path::new(path).components() {
        match component {
            Component::ParentDir => assert!(target.pop(), "{page}: {path} leaves the repository"),
            component => target.push(component),
        }
    }
    target
}

#[test]
fn every_link_leads_to_something() {
    let pages = page::names().into_iter().chain(OUTSIDE.map(str::to_owned));
    let pages: BTreeMap<String, Linked> = pages.map(|page| (page.clone(), linked(&repository(&page)))).collect();
    let mut wrong = Vec::new();
    let mut followed = 0;
    for (page, Linked { links, .. }) in &pages {
        for link in links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            followed += 1;
            let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(path, of)| (path, Some(of)));
            let target = if path.is_empty() { PathBuf::from(page) } else { target(page, path) };
            let there = Path::new(env!("CARGO_MANIFEST_DIR")).join(&target).exists();
            let anchors = pages.get(target.to_str().unwrap()).map(|target| &target.anchors);
            let said = anchor.is_none_or(|anchor| anchors.is_some_and(|anchors| anchors.iter().any(|of| of == anchor)));
            if !there || !said {
                wrong.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(followed >= 150, "only {followed} links were found, so something is not looked at any more");
}

#[test]
fn the_book_has_every_page_once() {
    let mut listed: Vec<String> =
        linked(&repository(SUMMARY)).links.iter().map(|link| format!("docs/{link}")).collect();
    listed.sort();
    let there: Vec<String> = page::names().into_iter().filter(|name| name != SUMMARY).collect();
    assert_eq!(listed, there);
}

#[test]
fn anchors_are_made_as_github_makes_them() {
    assert_eq!(
        linked("## A first file: `roster export`\n\n### `max_losses`\n").anchors,
        ["a-first-file-roster-export", "max_losses"]
    );
}
