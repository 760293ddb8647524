//! What one language can ask of a device, every language can, under the same name.

use std::collections::BTreeSet;
use std::path::PathBuf;

type Names = BTreeSet<String>;

/// What only a browser can answer, and what other languages have in another way: `Device::open`, `RuleBook`, a method for each
/// kind of statement.
const BROWSER: [&str; 5] = ["judge", "open_device", "persist", "state", "storage"];
/// Methods of the border that packages build on and do not show as they are.
const BORDER: [&str; 8] = [
    "begin_enrol",
    "begin_fetch_photo",
    "begin_office",
    "begin_sign_in",
    "begin_sync",
    "observe",
    "open",
    "shut",
];
/// What a package of a language adds in that language's way: calls away from a thread, steps as a sequence, changes.
const OWN: [&str; 10] = [
    "__enter__",
    "__exit__",
    "ask",
    "changed",
    "changes",
    "on_change",
    "open",
    "outbox",
    "sync_steps",
    "capture",
];

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `signOut` as `sign_out`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Names that stand behind one of these beginnings of a line.
fn declared(text: &str, beginnings: &[&str]) -> Names {
    let name = |line: &str| {
        let rest = beginnings.iter().find_map(|it| line.strip_prefix(it))?;
        let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_')?;
        Some(snake(&rest[..end])).filter(|it| !it.is_empty())
    };
    text.lines().filter_map(name).collect()
}

/// The part of a text from the line of a class to its end.
fn class<'a>(text: &'a str, head: &str) -> &'a str {
    let from = text.find(head).unwrap_or_else(|| panic!("no {head}"));
    let body = &text[from..];
    body.split("\n}").next().unwrap_or(body)
}

fn typescript() -> Names {
    let index = text("mobile-bindings/web/src/index.ts");
    let acts = text("mobile-bindings/web/src/acts.ts");
    let mut names = methods(class(&index, "export class Device extends Acts {"));
    names.extend(methods(class(&acts, "export abstract class Acts {")));
    names.extend(declared(&index, &["export function "]));
    names
}

/// The public methods of a class.
fn methods(class: &str) -> Names {
    let methods = class.lines().filter(|line| {
        let name = line.trim_start();
        line.starts_with("  ")
            && !line.starts_with("   ")
            && name.contains('(')
            && name.ends_with('{') | name.ends_with('(')
            && !name.starts_with("private ")
            && !name.starts_with("abstract ")
            && !name.starts_with("constructor")
    });
    let methods = methods.collect::<Vec<_>>().join("\n");
    declared(&methods, &["  async ", "  override ", "  "])
}

/// The names of the files of a folder, without their ends.
fn files(folder: &str) -> Names {
    let entries = std::fs::read_dir(root().join(folder));
    let entries = entries.unwrap_or_else(|error| panic!("{folder}: {error}"));
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        Some(entry.ok()?.file_name().to_str()?.strip_suffix(".rs")?.to_owned())
    };
    entries.filter_map(name).collect()
}

fn border() -> Names {
    let folders = ["ffi/src/device", "ffi/src/act"];
    let of = |folder| files(folder).into_iter().map(move |it| text(&format!("{folder}/{it}.rs")));
    let files: Vec<_> = folders.into_iter().flat_map(of).collect();
    declared(&files.join("\n"), &["    pub fn ", "pub fn "])
}

fn without(names: &Names, others: &[&str]) -> Names {
    names.iter().filter(|it| !others.contains(&it.as_str())).cloned().collect()
}

/// What is missing on one side or the other, in words.
fn differences(web: &Names, border: &Names, package: &Names) -> Vec<String> {
    let web = without(web, &BROWSER);
    let shown: Names = without(border, &BORDER).union(package).cloned().collect();
    let here = web.difference(&shown).map(|name| format!("only TypeScript: {name}"));
    let own = without(&shown, &OWN);
    let there = own.difference(&web).map(|name| format!("not TypeScript: {name}"));
    here.chain(there).collect()
}

fn packages() -> [(&'static str, Names); 3] {
    let kotlin = text("mobile-bindings/kotlin/src/main/kotlin/cn/zhicha/Zhicha.kt");
    let swift = text("mobile-bindings/swift/Sources/Zhicha/Zhicha.swift");
    let python = text("mobile-bindings/python/zhicha/device.py");
    let python = python.split("class Device(").nth(1).unwrap_or_default();
    let fun = ["    suspend fun ", "    override fun ", "    fun ", "    val "];
    let func = ["    public func ", "    public static func ", "    public var "];
    [
        ("Kotlin", declared(&kotlin, &fun)),
        ("Swift", declared(class(&swift, "public final class Zhicha"), &func)),
        ("Python", without(&declared(python, &["    def "]), &["_carry", "_send_next"])),
    ]
}

#[test]
fn every_language_offers_the_same_names() {
    let (web, border) = (typescript(), border());
    assert!(web.len() > 45 && border.len() > 45, "{} and {}", web.len(), border.len());
    for (language, package) in packages() {
        assert_eq!(differences(&web, &border, &package), Vec::<String>::new(), "{language}");
    }
}

#[test]
fn a_name_that_one_side_lacks_is_found() {
    let (web, border) = (typescript(), border());
    for (language, package) in packages() {
        for name in without(&web, &BROWSER) {
            let fewer = without(&web, &[&name]);
            let found = differences(&fewer, &border, &package);
            if !OWN.contains(&name.as_str()) {
                assert_eq!(found, [format!("not TypeScript: {name}")], "{language}");
            }
            let (border, package) = (without(&border, &[&name]), without(&package, &[&name]));
            let found = differences(&web, &border, &package);
            assert_eq!(found, [format!("only TypeScript: {name}")], "{language}");
        }
    }
}

#[test]
fn what_a_person_can_state_has_a_call_in_a_file_of_its_name() {
    let rooms = ["visit", "notice", "numbers", "paper"];
    let kinds = rooms.map(|room| files(&format!("sync-core/src/act/{room}")));
    let kinds: Names = kinds.into_iter().flatten().collect();
    // The server alone states these.
    let by_server =
        ["issue", "assign_deadline", "recount_deadline", "lease_numbers", "issue_papers"];
    let mut by_people = without(&without(&kinds, &by_server), &["mod", "names", "due"]);
    by_people.insert("capture".to_owned());
    assert_eq!(without(&files("ffi/src/act"), &["mod"]), by_people);
    let listed = text("ffi/src/act/mod.rs");
    for kind in by_people {
        assert!(listed.contains(&format!("mod {kind};")), "ffi/src/act/mod.rs lacks {kind}");
        let calls = declared(&text(&format!("ffi/src/act/{kind}.rs")), &["    pub fn "]);
        assert!(calls.iter().any(|call| call.starts_with(&kind)), "{kind}: {calls:?}");
    }
}

#[test]
fn every_id_is_a_type_of_its_own_in_every_language() {
    let ids = text("ffi/src/ids.rs");
    let ids = ids.split("\ntext! {").nth(1).and_then(|it| it.split('}').next()).unwrap_or_default();
    let ids: Vec<&str> = ids.split([',', '\n', ' ']).filter(|it| !it.is_empty()).collect();
    assert!(ids.contains(&"NoticeId") && ids.contains(&"SeriesId"), "{ids:?}");
    let settings = text("ffi/uniffi.toml");
    // A date and a digest are what a language has for them.
    for id in ids.iter().filter(|it| it.ends_with("Id")) {
        for language in ["kotlin", "swift", "python"] {
            let own = format!("[bindings.{language}.custom_types.{id}]");
            assert!(settings.contains(&own), "{own} is missing in ffi/uniffi.toml");
        }
    }
}

#[test]
fn every_package_tells_what_changed() {
    for (language, package) in packages() {
        assert!(package.contains("changes") || package.contains("on_change"), "{language}");
    }
    assert!(
        text("mobile-bindings/web/src/index.ts").contains("onChange?: (parts: Changed[]) => void")
    );
}
