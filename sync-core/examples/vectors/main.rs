//! Writes `fixtures/vectors/{gates,status,numbering,merge_policy}.json` from tables that were
//! written by hand. Nothing here asks the rules: the tests ask them and compare.
//!
//! `cargo run -p sync-core --example vectors`
#![expect(clippy::expect_used, reason = "a table that cannot be written has to stop")]

mod files;
mod gates;
mod law;
mod plain;
mod status;

use std::path::PathBuf;

use serde_json::Value;

fn main() {
    write("gates.json", &gates::file());
    write("status.json", &status::file());
    write("numbering.json", &plain::numbering());
    write("merge_policy.json", &plain::merge_policy());
}

/// One entry a line, so that a change of one cell is a change of one line.
fn write(name: &str, parts: &[(&str, Vec<Value>)]) {
    let part = |(title, rows): &(&str, Vec<Value>)| {
        let rows: Vec<String> = rows.iter().map(|row| format!("    {row}")).collect();
        format!("  \"{title}\": [\n{}\n  ]", rows.join(",\n"))
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../fixtures/vectors");
    std::fs::write(folder.join(name), format!("{{\n{}\n}}\n", parts.join(",\n")))
        .expect("the folder of the vectors");
}
