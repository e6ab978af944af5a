//! The roster is edited by commands: what is shown, what is written, what is left as it was.

mod leaving;
mod people;
mod refusing;
mod round_trips;
mod usual_form;
mod writing;
