//! Benchmarks: every job beside its floor in the same run.
//!
//! [`crowd`] makes people, devices and days of work; [`jobs`] measures; [`table`] prints ratios.

pub mod crowd;
pub mod jobs;
pub mod table;
