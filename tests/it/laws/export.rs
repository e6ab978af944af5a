//! The laws of an export, for random accounts in which people recur: it is valid, a plan over it has nothing to do for
//! whoever is written down, and what is said once says the same as what is said everywhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::select;
use roster::export::{self, Export, Seen};
use roster::file;
use roster::file::settings::Settings;
use roster::file::source::Sources;
use roster::model::account_name::AccountName;
use roster::model::desired::access::DesiredUser;
use roster::model::desired::{Desired, DesiredAccount};
use roster::model::email::Email;
use roster::model::live::{LiveRole, LiveUser, RoleId, RoleOrigin, Snapshot, Status};
use roster::model::person::Language;
use roster::model::role::{RoleDefinition, RoleName};
use roster::render::export::{Frame, roster};

use crate::laws::{email, people, planned, role};

/// Names that YAML or a terminal would take for something else.
const NAMES: [&str; 8] = ["no", "O'Hara: x", " ", "# \"7\"", "Zoë", "a\u{202e}b", "- a", "{}"];

/// Logins of which some cannot stand in a file.
const LOGINS: [&str; 4] = ["svc-01", "p@acme.example", "Ada+News@Acme.Example", "a.b@agency.example"];

/// The custom roles of an account that lists them.
type CustomRoles = Option<Vec<(RoleName, LiveRole)>>;

/// Accounts in which the same people recur, most of them with the same role.
fn accounts() -> impl Strategy<Value = Vec<Snapshot>> {
    proptest::collection::vec((people(), 0..20_u8, custom_roles()), 1..5).prop_flat_map(|accounts| {
        let regular = proptest::collection::vec((select(vec!["admin", "support"]), select(LOGINS.to_vec())), 0..6);
        let names = proptest::collection::vec(select(NAMES.to_vec()), 24);
        (Just(accounts), regular, names).prop_map(|(accounts, regular, names)| {
            let furnish = |(users, seed, roles): (Vec<LiveUser>, u8, CustomRoles)| {
                let users = users.into_iter().chain(regulars(&regular, seed)).enumerate();
                let users = users.map(|(place, user)| furnished(user, names[(place + usize::from(seed)) % 24], seed));
                let live = Snapshot::assemble(users.collect(), BTreeSet::new());
                match roles {
                    Some(roles) => live.with_roles(roles),
                    None => live,
                }
            };
            accounts.into_iter().map(furnish).collect()
        })
    })
}

/// People who are in most accounts, as what they are in most of them.
fn regulars(regular: &[(&str, &str)], seed: u8) -> Vec<LiveUser> {
    let template = crate::story::live("a@acme.example support").users().values().next().unwrap().clone();
    let one = |(place, (usual, login)): (usize, &(&str, &str))| {
        let held = if seed.is_multiple_of(7) { "analyst" } else { usual };
        let email = if place < 2 { Email::observed(login).unwrap() } else { email(&format!("regular{place}")) };
        let id = roster::model::live::UserId::observed(&format!("regular-{place}")).unwrap();
        LiveUser { id, email, roles: [role(held)].into_iter().collect(), ..template.clone() }
    };
    regular.iter().enumerate().map(one).collect()
}

/// Somebody with names and a language that are hard to write down.
fn furnished(mut user: LiveUser, name: &str, seed: u8) -> LiveUser {
    if seed.is_multiple_of(3) && user.profile.last_name.is_some() {
        user.profile.last_name = Some(name.to_owned());
    }
    if user.status == Status::Invited {
        user.language = ["fr", "de"][usize::from(seed) % 2].parse::<Language>().ok();
    }
    user
}

fn custom_roles() -> impl Strategy<Value = CustomRoles> {
    let permissions = select(vec![vec![], vec!["content-view".to_owned()]]);
    proptest::option::of(permissions.prop_map(|permissions| {
        let title = "Lifecycle Marketer – EU: \"all\"".to_owned();
        let definition =
            RoleDefinition { title, description: String::new(), permissions: permissions.into_iter().collect() };
        let live = LiveRole { id: RoleId::observed("r1").unwrap(), origin: RoleOrigin::Custom, definition };
        vec![(role("Lifecycle Marketer"), live)]
    }))
}

fn names() -> impl Iterator<Item = AccountName> {
    ["eu", "uk", "us", "jp", "za"].into_iter().map(|name| name.parse().unwrap())
}

/// A roster with an account for each name and nobody in it.
fn heads(catalogue: &str, prune: &str) -> file::Loaded {
    let head = |name: AccountName| {
        format!(
            "  {name}: {{ provider: sandbox, owner: owner@acme.example, catalogue: {catalogue}, prune: {prune}, allow_empty: true, ignore: ['vendor*'], users: {{}} }}\n"
        )
    };
    let yaml = format!("accounts:\n{}", names().map(head).collect::<String>());
    file::read(Sources::from_texts([("roster.yaml", yaml)])).expect("a valid roster")
}

fn exported(heads: &file::Loaded, accounts: &BTreeMap<AccountName, Snapshot>) -> (Export, Desired) {
    let seen = accounts.iter().map(|(name, live)| Seen { name, desired: &heads.desired.accounts[name], live });
    let export = export::export(&seen.collect::<Vec<_>>());
    let frame = Frame { settings: &Settings::of(&heads.sources), missing: &[], today: date(2026, 12, 1) };
    let yaml = roster(&export, &frame);
    let loaded = file::read(Sources::from_texts([("roster.yaml", yaml.as_str())]));
    let loaded = loaded.unwrap_or_else(|invalid| panic!("{:?}\n{yaml}", invalid.problems));
    (export, loaded.desired)
}

/// What a file says of people, wherever it says it.
fn said(DesiredAccount { users, roles, owner, .. }: &DesiredAccount) -> String {
    let one = |(email, user): (&Email, &DesiredUser)| {
        format!("{email} {} {:?} {:?}\n", user.role, user.profile, user.language)
    };
    let roles = roles.iter().flatten().map(|(name, role)| format!("{name} {:?}\n", role.definition));
    format!("{owner:?}\n{}{}", users.iter().map(one).collect::<String>(), roles.collect::<String>())
}

proptest! {
    #[test]
    fn what_is_exported_plans_nothing(lives in accounts()) {
        for (catalogue, prune) in [("account", "none"), ("any", "none"), ("account", "all")] {
            let accounts: BTreeMap<AccountName, Snapshot> = names().zip(lives.iter().cloned()).collect();
            let (export, desired) = exported(&heads(catalogue, prune), &accounts);
            for (name, live) in &accounts {
                let left_out: BTreeSet<&Email> = export.accounts[name].left_out.iter().map(|left| &left.user.email).collect();
                let plan = planned(&desired.accounts[name], live);
                let about_others: Vec<_> = plan.actions.iter().filter(|action| action.email().is_none_or(|email| !left_out.contains(email))).collect();
                prop_assert!(about_others.is_empty(), "{about_others:?}");
                prop_assert!(prune == "all" || plan.actions.is_empty(), "{:?}", plan.actions);
            }
        }
    }

    #[test]
    fn what_is_grouped_says_the_same_as_what_is_not(lives in accounts()) {
        let heads = heads("any", "none");
        let accounts: BTreeMap<AccountName, Snapshot> = names().zip(lives).collect();
        let (grouped, desired) = exported(&heads, &accounts);
        let mut entries = 0;
        for (name, live) in &accounts {
            let (alone, one) = exported(&heads, &BTreeMap::from([(name.clone(), live.clone())]));
            prop_assert!(alone.teams.is_empty() && alone.people.is_empty());
            prop_assert_eq!(said(&one.accounts[name]), said(&desired.accounts[name]));
            entries += alone.accounts[name].users.len() - grouped.accounts[name].users.len();
        }
        let members: usize = grouped.teams.values().map(|members| 1 + members.len()).sum();
        let access: usize = grouped.accounts.values().map(|account| account.teams.len()).sum();
        prop_assert!(grouped.teams.is_empty() || members + access < entries, "{grouped:?}");
    }
}
