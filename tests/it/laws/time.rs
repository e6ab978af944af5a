//! The same laws where days pass, people change their addresses, invitations grow old, and whoever goes is deactivated
//! first: for random people, memories and servers.

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use roster::model::action::Change;
use roster::model::capabilities::{Capabilities, TakingOut};
use roster::model::desired::access::{Standing, Term, day_of};
use roster::model::desired::policy::{Invitations, Removal};
use roster::model::ledger::SentInvitations;
use roster::model::situation::Situation;

use super::*;

/// Everything a plan leans on.
#[derive(Debug, Clone)]
struct Scene {
    desired: DesiredAccount,
    users: Vec<LiveUser>,
    ledger: Ledger,
    capabilities: Capabilities,
}

/// What is known of one person on every side.
#[derive(Debug, Clone)]
struct Person {
    name: &'static str,
    wanted: Option<DesiredUser>,
    present: Option<LiveUser>,
    former: Option<LiveUser>,
    managed: bool,
    /// How many days ago the user was deactivated, and the last invitation went out.
    days_ago: i64,
    invitations: u32,
}

fn now() -> Timestamp {
    story::noon("2026-12-01")
}

fn day(offset: i64) -> jiff::civil::Date {
    day_of(now()).saturating_add(offset.days())
}

fn ago(days: i64) -> Timestamp {
    now() - (days * 24).hours()
}

fn old(name: &str) -> Email {
    email(&format!("old-{name}"))
}

fn term() -> impl Strategy<Value = Term> {
    let offset = || proptest::option::of(-3..=3_i64);
    (offset(), offset()).prop_map(|(starts, length)| {
        let expires = length.map(|length| day(starts.unwrap_or_default().saturating_add(length.abs() - 1)));
        Term { starts: starts.map(day), expires: expires.filter(|last| starts.is_none_or(|first| day(first) <= *last)) }
    })
}

fn wanted(name: &'static str) -> impl Strategy<Value = DesiredUser> {
    (select(ROLES.to_vec()), profile(), term(), any::<bool>()).prop_map(move |(wanted, profile, term, moved)| {
        DesiredUser {
            place: story::account("users: {}").place,
            grant: if moved { Grant::Team("design".to_owned()) } else { Grant::Entry },
            teams: BTreeSet::new(),
            role: role(wanted),
            profile,
            language: None,
            term,
            formerly: moved.then(|| old(name)).into_iter().collect(),
            reason: None,
        }
    })
}

fn there(id: String, email: Email) -> impl Strategy<Value = LiveUser> {
    let status = select(vec![Status::Active, Status::Invited, Status::Deactivated]);
    (subsequence(ROLES.to_vec(), 0..3), profile(), status).prop_map(move |(held, profile, status)| {
        let id = UserId::observed(&id).unwrap();
        let roles = held.into_iter().map(role).collect();
        LiveUser { email: email.clone(), id, roles, profile, status, language: None, dates: Dates::default() }
    })
}

fn person(name: &'static str) -> impl Strategy<Value = Person> {
    (
        proptest::option::of(wanted(name)),
        proptest::option::of(there(format!("id-{name}"), email(name))),
        proptest::option::weighted(0.3, there(format!("id-old-{name}"), old(name))),
        any::<bool>(),
        0..14_i64,
        0..5_u32,
    )
        .prop_map(move |(wanted, present, former, managed, days_ago, invitations)| Person {
            name,
            wanted,
            present,
            former,
            managed,
            days_ago,
            invitations,
        })
}

fn capabilities() -> impl Strategy<Value = Capabilities> {
    let taking_out = select(vec![TakingOut::Delete, TakingOut::Deactivate, TakingOut::Both]);
    (taking_out, any::<[bool; 4]>()).prop_map(|(taking_out, [roles, role_of_invited, addresses, resending])| {
        Capabilities { taking_out, roles, role_of_invited, addresses, resending, custom_roles: false }
    })
}

fn scenes() -> impl Strategy<Value = Scene> {
    let people: Vec<_> = PEOPLE.into_iter().map(person).collect();
    let prune = select(vec![Prune::All, Prune::All, Prune::Managed, Prune::None]);
    let days = || proptest::option::of(1..10_i64);
    (people, prune, days(), days(), capabilities()).prop_map(|(people, prune, grace, resend_after, capabilities)| {
        let mut desired = story::account("users: {}\nignore: ['vendor*']");
        desired.prune = prune;
        desired.removal = Removal { grace: grace.map(|days| jiff::SignedDuration::from_hours(days * 24)) };
        let resend_after = resend_after.map(|days| jiff::SignedDuration::from_hours(days * 24));
        desired.invitations = Invitations { resend_after, ..Invitations::default() };
        let mut scene = Scene { desired, users: vec![owner()], ledger: Ledger::default(), capabilities };
        people.into_iter().for_each(|person| scene.add(person));
        scene
    })
}

fn owner() -> LiveUser {
    story::live("owner@acme.example owner").users().values().next().unwrap().clone()
}

impl Scene {
    fn add(&mut self, person: Person) {
        let Person { name, wanted, present, former, managed, days_ago, invitations } = person;
        for user in present.iter().chain(&former) {
            match user.status {
                Status::Deactivated if managed => {
                    self.ledger.deactivated.insert(user.id.clone(), ago(days_ago));
                }
                Status::Invited if invitations > 0 => {
                    let sent = SentInvitations { count: invitations, latest: ago(days_ago) };
                    self.ledger.invitations.insert(user.email.clone(), sent);
                }
                Status::Active | Status::Invited | Status::Deactivated => {}
            }
        }
        self.ledger.managed.extend(managed.then(|| email(name)));
        // Nobody is listed whom the file ignores.
        let listed = wanted.filter(|_| !self.desired.ignores(&email(name)));
        self.desired.users.extend(listed.map(|wanted| (email(name), wanted)));
        self.users.extend(present.into_iter().chain(former));
    }

    fn live(&self) -> Snapshot {
        Snapshot::assemble(self.users.clone(), BTreeSet::new())
    }

    fn plan_at(&self, live: &Snapshot, now: Timestamp) -> (Plan, Option<Timestamp>) {
        let Self { desired, users: _, ledger, capabilities } = self;
        let situation = Situation { desired, live, ledger, capabilities: *capabilities, now };
        (plan::plan(&situation), plan::wakes(&situation))
    }

    fn plan(&self) -> Plan {
        self.plan_at(&self.live(), now()).0
    }

    /// The scene when the plan has been carried out and noted.
    fn after(&self) -> Self {
        let account = Obedient::new(&self.users, BTreeSet::new());
        let mut after = self.clone();
        for action in &self.plan().actions {
            account.obey(action);
            after.ledger.note(action, usize::from(action.change.is_loss(self.desired.catalogue)), now());
        }
        after.users = account.into_users();
        after
    }

    fn is_in(&self, email: &Email) -> bool {
        self.users.iter().any(|user| user.email == *email && user.status != Status::Deactivated)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_that_was_carried_out_and_noted_leaves_nothing(scene in scenes()) {
        let after = scene.after();
        let left = after.plan();
        prop_assert_eq!(left.actions, Vec::new());
    }

    #[test]
    fn nobody_is_in_outside_their_days_and_everybody_within(scene in scenes()) {
        let (plan, after) = (scene.plan(), scene.after());
        let left_alone: BTreeSet<String> = plan.left_alone.iter().map(|left| left.subject.to_string()).collect();
        for (email, wanted) in &scene.desired.users {
            let addresses: Vec<&Email> = wanted.formerly.iter().chain([email]).collect();
            if addresses.iter().any(|address| left_alone.contains(&address.to_string())) {
                continue;
            }
            let running = wanted.term.on(day(0)) == Standing::Running;
            prop_assert_eq!(addresses.iter().any(|address| after.is_in(address)), running, "{}", email);
        }
    }

    /// A former address that is found is one person with one history, never somebody who goes and somebody who comes.
    #[test]
    fn a_move_is_one_person(scene in scenes()) {
        let (plan, live) = (scene.plan(), scene.live());
        for (email, wanted) in &scene.desired.users {
            let former: Vec<&LiveUser> = wanted.formerly.iter().filter_map(|former| live.users().get(former)).collect();
            let ([former], None) = (former.as_slice(), live.users().get(email)) else { continue };
            let of_person = |action: &&Action| {
                action.email() == Some(email) || action.change.user_id() == Some(&former.id)
            };
            let actions: Vec<&Action> = plan.actions.iter().filter(of_person).collect();
            let invited = actions.iter().any(|action| matches!(action.change, Change::Invite { .. }));
            prop_assert!(!invited, "{:?}", actions);
            if wanted.term.on(day(0)) == Standing::Running {
                let goes = actions.iter().any(|action| action.change.ends_access());
                let moves = actions.iter().filter(|action| matches!(action.change, Change::Move { .. })).count();
                prop_assert!(!goes && moves == usize::from(scene.capabilities.addresses), "{:?}", actions);
            }
        }
    }

    #[test]
    fn only_the_managed_are_pruned_where_the_file_says_so(scene in scenes()) {
        let scene = Scene { desired: DesiredAccount { prune: Prune::Managed, ..scene.desired.clone() }, ..scene };
        for action in scene.plan().actions.iter().filter(|action| action.change.ends_access()) {
            let (email, id) = (action.email().unwrap(), action.change.user_id().unwrap());
            let listed = scene.desired.users.iter().any(|(present, user)| present == email || user.formerly.contains(email));
            let known = scene.ledger.managed.contains(email) || scene.ledger.deactivated.contains_key(id);
            prop_assert!(listed || known, "{:?}", action);
        }
    }

    #[test]
    fn neither_order_of_people_nor_of_addresses_decides(
        (scene, shuffled) in scenes().prop_flat_map(|scene| {
            let shuffled = Just(scene.users.clone()).prop_shuffle();
            (Just(scene), shuffled)
        }),
    ) {
        let other = Scene { users: shuffled, ..scene.clone() };
        prop_assert_eq!(scene.plan(), other.plan());
    }

    /// The daemon sleeps until then, so nothing may begin earlier.
    #[test]
    fn until_it_wakes_time_changes_nothing(scene in scenes()) {
        let live = scene.live();
        let (plan, wakes) = scene.plan_at(&live, now());
        let before = wakes.map_or(now() + (2400).hours(), |moment| moment - 1.second());
        let told = |plan: &Plan| {
            let verbs: Vec<String> =
                plan.actions.iter().map(|action| format!("{} {}", action.change.verb(), action.subject)).collect();
            (verbs, plan.left_alone.clone(), plan.ending.clone(), plan.in_sync)
        };
        prop_assert_eq!(told(&plan), told(&scene.plan_at(&live, before).0));
    }
}
