//! The real server, real devices and a bad network.
//!
//! [`photo`] draws pictures of phone size, [`floor`] is the bare server that benchmarks are
//! measured against.

pub mod floor;
pub mod photo;
