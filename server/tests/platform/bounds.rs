//! What one person or address may take: others have their share.

use std::fs::File;
use std::time::{Duration, SystemTime};

use server::http::serve::Bounds;
use server::turns::shares::Shares;
use sync_core::act::Fact;
use sync_core::domain::evidence::Purpose;
use sync_core::id::Digest;
use sync_core::ledger::stream::StreamId;
use sync_core::limits;
use sync_core::refusal::Code;
use sync_core::wire::api::{Revoke, SignIn, Uploaded};
use sync_core::wire::api_accounts::{AuditKind, AuditPage};
use sync_core::wire::api_office::QuarantineDecision;
use sync_core::wire::exchange::Outcome;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::visit::{Hand, Visit, arrived, captured, inspection, photo};
use crate::world::{Answer, MORNING, Zone, send};

/// An exchange whose body has begun to be read and does not end.
async fn unfinished(zone: &Zone, token: &str, says: usize) -> TcpStream {
    let mut stream = TcpStream::connect(zone.running.address).await.unwrap();
    let head = format!(
        "POST /sync/v1/exchange HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-length: {says}\r\nexpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100");
    stream
}

async fn exchange(zone: &Zone, token: &str, bytes: usize) -> Answer {
    let request = zone.request("POST", "/sync/v1/exchange", token).body(vec![0; bytes]);
    send(request).await
}

#[tokio::test]
async fn bodies_that_do_not_end_take_the_share_of_their_sender_and_no_more() {
    let shares = Shares { bytes: 3_000, all_bytes: 8_000, ..Shares::default() };
    let zone = Zone::with(|options| options.shares = shares).await;
    let (own, other) = (zone.token("inspector").await, zone.token("second").await);
    let first = unfinished(&zone, &own, 2_000).await;
    let refused = exchange(&zone, &own, 2_000).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, Code::RateLimited));
    assert!(refused.headers.contains_key("retry-after"));
    // A request without a body is none of them; a body that fits is not, either.
    assert_eq!(zone.get("/api/v1/me", &own).await.status, 200);
    assert_eq!(exchange(&zone, &own, 900).await.code(), Code::VersionUnsupported);
    assert_eq!(exchange(&zone, &other, 2_000).await.code(), Code::VersionUnsupported);
    // All together have a bound, too.
    let _second = unfinished(&zone, &other, 2_900).await;
    let third = zone.token("supervisor").await;
    let _third = unfinished(&zone, &third, 2_900).await;
    let fourth = zone.token("enterprise").await;
    assert_eq!(exchange(&zone, &fourth, 2_000).await.code(), Code::ServerBusy);
    // What ends gives its share back.
    let mut first = first;
    first.write_all(&[0; 2_000]).await.unwrap();
    let mut rest = [0; 20];
    first.read_exact(&mut rest).await.unwrap();
    assert_eq!(exchange(&zone, &own, 2_000).await.code(), Code::VersionUnsupported);
}

#[tokio::test]
async fn one_person_has_a_bounded_number_of_requests_at_once() {
    let shares = Shares { requests: 2, ..Shares::default() };
    let zone = Zone::with(|options| options.shares = shares).await;
    let (own, other) = (zone.token("inspector").await, zone.token("second").await);
    let _held = [unfinished(&zone, &own, 100).await, unfinished(&zone, &own, 100).await];
    let refused = zone.get("/api/v1/me", &own).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, Code::RateLimited));
    assert_eq!(zone.get("/api/v1/me", &other).await.status, 200);
    assert_eq!(zone.get("/health", "").await.status, 200);
}

#[tokio::test]
async fn one_address_has_a_bounded_number_of_connections() {
    let bounds = Bounds { per_address: 3, ..Bounds::default() };
    let zone = Zone::with(|options| options.bounds = bounds).await;
    let own = zone.token("inspector").await;
    let _held = [unfinished(&zone, &own, 100).await, unfinished(&zone, &own, 100).await];
    // The third is the one of these tests.
    assert_eq!(zone.get("/health", "").await.status, 200);
    let mut fourth = TcpStream::connect(zone.running.address).await.unwrap();
    let mut response = String::new();
    fourth.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 429 ") && response.contains("retry-after"));
}

/// What becomes of facts that one person pushes.
async fn outcomes(zone: &Zone, hand: &Hand, facts: &[Fact]) -> Vec<Option<Code>> {
    let verdicts = hand.exchange(zone, facts).await.verdicts;
    let code = |outcome| match outcome {
        Outcome::Accepted => None,
        Outcome::Retry(it) | Outcome::Quarantined(it) | Outcome::Refused(it) => Some(it.code),
    };
    verdicts.into_iter().map(|verdict| code(verdict.outcome)).collect()
}

#[tokio::test]
async fn one_person_fills_no_quarantine_and_what_is_too_much_stays_where_it_is() {
    let bytes = 5_000;
    for (shares, least) in [
        (Shares { quarantined: 3, ..Shares::default() }, 3),
        (Shares { quarantined_bytes: bytes, ..Shares::default() }, 2),
    ] {
        let zone = Zone::with(|options| options.shares = shares).await;
        let mut hand = Hand::new(&zone, "inspector", 1).await;
        let mut other = Hand::new(&zone, "second", 2).await;
        // Nobody planned this visit.
        let facts: Vec<Fact> = (0..40).map(|_| hand.state(arrived())).collect();
        let mut all = outcomes(&zone, &hand, &facts[..2]).await;
        all.extend(outcomes(&zone, &hand, &facts[2..]).await);
        // As much as there is room for, in order, and not more.
        let held = all.iter().take_while(|it| **it == Some(Code::NotPlanned)).count();
        let size: usize = facts[..held].iter().map(|fact| fact.bytes().len()).sum();
        assert!(held >= least && held < 40 && size as u64 <= bytes, "{held} of {size} bytes");
        assert!(all[held..].iter().all(|it| *it == Some(Code::QuarantineFull)), "{all:?}");
        // What is there stays there, and a colleague notices nothing.
        assert_eq!(
            outcomes(&zone, &hand, &facts[..held]).await,
            vec![Some(Code::NotPlanned); held]
        );
        let theirs: Vec<Fact> = (0..held).map(|_| other.state(arrived())).collect();
        assert_eq!(outcomes(&zone, &other, &theirs).await, vec![Some(Code::NotPlanned); held]);
        // A supervisor makes room, and what was turned away goes where it belongs.
        let supervisor = zone.token("supervisor").await;
        let path = format!("/api/v1/quarantine/{}", facts[0].id);
        let body = QuarantineDecision { accept: false, reason: "计划外".to_owned() };
        assert_eq!(zone.post(&path, &supervisor, &body).await.status, 200);
        let next = &facts[held..=held];
        assert_eq!(outcomes(&zone, &hand, next).await, [Some(Code::NotPlanned)]);
    }
}

#[tokio::test]
async fn one_person_begins_a_bounded_number_of_files_and_colleagues_notice_nothing() {
    let shares = Shares { parts: 2, ..Shares::default() };
    let zone = Zone::with(|options| options.shares = shares).await;
    let photos: Vec<Vec<u8>> = (0..4).map(photo).collect();
    let all: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let mut visit = Visit::with_photos(&zone, &all).await;
    let hash = |number: usize| Digest::of(&photos[number]);
    let begin = async |hand: &Hand, number: usize| {
        hand.put(&zone, hash(number), 0, &photos[number][..1_000]).await
    };
    for number in [0, 1] {
        assert_eq!(begin(&visit.first, number).await.status, 200);
    }
    let refused = begin(&visit.first, 2).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, Code::PartsFull));
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((86_000..=86_401).contains(&seconds), "{seconds}");
    // Files that come whole, and those that are begun, go on.
    assert_eq!(visit.first.put(&zone, hash(3), 0, &photos[3]).await.status, 200);
    let rest = visit.first.put(&zone, hash(0), 1_000, &photos[0][1_000..]).await;
    assert!(rest.read::<Uploaded>().complete);
    assert_eq!(begin(&visit.first, 2).await.status, 200);
    // A colleague has a share of the same size.
    let stream = StreamId::inspection(inspection());
    let announced = photos.iter().map(|it| captured(stream, it, Purpose::Found));
    visit.second.say(&zone, std::iter::once(arrived()).chain(announced).collect()).await;
    for number in [0, 1] {
        assert_eq!(begin(&visit.second, number).await.status, 200);
    }
    assert_eq!(begin(&visit.second, 2).await.code(), Code::PartsFull);
    // What nobody went on with for a day makes room; whoever comes back begins it again.
    let folder = zone.folder.path().join("data/blobs/parts");
    let part = folder.join(format!("{}-{}", hash(1).hex(), visit.second.person));
    let before = SystemTime::now() - Duration::from_hours(25);
    File::options().write(true).open(&part).unwrap().set_modified(before).unwrap();
    assert_eq!(begin(&visit.second, 2).await.status, 200);
    assert!(!part.exists());
    assert_eq!(
        visit.second.put(&zone, hash(1), 1_000, &photos[1][1_000..]).await.code(),
        Code::PartsFull
    );
    let rest = visit.second.put(&zone, hash(0), 1_000, &photos[0][1_000..]).await;
    assert!(rest.read::<Uploaded>().complete);
    assert_eq!(begin(&visit.second, 1).await.status, 200);
}

#[tokio::test]
async fn who_announces_photos_and_brings_none_announces_no_more() {
    let shares = Shares { unbrought: 2, ..Shares::default() };
    let zone = Zone::with(|options| options.shares = shares).await;
    let photos: Vec<Vec<u8>> = (0..3).map(photo).collect();
    let mut visit = Visit::with_photos(&zone, &[&photos[0], &photos[1]]).await;
    let stream = StreamId::inspection(inspection());
    let third = visit.first.state(captured(stream, &photos[2], Purpose::Found));
    let again = [third];
    assert_eq!(outcomes(&zone, &visit.first, &again).await, [Some(Code::RateLimited)]);
    let brought = visit.first.put(&zone, Digest::of(&photos[0]), 0, &photos[0]).await;
    assert_eq!(brought.status, 200);
    // It counts once it is noted, a moment after it is durable.
    while outcomes(&zone, &visit.first, &again).await != [None] {
        tokio::task::yield_now().await;
    }
}

async fn guess(zone: &Zone, forwarded: &str, password: &str) -> Answer {
    let body = SignIn { username: "inspector".to_owned(), password: password.to_owned() };
    let request = zone.request("POST", "/api/v1/session", "").json(&body);
    send(request.header("x-forwarded-for", forwarded)).await
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_address_is_its_own() {
    let proxy = "127.0.0.1/32".parse().unwrap();
    let zone = Zone::with(|options| options.trusted_proxies = vec![proxy]).await;
    for _ in 0..5 {
        assert_eq!(guess(&zone, "198.51.100.1", "x").await.code(), Code::WrongPassword);
    }
    let right = zone.password("inspector");
    assert_eq!(guess(&zone, "198.51.100.1", right).await.code(), Code::TooManyAttempts);
    // What the caller says of itself stands before what the proxy says.
    let invented = guess(&zone, "203.0.113.1, 198.51.100.1", right).await;
    assert_eq!(invented.code(), Code::TooManyAttempts);
    assert_eq!(guess(&zone, "198.51.100.2", right).await.status, 200);
    let token = zone.token("auditor").await;
    let audit: AuditPage = zone.get("/api/v1/audit", &token).await.read();
    let failed = audit.rows.iter().find(|row| row.kind == AuditKind::SignInFailed).unwrap();
    assert_eq!((failed.address.as_deref(), failed.times), (Some("198.51.100.1"), 5));
}

#[tokio::test]
async fn nobody_else_is_believed_about_an_address() {
    let zone = Zone::open().await;
    for number in 0..5 {
        let refused = guess(&zone, &format!("198.51.100.{number}"), "x").await;
        assert_eq!(refused.code(), Code::WrongPassword);
    }
    let right = zone.password("inspector");
    assert_eq!(guess(&zone, "198.51.100.9", right).await.code(), Code::TooManyAttempts);
}

#[tokio::test]
async fn a_file_that_is_being_read_ends_with_the_session_of_its_reader() {
    let zone = Zone::open().await;
    // Larger than what the sockets between hold.
    let mut bytes = photo(1);
    bytes.resize(16 * 1024 * 1024, 0);
    let visit = Visit::with_photos(&zone, &[&bytes]).await;
    let (hash, first) = (Digest::of(&bytes), &visit.first);
    for (number, part) in bytes.chunks(limits::CHUNK_BYTES).enumerate() {
        let put = first.put(&zone, hash, number * limits::CHUNK_BYTES, part).await;
        assert_eq!(put.status, 200);
    }
    let path = format!("/sync/v1/blobs/{hash}");
    let whole = zone.get(&path, &visit.second.token).await;
    assert!(whole.body == bytes && whole.headers["content-length"] == bytes.len().to_string());
    let mut answer = zone.request("GET", &path, &first.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let revoke = format!("/api/v1/devices/{}/revoke", first.device);
    let body = Revoke { from: MORNING, reason: "手机遗失".to_owned() };
    let token = zone.token("administrator").await;
    assert_eq!(zone.post(&revoke, &token, &body).await.status, 200);
    let mut read = 0;
    let ended = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(ended && read < bytes.len(), "{read}");
}
