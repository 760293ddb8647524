//! The types of the TypeScript package are those of the core: `src/types` is written from the serde forms, one file for
//! each room. Its calls that state something are those of the border for other languages: `src/acts.ts` is written
//! from `ffi/src/act`. `UPDATE=1 cargo test -p web` renews the files.

use std::any::{TypeId, type_name};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use device::{
    Changed, Conflict, HistoryEntry, InspectionView, LeasedNumbers, NoticeRow, NoticeView,
    NumbersView, Outbox, Page, PaperPage, Parallel, PhotoMeta, Progress, Standing, StreamAbout,
    SyncReport, TakenFrame, Task, Words, Worklist,
};
use sync_core::document::PaperRow;
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::law::ClauseReading;
use sync_core::wire::{
    api, api_accounts as accounts, api_office as office, problem::Problem, report,
};
use ts_rs::{Config, TS, TypeVisitor};
use web::Call;

const HEAD: &str = "// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.\n";
const CALLS_HEAD: &str =
    "// Written from `ffi/src/act` by a test (`UPDATE=1 cargo test -p web`). Do not edit.\n";

/// Rooms of the core whose types have a file of their own; those of smaller rooms lie together.
const ROOMS: &[&str] = &["act", "case", "domain", "draft", "sync", "wire"];
const REST: &str = "core";

/// Declarations by room and name, each once.
struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    by_room: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declared = format!("{docs}export {}", T::decl(&self.config));
            let room = self.by_room.entry(room(type_name::<T>())).or_default();
            room.insert(T::ident(&self.config), short(&declared));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The room of a type by its path, such as `sync_core::act::visit::Arrival`.
fn room(path: &'static str) -> &'static str {
    let mut parts = path.split("::");
    match (parts.next(), parts.next()) {
        (Some("sync_core"), Some(room)) if ROOMS.contains(&room) => room,
        (Some("device"), _) => "device",
        (Some("web"), _) => "call",
        _ => REST,
    }
}

/// Words of a declaration outside of its comments and texts.
fn words(declared: &str) -> BTreeSet<&str> {
    let code = declared.split("/**").enumerate().map(|(n, part)| {
        if n == 0 { part } else { part.split_once("*/").map_or("", |(_, code)| code) }
    });
    let bare = code.flat_map(|it| it.split('"').step_by(2));
    bare.flat_map(|it| it.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .collect()
}

/// Each file of `src/types` with its text: what it takes from the others, what it declares.
fn files(by_room: &BTreeMap<&'static str, BTreeMap<String, String>>) -> Vec<(String, String)> {
    let home: HashMap<&str, &str> = by_room
        .iter()
        .flat_map(|(room, types)| types.keys().map(move |name| (name.as_str(), *room)))
        .collect();
    let count: usize = by_room.values().map(BTreeMap::len).sum();
    assert_eq!(home.len(), count, "two types of one name");
    let mut files: Vec<(String, String)> = by_room
        .iter()
        .map(|(room, types)| {
            let mut taken: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for word in types.values().flat_map(|it| words(it)) {
                if let Some(other) = home.get(word).filter(|it| *it != room) {
                    taken.entry(other).or_default().insert(word);
                }
            }
            let taken: Vec<String> = taken
                .into_iter()
                .map(|(room, names)| {
                    let names: Vec<&str> = names.into_iter().collect();
                    format!("import type {{ {} }} from './{room}.js';\n", names.join(", "))
                })
                .collect();
            let declared: Vec<&str> = types.values().map(String::as_str).collect();
            let text = format!("{HEAD}{}\n{}\n", taken.concat(), declared.join("\n\n"));
            (format!("types/{room}.ts"), text)
        })
        .collect();
    let every: Vec<String> =
        by_room.keys().map(|room| format!("export * from './types/{room}.js';\n")).collect();
    files.push(("types.ts".to_owned(), format!("{HEAD}{}", every.concat())));
    files
}

fn written() -> Vec<(String, String)> {
    let config = Config::new().with_large_int("number");
    let mut all = Declarations { config, seen: HashSet::new(), by_room: BTreeMap::new() };
    all.visit::<Call>();
    // Answers of calls.
    all.visit::<Person>();
    all.visit::<Catalogue>();
    all.visit::<ClauseReading>();
    all.visit::<Words>();
    all.visit::<Task>();
    all.visit::<InspectionView>();
    all.visit::<NoticeView>();
    all.visit::<LeasedNumbers>();
    all.visit::<NumbersView>();
    all.visit::<Page<NoticeRow>>();
    all.visit::<Worklist>();
    all.visit::<StreamAbout>();
    all.visit::<Parallel>();
    all.visit::<Conflict>();
    all.visit::<HistoryEntry>();
    all.visit::<PaperRow>();
    all.visit::<PaperPage>();
    all.visit::<Changed>();
    all.visit::<Outbox>();
    all.visit::<Standing>();
    all.visit::<TakenFrame>();
    all.visit::<PhotoMeta>();
    all.visit::<Progress>();
    all.visit::<SyncReport>();
    all.visit::<Problem>();
    // Bodies of the server's JSON interface, for desks.
    all.visit::<api::AccountRow>();
    all.visit::<api::DeviceRow>();
    all.visit::<api::NewAccount>();
    all.visit::<api::Revoke>();
    all.visit::<api::Revoked>();
    all.visit::<accounts::AuditQuery>();
    all.visit::<accounts::AuditPage>();
    all.visit::<accounts::SessionRow>();
    all.visit::<accounts::SessionEnded>();
    all.visit::<accounts::ChangePassword>();
    all.visit::<accounts::PasswordChanged>();
    all.visit::<accounts::PasswordReset>();
    all.visit::<accounts::AccountReason>();
    all.visit::<accounts::RestoreProposal>();
    all.visit::<office::HazardQuery>();
    all.visit::<office::HazardPage>();
    all.visit::<office::CaseTimeline>();
    all.visit::<office::SetAsidePage>();
    all.visit::<office::QuarantinePage>();
    all.visit::<office::QuarantineDecision>();
    all.visit::<report::ReportEntry>();
    all.visit::<report::Sheet>();
    all.visit::<report::SheetFile>();
    all.visit::<report::FileFormat>();
    files(&all.by_room)
}

/// A declaration in one line below its comment; comments of fields beside their fields.
fn short(declared: &str) -> String {
    let (head, body) = declared.split_once("export ").unwrap_or(("", declared));
    let head = head.replace("/**\n * ", "/** ").replace("\n */\n", " */");
    let body = body.replace("/**\n * ", "/** ").replace("\n * ", " ").replace("\n */\n", " */ ");
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    format!("{head}\nexport {}", lines.join(" ")).trim_start().to_owned()
}

/// A call of the border that states a body as it is: its comment, its name, the body's type and the kind.
fn call(text: &str) -> Option<[String; 4]> {
    let (before, after) = text.split_once("    pub fn ")?;
    let comment: Vec<&str> = before
        .lines()
        .filter_map(|line| line.strip_prefix("    /// "))
        .take_while(|line| *line != "# Errors")
        .collect();
    let (name, rest) = after.split_once("(&self, ")?;
    let (arguments, rest) = rest.split_once(')')?;
    let (argument, body) = arguments.split_once(": ")?;
    let stated = rest.split_once("Statement::")?.1;
    let (kind, stated) = stated.split_once('(')?;
    stated
        .starts_with(&format!("{argument})"))
        .then(|| [comment.join(" "), camel(name), body.to_owned(), snake(kind)])
}

/// `close_hazard` as `closeHazard`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(1);
        format!("{name}{}{tail}", head.to_uppercase())
    })
}

/// `ClosureDecided` as `closure_decided`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

fn calls() -> String {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../../ffi/src/act");
    let files = std::fs::read_dir(folder).expect("the border").flatten();
    let mut texts: Vec<(PathBuf, String)> =
        files.map(|it| (it.path(), std::fs::read_to_string(it.path()).expect("a text"))).collect();
    texts.sort();
    let calls: Vec<[String; 4]> = texts.iter().filter_map(|(_, text)| call(text)).collect();
    let mut types: Vec<&str> = calls.iter().map(|[_, _, body, _]| body.as_str()).collect();
    types.push("Statement");
    types.sort_unstable();
    let methods: Vec<String> = calls
        .iter()
        .map(|[comment, name, body, kind]| {
            format!(
                "  /** {comment} */\n  {name}(body: {body}): Promise<string> {{\n    return this.state({{ kind: '{kind}', body }});\n  }}\n"
            )
        })
        .collect();
    format!(
        "{CALLS_HEAD}import type {{ {} }} from './types.js';\n\n/** What a person states, one call for each kind. Gives the id of the fact. */\nexport abstract class Acts {{\n  /** States something. */\n  abstract state(statement: Statement): Promise<string>;\n\n{}}}\n",
        types.join(", "),
        methods.join("\n"),
    )
}

/// Compares a file of the package with what it should be, or renews it.
fn is(file: &str, written: &str) {
    let path = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("src")
        .join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder"))
            .expect("the folder of the package");
        std::fs::write(&path, written).expect("the folder of the package");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == written, "src/{file} is stale: UPDATE=1 cargo test -p web");
}

#[test]
fn the_types_of_the_package_are_those_of_the_core() {
    let files = written();
    for (file, text) in &files {
        is(file, text);
    }
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let stored = std::fs::read_dir(folder.join("src/types")).expect("the folder").count();
    assert_eq!(
        stored + 1,
        files.len(),
        "src/types holds a file of a room that is not there any more"
    );
}

#[test]
fn what_a_person_states_has_a_call_for_each_kind() {
    is("acts.ts", &calls());
}
