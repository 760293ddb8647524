//! What changed on a device since it was asked last, so that screens load again what they show and nothing else.

use std::collections::BTreeSet;
use std::mem;

use serde::Serialize;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::sync::Change;

use crate::Device;

/// A part of a device that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Own records and files, or where they are.
    Outbox,
    /// Visits, their drafts and records.
    Tasks,
    /// Notices and what was stated about them.
    Notices,
    /// Numbers with which notices are issued without signal.
    Numbers,
    /// Reference data.
    Catalogue,
    /// Pictures that are on this device.
    Photos,
    /// Who is signed in, or under which name the device is enrolled.
    Person,
}

impl Device {
    /// What changed since this was asked last, each part once.
    pub fn take_changes(&mut self) -> Vec<Changed> {
        mem::take(&mut self.changes).into_iter().collect()
    }

    pub(crate) fn note(&mut self, changed: &[Changed]) {
        self.changes.extend(changed);
    }
}

/// The part to which a stream belongs.
pub(crate) const fn part_of(stream: &StreamId) -> Changed {
    match stream.kind {
        StreamKind::Inspection => Changed::Tasks,
        StreamKind::Notice => Changed::Notices,
        StreamKind::Numbers => Changed::Numbers,
    }
}

/// What a change of the exchange changes on screens. Most rounds bring only the server's time and the place from
/// which to go on.
pub(crate) fn parts_of(change: &Change) -> BTreeSet<Changed> {
    match change {
        Change::Verdict { .. }
        | Change::FileReceipt(_)
        | Change::Uploaded { .. }
        | Change::UploadRefused { .. }
        | Change::UploadTurnedAway { .. } => [Changed::Outbox].into(),
        // A receipt says when a statement counts, so deadlines and states may follow.
        Change::Receipt(_) | Change::Judged { .. } | Change::Restart => {
            [Changed::Outbox, Changed::Tasks, Changed::Notices].into()
        }
        Change::Fact { fact, .. } => [part_of(&fact.body.stream)].into(),
        Change::Draft { .. } => [Changed::Tasks].into(),
        Change::Gone(stream) | Change::Damaged { stream, .. } => [part_of(stream)].into(),
        Change::Link(one, other) => [part_of(one), part_of(other)].into(),
        Change::Catalogue(_) | Change::Parts { .. } | Change::Piece { more: false, .. } => {
            [Changed::Catalogue].into()
        }
        Change::Downloaded { .. } => [Changed::Photos].into(),
        Change::Unread
        | Change::Piece { more: true, .. }
        | Change::Key { .. }
        | Change::Cursor(_)
        | Change::Beacon(_)
        | Change::NoThumbnail { .. } => BTreeSet::new(),
    }
}
