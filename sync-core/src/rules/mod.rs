//! Every status, deadline, number and permission of the product, as pure functions over
//! [`crate::ledger::case`], a calendar and `now`. The same code answers on server, phone and in
//! the browser; nothing outside of this module decides.

pub mod calendar;
