//! Cases.

pub mod show;
