//! Which room of a package may name which: the rooms stand in an order, each may name only those above it in its list.

use super::checks::{Finding, Source, rust};
use super::rust_text::paths;

/// A room and what it may name besides itself.
type Room = (&'static str, &'static [&'static str]);

/// Rooms that every room of a package may name.
struct Package {
    root: &'static str,
    ground: &'static [&'static str],
    rooms: &'static [Room],
}

const PACKAGES: &[Package] = &[CORE, SERVER];

const CORE: Package = Package {
    root: "sync-core/src/",
    ground: &["id", "time", "refusal", "limits", "cbor", "text"],
    rooms: &[
        ("refusal", &[]),
        ("id", &[]),
        ("time", &[]),
        ("limits", &[]),
        ("cbor", &[]),
        ("text", &[]),
        ("picture", &[]),
        ("domain", &[]),
        ("calendar", &["domain"]),
        ("law", &["domain"]),
        ("ledger", &[]),
        ("case", &["domain", "ledger"]),
        ("act", &["calendar", "case", "domain", "law", "ledger"]),
        ("rules", &["act", "calendar", "case", "domain", "ledger"]),
        ("document", &["act", "calendar", "case", "domain", "law"]),
        ("draft", &["domain", "rules"]),
        ("wire", &["act", "case", "domain", "ledger"]),
        ("sync", &["act", "ledger", "wire"]),
        ("vectors", &["act", "calendar", "case", "domain", "ledger", "rules"]),
        ("testing", &["act", "calendar", "case", "document", "domain", "draft", "ledger", "rules"]),
        ("lib", &[]),
    ],
};

const SERVER: Package = Package {
    root: "server/src/",
    ground: &["clock", "config", "telemetry", "turns"],
    rooms: &[
        ("clock", &[]),
        ("config", &[]),
        ("telemetry", &[]),
        ("turns", &[]),
        ("shape", &[]),
        ("store", &[]),
        ("error", &["store"]),
        ("auth", &[]),
        ("blobstore", &["store"]),
        ("reference", &[]),
        ("directory", &["reference", "store"]),
        ("admission", &["auth", "blobstore", "directory", "store"]),
        ("state", &["admission", "auth", "blobstore", "directory", "store"]),
        ("thumbnails", &["blobstore", "state", "store"]),
        ("held_visit", &["admission", "directory", "state", "store"]),
        ("projection", &["admission", "directory", "state", "store"]),
        ("report", &["admission", "directory", "shape", "state", "store"]),
        ("exchange", &["admission", "auth", "directory", "reference", "state", "store"]),
        (
            "usecase",
            &[
                "admission",
                "auth",
                "blobstore",
                "directory",
                "error",
                "held_visit",
                "report",
                "state",
                "store",
                "thumbnails",
            ],
        ),
        (
            "jobs",
            &[
                "admission",
                "auth",
                "directory",
                "held_visit",
                "projection",
                "report",
                "state",
                "store",
            ],
        ),
        ("http", &["auth", "exchange", "report", "shape", "state", "store", "usecase"]),
        (
            "start",
            &[
                "auth",
                "blobstore",
                "directory",
                "error",
                "http",
                "jobs",
                "state",
                "store",
                "usecase",
            ],
        ),
        ("lib", &[]),
        ("main", &[]),
    ],
};

/// The arrows that no table allows, and rooms that stand in no table.
pub(crate) fn arrows(source: &Source) -> Vec<Finding> {
    let package = PACKAGES.iter().find(|it| source.path.starts_with(it.root));
    let Some((package, inside)) =
        package.and_then(|it| Some((it, source.path.strip_prefix(it.root)?)))
    else {
        return Vec::new();
    };
    let module: Vec<String> = inside
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| *part != "mod")
        .map(str::to_owned)
        .collect();
    let own = module.first().cloned().unwrap_or_default();
    let Some((_, allowed)) = package.rooms.iter().find(|(room, _)| *room == own) else {
        return vec![(1, format!("{own} has no row in the table of arrows"))];
    };
    rust(source, |code| {
        let named = paths(&code.code).into_iter();
        named
            .filter_map(|(line, path)| {
                let top = room(&module, &path)?;
                let known = package.rooms.iter().any(|(room, _)| *room == top);
                let fine = top == own
                    || package.ground.contains(&top.as_str())
                    || allowed.contains(&top.as_str());
                (known && !fine).then(|| (line, format!("{own} must not name {top}")))
            })
            .collect()
    })
}

/// The room of a package that a path leads to; none for paths that leave the package.
fn room(module: &[String], path: &[String]) -> Option<String> {
    match path.first()?.as_str() {
        "crate" => path.get(1).cloned(),
        "super" => {
            let up = path.iter().take_while(|part| *part == "super").count();
            let left = module.len().checked_sub(up)?;
            module.iter().take(left).chain(path.iter().skip(up)).next().cloned()
        }
        _ => None,
    }
}
