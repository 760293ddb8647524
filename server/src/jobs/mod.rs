//! What the server does on its own.

pub mod clerk;
pub mod freeze;
pub mod mending;
pub mod recounting;
pub mod sealing;
mod serials;
