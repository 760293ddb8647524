//! The core in a browser, as the TypeScript package `@zhicha/device` calls it from its worker.
//!
//! Everything crosses the border as JSON text in the serde forms of the core, bytes as byte arrays. No rule,
//! no query and no loop lives here. What a page may ask is one enum, [`Call`], from which the package's types
//! are generated.

mod call;
#[cfg(target_arch = "wasm32")]
mod core;
#[cfg(target_arch = "wasm32")]
mod host;
mod vectors;

pub use call::{Call, answer, problem_json};
#[cfg(target_arch = "wasm32")]
pub use core::{Core, OutgoingRequest, Pool, Requests, fresh_key, judge as judged, mount};
pub use vectors::judge;
