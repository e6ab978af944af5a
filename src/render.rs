//! Plans, findings, reports and problems as text for people and JSON for programs.
//!
//! Renderers write to a given sink and decide nothing. What comes from a server is data: it is escaped here, for the
//! target at hand.

pub mod account;
pub mod csv;
pub mod dialect;
pub mod difference;
pub mod escape;
pub mod export;
pub mod failure;
pub mod json;
mod line;
pub mod palette;
pub mod problems;
mod sentence;
pub mod summary;
pub mod text;
pub mod words;
