//! Files: exactly the bytes that were signed, or nothing; and only for those who may see them.

use std::path::PathBuf;

use image::GenericImageView as _;
use server::blobstore::HEADER_BYTES;
use sync_core::act::Statement;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::id::{BlobHash, Digest};
use sync_core::ledger::stream::StreamId;
use sync_core::limits;
use sync_core::refusal::Code;
use sync_core::wire::api::Uploaded;

use crate::visit::{Hand, Visit, captured, photo};
use crate::world::{Answer, Zone, send};

fn path(hash: BlobHash) -> String {
    format!("/sync/v1/blobs/{hash}")
}

async fn stands(zone: &Zone, hash: BlobHash, token: &str) -> u64 {
    let answer = send(zone.request("HEAD", &path(hash), token)).await;
    assert_eq!(answer.status, 200);
    answer.headers["upload-offset"].to_str().unwrap().parse().unwrap()
}

/// Every file under the folder of files, without the probe of `/health`.
fn files(zone: &Zone) -> Vec<PathBuf> {
    let mut folders = vec![zone.folder.path().join("data/blobs")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[tokio::test]
async fn a_photo_arrives_and_is_given_whole_in_ranges_and_small() {
    let zone = Zone::open().await;
    let bytes = photo(1);
    let visit = Visit::with_photos(&zone, &[&bytes]).await;
    let (hash, token) = (Digest::of(&bytes), &visit.first.token);
    assert_eq!(zone.get(&path(hash), token).await.code(), Code::NotFound);
    let answer = visit.first.put(&zone, hash, 0, &bytes).await;
    let size = bytes.len() as u64;
    let whole = answer.read::<Uploaded>();
    assert!(whole.received == size && whole.complete && whole.receipt.is_some());
    // Sent again it is there already, whatever is sent.
    assert!(visit.first.put(&zone, hash, 0, b"other").await.read::<Uploaded>().complete);
    assert_eq!(stands(&zone, hash, token).await, size);
    let whole = zone.get(&path(hash), token).await;
    assert_eq!(whole.body, bytes);
    assert_eq!(whole.headers["content-type"], "application/octet-stream");
    let part = send(zone.request("GET", &path(hash), token).header("range", "bytes=10-19")).await;
    assert_eq!((part.status.as_u16(), part.body.as_slice()), (206, &bytes[10..20]));
    assert_eq!(part.headers["content-range"], format!("bytes 10-19/{size}"));
    let rest = send(zone.request("GET", &path(hash), token).header("range", "bytes=100-")).await;
    assert_eq!((rest.status.as_u16(), rest.body.as_slice()), (206, &bytes[100..]));
    for odd in ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=999999999-", "bytes=0-1,3-4"] {
        let answer = send(zone.request("GET", &path(hash), token).header("range", odd)).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (200, bytes.len()), "{odd}");
    }
    let small = zone.get(&format!("{}/thumbnail", path(hash)), token).await;
    assert_eq!(small.headers["content-type"], "image/jpeg", "{}", small.text());
    let (width, height) = image::load_from_memory(&small.body).unwrap().dimensions();
    assert!(width.max(height) == limits::THUMBNAIL_SIDE, "{width} x {height}");
    let place = b"SECRET PLACE";
    assert!(bytes.windows(place.len()).any(|it| it == place));
    assert!(!small.body.windows(place.len()).any(|it| it == place));
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_where_the_server_stands_even_after_a_restart() {
    let zone = Zone::open().await;
    let bytes = photo(1);
    let visit = Visit::with_photos(&zone, &[&bytes]).await;
    let (hash, first) = (Digest::of(&bytes), &visit.first);
    assert_eq!(stands(&zone, hash, &first.token).await, 0);
    let answer = first.put(&zone, hash, 0, &bytes[..1000]).await;
    assert_eq!(
        answer.read::<Uploaded>(),
        Uploaded { received: 1000, complete: false, receipt: None }
    );
    // The answer was lost: the same part again is there, another one is told where the server stands.
    let answer = first.put(&zone, hash, 0, &bytes[..1000]).await;
    assert_eq!(
        answer.read::<Uploaded>(),
        Uploaded { received: 1000, complete: false, receipt: None }
    );
    let answer = first.put(&zone, hash, 2000, &bytes[2000..3000]).await;
    assert_eq!(answer.code(), Code::BlobOffset);
    assert_eq!(answer.problem().detail.as_deref(), Some("1000"));
    // An empty part asks; what overlaps is passed over.
    let answer = first.put(&zone, hash, 0, b"").await;
    assert_eq!(
        answer.read::<Uploaded>(),
        Uploaded { received: 1000, complete: false, receipt: None }
    );
    let answer = first.put(&zone, hash, 500, &bytes[500..900]).await;
    assert_eq!(
        answer.read::<Uploaded>(),
        Uploaded { received: 1000, complete: false, receipt: None }
    );
    let zone = zone.restart().await;
    assert_eq!(stands(&zone, hash, &first.token).await, 1000);
    assert_eq!(first.put(&zone, hash, 1000, &bytes[1000..5000]).await.status, 200);
    let last = first.put(&zone, hash, 5000, &bytes[5000..]).await;
    assert!(last.read::<Uploaded>().complete);
    assert_eq!(zone.get(&path(hash), &first.token).await.body, bytes);
    let zone = zone.restart().await;
    assert_eq!(zone.get(&path(hash), &first.token).await.body, bytes);
}

#[tokio::test]
async fn a_phone_that_gave_up_after_a_part_may_send_the_whole() {
    let zone = Zone::open().await;
    let bytes = photo(1);
    let visit = Visit::with_photos(&zone, &[&bytes]).await;
    let hash = Digest::of(&bytes);
    assert_eq!(visit.first.put(&zone, hash, 0, &bytes[..1000]).await.status, 200);
    assert!(visit.first.put(&zone, hash, 0, &bytes).await.read::<Uploaded>().complete);
    assert_eq!(zone.get(&path(hash), &visit.first.token).await.body, bytes);
}

#[tokio::test]
async fn bytes_that_do_not_fit_their_digest_leave_nothing_and_can_be_sent_again() {
    let zone = Zone::open().await;
    let bytes = photo(1);
    let visit = Visit::with_photos(&zone, &[&bytes]).await;
    let (hash, first) = (Digest::of(&bytes), &visit.first);
    let mut wrong = bytes.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(first.put(&zone, hash, 0, &wrong).await.code(), Code::DigestMismatch);
    assert_eq!(first.put(&zone, hash, 0, &wrong[..1000]).await.status, 200);
    assert_eq!(first.put(&zone, hash, 1000, &wrong[1000..]).await.code(), Code::DigestMismatch);
    assert_eq!(stands(&zone, hash, &first.token).await, 0);
    assert_eq!(files(&zone), Vec::<PathBuf>::new());
    assert!(first.put(&zone, hash, 0, &bytes).await.read::<Uploaded>().complete);
}

#[tokio::test]
async fn what_is_too_long_empty_or_not_a_picture_is_refused_and_leaves_nothing() {
    let zone = Zone::open().await;
    let (bytes, text) = (photo(1), b"MZ not a picture at all".as_slice());
    let visit = Visit::with_photos(&zone, &[&bytes, text]).await;
    let (hash, first) = (Digest::of(&bytes), &visit.first);
    let longer = [bytes.as_slice(), b"x"].concat();
    assert_eq!(first.put(&zone, hash, 0, &longer).await.code(), Code::TooLarge);
    assert_eq!(first.put(&zone, hash, bytes.len(), b"x").await.code(), Code::TooLarge);
    assert_eq!(first.put(&zone, hash, usize::MAX, b"x").await.code(), Code::TooLarge);
    let chunk = vec![0; limits::CHUNK_BYTES + 1];
    assert_eq!(first.put(&zone, hash, 0, &chunk).await.code(), Code::TooLarge);
    assert_eq!(first.put(&zone, Digest::of(text), 0, text).await.code(), Code::BlobNotImage);
    assert_eq!(first.put(&zone, Digest::of(text), 0, &text[..5]).await.status, 200);
    let last = first.put(&zone, Digest::of(text), 5, &text[5..]).await;
    assert_eq!(last.code(), Code::BlobNotImage);
    assert_eq!(files(&zone), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_photo_that_many_send_at_once_is_kept_once_and_acknowledged_to_all() {
    let zone = Zone::open().await;
    let photos: Vec<Vec<u8>> = (0..4).map(photo).collect();
    let all: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let visit = Visit::with_photos(&zone, &all).await;
    let sent = photos
        .iter()
        .flat_map(|bytes| (0..9).map(|_| visit.first.put(&zone, Digest::of(bytes), 0, bytes)));
    for answer in futures_util::future::join_all(sent).await {
        assert!(answer.read::<Uploaded>().complete);
    }
    let stored: u64 = files(&zone).iter().map(|it| it.metadata().unwrap().len()).sum();
    let once: u64 = photos.iter().map(|it| it.len() as u64 + HEADER_BYTES).sum();
    assert_eq!(stored, once);
}

#[tokio::test]
async fn a_file_that_no_fact_announced_is_not_taken() {
    let zone = Zone::open().await;
    let (announced, other) = (photo(1), photo(2));
    let visit = Visit::with_photos(&zone, &[&announced]).await;
    let unknown = visit.first.put(&zone, Digest::of(&other), 0, &other).await;
    assert_eq!(unknown.code(), Code::BlobUnexpected);
    // A file of others is as unknown as one that does not exist.
    for (name, seed) in [("stranger", 7), ("enterprise", 8), ("expert", 9)] {
        let hand = Hand::new(&zone, name, seed).await;
        let hidden = hand.put(&zone, Digest::of(&announced), 0, &announced).await;
        assert_eq!((hidden.status, &hidden.body), (unknown.status, &unknown.body), "{name}");
        let head = send(zone.request("HEAD", &path(Digest::of(&announced)), &hand.token)).await;
        assert_eq!(head.status, unknown.status, "{name}");
        assert!(!head.headers.contains_key("upload-offset"));
    }
    assert_eq!(files(&zone), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn an_enterprise_sees_the_photos_on_its_notice_and_its_own_and_no_other() {
    let zone = Zone::open().await;
    let (on_notice, internal, own) = (photo(1), photo(2), photo(3));
    let photos = [on_notice.as_slice(), internal.as_slice()];
    let mut visit = Visit::with_photos(&zone, &photos).await;
    for bytes in photos {
        let answer = visit.first.put(&zone, Digest::of(bytes), 0, bytes).await;
        assert!(answer.read::<Uploaded>().complete);
    }
    let mut enterprise = Hand::new(&zone, "enterprise", 8).await;
    let neighbour = zone.token("neighbour").await;
    let absent = zone.get(&path(Digest::of(b"absent")), &enterprise.token).await;
    assert_eq!(absent.code(), Code::NotFound);
    let hidden = |answer: &Answer| {
        assert_eq!((answer.status, &answer.body), (absent.status, &absent.body));
    };
    hidden(&zone.get(&path(Digest::of(&on_notice)), &enterprise.token).await);
    let notice = visit.notice(&zone, Digest::of(&on_notice)).await;
    assert_eq!(zone.get(&path(Digest::of(&on_notice)), &enterprise.token).await.body, on_notice);
    hidden(&zone.get(&path(Digest::of(&internal)), &enterprise.token).await);
    hidden(
        &zone.get(&format!("{}/thumbnail", path(Digest::of(&internal))), &enterprise.token).await,
    );
    hidden(&zone.get(&path(Digest::of(&on_notice)), &neighbour).await);
    let served = Service::new(notice, ServiceMethod::InPerson, "王某");
    visit.first.say(&zone, vec![Statement::NoticeServed(served)]).await;
    let stream = StreamId::notice(notice);
    enterprise.say(&zone, vec![captured(stream, &own, Purpose::Rectified)]).await;
    let answer = enterprise.put(&zone, Digest::of(&own), 0, &own).await;
    assert!(answer.read::<Uploaded>().complete);
    for token in [&enterprise.token, &visit.first.token, &visit.supervisor.token] {
        assert_eq!(zone.get(&path(Digest::of(&own)), token).await.body, own);
    }
    hidden(&zone.get(&path(Digest::of(&own)), &neighbour).await);
}

#[tokio::test]
async fn a_picture_that_cannot_be_decoded_has_no_small_one_and_harms_nothing() {
    let zone = Zone::open().await;
    let mut broken = photo(1);
    broken.truncate(200);
    // A PNG that says it is 100,000 pixels wide and high.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend(100_000_u32.to_be_bytes());
    bomb.extend(100_000_u32.to_be_bytes());
    bomb.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    let visit = Visit::with_photos(&zone, &[&broken, &bomb]).await;
    for bytes in [&broken, &bomb] {
        let hash = Digest::of(bytes);
        assert!(visit.first.put(&zone, hash, 0, bytes).await.read::<Uploaded>().complete);
        let small = zone.get(&format!("{}/thumbnail", path(hash)), &visit.first.token).await;
        assert!(matches!(small.code(), Code::BlobTorn | Code::BlobUndecodable));
        assert_eq!(zone.get(&path(hash), &visit.first.token).await.body, *bytes);
    }
}
