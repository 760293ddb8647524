//! The checks that need more than one file.

use super::checks::{Finding, Source, extension, numbered};

/// What each package may depend on inside of the workspace, and who may name an engine in its manifest.
const PACKAGES: &[(&str, &[&str])] = &[
    ("sync-core", &["sync-core"]),
    ("device", &["sync-core"]),
    ("verifier", &["sync-core"]),
    ("typeset", &["sync-core"]),
    ("server", &["sync-core", "typeset"]),
    ("ffi", &["device", "sync-core"]),
    ("web", &["device", "sync-core", "web"]),
    ("web-bindgen", &[]),
    ("uniffi-bindgen", &[]),
    ("e2e", &["device", "ffi", "server", "sync-core", "verifier"]),
];
const ENGINE_PACKAGES: &[(&str, &[&str])] = &[
    ("automerge", &["sync-core"]),
    ("sqlx", &["server"]),
    ("axum", &["server", "e2e"]),
    ("rusqlite", &["device", "e2e"]),
    ("uniffi", &["ffi", "uniffi-bindgen"]),
];

/// Dependencies, those of tests included, against the two tables: (package, dependency) in, complaints out.
pub(crate) fn manifests(members: &[String], dependencies: &[(String, String)]) -> Vec<String> {
    let strangers = members
        .iter()
        .filter(|member| !PACKAGES.iter().any(|(name, _)| name == member))
        .map(|member| format!("{member} has no row in the table of arrows"));
    let arrows = dependencies.iter().filter_map(|(package, on)| {
        let row = |table: &[(&str, &'static [&'static str])], key: &str| {
            table.iter().find(|(name, _)| *name == key).map(|(_, may)| *may)
        };
        let fine = match row(ENGINE_PACKAGES, on) {
            Some(users) => users.contains(&package.as_str()),
            None if members.contains(on) => row(PACKAGES, package)?.contains(&on.as_str()),
            None => true,
        };
        (!fine).then(|| format!("{package} must not depend on {on}"))
    });
    strangers.chain(arrows).collect()
}

/// Paths in code quotes of a document that point at nothing. A path is what begins with a top-level entry.
pub(crate) fn stale_paths(document: &Source, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let path_like = |quoted: &str| {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
        quoted.split('/').nth(1).is_some()
            && quoted.chars().all(plain)
            && quoted.split('/').next().is_some_and(|top| !top.is_empty() && exists(top))
    };
    numbered(document.text.lines())
        .flat_map(|(line, text)| {
            text.split('`').skip(1).step_by(2).map(move |quoted| (line, quoted))
        })
        .filter(|(_, quoted)| path_like(quoted) && !exists(quoted))
        .map(|(line, quoted)| (line, format!("{quoted} does not exist")))
        .collect()
}

/// Fixtures that nobody names: by path below `fixtures`, by file name, or by `folder/*.ending`.
pub(crate) fn unread(fixtures: &[String], texts: &[&str]) -> Vec<String> {
    let named = |path: &&String| {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
        let pattern = format!("{folder}/*.{}", extension(file));
        texts.iter().any(|text| text.contains(file) || text.contains(&pattern))
    };
    fixtures.iter().filter(|path| !named(path)).cloned().collect()
}
