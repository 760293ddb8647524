//! Everything that was stated in a stream, one statement after the other.

use serde::Serialize;
use sync_core::Refusal;
use sync_core::act::Statement;
use sync_core::id::{DeviceId, FactId, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;

use crate::Device;

/// One statement of a stream.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HistoryEntry {
    /// The fact.
    pub fact: FactId,
    /// Who stated it.
    pub by: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// When it counts: the receipt's time, or the device's own before there is one.
    pub at: Timestamp,
    /// Place within its stream; none while only this device knows it.
    pub place: Option<u64>,
    /// What it is, in words.
    pub title: String,
    /// What was stated.
    pub statement: Statement,
}

impl Device {
    /// Everything that was stated in a stream and in the one that belongs to it, in the order in which it counts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn history(&self, stream: &StreamId) -> Result<Vec<HistoryEntry>, Refusal> {
        let mut admitted = self.store.case_facts(stream)?.admitted;
        // Facts with a receipt in the server's order, then those known only here in the order in which they were
        // made.
        admitted.sort_by_key(|it| {
            let receipt = it.receipt.as_ref();
            let known = receipt.map(|receipt| (receipt.at, it.fact.body.stream, receipt.place));
            (known.is_none(), known, it.fact.seq())
        });
        let entry = |it: sync_core::act::Admitted| HistoryEntry {
            fact: it.fact.id,
            by: it.fact.body.author,
            device: it.fact.body.device,
            at: it.receipt.map_or(it.fact.body.wall, |receipt| receipt.at),
            place: it.receipt.map(|receipt| receipt.place),
            title: it.fact.statement.title().to_owned(),
            statement: it.fact.statement,
        };
        Ok(admitted.into_iter().map(entry).collect())
    }
}
