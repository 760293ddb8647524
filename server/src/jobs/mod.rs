//! What the server does on its own.

pub mod clerk;
pub mod thumbnails;
