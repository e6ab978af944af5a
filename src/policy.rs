//! Policies as code: rules in Rego, the language of Open Policy Agent, over the JSON of a plan.
//!
//! What is judged is a text, and what comes out are rulings; the guards make findings of them. Nothing a rule can say reaches a
//! network, a file, a clock or chance, and nothing takes longer than a few seconds: what cannot be judged is refused.

mod builtins;
mod deadline;
pub mod fault;
mod parsed;
mod recursion;
mod ruling;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};

use crate::model::ruling::{Ruling, Says};
use crate::policy::fault::Fault;
use crate::policy::parsed::{Decision, Module};
use crate::policy::recursion::Calls;

/// How long one judgement may take. The engine looks at the clock between two steps of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many steps of an evaluation go by between two looks at how long it has taken.
const STEPS: NonZeroU32 = NonZeroU32::new(1000).expect("a number above zero");

/// How long is waited for the engine, which does not look at the clock while it parses, or within one step.
const LAST: Duration = Duration::from_secs(10);

/// What one file may hold.
const LARGEST: usize = 1 << 20;

/// Rules that were read, ready to judge. They are shared, and each judgement has an evaluation of its own.
#[derive(Debug, Clone)]
pub struct Policies {
    engine: Engine,
    packages: BTreeMap<String, Rules>,
}

/// What a package has that decides, and where that stands first.
type Rules = BTreeMap<Says, String>;

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
        let texts: Vec<(String, String)> =
            texts.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect();
        let read = deadline::within(LAST, move || read(&texts));
        read.unwrap_or_else(|| Err(vec![Fault::too_long(LAST)]))
    }

    /// What the rules say of a plan, which is the JSON of an answer with one account.
    ///
    /// # Errors
    ///
    /// Where a rule fails, takes too long, or says what means nothing. Nothing may happen then.
    pub fn judge(&self, input: &str) -> Result<Vec<Ruling>, Unjudged> {
        let (policies, input) = (self.clone(), input.to_owned());
        let judged = deadline::within(LAST, move || policies.evaluate(&input));
        judged.unwrap_or_else(|| Err(Unjudged(format!("a rule takes longer than {LAST:?}"))))
    }

    fn evaluate(mut self, input: &str) -> Result<Vec<Ruling>, Unjudged> {
        self.engine.set_input(Value::from_json_str(input).map_err(|error| Unjudged(error.to_string()))?);
        let mut rulings = BTreeSet::new();
        for (package, rules) in &self.packages {
            let found = self
                .engine
                .eval_query(package.clone(), false)
                .map_err(|error| unjudged(package, &error.to_string()))?;
            let found = found.result.first().and_then(|result| result.expressions.first()).map(|found| &found.value);
            let Some(Value::Object(members)) = found else { continue };
            for (says, place) in rules {
                let said = members.get(&Value::from(says.rule())).unwrap_or(&Value::Undefined);
                rulings.extend(ruling::all(*says, place, said).map_err(|error| Unjudged(error.to_string()))?);
            }
        }
        Ok(rulings.into_iter().collect())
    }
}

/// What the engine says when it fails, and where that is: a line, or at least a package.
fn unjudged(package: &str, told: &str) -> Unjudged {
    if told.contains("exceeded time limit") {
        return Unjudged(format!("a rule of {package} takes longer than {PATIENCE:?}"));
    }
    let fault = Fault::told(told);
    Unjudged(if fault.at.is_some() { fault.to_string() } else { format!("{package}: {fault}") })
}

fn read(texts: &[(String, String)]) -> Result<Policies, Vec<Fault>> {
    let mut engine = Engine::new();
    // A rule that fails is no rule that finds nothing.
    engine.set_strict_builtin_errors(true);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit: PATIENCE, check_interval: STEPS });
    builtins::add(&mut engine);
    let added = texts.iter().filter_map(|(file, text)| {
        if text.len() > LARGEST {
            return Some(Fault::too_large(file));
        }
        engine.add_policy(file.clone(), text.clone()).err().map(|error| Fault::of(file, &error.to_string()))
    });
    let mut faults: Vec<Fault> = added.collect();
    let parsed: Vec<serde_json::Value> = match serde_json::from_str(&engine.get_ast_as_json().unwrap_or_default()) {
        Ok(parsed) => parsed,
        Err(_) => return Err(vec![Fault::too_deep()]),
    };
    faults.extend(Calls::of(&parsed).circle().map(Fault::calls_itself));
    let mut packages = BTreeMap::<String, Rules>::new();
    for module in Module::all(&parsed) {
        // By its parts, because a name with a hyphen would be a difference otherwise.
        let package: String = module.package().iter().map(|part| format!("[{part:?}]")).collect();
        for Decision { says, file, line, column, is_function } in module.decisions() {
            if is_function {
                faults.push(Fault::asks_for_arguments(file, line, column, says));
            }
            packages
                .entry(format!("data{package}"))
                .or_default()
                .entry(says)
                .or_insert_with(|| format!("{file}:{line}"));
        }
    }
    if faults.is_empty() && packages.is_empty() {
        faults.push(Fault::nothing_decided());
    }
    if faults.is_empty() { Ok(Policies { engine, packages }) } else { Err(faults) }
}
