//! Plain data of the field: what is planned, found, ordered, answered and closed. Nothing here
//! decides anything; `validate` checks form and bounds only.

pub mod account;
pub mod calendar;
pub mod catalogue;
pub mod enterprise;
pub mod escalation;
pub mod evidence;
pub mod hazard;
pub mod inspection;
pub mod notice;
pub mod parallel;
pub mod term;
