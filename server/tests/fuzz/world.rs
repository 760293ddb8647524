//! The server under attack with its time, its people and the model that is held against it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request as Asked, StatusCode, header};
use axum::{Router, http};
use server::auth::entropy::EntropySource;
use server::auth::keys::Keys;
use server::auth::tokens::{Access, SESSION_MS};
use server::blobstore::Whole;
use server::clock::ServerClock;
use server::jobs::clerk;
use server::start::{self, Options};
use server::state::{App, Shared};
use server::store::streams::{self, StreamKey};
use server::store::{files, quarantine, sessions, set_aside};
use sync_core::act::{Admitted, Fact, Statement};
use sync_core::domain::account::Role;
use sync_core::id::{DeviceId, Digest, FactId, PersonId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::refusal::{Code, Refusal};
use sync_core::testing::histories::Dice;
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::{Item, Outcome, Request, Response};
use sync_core::wire::problem::Problem;
use tower::ServiceExt as _;

use super::cast::{self, MORNING, Phone};
use super::honest::Visit;
use super::model::{Model, NewChange, admitted};
use crate::stored;

/// Entropy of the clerk, the same on every run: each lane of the test has its own.
static ENTROPY: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

fn next(lane: usize) -> [u8; 16] {
    let number = ENTROPY[lane].fetch_add(1, Ordering::SeqCst);
    let mut bytes = [0xC1; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

const SOURCES: [EntropySource; 2] = [|| Ok(next(0)), || Ok(next(1))];

/// What a hostile account may not be shown.
pub(crate) struct Secret {
    pub(crate) word: Vec<u8>,
    pub(crate) at: Planted,
}

/// Where a secret was planted, which says who may read it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Planted {
    /// In facts: a word of theirs, or the digest of a photo.
    Facts,
    /// In the draft of a visit.
    Draft(StreamId),
    /// In the bytes of a photo.
    Photo(Digest),
}

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) shared: Arc<Shared>,
    router: Router,
    clock: ServerClock,
    lane: usize,
    pub(crate) phones: Vec<Phone>,
    pub(crate) model: Model,
    pub(crate) dice: Dice,
    pub(crate) now: Timestamp,
    pub(crate) synced: Timestamp,
    pub(crate) visits: Vec<Visit>,
    pub(crate) secrets: Vec<Secret>,
    /// Steps of hostile accounts.
    pub(crate) steps: usize,
    /// Items of hostile accounts that were taken over.
    pub(crate) taken_over: usize,
    /// Visits that went through the whole loop.
    pub(crate) closed: usize,
    /// How often each outcome came.
    pub(crate) outcomes: BTreeMap<String, usize>,
    /// How often each route was asked, and how often something was given.
    pub(crate) routes: BTreeMap<String, (usize, usize)>,
    /// Papers that somebody was named: stream, kind, the fact on which it rests.
    pub(crate) papers: Vec<(String, String, String)>,
    /// Ids of people and devices that came later.
    pub(crate) others: Vec<[u8; 16]>,
    _folder: tempfile::TempDir,
}

/// Answers of the server to whole requests that say nothing bad about it.
const FAIR: &[Code] = &[
    Code::Malformed,
    Code::VersionUnsupported,
    Code::AuthorMismatch,
    Code::TooMany,
    Code::TooLarge,
];

impl World {
    pub(crate) async fn new(seed: u64, lane: usize) -> Self {
        ENTROPY[lane].store(seed << 32, Ordering::SeqCst);
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let phones = cast::phones();
        cast::register(&data, &phones).await;
        let clock = ServerClock::standing_at(MORNING);
        let mut options = Options::new(data.clone(), cast::address(0));
        options.clock = clock.clone();
        let dist = folder.path().join("dist");
        std::fs::create_dir(&dist).unwrap();
        std::fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
        options.app = Some(dist);
        let app = start::open(&options, options.listen).await.unwrap();
        let keys = Keys::derive(&server::config::secret(&data).unwrap()).unwrap();
        let (shared, router) = (Arc::clone(&app.shared), server::http::router(app.clone()));
        let world = Self {
            app,
            shared,
            router,
            clock,
            lane,
            model: Model::new(&phones, keys),
            phones,
            dice: Dice::new(seed + 1),
            now: MORNING,
            synced: MORNING,
            visits: Vec::new(),
            secrets: Vec::new(),
            steps: 0,
            taken_over: 0,
            closed: 0,
            outcomes: BTreeMap::new(),
            routes: BTreeMap::new(),
            papers: Vec::new(),
            others: Vec::new(),
            _folder: folder,
        };
        for who in 0..world.phones.len() {
            world.begin_session(who).await;
        }
        world
    }

    /// Lets some time pass: whatever the server does has an instant of its own.
    pub(crate) fn pass(&mut self) {
        let millis = match self.dice.below(400) {
            0 => 26 * 3_600_000,
            1..=20 => 1_800_000,
            _ => 1 + i64::try_from(self.dice.below(30_000)).unwrap(),
        };
        self.now = self.now.plus_millis(millis);
        self.clock.set(self.now);
    }

    /// Lets a moment pass.
    pub(crate) fn tick(&mut self) {
        self.now = self.now.plus_millis(100);
        self.clock.set(self.now);
    }

    /// An access token of a person as the server gives it.
    pub(crate) fn token(&self, who: usize, at: Timestamp, only_password: bool) -> String {
        let phone = &self.phones[who];
        let (person, family) = (phone.person.id, self.family(who));
        let access = Access { person, family, password_at: at, only_password };
        self.app.tokens.access(access, at).unwrap().0
    }

    /// A token of a session of a person that ended.
    pub(crate) fn ended_token(&self, who: usize) -> String {
        let family = [0xEE; 16];
        self.app.ended.note(&[family], self.now);
        let person = self.phones[who].person.id;
        let access = Access { person, family, password_at: self.now, only_password: false };
        self.app.tokens.access(access, self.now).unwrap().0
    }

    /// Begins another session where somebody ended the own one.
    pub(crate) async fn sign_in_again(&mut self, who: usize) {
        while self.app.ended.contains(self.family(who)) {
            self.phones[who].ended += 1;
            self.begin_session(who).await;
        }
    }

    pub(crate) fn family(&self, who: usize) -> [u8; 16] {
        let mut family = [u8::try_from(who).unwrap(); 16];
        family[0] = self.phones[who].ended;
        family
    }

    async fn begin_session(&self, who: usize) {
        let family = sessions::Family {
            id: self.family(who),
            person: self.phones[who].person.id,
            current: Digest::of(&self.family(who)),
            previous: None,
            rotated_at: self.now,
            ends_at: self.now.plus_millis(SESSION_MS),
            revoked: false,
            device: None,
            signed_in_at: self.now,
            password_at: self.now,
            address: String::new(),
            only_password: false,
        };
        let mut db = self.app.pool.acquire().await.unwrap();
        sessions::add(&mut db, &family).await.unwrap();
    }

    /// What a request is answered.
    pub(crate) async fn ask(&self, asked: Asked<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let Ok(response) = self.router.clone().oneshot(asked).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, body.to_vec())
    }

    /// What a person is answered who asks as everybody does.
    pub(crate) async fn ask_as(
        &self,
        who: usize,
        asked: http::request::Builder,
        body: impl Into<Body>,
    ) -> Result<Vec<u8>, Refusal> {
        let bearer = format!("Bearer {}", self.token(who, self.now, false));
        let asked = asked.header(header::AUTHORIZATION, bearer);
        let asked = asked.extension(ConnectInfo(cast::address(who))).body(body.into()).unwrap();
        let (status, _, body) = self.ask(asked).await;
        if status.is_success() {
            return Ok(body);
        }
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert!(problem.code != Code::NotSignedIn, "{} is signed in", self.phones[who].person.name);
        Err(Refusal::new(problem.code))
    }

    /// One exchange. What a hostile account is answered is searched for what it may not read.
    pub(crate) async fn exchange(
        &mut self,
        who: usize,
        request: &Request,
    ) -> Result<Response, Refusal> {
        self.pass();
        let asked =
            Asked::post("/sync/v1/exchange").header(header::CONTENT_TYPE, codec::CONTENT_TYPE);
        let packed = match self.ask_as(who, asked, codec::pack(request)).await {
            Ok(packed) => packed,
            Err(refusal) => {
                assert!(FAIR.contains(&refusal.code), "an exchange was answered {refusal}");
                return Err(refusal);
            }
        };
        let plain = codec::unpack(&packed).unwrap();
        let response: Response = sync_core::cbor::from_slice(&plain).unwrap();
        assert!(!response.restart, "a new epoch began");
        if self.phones[who].hostile {
            self.look_for_secrets(Some(who), &plain).await;
        }
        for verdict in &response.verdicts {
            *self.outcomes.entry(name(&verdict.outcome)).or_default() += 1;
            if let Outcome::Retry(refusal) = &verdict.outcome {
                let fair = matches!(
                    refusal.code,
                    Code::RateLimited | Code::EvidencePending | Code::ChangeWaiting
                );
                assert!(fair, "an item was answered {refusal}");
            }
        }
        Ok(response)
    }

    /// Searches what an account was answered, or somebody without one.
    pub(crate) async fn look_for_secrets(&mut self, who: Option<usize>, answer: &[u8]) {
        let found = self.secrets.iter().find(|secret| contains(answer, &secret.word));
        let Some(found) = found else { return };
        let Some(who) = who else {
            panic!("somebody was shown what was planted in {:?}", found.at)
        };
        self.sync().await;
        let person = self.phones[who].person.clone();
        let shown = self.secrets.iter().filter(|secret| contains(answer, &secret.word));
        for Secret { word, at } in shown {
            let may = match at {
                // Whoever may read it may have said it where others read it, too.
                Planted::Facts => self.model.may_read_word(&person, word),
                Planted::Draft(stream) => {
                    let reads = person.role != Role::Coordinator;
                    reads && self.model.may_read(&person, *stream)
                }
                Planted::Photo(photo) => self.model.may_see(&person, photo),
            };
            let word = String::from_utf8_lossy(word);
            assert!(may, "{} was shown {word:?} of {at:?}", person.name);
        }
    }

    /// What honest accounts push is taken over, all of it.
    pub(crate) async fn push_honest(
        &mut self,
        who: usize,
        facts: Vec<Fact>,
        changes: Option<(sync_core::id::InspectionId, Vec<Vec<u8>>)>,
    ) {
        let phone = &self.phones[who];
        let bytes = facts.iter().map(|fact| fact.bytes().to_vec()).collect();
        let drafts = changes.iter().map(|(visit, it)| phone.sign_draft(*visit, it)).collect();
        let request = phone.request(bytes, drafts);
        let response = self.exchange(who, &request).await.expect("an honest exchange");
        for verdict in &response.verdicts {
            let stated: Vec<_> = facts.iter().map(|fact| fact.statement.name()).collect();
            let name = &self.phones[who].person.name;
            assert_eq!(verdict.outcome, Outcome::Accepted, "{name} stated {stated:?}");
        }
        self.phones[who].cursor = response.cursor.to_vec();
        self.phones[who].beacon = Some(response.beacon);
    }

    /// Everything that a device is given from the start, or since its cursor.
    pub(crate) async fn pull(&mut self, who: usize, from_start: bool) -> Vec<Item> {
        if from_start {
            self.phones[who].cursor.clear();
        }
        let mut items = Vec::new();
        loop {
            let request = self.phones[who].request(Vec::new(), Vec::new());
            let response = self.exchange(who, &request).await.expect("a pull");
            self.phones[who].cursor = response.cursor.to_vec();
            items.extend(response.items);
            if !response.more {
                return items;
            }
        }
    }

    /// Brings the bytes of a photo.
    pub(crate) async fn bring(&mut self, who: usize, bytes: &[u8]) {
        let (hash, person) = (Digest::of(bytes), self.phones[who].person.id);
        self.app.keeper.keep(hash, person, Whole::Bytes(bytes.to_vec().into())).await.unwrap();
        // Files here are words; who looks at pictures is tried elsewhere.
        let mut db = self.shared.pool.acquire().await.unwrap();
        files::note_looked(&mut db, hash, None, self.now).await.unwrap();
        drop(db);
        self.model.brought.insert((hash, person));
    }

    pub(crate) async fn clerk(&mut self) {
        self.pass();
        clerk::run_once(&self.shared, self.now, SOURCES[self.lane]).await.unwrap();
        let mut db = self.shared.pool.acquire().await.unwrap();
        let aside = set_aside::list(&mut db, 1_000).await.unwrap();
        let ours = |stream| self.visits.iter().any(|it| it.strict && it.stream() == stream);
        let honest = aside.iter().find(|it| it.stream.stream().is_some_and(ours));
        assert!(honest.is_none(), "{honest:?}");
    }

    /// Takes over into the model whatever the server took over since the last time.
    pub(crate) async fn sync(&mut self) {
        let (pool, since) = (self.shared.pool.clone(), self.synced.as_millis());
        let facts = stored::stored_since(&pool, false, since).await;
        let changes = stored::stored_since(&pool, true, since).await;
        self.synced = self.now;
        let mut groups: BTreeMap<i64, (Vec<Admitted>, Vec<NewChange>)> = BTreeMap::new();
        for row in facts {
            let at = Timestamp::from_millis(row.at);
            let fact = admitted(u64::try_from(row.place).unwrap(), at, &row.bytes);
            assert_eq!(StreamKey::from(fact.fact.body.stream).as_bytes(), row.stream);
            groups.entry(row.at).or_default().0.push(fact);
        }
        for row in changes {
            let change = NewChange {
                stream: stream_of(&row.stream),
                at: Timestamp::from_millis(row.at),
                author: PersonId::from_bytes(row.author.try_into().unwrap()),
                device: DeviceId::from_bytes(row.device.try_into().unwrap()),
                bytes: row.bytes,
            };
            groups.entry(row.at).or_default().1.push(change);
        }
        let mut db = pool.acquire().await.unwrap();
        for (at, (facts, changes)) in groups {
            let of_facts = facts.iter().map(|it| it.fact.id);
            let of_changes = changes.iter().map(|it| Digest::of(&it.bytes));
            let items: Vec<FactId> = of_facts.chain(of_changes).collect();
            let judged = quarantine::find(&mut db, &items).await.unwrap().items;
            self.link_notices(&mut db, &facts).await;
            if let Err(why) = self.model.take_over(facts, &judged) {
                panic!("at {at} the server took over what it may not: {why}");
            }
            for change in changes {
                let item = Digest::of(&change.bytes);
                let accepted = judged.iter().any(|row| row.item == item);
                if let Err(why) = self.model.take_change(&change, accepted) {
                    panic!("at {at} the server took over a change that it may not: {why}");
                }
            }
        }
    }

    /// Notes which visit the new notices belong to: the server says so, and holds to it.
    async fn link_notices(&mut self, db: &mut server::store::Db, facts: &[Admitted]) {
        let issued = |it: &&Admitted| matches!(it.fact.statement, Statement::NoticeIssued(_));
        let notices = facts.iter().filter(issued).map(|it| it.fact.body.stream);
        let notices: Vec<StreamKey> = notices.map(StreamKey::from).collect();
        for row in streams::load(db, &notices).await.unwrap().into_values() {
            let visits: Vec<StreamId> = row.links.iter().filter_map(StreamKey::stream).collect();
            assert!(matches!(visits[..], [it] if it.kind == StreamKind::Inspection), "{visits:?}");
            self.model.link(row.key.stream().unwrap(), visits[0]);
        }
    }

    /// In the end each honest device is given every fact that it may read, and no other one.
    pub(crate) async fn feeds_are_whole(&mut self) {
        self.sync().await;
        for who in 0..self.phones.len() {
            let person = &self.phones[who].person;
            if person.revoked_at.is_some() || person.role == Role::Administrator {
                continue;
            }
            let known = self.app.shared.directory.snapshot();
            let ended = known.devices[&self.phones[who].device].device.revoked_at.is_some();
            let items = self.pull(who, true).await;
            self.sync().await;
            let given: Vec<Fact> = items
                .iter()
                .filter_map(|item| match item {
                    Item::Fact { bytes, .. } => Some(Fact::decode(bytes).unwrap()),
                    _ => None,
                })
                .collect();
            let person = &self.phones[who].person;
            let name = &person.name;
            if ended {
                // A device that is not trusted any more brings what it has, and is given back its own.
                assert!(given.iter().all(|it| it.body.author == person.id), "{name} reads others");
                continue;
            }
            let given: BTreeSet<FactId> = given.iter().map(|it| it.id).collect();
            let readable = self.model.readable(person);
            let missing: Vec<_> = readable.difference(&given).collect();
            let more: Vec<_> = given.difference(&readable).collect();
            assert!(given == readable, "{name} misses {missing:?} and is given {more:?}");
        }
        assert_eq!(self.shared.integrity.noted(), Vec::<String>::new());
    }
}

fn stream_of(key: &[u8]) -> StreamId {
    StreamId::of_number(key[0], key[1..].try_into().unwrap()).unwrap()
}

/// Whether bytes hold a word.
pub(crate) fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        if bytes[from + at..].starts_with(word) {
            return true;
        }
        from += at + 1;
    }
    false
}

fn name(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted => "accepted".to_owned(),
        Outcome::Refused(it) => format!("refused {}", it.code),
        Outcome::Quarantined(it) => format!("quarantined {}", it.code),
        Outcome::Retry(it) => format!("retry {}", it.code),
    }
}
