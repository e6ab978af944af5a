//! The daemon as a process, as the people meet it who run it for months.

mod ending;
mod http;
mod process;
mod roster;
mod watched;
