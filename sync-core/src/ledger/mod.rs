//! Facts: official statements, signed, immutable, named by their digest.
//!
//! [`fact`] says how a statement is signed and named, [`canonical`] which bytes are accepted, [`stream`] to which
//! file a fact belongs, [`receipt`] what the server adds on admission. What is stated is not known here:
//! see [`crate::act`]. Facts merge by set union; their order comes from receipts alone.

pub mod canonical;
pub mod fact;
pub mod receipt;
pub mod stream;
pub mod suites;
