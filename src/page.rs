//! What every page of ours needs, whoever serves it: sessions, forms, headers, style.
//!
//! Nothing here knows what the pages are about.

pub(crate) mod attempts;
pub(crate) mod day;
pub(crate) mod form;
pub(crate) mod headers;
pub(crate) mod origin;
pub(crate) mod session;
