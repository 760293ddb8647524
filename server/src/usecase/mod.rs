//! One file for each thing that is done.

pub mod accounts;
pub mod decide_quarantine;
pub mod enrol;
pub mod give_blob;
pub mod health;
pub mod list_hazards;
pub mod receive_blob;
pub mod seed;
pub mod session;
pub mod show_case;
pub mod weekly_report;
