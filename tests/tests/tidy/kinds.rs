//! What `ARCHITECTURE.md` says of adding a kind of statement is true: the files it names are all that name the example.

use std::collections::BTreeSet;

use serde_json::Value;
use sync_core::act::Statement;

use crate::checks::{CODE, Source, extension};
use crate::sources;

/// How the example is called in code, in JSON and in signed bytes.
const EXAMPLE: [&str; 4] =
    ["SupervisionListed", "supervision_listed", "supervision.listed", "list_supervision"];
/// Files that are written from others.
const WRITTEN: [&str; 3] = [
    "mobile-bindings/web/src/types/act.ts",
    "mobile-bindings/web/src/acts.ts",
    "ffi/src/surface.txt",
];
const MOST: usize = 10;

/// Paths in code quotes of the section, those that exist or should.
fn promised(architecture: &str) -> BTreeSet<String> {
    let section = architecture.split("## How to add a kind of statement").nth(1);
    let section = section.and_then(|it| it.split("\n## ").next()).unwrap_or_default();
    let example = section.split("For other kinds").next().unwrap_or_default();
    let quoted = example.split('`').skip(1).step_by(2);
    quoted.filter(|it| CODE.contains(&extension(it))).map(str::to_owned).collect()
}

fn is_by_hand(source: &Source) -> bool {
    let code = CODE.contains(&extension(&source.path));
    let stub = std::path::Path::new(&source.path).extension().is_some_and(|it| it == "pyi");
    code && !stub
        && !WRITTEN.contains(&source.path.as_str())
        && !source.path.starts_with("tests/tests/tidy/")
}

#[test]
fn the_files_of_the_example_are_those_of_the_list_and_at_most_ten() {
    let all = sources();
    let named: BTreeSet<String> = all
        .iter()
        .filter(|it| is_by_hand(it))
        .filter(|it| EXAMPLE.iter().any(|name| it.text.contains(name)))
        .map(|it| it.path.clone())
        .collect();
    let architecture = all.iter().find(|it| it.path == "ARCHITECTURE.md").expect("the document");
    assert_eq!(named, promised(&architecture.text), "left: files that name it, right: the list");
    assert!(named.len() <= MOST, "{named:?}");
}

/// What stands behind a word in the line that holds it.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.split(word).nth(1)?.split('"').next()
}

#[test]
fn every_kind_that_has_a_file_stands_in_the_table() {
    let listed: BTreeSet<&str> = Statement::TITLES.iter().map(|(name, _)| *name).collect();
    let all = sources();
    let files = all.iter().filter(|it| it.path.starts_with("sync-core/src/act/"));
    let named: BTreeSet<&str> =
        files.filter_map(|it| after(&it.text, "const NAME: &'static str = \"")).collect();
    assert_eq!(named, listed, "left: files, right: sync-core/src/act/table.rs");
}

#[test]
fn every_kind_has_lines_of_law() {
    let path = crate::root().join("fixtures/vectors/gates.json");
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("the cells")).expect("JSON");
    let asked: BTreeSet<String> = vectors["statements"]
        .as_array()
        .expect("statements")
        .iter()
        .map(|it| serde_json::from_value::<Statement>(it.clone()).expect("a statement"))
        .map(|it| it.name().to_owned())
        .collect();
    let without: Vec<_> =
        Statement::TITLES.iter().filter(|(name, _)| !asked.contains(*name)).collect();
    assert!(without.is_empty(), "no lines in sync-core/examples/vectors/law: {without:?}");
}
