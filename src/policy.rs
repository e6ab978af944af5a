//! Policies as code: rules in Rego, the language of Open Policy Agent, over the JSON of a plan.
//!
//! What is judged is a text, and what comes out are rulings; the guards make findings of them. Nothing a rule can say reaches a
//! network, a file, a clock or chance, and nothing takes longer than a few seconds: what cannot be judged is refused.

mod builtins;
pub mod fault;
mod recursion;
mod ruling;

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};

use crate::model::ruling::{Ruling, Says};
use crate::policy::fault::Fault;
use crate::policy::recursion::Calls;

/// How long one judgement may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many steps of an evaluation go by between two looks at how long it has taken.
const STEPS: NonZeroU32 = NonZeroU32::new(1000).expect("a number above zero");

/// What one file may hold.
const LARGEST: usize = 1 << 20;

/// Rules that were read, ready to judge. They are shared, and each judgement has an evaluation of its own.
#[derive(Debug, Clone)]
pub struct Policies {
    engine: Engine,
    packages: Vec<Package>,
}

/// One package that decides something.
#[derive(Debug, Clone)]
struct Package {
    /// Its path, as `data.roster.admins`.
    path: String,
    /// The rules in it that decide.
    rules: Vec<(Says, String)>,
}

/// Why a plan could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the policies could not judge this plan: {0}")]
pub struct Unjudged(String);

impl Policies {
    /// Reads rules from texts, each with the name of its file.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them. That no rule decides anything is one of it: a name may be misspelt.
    pub fn read<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<Fault>> {
        let mut engine = Engine::new();
        // A rule that fails is no rule that finds nothing.
        engine.set_strict_builtin_errors(true);
        engine.set_execution_timer_config(ExecutionTimerConfig { limit: PATIENCE, check_interval: STEPS });
        builtins::add(&mut engine);
        let (mut faults, mut packages, mut calls) = (Vec::new(), Vec::<Package>::new(), Calls::default());
        for (file, text) in texts {
            calls.add(text);
            match read_one(&mut engine, file, text) {
                Ok(package) => match packages.iter_mut().find(|known| known.path == package.path) {
                    // A package may stand in several files; what it decides is told by the first that decides it.
                    Some(known) => known.add(package.rules),
                    None => packages.push(package),
                },
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(calls.circle().map(Fault::calls_itself));
        packages.retain(|package| !package.rules.is_empty());
        if faults.is_empty() && packages.is_empty() {
            faults.push(Fault::nothing_decided());
        }
        if faults.is_empty() { Ok(Self { engine, packages }) } else { Err(faults) }
    }

    /// What the rules say of a plan, which is the JSON of an answer with one account.
    ///
    /// # Errors
    ///
    /// Where a rule fails, takes too long, or says what means nothing. Nothing may happen then.
    pub fn judge(&self, input: &str) -> Result<Vec<Ruling>, Unjudged> {
        let mut engine = self.engine.clone();
        let failed = |error: &dyn fmt::Display| match error.to_string() {
            late if late.contains("exceeded time limit") => Unjudged(format!("a rule takes longer than {PATIENCE:?}")),
            told => Unjudged(fault::in_short(&told)),
        };
        engine.set_input(Value::from_json_str(input).map_err(|error| failed(&error))?);
        let mut rulings = BTreeSet::new();
        for Package { path, rules } in &self.packages {
            let found = engine.eval_query(path.clone(), false).map_err(|error| failed(&error))?;
            let found = found.result.first().and_then(|result| result.expressions.first()).map(|found| &found.value);
            let Some(Value::Object(members)) = found else { continue };
            for (says, place) in rules {
                let said = members.get(&Value::from(says.rule())).unwrap_or(&Value::Undefined);
                rulings.extend(ruling::all(*says, place, said).map_err(|error| failed(&error))?);
            }
        }
        Ok(rulings.into_iter().collect())
    }
}

impl Package {
    fn add(&mut self, rules: Vec<(Says, String)>) {
        let new = rules.into_iter().filter(|(says, _)| self.rules.iter().all(|(known, _)| known != says));
        let new: Vec<_> = new.collect();
        self.rules.extend(new);
    }
}

/// Adds the rules of one file.
fn read_one(engine: &mut Engine, file: &str, text: &str) -> Result<Package, Fault> {
    if text.len() > LARGEST {
        return Err(Fault::too_large(file));
    }
    let failed = |error: &dyn fmt::Display| Fault::of(file, &error.to_string());
    let path = engine.add_policy(file.to_owned(), text.to_owned()).map_err(|error| failed(&error))?;
    let decides = |says: Says| Some((says, format!("{file}:{}", line_of(text, says.rule())?)));
    Ok(Package { path, rules: [Says::Deny, Says::Warn].into_iter().filter_map(decides).collect() })
}

/// The first line, from one, of a rule with this name; `None` where there is none.
fn line_of(text: &str, rule: &str) -> Option<usize> {
    let begins = |line: &str| {
        let rest = line.trim_start().strip_prefix(rule);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    text.lines().position(begins).map(|position| position + 1)
}
