//! The server as its callers meet it: started on a free port, asked over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what is not as expected fails the test"
)]

mod app_files;
mod authority;
mod bad_input;
mod blobs;
#[path = "../database/mod.rs"]
mod database;
mod devices;
mod documents;
mod lines;
mod pictures;
mod service;
mod sessions;
mod visit;
mod world;
