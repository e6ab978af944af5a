//! Masks addresses and names of people, for output that stands where not everybody may read them.
//!
//! A mask is no encryption: who guesses an address can check it. The same address has the same mask everywhere, so that
//! lines can be told apart and two plans compared.

mod address;
pub mod review;

use crate::model::digest::Fingerprint;
use crate::render::failure::Failure;
use crate::render::json::action::{Access, Action, Definition, Outcome};
use crate::render::json::history::Run;
use crate::render::json::left_alone::{Contradiction, Ending, LeftAlone};
use crate::render::json::people::{LastRun, Listed, Person, There};
use crate::render::json::plan::{Plan, Roster};
use crate::render::json::{Account, Document, Finding, Place, Problem, Related};

/// How much of a digest tells two people with the same initial apart.
const TELLING: usize = 6;

/// The document with everybody masked. It is no saved plan any more: nobody could be found by it.
#[must_use]
pub fn document(document: Document) -> Document {
    let logins = logins(&document);
    let mask = Mask { logins };
    let Document {
        format_version,
        roster_version,
        command,
        exit_code,
        error,
        problems,
        summary,
        plan,
        probe,
        accounts,
    } = document;
    Document {
        format_version,
        roster_version,
        command,
        exit_code,
        error: error.map(|error| mask.failure(error)),
        problems: problems.into_iter().map(|problem| mask.problem(problem)).collect(),
        summary,
        plan: plan.map(|plan| mask.plan(plan)),
        // A look at a server shows its users masked already.
        probe,
        accounts: accounts.into_iter().map(|account| mask.account(account)).collect(),
    }
}

/// A sentence with every address in it masked.
#[must_use]
pub fn text(text: &str) -> String {
    address::each(text, person)
}

/// An error with every address in it masked.
#[must_use]
pub fn failure(failure: Failure) -> Failure {
    Mask { logins: Vec::new() }.failure(failure)
}

/// A login or a name: its first letter, enough of a digest to tell it from others, and the domain where it has one.
fn person(whole: &str) -> String {
    let mut fingerprint = Fingerprint::of("roster redacted");
    fingerprint.text(&whole.to_lowercase());
    let digest = fingerprint.finish().to_string();
    let telling = digest.get(..TELLING).unwrap_or_default();
    let first = whole.chars().next().unwrap_or_default();
    match whole.rsplit_once('@') {
        Some((_, domain)) => format!("{first}…{telling}@{domain}"),
        None => format!("{first}…{telling}"),
    }
}

/// Logins that are no addresses, which only those who know them find in a sentence; the longest first.
fn logins(document: &Document) -> Vec<String> {
    let of = |account: &Account| -> Vec<String> {
        let Account { actions, left_alone, ending, people, .. } = account;
        let acting = actions.iter().filter_map(|action| action.email.clone());
        let left = left_alone.iter().filter_map(|left| left.email.clone());
        let ending = ending.iter().map(|ending| ending.email.clone());
        acting.chain(left).chain(ending).chain(people.iter().flatten().map(|person| person.email.clone())).collect()
    };
    longest_first(document.accounts.iter().flat_map(of))
}

/// Those of these logins that are no addresses, the longest first.
fn longest_first(logins: impl Iterator<Item = String>) -> Vec<String> {
    let mut logins: Vec<String> = logins.filter(|login| !login.contains('@') && login.len() > 2).collect();
    logins.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    logins.dedup();
    logins
}

struct Mask {
    logins: Vec<String>,
}

impl Mask {
    fn text(&self, sentence: &str) -> String {
        let masked = text(sentence);
        self.logins.iter().fold(masked, |masked, login| match masked.contains(login) {
            true => masked.replace(login, &person(login)),
            false => masked,
        })
    }

    fn failure(&self, failure: Failure) -> Failure {
        let Failure { message, causes, hint } = failure;
        Failure {
            message: self.text(&message),
            causes: causes.iter().map(|cause| self.text(cause)).collect(),
            hint: hint.map(|hint| self.text(&hint)),
        }
    }

    fn place(&self, place: Place) -> Place {
        let Place { file, line, column } = place;
        Place { file: self.text(&file), line, column }
    }

    fn problem(&self, problem: Problem) -> Problem {
        let Problem { severity, code, message, at, related, hint } = problem;
        let related = related.into_iter().map(|Related { at, label }| Related { at: self.place(at), label });
        Problem {
            severity,
            code,
            message: self.text(&message),
            at: at.map(|at| self.place(at)),
            related: related.collect(),
            hint: hint.map(|hint| self.text(&hint)),
        }
    }

    fn plan(&self, plan: Plan) -> Plan {
        let Plan {
            digest,
            consentable,
            roster: Roster { path, digest: of_roster },
            selection,
            protect_file,
            policies,
            takes_back,
            created,
            expires: _,
            seal: _,
        } = plan;
        let roster = Roster { path: self.text(&path), digest: of_roster };
        let protect_file = protect_file.map(|file| self.text(&file));
        let policies = policies.iter().map(|path| self.text(path)).collect();
        let takes_back = takes_back.map(|run| Run {
            actor: person(&run.actor),
            reason: run.reason.map(|reason| self.text(&reason)),
            ..run
        });
        Plan {
            digest,
            consentable,
            roster,
            selection,
            protect_file,
            policies,
            takes_back,
            created,
            expires: None,
            seal: None,
        }
    }

    fn account(&self, account: Account) -> Account {
        let Account {
            name,
            title,
            provider,
            server,
            at,
            error,
            state_error,
            users,
            proven_whole,
            observed,
            in_sync,
            actions,
            findings,
            left_alone,
            ending,
            contradictions,
            notes,
            people,
            last_run,
        } = account;
        Account {
            name,
            title: title.map(|title| self.text(&title)),
            provider,
            server,
            at: self.place(at),
            error: error.map(|error| self.failure(error)),
            state_error: state_error.map(|error| self.failure(error)),
            users,
            proven_whole,
            observed,
            in_sync,
            actions: actions.into_iter().map(|action| self.action(action)).collect(),
            findings: findings.into_iter().map(|finding| self.finding(finding)).collect(),
            left_alone: left_alone.into_iter().map(|left| self.left_alone(left)).collect(),
            ending: ending.into_iter().map(|ending| self.ending(ending)).collect(),
            contradictions: contradictions.into_iter().map(|contradiction| self.contradiction(contradiction)).collect(),
            notes: notes.iter().map(|note| self.text(note)).collect(),
            people: people.map(|people| people.into_iter().map(|person| self.person(person)).collect()),
            last_run: last_run.map(|last| LastRun { actor: person(&last.actor), ..last }),
        }
    }

    fn person(&self, on_both_sides: Person) -> Person {
        let Person { email, file, account, standing, why, to_do, held_by } = on_both_sides;
        Person {
            email: person(&email),
            file: file.map(|Listed { role, team, starts, expires, at }| Listed {
                role: self.text(&role),
                team: team.map(|team| self.text(&team)),
                starts,
                expires,
                at: self.place(at),
            }),
            account: account.map(|there| There {
                email: there.email.map(|email| person(&email)),
                roles: there.roles.iter().map(|role| self.text(role)).collect(),
                ..there
            }),
            standing,
            why,
            to_do,
            held_by,
        }
    }

    fn finding(&self, finding: Finding) -> Finding {
        let Finding { guard, reason, verdict, message, hint, consent, holds } = finding;
        Finding { guard, reason, verdict, message: self.text(&message), hint: self.text(&hint), consent, holds }
    }

    fn left_alone(&self, left: LeftAlone) -> LeftAlone {
        let LeftAlone { email, role, roles, status, why, until, sent, unsettled } = left;
        let email = email.map(|email| person(&email));
        let role = role.map(|role| self.text(&role));
        let roles = roles.iter().map(|role| self.text(role)).collect();
        LeftAlone { email, role, roles, status, why, until, sent, unsettled }
    }

    fn contradiction(&self, contradiction: Contradiction) -> Contradiction {
        let Contradiction { email, role, wanted, at } = contradiction;
        Contradiction {
            email: email.map(|email| person(&email)),
            role: role.map(|role| self.text(&role)),
            wanted: wanted.map(|role| self.text(&role)),
            at: at.map(|at| self.place(at)),
        }
    }

    fn ending(&self, ending: Ending) -> Ending {
        let Ending { email, expires, at } = ending;
        Ending { email: person(&email), expires, at: self.place(at) }
    }

    fn action(&self, action: Action) -> Action {
        let Action {
            action,
            email,
            role,
            user_id,
            role_id,
            before,
            after,
            loss,
            cause,
            team,
            day,
            reason,
            takes_back,
            at,
            held_by,
            outcome,
        } = action;
        Action {
            action,
            email: email.map(|email| person(&email)),
            role: role.map(|role| self.text(&role)),
            // A server may use the login, or a part of it, as the id.
            user_id: user_id.map(|id| person(&id)),
            role_id,
            before: before.map(|access| self.access(access)),
            after: after.map(|access| self.access(access)),
            loss,
            cause,
            team: team.map(|team| self.text(&team)),
            day,
            reason: reason.map(|reason| self.text(&reason)),
            takes_back,
            at: self.place(at),
            held_by,
            outcome: outcome.map(|Outcome { result, error, reason }| Outcome {
                result,
                error: error.map(|error| self.failure(error)),
                reason: reason.map(|reason| self.text(&reason)),
            }),
        }
    }

    fn access(&self, access: Access) -> Access {
        let Access {
            roles,
            email,
            status,
            first_name,
            last_name,
            language,
            expires,
            invitations,
            removed_from,
            definition,
        } = access;
        let masked = |person: Option<String>| person.map(|whole| self::person(&whole));
        Access {
            roles: roles.iter().map(|role| self.text(role)).collect(),
            email: masked(email),
            status,
            first_name: masked(first_name),
            last_name: masked(last_name),
            language,
            expires,
            invitations,
            removed_from,
            definition: definition.map(|Definition { title, description, permissions }| Definition {
                title: self.text(&title),
                description: self.text(&description),
                permissions,
            }),
        }
    }
}
