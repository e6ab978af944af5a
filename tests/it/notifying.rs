//! Notifications, as those get them who are told.

pub(crate) mod receiver;

mod documented;
mod trial;
