//! What an enterprise can ask, made from the table of routes: a new route is asked, and one of which these questions get
//! nothing but refusals fails the test by its name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::bench::crowd::Member;
use serde_json::{Value, json};
use server::http::openapi;
use server::http::route::{Body, Route};
use sync_core::document::PaperRow;
use sync_core::id::{Digest, NoticeId};
use sync_core::wire::codec;

use super::asking::{Ask, By, Content, EXCHANGE};
use super::fitting::fitting;

/// Routes that end what the other questions need; they are asked at the end.
const ENDING: &[&str] = &["/api/v1/session/end"];
/// Parts of a file that can be asked for.
const RANGES: &[&str] = &["bytes=0-9", "bytes=-5", "bytes=7-", "bytes=9999999-", "bytes=0-0,5-6"];
/// Forms of a paper.
const FORMS: &[&str] = &[
    "",
    "?in_json=true",
    "?canonical=true",
    "?canonical=true&in_json=true",
    "?edition=1",
    "?edition=2",
    "?edition=3",
    "?edition=1&canonical=true",
];

/// What the enterprise knows, and what it could have got hold of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Ids: its own, and those of what exists in the busy world alone.
    pub ids: Vec<String>,
    /// Digests: of photos and papers, its own and others.
    pub digests: Vec<String>,
    /// Its photos.
    pub photos: Vec<Digest>,
    /// Its papers.
    pub papers: Vec<(NoticeId, PaperRow)>,
}

impl Known {
    /// Values for a parameter of a path.
    fn values(&self, name: &str) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
        match name {
            "hash" => self.digests.clone(),
            "item" => [&self.digests[..], &self.ids].concat(),
            "kind" => words(&["rectification_notice", "inspection_plan", "extension", "no_paper"]),
            "name" => words(&["weekly", "overdue", "number_ledger", "no_report"]),
            "*file" => words(&["index.html", "assets/nothing.js"]),
            _ => self.ids.clone(),
        }
    }

    /// Paths of a row: each value of each parameter stands in one of them.
    fn paths(&self, row: &Route) -> Vec<String> {
        let parts: Vec<(&str, Vec<String>)> = row
            .path
            .split('/')
            .map(|part| match part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                Some(name) => (part, self.values(name)),
                None => (part, vec![part.to_owned()]),
            })
            .collect();
        let most = parts.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
        let nth = |n: usize| {
            let value = |(part, values): &(&str, Vec<String>)| match values.len() {
                0 => panic!("no value for {part} of {row:?}"),
                many => values[n % many].clone(),
            };
            parts.iter().map(value).collect::<Vec<_>>().join("/")
        };
        (0..most).map(nth).collect()
    }

    /// Every question that changes nothing which another one needs.
    pub(crate) fn questions(&self, member: &Member) -> Vec<Ask> {
        let document = openapi::document();
        let plain = server::http::matrix().into_iter().filter(|row| !ENDING.contains(&row.path));
        let mut asks: Vec<Ask> =
            plain.flat_map(|row| self.of_row(&row, &document, member)).collect();
        asks.push(Ask::new("GET", "/nothing", "/nothing"));
        for (notice, row) in &self.papers {
            let of =
                format!("/api/v1/cases/notice/{notice}/papers/{}/{}", row.kind.name(), row.fact);
            let route = "/api/v1/cases/notice/{id}/papers/{kind}/{hash}";
            asks.extend(FORMS.iter().map(|form| Ask::new("GET", route, format!("{of}{form}"))));
        }
        let route = "/sync/v1/blobs/{hash}";
        for photo in &self.photos {
            let part = |range| {
                let ask = Ask::new("GET", route, format!("/sync/v1/blobs/{photo}"));
                Ask { range: Some(range), ..ask }
            };
            asks.extend(RANGES.iter().map(|range| part(*range)));
        }
        asks
    }

    /// A row with each value of each parameter of its path and its query, under its own and under other methods.
    fn of_row(&self, row: &Route, document: &Value, member: &Member) -> Vec<Ask> {
        let content = match row.request {
            Body::Json(_) => Content::Json(fitting_body(row, document)),
            Body::Bytes(kind) if row.path == EXCHANGE => {
                Content::Bytes(kind, member.request(&[], Vec::new()))
            }
            Body::Bytes(kind) => Content::Bytes(kind, Vec::new()),
            Body::Nothing => Content::Nothing,
        };
        let ask = |method, path: String| {
            let ask = Ask::new(method, row.path, path);
            Ask { content: content.clone(), ..ask }
        };
        let paths = self.paths(row);
        let mut asks: Vec<Ask> = paths.iter().map(|path| ask(row.method, path.clone())).collect();
        let Some(first) = paths.first() else { return asks };
        asks.push(ask(row.method, first.clone()).by(By::Nobody));
        asks.extend(["OPTIONS", "DELETE"].map(|method| ask(method, first.clone())));
        if row.method == "GET" {
            asks.extend(paths.iter().map(|path| ask("HEAD", path.clone())));
        }
        for (name, _) in row.query {
            for value in ["1", "true", "0", "csv", "2026-11-23", "9999999"] {
                asks.push(ask(row.method, format!("{first}?{name}={value}")));
            }
        }
        // Each challenge is another one, and is learnt, so that it is not compared.
        if row.path == "/api/v1/devices/challenge" {
            let learnt = |it: Ask| if it.is_challenge() { it.learns(CHALLENGE) } else { it };
            asks = asks.into_iter().map(learnt).collect();
        }
        asks
    }
}

const CHALLENGE: &[(&str, &str)] = &[("challenge", "/challenge")];

impl Ask {
    fn is_challenge(&self) -> bool {
        self.method == "POST" && matches!(self.by, By::Enterprise)
    }
}

/// A body that a route takes, by its description.
fn fitting_body(row: &Route, document: &Value) -> String {
    let operation = &document["paths"][row.path][row.method.to_lowercase()];
    fitting(document, &operation["requestBody"]["content"]["application/json"]["schema"])
        .to_string()
}

/// What changes the enterprise's own sessions, devices and password, in this order. `name` and `password` are its own,
/// `others` are account names and devices of people who exist in the busy world alone.
pub(crate) fn endings(
    (name, password): (&str, &str),
    old_session: &str,
    others: &[String],
    devices: &[String],
) -> Vec<Ask> {
    const SESSION: &str = "/api/v1/session";
    const RENEWAL: &str = "/api/v1/session/refresh";
    const GIVEN: &[(&str, &str)] = &[("access", "/access_token"), ("refresh", "/refresh_token")];
    const LISTED: &[(&str, &str)] = &[("session", "/0/id")];
    const DEVICE: &[(&str, &str)] = &[("device", "/device/id"), ("certificate", "/certificate")];
    let with = By::With("access");
    let post = |route| Ask::new("POST", route, route).by(with);
    let sign_in = |name: &str, password: &str| {
        let body = json!({ "username": name, "password": password });
        Ask::new("POST", SESSION, SESSION).by(By::Nobody).json(&body)
    };
    let mut asks: Vec<Ask> = others.iter().map(|it| sign_in(it, "猜一个口令试试看")).collect();
    asks.push(sign_in(name, "猜一个口令试试看"));
    asks.push(sign_in(name, password).learns(GIVEN));
    for device in devices {
        let proof = json!({ "device": device, "signature": URL_SAFE_NO_PAD.encode([0; 64]) });
        let body = json!({ "refresh_token": "«refresh»", "proof": proof });
        asks.push(Ask::new("POST", RENEWAL, RENEWAL).by(By::Nobody).json(&body).learns(GIVEN));
    }
    let renewal = Ask::new("POST", RENEWAL, RENEWAL).by(By::Nobody);
    asks.push(renewal.json(&json!({ "refresh_token": "«refresh»" })).learns(GIVEN));
    let of_session = "/api/v1/sessions/{session}/end";
    asks.push(Ask::new("POST", of_session, format!("/api/v1/sessions/{old_session}/end")).by(with));
    asks.push(Ask::new("GET", "/api/v1/sessions", "/api/v1/sessions").by(with).learns(LISTED));
    asks.push(post("/api/v1/devices/challenge").learns(CHALLENGE));
    let enrolment = Content::Enrolment([9; 32]);
    asks.push(Ask { content: enrolment.clone(), ..post("/api/v1/devices").learns(DEVICE) });
    asks.push(Ask { content: enrolment, ..post("/api/v1/devices") });
    let of_device = "/api/v1/devices/{device}/revoke";
    let body = json!({ "from": 1, "reason": "手机遗失" });
    let revoked = Ask::new("POST", of_device, "/api/v1/devices/«device»/revoke").by(with);
    asks.push(revoked.json(&body));
    asks.push(sign_in(name, password).learns(GIVEN));
    let changed = json!({ "old": password, "new": "另一个足够长的新口令" });
    asks.push(post("/api/v1/password").json(&changed));
    asks.push(Ask::new("GET", "/api/v1/me", "/api/v1/me").by(with));
    asks.push(post("/api/v1/session/end").by(By::Nobody));
    asks.push(post("/api/v1/session/end").learns(&[("session", "/session")]));
    asks.push(Ask::new("GET", "/api/v1/me", "/api/v1/me").by(with));
    asks
}

/// A file that is brought: a part of it that begins too far, one that is no picture, all of it, and all of it again.
pub(crate) fn brought(photo: &[u8]) -> Vec<Ask> {
    let put = |at: usize, bytes: Vec<u8>| {
        let path = format!("/sync/v1/blobs/{}?offset={at}", Digest::of(photo));
        let ask = Ask::new("PUT", "/sync/v1/blobs/{hash}", path);
        Ask { content: Content::Bytes("application/octet-stream", bytes), ..ask }
    };
    let wrong: Vec<u8> = photo.iter().rev().copied().collect();
    let head = || {
        let path = format!("/sync/v1/blobs/{}", Digest::of(photo));
        ["HEAD", "GET"].map(|method| Ask::new(method, "/sync/v1/blobs/{hash}", path.clone()))
    };
    let small = || {
        let path = format!("/sync/v1/blobs/{}/thumbnail", Digest::of(photo));
        Ask::new("GET", "/sync/v1/blobs/{hash}/thumbnail", path)
    };
    let mut asks = head().to_vec();
    asks.push(small());
    asks.extend([put(photo.len() - 3, vec![1; 3]), put(0, wrong)]);
    asks.push(put(0, photo[..100].to_vec()));
    asks.extend(head());
    asks.extend([put(100, photo[100..].to_vec()), put(0, photo.to_vec()), put(0, Vec::new())]);
    asks.extend(head());
    asks.push(small());
    asks
}

/// A packed request as it stands.
pub(crate) fn exchange(packed: Vec<u8>) -> Ask {
    let content = Content::Bytes(codec::CONTENT_TYPE, packed);
    Ask { content, ..Ask::new("POST", EXCHANGE, EXCHANGE) }
}
