//! The server as its callers meet it: started on a free port, asked over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what is not as expected fails the test"
)]

mod app_files;
mod audit;
mod authority;
mod bad_input;
mod blobs;
mod bounds;
#[path = "../database/mod.rs"]
mod database;
mod description;
mod devices;
mod documents;
mod fitting;
mod gates_document;
mod issued;
mod law;
mod lines;
mod papers;
mod passwords;
mod pictures;
mod possession;
mod recounts;
mod reports;
mod revocation;
mod seeding;
mod service;
mod sessions;
mod visit;
mod world;
