//! What a person states: each file holds what one kind of statement consists of and the call that makes it.
//!
//! Files have the names of those in `sync_core::act`. What the server states alone is read, never called.

mod arrive;
mod capture;
mod close;
mod cosign;
mod decide;
mod decide_extension;
mod decide_major;
mod dismiss;
mod escalate;
mod party_sign;
mod plan;
mod propose_dismissal;
mod recheck;
mod reply;
mod request_extension;
mod seal;
mod serve;
