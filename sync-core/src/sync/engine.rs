//! The state machine of the exchange.

use std::collections::VecDeque;

use super::answer;
use super::effect::{Call, Change, CommitId, Effect, Progress, RequestId};
use super::input::{Download, Input, Upload, Work};
use super::retry::Retry;
use crate::ledger::fact::Verifier;
use crate::limits;
use crate::refusal::{Code, Disposition, Refusal};
use crate::time::Timestamp;
use crate::wire::api::Uploaded;
use crate::wire::codec;
use crate::wire::exchange::{self, Request};
use crate::wire::problem::Problem;

/// How long to wait before looking again when nothing is to do.
const IDLE_MS: i64 = 60_000;

/// The exchange engine of one device.
pub struct Engine {
    verifier: Box<dyn Verifier>,
    phase: Phase,
    files: Files,
    retry: Retry,
    names: u64,
    read_problem: fn(&[u8]) -> Option<Problem>,
    read_upload: fn(&[u8]) -> Option<Uploaded>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("phase", &self.phase).finish_non_exhaustive()
    }
}

/// What waits, and what follows then.
#[derive(Debug)]
enum Phase {
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
    },
}

/// What was not let in and is asked again with a new session.
#[derive(Debug)]
enum Repeat {
    Exchange(Box<Work>),
    Transfer(File),
}

#[derive(Clone, Copy, Debug)]
enum Then {
    Load { exchange: bool },
    Files,
}

#[derive(Clone, Copy, Debug)]
enum File {
    /// Whether the server has said already where it stands with this part.
    Up(Upload, Standing),
    Down(Download),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Assumed,
    Told,
}

#[derive(Debug, Default)]
struct Files {
    up: VecDeque<Upload>,
    down: VecDeque<Download>,
    /// Why the last file was passed over that has to be tried again.
    passed_over: Option<Refusal>,
}

impl Engine {
    /// An engine at rest. `seed` spreads the waits of many devices; `verifier` checks the server's
    /// receipts; the two readers read JSON answers, which the core leaves to its host.
    #[must_use]
    pub fn new(
        verifier: Box<dyn Verifier>,
        seed: u64,
        read_problem: fn(&[u8]) -> Option<Problem>,
        read_upload: fn(&[u8]) -> Option<Uploaded>,
    ) -> Self {
        Self {
            verifier,
            phase: Phase::Idle,
            files: Files::default(),
            retry: Retry::new(seed),
            names: 0,
            read_problem,
            read_upload,
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
            (Phase::Renewing { request, then }, Input::Answered { request: of, status, .. })
                if request == of =>
            {
                self.renewed(now, then, status, effects);
            }
            (
                Phase::Transferring { request, file, renewed },
                Input::Answered { request: of, status, body },
            ) if request == of => {
                self.transferred(now, file, renewed, (status, body), effects);
            }
            (
                Phase::Exchanging { request, .. }
                | Phase::Renewing { request, .. }
                | Phase::Transferring { request, .. },
                Input::Failed { request: of },
            ) if request == of => self.rest(now, Refusal::new(Code::NetworkLost), effects),
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

    fn send(&mut self, call: Call, effects: &mut Vec<Effect>) -> RequestId {
        let request = RequestId(self.name());
        effects.push(Effect::Send { request, call });
        request
    }

    fn commit(&mut self, changes: Vec<Change>, then: Then, effects: &mut Vec<Effect>) {
        let commit = CommitId(self.name());
        effects.push(Effect::Commit { id: commit, changes });
        self.phase = Phase::Storing { commit, then };
    }

    fn load(&mut self, exchange: bool, effects: &mut Vec<Effect>) {
        self.phase = Phase::Loading { exchange };
        effects.push(Effect::Load);
    }

    /// Small files first: a signature is there before a dozen photos are.
    fn queue_files(&mut self, work: &Work) {
        let uploads = work.uploads.iter();
        self.files.up = uploads.map(|file| from(*file, file.offset).unwrap_or(*file)).collect();
        self.files.up.make_contiguous().sort_by_key(|file| (file.bytes, file.hash));
        self.files.down = work.downloads.iter().copied().collect();
        self.files.passed_over = None;
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
        if status == 401 && !renewed {
            return self.renew(Repeat::Exchange(work), effects);
        }
        if status != 200 {
            return self.refused(now, status, body, effects);
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

    fn renew(&mut self, then: Repeat, effects: &mut Vec<Effect>) {
        let request = self.send(Call::RenewSession, effects);
        self.phase = Phase::Renewing { request, then };
    }

    fn renewed(&mut self, now: Timestamp, then: Repeat, status: u16, effects: &mut Vec<Effect>) {
        match (status, then) {
            (200, Repeat::Exchange(work)) => self.exchange(work, true, effects),
            (200, Repeat::Transfer(file)) => self.transfer(file, true, effects),
            (400..=499, _) => {
                effects.push(Effect::Report(Progress::SignInNeeded));
                effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
            }
            _ => self.rest(now, Refusal::new(Code::ServerBusy), effects),
        }
    }

    fn next_file(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(upload) = self.files.up.pop_front() {
            return self.transfer(File::Up(upload, Standing::Assumed), false, effects);
        }
        if let Some(download) = self.files.down.pop_front() {
            return self.transfer(File::Down(download), false, effects);
        }
        if let Some(refusal) = self.files.passed_over.take() {
            return self.rest(now, refusal, effects);
        }
        self.retry.succeeded();
        effects.push(Effect::Report(Progress::Finished));
        effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
    }

    fn transfer(&mut self, file: File, renewed: bool, effects: &mut Vec<Effect>) {
        let call = match file {
            File::Up(Upload { hash, bytes, offset }, _) => {
                let part = bytes.saturating_sub(offset).min(limits::CHUNK_BYTES as u64);
                Call::Put { hash, offset, bytes: part }
            }
            File::Down(Download { hash, thumbnail }) => Call::Get { hash, thumbnail },
        };
        let request = self.send(call, effects);
        self.phase = Phase::Transferring { request, file, renewed };
    }

    fn transferred(
        &mut self,
        now: Timestamp,
        file: File,
        renewed: bool,
        (status, body): (u16, Vec<u8>),
        effects: &mut Vec<Effect>,
    ) {
        match (file, status) {
            (_, 401) if !renewed => self.renew(Repeat::Transfer(file), effects),
            // Nothing about the file: whoever sends it is not let in.
            (_, 401) => self.refused(now, status, &body, effects),
            (File::Up(upload, _), 200) => self.uploaded(now, upload, &body, effects),
            (File::Up(upload, standing), _) => {
                self.upload_refused(now, upload, standing, (status, &body), effects);
            }
            (File::Down(Download { hash, thumbnail }), 200)
                if answer::fits(hash, thumbnail, &body) =>
            {
                let came = Change::Downloaded { hash, thumbnail, bytes: body };
                self.commit(vec![came], Then::Files, effects);
            }
            // A file that is not there yet is asked for again in the next round.
            (File::Down(_), _) => self.next_file(now, effects),
        }
    }

    fn uploaded(&mut self, now: Timestamp, upload: Upload, body: &[u8], effects: &mut Vec<Effect>) {
        let Some(Uploaded { received, complete }) = (self.read_upload)(body) else {
            return self.rest(now, Refusal::new(Code::Malformed), effects);
        };
        let Upload { hash, bytes, offset } = upload;
        if complete || received > offset {
            self.retry.succeeded();
        }
        effects.push(Effect::Report(Progress::Uploading { hash, sent: received, bytes }));
        if !complete && received > offset && received < bytes {
            self.files.up.push_front(Upload { hash, bytes, offset: received });
        }
        let uploaded = Change::Uploaded { hash, offset: received, complete };
        self.commit(vec![uploaded], Then::Files, effects);
    }

    fn upload_refused(
        &mut self,
        now: Timestamp,
        upload: Upload,
        standing: Standing,
        (status, body): (u16, &[u8]),
        effects: &mut Vec<Effect>,
    ) {
        let Some(problem) = (self.read_problem)(body) else {
            return self.refused(now, status, body, effects);
        };
        let refusal = Refusal::from(problem);
        let hash = upload.hash;
        match refusal.code {
            // The server says where it stands: go on from there, once.
            Code::BlobOffset => {
                let at = refusal.detail.as_deref().and_then(|detail| detail.parse().ok());
                let upload = at.and_then(|at| from(upload, at));
                match upload.filter(|_| standing == Standing::Assumed) {
                    Some(upload) => {
                        self.transfer(File::Up(upload, Standing::Told), false, effects);
                    }
                    None => self.next_file(now, effects),
                }
            }
            // Its fact is not there yet; it stays in the outbox for the next round.
            Code::BlobUnexpected => self.next_file(now, effects),
            // This file alone: the others have their turn first.
            Code::StorageFailed => {
                self.files.passed_over = Some(refusal);
                self.next_file(now, effects);
            }
            // Nothing about the file: whoever sends it is not let in.
            Code::NotSignedIn | Code::AccountDisabled | Code::TokenReused => {
                self.rest(now, refusal, effects);
            }
            code if code.disposition() == Disposition::Retry => self.rest(now, refusal, effects),
            _ => {
                let refused = Change::UploadRefused { hash, refusal };
                self.commit(vec![refused], Then::Files, effects);
            }
        }
    }

    fn refused(&mut self, now: Timestamp, status: u16, body: &[u8], effects: &mut Vec<Effect>) {
        let refusal = (self.read_problem)(body).map_or_else(
            || Refusal::new(Code::ServerBusy).detail(status.to_string()),
            Refusal::from,
        );
        if status == 401 {
            effects.push(Effect::Report(Progress::SignInNeeded));
        }
        self.rest(now, refusal, effects);
    }

    fn rest(&mut self, now: Timestamp, why: Refusal, effects: &mut Vec<Effect>) {
        self.phase = Phase::Idle;
        effects.push(Effect::Report(Progress::Waiting(why)));
        let again = self.retry.failed(now);
        effects.push(Effect::WakeAt(again));
    }
}

/// A file from where the server stands. Where it has all of it without having judged it, it judges
/// when the last byte comes again: no part is ever empty.
fn from(upload: Upload, at: u64) -> Option<Upload> {
    let last = upload.bytes.checked_sub(1)?;
    (at <= upload.bytes).then_some(Upload { offset: at.min(last), ..upload })
}

fn request_of(work: &Work) -> Request {
    Request {
        version: exchange::VERSION,
        device: work.device,
        cursor: work.cursor.clone().into(),
        facts: work.facts.iter().map(|fact| fact.bytes.clone().into()).collect(),
        drafts: work.drafts.iter().map(|draft| draft.push.clone()).collect(),
        max_bytes: u32::try_from(limits::PULL_BYTES).unwrap_or(u32::MAX),
        catalogue: work.catalogue,
    }
}
