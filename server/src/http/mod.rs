//! The interface over HTTP: who asks, what is answered, how a refusal looks.

pub mod caller;
pub mod problem;
pub mod routes;
