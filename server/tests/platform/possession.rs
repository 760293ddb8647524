//! A photo belongs to who brought its bytes: naming a digest gives nothing. And what is kept is looked at when it is
//! given.

use std::time::Duration;

use server::store::blobs::{self, Looked};
use sync_core::act::{Capture, Statement};
use sync_core::domain::evidence::Purpose;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::id::{BlobHash, Digest, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::api::{Health, Uploaded};

use crate::database::tamper;
use crate::visit::{Hand, Visit, captured, inspection, photo};
use crate::world::{Answer, Zone, send};

fn path(hash: BlobHash) -> String {
    format!("/sync/v1/blobs/{hash}")
}

/// The capture of a photo of which only the digest is known.
fn named(stream: StreamId, hash: BlobHash, bytes: u64, purpose: Purpose) -> Statement {
    match captured(stream, b"any", purpose) {
        Statement::Captured(Capture { mut photo, .. }) => {
            (photo.blob, photo.bytes) = (hash, bytes);
            Statement::Captured(Capture { stream, photo })
        }
        other => other,
    }
}

/// Everything that someone can ask of a file: status, offset and body of each answer.
async fn asked(zone: &Zone, hand: &Hand, hash: BlobHash) -> Vec<(u16, Option<String>, Vec<u8>)> {
    let seen = |answer: Answer| {
        let offset = answer.headers.get("upload-offset");
        let offset = offset.map(|it| it.to_str().unwrap().to_owned());
        (answer.status.as_u16(), offset, answer.body)
    };
    let small = format!("{}/thumbnail", path(hash));
    let mut answers = Vec::new();
    for request in [
        zone.request("HEAD", &path(hash), &hand.token),
        zone.request("GET", &path(hash), &hand.token),
        zone.request("GET", &path(hash), &hand.token).header("range", "bytes=0-9"),
        zone.request("GET", &small, &hand.token),
        zone.request("PUT", &path(hash), &hand.token),
        zone.request("PUT", &path(hash), &hand.token).body(b"x".to_vec()),
        zone.request("PUT", &format!("{}?offset=500", path(hash)), &hand.token).body(b"x".to_vec()),
    ] {
        answers.push(seen(send(request).await));
    }
    answers
}

/// A visit with two photos that were brought, and its notice, which names the first and is served.
async fn served(zone: &Zone, photos: [&[u8]; 2]) -> (Visit, NoticeId) {
    let mut visit = Visit::with_photos(zone, &photos).await;
    for bytes in photos {
        let answer = visit.first.put(zone, Digest::of(bytes), 0, bytes).await;
        assert!(answer.read::<Uploaded>().complete);
    }
    let notice = visit.notice(zone, Digest::of(photos[0])).await;
    let served = Service::new(notice, ServiceMethod::InPerson, "王某");
    visit.first.say(zone, vec![Statement::NoticeServed(served)]).await;
    (visit, notice)
}

#[tokio::test]
async fn whoever_names_a_digest_hears_what_they_hear_of_one_that_does_not_exist() {
    let (on_notice, internal) = (photo(1), photo(2));
    let mut heard = Vec::new();
    for exists in [true, false] {
        let zone = Zone::open().await;
        let (mut visit, notice) = served(&zone, [&on_notice, &internal]).await;
        let stream = StreamId::notice(notice);
        let hash = if exists { Digest::of(&internal) } else { Digest::of(b"does not exist") };
        let mut enterprise = Hand::new(&zone, "enterprise", 8).await;
        let mut answers = Vec::new();
        for bytes in [1, internal.len() as u64, internal.len() as u64 * 2] {
            enterprise.say(&zone, vec![named(stream, hash, bytes, Purpose::Rectified)]).await;
            answers.extend(asked(&zone, &enterprise, hash).await);
        }
        assert!(answers.iter().all(|(_, offset, _)| offset.as_deref().is_none_or(|it| it == "0")
            || !exists
            || offset.as_deref() == Some("1")));
        // An officer who cannot see the visit's stream any better names it in the notice.
        let mut second = Hand::new(&zone, "stranger", 9).await;
        answers.extend(asked(&zone, &second, hash).await);
        let claimed = second.state(named(stream, hash, 1, Purpose::Recheck));
        second.exchange(&zone, &[claimed]).await;
        answers.extend(asked(&zone, &second, hash).await);
        // Its own people still have it, and a colleague who names it again has brought nothing.
        if exists {
            assert_eq!(zone.get(&path(hash), &visit.first.token).await.body, internal);
            assert_eq!(zone.get(&path(hash), &visit.second.token).await.body, internal);
            let again = named(stream, hash, internal.len() as u64, Purpose::Recheck);
            let again = visit.second.state(again);
            visit.second.exchange(&zone, &[again]).await;
        }
        heard.push(answers);
    }
    // Digests stand in no answer.
    assert_eq!(heard[0], heard[1]);
}

#[tokio::test]
async fn a_photo_is_there_for_a_stream_once_someone_who_announced_it_there_brought_all_of_it() {
    let zone = Zone::open().await;
    let (on_notice, internal, own) = (photo(1), photo(2), photo(3));
    let (visit, notice) = served(&zone, [&on_notice, &internal]).await;
    let (stream, hash) = (StreamId::notice(notice), Digest::of(&own));
    let mut enterprise = Hand::new(&zone, "enterprise", 8).await;
    enterprise.say(&zone, vec![captured(stream, &own, Purpose::Rectified)]).await;
    // Those who see the stream see that it was announced, and nothing of the file before it is whole.
    let half = own.len() / 2;
    assert_eq!(enterprise.put(&zone, hash, 0, &own[..half]).await.status, 200);
    assert_eq!(zone.get(&path(hash), &visit.first.token).await.code(), Code::NotFound);
    let refused = visit.first.put(&zone, hash, 0, &own).await;
    assert_eq!(refused.code(), Code::BlobUnexpected);
    let zone = zone.restart().await;
    assert!(enterprise.put(&zone, hash, half, &own[half..]).await.read::<Uploaded>().complete);
    for hand in [&visit.first, &visit.second, &visit.supervisor, &enterprise] {
        assert_eq!(zone.get(&path(hash), &hand.token).await.body, own);
    }
    let zone = zone.restart().await;
    assert_eq!(zone.get(&path(hash), &visit.second.token).await.body, own);
    // Brought once, it is brought: asking again costs nothing.
    assert!(enterprise.put(&zone, hash, 0, b"").await.read::<Uploaded>().complete);
}

#[tokio::test]
async fn a_file_that_comes_with_a_notice_is_read_to_its_end_when_its_last_part_has_come() {
    let zone = Zone::open().await;
    let (on_notice, internal) = (photo(1), photo(2));
    let (_, notice) = served(&zone, [&on_notice, &internal]).await;
    let mut enterprise = Hand::new(&zone, "enterprise", 8).await;
    let (whole, mut torn) = (photo(3), photo(4));
    torn.truncate(torn.len() / 2);
    let garbage = [&[0xff, 0xd8, 0xff], &[b'x'; 600][..]].concat();
    for (bytes, looked) in
        [(&whole, Looked::Whole), (&torn, Looked::Flawed), (&garbage, Looked::Flawed)]
    {
        let hash = Digest::of(bytes);
        let stream = StreamId::notice(notice);
        enterprise.say(&zone, vec![captured(stream, bytes, Purpose::Rectified)]).await;
        let half = bytes.len() / 2;
        enterprise.put(&zone, hash, 0, &bytes[..half]).await;
        let put = enterprise.put(&zone, hash, half, &bytes[half..]).await;
        assert!(put.read::<Uploaded>().complete, "what is kept stays as it came");
        assert_eq!(found(&zone, hash).await, Some(looked));
    }
    // Of a visit only once somebody asks for it.
    assert_eq!(found(&zone, Digest::of(&internal)).await, None);
    zone.running.app.shared.wanted.ask([Digest::of(&internal)]);
    let seen = async {
        while found(&zone, Digest::of(&internal)).await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), seen).await.unwrap();
    assert_eq!(found(&zone, Digest::of(&internal)).await, Some(Looked::Whole));
}

/// What the decoder found that has read a file.
async fn found(zone: &Zone, hash: BlobHash) -> Option<Looked> {
    let mut db = zone.running.app.pool.acquire().await.unwrap();
    blobs::announced(&mut db, &[hash]).await.unwrap()[0].looked
}

#[tokio::test]
async fn two_who_bring_one_file_keep_it_once_and_know_nothing_of_each_other() {
    let zone = Zone::open().await;
    let bytes = photo(1);
    let mut visit = Visit::with_photos(&zone, &[&bytes]).await;
    let (stream, hash) = (StreamId::inspection(inspection()), Digest::of(&bytes));
    visit
        .second
        .say(&zone, vec![crate::visit::arrived(), captured(stream, &bytes, Purpose::Found)])
        .await;
    let part = visit.first.put(&zone, hash, 0, &bytes[..1000]).await;
    assert_eq!(part.read::<Uploaded>().received, 1000);
    assert_eq!(visit.second.put(&zone, hash, 0, b"").await.read::<Uploaded>().received, 0);
    assert!(visit.second.put(&zone, hash, 0, &bytes).await.read::<Uploaded>().complete);
    // The first one goes on where it stands: what the other brought is not said.
    let asked = visit.first.put(&zone, hash, 0, b"").await.read::<Uploaded>();
    assert_eq!(asked, Uploaded { received: 1000, complete: false, receipt: None });
    let rest = visit.first.put(&zone, hash, 1000, &bytes[1000..]).await;
    assert!(rest.read::<Uploaded>().complete);
    let packs = std::fs::read_dir(zone.folder.path().join("data/blobs/packs")).unwrap();
    let kept: u64 = packs.map(|it| it.unwrap().metadata().unwrap().len()).sum();
    assert!(kept < 2 * bytes.len() as u64, "{kept}");
    let parts = std::fs::read_dir(zone.folder.path().join("data/blobs/parts")).unwrap();
    assert_eq!(parts.count(), 0);
}

#[tokio::test]
async fn a_file_that_is_not_what_was_brought_is_given_to_nobody_and_can_be_brought_again() {
    let zone = Zone::open().await;
    let (one, two) = (photo(1), photo(2));
    let visit = Visit::with_photos(&zone, &[&one, &two]).await;
    for bytes in [&one, &two] {
        assert!(
            visit.first.put(&zone, Digest::of(bytes), 0, bytes).await.read::<Uploaded>().complete
        );
    }
    // A start notes where they lie.
    let zone = zone.restart().await;
    let hash = Digest::of(&one);
    let text = "UPDATE files SET at = (SELECT other.at FROM files AS other WHERE other.hash = $1), \
         bytes = (SELECT other.bytes FROM files AS other WHERE other.hash = $1) WHERE hash = $2";
    let other = Digest::of(&two).as_bytes().to_vec();
    let hashes = [other, hash.as_bytes().to_vec()];
    assert_eq!(tamper(&zone.running.app.pool, text, &hashes).await, 1);
    let token = &visit.first.token;
    let part = send(zone.request("GET", &path(hash), token).header("range", "bytes=0-9")).await;
    assert_eq!(part.code(), Code::BlobDamaged);
    for small in ["", "/thumbnail"] {
        let gone = zone.get(&format!("{}{small}", path(hash)), token).await;
        assert_eq!(gone.code(), Code::NotFound);
    }
    assert_eq!(zone.get(&path(Digest::of(&two)), token).await.body, two);
    assert_eq!(zone.get("/health", "").await.read::<Health>().damaged, 1);
    assert!(visit.first.put(&zone, hash, 0, &one).await.read::<Uploaded>().complete);
    assert_eq!(zone.get(&path(hash), token).await.body, one);
}

#[tokio::test]
async fn a_small_picture_of_another_photo_is_made_again() {
    let zone = Zone::open().await;
    let (one, two) = (photo(1), photo(2));
    let visit = Visit::with_photos(&zone, &[&one, &two]).await;
    let mut small = Vec::new();
    for bytes in [&one, &two] {
        let hash = Digest::of(bytes);
        assert!(visit.first.put(&zone, hash, 0, bytes).await.read::<Uploaded>().complete);
        let answer = zone.get(&format!("{}/thumbnail", path(hash)), &visit.first.token).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        small.push(answer.body);
    }
    let folder = &zone.running.app.blobs;
    let made = |bytes: &[u8]| folder.thumbnail(Digest::of(bytes)).with_extension("small");
    std::fs::copy(made(&two), made(&one)).unwrap();
    let hash = Digest::of(&one);
    let again = zone.get(&format!("{}/thumbnail", path(hash)), &visit.first.token).await;
    assert_eq!(again.body, small[0]);
    assert_eq!(zone.get("/health", "").await.read::<Health>().damaged, 1);
}
