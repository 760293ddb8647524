//! The checks that look at one file alone.

use super::arrows::arrows;
use super::rust_text::{Split, paths, split, tokens};

/// A file of the repository: its path from the root, with slashes, and its text.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One violation: line (from 1) and what is wrong.
pub(crate) type Finding = (usize, String);
pub(crate) type Check = fn(&Source) -> Vec<Finding>;
/// Path and text of a file that the check must find fault with.
type Bad = (&'static str, &'static str);
/// Name, check and what it is tried on.
type Rule = (&'static str, Check, &'static [Bad]);

/// The checks that look at one file alone, each with bad text that it must find in the named file.
pub(crate) const CHECKS: &[Rule] = &[
    (
        "an engine is known in its home only",
        engines,
        &[
            ("sync-core/src/ledger/fold.rs", "use automerge::ReadDoc;"),
            ("server/src/usecase/seal.rs", "fn f() { sqlx::query(\"\"); }"),
            ("server/src/start.rs", "use sqlx;"),
            ("server/src/jobs/clerk.rs", "use {std::fmt, rusqlite::{Connection, params}};"),
            ("sync-core/device/src/lib.rs", "#[derive(uniffi::Object)] struct A;"),
        ],
    ),
    (
        "the core is pure",
        purity,
        &[
            ("sync-core/src/time.rs", "use std::time::{Duration, SystemTime};"),
            ("sync-core/src/sync/engine.rs", "let x = std::env::var(\"A\");"),
            ("sync-core/src/sync/engine.rs", "use std::{fmt, fs};"),
            ("sync-core/src/sync/engine.rs", "std::thread::spawn(f);"),
            ("sync-core/src/sync/engine.rs", "use std::net::TcpStream;"),
            ("sync-core/src/sync/engine.rs", "pub async fn run() {}"),
            ("sync-core/src/draft/read.rs", "let m: HashMap<u8, u8> = x;"),
            ("sync-core/src/draft/read.rs", "use std::collections::HashSet;"),
        ],
    ),
    (
        "arrows inside of a package",
        arrows,
        &[
            ("sync-core/src/domain/term.rs", "use crate::rules::due;"),
            ("sync-core/src/domain/term.rs", "use crate::{id, ledger::fact};"),
            ("sync-core/src/domain/term.rs", "use super::super::wire::codec;"),
            ("sync-core/src/case/fold.rs", "use crate::act::Statement;"),
            ("sync-core/src/rules/due.rs", "use crate::wire::codec;"),
            ("sync-core/src/act/visit/seal.rs", "fn f() { crate::draft::open(); }"),
            ("sync-core/src/ledger/fact.rs", "use crate::sync::engine;"),
            ("sync-core/src/act/table.rs", "use crate::testing::stages;"),
            ("sync-core/src/id.rs", "use crate::domain::hazard;"),
            ("sync-core/src/new_room.rs", "use crate::id;"),
            ("server/src/usecase/give_blob.rs", "use crate::http::problem::Problem;"),
            ("server/src/store/files.rs", "use crate::blobstore::Keeper;"),
            ("server/src/exchange/mod.rs", "use crate::jobs::clerk;"),
            ("server/src/projection.rs", "use crate::usecase::health;"),
            ("server/src/state.rs", "use crate::start::Server;"),
        ],
    ),
    (
        "names that say nothing",
        names,
        &[
            ("server/src/utils.rs", "//! Things."),
            ("tests/tests/common/mod.rs", "//! Things."),
            ("server/src/lib.rs", "pub(crate) mod helpers {}"),
        ],
    ),
    (
        "unfinished work",
        unfinished,
        &[
            ("server/src/lib.rs", "fn f() { todo!() }"),
            ("server/src/lib.rs", "fn f() { unimplemented!(\"x\") }"),
            ("server/src/lib.rs", "#[ignore = \"slow\"]"),
            ("server/src/lib.rs", "// TODO: later"),
            ("server/src/lib.rs", "/* FIXME */"),
            ("mobile-bindings/app/src/main.ts", "// FIXME"),
        ],
    ),
    (
        "comments that tell the change",
        change_talk,
        &[
            ("server/src/lib.rs", "/// It is no longer a map."),
            ("server/src/lib.rs", "// Previously a map."),
            ("server/src/lib.rs", "// This used to be a map."),
        ],
    ),
    (
        "tests that sleep",
        sleeping,
        &[
            ("tests/tests/loop.rs", "tokio::time::sleep(second).await;"),
            ("server/tests/exchange.rs", "std::thread::sleep(second);"),
        ],
    ),
    (
        "waits that take any promise for a yes",
        empty_waits,
        &[
            ("app/tests/a.test.mjs", "await page.waitForFunction(async () => false);"),
            ("app/tests/a.test.mjs", "await page.waitForFunction(() => ready.then(Boolean));"),
        ],
    ),
    (
        "paths of one machine",
        machine_paths,
        &[
            ("README.md", concat!("See /ho", "me/li/zhicha.")),
            ("server/src/lib.rs", concat!("const A: &str = \"/ro", "ot/x\";")),
            ("tests/src/lib.rs", concat!("// like /tm", "p/t/x")),
        ],
    ),
    ("length of a file", length, &[("server/src/lib.rs", LONG)]),
];

/// Text with one line too many.
const LONG: &str = {
    const LINES: [u8; HARD_LINES + 1] = [b'\n'; HARD_LINES + 1];
    match std::str::from_utf8(&LINES) {
        Ok(text) => text,
        Err(_) => "",
    }
};
const HARD_LINES: usize = 500;
pub(crate) const SOFT_LINES: usize = 300;

pub(crate) const CODE: &[&str] =
    &["rs", "ts", "vue", "js", "mjs", "kt", "swift", "py", "sql", "sh"];
pub(crate) const TEXT: &[&str] = &["md", "toml", "yml", "yaml", "json", "html", "css"];

const ENGINES: &[(&str, &[&str])] = &[
    ("automerge", &["sync-core/src/draft/", "sync-core/tests/"]),
    ("sqlx", &["server/src/store/", "server/tests/database/"]),
    ("rusqlite", &["sync-core/device/", "tests/src/floor/"]),
    ("uniffi", &["ffi/"]),
];

pub(crate) fn engines(source: &Source) -> Vec<Finding> {
    let stranger = |first: &str| {
        ENGINES.iter().find(|(engine, homes)| {
            *engine == first && !homes.iter().any(|home| source.path.starts_with(home))
        })
    };
    rust(source, |code| {
        let used = paths(&code.code).into_iter();
        used.filter_map(|(line, path)| Some((line, stranger(path.first()?)?)))
            .map(|(line, (engine, homes))| (line, format!("{engine} belongs to {homes:?}")))
            .collect()
    })
}

const IMPURE_PATHS: &[&str] =
    &["std::fs", "std::net", "std::env", "std::thread", "std::process", "tokio", "getrandom"];
const IMPURE_WORDS: &[&str] =
    &["SystemTime", "Instant", "HashMap", "HashSet", "async", "await", "thread_local"];

fn purity(source: &Source) -> Vec<Finding> {
    if !source.path.starts_with("sync-core/src/") {
        return Vec::new();
    }
    rust(source, |code| {
        let finding = |line, what: &str| (line, format!("{what} does not belong into the core"));
        let by_path = paths(&code.code).into_iter().filter_map(|(line, path)| {
            let path = path.join("::");
            let hit = IMPURE_PATHS.iter().find(|bad| path.starts_with(**bad))?;
            Some(finding(line, hit))
        });
        let by_word = tokens(&code.code)
            .into_iter()
            .filter(|(_, word)| IMPURE_WORDS.contains(&word.as_str()))
            .map(|(line, word)| finding(line, &word));
        by_path.chain(by_word).collect()
    })
}

const REFUSED_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "misc"];

fn names(source: &Source) -> Vec<Finding> {
    let finding = |line, name: &str| (line, format!("{name} does not say what is in it"));
    let parts = source.path.trim_end_matches(".rs").split('/');
    let mut found: Vec<Finding> =
        parts.filter(|part| REFUSED_NAMES.contains(part)).map(|part| finding(1, part)).collect();
    found.extend(rust(source, |code| {
        let all = tokens(&code.code);
        let pairs = all.iter().zip(all.iter().skip(1));
        pairs
            .filter(|((_, word), (_, name))| {
                word == "mod" && REFUSED_NAMES.contains(&name.as_str())
            })
            .map(|((line, _), (_, name))| finding(*line, name))
            .collect()
    }));
    found
}

fn unfinished(source: &Source) -> Vec<Finding> {
    let marked = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric())
            .any(|word| matches!(word, "TODO" | "FIXME" | "XXX"))
    };
    if extension(&source.path) != "rs" {
        let all = numbered(source.text.lines()).filter(|(_, line)| marked(line));
        return all.map(|(line, text)| (line, text.trim().to_owned())).collect();
    }
    rust(source, |code| {
        let macros = ["todo!", "unimplemented!", "#[ignore"];
        let coded = numbered(code.code.lines()).filter_map(|(line, text)| {
            Some((line, (*macros.iter().find(|bad| text.contains(**bad))?).to_owned()))
        });
        let commented = numbered(code.comments.lines())
            .filter(|(_, text)| marked(text))
            .map(|(line, text)| (line, text.trim().to_owned()));
        coded.chain(commented).collect()
    })
}

fn change_talk(source: &Source) -> Vec<Finding> {
    let tells = |text: &str| {
        let text = text.to_lowercase();
        // With one of these words before it the phrase states a purpose, else it tells a past.
        let purpose = ["is", "are", "be", "been", "was", "were", "not", "get", "only", "never"];
        let past = text.split("used to ").collect::<Vec<_>>();
        let used_to = past.split_last().is_some_and(|(_, before)| {
            before.iter().any(|part| {
                let word = part.split_whitespace().last().unwrap_or("is");
                !purpose.contains(&word) && part.ends_with(' ')
            })
        });
        used_to || ["no longer", "previously", "formerly"].iter().any(|bad| text.contains(bad))
    };
    rust(source, |code| {
        let found = numbered(code.comments.lines()).filter(|(_, text)| tells(text));
        found.map(|(line, text)| (line, text.trim().to_owned())).collect()
    })
}

fn sleeping(source: &Source) -> Vec<Finding> {
    if !source.path.split('/').any(|part| part == "tests") {
        return Vec::new();
    }
    rust(source, |code| {
        let all = tokens(&code.code);
        all.iter()
            .zip(all.iter().skip(1))
            .filter(|((_, word), (_, next))| {
                matches!(word.as_str(), "sleep" | "sleep_until") && next == "("
            })
            .map(|((line, _), _)| (*line, "wait for a condition or move the clock".to_owned()))
            .collect()
    })
}

/// `waitForFunction` of a browser test ends at once when it is given a promise, whatever that gives.
fn empty_waits(source: &Source) -> Vec<Finding> {
    let asks = |line: &str| {
        let asked = line.split_once(".waitForFunction(").map(|(_, asked)| asked);
        asked.is_some_and(|it| it.starts_with("async") || it.contains(".then("))
    };
    let lines = (1..).zip(source.text.lines()).filter(|_| extension(&source.path) == "mjs");
    lines.filter(|(_, line)| asks(line)).map(|(line, _)| (line, "use `says`".to_owned())).collect()
}

fn machine_paths(source: &Source) -> Vec<Finding> {
    let bad = ["/ho|me/", "/ro|ot/", "/Us|ers/", "/wo|rk/", "/tm|p/t/", "/tm|p/w/", "C:|\\"];
    let bad = bad.map(|path| path.replace('|', ""));
    // The same letters may lie inside of an address; a path of a machine starts a word.
    let starts = |text: &str, path: &str| {
        text.match_indices(path).any(|(at, _)| {
            let before = text.get(..at).and_then(|head| head.chars().last());
            !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '}' | '-' | '_'))
        })
    };
    numbered(source.text.lines())
        .filter_map(|(line, text)| {
            Some((line, bad.iter().find(|path| starts(text, path))?.clone()))
        })
        .collect()
}

fn length(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    if lines <= HARD_LINES || !CODE.contains(&extension(&source.path)) {
        return Vec::new();
    }
    vec![(HARD_LINES + 1, format!("{lines} lines, at most {HARD_LINES}"))]
}

/// Looks at Rust files alone.
pub(crate) fn rust(source: &Source, look: impl FnOnce(&Split) -> Vec<Finding>) -> Vec<Finding> {
    if extension(&source.path) == "rs" { look(&split(&source.text)) } else { Vec::new() }
}

pub(crate) fn numbered<'a>(
    lines: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = (usize, &'a str)> {
    lines.enumerate().map(|(at, line)| (at + 1, line))
}

pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}
