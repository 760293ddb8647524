//! Carries out what the engine asks for, one request at a time.

use std::collections::VecDeque;

use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::{Call, Effect, Engine, Input, Progress as Step, RequestId};
use sync_core::wire::codec;
use sync_core::{Code, Refusal};

use crate::files::Name;
use crate::host::{HttpRequest, HttpResponse, TransportLost};
use crate::report::{Left, Progress, SyncReport};
use crate::{Device, session};

/// A synchronisation under way. Between two requests nothing is held: the device can be written to, and
/// whoever stops asking for the next request has stopped the run; another one goes on from there.
pub struct SyncRun {
    engine: Engine,
    inputs: Vec<Input>,
    effects: VecDeque<Effect>,
    waiting: Option<(RequestId, Asked)>,
    report: SyncReport,
    before: Left,
    /// What the platform said of the last request to which no answer came.
    lost: Option<String>,
}

/// What an answer is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Session,
    Anything,
}

impl std::fmt::Debug for SyncRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncRun").field("report", &self.report).finish_non_exhaustive()
    }
}

impl SyncRun {
    /// What was done so far.
    #[must_use]
    pub const fn report(&self) -> &SyncReport {
        &self.report
    }
}

impl Device {
    /// Synchronises until nothing is left to do or the network is lost. What was done stays done;
    /// calling again goes on from there.
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
    pub fn begin_sync(&mut self) -> Result<SyncRun, Refusal> {
        self.id()?;
        let seed = u64::from_le_bytes(self.host.entropy.bytes());
        let upload = |body: &[u8]| serde_json::from_slice(body).ok();
        Ok(SyncRun {
            engine: Engine::new(Box::new(SoftVerifier), seed, session::problem, upload),
            inputs: vec![Input::Woke],
            effects: VecDeque::new(),
            waiting: None,
            report: SyncReport::default(),
            before: self.store.left(None)?,
            lost: None,
        })
    }

    /// The next request, or none when the run has come to rest. Asked again without an answer in
    /// between, the request before counts as lost.
    pub fn next_request(
        &mut self,
        run: &mut SyncRun,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Option<HttpRequest>, Refusal> {
        if run.waiting.is_some() {
            self.take_answer(run, Err(TransportLost::default()))?;
        }
        loop {
            if let Some(effect) = run.effects.pop_front() {
                if let Effect::Send { request, call } = effect {
                    let asked = match call {
                        Call::RenewSession => Asked::Session,
                        _ => Asked::Anything,
                    };
                    run.report.exchanges += usize::from(matches!(call, Call::Exchange(_)));
                    run.waiting = Some((request, asked));
                    let request = self.request(call)?;
                    if asked == Asked::Anything {
                        run.report.bytes_up += request.body.len();
                    }
                    return Ok(Some(request));
                }
                if let Some(next) = self.carry_out(effect, run, progress)? {
                    run.inputs.push(next);
                }
            } else if let Some(input) = run.inputs.pop() {
                let mut effects = Vec::new();
                run.engine.handle(self.now()?, input, &mut effects);
                run.effects.extend(effects);
            } else {
                return Ok(None);
            }
        }
    }

    /// Takes the answer to the last request, or that none came. Without a request it changes nothing.
    pub fn take_answer(
        &mut self,
        run: &mut SyncRun,
        answer: Result<HttpResponse, TransportLost>,
    ) -> Result<(), Refusal> {
        let Some((request, asked)) = run.waiting.take() else { return Ok(()) };
        run.inputs.push(match answer {
            Ok(HttpResponse { status, body }) => {
                if asked == Asked::Session && status == 200 {
                    self.renewed(&body)?;
                }
                run.report.bytes_down += body.len();
                Input::Answered { request, status, body }
            }
            Err(TransportLost { detail }) => {
                run.lost = detail;
                Input::Failed { request }
            }
        });
        Ok(())
    }

    fn carry_out(
        &mut self,
        effect: Effect,
        run: &mut SyncRun,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Option<Input>, Refusal> {
        let SyncRun { report, before, lost, .. } = run;
        Ok(match effect {
            Effect::Load => Some(Input::Loaded(Box::new(self.work()?))),
            Effect::Commit { id, changes } => {
                self.apply(changes)?;
                Some(Input::Stored(id))
            }
            // The next round belongs to the host, which knows when it may run; requests go to it, too.
            Effect::WakeAt(_) | Effect::Send { .. } => None,
            Effect::Report(mut step) => {
                if let Step::Waiting(refusal) = &mut step
                    && refusal.code == Code::NetworkLost
                {
                    refusal.detail = lost.take();
                }
                match &step {
                    Step::Exchanged { items, .. } => report.received += items,
                    Step::Waiting(refusal) => report.waiting = Some(refusal.clone()),
                    Step::SignInNeeded => report.sign_in_needed = true,
                    Step::Uploading { .. } | Step::Finished => {}
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

    fn request(&self, call: Call) -> Result<HttpRequest, Refusal> {
        let bearer = self.bearer()?;
        Ok(match call {
            Call::RenewSession => self.renewal()?,
            Call::Exchange(body) => HttpRequest {
                method: "POST",
                path: "/sync/v1/exchange".to_owned(),
                headers: vec![bearer, ("content-type", codec::CONTENT_TYPE.to_owned())],
                body,
            },
            Call::Put { hash, offset, bytes } => HttpRequest {
                method: "PUT",
                path: format!("/sync/v1/blobs/{hash}?offset={offset}"),
                headers: vec![bearer, ("content-type", "application/octet-stream".to_owned())],
                body: self.files.part(Name { hash, thumbnail: false }, offset, bytes)?,
            },
            Call::Get { hash, thumbnail } => {
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
