//! What is true of more than one kind: what the server owes, who may state and read, numbers, how drafts merge.
//!
//! Pure functions over [`crate::case`], a calendar and `now`. The same code answers on server, phone and in the
//! browser.

pub mod authority;
pub mod due;
pub mod gates;
pub mod merge_policy;
pub mod numbering;
