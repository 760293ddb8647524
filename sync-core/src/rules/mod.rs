//! Every status, deadline, number and permission of the product, as pure functions over
//! [`crate::ledger::case`], a calendar and `now`. The same code answers on server, phone and in
//! the browser; nothing outside of this module decides.

pub mod authority;
pub mod calendar;
pub mod deadline;
pub mod decisions;
pub mod duplicates;
pub mod gates;
pub mod merge_policy;
pub mod numbering;
pub mod status;
