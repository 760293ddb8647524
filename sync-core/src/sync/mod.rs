//! The exchange engine of one device, without input and output.
//!
//! Whoever drives it passes [`Event`]s and carries out [`Effect`]s in the order given. The engine
//! asks for a page of the outbox, sends one exchange, has the answer stored, and only when that is on
//! disk goes on: more pages first, then files, small ones before large ones. Nothing leaves the
//! outbox but by the server's verdict; a failing item holds back no other. An answer that is not the server's
//! is never taken for one.

mod answer;
pub mod effect;
pub mod engine;
pub mod input;
pub mod pages;
mod parts;
mod retry;
mod transfer;

pub use answer::foreign;
pub use effect::{Change, CommitId, Effect, RequestId, ServerRequest, SyncProgress};
pub use engine::{Engine, Readers};
pub use input::{Download, Event, HeldCatalogue, OwnFact, OwnPush, Upload, Work};
pub use pages::{PageSize, Passage};
