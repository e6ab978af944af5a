//! Everything that is tested from outside: the program as a process, the pure parts over their public interface, and
//! the rules of the source itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
#![expect(clippy::disallowed_methods, reason = "tests read files and start processes as users do")]

mod harness;
mod story;

mod bad_input;
mod bad_servers;
mod bombs;
mod browser;
mod commenting;
mod compressed;
mod crash;
mod daemon;
mod dialects;
mod disasters;
mod documentation;
mod editing;
mod export;
mod faults;
mod forms;
mod guarding;
mod guards_in_action;
mod health;
mod history;
mod import;
mod interface;
mod interruption;
mod laws;
mod layering;
mod main_job;
mod matrix;
mod notifying;
mod parsing;
mod pipelines;
mod planning;
mod policing;
mod probe;
mod proxies;
mod remembering;
mod requests;
mod reviewing;
mod roster_files;
mod sandbox_options;
mod saved_plans;
mod severed;
mod shown;
mod state;
mod status;
mod tenure;
mod undo;
mod undoing;
