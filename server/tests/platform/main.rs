//! The server as its callers meet it: started on a free port, asked over HTTP.

mod authority;
mod bad_input;
mod blobs;
mod devices;
mod documents;
mod service;
mod sessions;
mod visit;
mod world;
