//! The service as clients meet it: over HTTP, with JSON typed by hand.

mod accounts;
mod faults;
mod filtering;
mod invitations;
mod listings;
mod mail_server;
mod post;
mod roles;
mod server;
mod users;
mod versions;
