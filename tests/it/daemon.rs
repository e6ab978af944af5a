//! The daemon as a process, as the people meet it who run it for months.

mod ending;
mod process;
mod roster;
