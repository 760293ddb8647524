//! Everything that crosses a process border, defined once for server, phone and browser.
//!
//! [`exchange`] is the one CBOR exchange, [`codec`] its packing; [`api`], [`api_accounts`] and
//! [`api_office`] hold the bodies of the JSON interface; [`problem`] is how a refusal looks there; [`bundle`] is what
//! phones hand to each other, [`frames`] how a screen shows it;
//! [`catalogue`] are the parts of reference data, [`pieces`] how they pass a slow line;
//! [`thumbnail`] is a small picture with the server's word for it.

pub mod api;
pub mod api_accounts;
pub mod api_office;
pub mod bundle;
pub mod catalogue;
pub mod codec;
pub mod exchange;
pub mod frames;
pub mod pieces;
pub mod problem;
pub mod report;
pub mod thumbnail;
