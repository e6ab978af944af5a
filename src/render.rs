//! Plans, findings, reports and problems as text for people and JSON for programs.
//!
//! Renderers write to a given sink and decide nothing. What comes from a server is data: it is escaped here, for the
//! target at hand.

pub mod account;
pub mod annotations;
pub mod brief;
pub mod comment;
mod consent;
pub mod csv;
pub mod dialect;
pub mod diff;
pub mod difference;
pub mod escape;
pub mod explanation;
pub mod export;
pub mod failure;
pub mod form;
pub mod gitlab_report;
pub mod json;
pub(crate) mod line;
pub mod markdown;
pub mod outputs;
pub mod palette;
pub mod patch;
pub mod probe;
pub mod problems;
pub mod redact;
pub mod reference;
pub mod request;
pub mod review;
pub mod sarif;
mod sentence;
pub mod summary;
mod table;
pub mod text;
pub mod words;
pub mod yaml;
