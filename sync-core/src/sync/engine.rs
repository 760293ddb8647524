//! The state machine of the exchange.

use super::answer;
use super::effect::{Change, CommitId, Effect, RequestId, ServerRequest, SyncProgress};
use super::input::{Event, Work};
use super::parts::PartSize;
use super::retry::Retry;
use super::transfer::{File, FileQueue};
use crate::ledger::fact::Verifier;
use crate::refusal::{Code, Disposition, Refusal};
use crate::time::Timestamp;
use crate::wire::api::Uploaded;
use crate::wire::codec;
use crate::wire::exchange::{self, Request};
use crate::wire::problem::Problem;

/// How long to wait before looking again when nothing is to do.
const IDLE_MS: i64 = 60_000;

/// Reads JSON answers, which the core leaves to its host. What none of them can read was not said by the
/// server.
#[derive(Clone, Copy, Debug)]
pub struct Readers {
    /// A refusal.
    pub problem: fn(&[u8]) -> Option<Problem>,
    /// Where the server stands with a file.
    pub upload: fn(&[u8]) -> Option<Uploaded>,
    /// Whether it is a renewed session.
    pub session: fn(&[u8]) -> bool,
}

/// The exchange engine of one device.
pub struct Engine {
    pub(super) verifier: Box<dyn Verifier>,
    pub(super) phase: Phase,
    pub(super) files: FileQueue,
    pub(super) parts: PartSize,
    pub(super) retry: Retry,
    names: u64,
    pub(super) readers: Readers,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("phase", &self.phase).finish_non_exhaustive()
    }
}

/// What waits, and what follows then.
#[derive(Debug)]
pub(super) enum Phase {
    Idle,
    /// Loading for another exchange, or only for the files that the last one freed.
    Loading {
        exchange: bool,
    },
    Exchanging {
        request: RequestId,
        work: Box<Work>,
        renewed: bool,
    },
    Renewing {
        request: RequestId,
        then: Repeat,
    },
    Storing {
        commit: CommitId,
        then: Then,
    },
    Transferring {
        request: RequestId,
        file: File,
        renewed: bool,
        since: Timestamp,
    },
}

/// The request to repeat after a 401 and a renewed session.
#[derive(Debug)]
pub(super) enum Repeat {
    Exchange(Box<Work>),
    Transfer(File),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Then {
    Load { exchange: bool },
    FileQueue,
}

impl Engine {
    /// An engine at rest. `seed` spreads the waits of many devices; `verifier` checks the server's
    /// receipts and small pictures.
    #[must_use]
    pub fn new(verifier: Box<dyn Verifier>, seed: u64, readers: Readers) -> Self {
        Self {
            verifier,
            phase: Phase::Idle,
            files: FileQueue::default(),
            parts: PartSize::new(),
            retry: Retry::new(seed),
            names: 0,
            readers,
        }
    }

    /// The same on a line of which an engine before noted how many bytes of a file one request [carries](Self::part_bytes).
    #[must_use]
    pub fn on_line(mut self, part_bytes: u64) -> Self {
        self.parts = PartSize::after(part_bytes);
        self
    }

    /// Most bytes of a file that the next request carries, as far as the line is known.
    #[must_use]
    pub const fn part_bytes(&self) -> u64 {
        self.parts.most()
    }

    /// Whether nothing is under way.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        matches!(self.phase, Phase::Idle)
    }

    /// Takes an input and appends what is to do. Answers to requests that are not awaited any more
    /// (repeated, late) change nothing.
    pub fn handle(&mut self, now: Timestamp, input: Event, effects: &mut Vec<Effect>) {
        match (std::mem::replace(&mut self.phase, Phase::Idle), input) {
            (Phase::Idle, Event::Woke) => {
                self.load(true, effects);
            }
            (Phase::Loading { exchange: true }, Event::Loaded(work)) => {
                self.exchange(work, false, effects);
            }
            (Phase::Loading { exchange: false }, Event::Loaded(work)) => {
                self.queue_files(&work);
                self.next_file(now, effects);
            }
            (
                Phase::Exchanging { request, work, renewed },
                Event::Answered { request: of, status, body },
            ) if request == of => {
                self.exchanged(now, work, renewed, (status, &body), effects);
            }
            (Phase::Renewing { request, then }, Event::Answered { request: of, status, body })
                if request == of =>
            {
                self.renewed(now, then, (status, &body), effects);
            }
            (
                Phase::Transferring { request, file, renewed, since },
                Event::Answered { request: of, status, body },
            ) if request == of => {
                self.transferred((since, now), file, renewed, (status, body), effects);
            }
            (Phase::Transferring { request, file, .. }, Event::Failed { request: of, detail })
                if request == of =>
            {
                self.transfer_lost(file);
                self.rest(now, Refusal { detail, ..Refusal::new(Code::NetworkLost) }, effects);
            }
            (
                Phase::Exchanging { request, .. } | Phase::Renewing { request, .. },
                Event::Failed { request: of, detail },
            ) if request == of => {
                self.rest(now, Refusal { detail, ..Refusal::new(Code::NetworkLost) }, effects);
            }
            (Phase::Storing { commit, then }, Event::Stored(of)) if commit == of => match then {
                Then::Load { exchange } => self.load(exchange, effects),
                Then::FileQueue => self.next_file(now, effects),
            },
            (Phase::Storing { commit, .. }, Event::NotStored(of)) if commit == of => {
                self.rest(now, Refusal::new(Code::DeviceStore), effects);
            }
            (phase, _) => self.phase = phase,
        }
    }

    fn name(&mut self) -> u64 {
        self.names += 1;
        self.names
    }

    pub(super) fn send(&mut self, call: ServerRequest, effects: &mut Vec<Effect>) -> RequestId {
        let request = RequestId(self.name());
        effects.push(Effect::Send { request, call });
        request
    }

    pub(super) fn commit(&mut self, changes: Vec<Change>, then: Then, effects: &mut Vec<Effect>) {
        let commit = CommitId(self.name());
        effects.push(Effect::Commit { id: commit, changes });
        self.phase = Phase::Storing { commit, then };
    }

    fn load(&mut self, exchange: bool, effects: &mut Vec<Effect>) {
        self.phase = Phase::Loading { exchange };
        effects.push(Effect::Load);
    }

    fn exchange(&mut self, work: Box<Work>, renewed: bool, effects: &mut Vec<Effect>) {
        let body = codec::pack(&request_of(&work));
        let request = self.send(ServerRequest::Exchange(body), effects);
        self.phase = Phase::Exchanging { request, work, renewed };
    }

    fn exchanged(
        &mut self,
        now: Timestamp,
        work: Box<Work>,
        renewed: bool,
        (status, body): (u16, &[u8]),
        effects: &mut Vec<Effect>,
    ) {
        if status != 200 || !codec::is_packed(body) {
            return match self.problem(status, body) {
                Ok(_) if status == 401 && !renewed => self.renew(Repeat::Exchange(work), effects),
                Ok(refusal) => self.refused(now, status, refusal, effects),
                Err(foreign) => self.rest(now, foreign, effects),
            };
        }
        let answer = match answer::read(body, &work, self.verifier.as_ref()) {
            Ok(answer) => answer,
            Err(refusal) => return self.rest(now, refusal, effects),
        };
        let (verdicts, items) = (answer.verdicts, answer.items);
        if verdicts + items > 0 {
            self.retry.succeeded();
        }
        effects.push(Effect::Report(SyncProgress::Exchanged { verdicts, items }));
        // Accepted facts may allow files to be sent, and received ones may ask for files. An item
        // that the server could not judge waits for the next round.
        let then = Then::Load { exchange: answer.more || (work.more && !answer.stuck) };
        self.commit(answer.changes, then, effects);
    }

    pub(super) fn renew(&mut self, then: Repeat, effects: &mut Vec<Effect>) {
        let request = self.send(ServerRequest::RenewSession, effects);
        self.phase = Phase::Renewing { request, then };
    }

    fn renewed(
        &mut self,
        now: Timestamp,
        then: Repeat,
        (status, body): (u16, &[u8]),
        effects: &mut Vec<Effect>,
    ) {
        if status == 200 && (self.readers.session)(body) {
            return match then {
                Repeat::Exchange(work) => self.exchange(work, true, effects),
                Repeat::Transfer(file) => self.transfer(now, file, true, effects),
            };
        }
        match self.problem(status, body) {
            Ok(refusal) if refusal.code.disposition() != Disposition::Retry => {
                effects.push(Effect::Report(SyncProgress::SignInNeeded));
                effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
            }
            Ok(refusal) | Err(refusal) => self.rest(now, refusal, effects),
        }
    }

    /// What the server says when it refuses; otherwise that something else answered in its place.
    pub(super) fn problem(&self, status: u16, body: &[u8]) -> Result<Refusal, Refusal> {
        (self.readers.problem)(body)
            .filter(|_| status >= 400)
            .map(Refusal::from)
            .ok_or_else(|| answer::foreign(status, body))
    }

    /// The server refused the request of this device.
    pub(super) fn refused(
        &mut self,
        now: Timestamp,
        status: u16,
        refusal: Refusal,
        effects: &mut Vec<Effect>,
    ) {
        if status == 401 {
            effects.push(Effect::Report(SyncProgress::SignInNeeded));
        }
        self.rest(now, refusal, effects);
    }

    /// Nothing is left to do.
    pub(super) fn finish(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.retry.succeeded();
        effects.push(Effect::Report(SyncProgress::Finished));
        effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
    }

    pub(super) fn rest(&mut self, now: Timestamp, why: Refusal, effects: &mut Vec<Effect>) {
        self.phase = Phase::Idle;
        effects.push(Effect::Report(SyncProgress::Waiting(why)));
        let again = self.retry.failed(now);
        effects.push(Effect::WakeAt(again));
    }
}

fn request_of(work: &Work) -> Request {
    Request {
        version: exchange::VERSION,
        device: work.device,
        cursor: work.cursor.clone().into(),
        facts: work.facts.iter().map(|fact| fact.bytes.clone().into()).collect(),
        drafts: work.drafts.iter().map(|draft| draft.push.clone()).collect(),
        max_bytes: u32::try_from(work.max_bytes).unwrap_or(u32::MAX),
        catalogue: work.catalogue.digest,
        reads: Some(exchange::READS),
        file_receipt: work.file_receipt.clone().map(Into::into),
        held: work.catalogue.parts,
        coming: Some(work.catalogue.coming.clone()).filter(|coming| !coming.is_empty()),
    }
}
