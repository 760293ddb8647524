//! Hazards.

pub mod list;
