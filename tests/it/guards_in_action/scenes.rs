//! The scenes: for each guard the smallest account and file that show it.

use roster::guard::name::Guard;

use crate::harness::World;

/// What happens, and in which account.
pub(super) struct Scene {
    pub(super) guard: Guard,
    /// What happens, in a few words.
    pub(super) happens: &'static str,
    pub(super) service: Service,
    /// Files that were applied before, one after the other; everybody accepted.
    pub(super) earlier: Vec<String>,
    /// The file that the command meets.
    pub(super) file: String,
    /// Other files.
    pub(super) beside: &'static [(&'static str, &'static str)],
    /// What else happens before the command.
    pub(super) prepare: fn(&World),
    pub(super) command: &'static [&'static str],
}

/// Where the account is.
pub(super) enum Service {
    /// In the embedded service, within the program.
    Within,
    /// In the embedded service, as a process of its own that does this wrong.
    Beside(&'static [&'static str]),
    /// At a server that gives this answer: the embedded service knows nobody without an address.
    Elsewhere(&'static str),
}

const WITHIN: &str = "provider: sandbox";
const BESIDE: &str = "provider: { kind: scim, url: BASE, key: { env: ACME_KEY } }";
const AGAIN: &str = "provider: { kind: scim, url: BASE, key: { file: key.txt } }";
const IDENTIFIED: &str = "provider: { kind: scim, url: BASE, key: { env: ACME_KEY }, identity: ada@acme.example }";

/// A file with one account.
fn acme(provider: &str, settings: &[&str], users: &[&str]) -> String {
    let settings: String = settings.iter().map(|line| format!("    {line}\n")).collect();
    let users: String = match users {
        [] => " {}\n".to_owned(),
        some => std::iter::once("\n".to_owned()).chain(some.iter().map(|user| format!("      {user}\n"))).collect(),
    };
    format!(
        "accounts:\n  acme:\n    {provider}\n    owner: owner@acme.example\n    prune: all\n{settings}    users:{users}"
    )
}

fn within(settings: &[&str], users: &[&str]) -> String {
    acme(WITHIN, settings, users)
}

const ADA: &str = "ada@acme.example: admin";
const BOB: &str = "bob@acme.example: support";

/// Six people of support.
const CREW: [&str; 6] = [
    "crew1@acme.example: support",
    "crew2@acme.example: support",
    "crew3@acme.example: support",
    "crew4@acme.example: support",
    "crew5@acme.example: support",
    "crew6@acme.example: support",
];

fn scene(guard: Guard, happens: &'static str, earlier: Vec<String>, file: String) -> Scene {
    let (service, beside, prepare): (_, _, fn(&World)) = (Service::Within, &[], |_| {});
    Scene { guard, happens, service, earlier, file, beside, prepare, command: &["apply", "--yes"] }
}

/// A scene for each guard, in the order of the reference.
pub(super) fn scenes() -> Vec<Scene> {
    let mut scenes = of_reading();
    scenes.extend(of_the_account());
    scenes.extend(of_the_listing());
    scenes.extend(of_losses());
    scenes.extend(of_people());
    scenes
}

fn of_reading() -> Vec<Scene> {
    let nobody = r#"{"totalResults":2,"Resources":[{"id":"1","userName":"10041","active":true},{"id":"2","userName":"10042","active":true}]}"#;
    vec![
        scene(Guard::Empty, "The users were taken out of the file", vec![within(&[], &[ADA, BOB])], within(&[], &[])),
        Scene {
            service: Service::Elsewhere(nobody),
            ..scene(
                Guard::Logins,
                "A server calls people by numbers",
                Vec::new(),
                acme(BESIDE, &[], &[ADA]).replace("    owner: owner@acme.example\n", ""),
            )
        },
    ]
}

/// It is the account that is meant.
fn of_the_account() -> Vec<Scene> {
    let production = r#"{"totalResults":2,"Resources":[{"id":"p1","userName":"owner@acme.example","active":true,"roles":["owner"]},{"id":"p2","userName":"cyd@acme.example","active":true,"roles":["admin"]}]}"#;
    vec![
        Scene {
            service: Service::Beside(&[]),
            ..scene(
                Guard::Catalogue,
                "An account is taken for a portfolio",
                vec![acme(BESIDE, &[], &[ADA, BOB])],
                acme(BESIDE, &["catalogue: portfolio"], &["ada@acme.example: portfolio-admin"]),
            )
        },
        Scene {
            service: Service::Elsewhere(production),
            ..scene(
                Guard::Remembered,
                "A file for production is run with the state of a trial account that has the same name and the same Owner",
                vec![within(&[], &[ADA, BOB])],
                acme(BESIDE, &[], &[ADA]),
            )
        },
        scene(
            Guard::Owner,
            "The file is for an account with another Owner",
            vec![within(&[], &[BOB])],
            within(&[], &[ADA]).replace("owner@acme", "owner@other"),
        ),
    ]
}

/// It was read whole, and nobody loses what they are to keep.
fn of_the_listing() -> Vec<Scene> {
    let protected = &[("protected.txt", "ada@acme.example\n")];
    vec![
        Scene {
            service: Service::Beside(&["total +2 on GET /Users"]),
            ..scene(
                Guard::CompleteRead,
                "The server counts two users more than it lists, and somebody is to go",
                vec![acme(BESIDE, &[], &[ADA, BOB])],
                acme(BESIDE, &[], &[ADA]),
            )
        },
        Scene {
            beside: protected,
            command: &["apply", "--yes", "--protect-file", "protected.txt"],
            ..scene(
                Guard::Protect,
                "A line was deleted, and whom it was for stands in a list of people who lose nothing",
                vec![within(&[], &[ADA, BOB])],
                within(&[], &[BOB]),
            )
        },
        Scene {
            service: Service::Beside(&[]),
            ..scene(
                Guard::Identity,
                "Somebody is to go whose key is used",
                vec![acme(BESIDE, &[], &[ADA, BOB])],
                acme(IDENTIFIED, &[], &[BOB]),
            )
        },
    ]
}

fn of_losses() -> Vec<Scene> {
    let everybody = || vec![within(&[], &CREW)];
    let both = |users: usize| {
        let account = |name: &str| {
            let text = within(&[], &CREW[..users]).replace("acme:", &format!("{name}:"));
            text.strip_prefix("accounts:\n").unwrap().to_owned()
        };
        format!(
            "guards: {{ max_losses_total: {{ percent: 0, at_least: 3 }} }}\naccounts:\n{}{}",
            account("acme"),
            account("beta")
        )
    };
    vec![
        scene(Guard::MaxLosses, "Four of six lines are gone", everybody(), within(&[], &CREW[..2])),
        scene(
            Guard::MaxLossesPerDay,
            "Three go, and on the same day two more",
            vec![
                within(&["guards: { max_losses_per_day: { percent: 0, at_least: 4 } }"], &CREW),
                within(&["guards: { max_losses_per_day: { percent: 0, at_least: 4 } }"], &CREW[..3]),
            ],
            within(&["guards: { max_losses_per_day: { percent: 0, at_least: 4 } }"], &CREW[..1]),
        ),
        scene(
            Guard::MaxLossesTotal,
            "Two leave one account and two another, and all accounts together may lose three",
            vec![both(6)],
            both(4),
        ),
        Scene {
            service: Service::Beside(&[]),
            beside: &[("key.txt", "a key for tests\n")],
            ..scene(
                Guard::Distinct,
                "An account stands in the file twice, by two keys, and each entry takes out somebody else",
                vec![acme(BESIDE, &[], &CREW)],
                [
                    acme(BESIDE, &[], &CREW[1..]),
                    acme(AGAIN, &[], &CREW[..5]).replace("acme:", "again:").replace("accounts:\n", ""),
                ]
                .concat(),
            )
        },
        Scene {
            command: &["daemon", "--once"],
            prepare: |world| {
                // The daemon finds five losses and holds them; then somebody takes three of the five out by hand.
                world.run(&["daemon", "--once"]);
                world.write("other.yaml", within(&[], &CREW[..3]));
                assert_eq!(world.run(&["apply", "other.yaml", "--yes", "--state", "none"]).code, 0);
            },
            ..scene(
                Guard::Quarantine,
                "A daemon held five losses; three of them happen by hand, and the two that are left are no reason for trust",
                everybody(),
                within(&[], &CREW[..1]),
            )
        },
    ]
}

fn of_people() -> Vec<Scene> {
    let lovelace = |domain: &str| format!("ada.lovelace@{domain}: support");
    let flapping = |role: &str| within(&["guards: { flapping: 3 }"], &[&format!("bob@acme.example: {role}")]);
    vec![
        scene(
            Guard::MinAdmins,
            "An Admin is to go where two Owners and Admins have to be at every moment",
            vec![within(&["guards: { min_admins: 2 }"], &[ADA, BOB])],
            within(&["guards: { min_admins: 2 }"], &["grace@acme.example: admin", BOB]),
        ),
        scene(
            Guard::MaxAdmins,
            "A third one is to become Admin where two may be",
            vec![within(&["guards: { max_admins: 2 }"], &[ADA, BOB])],
            within(&["guards: { max_admins: 2 }"], &[ADA, "bob@acme.example: admin"]),
        ),
        scene(
            Guard::Domains,
            "A slip in an address lets in a stranger",
            vec![within(&["guards: { domains: [acme.example] }"], &[ADA])],
            within(&["guards: { domains: [acme.example] }"], &[ADA, "bob@acme-example.com: support"]),
        ),
        scene(
            Guard::External,
            "Somebody from an agency is to get more than people from outside may have, and for ever",
            vec![within(&[], &[ADA])],
            within(
                &["guards: { external: { home: [acme.example], highest_role: analyst, must_expire: true } }"],
                &[ADA, "kay@agency.example: manager"],
            ),
        ),
        scene(
            Guard::Lookalike,
            "A person gets a new address and is taken for two",
            vec![within(&[], &[&lovelace("acme.example")])],
            within(&[], &[&lovelace("acme.org")]),
        ),
        scene(
            Guard::Flapping,
            "One person's role is changed to and fro",
            vec![flapping("support"), flapping("analyst"), flapping("support")],
            flapping("analyst"),
        ),
        Scene {
            beside: &[("admins.rego", ADMINS)],
            command: &["plan", "--policy", "admins.rego"],
            ..scene(
                Guard::Policy,
                "A rule in Rego, kept outside the roster, denies that anybody becomes Admin",
                vec![within(&[], &[ADA])],
                within(&[], &[ADA, "cyd@acme.example: admin"]),
            )
        },
    ]
}

const ADMINS: &str = "\
package roster.admins

deny contains {\"msg\": sprintf(\"%s would become Admin\", [action.email]), \"action\": place} if {
	some place, action in input.accounts[0].actions
	\"admin\" in action.after.roles
}
";
