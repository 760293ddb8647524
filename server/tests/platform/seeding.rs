//! Reading the data of a zone: a row that cannot be taken is named and stops no other one.

use std::path::Path;

use serde_json::{Value, json};
use server::usecase::seed::{self, Seeding};
use sync_core::refusal::Code;

use crate::world::write_zone;

const CREDIT: &str = "91370403DEM000014L";

/// Reads a zone that is changed first.
async fn seeded(folder: &Path, change: impl FnOnce(&mut Value)) -> Seeding {
    let zone = folder.join("zone");
    write_zone(&zone);
    let path = zone.join("towns/zaozhuang.json");
    let mut town: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut town);
    std::fs::write(path, town.to_string()).unwrap();
    crate::database::choose(&folder.join("data"));
    seed::run(&folder.join("data"), &zone).await.unwrap()
}

fn rows(seeding: &Seeding) -> Vec<(&str, usize, Code, Option<&str>)> {
    let row = |it: &'_ seed::RefusedRow| (it.list, it.row, it.refusal.code);
    seeding
        .refused
        .iter()
        .map(|it| {
            let (list, number, code) = row(it);
            (list, number, code, it.refusal.field.as_deref())
        })
        .collect()
}

fn push(town: &mut Value, list: &str, like: usize, changes: &[(&str, Value)]) {
    let mut row = town[list][like].clone();
    for (field, value) in changes {
        row[*field] = value.clone();
    }
    town[list].as_array_mut().unwrap().push(row);
}

#[tokio::test]
async fn rows_that_cannot_be_taken_are_named_and_all_others_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let id = |number: u32| json!(format!("7a1086dc-2237-4db6-b2c2-{number:012}"));
    let seeding = seeded(folder.path(), |town| {
        let places = "enterprises";
        town[places][0]["credit_code"] = json!(CREDIT);
        push(town, places, 0, &[("id", id(3)), ("name", json!("同码公司"))]);
        push(town, places, 0, &[("id", id(4)), ("credit_code", json!("91370403DEM000014M"))]);
        push(town, places, 1, &[("name", json!("同号公司"))]);
        push(town, places, 1, &[("id", json!("no id"))]);
        push(town, places, 1, &[("id", id(5)), ("name", json!("好公司"))]);
        let people = "people";
        push(town, people, 0, &[("id", id(6)), ("username", json!(" INSPECTOR"))]);
        push(town, people, 0, &[("username", json!("other"))]);
        push(town, people, 0, &[("id", id(7)), ("username", json!("a\u{200b}b"))]);
        push(town, people, 5, &[("id", id(8)), ("username", json!("lost")), ("enterprise", id(3))]);
        push(town, people, 0, &[("id", id(9)), ("username", json!("fine"))]);
    })
    .await;
    assert_eq!(
        rows(&seeding),
        [
            ("enterprises", 3, Code::AlreadyExists, Some("credit_code")),
            ("enterprises", 4, Code::CreditCodeInvalid, Some("credit_code")),
            ("enterprises", 5, Code::AlreadyExists, Some("id")),
            ("enterprises", 6, Code::FieldMalformed, None),
            ("people", 12, Code::AlreadyExists, Some("username")),
            ("people", 13, Code::AlreadyExists, Some("id")),
            ("people", 14, Code::FieldMalformed, Some("username")),
            ("people", 15, Code::FieldMalformed, Some("enterprise")),
        ]
    );
    assert!(
        seeding.refused[0].to_string().contains("第 3 行（同码公司）"),
        "{}",
        seeding.refused[0]
    );
    let names: Vec<&str> = seeding.accounts.iter().map(|it| it.username.as_str()).collect();
    assert!(names.len() == 12 && names.contains(&"fine"), "{names:?}");
}

#[tokio::test]
async fn an_account_that_is_there_keeps_its_name_from_another_person_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(seeded(folder.path(), |_| ()).await.accounts.len(), 11);
    let again = seeded(folder.path(), |town| {
        town["people"][0]["id"] = json!("7a1086dc-2237-4db6-b2c2-000000000001");
        town["enterprises"][0]["credit_code"] = json!("wrong");
    })
    .await;
    assert_eq!(
        rows(&again),
        [
            ("enterprises", 1, Code::CreditCodeInvalid, Some("credit_code")),
            ("people", 1, Code::AlreadyExists, Some("username")),
        ]
    );
    // The people of the enterprise whose row is wrong are not refused: it stays as it was known.
    assert!(again.accounts.is_empty());
}
