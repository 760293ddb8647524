//! Everything that crosses a process border, defined once for server, phone and browser.
//!
//! [`exchange`] is the one CBOR exchange, [`codec`] its packing; [`api`] holds the bodies of the
//! JSON interface; [`problem`] is how a refusal looks there;
//! [`thumbnail`] is a small picture with the server's word for it.

pub mod api;
pub mod api_office;
pub mod codec;
pub mod exchange;
pub mod problem;
pub mod thumbnail;
