//! What rules from outside the roster say of a plan. They come after every guard, and nothing that they deny can be consented to.

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::Review;
use crate::guard::finding::{Finding, Verdict};
use crate::guard::reason::Reason;
use crate::model::account_name::AccountName;
use crate::model::ruling::{Concern, Ruling, Says};
use crate::model::situation::Situation;

/// Something that says what must not happen in an account, besides the guards.
pub trait Judge: Send + Sync {
    /// What there is to say of a plan and of what the guards found in it.
    ///
    /// # Errors
    ///
    /// Why it cannot be said. Then nothing may happen.
    fn judge(&self, account: &AccountName, situation: &Situation<'_>, review: &Review) -> Result<Vec<Ruling>, String>;
}

/// For whom there are no rules besides the guards.
#[derive(Debug, Clone, Copy, Default)]
pub struct GuardsAlone;

impl Judge for GuardsAlone {
    fn judge(&self, _: &AccountName, _: &Situation<'_>, _: &Review) -> Result<Vec<Ruling>, String> {
        Ok(Vec::new())
    }
}

/// Holds the review of an account to what somebody says of it.
pub fn obey(judge: &dyn Judge, account: &AccountName, situation: &Situation<'_>, review: &mut Review) {
    let findings = match judge.judge(account, situation, review) {
        Ok(rulings) => findings(rulings, review.plan.actions.len()),
        Err(why) => vec![not_judged(why)],
    };
    for finding in findings {
        review.add(finding);
    }
}

/// One finding for everything that a rule says in the same words.
fn findings(rulings: Vec<Ruling>, actions: usize) -> Vec<Finding> {
    let mut found: BTreeMap<(Says, String, String), Option<BTreeSet<usize>>> = BTreeMap::new();
    for Ruling { says, rule, message, concern } in rulings {
        match concern {
            Concern::Action(place) if place >= actions => {
                return vec![not_judged(format!("{rule} speaks of action {place}, and the plan has {actions}"))];
            }
            Concern::Action(place) => {
                let places = found.entry((says, rule, message)).or_insert_with(|| Some(BTreeSet::new()));
                if let Some(places) = places {
                    places.insert(place);
                }
            }
            Concern::Account => drop(found.insert((says, rule, message), None)),
        }
    }
    let finding = |((says, rule, message), places): ((Says, String, String), Option<BTreeSet<usize>>)| {
        let (verdict, holds) = match (says, places) {
            (Says::Warn, _) => (Verdict::Warn, BTreeSet::new()),
            (Says::Deny, Some(places)) => (Verdict::Hold, places),
            (Says::Deny, None) => (Verdict::Refuse, BTreeSet::new()),
        };
        let reason = match says {
            Says::Deny => Reason::DeniedByPolicy { rule, message },
            Says::Warn => Reason::WarnedByPolicy { rule, message },
        };
        Finding { verdict, reason, holds }
    };
    found.into_iter().map(finding).collect()
}

fn not_judged(why: String) -> Finding {
    Finding { verdict: Verdict::Refuse, reason: Reason::NotJudged { why }, holds: BTreeSet::new() }
}
