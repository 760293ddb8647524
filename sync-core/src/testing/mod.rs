//! People, documents and a small authority for tests of every package, the same on every run.
//!
//! [`builders`] makes plain values, [`cast`] the people, [`world`] an authority with a server's
//! receipts and phones that sign, [`stages`] brings one case to a named point of the loop, [`statements`] what is stated there, [`histories`] lets anything
//! happen, [`papers`] what papers are made with.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test whose world cannot be built has to stop"
)]

pub mod builders;
pub mod cast;
pub mod histories;
pub mod papers;
pub mod stages;
pub mod statements;
pub mod world;
