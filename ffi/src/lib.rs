//! The device runtime for the languages of phones and offices: Kotlin, Swift, Python.
//!
//! Objects for what an app does ([`Device`], [`Requests`]), traits for what only a platform has
//! ([`KeyVault`], [`DeviceClock`]) or wants to know ([`Observer`]), one error ([`DeviceError`]). Nothing is decided
//! here: every rule is asked of the core, everything saved is saved by the device runtime.
//!
//! Calls are coarse and block; a call that writes returns when its work is on disk. Requests are the app's: it asks for
//! the next one, sends it and brings the answer, so nothing is held while it waits for the network.

mod act;
mod catalogue;
mod device;
mod error;
mod host;
mod ids;
mod lists;
mod mirror;
mod offer;
mod outbox;
mod requests;
mod rulebook;
mod stream;
mod views;

pub use catalogue::{Catalogue, Department};
pub use device::{Device, new_hazard_id, new_inspection_id};
pub use error::{DeviceError, Reason, reason_of};
pub use host::{
    ClockError, ClockReading, DeviceClock, HeaderField, HttpAnswer, HttpCall, KeyVault, Observer,
    VaultError, key_file, process_clock,
};
pub use lists::{
    Conflict, Decision, DecisionPage, HazardRowPage, HistoryEntry, NoticePage, StreamAbout, Word,
    Words, Worklist,
};
pub use offer::{Choice, Form, Input, Offer};
pub use outbox::{ItemState, Outbox, OutboxFile, OutboxRecord, SyncReport};
pub use requests::{Requests, SyncStep, Tally};
pub use rulebook::RuleBook;
pub use stream::StreamId;
pub use views::{
    AnswerLine, AskedExtension, HazardLine, HazardOrder, InspectionView, Lack, NoticeHazard,
    NoticeView, PaperPage, PhotoOf, TimelineRow,
};

uniffi::setup_scaffolding!("zhicha_ffi");
