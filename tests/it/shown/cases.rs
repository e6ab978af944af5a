//! The documents that are shown: what a run comes to, from nothing to do to two thousand changes.

use roster::file;
use roster::file::source::Sources;
use roster::guard::{self, Review, digest};
use roster::model::desired::DesiredAccount;
use roster::model::ledger::Ledger;
use roster::model::live::Snapshot;
use roster::plan;
use roster::render::account::{AccountView, State};
use roster::render::failure::Failure;
use roster::render::json::action::{Access, Action, Cause, Ended, Outcome, Status, Verb};
use roster::render::json::plan::{Plan, Roster};
use roster::render::json::{Account, Document, Place, Problem, Totals};

use crate::shown::actions::{self, loss, user};
use crate::story;

/// Every case that is shown in every form, by name.
pub(super) fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("no-change", no_change()),
        ("grants", grants()),
        ("losses", losses()),
        ("left-alone", left_alone()),
        ("held", held()),
        ("refused", refused()),
        ("invalid", invalid()),
        ("unread", unread()),
        ("actions", every_action()),
        ("applied", applied()),
        ("hostile", hostile()),
    ]
}

const HEAD: &str = "provider: sandbox, owner: owner@acme.example, prune: all";

fn no_change() -> Document {
    planned(
        &format!("accounts:\n  acme: {{ {HEAD}, users: {{ ada@acme.example: admin }} }}\n"),
        &[Ok("owner@acme.example owner\nada@acme.example admin")],
    )
}

fn grants() -> Document {
    planned(
        &format!(
            "accounts:
  acme:
    {}
    title: Acme Europe
    users:
      ada@acme.example: manager
      bob@acme.example: support
      kay@agency.example: {{ role: campaign-coordinator, first_name: Kay, last_name: McNulty, language: fr, expires: 2027-01-31, reason: 'Q4 campaign, OPS-123' }}
",
            HEAD.replace(", ", "\n    ")
        ),
        &[Ok("owner@acme.example owner\nada@acme.example analyst\nbob@acme.example support deactivated")],
    )
}

fn losses() -> Document {
    planned(
        &format!(
            "accounts:
  acme: {{ {HEAD}, users: {{ ada@acme.example: admin, eve@acme.example: support, new@acme.example: analyst }} }}
"
        ),
        &[Ok(
            "owner@acme.example owner\nada@acme.example admin\nbob@acme.example analyst\ncyd@acme.example support invited\neve@acme.example manager",
        )],
    )
}

/// Nothing to do, and something to know all the same.
fn left_alone() -> Document {
    planned(
        "accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: none
    ignore: ['*@bots.example']
    users:
      ada@acme.example: admin
      kay@agency.example: { role: support, expires: 2026-12-10 }
",
        &[Ok(
            "owner@acme.example owner\nada@acme.example admin\nbob@acme.example analyst\nkay@agency.example support\nmail@bots.example support",
        )],
    )
}

fn held() -> Document {
    let people: String = (1..=5).map(|number| format!("p{number}@acme.example support\n")).collect();
    planned(
        &format!(
            "accounts:
  acme-eu: {{ {HEAD}, users: {{ ada@acme.example: admin, new@acme.example: analyst }} }}
  acme-us: {{ {HEAD}, users: {{ ada@acme.example: admin }} }}
"
        ),
        &[
            Ok(&format!("owner@acme.example owner\nada@acme.example manager\n{people}")),
            Ok("owner@acme.example owner\nada@acme.example admin\nbob@acme.example support"),
        ],
    )
}

fn refused() -> Document {
    planned(
        &format!("accounts:\n  acme: {{ {HEAD}, users: {{ ada@acme.example: admin }} }}\n"),
        &[Ok("eve@other.example owner\nbob@other.example support")],
    )
}

/// A roster that cannot be used.
pub(super) fn invalid() -> Document {
    let yaml = format!(
        "accounts:\n  acme: {{ {HEAD}, users: {{ ada@acme.example: analist, ADA@acme.example: admin }} }}\n  eu: {{ users: {{}} }}\n"
    );
    let invalid = file::read(Sources::from_texts([("roster.yaml", yaml)])).unwrap_err();
    let problems = Problem::all(&invalid.problems, &invalid.sources);
    Document { problems, exit_code: 65, ..Document::new("plan") }
}

fn unread() -> Document {
    let failure = Failure {
        message: "GET https://scim.example/v2/Users?startIndex=1&count=200: no answer".to_owned(),
        causes: vec!["Connection refused (os error 111)".to_owned()],
        hint: Some("check `url` in the roster, and that this machine can reach it".to_owned()),
    };
    planned(
        &format!(
            "accounts:
  acme-eu: {{ {HEAD}, users: {{ ada@acme.example: admin }} }}
  acme-us: {{ {HEAD}, users: {{ ada@acme.example: admin }} }}
"
        ),
        &[Ok("owner@acme.example owner"), Err(failure)],
    )
}

/// Names that would like to be more than names: on the left those of the file, on the right those of the account.
fn hostile() -> Document {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    title: \"</summary></details> @everyone <img src=x> `a` *b* #1 ::error::x\"
    guards: { max_losses: { percent: 100 } }
    users:
      ada@acme.example: admin
      new@acme.example: { role: analyst, first_name: '</details>', last_name: '```@everyone #1' }
";
    let account = [
        "owner@acme.example owner",
        "ada@acme.example support",
        "</details> admin",
        "::error::boo support",
        "##[error]boo support",
        "@everyone support",
        "``````@here support",
        "--><script>alert(1)</script> support",
        "![x](http://evil.example/p.png) support",
        "\u{1b}[2J\u{202e}x support",
        "|a|b| support",
        "#1 <!--",
    ];
    planned(file, &[Ok(&account.join("\n"))])
}

/// Each action and each cause there is.
pub(super) fn every_action() -> Document {
    of_accounts(vec![Account { actions: actions::all(), ..account() }])
}

/// What an apply leaves: done, failed, not tried, held.
fn applied() -> Document {
    let mut document = held();
    "apply".clone_into(&mut document.command);
    let outcome = |result, error, reason| Some(Outcome { result, error, reason });
    for (place, action) in document
        .accounts
        .iter_mut()
        .flat_map(|account| &mut account.actions)
        .filter(|action| !action.is_held())
        .enumerate()
    {
        action.outcome = match place {
            0 => outcome(Ended::Done, None, None),
            1 => outcome(
                Ended::Failed,
                Some(Failure {
                    message: "POST https://scim.example/v2/Users: the server forbids this (HTTP 403)".to_owned(),
                    causes: Vec::new(),
                    hint: Some("check what `key` may do: it has to read and change users".to_owned()),
                }),
                None,
            ),
            _ => outcome(Ended::NotTried, None, Some("an earlier failure concerns the whole account".to_owned())),
        };
    }
    document.summary = Some(Totals::of(&document.accounts));
    document
}

/// Runs of like actions, many accounts in sync.
pub(super) fn long_run() -> Document {
    let quiet = (0..7).map(|number| Account { name: format!("acme-{number}"), in_sync: 3, ..account() });
    let invited = Access { roles: vec!["support".to_owned()], status: Some(Status::Invited), ..Access::default() };
    let gone = Access { status: Some(Status::Active), ..invited.clone() };
    let invites =
        (10..40).map(|number| user(Verb::Invite, &format!("p{number}@x.example"), None, Some(invited.clone())));
    let losses = (10..40).map(|number| {
        loss(user(Verb::Remove, &format!("q{number}@x.example"), Some(gone.clone()), None), Cause::NotListed)
    });
    let busy = Account { name: "busy".to_owned(), actions: invites.chain(losses).collect(), ..account() };
    of_accounts(quiet.chain([busy]).collect())
}

/// Two thousand changes, 400 of which take access away.
pub(super) fn two_thousand() -> Document {
    let access =
        |status| Access { roles: vec!["campaign-coordinator".to_owned()], status: Some(status), ..Access::default() };
    let address = |number: usize| format!("first-name.last-name-{number}@department.acme.example");
    let invites = (0..1600).map(|number| user(Verb::Invite, &address(number), None, Some(access(Status::Invited))));
    let losses = (1600..2000)
        .map(|number| loss(user(Verb::Remove, &address(number), Some(access(Status::Active)), None), Cause::NotListed));
    let actions: Vec<Action> = invites.chain(losses).collect();
    let (one, other) = actions.split_at(800);
    let of = |name: &str, actions: &[Action]| Account { name: name.to_owned(), actions: actions.to_vec(), ..account() };
    of_accounts(vec![of("acme-eu", one), of("acme-us", other)])
}

pub(super) fn place(line: u32) -> Place {
    Place { file: "roster.yaml".to_owned(), line, column: 7 }
}

fn account() -> Account {
    Account {
        name: "acme".to_owned(),
        title: None,
        provider: "klaviyo".to_owned(),
        server: Some("https://a.klaviyo.com/scim/v2".to_owned()),
        at: place(2),
        error: None,
        state_error: None,
        users: Some(60),
        proven_whole: Some(true),
        observed: None,
        in_sync: 20,
        actions: Vec::new(),
        findings: Vec::new(),
        left_alone: Vec::new(),
        ending: Vec::new(),
        contradictions: Vec::new(),
        notes: Vec::new(),
        people: None,
        last_run: None,
    }
}

fn of_accounts(accounts: Vec<Account>) -> Document {
    let plan = Some(Plan {
        digest: "7c1f9a0e5b3d2f64".repeat(4),
        consentable: 0,
        roster: Roster { path: "roster.yaml".to_owned(), digest: "0123456789abcdef".repeat(4) },
        selection: Vec::new(),
        protect_file: None,
        policies: Vec::new(),
        takes_back: None,
        created: "2026-12-01T12:00:00Z".parse().unwrap(),
        expires: None,
        seal: None,
    });
    Document { plan, summary: Some(Totals::of(&accounts)), accounts, ..Document::new("plan") }
}

/// What a plan of this roster comes to, account by account in the order of their names.
fn planned(yaml: &str, accounts: &[Result<&str, Failure>]) -> Document {
    let loaded = file::read(Sources::from_texts([("roster.yaml", yaml)])).expect("a valid roster");
    let seen: Vec<Result<(Snapshot, Review), &Failure>> = loaded
        .desired
        .accounts
        .values()
        .zip(accounts)
        .map(|(desired, account)| account.as_ref().map(|lines| review(desired, lines)))
        .collect();
    let views = loaded.desired.accounts.iter().zip(&seen).map(|((name, desired), seen)| {
        let state = match seen {
            Ok((live, review)) => State::Planned { live, review },
            Err(failure) => State::Unread(failure),
        };
        Account::of(&AccountView { name, desired, state })
    });
    let accounts: Vec<Account> = views.collect();
    let reviews = loaded
        .desired
        .accounts
        .keys()
        .zip(&seen)
        .map(|(name, seen)| (name, seen.as_ref().ok().map(|(_, review)| review)));
    let mut document = of_accounts(accounts);
    if let Some(plan) = &mut document.plan {
        plan.digest = digest::of(reviews).to_string();
        plan.consentable = seen.iter().flatten().map(|(_, review)| review.consentable()).sum();
        plan.roster.digest = loaded.sources.digest().to_string();
    }
    document
}

fn review(desired: &DesiredAccount, lines: &str) -> (Snapshot, Review) {
    let (live, ledger) = (story::live(lines), Ledger::default());
    let situation = story::situation(desired, &live, &ledger);
    let review = guard::review(plan::plan(&situation), &situation);
    (live, review)
}
