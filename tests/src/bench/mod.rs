//! Benchmarks: every job beside its floor in the same run.
//!
//! [`crowd`] makes people, devices and days of work; [`jobs`] measures; [`hostile`] measures beside whoever means harm; [`table`] prints ratios.

pub mod crowd;
pub mod hostile;
pub mod jobs;
mod stage;
pub mod table;
