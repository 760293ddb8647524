//! Facts: official statements, signed, immutable, named by their digest.
//!
//! [`statement`] says what can be stated, [`fact`] how it is signed and named, [`canonical`] which
//! bytes are accepted, [`receipt`] what the server adds on admission, [`case`] and [`fold`] what a
//! set of facts amounts to. Facts merge by set union; their order comes from receipts alone.

pub mod canonical;
pub mod case;
pub mod fact;
pub mod fold;
pub mod receipt;
pub mod statement;
pub mod suites;
