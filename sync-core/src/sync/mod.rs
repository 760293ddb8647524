//! The exchange engine of one device, without input and output.
//!
//! Whoever drives it passes [`Input`]s and carries out [`Effect`]s in the order given. The engine
//! asks for a page of the outbox, sends one exchange, has the answer stored, and only when that is on
//! disk goes on: more pages first, then files, small ones before large ones. Nothing leaves the
//! outbox but by the server's verdict; a failing item holds back no other.

mod answer;
pub mod effect;
pub mod engine;
pub mod input;
mod retry;

pub use effect::{Call, Change, CommitId, Effect, Progress, RequestId};
pub use engine::Engine;
pub use input::{Download, Input, OwnFact, OwnPush, Upload, Work};
