//! The description of the interface is true: every answer that these tests get is held against it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};
use server::http::openapi;
use sync_core::act::Statement;
use sync_core::act::notice::DeadlineRecounted;
use sync_core::calendar::{Calendars, deadline};
use sync_core::domain::term::Term;
use sync_core::refusal::Code;
use sync_core::testing::builders::{NOTICE, blob, hazard_id};
use sync_core::testing::histories::{Dice, history};
use sync_core::testing::stages::{Stage, issued_on_site, numbers_requested, world_at};
use sync_core::wire::problem::Problem;

use crate::bad_input::{token_for, with_ids};
use crate::fitting::fitting;
use crate::world::{Answer, MORNING, Zone};

static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The validator of a schema, which may name schemas of the document.
fn validator(schema: &Value) -> Arc<Validator> {
    let mut all = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let made = all.entry(schema.to_string()).or_insert_with(|| {
        let mut schema = schema.clone();
        schema["components"] = DOCUMENT["components"].clone();
        Arc::new(jsonschema::draft202012::new(&schema).unwrap())
    });
    Arc::clone(made)
}

fn wrong(schema: &Value, value: &Value) -> Option<String> {
    let errors: Vec<_> = validator(schema)
        .iter_errors(value)
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    (!errors.is_empty()).then(|| errors.join("\n"))
}

fn matches(row: &str, path: &str) -> bool {
    if let Some((folder, _)) = row.split_once("{*") {
        return path.strip_prefix(folder).is_some_and(|rest| !rest.is_empty());
    }
    let (row, path): (Vec<_>, Vec<_>) = (row.split('/').collect(), path.split('/').collect());
    row.len() == path.len()
        && row
            .iter()
            .zip(&path)
            .all(|(row, given)| row == given || (row.starts_with('{') && !given.is_empty()))
}

/// The operation of a request; none for what is no route.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let exact = paths.get(path);
    let row = exact.or_else(|| paths.iter().find(|it| matches(it.0, path)).map(|it| it.1));
    row.and_then(|methods| methods.get(method))
}

/// What an answer has that the description does not say.
pub(crate) fn disagreement(method: &str, path: &str, answer: &Answer) -> Option<String> {
    let Some(operation) = operation(method, path) else {
        let code = serde_json::from_slice::<Problem>(&answer.body).ok().map(|it| it.code);
        let expected = matches!(code, Some(Code::NotFound | Code::MethodNotAllowed));
        return (!expected).then(|| format!("no route, but {}", answer.status));
    };
    let Some(response) = operation["responses"].get(answer.status.as_str()) else {
        return Some(format!("the status is not described: {}", answer.text()));
    };
    if method == "HEAD" || answer.body.is_empty() {
        return None;
    }
    let media = answer.headers["content-type"].to_str().unwrap();
    let content = response["content"].as_object()?;
    let described = content.get(media).or_else(|| content.get(media.split(';').next()?));
    let Some(described) = described.or_else(|| content.get("*/*")) else {
        return Some(format!("{media} is not described"));
    };
    let schema = described.get("schema")?;
    wrong(schema, &serde_json::from_slice(&answer.body).unwrap())
}

/// The body that a route takes; none if it is not JSON.
pub(crate) fn fitting_body(method: &str, path: &str) -> Option<Value> {
    let content = &operation(method, path)?["requestBody"]["content"];
    let schema = content.get("application/json")?.get("schema")?;
    let body = fitting(&DOCUMENT, schema);
    assert_eq!(wrong(schema, &body), None, "{body}");
    Some(body)
}

#[tokio::test]
async fn a_body_that_is_as_described_can_be_read_by_every_route() {
    let zone = Zone::open().await;
    let mut tried = 0;
    for row in server::http::matrix() {
        let Some(body) = fitting_body(row.method, row.path) else { continue };
        let path = with_ids(row.path);
        let token = token_for(&zone, row.access).await;
        let answer = zone.post(&path, &token, &body).await;
        if !answer.status.is_success() {
            assert_ne!(answer.problem().field.as_deref(), Some("body"), "{row:?} {body}");
        }
        tried += 1;
    }
    assert!(tried >= 7, "{tried}");
}

#[tokio::test]
async fn an_answer_that_is_not_as_described_is_noticed() {
    type Change = fn(&mut Value);
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    let mut answer = zone.get("/api/v1/me", &token).await;
    assert_eq!(disagreement("GET", "/api/v1/me", &answer), None);
    let person: Value = answer.read();
    let changes: [(&str, Change); 4] = [
        ("a field is missing", |it| drop(it.as_object_mut().unwrap().remove("name"))),
        ("a word that no role has", |it| it["role"] = json!("mayor")),
        ("a number where words belong", |it| it["name"] = json!(1)),
        ("an id of another form", |it| it["department"] = json!("应急")),
    ];
    for (what, change) in changes {
        let mut changed = person.clone();
        change(&mut changed);
        answer.body = changed.to_string().into_bytes();
        assert!(disagreement("GET", "/api/v1/me", &answer).is_some(), "{what}");
    }
    let mut refused = zone.get("/api/v1/me", "").await;
    assert_eq!(disagreement("GET", "/api/v1/me", &refused), None);
    let mut problem: Value = serde_json::from_slice(&refused.body).unwrap();
    problem["code"] = json!(Code::WrongPassword);
    refused.body = problem.to_string().into_bytes();
    assert!(disagreement("GET", "/api/v1/me", &refused).is_some(), "a code of another route");
    assert!(disagreement("GET", "/api/v1/other", &refused).is_some(), "no route");
}

#[test]
fn statements_of_many_histories_have_the_form_that_is_described() {
    let schema = json!({ "$ref": "#/components/schemas/Statement" });
    let mut seen = BTreeSet::new();
    let mut look = |statement: &Statement| {
        let value = serde_json::to_value(statement).unwrap();
        assert_eq!(wrong(&schema, &value), None, "{value}");
        seen.insert(statement.name());
    };
    let deadline = deadline::count(MORNING.date(), Term::working(50), &Calendars::default());
    look(&Statement::DeadlineRecounted(DeadlineRecounted {
        notice: NOTICE,
        hazard: hazard_id(1),
        assigned: blob("a deadline"),
        before: deadline.date,
        deadline,
    }));
    for stage in Stage::ALL {
        let world = world_at(*stage);
        look(&issued_on_site(&world));
        look(&numbers_requested(&world));
        for seed in 0..10 {
            for it in history(&mut Dice::new(seed), world_at(*stage)) {
                look(&it.fact.statement);
            }
        }
    }
    let unseen: Vec<_> =
        Statement::TITLES.iter().map(|it| it.0).filter(|name| !seen.contains(name)).collect();
    assert!(seen.contains("unknown") && unseen.len() < 9, "{unseen:?}");
}

#[test]
fn every_parameter_of_a_list_has_its_type_and_no_field_of_a_question_is_left_out() {
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().unwrap() {
                let schema = &parameter["schema"];
                let typed = ["type", "$ref", "enum"].iter().any(|it| schema.get(it).is_some());
                assert!(typed, "{path} {parameter}");
            }
        }
    }
    for row in server::http::matrix() {
        let named: BTreeSet<_> = row.query.iter().map(|it| it.0.to_owned()).collect();
        assert_eq!(openapi::asked(&row), named, "{row:?}");
    }
}
