//! Reports.

pub mod weekly;
