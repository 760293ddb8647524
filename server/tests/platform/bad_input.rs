//! Bad input: each route says which code, and nothing is changed by it.

use serde_json::{Value, json};
use server::http;
use server::http::caller::Access;
use server::store::{accounts, devices};
use sync_core::domain::account::Role;
use sync_core::limits;
use sync_core::refusal::Code;
use sync_core::wire::codec;

use crate::description::fitting_body;
use crate::world::{Answer, ENTERPRISE, Zone, of_role, send};

/// Everything that requests could have changed.
async fn state(zone: &Zone) -> String {
    let app = &zone.running.app;
    let mut db = app.pool.acquire().await.unwrap();
    let accounts = accounts::all(&mut db).await.unwrap();
    let devices = devices::all(&mut db).await.unwrap();
    let directory = app.shared.directory.snapshot();
    format!("{accounts:?} {devices:?} {} {}", directory.persons.len(), directory.devices.len())
}

pub(crate) async fn token_for(zone: &Zone, access: Access) -> String {
    match Role::ALL.iter().find(|role| access.allows(Some(**role))) {
        Some(role) if access != Access::Public => zone.token(of_role(*role)).await,
        _ => String::new(),
    }
}

async fn send_json(zone: &Zone, path: &str, token: &str, body: Vec<u8>) -> Answer {
    let request = zone.request("POST", path, token).header("content-type", "application/json");
    send(request.body(body)).await
}

pub(crate) fn with_ids(path: &str) -> String {
    let digest = format!("sha256:{}", "ab".repeat(32));
    path.replace("{item}", &digest)
        .replace("{kind}", "rectification_notice")
        .replace("{device}", ENTERPRISE)
        .replace("{person}", ENTERPRISE)
        .replace("{session}", ENTERPRISE)
        .replace("{id}", ENTERPRISE)
        .replace("{hash}", &digest)
}

#[tokio::test]
async fn a_body_that_is_not_what_the_route_takes_is_refused_by_every_route() {
    let zone = Zone::open().await;
    let before = state(&zone).await;
    let mut tried = 0;
    for row in http::matrix() {
        let Some(fitting) = fitting_body(row.method, row.path) else { continue };
        let (path, token) = (with_ids(row.path), token_for(&zone, row.access).await);
        let malformed = ["", "{", "\u{feff}{}"];
        for body in malformed {
            let answer = send_json(&zone, &path, &token, body.as_bytes().to_vec()).await;
            assert_eq!(answer.code(), Code::Malformed, "{row:?} {body:.20}");
        }
        let misfit = [json!(null), json!([]), json!({}), json!("text"), json!(1e300)];
        for body in misfit {
            let answer = send_json(&zone, &path, &token, body.to_string().into_bytes()).await;
            assert_eq!(answer.code(), Code::FieldMalformed, "{row:?} {body}");
        }
        // Each field with a value of another type, and each field that is missing.
        let Value::Object(fields) = fitting else { panic!("{row:?}") };
        for (name, value) in &fields {
            let mut wrong = fields.clone();
            wrong.insert(name.clone(), json!({ "no": ["such", "type"] }));
            let wrong = serde_json::to_vec(&wrong).unwrap();
            let answer = send_json(&zone, &path, &token, wrong).await;
            assert_eq!(answer.code(), Code::FieldMalformed, "{row:?} {name} {value}");
        }
        let deep = "[".repeat(10_000).into_bytes();
        let answer = send_json(&zone, &path, &token, deep).await;
        assert!(matches!(answer.code(), Code::Malformed | Code::FieldMalformed), "{row:?}");
        let broken = [b"{\"reason\":\"".as_slice(), &[0xff, 0xfe], b"\"}"].concat();
        let answer = send_json(&zone, &path, &token, broken).await;
        assert!(matches!(answer.code(), Code::Malformed | Code::FieldMalformed), "{row:?}");
        let large = vec![b' '; row.body_limit + 1];
        assert_eq!(send_json(&zone, &path, &token, large).await.code(), Code::TooLarge, "{row:?}");
        let plain = send(zone.request("POST", &path, &token).body("{}")).await;
        assert_eq!(plain.code(), Code::Malformed, "{row:?}");
        tried += 1;
    }
    assert!(tried >= 7, "{tried}");
    assert_eq!(state(&zone).await, before);
}

#[tokio::test]
async fn an_id_of_the_wrong_form_is_refused_by_every_route() {
    let zone = Zone::open().await;
    let long = "a".repeat(2_000);
    let bad = ["x", "00000000-0000-0000-0000-00000000000", "..%2F..%2Fserver.secret", "%00", &long];
    // Every name of a file or a report has the right form.
    let words = |path: &str| path.contains("{*") || path.contains("{name}");
    let named = |row: &http::route::Route| row.path.contains('{') && !words(row.path);
    for row in http::matrix().into_iter().filter(named) {
        let token = token_for(&zone, row.access).await;
        let (head, tail) = row.path.split_once('{').unwrap();
        let tail = tail.split_once('}').unwrap().1;
        for id in bad {
            let mut request = zone.request(row.method, &format!("{head}{id}{tail}"), &token);
            if let Some(body) = fitting_body(row.method, row.path) {
                request = request.json(&body);
            }
            let answer = send(request).await;
            assert_eq!(answer.code(), Code::IdMalformed, "{row:?} {id:.40}");
        }
    }
}

#[tokio::test]
async fn queries_of_the_wrong_form_are_refused() {
    let zone = Zone::open().await;
    let token = zone.token("supervisor").await;
    for path in [
        "/api/v1/hazards?limit=many",
        "/api/v1/hazards?state=lost",
        "/api/v1/hazards?after=x",
        "/api/v1/hazards?unknown=1",
        "/api/v1/hazards?overdue=maybe",
        "/api/v1/quarantine?limit=-1",
        "/api/v1/quarantine?after=x",
        "/api/v1/reports/weekly?day=2026-02-30",
        "/api/v1/reports/weekly?week=3",
        "/api/v1/reports/weekly?format=doc",
        "/api/v1/reports/overdue?format=csv&in_json=maybe",
        "/api/v1/hazards?format=doc",
    ] {
        assert_eq!(zone.get(path, &token).await.code(), Code::FieldMalformed, "{path}");
    }
    let digest = format!("/sync/v1/blobs/sha256:{}?offset=-1", "ab".repeat(32));
    let answer = send(zone.request("PUT", &digest, &token).body("x")).await;
    assert_eq!(answer.code(), Code::FieldMalformed);
}

#[tokio::test]
async fn an_exchange_that_cannot_be_read_is_refused_as_a_whole() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    let exchange = async |body: Vec<u8>| {
        let request = zone.request("POST", "/sync/v1/exchange", &token);
        send(request.header("content-type", codec::CONTENT_TYPE).body(body)).await
    };
    let packed = codec::pack(&1_u8);
    for body in [b"".as_slice(), b"{}", &[0; 100]] {
        // Without the mark of the packing it comes from another version.
        assert_eq!(exchange(body.to_vec()).await.code(), Code::VersionUnsupported, "{body:?}");
    }
    let cut = packed[..packed.len() - 1].to_vec();
    assert_eq!(exchange(cut).await.code(), Code::Malformed);
    assert_eq!(exchange(packed).await.code(), Code::Malformed);
    let bomb = codec::pack(&minicbor::bytes::ByteVec::from(vec![0; 64 * 1024 * 1024]));
    assert!(bomb.len() < limits::EXCHANGE_BYTES);
    assert_eq!(exchange(bomb).await.code(), Code::TooLarge);
    assert_eq!(exchange(vec![0; limits::EXCHANGE_BYTES + 1]).await.code(), Code::TooLarge);
}

#[tokio::test]
async fn an_account_that_makes_no_sense_is_not_added() {
    let zone = Zone::open().await;
    let token = zone.token("administrator").await;
    let before = state(&zone).await;
    let good = json!({
        "username": "new", "password": "long enough", "name": "新人", "role": "inspector",
        "department": "yingji", "enterprise": null, "certificate": "1504DEM9999",
    });
    for (field, value, code) in [
        ("username", json!(""), Code::FieldMissing),
        ("username", json!("x".repeat(101)), Code::FieldTooLong),
        ("username", json!("a\u{0}b"), Code::FieldMalformed),
        ("username", json!("second"), Code::AlreadyExists),
        ("name", json!("  "), Code::FieldMissing),
        ("password", json!(""), Code::PasswordUnfit),
        ("password", json!("x".repeat(129)), Code::PasswordUnfit),
        ("password", json!("long\u{200b}enough"), Code::PasswordUnfit),
        ("username", json!("SECOND "), Code::AlreadyExists),
        ("username", json!("ｓｅｃｏｎｄ"), Code::AlreadyExists),
        ("username", json!("ab"), Code::FieldMalformed),
        ("username", json!("new\u{200b}"), Code::FieldMalformed),
        ("role", json!("emperor"), Code::FieldMalformed),
        ("role", json!("enterprise"), Code::FieldMalformed),
        ("department", json!(null), Code::FieldMalformed),
        ("department", json!("nowhere"), Code::FieldMalformed),
        ("department", json!("a/b"), Code::FieldMalformed),
        ("enterprise", json!(ENTERPRISE), Code::FieldMalformed),
        ("certificate", json!("x".repeat(101)), Code::FieldTooLong),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = zone.post("/api/v1/accounts", &token, &body).await;
        assert_eq!(answer.code(), code, "{field} {value}");
    }
    let mut unknown = good.clone();
    unknown["role"] = json!("enterprise");
    unknown["department"] = json!(null);
    unknown["enterprise"] = json!("7a1086dc-2237-4db6-b2c2-36e58ec4cd02");
    let answer = zone.post("/api/v1/accounts", &token, &unknown).await;
    assert_eq!(answer.code(), Code::FieldMalformed);
    assert_eq!(state(&zone).await, before);
    assert_eq!(zone.post("/api/v1/accounts", &token, &good).await.status, 201);
    assert_eq!(zone.try_sign_in("new", "long enough").await.status, 200);
}

#[tokio::test]
async fn a_device_that_is_described_badly_is_not_enrolled() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    let good = json!({
        "challenge": "x", "public_key": "Ag".repeat(22), "signature": "Ag".repeat(43), "label": "手机",
    });
    for (field, value, code) in [
        ("label", json!(""), Code::FieldMissing),
        ("label", json!("长".repeat(101)), Code::FieldTooLong),
        ("public_key", json!("!"), Code::FieldMalformed),
        ("public_key", json!("Ag"), Code::FieldMalformed),
        ("signature", json!("不是"), Code::FieldMalformed),
        ("signature", json!("Ag"), Code::ProofInvalid),
        ("challenge", json!("y"), Code::ProofInvalid),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = zone.post("/api/v1/devices", &token, &body).await;
        assert_eq!(answer.code(), code, "{field} {value}");
    }
}
