//! How everything stands, as JSON: what `expected.json` of a stored folder is compared with.

use device::ItemState;
use serde_json::{Map, Value, json};

use crate::office::OfficeClient;
use crate::phone::Phone;

/// What is compared of the status of a hazard.
const STATUS: [&str; 7] =
    ["state", "grade", "overdue", "days_left", "extension_pending", "round", "escalation"];

/// The value at a path; null where there is none.
fn at(value: &Value, path: &str) -> Value {
    value.pointer(path).cloned().unwrap_or_default()
}

/// The identifier at a path, as a name.
fn id(value: &Value, path: &str) -> String {
    at(value, path).as_str().unwrap_or_default().to_owned()
}

/// The compared part of a hazard's status, with the last day of its deadline.
fn status(status: &Value) -> Value {
    let mut known: Map<String, Value> =
        STATUS.iter().map(|key| ((*key).to_owned(), at(status, &format!("/{key}")))).collect();
    known.insert("deadline".to_owned(), at(status, "/deadline/date"));
    Value::Object(known)
}

fn hazards(rows: &Value) -> Value {
    let rows = rows.as_array().into_iter().flatten();
    let named = rows.map(|row| (id(row, "/hazard"), status(&at(row, "/status"))));
    Value::Object(named.collect())
}

/// Visits with their states, notices with the status of each hazard, as a device shows them, and what it
/// has not delivered.
///
/// # Errors
/// What the device refuses, or JSON that cannot be written.
pub fn on_phone(phone: &Phone) -> Result<Value, Box<dyn std::error::Error>> {
    let tasks = serde_json::to_value(phone.device.tasks()?)?;
    let inspections = tasks
        .as_array()
        .into_iter()
        .flatten()
        .map(|task| (id(task, "/plan/inspection"), at(task, "/state")));
    let views = serde_json::to_value(phone.device.notices()?)?;
    let notices = views
        .as_array()
        .into_iter()
        .flatten()
        .map(|view| (id(view, "/notice/id"), hazards(&at(view, "/hazards"))));
    let outbox = phone.device.outbox()?;
    let here = |state: &ItemState| *state == ItemState::OnlyHere;
    Ok(json!({
        "inspections": Value::Object(inspections.collect()),
        "notices": Value::Object(notices.collect()),
        "unsent_records": outbox.records.iter().filter(|it| here(&it.state)).count(),
        "unsent_files": outbox.files.iter().filter(|it| here(&it.state)).count(),
        "own_records": outbox.records.len(),
        "own_files": outbox.files.len(),
    }))
}

/// The state of each case, named as `inspection/ID` or `notice/ID`, and of each of its hazards, as the server
/// answers a desk.
#[must_use]
pub fn at_server<'c>(office: &OfficeClient, cases: impl Iterator<Item = &'c str>) -> Value {
    let rows = cases.map(|case| {
        let answer = office.get(&format!("/api/v1/cases/{case}")).json;
        let state = at(&answer, "/state");
        let shown = json!({"state": state, "hazards": hazards(&at(&answer, "/hazards"))});
        (case.to_owned(), shown)
    });
    Value::Object(rows.collect())
}
