//! What decisions rest on: photos that are at the server and were taken for this case, and the newest reply.

use server::blobstore::{BlobFolder, Keeper, Whole};
use server::clock::ServerClock;
use server::store::files;
use sync_core::act::notice::{ClosureDecision, Recheck, Reply};
use sync_core::act::{Capture, Fact, Statement};
use sync_core::case::Case;
use sync_core::cbor;
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::id::{BlobHash, Digest, FactId, HazardId, NoticeId};
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::time::CivilDate;
use sync_core::wire::exchange::Outcome;

use super::world::{
    Hand, MORNING, Zone, arrival, cosign, hazard, inspection, party, plan, seal, serve,
};
use super::{Cast, accepted, code, notices};

/// The store of files of a zone that has no HTTP.
async fn keeper(zone: &Zone) -> Keeper {
    let folder = BlobFolder::open(&zone.folder.path().join("blobs")).unwrap();
    let (pool, unnoted) = (zone.shared.pool.clone(), zone.shared.unnoted.clone());
    Keeper::start(folder, pool, ServerClock::standing_at(MORNING), unnoted).await.unwrap()
}

/// Brings a file that was looked at and is a whole picture.
async fn bring((zone, keeper): (&Zone, &Keeper), by: &Hand, name: &str) {
    keep(keeper, by, name).await;
    see(zone, name, None).await;
}

async fn keep(keeper: &Keeper, by: &Hand, name: &str) {
    let bytes = name.as_bytes().to_vec();
    keeper.keep(blob(name), by.person.id, Whole::Bytes(bytes.into())).await.unwrap();
}

/// Somebody looks at a file to its end.
async fn see(zone: &Zone, name: &str, flaw: Option<Code>) {
    let mut db = zone.shared.pool.acquire().await.unwrap();
    files::note_looked(&mut db, blob(name), flaw, MORNING).await.unwrap();
}

fn blob(name: &str) -> BlobHash {
    Digest::of(name.as_bytes())
}

fn captured(stream: StreamId, name: &str, purpose: Purpose, hazard: HazardId) -> Statement {
    let photo = Photo {
        blob: blob(name),
        bytes: name.len() as u64,
        width: 900,
        height: 700,
        purpose,
        hazard: Some(hazard),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    };
    Statement::Captured(Capture { stream, photo })
}

fn replied(notice: NoticeId, hazard: HazardId, name: &str) -> Statement {
    Statement::Replied(Reply {
        notice,
        hazard,
        measures: "已上锁".into(),
        responsible: "王某".into(),
        finished_on: MORNING.date(),
        photos: vec![blob(name)],
    })
}

/// A passed recheck in view of a reply; none: one from before replies were named.
fn rechecked(notice: NoticeId, hazard: HazardId, name: &str, reply: Option<FactId>) -> Statement {
    Statement::Rechecked(Recheck {
        notice,
        hazard,
        passed: true,
        opinion: "已整改".into(),
        photos: vec![blob(name)],
        new_term: None,
        second: None,
        reply,
    })
}

fn closed(notice: NoticeId, hazard: HazardId, recheck: FactId, evidence: &str) -> Statement {
    Statement::ClosureDecided(ClosureDecision {
        notice,
        hazard,
        recheck,
        approved: true,
        reason: String::new(),
        evidence: vec![blob(evidence)],
    })
}

/// A visit with one hazard and a photo of it, whose notice is served.
async fn served(cast: &mut Cast, zone: &Zone, number: u32) -> (NoticeId, HazardId) {
    let found = format!("found {number}");
    let id = hazard(number, 0, cast.one.person.id).id;
    let planned = cast.supervisor.state(plan(number, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let arrived = cast.one.state(arrival(number), MORNING);
    let stream = StreamId::inspection(inspection(number));
    let taken = cast.one.state(captured(stream, &found, Purpose::Found, id), MORNING);
    let mut statement = seal(number, 1, cast.one.person.id, MORNING);
    if let Statement::Sealed(record) = &mut statement {
        record.hazards[0].photos = vec![blob(&found)];
        record.manifest = vec![blob(&found)];
    }
    let sealed = cast.one.state(statement, MORNING);
    let signed = cast.one.state(party(number, sealed.id), MORNING);
    let facts = [arrived, taken, sealed.clone(), signed];
    accepted(&zone.push(&mut cast.one, &facts, MORNING).await);
    let arrived = cast.two.state(arrival(number), MORNING);
    let cosigned = cast.two.state(cosign(number, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.two, &[arrived, cosigned], MORNING).await);
    zone.clerk(MORNING).await;
    let notice = *notices(&zone.pull(&mut cast.enterprise, MORNING).await).last().unwrap();
    let service = cast.one.state(serve(notice), MORNING);
    accepted(&zone.push(&mut cast.one, &[service], MORNING).await);
    zone.clerk(MORNING).await;
    (notice, id)
}

async fn outcome(zone: &Zone, hand: &mut Hand, fact: &Fact) -> Outcome {
    zone.push(hand, std::slice::from_ref(fact), MORNING).await.remove(0)
}

fn is_waiting(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Retry(refusal) if refusal.code == Code::EvidencePending)
}

#[tokio::test]
async fn a_closure_waits_until_everything_it_rests_on_was_brought_by_who_announced_it() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let keeper = keeper(&zone).await;
    let (notice, id) = served(&mut cast, &zone, 1).await;
    let stream = StreamId::notice(notice);
    let photo = cast.enterprise.state(captured(stream, "after", Purpose::Rectified, id), MORNING);
    let reply = cast.enterprise.state(replied(notice, id, "after"), MORNING);
    accepted(&zone.push(&mut cast.enterprise, &[photo, reply], MORNING).await);
    let photo = cast.colleague.state(captured(stream, "seen", Purpose::Recheck, id), MORNING);
    let recheck = cast.colleague.state(rechecked(notice, id, "seen", None), MORNING);
    accepted(&zone.push(&mut cast.colleague, &[photo, recheck.clone()], MORNING).await);

    let closure = cast.supervisor.state(closed(notice, id, recheck.id, "after"), MORNING);
    // Naming the other photo alone goes around nothing: the decision rests on both.
    let other = cast.supervisor.state(closed(notice, id, recheck.id, "seen"), MORNING);
    assert!(is_waiting(&outcome(&zone, &mut cast.supervisor, &closure).await));
    bring((&zone, &keeper), &cast.colleague, "seen").await;
    for fact in [&closure, &other] {
        assert!(is_waiting(&outcome(&zone, &mut cast.supervisor, fact).await));
    }
    // Who did not announce it cannot stand in for who did.
    bring((&zone, &keeper), &cast.colleague, "after").await;
    assert!(is_waiting(&outcome(&zone, &mut cast.supervisor, &closure).await));
    bring((&zone, &keeper), &cast.enterprise, "after").await;
    accepted(&[outcome(&zone, &mut cast.supervisor, &closure).await]);
}

#[tokio::test]
async fn a_recheck_from_before_a_newer_reply_carries_no_closure() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let keeper = keeper(&zone).await;
    let (notice, id) = served(&mut cast, &zone, 1).await;
    let stream = StreamId::notice(notice);
    for name in ["after", "corrected"] {
        let photo = cast.enterprise.state(captured(stream, name, Purpose::Rectified, id), MORNING);
        accepted(&zone.push(&mut cast.enterprise, &[photo], MORNING).await);
        bring((&zone, &keeper), &cast.enterprise, name).await;
    }
    let mut last = None;
    for (name, seen) in [("after", "seen"), ("corrected", "seen again")] {
        let reply = cast.enterprise.state(replied(notice, id, name), MORNING);
        accepted(&zone.push(&mut cast.enterprise, &[reply], MORNING).await);
        if let Some(before) = last {
            let closure = cast.supervisor.state(closed(notice, id, before, "after"), MORNING);
            let outcome = outcome(&zone, &mut cast.supervisor, &closure).await;
            assert!(matches!(&outcome, Outcome::Refused(it) if it.code == Code::NotRechecked));
        }
        let photo = cast.colleague.state(captured(stream, seen, Purpose::Recheck, id), MORNING);
        let recheck = cast.colleague.state(rechecked(notice, id, seen, None), MORNING);
        accepted(&zone.push(&mut cast.colleague, &[photo, recheck.clone()], MORNING).await);
        bring((&zone, &keeper), &cast.colleague, seen).await;
        last = Some(recheck.id);
    }
    let closure = cast.supervisor.state(closed(notice, id, last.unwrap(), "corrected"), MORNING);
    accepted(&[outcome(&zone, &mut cast.supervisor, &closure).await]);
}

#[tokio::test]
async fn a_photo_of_the_state_after_is_taken_for_its_case_and_for_no_other() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let keeper = keeper(&zone).await;
    let (first, id) = served(&mut cast, &zone, 1).await;
    let (second, other) = served(&mut cast, &zone, 2).await;
    let (here, there) = (StreamId::notice(first), StreamId::notice(second));
    let after = captured(here, "after", Purpose::Rectified, id);
    let after = cast.enterprise.state(after, MORNING);
    accepted(&[outcome(&zone, &mut cast.enterprise, &after).await]);
    let seen = cast.colleague.state(captured(here, "seen", Purpose::Recheck, id), MORNING);
    accepted(&[outcome(&zone, &mut cast.colleague, &seen).await]);
    // Not brought yet, the officer's photo is as unknown to the enterprise as one that does not exist.
    for name in ["seen", "never"] {
        let named = captured(there, name, Purpose::Rectified, other);
        let named = cast.enterprise.state(named, MORNING);
        accepted(&[outcome(&zone, &mut cast.enterprise, &named).await]);
    }
    bring((&zone, &keeper), &cast.one, "found 1").await;
    bring((&zone, &keeper), &cast.colleague, "seen").await;
    for name in ["after", "found 1"] {
        let reused = captured(there, name, Purpose::Rectified, other);
        let reused = cast.enterprise.state(reused, MORNING);
        let outcome = outcome(&zone, &mut cast.enterprise, &reused).await;
        assert_eq!(code(&outcome), Code::PhotoReused, "{name}");
    }
    for name in ["after", "found 1", "seen"] {
        let reused = captured(there, name, Purpose::Recheck, other);
        let reused = cast.two.state(reused, MORNING);
        // The enterprise's photo was never brought: nobody can have seen it.
        let outcome = outcome(&zone, &mut cast.two, &reused).await;
        assert_eq!(outcome == Outcome::Accepted, name == "after", "{name} {outcome:?}");
    }
    let twice = [(here, id), (there, other)].map(|(stream, hazard)| {
        cast.enterprise.state(captured(stream, "twice", Purpose::Rectified, hazard), MORNING)
    });
    let outcomes = zone.push(&mut cast.enterprise, &twice, MORNING).await;
    assert_eq!((&outcomes[0], code(&outcomes[1])), (&Outcome::Accepted, Code::PhotoReused));
}

#[tokio::test]
async fn a_decision_rests_on_no_file_of_which_only_the_first_bytes_were_looked_at() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let keeper = keeper(&zone).await;
    let (notice, id) = served(&mut cast, &zone, 1).await;
    let stream = StreamId::notice(notice);
    let photo = cast.enterprise.state(captured(stream, "after", Purpose::Rectified, id), MORNING);
    let reply = cast.enterprise.state(replied(notice, id, "after"), MORNING);
    accepted(&zone.push(&mut cast.enterprise, &[photo, reply.clone()], MORNING).await);
    let photo = cast.colleague.state(captured(stream, "seen", Purpose::Recheck, id), MORNING);
    let recheck = rechecked(notice, id, "seen", Some(reply.id));
    let recheck = cast.colleague.state(recheck, MORNING);
    accepted(&zone.push(&mut cast.colleague, &[photo, recheck.clone()], MORNING).await);
    bring((&zone, &keeper), &cast.colleague, "seen").await;
    keep(&keeper, &cast.enterprise, "after").await;
    let closure = cast.supervisor.state(closed(notice, id, recheck.id, "seen"), MORNING);
    assert!(is_waiting(&outcome(&zone, &mut cast.supervisor, &closure).await));
    // The decision has it looked at.
    assert_eq!(zone.shared.wanted.take(), Some(blob("after")));
    see(&zone, "after", Some(Code::BlobUndecodable)).await;
    let refused = outcome(&zone, &mut cast.supervisor, &closure).await;
    assert!(matches!(&refused, Outcome::Refused(it) if it.code == Code::EvidenceUnreadable));
    assert_eq!(zone.shared.wanted.take(), None);
}

/// A listing for supervision by its number and form.
#[derive(minicbor::Encode)]
#[cbor(map)]
struct Listed {
    #[n(0)]
    notice: NoticeId,
    #[n(1)]
    hazard: HazardId,
    #[n(2)]
    until: CivilDate,
    #[n(3)]
    reason: String,
    #[n(4)]
    photos: Vec<BlobHash>,
}

impl Listed {
    const KIND: u16 = 32;
}

#[tokio::test]
async fn whoever_lists_a_hazard_waits_for_the_photos_that_were_looked_at() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let keeper = keeper(&zone).await;
    let (notice, hazard) = served(&mut cast, &zone, 1).await;
    let until = MORNING.date().plus_days(20);
    let listed =
        Listed {
            notice, hazard, until, reason: "限期督办".into(), photos: vec![blob("found 1")]
        };
    let listed = Statement::from_bytes(Listed::KIND, &cbor::to_vec(&listed)).unwrap();
    let fact = cast.supervisor.state(listed.clone(), MORNING);
    let grounds = listed.rests_on().expect("a decision");
    let about = listed.about().unwrap();
    assert_eq!(grounds.photos(&Case::default(), about), [blob("found 1")].into());
    // It is general; what is told first says so, and all of it waits for the photo.
    let outcome = outcome(&zone, &mut cast.supervisor, &fact).await;
    assert_eq!(code(&outcome), Code::NotMajor);
    assert_eq!(zone.shared.wanted.take(), None, "nobody has brought it");
    keep(&keeper, &cast.one, "found 1").await;
    zone.push(&mut cast.supervisor, std::slice::from_ref(&fact), MORNING).await;
    assert_eq!(zone.shared.wanted.take(), Some(blob("found 1")));
}

#[tokio::test]
async fn a_recheck_made_before_a_newer_reply_was_known_passes_nothing_whenever_it_arrives() {
    // By when it was made, and whether it names the reply that its officer saw.
    for (named, wall, passes) in [
        (Some(0), 60, false),
        (Some(0), 180, false),
        (Some(1), 60, true),
        (None, 60, false),
        (None, 180, true),
    ] {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        let keeper = keeper(&zone).await;
        let (notice, id) = served(&mut cast, &zone, 1).await;
        let stream = StreamId::notice(notice);
        let minutes = |minutes: i64| MORNING.plus_millis(minutes * 60_000);
        let mut replies = Vec::new();
        for (name, at) in [("after", 10), ("corrected", 90)] {
            let photo = captured(stream, name, Purpose::Rectified, id);
            let photo = cast.enterprise.state(photo, minutes(at));
            let reply = cast.enterprise.state(replied(notice, id, name), minutes(at));
            let pushed = [photo, reply.clone()];
            accepted(&zone.push(&mut cast.enterprise, &pushed, minutes(at)).await);
            bring((&zone, &keeper), &cast.enterprise, name).await;
            replies.push(reply.id);
        }
        // Both come two hours after the officer was there, or at once.
        let named = named.map(|nth: usize| replies[nth]);
        let photo = captured(stream, "seen", Purpose::Recheck, id);
        let photo = cast.colleague.state(photo, minutes(wall));
        let recheck = cast.colleague.state(rechecked(notice, id, "seen", named), minutes(wall));
        let pushed = [photo, recheck.clone()];
        accepted(&zone.push(&mut cast.colleague, &pushed, minutes(200)).await);
        bring((&zone, &keeper), &cast.colleague, "seen").await;
        let closure = closed(notice, id, recheck.id, "corrected");
        let closure = cast.supervisor.state(closure, minutes(210));
        let outcomes =
            zone.push(&mut cast.supervisor, std::slice::from_ref(&closure), minutes(210)).await;
        let closes = outcomes[0] == Outcome::Accepted;
        assert_eq!(closes, passes, "{named:?} at {wall}: {outcomes:?}");
        assert!(closes || code(&outcomes[0]) == Code::NotRechecked);
    }
}
