//! The users page and the status page in a real browser: clicks and keys, both colour schemes, down to a phone, before axe-core.
//!
//! Chromium is driven over WebDriver. Where there is none the tests say so and pass, unless `ROSTER_REQUIRE` names
//! `browser`. With `ROSTER_PICTURES=1` the pictures of `docs/images` are taken anew.

mod axe;
mod daemon;
mod driver;
mod pictures;
mod review;
mod story;
