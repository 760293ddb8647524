//! The state machine of the exchange.

use super::answer;
use super::effect::{Call, Change, CommitId, Effect, Progress, RequestId};
use super::input::{Input, Work};
use super::parts::Parts;
use super::retry::Retry;
use super::transfer::{File, Files};
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
    pub(super) files: Files,
    pub(super) parts: Parts,
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

/// What was not let in and is asked again with a new session.
#[derive(Debug)]
pub(super) enum Repeat {
    Exchange(Box<Work>),
    Transfer(File),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Then {
    Load { exchange: bool },
    Files,
}

impl Engine {
    /// An engine at rest. `seed` spreads the waits of many devices; `verifier` checks the server's
    /// receipts and small pictures.
    #[must_use]
    pub fn new(verifier: Box<dyn Verifier>, seed: u64, readers: Readers) -> Self {
        Self {
            verifier,
            phase: Phase::Idle,
            files: Files::default(),
            parts: Parts::new(),
            retry: Retry::new(seed),
            names: 0,
            readers,
        }
    }

    /// Whether nothing is under way.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        matches!(self.phase, Phase::Idle)
    }

    /// Takes an input and appends what is to do. Answers to requests that are not awaited any more
    /// (repeated, late) change nothing.
    pub fn handle(&mut self, now: Timestamp, input: Input, effects: &mut Vec<Effect>) {
        match (std::mem::replace(&mut self.phase, Phase::Idle), input) {
            (Phase::Idle, Input::Woke) => {
                self.load(true, effects);
            }
            (Phase::Loading { exchange: true }, Input::Loaded(work)) => {
                self.exchange(work, false, effects);
            }
            (Phase::Loading { exchange: false }, Input::Loaded(work)) => {
                self.queue_files(&work);
                self.next_file(now, effects);
            }
            (
                Phase::Exchanging { request, work, renewed },
                Input::Answered { request: of, status, body },
            ) if request == of => {
                self.exchanged(now, work, renewed, (status, &body), effects);
            }
            (Phase::Renewing { request, then }, Input::Answered { request: of, status, body })
                if request == of =>
            {
                self.renewed(now, then, (status, &body), effects);
            }
            (
                Phase::Transferring { request, file, renewed, since },
                Input::Answered { request: of, status, body },
            ) if request == of => {
                self.transferred((since, now), file, renewed, (status, body), effects);
            }
            (
                Phase::Exchanging { request, .. }
                | Phase::Renewing { request, .. }
                | Phase::Transferring { request, .. },
                Input::Failed { request: of, detail },
            ) if request == of => {
                self.rest(now, Refusal { detail, ..Refusal::new(Code::NetworkLost) }, effects);
            }
            (Phase::Storing { commit, then }, Input::Stored(of)) if commit == of => match then {
                Then::Load { exchange } => self.load(exchange, effects),
                Then::Files => self.next_file(now, effects),
            },
            (Phase::Storing { commit, .. }, Input::NotStored(of)) if commit == of => {
                self.rest(now, Refusal::new(Code::DeviceStore), effects);
            }
            (phase, _) => self.phase = phase,
        }
    }

    fn name(&mut self) -> u64 {
        self.names += 1;
        self.names
    }

    pub(super) fn send(&mut self, call: Call, effects: &mut Vec<Effect>) -> RequestId {
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
        let request = self.send(Call::Exchange(body), effects);
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
        effects.push(Effect::Report(Progress::Exchanged { verdicts, items }));
        // What was accepted just now may free files, and what came may ask for some. An item that the
        // server could not judge waits for the next round.
        let then = Then::Load { exchange: answer.more || (work.more && !answer.stuck) };
        self.commit(answer.changes, then, effects);
    }

    pub(super) fn renew(&mut self, then: Repeat, effects: &mut Vec<Effect>) {
        let request = self.send(Call::RenewSession, effects);
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
                effects.push(Effect::Report(Progress::SignInNeeded));
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

    /// The server does not let this device do what it asked for.
    pub(super) fn refused(
        &mut self,
        now: Timestamp,
        status: u16,
        refusal: Refusal,
        effects: &mut Vec<Effect>,
    ) {
        if status == 401 {
            effects.push(Effect::Report(Progress::SignInNeeded));
        }
        self.rest(now, refusal, effects);
    }

    /// Nothing is left to do.
    pub(super) fn finish(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.retry.succeeded();
        effects.push(Effect::Report(Progress::Finished));
        effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
    }

    pub(super) fn rest(&mut self, now: Timestamp, why: Refusal, effects: &mut Vec<Effect>) {
        self.phase = Phase::Idle;
        effects.push(Effect::Report(Progress::Waiting(why)));
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
        catalogue: work.catalogue,
    }
}
