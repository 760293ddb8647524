//! The service itself: headers, health, stopping.

use std::time::Duration;

use sync_core::refusal::Code;
use sync_core::wire::api::Health;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::Zone;

#[tokio::test]
async fn it_is_healthy_while_records_and_files_can_be_kept() {
    let zone = Zone::open().await;
    let asked = (0..16).map(|_| zone.get("/health", ""));
    for answer in futures_util::future::join_all(asked).await {
        let health: Health = answer.read();
        assert!(health.ok && health.version == env!("CARGO_PKG_VERSION"));
    }
    std::fs::remove_dir_all(zone.folder.path().join("data/blobs")).unwrap();
    let answer = zone.get("/health", "").await;
    assert_eq!(answer.status, 503);
    assert!(!serde_json::from_slice::<Health>(&answer.body).unwrap().ok);
}

#[tokio::test]
async fn every_answer_says_its_length_and_nothing_about_the_program() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    for path in ["/health", "/docs", "/openapi.json", "/api/v1/me", "/api/v1/nothing"] {
        let answer = zone.get(path, &token).await;
        let length: usize = answer.headers["content-length"].to_str().unwrap().parse().unwrap();
        assert_eq!(length, answer.body.len(), "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["x-frame-options"], "DENY");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("'none'"));
        for telling in ["server", "x-powered-by", "etag", "last-modified"] {
            assert!(!answer.headers.contains_key(telling), "{path} {telling}");
        }
    }
}

#[tokio::test]
async fn the_documentation_asks_nobody_else() {
    let zone = Zone::open().await;
    for path in ["/docs", "/docs/page.js", "/docs/page.css"] {
        let answer = zone.get(path, "").await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        assert!(!text.contains("http:") && !text.contains("https:"), "{path}");
        assert!(!text.contains("src=\"//") && !text.contains("@import"), "{path}");
    }
    let script = zone.get("/docs/page.js", "").await;
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn the_server_stops_while_a_connection_is_open_and_starts_again_with_the_same_keys() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    let mut open = TcpStream::connect(zone.running.address).await.unwrap();
    open.write_all(b"GET /health HTTP/1.1\r\nhost: zhicha\r\n\r\n").await.unwrap();
    let mut first = [0; 15];
    open.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let key = zone.running.app.shared.keys.public_key();
    let restarted = tokio::time::timeout(Duration::from_secs(10), zone.restart());
    let zone = restarted.await.expect("it stops although a connection is open");
    assert_eq!(zone.running.app.shared.keys.public_key(), key);
    let mut rest = Vec::new();
    open.read_to_end(&mut rest).await.unwrap();
    assert_eq!(zone.get("/api/v1/me", &token).await.status, 200);
}

#[tokio::test]
async fn a_server_that_was_stopped_leaves_everything_in_one_database() {
    let zone = Zone::open().await;
    let token = zone.token("coordinator").await;
    // Whoever takes a report is noted by the writer.
    assert_eq!(zone.get("/api/v1/reports/weekly?format=csv", &token).await.status, 200);
    let Zone { running, folder, .. } = zone;
    running.stop().await;
    let names = std::fs::read_dir(folder.path().join("data")).unwrap();
    let names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let logs: Vec<&String> =
        names.iter().filter(|name| name.ends_with("-wal") || name.ends_with("-shm")).collect();
    assert_eq!(logs, Vec::<&String>::new(), "{names:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_secret_is_readable_for_its_owner_alone_and_a_damaged_one_stops_the_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let zone = Zone::open().await;
    let data = zone.folder.path().join("data");
    let secret = data.join("server.secret");
    assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    let Zone { running, folder: _folder, .. } = zone;
    running.stop().await;
    std::fs::write(&secret, b"short").unwrap();
    let options = server::start::Options::new(data, "127.0.0.1:0".parse().unwrap());
    assert!(server::start::start(options).await.is_err());
}

#[tokio::test]
async fn seeding_again_adds_nobody_and_keeps_every_password() {
    let zone = Zone::open().await;
    let (data, source) = (zone.folder.path().join("data"), zone.folder.path().join("zone"));
    let again = server::usecase::seed::run(&data, &source).await.unwrap();
    assert!(again.accounts.is_empty() && again.refused.is_empty());
    assert_eq!(zone.try_sign_in("inspector", zone.password("inspector")).await.status, 200);
    assert_eq!(zone.get("/api/v1/me", "x").await.code(), Code::NotSignedIn);
}
