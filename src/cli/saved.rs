//! Plans in files: written by `roster plan --out`, and applied by `roster apply FILE` if the same plan still comes out.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};

use crate::cli::args::apply::Apply;
use crate::cli::wrong_use::WrongUse;
use crate::model::account_name::AccountName;
use crate::render::difference;
use crate::render::json::Document;
use crate::render::json::plan::Plan;
use crate::render::json::saved::Unusable;

/// The roster that is meant where none is named.
const USUAL_ROSTER: &str = "roster.yaml";

/// A plan that was saved.
pub(super) struct Saved {
    path: PathBuf,
    document: Document,
}

/// A plan file that cannot be applied.
#[derive(Debug, thiserror::Error)]
#[error("the plan `{path}` cannot be applied")]
pub(super) struct UnusablePlan {
    path: String,
    #[source]
    reason: Unusable,
}

/// A plan that no longer comes out.
#[derive(Debug, thiserror::Error)]
#[error("the plan `{path}` is stale: another one comes out now, so nothing was done")]
pub(super) struct StalePlan {
    path: String,
    /// What is different, and why.
    pub(super) differences: Vec<String>,
}

/// Whether a plan may be saved there: nothing but an older plan is written over.
pub(super) fn may_be_at(path: &Path) -> Result<()> {
    if path.exists() && read(path).is_none() {
        let hint = "choose a name that is free, or that of an older plan".to_owned();
        let message = format!("`{}` is there already, and is no plan", path.display());
        return Err(WrongUse { message, hint: Some(hint) }.into());
    }
    Ok(())
}

/// Saves a plan for so long.
pub(super) fn write(path: &Path, document: Document, lasts: SignedDuration) -> Result<Timestamp> {
    let made = document.plan.as_ref().map_or_else(now, |plan| plan.created);
    let expires = made.checked_add(lasts).context("a plan cannot last so long")?;
    let write = || -> Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        document.sealed(expires)?.write(&mut file)?;
        file.flush()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write the plan `{}`", path.display()))?;
    Ok(expires)
}

/// The saved plan that an apply names, and the arguments it was made with; `None` where it names a roster.
pub(super) fn open(arguments: &Apply) -> Result<Option<(Apply, Saved)>> {
    let path = &arguments.selection.source.path;
    let Some(text) = read(path) else {
        return match &arguments.roster {
            None => Ok(None),
            Some(_) => Err(wrong("`--roster` says which roster a saved plan is for, and this is no saved plan")),
        };
    };
    if !arguments.selection.accounts.is_empty() {
        return Err(wrong("a saved plan knows its accounts: `--account` cannot choose others"));
    }
    let shown = path.display().to_string();
    let document = Document::open(&text, now()).map_err(|reason| UnusablePlan { path: shown.clone(), reason })?;
    let Some(plan) = &document.plan else {
        return Err(UnusablePlan { path: shown, reason: Unusable::NotSaved }.into());
    };
    let mut arguments = arguments.clone();
    arguments.selection.source.path = roster_of(&arguments, plan)?;
    // Whoever was to lose nothing when the plan was made is to lose nothing now, unless another list is given.
    let selection = &mut arguments.selection;
    selection.protect_file = selection.protect_file.take().or_else(|| plan.protect_file.as_ref().map(PathBuf::from));
    if selection.policies.is_empty() {
        selection.policies = plan.policies.iter().map(PathBuf::from).collect();
    }
    let accounts = plan.selection.iter().map(|name| name.parse::<AccountName>());
    arguments.selection.accounts = accounts.collect::<std::result::Result<_, _>>()?;
    arguments.agreement.yes = true;
    Ok(Some((arguments, Saved { path: path.clone(), document })))
}

/// The roster that a saved plan is held against: the one that is named beside it, or the usual one. The plan itself does
/// not choose it, because the keys of a roster may be commands, and a plan comes from elsewhere.
fn roster_of(arguments: &Apply, plan: &Plan) -> Result<PathBuf> {
    let chosen = arguments.roster.clone();
    if chosen.is_none() && plan.roster.path != USUAL_ROSTER {
        let message = format!("the plan is of the roster `{}`, and which one to apply is not said", plan.roster.path);
        let hint = "a plan does not choose what is applied: name the roster with `--roster`".to_owned();
        return Err(WrongUse { message, hint: Some(hint) }.into());
    }
    Ok(chosen.unwrap_or_else(|| PathBuf::from(USUAL_ROSTER)))
}

impl Saved {
    /// Whether this plan is the one that comes out now.
    pub(super) fn still_holds(&self, now: &Document) -> std::result::Result<(), StalePlan> {
        let digest = |document: &Document| document.plan.as_ref().map(|plan| plan.digest.clone());
        let mut differences = difference::causes(&self.document, now);
        let actions = difference::between(&self.document, now);
        if actions.is_empty() && digest(&self.document) == digest(now) {
            return Ok(());
        }
        differences.extend(actions);
        Err(StalePlan { path: self.path.display().to_string(), differences })
    }
}

/// The text of a file that is a document of ours by its content, whatever its name; `None` for everything else. A pipe is
/// left to whoever reads rosters: it can be read once only.
fn read(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    #[expect(clippy::disallowed_methods, reason = "an edge: saved plans are read here and nowhere else")]
    let text = std::fs::read_to_string(path).ok()?;
    (text.trim_start().starts_with('{') && text.contains("\"format_version\"")).then_some(text)
}

fn wrong(message: &str) -> anyhow::Error {
    WrongUse { message: message.to_owned(), hint: None }.into()
}

#[expect(clippy::disallowed_methods, reason = "an edge: a saved plan ends by the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
