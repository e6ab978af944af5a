//! The policies of a process that lives long: before each plan they are as their files are, and where those cannot be used any
//! more, as they last could.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::cli::policies::{InvalidRules, Rules, Texts};
use crate::guard::Review;
use crate::guard::policy::Judge;
use crate::model::account_name::AccountName;
use crate::model::ruling::{Concern, Ruling, Says};
use crate::model::situation::Situation;

/// Rules that are read again before each plan.
pub(in crate::cli) struct CurrentRules {
    paths: Vec<PathBuf>,
    roster: PathBuf,
    current: Mutex<Current>,
}

/// What came of the files when they were last looked at.
struct Current {
    /// What stood in them, or why that cannot be told.
    seen: Result<Texts, String>,
    /// The newest rules that could be used.
    rules: Arc<Rules>,
    /// What is wrong with those that came after.
    broken: Option<Ruling>,
}

impl CurrentRules {
    /// Reads the files for the first time: there are no earlier rules that could hold instead.
    pub(in crate::cli) fn load(paths: &[PathBuf], roster: PathBuf) -> Result<std::result::Result<Self, InvalidRules>> {
        let texts = Texts::read(paths)?;
        Ok(Rules::of(&texts, paths, &roster).map(|rules| {
            let current = Mutex::new(Current { seen: Ok(texts), rules: Arc::new(rules), broken: None });
            Self { paths: paths.to_vec(), roster, current }
        }))
    }

    /// The rules that hold now, and what somebody should know of their files.
    fn look(&self) -> (Arc<Rules>, Option<Ruling>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = Texts::read(&self.paths).map_err(|error| format!("{error:#}"));
        if seen != current.seen {
            let read = seen.as_ref().map(|texts| Rules::of(texts, &self.paths, &self.roster));
            current.broken = match read {
                Ok(Ok(rules)) => {
                    tracing::info!("the policies were read again");
                    current.rules = Arc::new(rules);
                    None
                }
                Ok(Err(invalid)) => Some(broken(invalid.first())),
                Err(why) => {
                    let paths = self.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
                    Some(broken((paths.join(", "), why.clone())))
                }
            };
            current.seen = seen;
        }
        (Arc::clone(&current.rules), current.broken.clone())
    }
}

impl Judge for CurrentRules {
    fn judge(&self, name: &AccountName, situation: &Situation<'_>, review: &Review) -> Result<Vec<Ruling>, String> {
        let (rules, broken) = self.look();
        let mut rulings = rules.judge(name, situation, review)?;
        rulings.extend(broken);
        Ok(rulings)
    }
}

/// What everybody is told who looks at an account meanwhile.
fn broken((at, why): (String, String)) -> Ruling {
    tracing::error!(at, why, "the policies cannot be used, so those from before hold");
    let message = format!("the policies cannot be used as they are now, so those from before hold: {why}");
    Ruling { says: Says::Warn, rule: at, message, concern: Concern::Account }
}
