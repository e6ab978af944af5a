//! Everything that is tested from outside: the program as a process, the pure parts over their public interface, and
//! the rules of the source itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod story;

mod guarding;
mod laws;
mod layering;
mod planning;
