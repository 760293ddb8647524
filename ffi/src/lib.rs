//! The device runtime for the languages of phones and offices: Kotlin, Swift, Python.
//!
//! Objects for what an app does ([`Device`], [`SyncRun`]), traits for what only a platform has
//! ([`KeyVault`], [`DeviceClock`], [`Transport`]), one error ([`DeviceError`]). Nothing is decided here:
//! every rule is asked of the core, everything saved is saved by the device runtime.
//!
//! Calls are coarse and block; a call that writes returns when its work is on disk. Nothing is held while a
//! request is on the network, and progress is pulled, so nothing calls back into an app from inside of the device.

mod device;
mod error;
mod host;
mod ids;
mod mirror;
mod outbox;
mod reference;
mod rulebook;
mod sync;
mod views;

pub use device::{Device, new_hazard_id, new_inspection_id};
pub use error::{DeviceError, Reason};
pub use host::{
    ClockReading, DeviceClock, HeaderField, HttpAnswer, HttpCall, KeyVault, NetworkLost, Transport,
    VaultError, key_file, process_clock,
};
pub use outbox::{ItemState, Outbox, OutboxFile, OutboxRecord, SyncReport};
pub use reference::Reference;
pub use rulebook::RuleBook;
pub use sync::{SyncRun, SyncStep, Tally};
pub use views::{
    AnswerLine, AskedExtension, HazardChange, HazardLine, InspectionView, Lack, NoticeHazard,
    NoticeView, ParallelField, PhotoOf, Visit,
};

uniffi::setup_scaffolding!("zhicha_ffi");
