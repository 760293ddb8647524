//! One file for each thing that is done.

pub mod cursor;
pub mod decide_quarantine;
pub mod exchange;
pub mod keys;
pub mod list_hazards;
pub mod pull;
pub mod show_case;
pub mod weekly_report;
