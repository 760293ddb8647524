//! What happens to foreign bytes before they are written.
//!
//! [`receive`] reads and verifies without the database, [`load`] reads what is stored of the
//! streams that are touched, [`judge`] decides item by item and puts together what to write.
//! Judging happens against the versions that were loaded; the writer checks that they still hold.

pub mod dossier;
pub mod draft;
mod held;
pub mod judge;
mod links;
pub mod load;
pub mod loader;
mod mend;
pub mod readmit;
pub mod receive;
pub mod verifier;
