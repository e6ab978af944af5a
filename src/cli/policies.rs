//! The policies of a run: files of rules that are named outside of what is reviewed with the roster.

pub(super) mod current;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::guard::Review;
use crate::guard::digest;
use crate::guard::policy::Judge;
use crate::model::account_name::AccountName;
use crate::model::ruling::Ruling;
use crate::model::situation::Situation;
use crate::policy::Policies;
use crate::policy::fault::Fault;
use crate::render::account::{AccountView, State};
use crate::render::json::plan::{Plan, Roster};
use crate::render::json::{Account, Document, Place, Problem, Severity, Totals};

/// How many files of rules there may be.
const MOST: usize = 200;

/// How many folders there may be in each other.
const DEEPEST: usize = 8;

/// A file or a folder of rules. An empty variable is none: whoever set it meant that rules hold.
pub(super) fn path(text: &str) -> std::result::Result<PathBuf, String> {
    let path = (!text.is_empty()).then(|| PathBuf::from(text));
    path.ok_or_else(|| "`ROSTER_POLICY` or `--policy` is empty: name a file or a folder, or leave it out".to_owned())
}

/// Rules that judge each account's plan, as `--format json` writes it.
pub(super) struct Rules {
    policies: Option<Policies>,
    paths: Vec<String>,
    roster: String,
}

/// What stands in files of rules, by their names.
#[derive(Debug, PartialEq, Eq)]
struct Texts(Vec<(String, String)>);

/// Files of rules that cannot be used.
#[derive(Debug)]
pub(super) struct InvalidRules(Vec<Fault>);

impl Rules {
    /// Reads the files, and those in folders that end with `.rego` and are no tests.
    pub(super) fn load(paths: &[PathBuf], roster: &Path) -> Result<std::result::Result<Self, InvalidRules>> {
        Ok(Self::of(&Texts::read(paths)?, paths, roster))
    }

    /// What stands in these files, where any were named.
    fn of(Texts(texts): &Texts, paths: &[PathBuf], roster: &Path) -> std::result::Result<Self, InvalidRules> {
        let read = || Policies::read(texts.iter().map(|(file, text)| (file.as_str(), text.as_str())));
        let policies = (!paths.is_empty()).then(read).transpose().map_err(InvalidRules)?;
        let paths = paths.iter().map(|path| path.display().to_string()).collect();
        Ok(Self { policies, paths, roster: roster.display().to_string() })
    }

    fn input(&self, name: &AccountName, situation: &Situation<'_>, review: &Review) -> Document {
        let state = State::Planned { live: situation.live, review };
        let accounts = vec![Account::of(&AccountView { name, desired: situation.desired, state })];
        let plan = Plan {
            digest: digest::of([(name, Some(review))]).to_string(),
            consentable: review.consentable(),
            roster: Roster { path: self.roster.clone(), digest: String::new() },
            selection: vec![name.to_string()],
            protect_file: None,
            policies: self.paths.clone(),
            takes_back: None,
            created: situation.now,
            expires: None,
            seal: None,
        };
        Document { summary: Some(Totals::of(&accounts)), plan: Some(plan), accounts, ..Document::new("plan") }
    }
}

impl Judge for Rules {
    fn judge(&self, name: &AccountName, situation: &Situation<'_>, review: &Review) -> Result<Vec<Ruling>, String> {
        let Some(policies) = &self.policies else { return Ok(Vec::new()) };
        let input = serde_json::to_string(&self.input(name, situation, review)).map_err(|error| error.to_string())?;
        policies.judge(&input).map_err(|error| error.to_string())
    }
}

impl Texts {
    fn read(paths: &[PathBuf]) -> Result<Self> {
        let mut texts = Vec::new();
        for path in paths {
            for file in files(path).with_context(|| format!("cannot read the policies in `{}`", path.display()))? {
                let text = text(&file).with_context(|| format!("cannot read the policy `{}`", file.display()))?;
                texts.push((file.display().to_string(), text));
            }
        }
        anyhow::ensure!(texts.len() <= MOST, "there may be {MOST} files of policies, and there are {}", texts.len());
        Ok(Self(texts))
    }
}

impl InvalidRules {
    /// Where the first of it is, and what.
    fn first(&self) -> (String, String) {
        let Some(Fault { at, message }) = self.0.first() else { return Default::default() };
        let at = at.as_ref().map(|(file, line, column)| format!("{file}:{line}:{column}"));
        (at.unwrap_or_else(|| "no line of them".to_owned()), message.clone())
    }

    /// What is wrong, as programs get it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let problem = |Fault { at, message }: &Fault| Problem {
            severity: Severity::Error,
            code: "policy-invalid".to_owned(),
            message: message.clone(),
            at: at.clone().map(|(file, line, column)| Place { file, line, column }),
            related: Vec::new(),
            hint: Some("docs/policies.md has examples; `opa check` looks at them, too".to_owned()),
        };
        self.0.iter().map(problem).collect()
    }
}

/// A file, or what is in a folder and the folders in it, by name. Tests of policies stand beside them, and decide nothing; names that
/// begin with a dot are left aside, where Kubernetes keeps earlier versions of the same files.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if path.is_dir() {
        add_folder(path, DEEPEST, &mut files)?;
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    Ok(files)
}

fn add_folder(folder: &Path, deeper: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(io::Error::other(format!("the name of `{}` is no text", path.display())));
        };
        let name = name.to_lowercase();
        if name.starts_with('.') {
            continue;
        } else if path.is_dir() {
            let deeper = deeper
                .checked_sub(1)
                .ok_or_else(|| io::Error::other(format!("`{}` is more than {DEEPEST} folders deep", path.display())))?;
            add_folder(&path, deeper, files)?;
        } else if name.ends_with(".rego") && !name.ends_with("_test.rego") {
            files.push(path);
        }
    }
    Ok(())
}

fn text(file: &Path) -> io::Result<String> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = String::new();
    File::open(file)?.take(2 << 20).read_to_string(&mut text)?;
    Ok(text)
}
