//! What honest people ask besides the loop: every route of the table is given to somebody, so that what stands behind each
//! is there when others try it.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request as Asked;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sync_core::document::PaperRow;
use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, DeviceId, PersonId};
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftSigner;
use sync_core::wire::api::{AccountRow, Challenge, Enrolled, Session, enrol_message};
use sync_core::wire::api_accounts::{PasswordReset, SessionRow};
use sync_core::wire::api_office::QuarantinePage;
use sync_core::wire::codec;
use sync_core::wire::report::ReportEntry;

use super::cast::{self, PASSWORD, place};
use super::honest::Visit;
use super::routes::row_named;
use super::statements::photo_of;
use super::world::World;

/// From where a person asks, and with which token.
struct Caller {
    who: usize,
    token: Option<String>,
}

impl Caller {
    fn of(world: &World, name: &str) -> Self {
        let who = place(name);
        Self { who, token: Some(world.token(who, world.now, false)) }
    }

    /// Somebody who has signed in at the device of an officer.
    fn signed_in(session: &Session) -> Self {
        Self { who: place("second officer"), token: Some(session.access_token.clone()) }
    }

    fn nobody() -> Self {
        Self { who: place("second officer"), token: None }
    }
}

/// What a request brings.
enum Brings<'b> {
    Nothing,
    Json(Value),
    Bytes(&'static str, &'b [u8]),
}

/// Asks a route and is given what it gives.
async fn asked(
    world: &mut World,
    by: &Caller,
    (method, path): (&str, &str),
    brings: Brings<'_>,
) -> Vec<u8> {
    world.tick();
    let mut request = Asked::builder().method(method).uri(path);
    if let Some(token) = &by.token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = match brings {
        Brings::Nothing => Vec::new(),
        Brings::Json(value) => {
            request = request.header("content-type", "application/json");
            serde_json::to_vec(&value).unwrap()
        }
        Brings::Bytes(media, bytes) => {
            request = request.header("content-type", media);
            bytes.to_vec()
        }
    };
    let request = request.extension(ConnectInfo(cast::address(by.who))).body(Body::from(body));
    let (status, _, answer) = world.ask(request.unwrap()).await;
    let row = row_named(method, path).unwrap_or_else(|| panic!("{method} {path} is no route"));
    let text = String::from_utf8_lossy(&answer);
    assert_eq!(status.as_u16(), row.done, "{method} {path} {text:.600}");
    let counts = world.routes.entry(format!("{} {}", row.method, row.path)).or_default();
    *counts = (counts.0 + 1, counts.1 + 1);
    answer
}

async fn got(world: &mut World, by: &Caller, path: &str) -> Vec<u8> {
    asked(world, by, ("GET", path), Brings::Nothing).await
}

async fn posted(world: &mut World, by: &Caller, path: &str, body: Value) -> Vec<u8> {
    asked(world, by, ("POST", path), Brings::Json(body)).await
}

fn read<T: serde::de::DeserializeOwned>(answer: &[u8]) -> T {
    serde_json::from_slice(answer).unwrap()
}

/// Whether there is a visit whose papers can be asked for.
pub(crate) fn is_time(world: &World) -> bool {
    noticed(world).is_some()
}

/// Every route once, some of them by people who come for this alone.
pub(crate) async fn ask_everything(world: &mut World) {
    pages(world).await;
    office(world).await;
    files(world).await;
    people(world).await;
}

async fn pages(world: &mut World) {
    let nobody = Caller::nobody();
    let paths = ["/", "/app/", "/app/index.html", "/health", "/openapi.json"];
    for path in paths.into_iter().chain(["/docs", "/docs/page.js", "/docs/page.css"]) {
        got(world, &nobody, path).await;
    }
}

/// A visit of honest people that has its notice, and that notice.
fn noticed(world: &World) -> Option<(StreamId, StreamId)> {
    let strict = world.visits.iter().filter(|it| it.strict).map(Visit::stream);
    let mut noticed = strict.filter_map(|it| Some((it, *world.model.notices(it).first()?)));
    noticed.next()
}

async fn office(world: &mut World) {
    world.sync().await;
    let supervisor = Caller::of(world, "second supervisor");
    let (visit, notice) = noticed(world).expect("a visit with a notice");
    for path in ["/api/v1/hazards", "/api/v1/set-aside", "/api/v1/quarantine"] {
        got(world, &supervisor, path).await;
    }
    let listed = got(world, &supervisor, "/api/v1/reports").await;
    for ReportEntry { name, .. } in read::<Vec<ReportEntry>>(&listed) {
        got(world, &supervisor, &format!("/api/v1/reports/{name}")).await;
    }
    for (kind, stream) in [("inspection", visit), ("notice", notice)] {
        let case = format!("/api/v1/cases/{kind}/{}", stream.id);
        got(world, &supervisor, &case).await;
        let papers = got(world, &supervisor, &format!("{case}/papers")).await;
        let papers: Vec<PaperRow> = read(&papers);
        let PaperRow { kind, fact, digest, .. } = papers.first().expect("a paper");
        got(world, &supervisor, &format!("{case}/papers/{}/{fact}", kind.name())).await;
        got(world, &Caller::nobody(), &format!("/check/{digest}")).await;
    }
    got(world, &supervisor, &format!("/api/v1/cases/inspection/{}/file", visit.id)).await;
    // Something that waits in quarantine is returned.
    let judge = Caller::of(world, "first supervisor");
    let page = got(world, &judge, "/api/v1/quarantine").await;
    let page: QuarantinePage = read(&page);
    if let Some(row) = page.rows.first() {
        let body = json!({ "accept": false, "reason": "已核实，退回" });
        posted(world, &judge, &format!("/api/v1/quarantine/{}", row.item), body).await;
    }
}

async fn files(world: &mut World) {
    let who = place("second officer");
    let officer = Caller::of(world, "second officer");
    let request = codec::pack(&world.phones[who].request(Vec::new(), Vec::new()));
    let brings = Brings::Bytes(codec::CONTENT_TYPE, &request);
    asked(world, &officer, ("POST", "/sync/v1/exchange"), brings).await;
    let person = world.phones[who].person.id;
    let mine = |photo: &Vec<u8>| world.model.brought.contains(&(BlobHash::of(photo), person));
    let of_visits = world.visits.iter().filter(|it| it.strict);
    let photo = of_visits.map(|it| photo_of(it.number(), "found")).find(mine).expect("a photo");
    let path = format!("/sync/v1/blobs/{}", BlobHash::of(&photo));
    let brings = Brings::Bytes("application/octet-stream", &photo);
    asked(world, &officer, ("PUT", &path), brings).await;
    assert_eq!(got(world, &officer, &path).await, photo);
    got(world, &officer, &format!("{path}/thumbnail")).await;
}

/// An account from its beginning to its end and back.
async fn people(world: &mut World) {
    let one = Caller::of(world, "first administrator");
    let other = Caller::of(world, "second administrator");
    for path in ["/api/v1/accounts", "/api/v1/audit"] {
        got(world, &one, path).await;
    }
    let username = format!("newcomer{}", world.others.len());
    let account = json!({
        "username": username, "password": PASSWORD, "name": "新来的", "role": "inspector",
        "department": "xiaofang", "enterprise": null, "certificate": "DEM9999",
    });
    let account = posted(world, &one, "/api/v1/accounts", account).await;
    let AccountRow { person: Person { id, .. }, .. } = read(&account);
    own(world, &username).await;
    let device = devices(world, &username).await;
    world.others.extend([*id.as_bytes(), *device.as_bytes()]);
    restored(world, (&one, &other), id).await;
    let reset = format!("/api/v1/accounts/{id}/password");
    let PasswordReset { code, .. } =
        read(&posted(world, &one, &reset, json!({ "reason": "忘记密码" })).await);
    let session = sign_in(world, &username, &code).await;
    assert!(session.set_password);
    let fresh = json!({ "new": "another horse in the snow" });
    posted(world, &Caller::signed_in(&session), "/api/v1/password", fresh).await;
}

async fn sign_in(world: &mut World, username: &str, password: &str) -> Session {
    let body = json!({ "username": username, "password": password });
    read(&posted(world, &Caller::nobody(), "/api/v1/session", body).await)
}

/// What concerns oneself.
async fn own(world: &mut World, username: &str) {
    let session = sign_in(world, username, PASSWORD).await;
    let renewed = json!({ "refresh_token": session.refresh_token });
    let renewed = posted(world, &Caller::nobody(), "/api/v1/session/refresh", renewed).await;
    let session: Session = read(&renewed);
    let caller = Caller::signed_in(&session);
    got(world, &caller, "/api/v1/me").await;
    let sessions: Vec<SessionRow> = read(&got(world, &caller, "/api/v1/sessions").await);
    let named = format!("/api/v1/sessions/{}/end", sessions[0].id);
    asked(world, &caller, ("POST", &named), Brings::Nothing).await;
    let again = sign_in(world, username, PASSWORD).await;
    asked(world, &Caller::signed_in(&again), ("POST", "/api/v1/session/end"), Brings::Nothing)
        .await;
}

/// A device that proves its key, and whose time ends.
async fn devices(world: &mut World, username: &str) -> DeviceId {
    let session = sign_in(world, username, PASSWORD).await;
    let caller = Caller::signed_in(&session);
    let asked_for = asked(world, &caller, ("POST", "/api/v1/devices/challenge"), Brings::Nothing);
    let Challenge { challenge } = read(&asked_for.await);
    let mut secret = [0x77; 32];
    secret[0] = u8::try_from(world.others.len() + 1).unwrap();
    let key = SoftSigner::from_secret(&secret).unwrap();
    let proof = json!({
        "challenge": challenge,
        "public_key": URL_SAFE_NO_PAD.encode(key.public_key()),
        "signature": URL_SAFE_NO_PAD.encode(key.sign(&enrol_message(&challenge)).unwrap()),
        "label": "手机",
    });
    let Enrolled { device, .. } = read(&posted(world, &caller, "/api/v1/devices", proof).await);
    got(world, &caller, "/api/v1/devices").await;
    let ended = json!({ "from": world.now.as_millis(), "reason": "手机遗失" });
    posted(world, &caller, &format!("/api/v1/devices/{}/revoke", device.id), ended).await;
    device.id
}

/// Revoked by one administrator, proposed to be restored, and restored by another one.
async fn restored(world: &mut World, (one, other): (&Caller, &Caller), id: PersonId) {
    let account = format!("/api/v1/accounts/{id}");
    let ended = json!({ "from": world.now.as_millis(), "reason": "调离" });
    posted(world, one, &format!("{account}/revoke"), ended).await;
    let reason = json!({ "reason": "误停用" });
    posted(world, one, &format!("{account}/restore"), reason).await;
    asked(world, other, ("POST", &format!("{account}/restore/confirm")), Brings::Nothing).await;
}
