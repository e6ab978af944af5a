//! The daemon as a process, as the people meet it who run it for months.

mod day;
mod dropped;
mod ending;
pub(crate) mod http;
mod log;
mod many;
mod notifications;
mod operating;
mod policies;
pub(crate) mod process;
mod replicas;
mod requests;
mod roster;
mod soak;
mod together;
mod usage;
mod visitor;
mod watched;
