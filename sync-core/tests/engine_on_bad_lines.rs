//! Slow lines, lines that are cut, and lines on which somebody else answers.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::suites::{ServerSigner, SoftVerifier};
use sync_core::sync::{
    Call, Change, Download, Effect, Engine, Input, Progress, Readers, Upload, Work,
};
use sync_core::time::{Beacon, Timestamp};
use sync_core::wire::api::Uploaded;
use sync_core::wire::exchange::{Response, VERSION};
use sync_core::wire::problem::Problem;
use sync_core::wire::{codec, thumbnail};
use sync_core::{Code, Refusal, limits};

type Answer = (u16, Vec<u8>);

const PORTAL: &[u8] = b"<!DOCTYPE html><title>Login</title>";
const SESSION: &[u8] = b"a session";
/// A round that needs more requests than this does not come to rest.
const REQUESTS: usize = 2_000;

/// What something on the way answers.
fn foreign() -> Vec<Answer> {
    let html = |status| (status, PORTAL.to_vec());
    let mut answers: Vec<Answer> =
        [302, 401, 403, 404, 405, 413, 414, 429, 451, 500, 502, 503, 504, 511, 200]
            .map(html)
            .to_vec();
    answers.extend([(200, Vec::new()), (200, b"{}".to_vec()), (403, b"{\"code\":403}".to_vec())]);
    answers.push((200, b"\x89PNG\r\n\x1a\n".to_vec()));
    answers
}

fn engine() -> Engine {
    let readers = Readers {
        problem: |body| serde_json::from_slice(body).ok(),
        upload: |body| serde_json::from_slice(body).ok(),
        session: |body| body == SESSION,
    };
    Engine::new(Box::new(SoftVerifier), 7, readers)
}

fn signer() -> ServerSigner {
    ServerSigner::from_secret(&[0x5E; 32])
}

fn exchanged() -> Vec<u8> {
    codec::pack(&Response {
        version: VERSION,
        beacon: Beacon { at: Timestamp::from_millis(5), tag: [0; 8] },
        verdicts: Vec::new(),
        receipts: None,
        items: Vec::new(),
        cursor: vec![2].into(),
        more: false,
        restart: false,
    })
}

fn stands(received: u64, complete: bool) -> Answer {
    (200, serde_json::to_vec(&Uploaded { received, complete }).expect("JSON"))
}

fn small(hash: Digest) -> Vec<u8> {
    let jpeg = [b"small ".as_slice(), hash.as_bytes()].concat();
    let signature = signer().sign(&thumbnail::signed_message(hash, &jpeg)).expect("signed");
    thumbnail::seal(jpeg, &signature)
}

/// A device with files, a server, and what lies between them.
#[derive(Default)]
struct World {
    files: Vec<Upload>,
    downloads: BTreeSet<Digest>,
    shown: BTreeMap<Digest, Refusal>,
    delivered: BTreeSet<Digest>,
    fetched: BTreeMap<Digest, Vec<u8>>,
    server: BTreeMap<Digest, u64>,
    now: i64,
    bytes_up: u64,
    requests: usize,
    last: Vec<Progress>,
}

/// What becomes of a request: so many bytes of it arrive, then its answer, or none.
type Way<'a> = &'a mut dyn FnMut(&Call, u64) -> Fate;

enum Fate {
    Fair { ms: i64 },
    Cut { arrives: u64, ms: i64 },
    Answered(Answer),
}

impl World {
    fn with(files: &[(&str, u64)]) -> Self {
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
            max_bytes: 1_000,
            uploads: left.copied().collect(),
            downloads: wanted.map(|hash| Download { hash: *hash, thumbnail: true }).collect(),
            catalogue: None,
        }
    }

    fn server(&mut self, call: &Call) -> Answer {
        match call {
            Call::Exchange(_) => (200, exchanged()),
            Call::RenewSession => (200, SESSION.to_vec()),
            Call::Get { hash, .. } => (200, small(*hash)),
            Call::Put { hash, offset, bytes } => {
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
    fn round(&mut self, way: Way<'_>) {
        let mut engine = engine();
        self.last.clear();
        let mut inputs = vec![Input::Woke];
        let mut requests = 0;
        while let Some(input) = inputs.pop() {
            let mut effects = Vec::new();
            engine.handle(Timestamp::from_millis(self.now), input, &mut effects);
            for effect in effects {
                match effect {
                    Effect::Load => inputs.push(Input::Loaded(Box::new(self.work()))),
                    Effect::Send { request, call } => {
                        requests += 1;
                        assert!(requests < REQUESTS, "it does not come to rest");
                        inputs.push(match self.carry(&call, way) {
                            Some((status, body)) => Input::Answered { request, status, body },
                            None => Input::Failed { request, detail: None },
                        });
                    }
                    Effect::Commit { id, changes } => {
                        for change in changes {
                            self.apply(change);
                        }
                        inputs.push(Input::Stored(id));
                    }
                    Effect::WakeAt(_) => {}
                    Effect::Report(progress) => self.last.push(progress),
                }
            }
        }
        assert!(engine.is_idle(), "it does not come to rest");
        self.requests += requests;
    }

    fn carry(&mut self, call: &Call, way: Way<'_>) -> Option<Answer> {
        let bytes = match call {
            Call::Put { hash, bytes, .. } => {
                if *bytes > limits::PART_BYTES as u64 {
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
            Fate::Cut { arrives, ms } => {
                self.now += ms;
                self.bytes_up += arrives;
                if let Call::Put { hash, offset, .. } = call {
                    let there = self.server.entry(*hash).or_default();
                    if there == offset {
                        *there += arrives;
                    }
                }
                None
            }
            Fate::Answered(answer) => {
                self.bytes_up += bytes;
                Some(answer)
            }
        }
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
            Change::Downloaded { hash, bytes, .. } => drop(self.fetched.insert(hash, bytes)),
            Change::UploadRefused { .. } | Change::NoThumbnail { .. } => panic!("{change:?}"),
            _ => {}
        }
    }

    fn waits(&self) -> Option<&Refusal> {
        self.last.iter().find_map(|it| match it {
            Progress::Waiting(refusal) => Some(refusal),
            _ => None,
        })
    }
}

#[test]
fn a_photo_of_three_megabytes_passes_every_line_that_moves() {
    for kbit in [8, 10, 32, 64, 128] {
        let cuts = [None, Some(20_000_i64), Some(7_000)];
        for cut in cuts {
            let size = 3_000_000_u64;
            let mut world = World::with(&[("photo", size)]);
            let per_second = kbit * 1000 / 8;
            let mut before = 0;
            for _ in 0..600 {
                // The line is cut so long after the round begins.
                let mut left = cut;
                world.round(&mut |_, bytes| {
                    let ms = i64::try_from(bytes * 1000 / per_second).expect("small") + 200;
                    match &mut left {
                        Some(left) if *left <= ms => {
                            let arrives = u64::try_from(*left).expect("time") * per_second / 1000;
                            Fate::Cut { arrives: arrives.min(bytes), ms: *left }
                        }
                        left => {
                            if let Some(left) = left {
                                *left -= ms;
                            }
                            Fate::Fair { ms }
                        }
                    }
                });
                let there = world.server.values().sum();
                assert!(there > before, "{kbit} kbit/s, cut {cut:?}: stands at {there}");
                before = there;
                if !world.delivered.is_empty() {
                    break;
                }
            }
            assert_eq!(world.delivered.len(), 1, "{kbit} kbit/s, cut {cut:?}: {before}");
            assert!(world.bytes_up <= size * 11 / 10, "{} bytes up", world.bytes_up);
        }
    }
}

#[test]
fn requests_are_short_on_a_slow_line_and_few_on_a_quick_one() {
    for (kbit, most) in [(8_u64, 66_000), (32, 17_000), (128, 17_000), (10_000, 4_000)] {
        let mut world = World::with(&[("photo", 3_000_000)]);
        world.round(&mut |_, bytes| {
            let ms = i64::try_from(bytes * 8 / kbit).expect("small");
            assert!(ms <= most, "{bytes} bytes at {kbit} kbit/s");
            Fate::Fair { ms }
        });
        assert_eq!(world.delivered.len(), 1);
        assert!(kbit < 10_000 || world.requests <= 7, "{} requests", world.requests);
    }
}

#[test]
fn one_file_that_is_turned_away_holds_back_no_other_and_says_why() {
    let names: Vec<String> = (0..10).map(|n| format!("photo {n}")).collect();
    for answer in foreign() {
        for turned_away in [0, 4, 9] {
            let files: Vec<(&str, u64)> =
                names.iter().zip(1..).map(|(name, n)| (name.as_str(), n * 100_000)).collect();
            let mut world = World::with(&files);
            let bad = world.files[turned_away].hash;
            let mut way = |call: &Call, _: u64| match call {
                Call::Put { hash, .. } if *hash == bad => Fate::Answered(answer.clone()),
                _ => Fate::Fair { ms: 10 },
            };
            world.round(&mut way);
            assert_eq!(world.delivered.len(), 9, "{answer:?}");
            let why = &world.shown[&bad];
            assert_eq!(why.code, Code::NetworkForeign);
            assert!(why.detail.as_deref().is_some_and(|it| it.contains(&answer.0.to_string())));
            assert_eq!(world.waits(), Some(why));
            world.round(&mut |_, _| Fate::Fair { ms: 10 });
            assert_eq!(world.delivered.len(), 10, "{answer:?}");
        }
    }
}

#[test]
fn many_files_that_are_turned_away_let_the_others_pass_in_the_next_round() {
    let names: Vec<String> = (0..30).map(|n| format!("photo {n}")).collect();
    let files: Vec<(&str, u64)> =
        names.iter().zip(1..).map(|(name, n)| (name.as_str(), n * 50_000)).collect();
    let mut world = World::with(&files);
    let bad: BTreeSet<Digest> = world.files[..20].iter().map(|it| it.hash).collect();
    for _ in 0..4 {
        world.round(&mut |call, _| match call {
            Call::Put { hash, .. } if bad.contains(hash) => Fate::Answered((403, PORTAL.to_vec())),
            _ => Fate::Fair { ms: 10 },
        });
    }
    assert_eq!(world.delivered.len(), 10);
    // What never passes costs little.
    assert!(world.bytes_up < 14_000_000, "{}", world.bytes_up);
}

#[test]
fn a_proxy_that_takes_no_large_requests_is_given_small_ones() {
    let mut world = World::with(&[("photo", 3_000_000)]);
    world.round(&mut |_, bytes| {
        if bytes > 100_000 {
            Fate::Answered((413, PORTAL.to_vec()))
        } else {
            Fate::Fair { ms: 5_000 }
        }
    });
    assert_eq!(world.delivered.len(), 1);
}

#[test]
fn an_answer_that_is_not_the_servers_is_called_so_whatever_was_asked() {
    type Of = fn(&Call) -> bool;
    let kinds: [Of; 3] = [
        |call| matches!(call, Call::Exchange(_)),
        |call| matches!(call, Call::RenewSession),
        |call| matches!(call, Call::Get { .. }),
    ];
    let expired = Problem::new(Code::NotSignedIn.into(), 401);
    let expired = (401, serde_json::to_vec(&expired).expect("JSON"));
    for answer in foreign() {
        for of in kinds {
            let mut world = World::with(&[("photo", 1_000)]);
            world.downloads.insert(Digest::of(b"picture"));
            let renewing = of(&Call::RenewSession);
            world.round(&mut |call, _| match call {
                call if of(call) => Fate::Answered(answer.clone()),
                Call::Exchange(_) if renewing => Fate::Answered(expired.clone()),
                _ => Fate::Fair { ms: 10 },
            });
            let why = world.waits().expect("it waits");
            assert_eq!(why.code, Code::NetworkForeign, "{answer:?}");
            assert!(!world.last.contains(&Progress::SignInNeeded), "{answer:?}");
            assert!(world.fetched.is_empty());
            world.round(&mut |_, _| Fate::Fair { ms: 10 });
            assert_eq!((world.delivered.len(), world.fetched.len()), (1, 1));
            assert_eq!(world.waits(), None);
        }
    }
}

#[test]
fn only_what_the_server_signed_for_this_photo_is_kept_as_its_small_picture() {
    let hash = Digest::of(b"picture");
    let other = small(Digest::of(b"another picture"));
    let mut damaged = small(hash);
    damaged[3] ^= 1;
    for body in [PORTAL.to_vec(), Vec::new(), b"{}".to_vec(), other, damaged, vec![0; 64]] {
        let mut world = World::default();
        world.downloads.insert(hash);
        world.round(&mut |call, _| match call {
            Call::Get { .. } => Fate::Answered((200, body.clone())),
            _ => Fate::Fair { ms: 10 },
        });
        assert!(world.fetched.is_empty());
        world.round(&mut |_, _| Fate::Fair { ms: 10 });
        assert!(world.fetched[&hash].starts_with(b"small"), "the picture alone");
        assert!(small(hash).starts_with(&world.fetched[&hash]));
        assert!(small(hash).len() > world.fetched[&hash].len());
    }
}
