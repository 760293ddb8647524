//! The outbox as people see it: where each record and each file is.

use serde::Serialize;
use sync_core::Refusal;
use sync_core::act::Fact;
use sync_core::id::{BlobHash, Digest};
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;

use crate::Device;
use crate::store::state;

/// Where an own item is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// On this device alone.
    OnlyHere,
    /// On disk at the server, with its receipt.
    AtServer,
    /// Not accepted; kept here.
    Refused(Refusal),
    /// On disk at the server until a supervisor judges it; kept here.
    Quarantined(Refusal),
    /// Rejected by a supervisor; kept here.
    Rejected(Refusal),
}

/// A record in the outbox.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OutboxRecord {
    /// Its name.
    pub id: Digest,
    /// What it is, in words.
    pub title: String,
    /// Where it belongs; none for what cannot be read.
    pub stream: Option<StreamId>,
    /// When it was stated, by this device's clock; none for a draft.
    pub at: Option<Timestamp>,
    /// Where it is.
    pub state: ItemState,
    /// Why the server could not take it over yet, for one that is still only here.
    pub waiting: Option<Refusal>,
}

/// A file in the outbox.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OutboxFile {
    /// Its name.
    pub hash: BlobHash,
    /// Where it belongs.
    pub stream: StreamId,
    /// Its size.
    pub bytes: u64,
    /// How much of it is at the server.
    pub sent: u64,
    /// Where it is.
    pub state: ItemState,
    /// Why the last attempt to send it failed, for one that is still only here.
    pub waiting: Option<Refusal>,
}

/// Everything of one's own, newest first.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Outbox {
    /// Facts and draft changes.
    pub records: Vec<OutboxRecord>,
    /// Files.
    pub files: Vec<OutboxFile>,
    /// How many hazards of this person are in no record of their visit, wherever they are.
    pub outside: u64,
    /// When the server was last heard: everything shown is as known then.
    pub last_contact: Option<Timestamp>,
}

impl Outbox {
    /// Records and files that the server does not have.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let here = |state: &ItemState| *state == ItemState::OnlyHere;
        self.records.iter().filter(|record| here(&record.state)).count()
            + self.files.iter().filter(|file| here(&file.state)).count()
    }
}

/// How many own items are where, without the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Standing {
    /// Only on this device.
    pub waiting: u64,
    /// Not accepted, or rejected by a supervisor.
    pub refused: u64,
    /// Hazards of this person that are in no record of their visit, wherever they are.
    pub outside: u64,
    /// Items that colleagues handed over here and that the server does not hold yet.
    pub carried: u64,
    /// Photos that were never sent and whose file is not on this device any more.
    pub lost: u64,
    /// Facts of others that came damaged or are damaged at the server.
    pub damaged: u64,
    /// When the server was last heard.
    pub last_contact: Option<Timestamp>,
}

/// What a synchronisation did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SyncReport {
    /// Exchanges made.
    pub exchanges: usize,
    /// Items that came.
    pub received: usize,
    /// Bytes of requests sent.
    pub bytes_up: usize,
    /// Bytes of answers.
    pub bytes_down: usize,
    /// Why it stopped before everything was done, if it did.
    pub waiting: Option<Refusal>,
    /// Whether a person has to sign in again.
    pub sign_in_needed: bool,
}

/// How far a synchronisation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Progress {
    /// Records were exchanged.
    Exchanged {
        /// Verdicts that came.
        verdicts: usize,
        /// Items that came.
        items: usize,
    },
    /// A file is on its way.
    Uploading {
        /// The file.
        hash: BlobHash,
        /// How much of it is at the server.
        sent: u64,
        /// Its size.
        bytes: u64,
        /// Files of this run that are at the server.
        sent_files: u64,
        /// Files of this run.
        total_files: u64,
        /// Bytes that this run brought to the server.
        sent_bytes: u64,
        /// Bytes that this run has to bring.
        total_bytes: u64,
    },
    /// Nothing is left to do.
    Finished,
    /// It will be tried again by itself.
    Waiting(Refusal),
    /// A person has to sign in again; everything recorded stays.
    SignInNeeded,
}

impl Progress {
    /// The engine's step, with the sums of the run; `before` is what the run had to bring and `others` what
    /// is left of all other files.
    pub(crate) fn of(step: sync_core::sync::SyncProgress, before: Left, others: Left) -> Self {
        use sync_core::sync::SyncProgress as Step;
        match step {
            Step::Exchanged { verdicts, items } => Self::Exchanged { verdicts, items },
            Step::Uploading { hash, sent, bytes } => {
                let left = Left {
                    files: others.files + u64::from(sent < bytes),
                    bytes: others.bytes + bytes.saturating_sub(sent),
                };
                // Photos taken meanwhile join the run.
                let total_files = before.files.max(left.files);
                let total_bytes = before.bytes.max(left.bytes);
                Self::Uploading {
                    hash,
                    sent,
                    bytes,
                    sent_files: total_files - left.files,
                    total_files,
                    sent_bytes: total_bytes - left.bytes,
                    total_bytes,
                }
            }
            Step::Finished => Self::Finished,
            Step::Waiting(refusal) => Self::Waiting(refusal),
            Step::SignInNeeded => Self::SignInNeeded,
        }
    }
}

/// Files that the server lacks, and how many bytes of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Left {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

/// How many own items the outbox lists.
const LISTED: usize = 1_000;

fn item_state(number: i64, refusal: Option<Refusal>) -> ItemState {
    let why = || refusal.unwrap_or(Refusal::new(sync_core::Code::Malformed));
    match number {
        state::AT_SERVER | state::FETCHED => ItemState::AtServer,
        state::REFUSED => ItemState::Refused(why()),
        state::LOST => ItemState::Refused(Refusal::new(sync_core::Code::BlobTorn)),
        state::QUARANTINED => ItemState::Quarantined(why()),
        state::REJECTED => ItemState::Rejected(why()),
        _ => ItemState::OnlyHere,
    }
}

impl Device {
    /// The outbox.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn outbox(&self) -> Result<Outbox, Refusal> {
        let mut records = Vec::new();
        for row in self.store.own_facts(LISTED)? {
            let fact = Fact::decode(&row.bytes).ok();
            records.push(OutboxRecord {
                id: row.id,
                title: fact.as_ref().map_or("记录", |fact| fact.statement.title()).to_owned(),
                stream: fact.as_ref().and_then(|fact| fact.statement.stream()),
                at: fact.map(|fact| fact.body.wall),
                waiting: row.refusal.clone().filter(|_| row.state == state::ONLY_HERE),
                state: item_state(row.state, row.refusal),
            });
        }
        let draft = |id, inspection, state| OutboxRecord {
            id,
            title: "检查草稿".to_owned(),
            stream: Some(StreamId::inspection(inspection)),
            at: None,
            state,
            waiting: None,
        };
        for row in self.store.own_changes(LISTED)? {
            records.push(draft(row.id, row.inspection, item_state(row.state, row.refusal)));
        }
        for inspection in self.store.journalled()? {
            let id = Digest::of(inspection.as_bytes());
            records.push(draft(id, inspection, ItemState::OnlyHere));
        }
        let files = self
            .store
            .own_blobs(LISTED)?
            .into_iter()
            .map(|row| OutboxFile {
                hash: row.hash,
                stream: row.stream,
                bytes: row.bytes,
                sent: row.sent,
                waiting: row.refusal.clone().filter(|_| row.state == state::ONLY_HERE),
                state: item_state(row.state, row.refusal),
            })
            .collect();
        let outside = self.all_outside()?;
        Ok(Outbox { records, files, outside, last_contact: self.last_contact()? })
    }

    /// What the outbox amounts to.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn standing(&self) -> Result<Standing, Refusal> {
        let (waiting, refused) = self.store.own_counts()?;
        let outside = self.all_outside()?;
        Ok(Standing {
            waiting,
            refused,
            outside,
            carried: self.store.carried_count()?,
            lost: self.store.lost_files()?,
            damaged: self.store.damaged()?,
            last_contact: self.last_contact()?,
        })
    }

    /// How many facts of others came damaged or are damaged at the server: their cases say so where they are opened.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn damaged(&self) -> Result<u64, Refusal> {
        self.store.damaged()
    }

    /// Whether everything on this device may be erased: nothing of one's own is only here, and nothing that a colleague
    /// handed over.
    ///
    /// # Errors
    /// [`sync_core::Code::WorkUnsent`] while something was not sent, [`sync_core::Code::WorkRefused`] while
    /// something exists only here because it was not accepted; with how many.
    pub fn may_erase(&self) -> Result<(), Refusal> {
        match self.store.own_counts()? {
            (0, 0) => match self.store.carried_count()? {
                0 => Ok(()),
                carried => {
                    Err(Refusal::new(sync_core::Code::WorkUnsent).detail(carried.to_string()))
                }
            },
            (0, refused) => {
                Err(Refusal::new(sync_core::Code::WorkRefused).detail(refused.to_string()))
            }
            (waiting, _) => {
                Err(Refusal::new(sync_core::Code::WorkUnsent).detail(waiting.to_string()))
            }
        }
    }

    fn last_contact(&self) -> Result<Option<Timestamp>, Refusal> {
        Ok(self.last_beacon()?.map(|it| it.beacon.at))
    }
}
