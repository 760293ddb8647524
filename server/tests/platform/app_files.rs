//! The app as browsers fetch it.

use std::fs;

use server::start::{self, Options};
use sync_core::refusal::Code;

use crate::world::{Answer, Zone, send};

async fn get(base: &str, path: &str, encoding: &str) -> Answer {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let request = client.build().unwrap().get(format!("{base}{path}"));
    send(request.header("accept-encoding", encoding)).await
}

#[tokio::test]
async fn the_app_is_served_with_its_policy_its_compressed_twins_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    fs::create_dir_all(dist.join("assets")).unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
    fs::write(dist.join("assets/core-1a2b.wasm"), b"\0asm plain").unwrap();
    fs::write(dist.join("assets/core-1a2b.wasm.br"), b"pressed").unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let options = Options { app: Some(dist), ..Options::new(folder.path().join("data"), listen) };
    let running = start::start(options).await.unwrap();
    let base = format!("http://{}", running.address);

    let front = get(&base, "/", "").await;
    assert_eq!(
        (front.status.as_u16(), &front.headers["location"]),
        (307, &"/app/".parse().unwrap())
    );
    let index = get(&base, "/app/", "").await;
    assert_eq!(index.body, b"<!doctype html>");
    assert_eq!(index.headers["cache-control"], "no-cache");
    let policy = index.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let wasm = get(&base, "/app/assets/core-1a2b.wasm", "br").await;
    assert_eq!(
        (wasm.body.as_slice(), &wasm.headers["content-encoding"]),
        (b"pressed".as_slice(), &"br".parse().unwrap())
    );
    assert_eq!(wasm.headers["content-type"], "application/wasm");
    assert!(wasm.headers["cache-control"].to_str().unwrap().contains("immutable"));
    for outside in [
        "/app/../secret.txt",
        "/app/%2e%2e/secret.txt",
        "/app/assets/../../secret.txt",
        "/app/assets",
        "/app/none.js",
    ] {
        assert_ne!(get(&base, outside, "").await.status, 200, "{outside}");
    }
    running.stop().await;
}

#[tokio::test]
async fn without_an_app_the_front_page_is_the_description_of_the_interface() {
    let zone = Zone::open().await;
    let base = format!("http://{}", zone.running.address);
    assert_eq!(get(&base, "/", "").await.headers["location"], "/docs");
    assert_eq!(get(&base, "/app/", "").await.code(), Code::NotFound);
}

#[tokio::test]
async fn a_name_that_no_file_can_have_is_not_found_and_a_range_that_it_has_not_is_the_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    fs::create_dir_all(&dist).unwrap();
    fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let options = Options { app: Some(dist), ..Options::new(folder.path().join("data"), listen) };
    let running = start::start(options).await.unwrap();
    let base = format!("http://{}", running.address);
    let long = "a".repeat(5_000);
    let deep = "a/".repeat(2_000);
    for name in ["%ff%fe", "%00", "a%00b", "..%2f..%2fsecret.txt", "%2e%2e/x", &long, &deep] {
        assert_eq!(
            get(&base, &format!("/app/{name}"), "").await.code(),
            Code::NotFound,
            "{name:.40}"
        );
    }
    let client = reqwest::Client::new();
    for range in ["bytes=18446744073709551615-, 5-1, -0", "bytes=900-", "bytes=5-1"] {
        let request = client.get(format!("{base}/app/index.html")).header("range", range);
        let answer = send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body),
            (200, b"<!doctype html>".to_vec()),
            "{range}"
        );
    }
    running.stop().await;
}
