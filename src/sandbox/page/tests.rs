//! The page as browsers meet it: over HTTP, with cookies kept and forms sent as they stand in the HTML.

mod acting;
mod browser;
mod forgery;
mod invitations;
mod listing;
mod ownership;
mod roles;
mod signing_in;
