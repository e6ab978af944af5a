//! The accounts of a run: which were asked for, how they are reached, and what was seen of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use crate::apply::Report;
use crate::cli::connect::{Access, Connector};
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::wrong_use::WrongUse;
use crate::file::Loaded;
use crate::guard::policy::Judge;
use crate::guard::run::{self, OtherPlan, Share};
use crate::guard::twins::{self, Census};
use crate::guard::{Review, digest};
use crate::model::account_name::AccountName;
use crate::model::desired::{Desired, DesiredAccount};
use crate::model::digest::{Digest, DigestPrefix};
use crate::model::event::{Deed, Origin};
use crate::model::ledger::Neighbours;
use crate::reconcile::tenure::Tenure;
use crate::reconcile::{self, Aim, Observation, ObservationError};
use crate::render::account::{AccountView, State};
use crate::render::failure::Failure;
use crate::render::json::Account;
use crate::render::json::history::Run;
use crate::render::json::plan::{Plan, Roster};
use crate::store::{Holder, Journal, Lease, Leases, Memory, StoreError};

/// How many accounts are read side by side.
const SIDE_BY_SIDE: usize = 4;

/// The accounts of a run and what is known of each.
pub(super) struct Accounts<'a> {
    entries: Vec<Entry<'a>>,
    /// Those that were asked for; empty where it was all of them.
    asked: &'a [AccountName],
    /// What is to come of them.
    goal: Goal<'a>,
    /// What judges their plans besides the guards.
    judge: &'a dyn Judge,
    /// When the first of them was read.
    begun: Timestamp,
    /// The whole roster, of which some accounts may not have been asked for.
    desired: &'a Desired,
    /// The plan over all of them, as it came out.
    digest: Digest,
    connector: Connector,
    /// Which of them may be changed; `None` where none was taken yet.
    tenure: Option<Tenure<'a>>,
}

/// One account of a run.
struct Entry<'a> {
    name: &'a AccountName,
    desired: &'a DesiredAccount,
    seen: Seen,
}

/// What is known of an account.
enum Seen {
    /// It could not be read.
    Unread(Failure),
    /// It was read and planned; and, where it was tried, what became of it.
    Planned(Box<Observation>, Access, Option<Report>),
}

/// How accounts are taken before they are changed.
#[derive(Clone, Copy)]
pub(super) struct Taking<'a> {
    /// Gives the sole right to change one.
    pub(super) leases: &'a dyn Leases,
    /// Where it is written down what they are going to lose.
    pub(super) journal: &'a dyn Journal,
    /// Who takes it.
    pub(super) holder: &'a Holder,
    /// How long to wait for whoever has it.
    pub(super) patience: Duration,
}

/// What a run is to bring about in its accounts.
#[derive(Clone, Copy)]
pub(super) enum Goal<'a> {
    /// What the roster says.
    Roster,
    /// What was there before an earlier run.
    Before(&'a Past),
}

/// A run of the past, and what it did.
pub(super) struct Past {
    /// Where it came from.
    pub(super) origin: Origin,
    /// What it did, in all its accounts.
    pub(super) deeds: Vec<Deed>,
}

/// What holds whatever the roster says: it is named where no change of the roster reaches it.
#[derive(Clone, Copy)]
pub(super) struct Outside<'a> {
    /// A list of people who lose nothing.
    pub(super) protect_file: Option<&'a Path>,
    /// Files of rules.
    pub(super) policies: &'a [PathBuf],
}

/// What a look at accounts takes besides the roster.
#[derive(Clone, Copy)]
pub(super) struct Looking<'a> {
    /// What is remembered of them.
    pub(super) memory: &'a dyn Memory,
    /// What judges their plans besides the guards.
    pub(super) judge: &'a dyn Judge,
    /// How they are taken before they are read; `None` where they will not be changed, or only after somebody agreed.
    pub(super) taking: Option<Taking<'a>>,
    /// The folder the roster stands in.
    pub(super) directory: &'a Path,
}

impl Goal<'_> {
    /// The same for one account.
    fn aim(&self) -> Aim<'_> {
        match self {
            Self::Roster => Aim::Roster,
            Self::Before(Past { origin, deeds }) => Aim::Before { run: &origin.run, deeds },
        }
    }
}

impl<'a> Accounts<'a> {
    /// Reads and plans the accounts that were asked for, in the order of their names.
    pub(super) async fn observe(
        desired: &'a Desired,
        asked: &'a [AccountName],
        goal: Goal<'a>,
        looking: Looking<'a>,
        out: &Output,
    ) -> Result<Self> {
        let Looking { memory, judge, taking, directory } = looking;
        let mut selected = select(desired, asked)?;
        let begun = now();
        let mut missed = Vec::new();
        let mut tenure = taking.map(|taking| Tenure::over(taking.leases));
        if let (Some(Taking { leases: _, journal: _, holder, patience }), Some(tenure)) = (taking, &mut tenure) {
            // In the order of their names, as everybody does: two runs never wait for each other.
            for (&name, &desired) in &selected {
                if let Err(error) = tenure.take(name, holder, patience).await {
                    missed.push(Entry { name, desired, seen: Seen::Unread(failed(&error)) });
                }
            }
            selected.retain(|name, _| tenure.lease(name).is_some());
        }
        let connector = Connector::start(&selected, directory).await;
        let looks =
            selected.into_iter().map(|(name, desired)| observe_one(name, desired, goal, (memory, judge), &connector));
        let progress = Progress::start(out.progress, "reading accounts", looks.len());
        let looks = looks.map(async |look| {
            let entry = look.await;
            progress.advance();
            entry
        });
        let read = stream::iter(looks).buffered(SIDE_BY_SIDE).collect();
        let mut entries: Vec<Entry<'a>> = keeping(tenure.as_ref(), progress.watch(read)).await;
        progress.finish();
        entries.extend(missed);
        entries.sort_by_key(|entry| entry.name);
        let under = tenure.as_ref().zip(taking.map(|taking| taking.journal));
        let judged = together(&mut entries, desired, memory, under, begun);
        if let Err(error) = keeping(tenure.as_ref(), judged).await {
            if let Some(tenure) = tenure {
                tenure.give_back().await;
            }
            return Err(error.into());
        }
        let digest = digest_of(&entries);
        Ok(Self { entries, asked, goal, judge, begun, desired, digest, connector, tenure })
    }

    /// Every account, as the renderers get it.
    pub(super) fn shown(&self) -> Vec<Account> {
        self.views().iter().map(Account::of).collect()
    }

    /// Every account, with all that is known of it.
    pub(super) fn views(&self) -> Vec<AccountView<'_>> {
        self.entries.iter().map(Entry::view).collect()
    }

    /// When the first of them was read.
    pub(super) fn begun(&self) -> Timestamp {
        self.begun
    }

    /// What the plan over all of them is known by.
    pub(super) fn plan(&self, path: &Path, outside: &Outside<'_>, loaded: &Loaded) -> Plan {
        let Outside { protect_file, policies } = outside;
        Plan {
            digest: self.digest.to_string(),
            consentable: self.consentable(),
            roster: Roster { path: path.display().to_string(), digest: loaded.sources.digest().to_string() },
            selection: self.asked.iter().map(ToString::to_string).collect(),
            protect_file: protect_file.map(|file| file.display().to_string()),
            policies: policies.iter().map(|path| path.display().to_string()).collect(),
            takes_back: match self.goal {
                Goal::Roster => None,
                Goal::Before(Past { origin, deeds: _ }) => Some(Run::of(origin)),
            },
            created: self.begun,
            expires: None,
            seal: None,
        }
    }

    /// The digest of everything that would be done and everything that is held.
    pub(super) fn digest(&self) -> Digest {
        self.digest
    }

    /// How many held actions would go through if somebody consented to this plan.
    pub(super) fn consentable(&self) -> usize {
        self.entries.iter().filter_map(Entry::review).map(Review::consentable).sum()
    }

    /// Hands each account that can be changed to `change`, one after the other, and keeps what became of it.
    pub(super) async fn carry_out<Change>(&mut self, change: Change)
    where
        Change: AsyncFn(&DesiredAccount, &Observation, &Access, &Lease) -> Report,
    {
        let Some(tenure) = &self.tenure else { return };
        let changes = async {
            for Entry { name, desired, seen } in &mut self.entries {
                if let Seen::Planned(observation, access, report @ None) = seen
                    && let Some(lease) = tenure.lease(name)
                {
                    *report = Some(change(desired, observation, access, lease).await);
                }
            }
        };
        tenure.during(changes).await;
    }

    /// Takes every account that was looked at without, then reads and plans it again, and tells whether everything that
    /// would be done or held is the same now.
    pub(super) async fn is_still_so(
        &mut self,
        memory: &dyn Memory,
        Taking { leases, journal, holder, patience }: Taking<'a>,
    ) -> Result<bool, StoreError> {
        let tenure = self.tenure.insert(Tenure::over(leases));
        for Entry { name, desired, seen } in &mut self.entries {
            let Seen::Planned(shown, access, _) = seen else { continue };
            tenure.take(name, holder, patience).await?;
            match tenure.during(look(name, desired, self.goal, (memory, self.judge), access)).await {
                Ok(now) => **shown = now,
                Err(_) => return Ok(false),
            }
        }
        let under = Some((&*tenure, journal));
        tenure.during(together(&mut self.entries, self.desired, memory, under, now())).await?;
        Ok(digest_of(&self.entries) == self.digest)
    }

    /// Lets through what can be consented to, if this is the plan that consent was given to.
    pub(super) fn consent(&mut self, given: &DigestPrefix) -> Result<Digest, OtherPlan> {
        run::consent(self.entries.iter_mut().map(|entry| (entry.name, entry.review_mut())), given)
    }

    /// Reserves what these accounts lose, where consent lets more through than the guards did.
    pub(super) async fn reserve(&self, journal: &dyn Journal) -> Result<(), StoreError> {
        let Some(tenure) = &self.tenure else { return Ok(()) };
        let mut deciding = |_: &Neighbours| self.entries.iter().filter_map(Entry::reservation).collect();
        tenure.during(reconcile::reserve(&leases(&self.entries, tenure), journal, now(), &mut deciding)).await
    }

    /// Whether earlier runs left something that has to be written down now.
    pub(super) fn have_open_ends(&self) -> bool {
        self.entries.iter().any(|entry| match &entry.seen {
            Seen::Unread(_) => false,
            Seen::Planned(observation, _, _) => !observation.settled.is_empty(),
        })
    }

    /// Gives back what was taken, and ends what was started for the run; what was seen stays.
    pub(super) async fn close(mut self) -> Result<Self> {
        if let Some(tenure) = self.tenure.take() {
            tenure.give_back().await;
        }
        self.connector.close().await?;
        Ok(self)
    }
}

impl Entry<'_> {
    /// How many people will have lost access by what may be carried out.
    fn reservation(&self) -> Option<(AccountName, usize)> {
        match &self.seen {
            Seen::Unread(_) => None,
            Seen::Planned(seen, _, _) => {
                Some((self.name.clone(), Share::of_unheld(&seen.review).losses + seen.settled_losses()))
            }
        }
    }

    fn review(&self) -> Option<&Review> {
        match &self.seen {
            Seen::Unread(_) => None,
            Seen::Planned(observation, _, _) => Some(&observation.review),
        }
    }

    fn review_mut(&mut self) -> Option<&mut Review> {
        match &mut self.seen {
            Seen::Unread(_) => None,
            Seen::Planned(observation, _, _) => Some(&mut observation.review),
        }
    }

    fn view(&self) -> AccountView<'_> {
        let Self { name, desired, seen } = self;
        let state = match seen {
            Seen::Unread(failure) => State::Unread(failure),
            Seen::Planned(seen, _, None) => State::Planned { live: &seen.live, review: &seen.review },
            Seen::Planned(seen, _, Some(report)) => State::Applied { live: &seen.live, review: &seen.review, report },
        };
        AccountView { name, desired, state }
    }
}

/// Does this, and keeps what was taken meanwhile.
async fn keeping<Work: Future>(tenure: Option<&Tenure<'_>>, work: Work) -> Work::Output {
    match tenure {
        Some(tenure) => tenure.during(work).await,
        None => work.await,
    }
}

/// The rights to change these accounts.
fn leases<'a>(entries: &[Entry<'_>], tenure: &'a Tenure<'_>) -> Vec<&'a Lease> {
    entries.iter().filter_map(|entry| tenure.lease(entry.name)).collect()
}

/// Asks the guards that look at all accounts together. What those that were taken lose is reserved, so that whoever runs
/// beside this one knows of it.
async fn together(
    entries: &mut [Entry<'_>],
    desired: &Desired,
    memory: &dyn Memory,
    under: Option<(&Tenure<'_>, &dyn Journal)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let loses = entries.iter().filter_map(Entry::review).any(|review| Share::of(review).losses > 0);
    if !loses {
        // A plan that loses nothing needs no word from the others, and all their users would be read for it.
        look_at_all(entries, desired, &Neighbours::new(), now);
        return Ok(());
    }
    let Some((tenure, journal)) = under else {
        look_at_all(entries, desired, &reconcile::neighbours(memory, now).await?, now);
        return Ok(());
    };
    let leases = leases(entries, tenure);
    let mut deciding = |neighbours: &Neighbours| {
        look_at_all(entries, desired, neighbours, now);
        entries.iter().filter_map(Entry::reservation).collect()
    };
    reconcile::reserve(&leases, journal, now, &mut deciding).await
}

/// The same with what is remembered of the accounts of the roster.
fn look_at_all(entries: &mut [Entry<'_>], desired: &Desired, neighbours: &Neighbours, now: Timestamp) {
    let planned = entries.iter().filter(|entry| entry.review().is_some()).map(|entry| entry.name);
    let planned: BTreeSet<&AccountName> = planned.collect();
    let others = desired
        .accounts
        .iter()
        .filter(|(name, _)| !planned.contains(name))
        .filter_map(|(name, desired)| neighbours.get(name).map(|there| Share::of_the_day(desired, there, now)));
    let others = others.fold(Share::default(), Share::and);
    // One alone has no twin, and to count everybody of a large account takes a while.
    if planned.len() > 1 {
        twins::among(entries.iter_mut().filter_map(|Entry { name, desired: _, seen }| match seen {
            Seen::Unread(_) => None,
            Seen::Planned(seen, _, _) => Some((*name, Census::of(&seen.live), &mut seen.review)),
        }));
    }
    run::across(entries.iter_mut().filter_map(Entry::review_mut), others, desired.max_losses_total);
    // Who was not seen may be in an account that was not looked at.
    if planned.len() == desired.accounts.len() {
        run::protected_somewhere(entries.iter_mut().filter_map(Entry::review_mut));
    }
}

/// The digest of everything that would be done and everything that is held.
fn digest_of(entries: &[Entry<'_>]) -> Digest {
    digest::of(entries.iter().map(|entry| (entry.name, entry.review())))
}

async fn observe_one<'a>(
    name: &'a AccountName,
    desired: &'a DesiredAccount,
    goal: Goal<'_>,
    asked: (&dyn Memory, &dyn Judge),
    connector: &Connector,
) -> Entry<'a> {
    let seen = match connector.open(name, desired).await {
        Err(failure) => Seen::Unread(failure),
        Ok(access) => match look(name, desired, goal, asked, &access).await {
            Ok(observation) => {
                tracing::info!(account = %name, requests = access.requests(), "account read");
                Seen::Planned(Box::new(observation), access, None)
            }
            Err(error) => Seen::Unread(Failure::of(&error, error.hint().map(String::from))),
        },
    };
    Entry { name, desired, seen }
}

async fn look(
    name: &AccountName,
    desired: &DesiredAccount,
    goal: Goal<'_>,
    (memory, judge): (&dyn Memory, &dyn Judge),
    access: &Access,
) -> Result<Observation, ObservationError> {
    reconcile::observe(name, desired, goal.aim(), memory, judge, now(), &access.reader).await
}

fn failed(error: &StoreError) -> Failure {
    Failure::of(error, Some(error.hint().to_owned()))
}

#[expect(clippy::disallowed_methods, reason = "an edge: from here the moment is passed on")]
fn now() -> Timestamp {
    Timestamp::now()
}

pub(super) fn select<'a>(
    desired: &'a Desired,
    asked: &[AccountName],
) -> Result<BTreeMap<&'a AccountName, &'a DesiredAccount>> {
    for name in asked {
        if !desired.accounts.contains_key(name) {
            let known: Vec<&str> = desired.accounts.keys().map(AccountName::as_str).collect();
            let hint = format!("the roster has: {}", known.join(", "));
            return Err(WrongUse { message: format!("the roster has no account `{name}`"), hint: Some(hint) }.into());
        }
    }
    Ok(desired.accounts.iter().filter(|(name, _)| asked.is_empty() || asked.contains(name)).collect())
}
