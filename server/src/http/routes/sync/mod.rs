//! The exchange and what belongs to it.

pub mod exchange;
pub mod poke;
