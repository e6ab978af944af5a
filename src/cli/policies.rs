//! The policies of a run: files of rules that are named outside of what is reviewed with the roster.

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

/// Rules that judge each account's plan, as `--format json` writes it.
pub(super) struct Rules {
    policies: Option<Policies>,
    paths: Vec<String>,
    roster: String,
}

/// Files of rules that cannot be used.
#[derive(Debug)]
pub(super) struct InvalidRules(Vec<Fault>);

impl Rules {
    /// Reads the files, and those in folders that end with `.rego` and are no tests.
    pub(super) fn load(paths: &[PathBuf], roster: &Path) -> Result<std::result::Result<Self, InvalidRules>> {
        let shown = paths.iter().map(|path| path.display().to_string()).collect();
        let roster = roster.display().to_string();
        if paths.is_empty() {
            return Ok(Ok(Self { policies: None, paths: shown, roster }));
        }
        let mut texts = Vec::new();
        for path in paths {
            for file in files(path).with_context(|| format!("cannot read the policies in `{}`", path.display()))? {
                let text = text(&file).with_context(|| format!("cannot read the policy `{}`", file.display()))?;
                texts.push((file.display().to_string(), text));
            }
        }
        anyhow::ensure!(texts.len() <= MOST, "there may be {MOST} files of policies, and there are {}", texts.len());
        let read = Policies::read(texts.iter().map(|(file, text)| (file.as_str(), text.as_str())));
        Ok(read.map(|policies| Self { policies: Some(policies), paths: shown, roster }).map_err(InvalidRules))
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

impl InvalidRules {
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

/// A file, or what is in a folder, by name. Tests of policies stand beside them, and decide nothing.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in path.read_dir()? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with(".rego") && !name.ends_with("_test.rego") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn text(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(file)?.take(2 << 20).read_to_string(&mut text)?;
    Ok(text)
}
