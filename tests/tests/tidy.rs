//! Rules of the repository that no compiler checks: who may know what, how long a file may be, which words
//! do not belong. Each check reports `file:line`; the last tests feed each of them bad text, so that a check
//! that stopped looking is noticed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/checks.rs"]
mod checks;
#[path = "tidy/growth.rs"]
mod growth;
#[path = "tidy/kinds.rs"]
mod kinds;
#[path = "tidy/rust_text.rs"]
mod rust_text;
#[path = "tidy/tree.rs"]
mod tree;

use checks::{CHECKS, CODE, SOFT_LINES, Source, TEXT, engines, extension};
use tree::{manifests, stale_paths, unread};

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("..")
}

/// Every file that people write, generated and downloaded ones left out.
fn sources() -> Vec<Source> {
    const SKIPPED: &[&str] = &["target", "node_modules", "generated", "dist", ".git"];
    let mut found = Vec::new();
    let mut folders = vec![(root(), String::new())];
    while let Some((folder, at)) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
            if entry.path().is_dir() {
                if !SKIPPED.contains(&name.as_str()) && path != "data" {
                    folders.push((entry.path(), path));
                }
            } else if [CODE, TEXT].concat().contains(&extension(&path))
                || matches!(path.as_str(), "Makefile" | ".ci/run")
            {
                let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

#[test]
fn every_file_keeps_the_rules() {
    let mut broken = Vec::new();
    for source in sources() {
        for (rule, check, _) in CHECKS {
            let found = check(&source).into_iter();
            broken.extend(
                found.map(|(line, what)| format!("{}:{line}: {rule}: {what}", source.path)),
            );
        }
        let lines = source.text.lines().count();
        if lines > SOFT_LINES && CODE.contains(&extension(&source.path)) {
            println!("{}: {lines} lines, better at most {SOFT_LINES}", source.path);
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn packages_depend_along_the_arrows() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata");
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    let members: Vec<String> = packages.iter().map(name).collect();
    let dependencies: Vec<(String, String)> = packages
        .iter()
        .flat_map(|package| {
            package["dependencies"].as_array().into_iter().flatten().map(move |on| (package, on))
        })
        .map(|(package, on)| (name(package), name(on)))
        .collect();
    assert!(members.contains(&"sync-core".to_owned()) && !dependencies.is_empty());
    assert_eq!(manifests(&members, &dependencies), Vec::<String>::new());
}

#[test]
fn paths_in_the_documents_exist() {
    let stale: Vec<String> = sources()
        .iter()
        .filter(|source| matches!(source.path.as_str(), "ARCHITECTURE.md" | "README.md"))
        .flat_map(|source| {
            let found = stale_paths(source, |path| root().join(path).exists()).into_iter();
            found.map(|(line, what)| format!("{}:{line}: {what}", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(stale.is_empty(), "\n{}", stale.join("\n"));
}

#[test]
fn every_fixture_is_named_by_code_or_document() {
    let all = sources();
    let is_data = |path: &str| path.starts_with("fixtures/") && extension(path) != "md";
    let data: Vec<String> = all
        .iter()
        .filter(|source| is_data(&source.path))
        .filter_map(|source| source.path.strip_prefix("fixtures/").map(str::to_owned))
        .collect();
    let texts: Vec<&str> = all
        .iter()
        .filter(|source| !is_data(&source.path))
        .map(|source| source.text.as_str())
        .collect();
    assert!(!data.is_empty());
    assert_eq!(unread(&data, &texts), Vec::<String>::new());
}

#[test]
fn every_check_finds_what_is_bad() {
    for (rule, check, samples) in CHECKS {
        assert!(!samples.is_empty(), "{rule} is not tried");
        for (path, bad) in *samples {
            let source = Source { path: (*path).to_owned(), text: (*bad).to_owned() };
            assert!(!check(&source).is_empty(), "{rule} overlooks {bad:?} in {path}");
        }
    }
    let names: BTreeSet<&str> = CHECKS.iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(names.len(), CHECKS.len());
}

#[test]
fn no_check_complains_about_good_text() {
    let good = [
        ("sync-core/src/draft/read.rs", "use automerge::ReadDoc;\nuse crate::rules::merge_policy;"),
        ("sync-core/src/calendar/deadline.rs", "use crate::domain::term::Term;"),
        (
            "sync-core/src/rules/due.rs",
            "/// Uses [`crate::wire`], HashMap and std::fs in words alone.\nuse crate::case::Case;",
        ),
        (
            "sync-core/src/act/visit/seal.rs",
            "use super::{Context, officer};\nuse super::super::state;",
        ),
        (
            "sync-core/src/lib.rs",
            "pub mod rules;\nconst A: &str = \"std::thread and todo!\";\nconst B: char = '\"';",
        ),
        ("server/src/store/mod.rs", "use sqlx::{Any, Pool}; // the key is used to sign"),
        ("server/src/lib.rs", "tokio::time::sleep(second).await; let r = r#\"sqlx::x // TODO\"#;"),
        (
            "server/src/http/mod.rs",
            "// GET https://example.org/files/home/x\nfn life<'a>(x: &'a str) {}",
        ),
    ];
    for (path, text) in good {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        for (rule, check, _) in CHECKS {
            assert_eq!(check(&source), Vec::new(), "{rule} complains about {path}");
        }
    }
}

#[test]
fn findings_name_their_line() {
    let text = "//! Text.\n/* two\nlines */\nuse {\n    std::fmt,\n    sqlx::{\n        Any,\n    },\n};\n";
    let source = Source { path: "server/src/app.rs".to_owned(), text: text.to_owned() };
    assert_eq!(engines(&source).first().map(|(line, _)| *line), Some(7));
}

#[test]
fn the_checks_of_manifests_documents_and_fixtures_find_what_is_bad() {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let members = own(&["server", "device", "sync-core", "e2e", "tools"]);
    let on = |package: &str, dependency: &str| (package.to_owned(), dependency.to_owned());
    assert_eq!(
        manifests(
            &members,
            &[
                on("server", "device"),
                on("device", "server"),
                on("device", "sqlx"),
                on("server", "rusqlite"),
                on("server", "sqlx"),
                on("e2e", "server"),
                on("server", "serde"),
            ]
        )
        .len(),
        5,
    );
    let document = Source {
        path: "ARCHITECTURE.md".to_owned(),
        text: "`server/src/gone.rs` `server/src` `/sync/v1` `text/plain` `Code::x`".to_owned(),
    };
    let exists = |path: &str| matches!(path, "server" | "server/src");
    assert_eq!(
        stale_paths(&document, exists),
        [(1, "server/src/gone.rs does not exist".to_owned())]
    );
    let fixtures = own(&["laws/terms.json", "vectors/lost.json", "checklists/HC.json"]);
    assert_eq!(unread(&fixtures, &["laws/terms.json", "checklists/*.json"]), ["vectors/lost.json"]);
}
