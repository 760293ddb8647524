//! Handlers, one file for each resource: translate, call a use case, translate.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod blobs;
pub mod cases;
pub mod devices;
pub mod docs;
pub mod hazards;
pub mod health;
pub mod papers;
pub mod quarantine;
pub mod reports;
pub mod session;
pub mod set_aside;
pub mod sync;
