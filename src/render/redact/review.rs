//! A review with everybody masked.

use crate::render::json::history::Run;
use crate::render::json::plan::Roster;
use crate::render::json::review::{Access, Account, Changes, Difference, Finding, Person, Review, What};
use crate::render::redact::{Mask, longest_first, person};

/// The review with everybody masked. No later one can be compared with it.
#[must_use]
pub fn review(review: Review) -> Review {
    let logins = review.people.iter().flat_map(|person| {
        let logins = person.access.iter().filter_map(|access| access.login.clone());
        logins.chain(person.formerly.clone()).chain([person.email.clone()])
    });
    let mask = Mask { logins: longest_first(logins) };
    let Review { error, problems, roster, accounts, people, findings, changes, .. } = review.clone();
    Review {
        masked: true,
        error: error.map(|error| mask.failure(error)),
        problems: problems.into_iter().map(|problem| mask.problem(problem)).collect(),
        roster: roster.map(|Roster { path, digest }| Roster { path: mask.text(&path), digest }),
        accounts: accounts.into_iter().map(|account| mask.reviewed(account)).collect(),
        people: people.into_iter().map(|person| mask.everything_of(person)).collect(),
        findings: findings.into_iter().map(|finding| mask.found(finding)).collect(),
        changes: changes.map(|changes| Changes {
            list: changes.list.into_iter().map(|difference| mask.difference(difference)).collect(),
            ..changes
        }),
        ..review
    }
}

impl Mask {
    fn reviewed(&self, account: Account) -> Account {
        Account {
            title: account.title.map(|title| self.text(&title)),
            at: self.place(account.at),
            error: account.error.map(|error| self.failure(error)),
            doubts: account.doubts.iter().map(|doubt| self.text(doubt)).collect(),
            ..account
        }
    }

    fn everything_of(&self, whole: Person) -> Person {
        let Person { email, formerly, name, access } = whole;
        Person {
            email: person(&email),
            formerly: formerly.iter().map(|address| person(address)).collect(),
            name: name.map(|name| person(&name)),
            access: access.into_iter().map(|access| self.has(access)).collect(),
        }
    }

    fn has(&self, access: Access) -> Access {
        Access {
            login: access.login.map(|login| person(&login)),
            roles: access.roles.iter().map(|role| self.text(role)).collect(),
            declared_role: access.declared_role.map(|role| self.text(&role)),
            team: access.team.map(|team| self.text(&team)),
            reason: access.reason.map(|reason| self.text(&reason)),
            at: access.at.map(|at| self.place(at)),
            ..access
        }
    }

    fn found(&self, finding: Finding) -> Finding {
        Finding {
            email: finding.email.map(|email| person(&email)),
            login: finding.login.map(|login| person(&login)),
            message: self.text(&finding.message),
            hint: self.text(&finding.hint),
            ..finding
        }
    }

    fn difference(&self, difference: Difference) -> Difference {
        let before = difference.before.iter().map(|text| match difference.what {
            What::Moved => person(text),
            What::Came | What::Went | What::Role => self.text(text),
        });
        Difference {
            email: person(&difference.email),
            before: before.collect(),
            after: difference.after.iter().map(|role| self.text(role)).collect(),
            by: difference.by.clone().map(|run| Run {
                actor: person(&run.actor),
                reason: run.reason.map(|reason| self.text(&reason)),
                ..run
            }),
            ..difference
        }
    }
}
