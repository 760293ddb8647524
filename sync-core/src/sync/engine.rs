//! The state machine of the exchange.

use std::collections::VecDeque;

use super::answer;
use super::effect::{Call, Change, CommitId, Effect, Progress, RequestId};
use super::input::{Download, Input, Upload, Work};
use super::retry::Retry;
use crate::id::BlobHash;
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
        call: Box<(Call, Option<Box<Work>>)>,
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

#[derive(Clone, Copy, Debug)]
enum Then {
    Load { exchange: bool },
    Files,
}

#[derive(Clone, Copy, Debug)]
enum File {
    Up(Upload),
    Down(Download),
}

#[derive(Debug, Default)]
struct Files {
    up: VecDeque<Upload>,
    down: VecDeque<Download>,
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
            (Phase::Renewing { request, call }, Input::Answered { request: of, status, .. })
                if request == of =>
            {
                self.renewed(now, *call, status, effects);
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
        self.files.up = work.uploads.iter().copied().collect();
        self.files.up.make_contiguous().sort_by_key(|file| (file.bytes, file.hash));
        self.files.down = work.downloads.iter().copied().collect();
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
            let call = Call::Exchange(codec::pack(&request_of(&work)));
            return self.renew(call, Some(work), effects);
        }
        if status != 200 {
            return self.refused(now, status, body, effects);
        }
        let answer = match answer::read(body, &work, self.verifier.as_ref()) {
            Ok(answer) => answer,
            Err(refusal) => return self.rest(now, refusal, effects),
        };
        self.retry.succeeded();
        let (verdicts, items) = (answer.verdicts, answer.items);
        effects.push(Effect::Report(Progress::Exchanged { verdicts, items }));
        // What was accepted just now may free files, and what came may ask for some. An item that the
        // server could not judge waits for the next round.
        let then = Then::Load { exchange: answer.more || (work.more && !answer.stuck) };
        self.commit(answer.changes, then, effects);
    }

    fn renew(&mut self, call: Call, work: Option<Box<Work>>, effects: &mut Vec<Effect>) {
        let request = self.send(Call::RenewSession, effects);
        self.phase = Phase::Renewing { request, call: Box::new((call, work)) };
    }

    fn renewed(
        &mut self,
        now: Timestamp,
        (call, work): (Call, Option<Box<Work>>),
        status: u16,
        effects: &mut Vec<Effect>,
    ) {
        match (status, work, call) {
            (200, Some(work), _) => self.exchange(work, true, effects),
            (200, None, Call::Put { hash, .. } | Call::Get { hash, .. }) => {
                self.repeat_file(hash, now, effects);
            }
            (400..=499, ..) => {
                effects.push(Effect::Report(Progress::SignInNeeded));
                effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
            }
            _ => self.rest(now, Refusal::new(Code::ServerBusy), effects),
        }
    }

    /// After renewing: the file that was refused stands first in its queue again.
    fn repeat_file(&mut self, hash: BlobHash, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(upload) = self.files.up.front().copied().filter(|file| file.hash == hash) {
            self.files.up.pop_front();
            return self.put(upload, true, effects);
        }
        self.next_file(now, effects);
    }

    fn next_file(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(upload) = self.files.up.pop_front() {
            return self.put(upload, false, effects);
        }
        if let Some(download) = self.files.down.pop_front() {
            let Download { hash, thumbnail } = download;
            let request = self.send(Call::Get { hash, thumbnail }, effects);
            self.phase =
                Phase::Transferring { request, file: File::Down(download), renewed: false };
            return;
        }
        effects.push(Effect::Report(Progress::Finished));
        effects.push(Effect::WakeAt(now.plus_millis(IDLE_MS)));
    }

    fn put(&mut self, upload: Upload, renewed: bool, effects: &mut Vec<Effect>) {
        let Upload { hash, bytes, offset } = upload;
        let part = bytes.saturating_sub(offset).min(limits::CHUNK_BYTES as u64);
        let request = self.send(Call::Put { hash, offset, bytes: part }, effects);
        self.phase = Phase::Transferring { request, file: File::Up(upload), renewed };
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
            (File::Up(upload), 401) if !renewed => {
                self.files.up.push_front(upload);
                let Upload { hash, offset, .. } = upload;
                self.renew(Call::Put { hash, offset, bytes: 0 }, None, effects);
            }
            (File::Down(download), 401) if !renewed => {
                self.files.down.push_front(download);
                let Download { hash, thumbnail } = download;
                self.renew(Call::Get { hash, thumbnail }, None, effects);
            }
            (File::Up(upload), 200) => self.uploaded(now, upload, &body, effects),
            (File::Up(upload), _) => self.upload_refused(now, upload, status, &body, effects),
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
        self.retry.succeeded();
        let Upload { hash, bytes, offset } = upload;
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
        status: u16,
        body: &[u8],
        effects: &mut Vec<Effect>,
    ) {
        let Some(problem) = (self.read_problem)(body) else {
            return self.refused(now, status, body, effects);
        };
        let refusal = Refusal::from(problem);
        let hash = upload.hash;
        match refusal.code {
            // The server says where it stands: go on from there, unless that is where we were.
            Code::BlobOffset => {
                let at = refusal.detail.as_deref().and_then(|detail| detail.parse().ok());
                match at.filter(|at| *at != upload.offset && *at <= upload.bytes) {
                    Some(offset) => self.put(Upload { offset, ..upload }, false, effects),
                    None => self.next_file(now, effects),
                }
            }
            // Its fact is not there yet; it stays in the outbox for the next round.
            Code::BlobUnexpected => self.next_file(now, effects),
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

fn request_of(work: &Work) -> Request {
    Request {
        version: exchange::VERSION,
        device: work.device,
        cursor: work.cursor.clone().into(),
        facts: work.facts.iter().map(|fact| fact.bytes.clone().into()).collect(),
        drafts: work.drafts.iter().map(|draft| draft.push.clone()).collect(),
        max_bytes: u32::try_from(limits::PAGE_BYTES).unwrap_or(u32::MAX),
        catalogue: work.catalogue,
    }
}
