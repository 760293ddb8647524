//! The server of Zhicha: admits facts, decides, and shows lists.

pub mod admission;
pub mod http;
pub mod jobs;
pub mod store;
pub mod usecase;
pub mod view;
