//! The rules give what `fixtures/vectors` says: `gates.json`, `status.json`, `numbering.json`,
//! `merge_policy.json`, `deadlines.json`, `credit_codes.json`. `ZHICHA_VECTORS` names another folder of them.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test whose table cannot be read has to stop"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sync_core::rules::merge_policy;
use sync_core::testing::builders::hazard_id;
use sync_core::vectors::{Book, Question};

fn fixtures() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../fixtures")
}

fn file(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|_| panic!("{}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

fn vectors(name: &str) -> Value {
    let folder = std::env::var_os("ZHICHA_VECTORS");
    let folder = folder.map_or_else(|| fixtures().join("vectors"), PathBuf::from);
    file(&folder.join(format!("{name}.json")))
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("the serde form")
}

fn book(tables: &Value) -> Book {
    Book::read(read(tables)).expect("tables")
}

/// Asks each question and compares with the answer beside it.
fn same(book: &Book, rows: Vec<(Value, Value)>, least: usize) {
    let (mut wrong, count) = (Vec::new(), rows.len());
    for (question, expected) in rows {
        let answer = book.answer(&read::<Question>(&question)).expect("known to the tables");
        if json!(answer) != expected {
            wrong.push(format!("{question}: {}, not {expected}", json!(answer)));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= least, "{count}");
}

/// A question with fields of a row.
fn question(ask: &str, row: &Value, names: &[&str]) -> Value {
    json!({ask: fields(row, names)})
}

fn fields(row: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), row[name].clone())).collect()
}

#[test]
fn gates_answer_every_role_statement_and_stage_as_the_table_says() {
    let file = vectors("gates");
    let (book, mut rows) = (book(&file), Vec::new());
    for cell in file["cells"].as_array().expect("cells") {
        let before = rows.len();
        for (code, people) in cell["codes"].as_object().expect("codes") {
            for person in people.as_array().expect("people") {
                let mut asked = question("gate", cell, &["stage", "statement"]);
                asked["gate"]["person"] = person.clone();
                rows.push((asked, json!(code)));
            }
        }
        let cell = &rows[before..];
        let named: BTreeSet<&str> =
            cell.iter().filter_map(|(asked, _)| asked["gate"]["person"].as_str()).collect();
        assert!(named.len() == cell.len() && book.people().eq(named), "every person once");
    }
    same(&book, rows, 10_000);
}

#[test]
fn statuses_are_what_the_table_says_on_every_day() {
    let file = vectors("status");
    let row = |case: &Value| {
        let mut asked = question("status", case, &["stage", "now"]);
        asked["status"]["hazard"] = json!(hazard_id(1));
        (asked, json!({"visit": case["visit"], "hazard": case["hazard"]}))
    };
    same(&book(&file), file["cases"].as_array().expect("cases").iter().map(row).collect(), 250);
}

#[test]
fn numbers_of_notices_count_by_department_and_by_the_year_in_china() {
    let file = vectors("numbering");
    let fields = ["department", "issued_at", "last"];
    let row = |case: &Value| (question("number", case, &fields), case["answer"].clone());
    same(&book(&file), file["cases"].as_array().expect("cases").iter().map(row).collect(), 10);
}

#[test]
fn every_field_of_a_draft_has_the_policy_of_the_table() {
    let file = vectors("merge_policy");
    let fields = file["fields"].as_array().expect("fields");
    let row = |it: &Value| (question("merge_policy", it, &["field"]), it["policy"].clone());
    same(&book(&json!({})), fields.iter().map(row).collect(), 15);
    let listed = |field: &str| fields.iter().any(|row| row["field"] == field);
    assert!(merge_policy::FIELDS.iter().all(|(field, _)| listed(field)));
}

#[test]
fn deadlines_fall_on_the_days_that_an_independent_count_gave() {
    let year = |year: &str| file(&fixtures().join(format!("calendars/{year}.json")));
    let years = ["2025", "2026"].map(year);
    let book = book(&json!({"calendars": years}));
    let row = |case: &Value| {
        let day = json!({"date": case["date"], "provisional": case["provisional"]});
        let mut asked = question("deadline", case, &["start", "roll"]);
        asked["deadline"]["term"] = fields(case, &["days", "unit"]);
        (asked, day)
    };
    same(&book, vectors("deadlines").as_array().expect("rows").iter().map(row).collect(), 100);
}

#[test]
fn credit_codes_are_told_from_texts_that_are_none() {
    let row = |case: &Value| (question("credit_code", case, &["text"]), case["valid"].clone());
    let rows = vectors("credit_codes").as_array().expect("rows").iter().map(row).collect();
    same(&book(&json!({})), rows, 50);
}
