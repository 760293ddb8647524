//! Plain data of the field: what is planned, found, ordered, answered and closed. Nothing here
//! decides anything; `validate` checks form and bounds only.

pub mod account;
pub mod calendar;
pub mod catalogue;
pub mod competence;
pub mod enterprise;
pub mod escalation;
pub mod evidence;
pub mod findings;
pub mod hazard;
pub mod inspection;
pub mod law;
pub mod notice;
pub mod numbers;
pub mod papers;
pub mod parallel;
pub mod procedure;
pub mod site_measure;
pub mod term;
