//! The daemon as a process, as the people meet it who run it for months.

mod ending;
mod http;
mod notifications;
mod process;
mod replicas;
mod roster;
mod watched;
