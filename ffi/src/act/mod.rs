//! What a person states: each file holds what one kind of statement consists of and the call that makes it.
//!
//! Files have the names of those in `sync_core::act`. What the server states alone is read, never called.

mod arrive;
mod capture;
mod close;
mod correct_paper;
mod cosign;
mod countersign;
mod decide;
mod decide_extension;
mod decide_major;
mod decide_resumption;
mod dismiss;
mod escalate;
mod finish_part;
mod issue_on_site;
mod list_supervision;
mod order_measure;
mod order_term;
mod party_sign;
mod plan;
mod propose_dismissal;
mod raise_grade;
mod recheck;
mod reply;
mod request_extension;
mod request_numbers;
mod request_resumption;
mod seal;
mod serve;
mod submit_plan;
mod supplement;
mod void_numbers;
