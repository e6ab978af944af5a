//! The whole life of a team on every SCIM server that `tests/peers` starts and on the embedded service, through the
//! binary; what came of it is `docs/servers.md`.
//!
//! Where a server is not installed the test says so and passes, unless `ROSTER_REQUIRE` names `peers`. With
//! `ROSTER_MATRIX=write` the page is written instead of compared.

mod account;
mod home;
mod life;
mod page;
pub(crate) mod peer;
mod team;

use crate::matrix::home::Home;
use crate::matrix::life::Ending;

/// Two tests for each server, and all their names.
macro_rules! servers {
    ($($test:ident: $name:literal),* $(,)?) => {
        const SERVERS: &[&str] = &[$($name),*];
        $(
            mod $test {
                #[test]
                fn lives() {
                    super::lives($name);
                }

                #[test]
                fn lives_as_well_with_the_dialect_that_a_probe_finds() {
                    super::lives_as_well_with_the_dialect_that_a_probe_finds($name);
                }
            }
        )*
    };
}

fn lives(name: &'static str) {
    if let Some(home) = Home::on(name) {
        page::hold(name, &life::live(home));
    }
}

/// A step that can be done with the dialect written by hand can be done with the one found.
fn lives_as_well_with_the_dialect_that_a_probe_finds(name: &'static str) {
    let Some(home) = Home::on(name).map(Home::with_the_dialect_that_a_probe_finds) else { return };
    let roster = home.roster.clone();
    for (step, ending) in life::live(home) {
        let is_worse = matches!(ending, Ending::Cannot(_)) && page::says_done(name, step);
        assert!(!is_worse, "{name}: {} cannot be done with {roster}", step.title());
    }
}

servers! {
    embedded_service: "embedded-service",
    scim2_server_plain: "scim2-server:plain",
    scim2_server_small_page: "scim2-server:small-page",
    scim2_server_no_filter: "scim2-server:no-filter",
    scim2_server_no_patch: "scim2-server:no-patch",
    scim2_server_no_etag_sort_bulk: "scim2-server:no-etag-sort-bulk",
    scim2_server_cursor_only: "scim2-server:cursor-only",
    scim2_server_extension_role: "scim2-server:extension-role",
    scimmy: "scimmy",
    scimmy_no_filter: "scimmy:no-filter",
    polis: "polis",
    django_scim2: "django-scim2",
    django_scim2_server: "django-scim2-server",
}

#[test]
fn no_server_is_left_out() {
    let (ours, theirs) = SERVERS.split_first().unwrap();
    assert_eq!(*ours, peer::EMBEDDED);
    assert_eq!(theirs, peer::names());
    page::hold_the_rest();
}
