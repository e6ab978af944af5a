//! The access review: what is found and what is not, as stories; what every form of it looks like; and the program itself.

mod changes;
pub(crate) mod estate;
mod findings;
mod forms;
mod program;
pub(crate) mod scene;
