//! `roster` keeps the users and roles of SaaS accounts as a YAML file declares them.
//!
//! Everything flows one way:
//!
//! ```text
//! roster files ──file──▶ Desired ─┐
//!                                 ├─plan─▶ Plan ─guard─▶ Approved ─apply─▶ Report
//! account API ─provider─▶ Snapshot┘            └─▶ findings ──────────────┴─▶ render
//! ```
//!
//! `ARCHITECTURE.md` has the map and the rules, each with the test that holds it.

pub mod model;

pub mod plan;

pub mod guard;

pub mod schedule;

pub mod news;

pub mod export;

pub mod request;

pub mod review;

pub mod file;

pub mod scim;

pub mod probe;
pub mod provider;

pub mod forge;

pub mod policy;

mod sqlite;

pub mod store;

pub mod apply;

pub mod reconcile;

pub mod notify;

pub mod daemon;

mod page;

pub mod web;

pub mod sandbox;

pub mod render;

pub mod cli;
