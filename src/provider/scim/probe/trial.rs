//! Tries what can be written, with a throw-away user, and cleans up whatever happens.
//!
//! What is sent is what the client would send under the dialect at hand, and then what it would send under others. Nobody
//! else is touched: every request but a POST names the id of a user who has a login of this trial and was not in the account
//! before. An answer to a POST that speaks of anybody else ends the trial.

mod account;
mod aim;
mod leavings;
mod there;

use tokio_util::sync::CancellationToken;

use crate::model::dialect::role::RolePlace;
use crate::model::dialect::writing::{OperationCase, Operations, PatchPaths, PatchShape};
use crate::model::email::Email;
use crate::model::live::{Snapshot, UserId};
use crate::model::role::RoleName;
use crate::probe::trial::{After, Ended, Step, Trial};
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::edit::UnknownRole;
use crate::provider::scim::probe::filters::in_other_case;
use crate::provider::scim::probe::trial::account::{Account, Sent, Way};
use crate::provider::scim::probe::trial::aim::{Aim, Newborn};
use crate::provider::scim::probe::trial::there::There;

/// A PATCH by paths, and one without.
const BY_PATH: Way =
    Way::Patch(PatchShape { paths: PatchPaths::Named, operations: Operations::Together, case: OperationCase::Lower });
const BY_VALUE: Way =
    Way::Patch(PatchShape { paths: PatchPaths::InValue, operations: Operations::Together, case: OperationCase::Lower });

/// Whom a trial is made with.
#[derive(Debug, Clone, Copy)]
pub struct ThrowAway<'a> {
    /// The address, which nobody in the account has.
    pub login: &'a Email,
    /// The role at first.
    pub role: &'a RoleName,
    /// Another role; without one no role is changed.
    pub other_role: Option<&'a RoleName>,
    /// Who was in the account before, all of them.
    pub before: &'a Snapshot,
}

/// Tries what can be written, until it is told to stop; then cleans up.
pub async fn try_out(connection: &Connection, who: ThrowAway<'_>, stop: &CancellationToken) -> Trial {
    let mut run = Run { account: Account::over(connection, who), who, trial: Trial::default(), there: None, stop };
    if let Err(broken) = run.steps().await {
        run.trial.broken_off = Some(match broken {
            Broken::Stopped => "it was stopped".to_owned(),
            Broken::Failed(error) => error.to_string(),
            Broken::SomebodyElse { id } => format!(
                "the server answers a new user with the user `{id}`, who is somebody else; nobody but the new user was touched"
            ),
            Broken::NoSuchRole => format!("the server lists no role `{}`", run.who.role),
        });
    }
    let Run { account, mut trial, .. } = run;
    trial.left_behind = account.clean_up().await;
    trial
}

struct Run<'a> {
    account: Account<'a>,
    who: ThrowAway<'a>,
    trial: Trial,
    /// The user as of the last reading; nothing while there is none.
    there: Option<There>,
    stop: &'a CancellationToken,
}

/// Why the steps ended before their end.
enum Broken {
    Stopped,
    NoSuchRole,
    /// The answer to a POST speaks of a user whom the trial did not make.
    SomebodyElse {
        id: UserId,
    },
    Failed(ProviderError),
}

impl From<ProviderError> for Broken {
    fn from(error: ProviderError) -> Self {
        Self::Failed(error)
    }
}

impl From<UnknownRole> for Broken {
    fn from(UnknownRole: UnknownRole) -> Self {
        Self::NoSuchRole
    }
}

impl Run<'_> {
    async fn steps(&mut self) -> Result<(), Broken> {
        self.create().await?;
        self.roles().await?;
        let way = self.names().await?;
        self.old_version(way).await?;
        self.change(Step::Move, way, &Aim::moved(self.who.login)).await?;
        self.change(Step::MoveBack, way, &Aim::login(self.who.login)).await?;
        self.change(Step::Deactivate, way, &Aim::inactive()).await?;
        self.change(Step::LetIn, way, &Aim::active()).await?;
        if self.delete(way).await? == After::Gone {
            self.create_again_and_again().await?;
        }
        Ok(())
    }

    async fn create(&mut self) -> Result<(), Broken> {
        let newborn = Newborn::of(&self.who);
        let body = newborn.body(self.account.learned())?;
        let mut sent = self.account.create(&body, None).await?;
        self.record(Step::Create, &sent, sent.there.is_some());
        if sent.answer.status == 415 {
            sent = self.account.create(&body, Some("application/json")).await?;
            self.record(Step::CreateAsJson, &sent, sent.there.is_some());
        }
        if let Some(there) = &sent.there {
            self.trial.kept = newborn.kept(there, self.account.learned());
        }
        self.there = sent.there;
        Ok(())
    }

    /// The login once more after it was deleted, and then, while it is there, as it is and in other case. Only where whoever
    /// is deleted is gone: what is made so has to go again.
    async fn create_again_and_again(&mut self) -> Result<(), Broken> {
        let body = Newborn::of(&self.who).body(self.account.learned())?;
        self.go_on()?;
        let again = self.account.create(&body, None).await?;
        self.record(Step::CreateAgain, &again, again.there.is_some());
        let Some(known) = again.there.map(|there| there.id) else { return Ok(()) };
        let mut other_case = body.clone();
        other_case["userName"] = in_other_case(self.who.login.as_str()).into();
        for (step, body) in [(Step::CreateTwice, body), (Step::CreateInOtherCase, other_case)] {
            self.go_on()?;
            let Sent { answer, there } = self.account.create(&body, None).await?;
            let is_another = there.is_some_and(|there| there.id != known);
            let after = if is_another { After::Doubled } else { After::Refused };
            self.trial.steps.insert(step, Ended { answer, after });
        }
        Ok(())
    }

    async fn roles(&mut self) -> Result<(), Broken> {
        let Some(role) = self.who.other_role.filter(|_| self.account.dialect().role != RolePlace::Nowhere) else {
            return Ok(());
        };
        for (step, way) in [(Step::RoleByPath, BY_PATH), (Step::RoleByValue, BY_VALUE), (Step::RoleByPut, Way::Put)] {
            self.change(step, way, &Aim::role(role)).await?;
            if self.trial.did(step) {
                break;
            }
        }
        Ok(())
    }

    /// Changes names; tells which way worked for them or, where none did, for the role.
    async fn names(&mut self) -> Result<Way, Broken> {
        for (step, way) in [(Step::NameByPath, BY_PATH), (Step::NameByValue, BY_VALUE), (Step::NameByPut, Way::Put)] {
            self.change(step, way, &Aim::last_name()).await?;
            if self.trial.did(step) {
                if step == Step::NameByPath {
                    self.change(Step::TwoOperations, way, &Aim::both_names()).await?;
                }
                return Ok(way);
            }
        }
        let of_roles = [(Step::RoleByValue, BY_VALUE), (Step::RoleByPut, Way::Put)];
        Ok(of_roles.into_iter().find(|(step, _)| self.trial.did(*step)).map_or(BY_PATH, |(_, way)| way))
    }

    /// A change that says it was made from a version that never was.
    async fn old_version(&mut self, way: Way) -> Result<(), Broken> {
        let Some(there) = self.there.take() else { return Ok(()) };
        if there.version.is_none() {
            self.there = Some(there);
            return Ok(());
        }
        self.go_on()?;
        let sent = self.account.change(&there, &Aim::last_name(), way, Some("W/\"roster-never-saw-this\"")).await?;
        if let Some(Sent { answer, there: now }) = sent {
            let after = if answer.status == 412 { After::Refused } else { After::Otherwise };
            self.trial.steps.insert(Step::OldVersion, Ended { answer, after });
            self.there = now;
        } else {
            self.there = Some(there);
        }
        Ok(())
    }

    /// Deletes the user; where that is refused, after deactivating it.
    async fn delete(&mut self, way: Way) -> Result<After, Broken> {
        let Some(there) = self.there.take() else { return Ok(After::Otherwise) };
        self.go_on()?;
        let mut after = self.deleted(Step::Delete, &there.id).await?;
        if after == After::Otherwise && self.trial.did(Step::Deactivate) {
            self.there = self.account.read(&there.id).await?;
            self.change(Step::Deactivate, way, &Aim::inactive()).await?;
            after = self.deleted(Step::DeleteInactive, &there.id).await?;
        }
        if matches!(after, After::Gone | After::Inactive) {
            self.deleted(Step::DeleteTwice, &there.id).await?;
        }
        Ok(after)
    }

    async fn deleted(&mut self, step: Step, id: &UserId) -> Result<After, Broken> {
        let Sent { answer, there } = self.account.delete(id).await?;
        let after = match there {
            None => After::Gone,
            Some(there) if there.is_inactive() => After::Inactive,
            Some(_) => After::Otherwise,
        };
        self.trial.steps.insert(step, Ended { answer, after });
        Ok(after)
    }

    /// Changes the user, unless there is none any more or the user is so already.
    async fn change(&mut self, step: Step, way: Way, aim: &Aim) -> Result<(), Broken> {
        let Some(there) = &self.there else { return Ok(()) };
        self.go_on()?;
        if let Some(sent) = self.account.change(there, aim, way, None).await? {
            let is_reached = sent.there.as_ref().is_some_and(|there| aim.is_reached(there));
            self.record(step, &sent, is_reached);
            self.there = sent.there;
        }
        Ok(())
    }

    fn record(&mut self, step: Step, Sent { answer, there }: &Sent, is_as_asked: bool) {
        let after = match there {
            Some(_) if is_as_asked => After::AsAsked,
            None if answer.is_yes() => After::Gone,
            Some(_) | None => After::Otherwise,
        };
        self.trial.steps.insert(step, Ended { answer: answer.clone(), after });
    }

    fn go_on(&self) -> Result<(), Broken> {
        if self.stop.is_cancelled() { Err(Broken::Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
