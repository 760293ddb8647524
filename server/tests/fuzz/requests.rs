//! Requests as a changed client makes them: any route as it is asked, with mutations of method, path, question, body, its
//! type and size, headers and token.

use std::sync::LazyLock;

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use server::auth::tokens::ACCESS_MS;
use server::http::{self, openapi, route::Body as Brought, route::Route};
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, InspectionId};
use sync_core::ledger::stream::StreamKind;
use sync_core::testing::histories::Dice;
use sync_core::wire::codec;

use super::cast::{ACCOUNTS, PASSWORD, enterprise, username};
use super::fitting::fitting;
use super::forge::{self, HOSTILE_PHOTOS, KINDS, Known, hostile_photo};
use super::world::World;

/// Every route with the JSON that it takes.
pub(crate) static ROWS: LazyLock<Vec<(Route, Option<Value>)>> = LazyLock::new(|| {
    let document = openapi::document();
    let body = |row: &Route| {
        let operation = &document["paths"][row.path][row.method.to_lowercase()];
        let schema = operation["requestBody"]["content"].get("application/json")?.get("schema")?;
        Some(fitting(&document, schema))
    };
    http::matrix().into_iter().map(|row| (row, body(&row))).collect()
});

/// A token and whom it is given for, if it is one at all.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) owner: Option<usize>,
    pub(crate) only_password: bool,
}

/// A request on its way to be sent.
pub(crate) struct Forged {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<String>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    pub(crate) token: Option<Token>,
}

fn some(dice: &mut Dice, among: &[&str]) -> String {
    dice.one(among).to_owned()
}

fn token(world: &World, owner: usize) -> Token {
    let text = world.token(owner, world.now, false);
    Token { text, owner: Some(owner), only_password: false }
}

/// A request to a route with some mutations; without any it is as the account may make it, or somebody else.
pub(crate) fn forge(
    world: &mut World,
    dice: &mut Dice,
    known: &Known,
    who: usize,
    mutations: usize,
) -> Forged {
    let (row, fits) = &ROWS[dice.below(ROWS.len())];
    let may = |at: &usize| {
        let role = world.phones[*at].person.role;
        ACCOUNTS[*at].hostile && row.access.allows(Some(role))
    };
    let allowed: Vec<usize> = (0..ACCOUNTS.len()).filter(may).collect();
    let who = if allowed.is_empty() || dice.below(4) == 0 { who } else { dice.one(&allowed) };
    let mut forged = Forged {
        method: row.method.to_owned(),
        path: filled(row.path, dice, (world, known, who)),
        query: Vec::new(),
        headers: Vec::new(),
        body: Vec::new(),
        token: Some(token(world, who)),
    };
    match row.request {
        Brought::Nothing => {}
        Brought::Json(_) => {
            let body = fits.as_ref().map(|body| plausible(body, dice, known, world));
            forged.body = serde_json::to_vec(&body).unwrap();
            forged.headers.push(("content-type".to_owned(), b"application/json".to_vec()));
        }
        Brought::Bytes(media) => {
            forged.headers.push(("content-type".to_owned(), media.as_bytes().to_vec()));
            if media == codec::CONTENT_TYPE {
                forged.body = exchange(world, dice, known, who);
            } else {
                forged.body = hostile_photo(dice.below(HOSTILE_PHOTOS));
                let whole = Digest::of(&forged.body).to_string();
                forged.path = row.path.replace("{hash}", &whole);
            }
        }
    }
    for _ in 0..mutations {
        mutate(&mut forged, row, dice, (world, known, who));
    }
    forged
}

/// An exchange of one of the devices, with a few forged facts.
fn exchange(world: &mut World, dice: &mut Dice, known: &Known, who: usize) -> Vec<u8> {
    let count = dice.below(4);
    let facts = (0..count).map(|_| {
        let (kind, mutations) = (dice.below(KINDS), dice.below(3));
        forge::forge(world, dice, known, who, kind, mutations)
    });
    let facts = facts.collect();
    codec::pack(&world.phones[who].request(facts, Vec::new()))
}

/// A path whose parameters are names of something.
fn filled(path: &str, dice: &mut Dice, (world, known, who): (&World, &Known, usize)) -> String {
    let own = dice.below(3) == 0;
    let id = known.ids[dice.below(known.ids.len())];
    let text =
        |own_id: [u8; 16]| InspectionId::from_bytes(if own { own_id } else { id }).to_string();
    let person = text(*world.phones[who].person.id.as_bytes());
    let (device, session) = (text(*world.phones[who].device.as_bytes()), text(world.family(who)));
    if let Some((folder, _)) = path.split_once("/papers/{kind}")
        && let Some((stream, kind, digest)) =
            world.papers.get(dice.below(world.papers.len().max(1)))
    {
        return format!("{}/papers/{kind}/{digest}", folder.replace("{id}", stream));
    }
    let kind = if path.contains("/notice/") { StreamKind::Notice } else { StreamKind::Inspection };
    let streams: Vec<_> = known.streams.iter().filter(|it| it.kind == kind).collect();
    let id = match streams.len() {
        0 => device.clone(),
        some => streams[dice.below(some)].id.to_string(),
    };
    let digest = || known.digests.len();
    let (hash, item) = (dice.below(digest()), dice.below(digest()));
    let paper = PaperKind::ALL[dice.below(PaperKind::ALL.len())].name();
    path.replace("{id}", &id)
        .replace("{device}", &device)
        .replace("{person}", &person)
        .replace("{session}", &session)
        .replace("{hash}", &known.digests[hash].to_string())
        .replace("{item}", &known.digests[item].to_string())
        .replace("{kind}", paper)
        .replace("{name}", dice.one(&["weekly", "overdue", "number_ledger"]))
        .replace("{*file}", "index.html")
}

/// JSON of the right form with words that mean something here.
fn plausible(body: &Value, dice: &mut Dice, known: &Known, world: &World) -> Value {
    let mut body = body.clone();
    let Some(fields) = body.as_object_mut() else { return body };
    let someone = dice.below(ACCOUNTS.len());
    for (name, value) in fields {
        match name.as_str() {
            "username" => *value = json!(username(someone)),
            // Guesses cost time: few are right, some are made at all.
            "password" => *value = json!(some(dice, &[PASSWORD, "wrong password"])),
            "old" => *value = json!(PASSWORD),
            "new" => *value = json!("another horse in the rain"),
            "reason" => *value = json!("已核实"),
            "from" => *value = json!(world.now.as_millis()),
            "accept" => *value = json!(dice.below(2) == 0),
            "department" => *value = json!("yingji"),
            "enterprise" => *value = json!(enterprise(1)),
            "challenge" => *value = json!(Digest::of(known.facts.concat().as_slice())),
            _ => {}
        }
    }
    body
}

fn mutate(
    forged: &mut Forged,
    row: &Route,
    dice: &mut Dice,
    (world, known, who): (&World, &Known, usize),
) {
    match dice.below(16) {
        0 => {
            let methods =
                ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"];
            forged.method = some(dice, &methods);
        }
        1 => forged.path = filled(row.path, dice, (world, known, who)),
        2 => bend(forged, dice),
        3 | 4 => forged.query.push(question(dice, known)),
        5 | 6 => field(forged, dice),
        7 => damaged(forged, row, dice),
        8 => {
            let media = ["text/plain", "application/json; charset=gbk", "multipart/form-data", ""];
            let media = some(dice, &media);
            forged.headers.retain(|it| it.0 != "content-type");
            forged.headers.push(("content-type".to_owned(), media.into_bytes()));
        }
        9 | 10 => headers(forged, world, dice),
        _ => forged.token = tokens(forged.token.take(), world, dice),
    }
}

/// A path that is not written as the table has it.
fn bend(forged: &mut Forged, dice: &mut Dice) {
    let path = forged.path.clone();
    forged.path = match dice.below(9) {
        0 => format!("{path}/"),
        1 => path.replace('/', "//"),
        2 => path.to_uppercase(),
        3 => path.replacen("/v1", "/v2", 1),
        4 => format!("{path}%2f..%2f..%2fserver.secret"),
        5 => format!("{path}%00"),
        6 => format!("{path}%ff%fe"),
        7 => format!("{path}{}", "a".repeat(5_000)),
        _ => format!("/app/..%2f..%2f{}", path.trim_start_matches('/')),
    };
}

/// A parameter of a question, known or not.
fn question(dice: &mut Dice, known: &Known) -> String {
    let digest = known.digests[dice.below(known.digests.len())];
    let cursors = format!("after={digest}");
    let asked = [
        "text=SECRET",
        "text=%27%20OR%201%3D1%20--",
        "limit=500",
        "limit=-1",
        "limit=99999999999999999999",
        "judged=true",
        "format=csv",
        "format=xlsx",
        "in_json=true",
        "in_json=maybe",
        "day=2026-11-23",
        "at=9999-12-31",
        "offset=0",
        "offset=7",
        "offset=18446744073709551615",
        "street=370402001",
        "department=xiaofang",
        "overdue=true",
        "due_within=-5",
        "state=served",
        "grade=major",
        "%00=%ff",
        "unknown=1",
        &cursors,
    ];
    some(dice, &asked)
}

/// A field of the JSON with another value, without it, or twice.
fn field(forged: &mut Forged, dice: &mut Dice) {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(&forged.body) else {
        forged.body = b"{\"accept\":true,\"reason\":\"\"}".to_vec();
        return;
    };
    let names: Vec<String> = fields.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    let name = names[dice.below(names.len())].clone();
    let value = match dice.below(9) {
        0 => json!(null),
        1 => json!({ "no": ["such", "type"] }),
        2 => json!(-1),
        3 => json!("长".repeat(9_000)),
        4 => json!("\u{200b}\u{202e}"),
        5 => json!(1e300),
        6 => json!("administrator"),
        7 => json!("a\u{0}b"),
        _ => {
            fields.remove(&name);
            forged.body = serde_json::to_vec(&fields).unwrap();
            return;
        }
    };
    fields.insert(name, value);
    forged.body = serde_json::to_vec(&fields).unwrap();
}

/// A body that is torn, turned over, or too large.
fn damaged(forged: &mut Forged, row: &Route, dice: &mut Dice) {
    let len = forged.body.len();
    match dice.below(6) {
        0 => forged.body.clear(),
        1 if len > 0 => forged.body.truncate(dice.below(len)),
        2 if len > 0 => forged.body[dice.below(len)] ^= 1 << dice.below(8),
        3 => forged.body = b"[".repeat(10_000),
        4 => forged.body = vec![b' '; (row.body_limit + 1).min(1 << 20)],
        _ => forged.body.extend_from_slice(b"{}"),
    }
}

/// A header that says something else, or more.
fn headers(forged: &mut Forged, world: &World, dice: &mut Dice) {
    let someone = dice.below(ACCOUNTS.len());
    let own = forged.token.as_ref().map_or(String::new(), |it| it.text.clone());
    let (name, value) = match dice.below(10) {
        0 => ("range", b"bytes=0-".to_vec()),
        1 => ("range", b"bytes=18446744073709551615-, 5-1, -0".to_vec()),
        2 => ("x-forwarded-for", format!("10.0.0.{someone}").into_bytes()),
        3 => ("content-encoding", b"gzip".to_vec()),
        4 => ("accept", b"text/html".to_vec()),
        5 => ("if-none-match", b"*".to_vec()),
        6 => ("x-http-method-override", b"DELETE".to_vec()),
        7 => ("cookie", format!("token={own}").into_bytes()),
        8 => ("content-length", b"0".to_vec()),
        _ => ("x-person", world.phones[someone].person.id.to_string().into_bytes()),
    };
    forged.headers.push((name.to_owned(), value));
}

/// Another token: none, somebody else's of those who run a changed client, one of anybody that is over, not yet valid,
/// torn, put together from two, of a session that ended, or without a signature.
fn tokens(before: Option<Token>, world: &World, dice: &mut Dice) -> Option<Token> {
    let anyone = dice.below(ACCOUNTS.len());
    let hostile: Vec<usize> = (0..ACCOUNTS.len()).filter(|it| ACCOUNTS[*it].hostile).collect();
    let theirs = world.token(anyone, world.now, false);
    let nobodys = |text: String| Some(Token { text, owner: None, only_password: false });
    match dice.below(10) {
        0 => None,
        1 => Some(token(world, dice.one(&hostile))),
        2 => nobodys(world.token(anyone, world.now.plus_millis(-ACCESS_MS), false)),
        3 => nobodys(world.token(anyone, world.now.plus_millis(60_000), false)),
        4 => {
            let at = dice.below(theirs.len());
            let other = if theirs.as_bytes()[at] == b'A' { "B" } else { "A" };
            nobodys(format!("{}{other}{}", &theirs[..at], &theirs[at + 1..]))
        }
        5 => nobodys(theirs[..dice.below(theirs.len())].to_owned()),
        6 => {
            let own = before.map_or(String::new(), |it| it.text);
            let (said, _) = theirs.rsplit_once('.').unwrap();
            let signed = own.rsplit_once('.').map_or("", |it| it.1);
            // What was torn before may fit together again.
            let joined = format!("{said}.{signed}");
            (joined != theirs).then_some(joined).and_then(nobodys)
        }
        7 => {
            let none = URL_SAFE_NO_PAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
            let said = theirs.split('.').nth(1).unwrap();
            nobodys(format!("{none}.{said}."))
        }
        8 => {
            let owner = dice.one(&hostile);
            let text = world.token(owner, world.now, true);
            Some(Token { text, owner: Some(owner), only_password: true })
        }
        _ => nobodys(world.ended_token(anyone)),
    }
}

impl Forged {
    /// The request as it is sent; none where nobody could write it down.
    pub(crate) fn request(&self) -> Option<axum::http::request::Builder> {
        let query = if self.query.is_empty() {
            String::new()
        } else {
            format!("?{}", self.query.join("&"))
        };
        let method = axum::http::Method::from_bytes(self.method.as_bytes()).ok()?;
        let uri: axum::http::Uri = format!("{}{query}", self.path).parse().ok()?;
        let mut request = axum::http::Request::builder().method(method).uri(uri);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.text));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value.as_slice());
        }
        Some(request)
    }
}
