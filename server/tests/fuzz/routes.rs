//! What forged requests are answered: as the table of routes says, with nothing changed that the caller may not change, and
//! nothing shown that is not for them.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, StatusCode};
use server::http::caller::Access;
use server::http::route::Route;
use server::store::{accounts, devices, quarantine};
use sync_core::document::PaperRow;
use sync_core::id::{BlobHash, Digest, PersonId};
use sync_core::refusal::Code;
use sync_core::testing::histories::Dice;
use sync_core::wire::api::Uploaded;
use sync_core::wire::api_office::QuarantineDecision;
use sync_core::wire::codec;
use sync_core::wire::exchange::Response;
use sync_core::wire::problem::{self, Problem};

use super::cast::{self, ACCOUNTS};
use super::forge::{HOSTILE_PHOTOS, Known, hostile_photo};
use super::requests::{Forged, ROWS, forge};
use super::world::World;
use crate::stored;

/// Some forged requests, one after the other.
pub(crate) async fn attack(world: &mut World, dice: &mut Dice, who: usize) {
    for _ in 0..12 {
        world.steps += 1;
        let known = Known::of(world);
        let mutations = if dice.below(6) == 0 { 0 } else { 1 + dice.below(3) };
        let forged = forge(world, dice, &known, who, mutations);
        send(world, &forged, who).await;
        world.sync().await;
    }
}

/// Everything that a request could have changed, by whose it is.
#[derive(PartialEq, Eq)]
struct State {
    facts: usize,
    waiting: u64,
    accounts: BTreeSet<(PersonId, String)>,
    devices: BTreeSet<(PersonId, String)>,
}

async fn state(world: &World, who: Option<usize>) -> State {
    let (pool, since) = (&world.app.pool, world.synced.as_millis());
    let facts = stored::stored_since(pool, false, since).await.len();
    let changes = stored::stored_since(pool, true, since).await.len();
    let mut db = pool.acquire().await.unwrap();
    let mut waiting = 0;
    if let Some(who) = who {
        waiting +=
            quarantine::waiting_of(&mut db, world.phones[who].person.id).await.unwrap().items;
    }
    let people = accounts::all(&mut db).await.unwrap();
    let known = devices::all(&mut db).await.unwrap();
    State {
        facts: facts + changes,
        waiting,
        accounts: people.iter().map(|it| (it.person.id, format!("{it:?}"))).collect(),
        devices: known.iter().map(|it| (it.device.person, format!("{it:?}"))).collect(),
    }
}

/// The row of the table that a request is for.
fn row_of(forged: &Forged) -> Option<&'static Route> {
    let method = if forged.method == "HEAD" { "GET" } else { &forged.method };
    row_named(method, &forged.path)
}

/// The row of the table for a method and a path.
pub(crate) fn row_named(method: &str, path: &str) -> Option<&'static Route> {
    let given: Vec<&str> = path.split('/').collect();
    let fits = |row: &Route| {
        if let Some((folder, _)) = row.path.split_once("{*") {
            return path.strip_prefix(folder).is_some_and(|rest| !rest.is_empty());
        }
        let parts: Vec<&str> = row.path.split('/').collect();
        let same = |(part, given): (&&str, &&str)| {
            part == given || (part.starts_with('{') && !given.is_empty())
        };
        parts.len() == given.len() && parts.iter().zip(&given).all(same)
    };
    let mut rows = ROWS.iter().map(|it| &it.0).filter(|row| row.method == method && fits(row));
    let first = rows.next()?;
    // One that is named is meant before one with a parameter.
    Some(rows.find(|row| !row.path.contains('{')).unwrap_or(first))
}

async fn send(world: &mut World, forged: &Forged, who: usize) {
    let Some(request) = forged.request() else { return };
    let Ok(request) =
        request.extension(ConnectInfo(cast::address(who))).body(Body::from(forged.body.clone()))
    else {
        return;
    };
    let owner = forged.token.as_ref().and_then(|it| it.owner);
    let before = state(world, owner).await;
    world.pass();
    let (status, headers, body) = world.ask(request).await;
    let after = state(world, owner).await;
    let what = || {
        let Forged { method, path, query, headers, .. } = forged;
        format!(
            "{method} {path:.300} {query:?} {headers:?} {status} {:.600}",
            String::from_utf8_lossy(&body)
        )
    };
    let row = row_of(forged);
    let counted = row.map_or("no route".to_owned(), |row| format!("{} {}", row.method, row.path));
    let counts = world.routes.entry(counted).or_default();
    *counts = (counts.0 + 1, counts.1 + usize::from(status.is_success()));
    if status.is_success() || status.is_redirection() {
        let row = row.unwrap_or_else(|| panic!("nothing is there: {}", what()));
        require_allowed(world, forged, row, &what);
        require_own(world, forged, row, (&before, &after), &what);
        took_over(world, forged, row, owner, &body);
    } else {
        require_described(forged, row, (status, &headers, &body), &what);
        assert!(before == after, "refused, and something changed: {}", what());
    }
    let shown = codec::unpack(&body).unwrap_or(body);
    world.look_for_secrets(owner, &shown).await;
    if let Some(owner) = owner {
        world.sign_in_again(owner).await;
    }
}

/// What was answered is for whoever the token is of.
fn require_allowed(world: &World, forged: &Forged, row: &Route, what: &dyn Fn() -> String) {
    if row.access == Access::Public {
        return;
    }
    let token = forged.token.as_ref().filter(|it| it.owner.is_some());
    let token = token.unwrap_or_else(|| panic!("given to nobody: {}", what()));
    let person = &world.phones[token.owner.unwrap()].person;
    assert!(row.access.allows(Some(person.role)), "given to {:?}: {}", person.role, what());
    assert!(!token.only_password || row.sets_password, "only for a new password: {}", what());
    let revoked = person.revoked_at.is_some_and(|at| at <= world.now);
    assert!(!revoked || row.handover, "given to somebody revoked: {}", what());
}

/// What changed is the caller's own, or what the rules judge.
fn require_own(
    world: &World,
    forged: &Forged,
    row: &Route,
    (before, after): (&State, &State),
    what: &dyn Fn() -> String,
) {
    let owner = forged.token.as_ref().and_then(|it| it.owner);
    let own = owner.map(|it| world.phones[it].person.id);
    let judged = ["/sync/v1/exchange", "/api/v1/quarantine/{item}"].contains(&row.path);
    let same = before.facts == after.facts && before.waiting == after.waiting;
    assert!(same || judged, "facts changed: {}", what());
    let others = |all: &BTreeSet<(PersonId, String)>| {
        all.iter().filter(|it| Some(it.0) != own).cloned().collect::<Vec<_>>()
    };
    assert!(others(&before.accounts) == others(&after.accounts), "accounts changed: {}", what());
    assert!(others(&before.devices) == others(&after.devices), "devices changed: {}", what());
    let password = row.path == "/api/v1/password";
    assert!(before.accounts == after.accounts || password, "an account changed: {}", what());
    assert!(
        before.devices == after.devices || row.path.starts_with("/api/v1/devices"),
        "devices changed: {}",
        what()
    );
}

/// Notes for the model what the server now holds.
fn took_over(world: &mut World, forged: &Forged, row: &Route, owner: Option<usize>, body: &[u8]) {
    let Some(owner) = owner else { return };
    let person = world.phones[owner].person.id;
    if row.judges
        && let Ok(decision) = serde_json::from_slice::<QuarantineDecision>(&forged.body)
        && decision.accept
    {
        world.model.acceptances.insert((person, world.now));
    }
    if row.method == "PUT"
        && let Ok(Uploaded { complete: true, .. }) = serde_json::from_slice(body)
    {
        let name = forged.path.rsplit('/').next().unwrap();
        let hash: BlobHash = name.replace("%3A", ":").parse().unwrap();
        let mut own = (0..HOSTILE_PHOTOS).map(|it| Digest::of(&hostile_photo(it)));
        let had = world.model.brought.contains(&(hash, person));
        assert!(had || own.any(|it| it == hash), "a photo that nobody here has was brought");
        world.model.brought.insert((hash, person));
    }
    if row.path.ends_with("/papers") && !body.is_empty() && world.papers.len() < 200 {
        let rows: Vec<PaperRow> = serde_json::from_slice(body).unwrap();
        let stream = forged.path.rsplit('/').nth(1).unwrap();
        let named = rows
            .iter()
            .map(|it| (stream.to_owned(), it.kind.name().to_owned(), it.fact.to_string()));
        world.papers.extend(named);
    }
    if row.path == "/sync/v1/exchange" {
        let plain = codec::unpack(body).unwrap();
        let response: Response = sync_core::cbor::from_slice(&plain).unwrap();
        assert!(!response.restart, "a new epoch began");
    }
}

/// A refusal is a problem with one of the codes that the route is described with.
fn require_described(
    forged: &Forged,
    row: Option<&Route>,
    (status, headers, body): (StatusCode, &HeaderMap, &[u8]),
    what: &dyn Fn() -> String,
) {
    // Small pictures are made one at a time by another process, which may be late.
    let late = status == StatusCode::SERVICE_UNAVAILABLE && forged.path.ends_with("/thumbnail");
    assert!(!status.is_server_error() || late, "{}", what());
    if forged.method == "HEAD" {
        return;
    }
    assert_eq!(headers["content-type"], problem::CONTENT_TYPE, "{}", what());
    let problem: Problem = serde_json::from_slice(body).unwrap();
    assert_eq!(problem.status, status.as_u16(), "{}", what());
    let nowhere = [Code::NotFound, Code::MethodNotAllowed];
    let described = row.map_or(nowhere.to_vec(), Route::refusals);
    assert!(described.contains(&problem.code), "a refusal of another route: {}", what());
}

/// Honest people sign in with their password and get on, whoever guessed at it meanwhile.
pub(crate) async fn honest_sign_in(world: &mut World) {
    let honest: Vec<usize> = (0..ACCOUNTS.len()).filter(|it| !ACCOUNTS[*it].hostile).collect();
    let who = world.dice.one(&honest);
    let body = serde_json::json!({ "username": cast::username(who), "password": cast::PASSWORD });
    let request = axum::http::Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .extension(ConnectInfo(cast::address(who)))
        .body(Body::from(body.to_string()))
        .unwrap();
    let (status, _, answer) = world.ask(request).await;
    assert!(status.is_success(), "{status} {}", String::from_utf8_lossy(&answer));
}
