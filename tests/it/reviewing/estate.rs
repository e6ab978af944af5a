//! A review of many accounts: how long it takes, and that the order in which they come decides nothing.

use std::fmt::Write as _;
use std::time::Instant;

use proptest::prelude::*;
use roster::render::review::Form;

use super::scene::Scene;

const ROLES: [&str; 6] = ["admin", "manager", "analyst", "support", "campaign-coordinator", "content-creator"];
const FIRST: [&str; 20] = [
    "Ada",
    "Grace",
    "Katherine",
    "Dorothy",
    "Mary",
    "Annie",
    "Radia",
    "Hedy",
    "Kay",
    "Jean",
    "Frances",
    "Evelyn",
    "Joan",
    "Barbara",
    "Shafi",
    "Lynn",
    "Karen",
    "Adele",
    "Sophie",
    "Elsa",
];
const LAST: [&str; 15] = [
    "Lovelace", "Hopper", "Johnson", "Vaughan", "Jackson", "Easley", "Perlman", "Lamarr", "McNulty", "Bartik",
    "Spence", "Boyd", "Clarke", "Liskov", "Conway",
];

/// An estate of so many accounts and people, in which most is as it should be. Everybody is in some accounts; the numbers that
/// decide are mixed from the places, so that an estate is the same each time.
pub(crate) fn estate(accounts: usize, people: usize) -> Scene {
    let names: Vec<String> = (0..accounts).map(|place| format!("brand-{:02}", place + 1)).collect();
    let (mut roster, mut lives) = (String::from("\naccounts:\n"), Vec::new());
    for (place, name) in names.iter().enumerate() {
        let _ = writeln!(roster, "  {name}:\n    title: Brand {}", place + 1);
        roster.push_str("    guards: { max_admins: 8, external: { home: [acme.example], highest_role: manager, must_expire: true } }\n    users:\n");
        let mut live = "owner@acme.example owner Mary Shelley\n".to_owned();
        for person in 0..people {
            member(person, place, &mut roster, &mut live);
        }
        lives.push(live);
    }
    let whole = names.iter().zip(&lives).filter(|(name, _)| *name != "brand-17");
    let accounts: Vec<(&str, &str)> = whole.map(|(name, live)| (name.as_str(), live.as_str())).collect();
    Scene::new(&roster, &accounts)
}

fn member(person: usize, place: usize, roster: &mut String, live: &mut String) {
    let mixed = mix(person * 64 + place);
    // Some are everywhere, most are at home in a few.
    if !person.is_multiple_of(12) && (person + place * 7) % 10 > 2 {
        return;
    }
    let (first, last) = (FIRST[person % FIRST.len()], LAST[person / FIRST.len() % LAST.len()]);
    let outside = person % 9 == 4;
    let domain = if outside { "agency.example" } else { "acme.example" };
    let email = match person {
        77 => "marketing@acme.example".to_owned(),
        _ => format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase()),
    };
    let role = ROLES[match mixed % 40 {
        0 => 0,
        1..=6 => 1,
        7..=18 => 2,
        other => 3 + other % 3,
    }];
    let expires = match mixed % 31 {
        0 => ", expires: 2026-11-20",
        1 => ", expires: 2026-12-18",
        _ if outside && !mixed.is_multiple_of(5) => ", expires: 2027-06-30",
        _ => "",
    };
    if !mixed.is_multiple_of(57) {
        let _ = writeln!(roster, "      {email}: {{ role: {role}{expires} }}");
    }
    let held = if mixed % 101 == 7 { "admin" } else { role };
    let state = match mixed % 43 {
        0 => "deactivated".to_owned(),
        1 => "invited invited=2026-10-20 until=2026-11-03".to_owned(),
        2 => "invited invited=2026-11-26 until=2026-12-10".to_owned(),
        3 | 4 => format!("login=2026-0{}-11", 1 + mixed % 8),
        _ => format!("login=2026-11-{:02}", 1 + mixed % 29),
    };
    let _ = writeln!(live, "{email} {held} {state} {first} {last}");
}

fn mix(number: usize) -> usize {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from((mixed ^ (mixed >> 29)) >> 33).unwrap()
}

/// The time is told for who asks (`-- --nocapture`), and bounded so loosely that only another order of growth fails.
#[test]
fn forty_accounts_of_three_hundred_people() {
    let scene = estate(40, 300);
    let begun = Instant::now();
    let review = scene.review();
    let reviewed = begun.elapsed();
    let document = scene.document();
    let begun = Instant::now();
    let mut page = Vec::new();
    Form::Html.write(&mut page, &document).unwrap();
    let told = format!(
        "review {reviewed:?}, page {:?} and {} bytes; {} people, {} accesses, {} findings",
        begun.elapsed(),
        page.len(),
        document.summary.people,
        document.summary.access,
        review.findings.len()
    );
    std::io::Write::write_all(&mut std::io::stderr(), format!("{told}\n").as_bytes()).unwrap();
    assert!(reviewed.as_secs() < 30 && begun.elapsed().as_secs() < 30, "{told}");
    assert_eq!((document.summary.accounts, document.summary.unread), (40, 1));
    assert!(document.summary.people >= 290 && page.len() < 4_000_000, "{told}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Order comes from the data, never from who answered first.
    #[test]
    fn the_order_of_accounts_decides_nothing(seed in 0_u64..1_000_000) {
        let scene = estate(5, 40);
        let mut seen = scene.seen();
        let mut random = shuffled_by(seed);
        for place in (1..seen.len()).rev() {
            seen.swap(place, random() % (place + 1));
        }
        prop_assert_eq!(scene.of(&seen), scene.review());
    }
}

fn shuffled_by(seed: u64) -> impl FnMut() -> usize {
    let mut place = usize::try_from(seed).unwrap();
    move || {
        place = mix(place);
        place
    }
}
