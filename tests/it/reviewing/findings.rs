//! Each thing that is found, beside what is like it and is none.

use insta::assert_snapshot;
use roster::model::live::Doubt;
use roster::render::review::Form;

use super::forms;
use super::scene::Scene;

const OWNER: &str = "owner@acme.example owner\n";

/// One account at home, with these users in the roster and in the account.
fn told(users: &str, lines: &str) -> String {
    scene("", users, lines).told()
}

fn scene(guards: &str, users: &str, lines: &str) -> Scene {
    let guards = if guards.is_empty() { String::new() } else { format!("    guards: {guards}\n") };
    let roster = format!("\naccounts:\n  acme:\n{guards}    allow_empty: true\n    users: {users}\n");
    Scene::new(&roster, &[("acme", &format!("{OWNER}{lines}"))])
}

#[test]
fn whoever_has_not_signed_in_for_ninety_days() {
    let users = "{ ada@acme.example: support, bob@acme.example: admin, cyd@acme.example: support, dan@acme.example: support, eve@acme.example: support }";
    assert_snapshot!(told(users, "ada@acme.example support login=2026-09-01\nbob@acme.example admin login=2025-12-24\n\
        cyd@acme.example support login=2026-09-02\ndan@acme.example support login=never added=2026-01-01\n\
        eve@acme.example support login=never added=2026-11-20"), @"
    High acme bob@acme.example: has not signed in since 2025-12-24
    Medium acme ada@acme.example: has not signed in since 2026-09-01
    Medium acme dan@acme.example: was added on 2026-01-01, and never signed in
    ");
}

/// Where a server tells nobody's last login, nobody is called dormant, and the review says that it could not look.
#[test]
fn nobody_is_dormant_where_no_login_is_told() {
    let scene = Scene::new(
        "\naccounts:\n  acme:\n    users: { ada@acme.example: support }\n",
        &[("acme", "owner@acme.example owner login=never\nada@acme.example support login=never added=2020-01-01")],
    );
    assert_snapshot!(scene.told(), @"");
    assert_snapshot!(format!("{:?}", scene.review().accounts.values().next().unwrap().unknown), @"{Logins, Home}");
}

#[test]
fn whoever_never_accepted() {
    let users =
        "{ ada@acme.example: support, bob@acme.example: admin, cyd@acme.example: support, dan@acme.example: support }";
    assert_snapshot!(told(users, "ada@acme.example support invited invited=2026-11-10\n\
        bob@acme.example admin invited invited=2026-11-01 until=2026-11-15\n\
        cyd@acme.example support invited invited=2026-11-25 until=2026-12-09\ndan@acme.example support invited"), @"
    High acme bob@acme.example: has not accepted an invitation that ended on 2026-11-15
    Medium acme ada@acme.example: was invited on 2026-11-10, and has not accepted
    ");
}

#[test]
fn whoever_is_from_outside_by_the_guards_rule() {
    let guards = "{ domains: [acme.example, agency.example], external: { home: [acme.example], highest_role: analyst, must_expire: true } }";
    let users = "{ ada@agency.example: { role: support, expires: 2027-06-30 }, bob@agency.example: { role: manager, expires: 2027-06-30 }, \
        cyd@agency.example: support, dan@acme.example: manager, eve@elsewhere.example: { role: support, expires: 2027-06-30 } }";
    assert_snapshot!(scene(guards, users, "ada@agency.example support\nbob@agency.example manager\ncyd@agency.example support\n\
        dan@acme.example manager\neve@elsewhere.example support").told(), @"
    High acme bob@agency.example: is from outside, and holds more than analyst, the highest role for that
    High acme eve@elsewhere.example: has an address in no domain that is allowed
    Medium acme cyd@agency.example: is from outside, and the access has no end as it must
    Low acme ada@agency.example: is from outside, with access until 2027-06-30
    Low acme eve@elsewhere.example: is from outside, with access until 2027-06-30
    ");
}

/// What never ends is longer than whatever is the longest.
#[test]
fn whoever_from_outside_stays_for_longer_than_the_guard_allows() {
    let guards = "{ external: { home: [acme.example], longest: 90d } }";
    let users = "{ ada@agency.example: { role: support, expires: 2027-03-01 }, bob@agency.example: { role: admin, expires: 2027-03-02 }, \
        cyd@agency.example: support, dan@acme.example: support, \
        eve@agency.example: { role: support, starts: 2026-01-01, expires: 2027-06-30 } }";
    assert_snapshot!(scene(guards, users, "ada@agency.example support\nbob@agency.example admin\ncyd@agency.example support\n\
        dan@acme.example support\neve@agency.example support").told(), @"
    High acme bob@agency.example: is from outside, with access until 2027-03-02, where 2027-03-01 is the latest
    Medium acme cyd@agency.example: is from outside, and the access has no end as it must
    Medium acme eve@agency.example: is from outside, with access until 2027-06-30, where 2027-03-01 is the latest
    Low acme ada@agency.example: is from outside, with access until 2027-03-01
    ");
}

#[test]
fn access_that_ends_soon_has_ended_or_has_not_begun() {
    let users = "{ ada@acme.example: { role: support, expires: 2026-12-31 }, bob@acme.example: { role: support, expires: 2027-01-01 }, \
        cyd@acme.example: { role: support, expires: 2026-11-30 }, dan@acme.example: { role: support, starts: 2026-12-02 }, \
        eve@acme.example: { role: support, expires: 2026-12-01 } }";
    assert_snapshot!(told(users, "ada@acme.example support\nbob@acme.example support\ncyd@acme.example support\n\
        dan@acme.example support invited invited=2026-11-30\neve@acme.example support"), @"
    High acme cyd@acme.example: access ended on 2026-11-30, and is still there
    High acme dan@acme.example: access begins on 2026-12-02, and is there already
    Low acme ada@acme.example: access ends on 2026-12-31
    Low acme eve@acme.example: access ends on 2026-12-01
    ");
}

#[test]
fn more_admins_than_there_may_be() {
    let users = "{ ada@acme.example: admin, bob@acme.example: admin }";
    let lines = "ada@acme.example admin\nbob@acme.example admin invited invited=2026-11-30";
    assert_snapshot!(scene("{ max_admins: 2 }", users, lines).told(), @"High acme: 3 Owners and Admins, where 2 may be");
    assert_snapshot!(scene("{ max_admins: 3 }", users, lines).told(), @"");
    let six = ["ada", "bob", "cyd", "dan", "eve"].map(|name| format!("{name}@acme.example"));
    let users = six.clone().map(|email| format!("{email}: admin")).join(", ");
    let lines = six.map(|email| format!("{email} admin")).join("\n");
    assert_snapshot!(told(&format!("{{ {users} }}"), &lines), @"High acme: 6 Owners and Admins, where 5 may be");
}

#[test]
fn more_than_the_roster_gives() {
    let users = "{ ada@acme.example: support, bob@acme.example: manager, cyd@acme.example: analyst, dan@acme.example: support }";
    assert_snapshot!(told(users, "ada@acme.example admin\nbob@acme.example support\ncyd@acme.example lifecycle-marketer\n\
        dan@acme.example analyst+support"), @"
    High acme ada@acme.example: holds more than the support of the roster
    Medium acme cyd@acme.example: holds more than the analyst of the roster
    Medium acme dan@acme.example: holds more than the support of the roster
    ");
}

#[test]
fn more_than_the_others_of_the_team_hold() {
    let roster = "teams:\n  design: [ada@acme.example, bob@acme.example, cyd@acme.example]\n  pair: [dan@acme.example, eve@acme.example]\n\
        accounts:\n  acme:\n    teams: { design: content-creator, pair: support }\n    users: { ada@acme.example: manager, dan@acme.example: analyst }\n";
    let lines = format!(
        "{OWNER}ada@acme.example manager\nbob@acme.example content-creator\ncyd@acme.example content-creator\n\
        dan@acme.example analyst\neve@acme.example support"
    );
    assert_snapshot!(Scene::new(roster, &[("acme", &lines)]).told(), @"Medium acme ada@acme.example: holds more than the others of the team design, who have content-creator at most");
    let two_above = lines.replace("bob@acme.example content-creator", "bob@acme.example manager");
    assert_snapshot!(Scene::new(roster, &[("acme", &two_above)]).told(), @"High acme bob@acme.example: holds more than the content-creator of the roster");
}

#[test]
fn whoever_is_not_in_the_roster() {
    let roster = "\naccounts:\n  acme:\n    ignore: ['*@vendor.example']\n    allow_empty: true\n    users: {}\n";
    let lines = format!(
        "{OWNER}ada@acme.example support\nbob@acme.example admin\nhelp@vendor.example admin\ncyd@acme.example admin deactivated"
    );
    assert_snapshot!(Scene::new(roster, &[("acme", &lines)]).told(), @"
    High acme bob@acme.example: is not in the roster
    High acme help@vendor.example: looks like a mailbox that several people share
    Medium acme ada@acme.example: is not in the roster
    Low acme cyd@acme.example: is not in the roster
    ");
}

#[test]
fn a_mailbox_that_several_people_share() {
    let users = "{ info@acme.example: support, marketing-eu@acme.example: admin, ada.press@acme.example: support }";
    assert_snapshot!(told(users, "info@acme.example support\nmarketing-eu@acme.example admin\nada.press@acme.example support"), @"
    High acme marketing-eu@acme.example: looks like a mailbox that several people share
    Medium acme info@acme.example: looks like a mailbox that several people share
    ");
}

const THREE: &str = "people:\n  kay: { email: kay@new.example, formerly: [kay@old.example] }\naccounts:\n  eu:\n    users: { kay: support }\n  \
    uk:\n    allow_empty: true\n    users: {}\n  us:\n    users: { kay: support }\n";

/// One person over accounts is one, under the present address and a former one.
#[test]
fn whoever_left_everywhere_but_one() {
    let accounts = |uk: &str, us: &str| {
        let of = |lines: &str| format!("{OWNER}{lines}");
        Scene::new(THREE, &[("eu", &of("kay@old.example support")), ("uk", &of(uk)), ("us", &of(us))])
    };
    assert_snapshot!(accounts("kay@new.example support deactivated", "").told(), @"
    Medium eu kay@new.example: is nowhere else any more: left uk
    Low uk kay@new.example: is not in the roster
    ");
    assert_snapshot!(accounts("", "").after("kay@new.example", "us").told(), @"Medium eu kay@new.example: is nowhere else any more: left us");
    assert_snapshot!(accounts("", "kay@new.example support").after("kay@new.example", "uk").told(), @"");
    let unmanaged =
        Scene::new(THREE, &[("eu", OWNER), ("uk", &format!("{OWNER}kay@new.example admin")), ("us", OWNER)]);
    assert_snapshot!(unmanaged.after("kay@new.example", "eu").told(), @"
    High uk kay@new.example: is not in the roster
    High uk kay@new.example: is nowhere else any more: left eu
    ");
}

/// Somebody who is in the first of three accounts under an address from before that nobody uses any more, and under the present one.
fn two_logins() -> Scene {
    let lines = format!("{OWNER}kay@old.example support login=2026-01-01\nkay@new.example support");
    Scene::new(THREE, &[("eu", &lines), ("uk", OWNER), ("us", OWNER)])
}

/// What is found about one of the logins is not told of the other.
#[test]
fn each_login_of_a_person_is_looked_at_for_itself() {
    let table = forms::written(&two_logins().document(), Form::Csv);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows = reader.records().map(Result::unwrap).filter(|row| row[0] == *"eu" && row[1].starts_with("kay"));
    let rows: Vec<String> = rows.map(|row| format!("{} | {} | {}.", &row[1], &row[2], &row[16])).collect();
    assert_snapshot!(rows.join("\n"), @"
    kay@new.example |  | .
    kay@new.example | kay@old.example | has not signed in since 2026-01-01; is in the account more than once: kay@new.example, kay@old.example.
    ");
}

#[test]
fn somebody_who_is_in_one_account_twice() {
    assert_snapshot!(two_logins().told(), @"
    Medium eu kay@new.example: has not signed in since 2026-01-01
    Medium eu kay@new.example: is in the account more than once: kay@new.example, kay@old.example
    ");
}

/// Two people claim one former address, each in an account: there it is whose the account's own roster says.
#[test]
fn an_address_that_two_people_claim() {
    let roster = "\naccounts:\n  eu:\n    users: { rob@acme.example: { role: analyst, formerly: [bob@acme.example] } }\n  uk:\n    allow_empty: true\n    users: {}\n  us:\n    users: { bobby@acme.example: { role: analyst, formerly: [bob@acme.example] } }\n";
    let lines = format!("{OWNER}rob@acme.example analyst\nbob@acme.example admin");
    let scene =
        Scene::new(roster, &[("eu", &lines), ("uk", &format!("{OWNER}bob@acme.example support")), ("us", OWNER)]);
    assert_snapshot!(scene.told(), @"
    High eu rob@acme.example: holds more than the analyst of the roster
    High eu rob@acme.example: is in the account more than once: bob@acme.example, rob@acme.example
    Medium uk bob@acme.example: is not in the roster
    ");
}

/// A gap is never silent: what was not read, or may have missed somebody, is the first thing that is told.
#[test]
fn an_account_that_was_not_seen_whole() {
    let users = "users: { ada@acme.example: support }";
    let roster = format!("\naccounts:\n  eu:\n    {users}\n  uk:\n    {users}\n  us:\n    {users}\n");
    let whole = format!("{OWNER}ada@acme.example support");
    let scene = Scene::new(&roster, &[("us", "other@elsewhere.example owner\nada@acme.example support")]);
    let scene = scene.in_doubt("uk", &whole, Doubt::Count { total: 9, received: 2 });
    assert_snapshot!(scene.told(), @"
    High eu: the account could not be read, so nobody in it was reviewed
    High uk: somebody may be there who was not seen: the server counts 9 and listed 2
    High us: the roster says the Owner is owner@acme.example, and the account says other@elsewhere.example
    High us other@elsewhere.example: is not in the roster
    ");
}
