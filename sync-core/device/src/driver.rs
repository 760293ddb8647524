//! Carries out what the engine asks for, one request at a time.

use std::collections::VecDeque;

use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::{
    Effect, Engine, Event, Passage, Readers, RequestId, ServerRequest, SyncProgress as Step,
};
use sync_core::time::Timestamp;
use sync_core::wire::api::Session;
use sync_core::wire::codec;
use sync_core::{Refusal, limits};

use crate::files::Name;
use crate::host::{HttpRequest, HttpResponse, TransportLost};
use crate::report::{Left, Progress, SyncReport};
use crate::{Device, session};

/// A synchronisation under way. Between two requests the device is free for other calls. To stop, do not ask for
/// the next request; a later run goes on from there.
pub struct Synchronisation {
    engine: Engine,
    inputs: Vec<Event>,
    effects: VecDeque<Effect>,
    waiting: Option<Sent>,
    report: SyncReport,
    /// What this run could not send, though the network is there.
    held_back: Option<Refusal>,
    before: Left,
}

/// A request that waits for its answer.
struct Sent {
    request: RequestId,
    asked: Asked,
    at: Timestamp,
}

/// What became of an exchange: only a whole answer of the server says that one of its size passes.
fn passage(answer: &Result<HttpResponse, TransportLost>, after_ms: i64) -> Passage {
    match answer {
        Ok(HttpResponse { status: 200, body }) if codec::unpack(body).is_ok() => Passage::Answered,
        Ok(HttpResponse { status: 400.., body }) if session::problem(body).is_some() => {
            Passage::Refused
        }
        _ => Passage::Lost { after_ms },
    }
}

/// What an answer is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Session,
    Exchange,
    File,
}

impl std::fmt::Debug for Synchronisation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Synchronisation").field("report", &self.report).finish_non_exhaustive()
    }
}

impl Synchronisation {
    /// What was done so far.
    #[must_use]
    pub const fn report(&self) -> &SyncReport {
        &self.report
    }
}

impl Device {
    /// Synchronises until nothing is left to do or the network is lost. What was done stays done;
    /// calling again goes on from there.
    ///
    /// # Errors
    /// The code of the device's own store or key store. Refusals of the server and a lost network are in the
    /// report.
    pub fn sync(&mut self, progress: &mut dyn FnMut(&Progress)) -> Result<SyncReport, Refusal> {
        let mut run = self.begin_sync()?;
        while let Some(request) = self.next_request(&mut run, progress)? {
            let answer = self.host.transport.send(request);
            self.take_answer(&mut run, answer)?;
        }
        Ok(run.report)
    }

    /// Begins a synchronisation whose requests the host sends itself, so that nothing waits for the
    /// network but the network: take [`Device::next_request`] and give [`Device::take_answer`] in turn.
    ///
    /// # Errors
    /// [`sync_core::Code::NotEnrolled`] before the device is enrolled, or the code of a store that cannot be
    /// read.
    pub fn begin_sync(&mut self) -> Result<Synchronisation, Refusal> {
        self.id()?;
        let seed = u64::from_le_bytes(self.host.entropy.bytes());
        let readers = Readers {
            problem: session::problem,
            upload: |body| serde_json::from_slice(body).ok(),
            session: |body| serde_json::from_slice::<Session>(body).is_ok(),
        };
        let mut engine = Engine::new(Box::new(SoftVerifier), seed, readers);
        if let Some(bytes) = self.part_bytes()? {
            engine = engine.on_line(bytes);
        }
        Ok(Synchronisation {
            engine,
            inputs: vec![Event::Woke],
            effects: VecDeque::new(),
            waiting: None,
            report: SyncReport::default(),
            held_back: None,
            before: self.store.left(None)?,
        })
    }

    /// The next request, or none when the run has come to rest. Asked again without an answer in
    /// between, the request before counts as lost.
    ///
    /// # Errors
    /// The code of a store that cannot be read or written, or of a key store that does not sign.
    pub fn next_request(
        &mut self,
        run: &mut Synchronisation,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Option<HttpRequest>, Refusal> {
        if run.waiting.is_some() {
            self.take_answer(run, Err(TransportLost::default()))?;
        }
        loop {
            if let Some(effect) = run.effects.pop_front() {
                if let Effect::Send { request, call } = effect {
                    let asked = match call {
                        ServerRequest::RenewSession => Asked::Session,
                        ServerRequest::Exchange(_) => Asked::Exchange,
                        ServerRequest::Put { .. } | ServerRequest::Get { .. } => Asked::File,
                    };
                    if let ServerRequest::Put { hash, bytes, .. } = call
                        && bytes >= limits::PART_BYTES as u64
                    {
                        self.store.begin_upload(hash)?;
                    }
                    run.report.exchanges += usize::from(asked == Asked::Exchange);
                    let at = self.now()?;
                    run.waiting = Some(Sent { request, asked, at });
                    let request = self.request(call)?;
                    if asked != Asked::Session {
                        run.report.bytes_up += request.body.len();
                    }
                    return Ok(Some(request));
                }
                if let Some(next) = self.carry_out(effect, run, progress)? {
                    run.inputs.push(next);
                }
            } else if let Some(input) = run.inputs.pop() {
                let mut effects = Vec::new();
                let before = run.engine.part_bytes();
                run.engine.handle(self.now()?, input, &mut effects);
                if run.engine.part_bytes() != before {
                    self.note_part_bytes(run.engine.part_bytes())?;
                }
                run.effects.extend(effects);
            } else {
                return Ok(None);
            }
        }
    }

    /// Takes the answer to the last request, or that none came. Without a request it changes nothing.
    ///
    /// # Errors
    /// The code of a store that cannot be written. A refusal or a lost network is the engine's matter.
    pub fn take_answer(
        &mut self,
        run: &mut Synchronisation,
        answer: Result<HttpResponse, TransportLost>,
    ) -> Result<(), Refusal> {
        let Some(Sent { request, asked, at }) = run.waiting.take() else { return Ok(()) };
        if asked == Asked::Exchange {
            let took = self.now()?.as_millis().saturating_sub(at.as_millis());
            self.fit_pages(passage(&answer, took))?;
        }
        run.inputs.push(match answer {
            Ok(HttpResponse { status, body }) => {
                if asked == Asked::Session && status == 200 {
                    self.renewed(&body)?;
                }
                run.report.bytes_down += body.len();
                Event::Answered { request, status, body }
            }
            Err(TransportLost { detail }) => Event::Failed { request, detail },
        });
        Ok(())
    }

    fn carry_out(
        &mut self,
        effect: Effect,
        run: &mut Synchronisation,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Option<Event>, Refusal> {
        let Synchronisation { report, before, held_back, .. } = run;
        Ok(match effect {
            Effect::Load => {
                let (work, held) = self.work()?;
                *held_back = held;
                Some(Event::Loaded(Box::new(work)))
            }
            Effect::Commit { id, changes } => {
                self.apply(changes)?;
                Some(Event::Stored(id))
            }
            // The next round belongs to the host, which knows when it may run; requests go to it, too.
            Effect::WakeAt(_) | Effect::Send { .. } => None,
            Effect::Report(step) => {
                match &step {
                    Step::Exchanged { items, .. } => report.received += items,
                    Step::Waiting(refusal) => report.waiting = Some(refusal.clone()),
                    Step::SignInNeeded => report.sign_in_needed = true,
                    Step::Finished => report.waiting.clone_from(held_back),
                    Step::Uploading { .. } => {}
                }
                let others = match &step {
                    Step::Uploading { hash, .. } => self.store.left(Some(*hash))?,
                    _ => Left::default(),
                };
                progress(&Progress::of(step, *before, others));
                None
            }
        })
    }

    fn request(&mut self, call: ServerRequest) -> Result<HttpRequest, Refusal> {
        let bearer = self.bearer()?;
        Ok(match call {
            ServerRequest::RenewSession => self.renewal()?,
            ServerRequest::Exchange(body) => HttpRequest {
                method: "POST",
                path: "/sync/v1/exchange".to_owned(),
                headers: vec![bearer, ("content-type", codec::CONTENT_TYPE.to_owned())],
                body,
            },
            ServerRequest::Put { hash, offset, bytes } => HttpRequest {
                method: "PUT",
                path: format!("/sync/v1/blobs/{hash}?offset={offset}"),
                headers: vec![bearer, ("content-type", "application/octet-stream".to_owned())],
                body: self.files.part(Name { hash, thumbnail: false }, offset, bytes)?,
            },
            ServerRequest::Get { hash, thumbnail } => {
                let path = if thumbnail { "/thumbnail" } else { "" };
                HttpRequest {
                    method: "GET",
                    path: format!("/sync/v1/blobs/{hash}{path}"),
                    headers: vec![bearer],
                    body: Vec::new(),
                }
            }
        })
    }
}
