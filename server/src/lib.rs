//! The server of Zhicha: admits facts, decides, and shows lists.
//!
//! A request's path is straight: [`http`] translates, [`usecase`] does one thing, [`store`] holds
//! every query. [`admission`] judges foreign bytes before anything is written; [`jobs`] is what the
//! server does on its own.

pub mod admission;
pub mod auth;
pub mod blobstore;
pub mod clock;
pub mod config;
pub mod directory;
pub mod error;
pub mod exchange;
pub mod held_visit;
pub mod http;
pub mod jobs;
pub mod projection;
pub mod reference;
pub mod report;
pub mod shape;
pub mod start;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod thumbnails;
pub mod turns;
pub mod usecase;
