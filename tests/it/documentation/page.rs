//! A page of the documentation as what is to be done, in its order.

use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// A page, and what in it is acted out.
pub(super) struct Page {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
}

/// What a piece of a page has done.
pub(super) struct Block {
    /// Where its content stands in the page, from its first word.
    pub(super) range: Range<usize>,
    /// What stands before each of its lines, as in a list.
    pub(super) indent: String,
    pub(super) does: Step,
}

pub(super) enum Step {
    Write { file: String, text: String },
    Change { file: String, before: String, after: String },
    Run { commands: Vec<Command>, shown: bool },
}

/// A command, and what the page says that it says.
pub(super) struct Command {
    pub(super) line: String,
    pub(super) says: String,
}

impl Command {
    /// How many lines it says.
    pub(super) fn lines(&self) -> usize {
        self.says.lines().count()
    }
}

impl Block {
    pub(super) fn commands(&self) -> usize {
        match &self.does {
            Step::Run { commands, .. } => commands.len(),
            Step::Write { .. } | Step::Change { .. } => 0,
        }
    }
}

/// A block of code that is being read.
struct Fence {
    info: String,
    indent: String,
    range: Option<Range<usize>>,
    content: String,
}

impl Page {
    pub(super) fn read(name: &str, text: String) -> Self {
        let mut blocks = Vec::new();
        let mut open: Option<Fence> = None;
        for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let line = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
                    let indent = " ".repeat(range.start - line);
                    open = Some(Fence { info: info.to_string(), indent, range: None, content: String::new() });
                }
                Event::Text(words) => {
                    if let Some(Fence { range: place, content, .. }) = &mut open {
                        *place = Some(place.as_ref().map_or(range.start, |place| place.start)..range.end);
                        content.push_str(&words);
                    }
                }
                Event::End(_) => {
                    let Some(Fence { info, indent, range: place, content }) = open.take() else { continue };
                    let step = place.zip(step(&info, &content));
                    blocks.extend(step.map(|(range, does)| Block { range, indent, does }));
                }
                Event::Html(html) => {
                    let Some(line) = html.trim_end().strip_prefix("<!-- run ") else { continue };
                    let line = line.strip_suffix(" -->").unwrap_or_else(|| panic!("{name}: a line: {html}"));
                    let commands = vec![Command { line: line.to_owned(), says: String::new() }];
                    let does = Step::Run { commands, shown: false };
                    blocks.push(Block { range: range.end..range.end, indent: String::new(), does });
                }
                _ => {}
            }
        }
        Self { name: name.to_owned(), text, blocks }
    }
}

/// What a block of code has done, by the words behind its fence.
fn step(info: &str, content: &str) -> Option<Step> {
    let mut words = info.split_whitespace();
    let language = words.next()?;
    let words: Vec<&str> = words.collect();
    match (language, words.as_slice()) {
        ("console", []) => Some(Step::Run { commands: commands(content), shown: true }),
        ("console", ["unshown"]) => Some(Step::Run { commands: commands(content), shown: false }),
        ("console", ["not-run"]) | (_, []) => None,
        ("diff", [file]) => {
            let side = |other: char| {
                let lines = content.lines().filter(|line| !line.starts_with(other));
                lines.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
            };
            Some(Step::Change { file: named(file), before: side('+'), after: side('-') })
        }
        (_, [file]) => Some(Step::Write { file: named(file), text: content.to_owned() }),
        _ => panic!("what is a block of `{info}`?"),
    }
}

fn named(word: &str) -> String {
    word.strip_prefix("file=").unwrap_or_else(|| panic!("what is a block with `{word}`?")).to_owned()
}

/// The commands of a console, each with what stands below it.
fn commands(content: &str) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for line in content.split_inclusive('\n') {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(line), _) => commands.push(Command { line: line.trim_end().to_owned(), says: String::new() }),
            (None, Some(Command { line: command, says })) if says.is_empty() && command.ends_with('\\') => {
                command.push('\n');
                command.push_str(line.trim_end());
            }
            (None, Some(Command { says, .. })) => says.push_str(line),
            (None, None) => panic!("a console begins with a command: {content}"),
        }
    }
    commands
}

/// Every page below `docs/`.
pub(super) fn names() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![PathBuf::from("docs")];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if root.join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                names.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names
}
