//! Connections that end in the middle: what came counts.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use sync_core::id::Digest;
use sync_core::refusal::Code;
use sync_core::wire::api::Uploaded;

use crate::visit::{Visit, photo};
use crate::world::{Zone, send};

/// Sends a part of which only the beginning comes before the connection ends.
async fn cut(zone: &Zone, token: &str, path: String, says: usize, comes: Vec<u8>) {
    let (address, token) = (zone.running.address, token.to_owned());
    let sent = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {says}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&comes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        // The server closes when it is done with what came.
        let _ = stream.read_to_end(&mut Vec::new());
    };
    tokio::task::spawn_blocking(sent).await.unwrap();
}

#[tokio::test]
async fn what_came_of_a_part_counts_when_the_connection_ends_in_the_middle() {
    let zone = Zone::open().await;
    let bytes = photo(1);
    let visit = Visit::with_photos(&zone, &[&bytes]).await;
    let (hash, first) = (Digest::of(&bytes), &visit.first);
    let mut there = 0;
    // Whole files and parts, cut anywhere.
    for comes in [1, 4_000, 60_000, 9_000, 33] {
        let path = format!("/sync/v1/blobs/{hash}?offset={there}");
        let part = bytes[there..there + comes].to_vec();
        cut(&zone, &first.token, path, bytes.len() - there, part).await;
        there += comes;
        let asked = first.put(&zone, hash, 0, b"").await;
        let stands = Uploaded { received: there as u64, complete: false, receipt: None };
        assert_eq!(asked.read::<Uploaded>(), stands);
    }
    let last = first.put(&zone, hash, there, &bytes[there..]).await;
    assert!(last.read::<Uploaded>().complete);
    let whole = zone.get(&format!("/sync/v1/blobs/{hash}"), &first.token).await;
    assert_eq!(whole.body, bytes);
}

#[tokio::test]
async fn a_file_whose_last_answer_was_lost_is_judged_when_it_is_asked_for() {
    let zone = Zone::open().await;
    let (bytes, text) = (photo(1), b"no picture at all, but announced".as_slice());
    let visit = Visit::with_photos(&zone, &[&bytes, text]).await;
    let first = &visit.first;
    assert_eq!(first.put(&zone, Digest::of(&bytes), 0, &bytes[..500]).await.status, 200);
    // The end comes, and whoever sent it is gone before it is judged.
    let path = format!("/sync/v1/blobs/{}?offset=500", Digest::of(&bytes));
    cut(&zone, &first.token, path, bytes.len() - 500 + 1, bytes[500..].to_vec()).await;
    let asked = first.put(&zone, Digest::of(&bytes), 0, b"").await;
    assert!(asked.read::<Uploaded>().complete);
    let path = format!("/sync/v1/blobs/{}?offset=0", Digest::of(text));
    cut(&zone, &first.token, path, text.len() + 1, text.to_vec()).await;
    assert_eq!(first.put(&zone, Digest::of(text), 0, b"").await.code(), Code::BlobNotImage);
}

#[tokio::test]
async fn an_exchange_that_did_not_come_whole_is_to_be_sent_again() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    let broken = futures_util::stream::iter([
        Ok(vec![b'z', b'c']),
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
    ]);
    let body = reqwest::Body::wrap_stream(broken);
    // Nothing is answered to a connection that is gone; the server goes on.
    assert!(zone.request("POST", "/sync/v1/exchange", &token).body(body).send().await.is_err());
    assert_eq!(send(zone.request("GET", "/api/v1/me", &token)).await.status, 200);
}
