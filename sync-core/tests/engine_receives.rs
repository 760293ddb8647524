//! What the engine makes of single answers, also of strange ones.

use std::io::Write as _;

use sync_core::act::Statement;
use sync_core::cbor;
use sync_core::id::{DeviceId, Digest, FactId, InspectionId, PersonId};
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::receipt::{Receipt, ReceiptPage};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::{ServerSigner, SoftVerifier};
use sync_core::sync::{
    Change, Download, Effect, Engine, Event, HeldCatalogue, OwnFact, Readers, ServerRequest,
    SyncProgress, Upload, Work,
};
use sync_core::testing::builders::arrival;
use sync_core::testing::world::Phone;
use sync_core::time::{Beacon, Timestamp};
use sync_core::wire::api::Uploaded;
use sync_core::wire::codec;
use sync_core::wire::exchange::{Item, ItemVerdict, Outcome, Response, VERSION};
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

type Answer = (u16, Vec<u8>);

/// What stands for a renewed session.
const SESSION: &[u8] = b"a session";

/// Inputs within which a round has to come to rest.
const STEPS: usize = 100;

fn engine() -> Engine {
    let readers = Readers {
        problem: |body| serde_json::from_slice(body).ok(),
        upload: |body| serde_json::from_slice(body).ok(),
        session: |body| body == SESSION,
    };
    Engine::new(Box::new(SoftVerifier), 7, readers)
}

/// What came of one round.
#[derive(Default)]
struct Round {
    calls: Vec<ServerRequest>,
    changes: Vec<Change>,
    last: Option<SyncProgress>,
    wait_ms: i64,
}

impl Round {
    /// Wakes an engine and lets `answer` answer every request until it rests.
    fn of(
        engine: &mut Engine,
        work: &Work,
        answer: &dyn Fn(&ServerRequest, usize) -> Answer,
    ) -> Self {
        let (now, mut round) = (Timestamp::from_millis(1_000_000), Self::default());
        let mut inputs = vec![Event::Woke];
        for _ in 0..STEPS {
            let Some(input) = inputs.pop() else { break };
            let mut effects = Vec::new();
            engine.handle(now, input, &mut effects);
            for effect in effects {
                match effect {
                    Effect::Load => inputs.push(Event::Loaded(Box::new(work.clone()))),
                    Effect::Send { request, call } => {
                        let (status, body) = answer(&call, round.calls.len());
                        round.calls.push(call);
                        inputs.push(Event::Answered { request, status, body });
                    }
                    Effect::Commit { id, changes } => {
                        round.changes.extend(changes);
                        inputs.push(Event::Stored(id));
                    }
                    Effect::WakeAt(at) => round.wait_ms = at.as_millis() - now.as_millis(),
                    Effect::Report(progress) => round.last = Some(progress),
                }
            }
        }
        assert!(engine.is_idle(), "it does not come to rest");
        round
    }

    fn marks(&self) -> usize {
        let marks = |it: &&Change| matches!(it, Change::Verdict { .. } | Change::Receipt(_));
        self.changes.iter().filter(marks).count()
    }

    fn puts(&self) -> Vec<(Digest, u64, u64)> {
        let put = |call: &ServerRequest| match call {
            ServerRequest::Put { hash, offset, bytes } => Some((*hash, *offset, *bytes)),
            _ => None,
        };
        self.calls.iter().filter_map(put).collect()
    }
}

fn server() -> ServerSigner {
    ServerSigner::from_secret(&[0x5E; 32])
}

fn work() -> Work {
    Work {
        device: DeviceId::from_bytes([2; 16]),
        cursor: vec![1],
        server_key: server().public_key(),
        facts: Vec::new(),
        drafts: Vec::new(),
        more: false,
        max_bytes: 1_000,
        uploads: Vec::new(),
        downloads: Vec::new(),
        catalogue: HeldCatalogue::default(),
        file_receipt: None,
    }
}

fn own_fact() -> OwnFact {
    let mut phone = Phone::new(PersonId::from_bytes([2; 16]), 1);
    let stated = phone.sign(Statement::Arrived(arrival()), Timestamp::from_millis(0));
    let fact = stated.expect("a fact");
    OwnFact { id: fact.id, bytes: fact.bytes().to_vec() }
}

fn file(name: &str, bytes: u64, offset: u64) -> Upload {
    Upload { offset, ..Upload::new(Digest::of(name.as_bytes()), bytes) }
}

fn response() -> Response {
    Response {
        version: VERSION,
        beacon: Beacon { at: Timestamp::from_millis(5), tag: [0; 8] },
        verdicts: Vec::new(),
        receipts: None,
        items: Vec::new(),
        cursor: vec![2].into(),
        more: false,
        restart: false,
    }
}

fn accepted(fact: FactId) -> Response {
    let receipts = [Receipt { fact, place: 1, at: Timestamp::from_millis(5) }];
    let signed = ReceiptPage::new(&receipts, |it| server().sign(it)).expect("signed");
    let verdicts = vec![ItemVerdict { item: fact, outcome: Outcome::Accepted }];
    Response { verdicts, receipts: Some(signed), ..response() }
}

fn problem(refusal: impl Into<Refusal>, status: u16) -> Answer {
    (status, serde_json::to_vec(&Problem::new(refusal.into(), status)).expect("JSON"))
}

fn received(received: u64, complete: bool) -> Answer {
    (200, serde_json::to_vec(&Uploaded { received, complete, receipt: None }).expect("JSON"))
}

/// Exchanges and renewals succeed, files are answered by `file`.
fn files(call: &ServerRequest, file: impl Fn(Digest, u64) -> Answer) -> Answer {
    match call {
        ServerRequest::Exchange(_) => (200, codec::pack(&response())),
        ServerRequest::RenewSession => (200, SESSION.to_vec()),
        ServerRequest::Put { hash, offset, .. } => file(*hash, *offset),
        ServerRequest::Get { hash, .. } => file(*hash, 0),
    }
}

#[test]
fn an_accepted_fact_without_a_receipt_is_not_taken_for_delivered() {
    let fact = own_fact();
    let whole = accepted(fact.id);
    let work = Work { facts: vec![fact], more: true, ..work() };
    let bare = Response { receipts: None, ..whole.clone() };
    let round = Round::of(&mut engine(), &work, &|_, _| (200, codec::pack(&bare)));
    assert_eq!((round.marks(), round.calls.len()), (0, 1));
    let work = Work { more: false, ..work };
    let round = Round::of(&mut engine(), &work, &|_, _| (200, codec::pack(&whole)));
    assert_eq!(round.marks(), 2);
}

#[test]
fn a_receipt_of_another_server_marks_nothing() {
    let fact = own_fact();
    let answer = accepted(fact.id);
    let server_key = ServerSigner::from_secret(&[1; 32]).public_key();
    let work = Work { facts: vec![fact], server_key, ..work() };
    let round = Round::of(&mut engine(), &work, &|_, _| (200, codec::pack(&answer)));
    assert_eq!(round.changes, []);
    assert!(matches!(round.last, Some(SyncProgress::Waiting(_))));
}

#[test]
fn a_verdict_for_what_was_not_sent_marks_nothing() {
    let verdicts = vec![ItemVerdict { item: Digest::of(b"change"), outcome: Outcome::Accepted }];
    let answer = Response { verdicts, ..response() };
    let round = Round::of(&mut engine(), &work(), &|_, _| (200, codec::pack(&answer)));
    assert_eq!(round.marks(), 0);
}

#[test]
fn an_item_without_a_verdict_is_not_sent_again_and_again() {
    let work = Work { facts: vec![own_fact()], more: true, ..work() };
    let round = Round::of(&mut engine(), &work, &|_, _| (200, codec::pack(&response())));
    assert_eq!(round.calls.len(), 1);
}

#[test]
fn an_answer_that_asks_to_begin_again_marks_nothing() {
    let fact = own_fact();
    let again = Response { restart: true, ..accepted(fact.id) };
    let work = Work { facts: vec![fact], ..work() };
    let round = Round::of(&mut engine(), &work, &|_, before| match before {
        0 => (200, codec::pack(&again)),
        _ => problem(Code::ServerBusy, 503),
    });
    assert_eq!(round.changes, [Change::Beacon(again.beacon), Change::Restart]);
    assert_eq!(round.calls.len(), 2);
}

#[test]
fn a_server_that_asks_to_begin_again_at_the_beginning_lets_the_engine_rest() {
    let again = Response { restart: true, ..response() };
    let work = Work { cursor: Vec::new(), ..work() };
    let round = Round::of(&mut engine(), &work, &|_, _| (200, codec::pack(&again)));
    assert_eq!((round.calls.len(), round.changes), (1, Vec::new()));
}

#[test]
fn a_session_that_is_not_accepted_says_nothing_about_a_photo() {
    let work = Work { uploads: vec![file("photo", 10, 0)], ..work() };
    for (code, status, puts) in [(Code::NotSignedIn, 401, 2), (Code::AccountDisabled, 403, 1)] {
        let round =
            Round::of(&mut engine(), &work, &|call, _| files(call, |_, _| problem(code, status)));
        assert!(!round.changes.iter().any(|it| matches!(it, Change::UploadRefused { .. })));
        assert_eq!(round.puts().len(), puts, "401: with the old session, then with the new one");
        assert!(matches!(round.last, Some(SyncProgress::Waiting(_))));
    }
}

#[test]
fn a_picture_that_no_session_may_fetch_lets_the_engine_rest() {
    let download = Download { hash: Digest::of(b"photo"), thumbnail: true };
    let work = Work { downloads: vec![download], ..work() };
    let round = Round::of(&mut engine(), &work, &|call, _| {
        files(call, |_, _| problem(Code::NotSignedIn, 401))
    });
    assert!(matches!(round.last, Some(SyncProgress::Waiting(_))));
}

#[test]
fn a_file_that_lies_whole_but_unjudged_at_the_server_is_judged() {
    let photo = file("photo", 10, 4);
    let work = Work { uploads: vec![photo], ..work() };
    let whole = || problem(Refusal::new(Code::BlobOffset).detail("10"), 409);
    let round = Round::of(&mut engine(), &work, &|call, _| {
        files(call, |_, offset| if offset == 9 { received(10, true) } else { whole() })
    });
    assert_eq!(round.puts(), [(photo.hash, 4, 6), (photo.hash, 9, 1)]);
    let complete = Change::Uploaded { hash: photo.hash, offset: 10, complete: true };
    assert!(round.changes.contains(&complete));

    let known = Work { uploads: vec![file("photo", 10, 10)], ..work };
    let round = Round::of(&mut engine(), &known, &|call, _| files(call, |_, _| whole()));
    assert!(round.puts().iter().all(|(.., bytes)| *bytes > 0), "no part is empty");
}

#[test]
fn a_server_that_never_agrees_where_it_stands_lets_the_engine_rest() {
    let work = Work { uploads: vec![file("photo", 10, 0)], ..work() };
    let round = Round::of(&mut engine(), &work, &|call, before| {
        let at = (before % 7 + 1).to_string();
        files(call, |_, _| problem(Refusal::new(Code::BlobOffset).detail(at.clone()), 409))
    });
    assert_eq!(round.puts().len(), 2);
}

#[test]
fn a_file_that_cannot_be_kept_lets_larger_ones_pass_and_waits_ever_longer() {
    let (small, large) = (file("small", 10, 0), file("large", 20, 0));
    let work = Work { uploads: vec![large, small], ..work() };
    let mut engine = engine();
    let mut waits = Vec::new();
    for round in 0..8 {
        let uploads = if round == 0 { work.uploads.clone() } else { vec![small] };
        let work = Work { uploads, ..work.clone() };
        let round = Round::of(&mut engine, &work, &|call, _| {
            files(call, |hash, _| {
                if hash == small.hash {
                    problem(Code::StorageFailed, 500)
                } else {
                    received(20, true)
                }
            })
        });
        assert!(matches!(round.last, Some(SyncProgress::Waiting(_))));
        let passed = Change::Uploaded { hash: large.hash, offset: 20, complete: true };
        waits.push((round.changes.contains(&passed), round.wait_ms));
    }
    assert!(waits[0].0, "the larger one is there");
    assert!(waits[7].1 > 60_000, "{waits:?}");
}

#[test]
fn an_item_of_an_unknown_kind_holds_nothing_back_and_is_remembered() {
    let gone = |id: u8| StreamId::inspection(InspectionId::from_bytes([id; 16]));
    let strange = || vec![0x77; 3].into();
    let items = vec![
        Item::Gone { stream: gone(1) },
        Item::Unread { bytes: strange() },
        Item::Fact {
            receipt: Receipt { fact: Digest::of(b"?"), place: 1, at: Timestamp::from_millis(5) },
            bytes: strange(),
        },
        Item::Gone { stream: gone(2) },
    ];
    let mut plain = cbor::to_vec(&Response { items, ..response() });
    // The item in between becomes one of a kind that nobody knows.
    let at = plain.windows(3).position(|it| it == [0x82, 0x18, 31]).expect("the item");
    plain[at + 2] = 99;
    let packed = b"zc\x01".to_vec();
    let mut deflated = flate2::write::DeflateEncoder::new(packed, flate2::Compression::new(6));
    deflated.write_all(&plain).expect("memory");
    let packed = deflated.finish().expect("memory");
    let round = Round::of(&mut engine(), &work(), &|_, _| (200, packed.clone()));
    let wanted = [
        Change::Beacon(response().beacon),
        Change::Gone(gone(1)),
        Change::Unread,
        Change::Unread,
        Change::Gone(gone(2)),
        Change::Cursor(vec![2]),
    ];
    assert_eq!(round.changes, wanted);
}
