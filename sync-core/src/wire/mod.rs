//! Everything that crosses a process border, defined once for server, phone and browser.
//!
//! [`exchange`] is the one CBOR exchange, [`codec`] its packing; [`api`] holds the bodies of the
//! JSON interface; [`problem`] is how a refusal looks there.

pub mod api;
pub mod api_office;
pub mod codec;
pub mod exchange;
pub mod problem;
