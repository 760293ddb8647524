//! Documents that are made from the code: they are as the code is, or this fails. `UPDATE=1` writes
//! them anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use server::http;
use server::http::caller::Access;
use server::http::openapi;
use server::http::problem;
use sync_core::domain::account::Role;
use sync_core::refusal::{Code, Disposition};

fn docs(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("docs")
        .join(name)
}

pub(crate) fn fresh(name: &str, made: &str) {
    let path = docs(name);
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(&path, made).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == made, "server/docs/{name} is out of date: UPDATE=1 writes it anew");
}

#[test]
fn the_description_in_the_repository_is_the_one_that_is_served() {
    let text = serde_json::to_string_pretty(&openapi::document()).unwrap() + "\n";
    fresh("openapi.json", &text);
}

#[test]
fn every_row_is_described_and_every_description_has_a_row() {
    let document = openapi::document();
    let paths = document["paths"].as_object().unwrap();
    let described: usize = paths.values().map(|methods| methods.as_object().unwrap().len()).sum();
    assert_eq!(described, http::matrix().len());
    let mut names = std::collections::BTreeSet::new();
    for row in http::matrix() {
        let operation = &paths[row.path][row.method.to_lowercase().as_str()];
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{row:?}");
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{row:?}");
        assert_eq!(operation.get("security").is_some(), row.access != Access::Public, "{row:?}");
    }
}

#[test]
fn every_refusal_is_in_the_table_with_its_status() {
    let mut text = String::from(
        "# Refusals\n\nMade from `Code::ALL` by `UPDATE=1 cargo test -p server --test platform documents`. A number \
         never changes its\nmeaning. *Refused* items may not exist, *quarantined* ones are kept byte for byte until a \
         supervisor judges\nthem, *retried* ones could not be judged now.\n\n\
         | number | code | becomes | HTTP | sentence | action |\n|---|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let becomes = match code.disposition() {
            Disposition::Refuse => "refused",
            Disposition::Quarantine => "quarantined",
            Disposition::Retry => "retried",
        };
        let status = problem::status(*code).as_u16();
        assert!((400..600).contains(&status), "{code}");
        let (number, sentence, action) = (code.number(), code.sentence(), code.action());
        writeln!(text, "| {number} | `{code}` | {becomes} | {status} | {sentence} | {action} |")
            .unwrap();
    }
    fresh("REFUSALS.md", &text);
}

const FROM: &str = "<!-- routes: made from the table -->\n";
const TO: &str = "<!-- end of routes -->";

#[test]
fn the_matrix_in_the_document_is_the_table() {
    let kept = std::fs::read_to_string(docs("API.md")).unwrap_or_default();
    let (head, rest) = kept.split_once(FROM).expect("the mark where the table begins");
    let (_, tail) = rest.split_once(TO).expect("the mark where the table ends");
    let mut table = String::from("| route | what |");
    for role in Role::ALL {
        write!(table, " {} |", role.title()).unwrap();
    }
    table.push_str(" handover |\n|---|---|");
    table.push_str(&"---|".repeat(Role::ALL.len() + 1));
    table.push('\n');
    for row in http::matrix() {
        write!(table, "| `{} {}` | {} |", row.method, row.path, row.title).unwrap();
        for role in Role::ALL {
            let mark = match row.access {
                Access::Public => "public",
                access if access.allows(Some(*role)) => "yes",
                Access::Roles(_) => "",
            };
            write!(table, " {mark} |").unwrap();
        }
        writeln!(table, " {} |", if row.handover { "yes" } else { "" }).unwrap();
    }
    fresh("API.md", &format!("{head}{FROM}{table}{TO}{tail}"));
}
