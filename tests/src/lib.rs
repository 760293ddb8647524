//! The real server, real devices and a bad network.
//!
//! [`town`] starts a server with the seeded zone, [`phone`] is a person's device on a network with
//! [`weather`], [`play`] is the loop from plan to closure step by step, [`photo`] draws pictures of
//! phone size, [`proxy`] cuts connections and answers in the server's place, [`stored`] says how everything stands,
//! [`floor`] is the bare server that benchmarks are measured against.

pub mod archive;
pub mod bench;
pub mod floor;
pub mod office;
pub mod phone;
pub mod photo;
pub mod play;
pub mod proxy;
pub mod stored;
pub mod town;
pub mod weather;
