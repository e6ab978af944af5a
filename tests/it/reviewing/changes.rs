//! What is different from an earlier review.

use insta::assert_snapshot;
use roster::render::json::review::{Changes, Compared, kept};
use roster::review::changes::between;

use super::scene::Scene;
use crate::story::noon;

const ROSTER: &str = "people:\n  kay: { email: kay@new.example, formerly: [kay@old.example] }\naccounts:\n  eu:\n    users: { kay: support, ada@acme.example: admin, bob@acme.example: support }\n  us:\n    users: { ada@acme.example: admin }\n";

/// A review is kept, time goes on, and the next one says what is different.
#[test]
fn who_came_and_went_and_whose_role_is_another() {
    let before = Scene::new(
        ROSTER,
        &[
            (
                "eu",
                "owner@acme.example owner\nkay@old.example support\nada@acme.example analyst\ncyd@acme.example support\ndan@acme.example support",
            ),
            ("us", "owner@acme.example owner"),
        ],
    );
    let now = Scene::new(
        ROSTER,
        &[(
            "eu",
            "owner@acme.example owner\nkay@new.example support\nada@acme.example admin\nbob@acme.example support invited\ndan@acme.example support deactivated",
        )],
    );
    let text = serde_json::to_string(&before.document()).unwrap();
    let earlier = kept::read(text.as_bytes()).unwrap();
    let changes = Changes::of(&between(&earlier, &now.review(), &[]), noon("2026-11-01"), Compared::Review);
    let lines = changes.list.iter().map(|change| {
        let by = if change.by.is_some() { "by a run" } else { "by nobody we know" };
        format!(
            "{} {} {:?} {:?} -> {:?} {by}\n",
            change.account, change.email, change.what, change.before, change.after
        )
    });
    assert_snapshot!(lines.collect::<String>(), @r#"
    eu ada@acme.example Role ["analyst"] -> ["admin"] by nobody we know
    eu bob@acme.example Came [] -> ["support"] by nobody we know
    eu cyd@acme.example Went ["support"] -> [] by nobody we know
    eu dan@acme.example Went ["support"] -> [] by nobody we know
    eu kay@new.example Moved ["kay@old.example"] -> [] by nobody we know
    "#);
    assert_eq!(changes.not_compared, ["us"], "it could not be read now");
}

#[test]
fn what_is_no_review_is_not_compared_with() {
    let whole = serde_json::to_string(&Scene::new(ROSTER, &[]).document()).unwrap();
    let told = |text: &str| {
        kept::read(text.as_bytes())
            .map_or_else(|no| no.to_string(), |earlier| format!("{} accounts", earlier.accounts.len()))
    };
    let cases = [
        whole.clone(),
        whole.replace("\"masked\":false", "\"masked\":true"),
        whole.replace("\"format_version\":\"1.0\"", "\"format_version\":\"7.0\""),
        whole.replace("\"name\":\"eu\"", "\"name\":\"</script>\""),
        "{}".to_owned(),
    ];
    assert_snapshot!(cases.map(|text| told(&text)).join("\n"), @"
    2 accounts
    this review is masked, so nobody in it can be found again
    this has format 7.0, and this program reads 1.0
    this was not written by roster: `</script>` is no name
    this is not what `roster review --format json` writes
    ");
}
