//! A device and a server in memory, and weather between them.

mod author;
pub(crate) mod device;
pub(crate) mod gusts;
pub(crate) mod server;
pub(crate) mod sky;
