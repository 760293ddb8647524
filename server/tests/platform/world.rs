//! A small zone: one account for each role, a standing clock, a server on a free port.

use std::collections::HashMap;
use std::path::Path;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::clock::ServerClock;
use server::start::{self, Options, Running};
use server::usecase::seed;
use sync_core::domain::account::{Person, Role};
use sync_core::refusal::Code;
use sync_core::time::Timestamp;
use sync_core::wire::api::{Session, SignIn};
use sync_core::wire::problem::{self, Problem};

use crate::description;

/// 2026-11-23 09:00 in Beijing.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_795_395_600_000);
pub(crate) const MINUTE: i64 = 60_000;

pub(crate) const ENTERPRISE: &str = "80014516-ac6d-4917-9684-6181aabb7d7f";
const NEIGHBOUR: &str = "0af21daf-56b4-44b1-a1aa-2e7b6a2b0e37";

/// Account name, role, department, enterprise. The first nine are one account for each role, the
/// enterprise and its neighbour included.
const PEOPLE: &[(&str, &str, Option<&str>, Option<&str>)] = &[
    ("inspector", "inspector", Some("yingji"), None),
    ("assistant", "assistant", Some("yingji"), None),
    ("expert", "expert", None, None),
    ("supervisor", "supervisor", Some("yingji"), None),
    ("coordinator", "coordinator", Some("anweiban"), None),
    ("enterprise", "enterprise", None, Some(ENTERPRISE)),
    ("administrator", "administrator", None, None),
    ("auditor", "auditor", None, None),
    ("neighbour", "enterprise", None, Some(NEIGHBOUR)),
    ("second", "inspector", Some("yingji"), None),
    ("stranger", "inspector", Some("xiaofang"), None),
];

/// The account name of a role.
pub(crate) fn of_role(role: Role) -> &'static str {
    let name = serde_json::to_value(role).unwrap();
    PEOPLE.iter().find(|person| name == person.1).unwrap().0
}

fn town() -> Value {
    let people: Vec<Value> = PEOPLE
        .iter()
        .enumerate()
        .map(|(number, (username, role, department, enterprise))| {
            let certificate = (*role == "inspector").then(|| format!("1504DEM{number:04}"));
            json!({
                "id": format!("2dd686dc-2237-47cd-b6e2-{number:012}"),
                "username": username, "name": format!("人员{number}"), "role": role,
                "department": department, "enterprise": enterprise, "certificate": certificate,
                "from": 0, "revoked_at": null,
            })
        })
        .collect();
    let enterprise = |id: &str, name: &str| {
        json!({
            "id": id, "name": name, "credit_code": null, "street": "370403003",
            "sectors": ["GM"], "address": "复元三路 18 号", "principal": "王某",
            "risk_class": "C", "position": null,
        })
    };
    json!({
        "version": "2026-11-23",
        "streets": [{ "code": "370403003", "name": "兴城街道" }],
        "departments": [
            { "id": "yingji", "name": "区应急管理局", "enforcement": true, "series": ["枣高", "应急责改"] },
            { "id": "xiaofang", "name": "区消防救援大队", "enforcement": true, "series": ["枣高", "消防责改"] },
            { "id": "anweiban", "name": "区安委办", "enforcement": false, "series": null },
        ],
        "enterprises": [enterprise(ENTERPRISE, "锂电池有限公司"), enterprise(NEIGHBOUR, "新能源有限公司")],
        "people": people,
    })
}

pub(crate) fn write_zone(folder: &Path) {
    for name in ["towns", "checklists", "laws", "calendars"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    std::fs::write(folder.join("towns/zaozhuang.json"), town().to_string()).unwrap();
    write_forms(&folder.join("papers"));
}

/// The forms of papers that come with the product, for the departments and without the laws of this zone.
fn write_forms(folder: &Path) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/papers");
    std::fs::create_dir_all(folder.join("templates")).unwrap();
    let departments = town()["departments"].as_array().unwrap().clone();
    let is_here = |id: &Value| id.is_null() || departments.iter().any(|it| it["id"] == *id);
    let copy = |name: &Path| {
        let text = std::fs::read_to_string(shipped.join(name)).unwrap();
        let mut rows: Vec<Value> = serde_json::from_str(&text).unwrap();
        rows.retain(|row| is_here(&row["department"]));
        let passages = rows.iter_mut().filter_map(|row| row.get_mut("passages")?.as_array_mut());
        for passage in passages.flatten() {
            passage.as_object_mut().unwrap().remove("basis");
        }
        std::fs::write(folder.join(name), serde_json::to_string(&rows).unwrap()).unwrap();
    };
    copy(Path::new("organs.json"));
    copy(Path::new("counting.json"));
    for entry in std::fs::read_dir(shipped.join("templates")).unwrap() {
        copy(&Path::new("templates").join(entry.unwrap().file_name()));
    }
}

/// A server with its people.
pub(crate) struct Zone {
    pub(crate) running: Running,
    pub(crate) clock: ServerClock,
    pub(crate) folder: tempfile::TempDir,
    passwords: HashMap<String, String>,
    client: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The problem, with the form that every problem has.
    pub(crate) fn problem(&self) -> Problem {
        assert!(!self.status.is_success(), "{} {}", self.status, self.text());
        assert_eq!(self.headers["content-type"], problem::CONTENT_TYPE, "{}", self.text());
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        problem
    }

    pub(crate) fn code(&self) -> Code {
        self.problem().code
    }
}

impl Zone {
    pub(crate) async fn open() -> Self {
        Self::with(|_| ()).await
    }

    /// A zone whose server is started with other options.
    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_zone(&folder.path().join("zone"));
        crate::database::choose(&folder.path().join("data"));
        let seeded =
            seed::run(&folder.path().join("data"), &folder.path().join("zone")).await.unwrap();
        assert_eq!(seeded.refused, []);
        let passwords = seeded.accounts.into_iter().map(|it| (it.username, it.password)).collect();
        let clock = ServerClock::standing_at(MORNING);
        let running = serve(folder.path(), &clock, change).await;
        Self { running, clock, folder, passwords, client: reqwest::Client::new() }
    }

    /// Stops the server and starts it again over the same data.
    pub(crate) async fn restart(self) -> Self {
        self.running.stop().await;
        Self { running: serve(self.folder.path(), &self.clock, |_| ()).await, ..self }
    }

    pub(crate) fn later(&self, millis: i64) {
        self.clock.set(self.clock.now().plus_millis(millis));
    }

    pub(crate) fn password(&self, name: &str) -> &str {
        &self.passwords[name]
    }

    pub(crate) fn person(&self, name: &str) -> Person {
        let number = PEOPLE.iter().position(|person| person.0 == name).unwrap();
        let id = format!("2dd686dc-2237-47cd-b6e2-{number:012}").parse().unwrap();
        self.running.app.shared.directory.snapshot().persons[&id].clone()
    }

    pub(crate) fn request(&self, method: &str, path: &str, token: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("http://{}{path}", self.running.address));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        send(self.request("GET", path, token)).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &impl Serialize) -> Answer {
        send(self.request("POST", path, token).json(body)).await
    }

    pub(crate) async fn try_sign_in(&self, username: &str, password: &str) -> Answer {
        let body = SignIn { username: username.to_owned(), password: password.to_owned() };
        self.post("/api/v1/session", "", &body).await
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Session {
        self.try_sign_in(name, self.password(name)).await.read()
    }

    /// An access token of this account.
    pub(crate) async fn token(&self, name: &str) -> String {
        self.sign_in(name).await.access_token
    }
}

async fn serve(folder: &Path, clock: &ServerClock, change: impl FnOnce(&mut Options)) -> Running {
    let mut options = Options::new(folder.join("data"), "127.0.0.1:0".parse().unwrap());
    options.clock = clock.clone();
    change(&mut options);
    start::start(options).await.unwrap()
}

/// What a request is answered, which is as the description says.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let method = request.method().to_string();
    let response = client.execute(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let path = response.url().path().to_owned();
    let answer = Answer { status, headers, body: response.bytes().await.unwrap().to_vec() };
    let disagreement = description::disagreement(&method, &path, &answer);
    assert_eq!(disagreement, None, "{method} {path} {status}");
    answer
}
