//! The core of Zhicha: what an inspection is, which steps the law allows, how records are signed,
//! merged and exchanged. It runs unchanged on the phone, in the browser and on the server.
//!
//! The core owns no clock, randomness, thread, file, socket or environment. Whoever drives it
//! passes `now` and entropy as arguments and carries out the effects it asks for.
//!
//! Reading order: [`id`], [`time`], [`refusal`], [`limits`], [`cbor`]; then [`domain`] (plain data), [`calendar`]
//! (working days and terms), [`law`] (what dated law says on a day), [`ledger`] (signed facts), [`case`] (what a set of facts amounts to), [`act`] (one
//! file for each kind of statement), [`document`] (one file for each paper), [`rules`] (what is true of more than one kind), [`draft`] (the working record
//! on Automerge), [`wire`] (what crosses a process border) and [`sync`] (the exchange engine of one device).

pub mod act;
pub mod calendar;
pub mod case;
pub mod cbor;
pub mod document;
pub mod domain;
pub mod draft;
pub mod id;
pub mod law;
pub mod ledger;
pub mod limits;
pub mod picture;
pub mod refusal;
pub mod rules;
pub mod sync;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
pub mod time;
#[cfg(feature = "vectors")]
pub mod vectors;
pub mod wire;

pub use refusal::{Code, Refusal};
