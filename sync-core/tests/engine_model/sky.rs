//! Drives the engine between a device and a server, through weather.

use std::collections::{BTreeSet, VecDeque};

use sync_core::id::Digest;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::{Effect, Engine, Event, Readers, RequestId, ServerRequest};
use sync_core::time::Timestamp;
use sync_core::wire::exchange::Item;
use sync_core::{Code, Refusal};

use super::author::{Author, VISIT};
use super::device::{Device, State};
use super::gusts::{Gust, Write};
use super::server::{Answer, Server, problem};

/// What stands for a renewed session.
const SESSION: &[u8] = b"a session";

/// Inputs within which a round has to come to rest.
const STEPS: usize = 400;

/// How the device will die.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Asking,
    BeforeStoring,
    AfterStoring,
}

pub(crate) struct Sky {
    pub(crate) device: Device,
    pub(crate) server: Server,
    colleague: Author,
    colleague_work: Vec<Result<Vec<u8>, Vec<u8>>>,
    gusts: VecDeque<Gust>,
    engine: Engine,
    inputs: VecDeque<Event>,
    late: Vec<Event>,
    fate: Option<Fate>,
    no_room: bool,
    woken: bool,
    starts: u64,
    now: Timestamp,
}

fn engine(start: u64) -> Engine {
    let readers = Readers {
        problem: |body| serde_json::from_slice(body).ok(),
        upload: |body| serde_json::from_slice(body).ok(),
        session: |body| body == SESSION,
    };
    Engine::new(Box::new(SoftVerifier), start, readers)
}

impl Sky {
    pub(crate) fn new(writes: &[Write], gusts: &[Gust]) -> Self {
        let mut server = Server::new();
        let device = Device::new(server.public_key());
        let colleague = Author::new(4);
        server.enrol(&device.author);
        server.enrol(&colleague);
        let mut sky = Self {
            device,
            server,
            colleague,
            colleague_work: Vec::new(),
            gusts: gusts.iter().copied().collect(),
            engine: engine(1),
            inputs: VecDeque::new(),
            late: Vec::new(),
            fate: None,
            no_room: false,
            woken: false,
            starts: 1,
            now: Timestamp::from_millis(1_793_000_000_000),
        };
        for write in writes {
            sky.writes(*write);
        }
        sky
    }

    /// More weather comes up.
    pub(crate) fn brings(&mut self, gusts: &[Gust]) {
        self.gusts.extend(gusts);
    }

    fn writes(&mut self, write: Write) {
        let item = self.device.writes(write);
        if write == Write::Unjudged {
            self.server.stuck.insert(item);
        }
        if write == Write::Unstored {
            self.server.stuck.extend(self.device.disk.files.last().map(|file| file.hash));
        }
    }

    /// Rounds until the weather is over; then the colleague brings again what the server lost.
    pub(crate) fn weather(&mut self) {
        while !self.gusts.is_empty() {
            let before = self.gusts.len();
            self.round();
            assert!(self.gusts.len() < before, "a round that asks for nothing");
        }
        self.colleague_delivers();
    }

    /// One round: from a waking to the rest after it, or to the death of the device.
    pub(crate) fn round(&mut self) {
        self.now = self.now.plus_millis(600_000);
        self.woken = false;
        self.inputs.push_back(Event::Woke);
        let mut steps = 0;
        while let Some(input) = self.inputs.pop_front() {
            steps += 1;
            assert!(steps < STEPS, "it does not come to rest");
            let mut effects = Vec::new();
            self.engine.handle(self.now, input, &mut effects);
            for effect in effects {
                self.carry_out(effect);
                self.check();
                if self.fate == Some(Fate::Asking) {
                    return self.device_starts();
                }
            }
        }
        assert!(self.engine.is_idle() && self.woken, "it waits for nothing: {:?}", self.engine);
        (self.fate, self.no_room) = (None, false);
    }

    /// The process is gone, and its connections with it; the disk stays.
    fn device_starts(&mut self) {
        self.starts += 1;
        self.engine = engine(self.starts);
        self.inputs.clear();
        self.late.clear();
        (self.fate, self.no_room) = (None, false);
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Load => self.inputs.push_back(Event::Loaded(Box::new(self.device.work()))),
            Effect::Send { request, call } => self.send(request, &call),
            Effect::Commit { id, changes } => {
                if self.fate == Some(Fate::BeforeStoring) {
                    self.fate = Some(Fate::Asking);
                } else if std::mem::take(&mut self.no_room) {
                    self.inputs.push_back(Event::NotStored(id));
                } else {
                    self.device.commit(&changes);
                    if self.fate == Some(Fate::AfterStoring) {
                        self.fate = Some(Fate::Asking);
                    }
                    self.inputs.push_back(Event::Stored(id));
                }
            }
            Effect::WakeAt(at) => {
                assert!(at > self.now);
                self.woken = true;
            }
            Effect::Report(_) => {}
        }
    }

    /// What happens between requests; gives what meets the next one.
    fn next_gust(&mut self) -> Gust {
        loop {
            match self.gusts.pop_front().unwrap_or(Gust::Calm) {
                Gust::Backup => self.server.back_up(),
                Gust::Restored => self.server.restore(),
                Gust::Writes(write) => self.writes(write),
                Gust::ColleagueWrites => self.colleague_writes(),
                gust => return gust,
            }
        }
    }

    fn send(&mut self, request: RequestId, call: &ServerRequest) {
        if let ServerRequest::Put { hash, bytes, .. } = call
            && *bytes >= sync_core::limits::PART_BYTES as u64
        {
            self.device.begins(*hash);
        }
        let answered = |(status, body)| Event::Answered { request, status, body };
        let failed = Event::Failed { request, detail: None };
        // What is late comes while the engine waits for this answer, or right after it.
        let early = request.0.is_multiple_of(2);
        if early {
            self.inputs.extend(self.late.drain(..));
        }
        match self.next_gust() {
            Gust::CutBefore => self.inputs.push_back(failed),
            Gust::CutAfter => {
                self.answer(call);
                self.inputs.push_back(failed);
            }
            Gust::ServerDies => {
                let file = self.part(call);
                self.server.dies_while(|server| drop(answer(server, call, &file)));
                self.inputs.push_back(failed);
            }
            Gust::Twice => {
                let first = self.answer(call);
                let second = self.answer(call);
                self.late.push(answered(first));
                self.hear(answered(second));
            }
            Gust::Late => {
                let late = self.answer(call);
                self.late.push(answered(late));
                self.inputs.push_back(failed);
            }
            Gust::AnswerTwice => {
                let answer = self.answer(call);
                if early {
                    self.late.push(answered(answer.clone()));
                    self.hear(answered(answer));
                } else {
                    self.hear(answered(answer.clone()));
                    self.late.push(answered(answer));
                }
            }
            Gust::Torn => {
                let (status, mut body) = self.answer(call);
                body.truncate(body.len() / 2);
                self.hear(answered((status, body)));
            }
            Gust::Expired => self.hear(answered(problem(Code::NotSignedIn.into(), 401))),
            Gust::Busy => self.hear(answered(problem(Code::ServerBusy.into(), 503))),
            Gust::Undecided => {
                self.server.undecided = true;
                let answer = self.answer(call);
                self.server.undecided = false;
                self.hear(answered(answer));
            }
            Gust::DiesAsking => {
                self.answer(call);
                self.fate = Some(Fate::Asking);
            }
            gust => {
                self.fate = match gust {
                    Gust::DiesBeforeStoring => Some(Fate::BeforeStoring),
                    Gust::DiesAfterStoring => Some(Fate::AfterStoring),
                    _ => self.fate,
                };
                self.no_room |= gust == Gust::StoreFails;
                let answer = self.answer(call);
                self.hear(answered(answer));
            }
        }
    }

    /// An answer comes, and after it what was under way for longer.
    fn hear(&mut self, answer: Event) {
        self.inputs.push_back(answer);
        self.inputs.extend(self.late.drain(..));
    }

    fn answer(&mut self, call: &ServerRequest) -> Answer {
        let file = self.part(call);
        answer(&mut self.server, call, &file)
    }

    /// The bytes that a call takes from the disk.
    fn part(&self, call: &ServerRequest) -> Vec<u8> {
        let ServerRequest::Put { hash, offset, bytes } = call else { return Vec::new() };
        let mut files = self.device.disk.files.iter();
        let file = files.find(|file| file.hash == *hash).expect("an own file");
        let [from, to] = [*offset, offset + bytes].map(|at| usize::try_from(at).expect("small"));
        file.bytes[from..to].to_vec()
    }

    fn colleague_writes(&mut self) {
        if self.colleague_work.len().is_multiple_of(2) {
            let content = self.colleague.content(100);
            let fact = self.colleague.captured(&content);
            self.colleague_work.push(Ok(fact.bytes().to_vec()));
        } else {
            let change = self.colleague.change();
            self.colleague_work.push(Err(change));
        }
        self.colleague_delivers();
    }

    fn colleague_delivers(&mut self) {
        let facts = self.colleague_work.iter().filter_map(|work| work.as_ref().ok());
        let changes: Vec<_> =
            self.colleague_work.iter().filter_map(|work| work.as_ref().err().cloned()).collect();
        let push = self.colleague.signed(VISIT, changes);
        let facts: Vec<Vec<u8>> = facts.cloned().collect();
        self.server.bring(self.colleague.device, &facts, &push);
    }

    /// What must hold at every moment.
    fn check(&self) {
        let disk = &self.device.disk;
        let epoch = Server::epoch_of(&disk.cursor);
        if epoch.is_some_and(|epoch| epoch != self.server.epoch) {
            // The server came back from a backup and the device cannot know.
            return;
        }
        let stored = &self.server.stored;
        for item in disk.items.iter().filter(|item| item.state == State::AtServer) {
            if item.draft.is_some() {
                assert!(stored.changes.contains(&item.id), "a change is marked that is not there");
            } else {
                assert!(stored.facts.contains_key(&item.id), "a fact is marked that is not there");
                assert_eq!(item.receipt.as_ref(), stored.facts.get(&item.id), "another receipt");
            }
        }
        for file in disk.files.iter().filter(|file| file.state == State::AtServer) {
            assert!(stored.whole.contains(&file.hash), "a file is marked that is not there");
        }
    }

    /// Everything honest is at the server once and marked so; what the server gives is here.
    pub(crate) fn is_settled(&self) -> Result<(), Refusal> {
        let (disk, stored) = (&self.device.disk, &self.server.stored);
        let unsettled = |what: &str| Err(Refusal::new(Code::NotFound).detail(what));
        for item in &disk.items {
            let wanted = match item.write {
                Write::BadFact | Write::BadChange => State::Refused,
                Write::Unjudged => State::OnlyHere,
                _ => State::AtServer,
            };
            if item.state != wanted {
                return unsettled(&format!("{:?} is {:?}", item.write, item.state));
            }
            let times = stored.feed.iter().filter(|(_, id, _)| *id == item.id).count();
            if times != usize::from(wanted == State::AtServer) {
                return unsettled(&format!("{:?} is {times} times at the server", item.write));
            }
        }
        for file in &disk.files {
            let wanted = match file.write {
                Write::BadPhoto => State::Refused,
                Write::Unstored | Write::BadFact | Write::Unjudged => State::OnlyHere,
                _ => State::AtServer,
            };
            let there = stored.whole.contains(&file.hash);
            if file.state != wanted || there != (wanted == State::AtServer) {
                return unsettled(&format!("file {:?} is {:?}", file.write, file.state));
            }
        }
        for (_, id, item) in &stored.feed {
            let own = disk.items.iter().any(|own| own.id == *id);
            let receipt = match item {
                Item::Fact { receipt, .. } => Some(*receipt),
                _ => None,
            };
            if !own && disk.received.get(id) != Some(&receipt) {
                return unsettled("something of a colleague is not here");
            }
        }
        Ok(())
    }
}

fn answer(server: &mut Server, call: &ServerRequest, file: &[u8]) -> Answer {
    match call {
        ServerRequest::Exchange(body) => server.exchange(body),
        ServerRequest::RenewSession => (200, SESSION.to_vec()),
        ServerRequest::Put { hash, offset, .. } => server.put(*hash, *offset, file),
        ServerRequest::Get { .. } => problem(Code::NotFound.into(), 404),
    }
}

/// Names of everything in a list of own items, for tests that count.
pub(crate) fn names(sky: &Sky) -> BTreeSet<Digest> {
    sky.device.disk.items.iter().map(|item| item.id).collect()
}
