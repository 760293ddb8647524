//! One file for each thing that is done.

pub mod accounts;
pub mod audit;
pub mod case_file;
pub mod check_paper;
pub mod decide_quarantine;
pub mod enrol;
pub mod give_blob;
pub mod health;
pub mod import;
pub mod law_files;
pub mod list_hazards;
pub mod list_set_aside;
pub mod look_at;
pub mod papers;
pub mod passwords;
pub mod receive_blob;
pub mod reports;
pub mod restore;
pub mod seed;
pub mod session;
pub mod sessions;
pub mod show_case;
