//! The nouns: names, roles, what is wanted, what is there, what to do about it.
//!
//! Nothing here does I/O, reads a clock or the environment, or derives a serialisation: files, wire and output each have
//! their own types at their own edge. Nothing here imports from another module of this crate.

pub mod account_name;
pub mod action;
pub mod capabilities;
pub mod desired;
pub mod dialect;
pub mod digest;
pub mod domain;
pub mod email;
pub mod event;
mod folded;
pub mod host;
pub mod ledger;
pub mod live;
pub mod news;
pub mod note;
pub mod notification;
pub mod person;
pub mod place;
pub mod role;
pub mod ruling;
pub mod situation;
pub mod upkeep;
pub mod visible;
pub mod window;
