//! A device with files, a server with news, and what lies between them.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::suites::{ServerSigner, SoftVerifier};
use sync_core::sync::{
    Change, Download, Effect, Engine, Event, HeldCatalogue, PageSize, Passage, Readers,
    ServerRequest, SyncProgress, Upload, Work,
};
use sync_core::time::{Beacon, Timestamp};
use sync_core::wire::api::Uploaded;
use sync_core::wire::exchange::{Request, Response, VERSION};
use sync_core::wire::problem::Problem;
use sync_core::wire::{codec, thumbnail};
use sync_core::{Code, Refusal, limits};

pub(crate) type Answer = (u16, Vec<u8>);

pub(crate) const PORTAL: &[u8] = b"<!DOCTYPE html><title>Login</title>";
pub(crate) const SESSION: &[u8] = b"a session";
/// A round that needs more requests than this does not come to rest.
const REQUESTS: usize = 2_000;

/// What something on the way answers.
pub(crate) fn foreign() -> Vec<Answer> {
    let html = |status| (status, PORTAL.to_vec());
    let mut answers: Vec<Answer> =
        [302, 401, 403, 404, 405, 413, 414, 429, 451, 500, 502, 503, 504, 511, 200]
            .map(html)
            .to_vec();
    answers.extend([(200, Vec::new()), (200, b"{}".to_vec()), (403, b"{\"code\":403}".to_vec())]);
    answers.push((200, b"\x89PNG\r\n\x1a\n".to_vec()));
    answers
}

pub(crate) fn engine() -> Engine {
    let readers = Readers {
        problem: |body| serde_json::from_slice(body).ok(),
        upload: |body| serde_json::from_slice(body).ok(),
        session: |body| body == SESSION,
    };
    Engine::new(Box::new(SoftVerifier), 7, readers)
}

pub(crate) fn signer() -> ServerSigner {
    ServerSigner::from_secret(&[0x5E; 32])
}

/// An answer that brings so many bytes, which do not pack.
pub(crate) fn exchanged(bytes: usize, more: bool) -> Vec<u8> {
    let next = |it: &u64| Some(it.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    let noise = std::iter::successors(Some(7), next).map(|it| it.to_be_bytes()[0]);
    codec::pack(&Response {
        version: VERSION,
        beacon: Beacon { at: Timestamp::from_millis(5), tag: [0; 8] },
        verdicts: Vec::new(),
        receipts: None,
        items: Vec::new(),
        cursor: noise.take(bytes).collect::<Vec<u8>>().into(),
        more,
        restart: false,
    })
}

pub(crate) fn stands(received: u64, complete: bool) -> Answer {
    (200, serde_json::to_vec(&Uploaded { received, complete, receipt: None }).expect("JSON"))
}

pub(crate) fn small(hash: Digest) -> Vec<u8> {
    let jpeg = [b"small ".as_slice(), hash.as_bytes()].concat();
    let signature = signer().sign(&thumbnail::signed_message(hash, &jpeg)).expect("signed");
    thumbnail::seal(jpeg, &signature)
}

/// A device with files, a server, and what lies between them.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) files: Vec<Upload>,
    pub(crate) downloads: BTreeSet<Digest>,
    pub(crate) shown: BTreeMap<Digest, Refusal>,
    pub(crate) delivered: BTreeSet<Digest>,
    pub(crate) fetched: BTreeMap<Digest, Vec<u8>>,
    pub(crate) server: BTreeMap<Digest, u64>,
    pub(crate) now: i64,
    pub(crate) bytes_up: u64,
    pub(crate) requests: usize,
    pub(crate) last: Vec<SyncProgress>,
    /// What the last run found out about the line.
    pub(crate) part_bytes: Option<u64>,
    pub(crate) pages: PageSize,
    /// Bytes of news at the server, which bring no items here: the cursor stands for them.
    pub(crate) news: usize,
}

/// What becomes of a request: so many bytes of it arrive, then its answer, or none.
pub(crate) type Way<'a> = &'a mut dyn FnMut(&ServerRequest, u64) -> Fate;

pub(crate) enum Fate {
    Fair {
        ms: i64,
    },
    Cut {
        arrives: u64,
        ms: i64,
    },
    Answered(Answer),
    /// So many kilobits pass in a second, either way; the line is cut at each multiple of so many milliseconds.
    Line {
        kbit: u64,
        cut_ms: Option<i64>,
    },
    /// The request arrives; answers of more bytes are lost, or replaced by another one.
    Narrow {
        bytes: usize,
        ms: i64,
        instead: Option<Answer>,
    },
}

/// What a device makes of the answer to an exchange.
fn passage(answer: Option<&Answer>, after_ms: i64) -> Passage {
    match answer {
        Some((200, body)) if codec::unpack(body).is_ok() => Passage::Answered,
        Some((400.., body)) if serde_json::from_slice::<Problem>(body).is_ok() => Passage::Refused,
        _ => Passage::Lost { after_ms },
    }
}

impl World {
    pub(crate) fn with(files: &[(&str, u64)]) -> Self {
        let file = |(name, bytes): &(&str, u64)| Upload::new(Digest::of(name.as_bytes()), *bytes);
        Self { files: files.iter().map(file).collect(), ..Self::default() }
    }

    fn work(&self) -> Work {
        let left = self.files.iter().filter(|file| !self.delivered.contains(&file.hash));
        let wanted = self.downloads.iter().filter(|hash| !self.fetched.contains_key(hash));
        Work {
            device: DeviceId::from_bytes([2; 16]),
            cursor: vec![1],
            server_key: signer().public_key(),
            facts: Vec::new(),
            drafts: Vec::new(),
            more: false,
            max_bytes: self.pages.bytes().min(limits::PULL_BYTES),
            uploads: left.copied().collect(),
            downloads: wanted.map(|hash| Download { hash: *hash, thumbnail: true }).collect(),
            catalogue: HeldCatalogue::default(),
            file_receipt: None,
        }
    }

    /// What fits of the news.
    fn exchanged(&self, body: &[u8]) -> Vec<u8> {
        let plain = codec::unpack(body).expect("packed");
        let asked: Request = sync_core::cbor::from_slice(&plain).expect("a request");
        let room = usize::try_from(asked.max_bytes).expect("bytes");
        exchanged(self.news.min(room).max(1), self.news > room)
    }

    fn server(&mut self, call: &ServerRequest) -> Answer {
        match call {
            ServerRequest::Exchange(body) => (200, self.exchanged(body)),
            ServerRequest::RenewSession => (200, SESSION.to_vec()),
            ServerRequest::Get { hash, .. } => (200, small(*hash)),
            ServerRequest::Put { hash, offset, bytes } => {
                let size = self.files.iter().find(|it| it.hash == *hash).expect("a file").bytes;
                let there = self.server.entry(*hash).or_default();
                if *bytes > 0 && there != offset {
                    let refusal = Refusal::new(Code::BlobOffset).detail(there.to_string());
                    let problem = Problem::new(refusal, 409);
                    return (409, serde_json::to_vec(&problem).expect("JSON"));
                }
                *there += bytes;
                stands(*there, *there == size)
            }
        }
    }

    /// One round with a fresh engine, as after a start of the app.
    pub(crate) fn round(&mut self, way: Way<'_>) {
        let mut engine = match self.part_bytes {
            Some(bytes) => engine().on_line(bytes),
            None => engine(),
        };
        self.last.clear();
        let mut inputs = vec![Event::Woke];
        let mut requests = 0;
        while let Some(input) = inputs.pop() {
            let mut effects = Vec::new();
            engine.handle(Timestamp::from_millis(self.now), input, &mut effects);
            for effect in effects {
                match effect {
                    Effect::Load => inputs.push(Event::Loaded(Box::new(self.work()))),
                    Effect::Send { request, call } => {
                        requests += 1;
                        assert!(requests < REQUESTS, "it does not come to rest");
                        let since = self.now;
                        let answer = self.carry(&call, way);
                        if matches!(call, ServerRequest::Exchange(_)) {
                            let after_ms = self.now - since;
                            self.pages = self.pages.after(passage(answer.as_ref(), after_ms));
                        }
                        inputs.push(match answer {
                            Some((status, body)) => Event::Answered { request, status, body },
                            None => Event::Failed { request, detail: None },
                        });
                    }
                    Effect::Commit { id, changes } => {
                        for change in changes {
                            self.apply(change);
                        }
                        inputs.push(Event::Stored(id));
                    }
                    Effect::WakeAt(_) => {}
                    Effect::Report(progress) => self.last.push(progress),
                }
            }
        }
        assert!(engine.is_idle(), "it does not come to rest");
        self.part_bytes = Some(engine.part_bytes());
        self.requests += requests;
    }

    fn carry(&mut self, call: &ServerRequest, way: Way<'_>) -> Option<Answer> {
        let bytes = match call {
            ServerRequest::Put { hash, bytes, .. } => {
                if *bytes >= limits::PART_BYTES as u64 {
                    self.files
                        .iter_mut()
                        .filter(|it| it.hash == *hash)
                        .for_each(|it| it.begun = true);
                }
                *bytes
            }
            _ => 0,
        };
        match way(call, bytes) {
            Fate::Fair { ms } => {
                self.now += ms;
                self.bytes_up += bytes;
                Some(self.server(call))
            }
            Fate::Cut { arrives, ms } => self.cut(call, arrives, ms),
            Fate::Answered(answer) => {
                self.bytes_up += bytes;
                Some(answer)
            }
            Fate::Line { kbit, cut_ms } => {
                let takes = |bytes: u64| i64::try_from(bytes * 8 / kbit).expect("time");
                let left = cut_ms.map(|cut| cut - self.now.rem_euclid(cut));
                let up = 200 + takes(bytes);
                if let Some(left) = left.filter(|left| *left < up) {
                    let arrives = u64::try_from(left - 200).unwrap_or_default() * kbit / 8;
                    return self.cut(call, arrives.min(bytes), left);
                }
                self.bytes_up += bytes;
                let answer = self.server(call);
                let ms = up + takes(answer.1.len() as u64);
                if let Some(left) = left.filter(|left| *left < ms) {
                    self.now += left;
                    None
                } else {
                    self.now += ms;
                    Some(answer)
                }
            }
            Fate::Narrow { bytes: most, ms, instead } => {
                self.now += ms;
                self.bytes_up += bytes;
                let answer = self.server(call);
                if answer.1.len() <= most { Some(answer) } else { instead }
            }
        }
    }

    /// So much of a request arrives, and no answer comes.
    fn cut(&mut self, call: &ServerRequest, arrives: u64, ms: i64) -> Option<Answer> {
        self.now += ms;
        self.bytes_up += arrives;
        if let ServerRequest::Put { hash, offset, .. } = call {
            let there = self.server.entry(*hash).or_default();
            if there == offset {
                *there += arrives;
            }
        }
        None
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Uploaded { hash, offset, complete } => {
                self.files
                    .iter_mut()
                    .filter(|it| it.hash == hash)
                    .for_each(|it| it.offset = offset);
                if complete {
                    assert_eq!(self.server.get(&hash), Some(&offset), "marked, and not there");
                    self.delivered.insert(hash);
                }
            }
            Change::UploadTurnedAway { hash, refusal } => {
                self.files
                    .iter_mut()
                    .filter(|it| it.hash == hash)
                    .for_each(|it| it.turned_away = true);
                self.shown.insert(hash, refusal);
            }
            Change::Cursor(cursor) => self.news = self.news.saturating_sub(cursor.len()),
            Change::Downloaded { hash, bytes, .. } => drop(self.fetched.insert(hash, bytes)),
            Change::UploadRefused { .. } | Change::NoThumbnail { .. } => panic!("{change:?}"),
            _ => {}
        }
    }

    pub(crate) fn waits(&self) -> Option<&Refusal> {
        self.last.iter().find_map(|it| match it {
            SyncProgress::Waiting(refusal) => Some(refusal),
            _ => None,
        })
    }
}
