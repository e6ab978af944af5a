//! What every mistake is called, and that the schema and the reader agree on what a roster is.

mod fixtures;

mod folders;

use serde_json::Value;

use super::*;
use crate::file::explanation::Example;
use crate::file::tests::fixtures::{SeenBy, bad, good};
use crate::model::desired::access::DesiredUser;
use crate::model::desired::policy::Invitations;
use crate::model::desired::{KeyReference, Provider};
use crate::model::email::Email;
use crate::model::person::Profile;

fn read_one(text: &str) -> Result<Loaded, Box<Invalid>> {
    read(Sources::from_texts([("roster.yaml", text)]))
}

fn codes(result: &Result<Loaded, Box<Invalid>>) -> Vec<&'static str> {
    let problems = match result {
        Ok(loaded) => &loaded.warnings,
        Err(invalid) => &invalid.problems,
    };
    problems.iter().map(|problem| problem.kind.code()).collect()
}

/// Whether the schema accepts a text that is YAML.
fn schema_accepts(validator: &jsonschema::Validator, text: &str) -> bool {
    validator.is_valid(&as_json(text))
}

fn as_json(text: &str) -> Value {
    serde_saphyr::from_str_with_options(text, syntax::options()).expect("YAML")
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::options().build(&schema::schema()).expect("a valid schema")
}

#[test]
fn every_mistake_has_its_name() {
    for (text, expected, _) in bad() {
        assert_eq!(codes(&read_one(&text)), expected, "{text}");
    }
}

#[test]
fn good_rosters_have_no_problem() {
    for text in good() {
        assert_eq!(codes(&read_one(&text)), [""; 0], "{text}");
    }
}

#[test]
fn the_schema_and_the_reader_agree() {
    let validator = validator();
    for text in good() {
        assert!(schema_accepts(&validator, &text), "{text}");
    }
    for (text, _, seen) in bad() {
        match seen {
            SeenBy::Schema => assert!(!schema_accepts(&validator, &text), "the schema accepts {text}"),
            SeenBy::Reading => assert!(schema_accepts(&validator, &text), "the schema refuses {text}"),
            SeenBy::Parser => {}
        }
    }
}

#[test]
fn every_code_is_explained_by_an_example_that_has_it() {
    let explanations = explanation::chapters().into_iter().flat_map(|chapter| chapter.explanations);
    let mut explained: Vec<&str> = explanations.clone().map(|explanation| explanation.code).collect();
    explained.sort_unstable();
    let mut known = Kind::codes().to_vec();
    known.sort_unstable();
    known.dedup();
    assert_eq!(explained, known);
    for explanation in explanations {
        let (problems, _) = explanation.problems();
        let mut found: Vec<&str> = problems.iter().map(|problem| problem.kind.code()).collect();
        found.dedup();
        // The one that is serde's own words, which nothing of ours leads to.
        let expected: &[&str] = if explanation.code == "wrong-shape" { &[] } else { &[explanation.code] };
        assert_eq!(found, expected, "{problems:?}");
    }
}

#[test]
fn every_check_finds_something() {
    let bad: Vec<Sources> = examples().map(|example| Sources::from_texts(example.bad.iter().copied())).collect();
    for (name, check) in CHECKS {
        let found = bad.iter().any(|sources| {
            let mut ignored = Problems::default();
            let read = |(source, file): (&Source, u32)| {
                understand_file(source, file, &mut BTreeSet::new(), &mut Problems::default())
            };
            let rosters: Vec<_> = sources.files().iter().zip(0..).map(read).collect();
            let draft = lower::lower(&rosters, sources, &mut ignored);
            let mut problems = Problems::default();
            check(&draft, &mut problems);
            !problems.finish().is_empty()
        });
        assert!(found, "nothing fails: {name}");
    }
}

#[test]
fn the_schema_accepts_every_mended_example() {
    let validator = validator();
    for example in examples() {
        for (name, text) in example.good {
            assert!(schema_accepts(&validator, text), "{name}: {text}");
        }
    }
}

fn examples() -> impl Iterator<Item = Example> {
    let explanations = explanation::chapters().into_iter().flat_map(|chapter| chapter.explanations);
    explanations.filter_map(|explanation| explanation.example)
}

#[test]
fn what_a_roster_says_is_what_is_desired() {
    let loaded = read_one(
        "defaults: { language: fr, prune: none, guards: { max_losses: { percent: 10 } } }
accounts:
  acme:
    provider: { kind: scim, url: https://scim.example/v2, key: { file: secrets/key } }
    ignore: ['*@Vendor.example']
    guards: { min_admins: 2 }
    users:
      Ada@acme.example: Team Lead
      grace@acme.example: { role: agent, last_name: ' No ', language: en }
",
    )
    .expect("a roster");
    let (name, account) = loaded.desired.accounts.first_key_value().expect("an account");
    let Provider::Remote(remote) = &account.provider else { panic!("a remote provider") };
    assert_eq!((name.as_str(), remote.url.as_str()), ("acme", "https://scim.example/v2"));
    assert_eq!(remote.key, KeyReference::File("secrets/key".into()));
    assert_eq!((account.guards.max_losses.percent, account.guards.max_losses.at_least), (10, 3));
    assert_eq!(account.guards.min_admins, 2);
    let users: Vec<String> = account
        .users
        .iter()
        .map(|(email, user)| {
            let language = user.language.as_ref().expect("a language");
            format!("{email} {} {language} {:?} {}", user.role, user.profile.last_name, user.place)
        })
        .collect();
    assert_eq!(
        users,
        ["Ada@acme.example Team Lead fr None roster.yaml:8", "grace@acme.example agent en Some(\"No\") roster.yaml:9",]
    );
}

/// The entry first, then the person, then the account, then `defaults`; nothing comes from the environment.
#[test]
fn what_is_said_nearest_counts() {
    let loaded = read_one(
        "defaults: { language: de, prune: all, ignore: ['*@one.example'], invitations: { resend_after: 7d, give_up_after: 5 } }
people:
  ada: { email: ada@acme.example, first_name: Ada, language: fr, formerly: [ada@old.example] }
  grace: { email: grace@acme.example, first_name: Grace, last_name: Hopper }
accounts:
  acme:
    provider: { kind: scim, url: https://scim.example/v2, key: { env: KEY } }
    title: ${HOME}
    language: en
    ignore: ['*@two.example']
    invitations: { give_up_after: 2 }
    users:
      ada: { role: agent, language: es, last_name: L., formerly: [ada@older.example] }
      grace: { role: agent, first_name: G. }
  beta:
    provider: { kind: scim, url: https://scim.example/v3, key: { env: KEY } }
    prune: none
    users: { ada: agent, linus@acme.example: agent }
",
    )
    .expect("a roster");
    let told = |name: &str| {
        let account = &loaded.desired.accounts[&name.parse().expect("a name")];
        let user = |(email, user): (&Email, &DesiredUser)| {
            let Profile { first_name, last_name } = &user.profile;
            let names = [first_name, last_name].map(|name| name.as_deref().unwrap_or("-")).join(" ");
            let formerly: Vec<&str> = user.formerly.iter().map(Email::as_str).collect();
            format!("{email} {names} {} {}", user.language.as_ref().expect("said"), formerly.join(" "))
        };
        let mut lines: Vec<String> = account.users.iter().map(user).collect();
        let ignored: Vec<String> = account.ignore.iter().map(ToString::to_string).collect();
        let Invitations { resend_after, give_up_after } = account.invitations;
        lines.push(format!("{} {give_up_after} {:?}", ignored.join(" "), resend_after.map(|after| after.as_hours())));
        lines.push(format!("{:?} {:?}", account.prune, account.title));
        lines
    };
    let acme = [
        "ada@acme.example Ada L. es ada@old.example ada@older.example",
        "grace@acme.example G. Hopper en ",
        "*@one.example *@two.example 2 Some(168)",
        "All Some(\"${HOME}\")",
    ];
    let beta = [
        "ada@acme.example Ada - fr ada@old.example",
        "linus@acme.example - - de ",
        "*@one.example 5 Some(168)",
        "None None",
    ];
    assert_eq!(told("acme"), acme);
    assert_eq!(told("beta"), beta);
}
