//! The types of the TypeScript package are those of the core: `src/types.ts` is written from the serde forms.
//! `UPDATE=1 cargo test -p web` renews the file.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use device::{
    Changed, Conflict, Desk, HistoryEntry, InspectionView, NoticeRow, NoticeView, Outbox, Page,
    Parallel, PhotoMeta, Progress, Standing, StreamAbout, SyncReport, Task, Words,
};
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Catalogue;
use sync_core::wire::{api, api_office as office, problem::Problem};
use ts_rs::{Config, TS, TypeVisitor};
use web::Call;

const HEAD: &str = "// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.\n";

/// Declarations by name, each once.
struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declared = format!("{docs}export {}", T::decl(&self.config));
            self.by_name.insert(T::ident(&self.config), short(&declared));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn written() -> String {
    let config = Config::new().with_large_int("number");
    let mut all = Declarations { config, seen: HashSet::new(), by_name: BTreeMap::new() };
    all.visit::<Call>();
    // Answers of calls.
    all.visit::<Person>();
    all.visit::<Catalogue>();
    all.visit::<Words>();
    all.visit::<Task>();
    all.visit::<InspectionView>();
    all.visit::<NoticeView>();
    all.visit::<Page<NoticeRow>>();
    all.visit::<Desk>();
    all.visit::<StreamAbout>();
    all.visit::<Parallel>();
    all.visit::<Conflict>();
    all.visit::<HistoryEntry>();
    all.visit::<Changed>();
    all.visit::<Outbox>();
    all.visit::<Standing>();
    all.visit::<PhotoMeta>();
    all.visit::<Progress>();
    all.visit::<SyncReport>();
    all.visit::<Problem>();
    // Bodies of the server's JSON interface, for desks.
    all.visit::<api::AccountRow>();
    all.visit::<api::DeviceRow>();
    all.visit::<api::NewAccount>();
    all.visit::<api::Revoke>();
    all.visit::<office::HazardQuery>();
    all.visit::<office::HazardPage>();
    all.visit::<office::CaseTimeline>();
    all.visit::<office::QuarantinePage>();
    all.visit::<office::QuarantineDecision>();
    all.visit::<office::WeeklyReport>();
    let declarations: Vec<String> = all.by_name.into_values().collect();
    format!("{HEAD}\n{}\n", declarations.join("\n\n"))
}

/// A declaration in one line below its comment; comments of fields beside their fields.
fn short(declared: &str) -> String {
    let (head, body) = declared.split_once("export ").unwrap_or(("", declared));
    let head = head.replace("/**\n * ", "/** ").replace("\n */\n", " */");
    let body = body.replace("/**\n * ", "/** ").replace("\n * ", " ").replace("\n */\n", " */ ");
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    format!("{head}\nexport {}", lines.join(" ")).trim_start().to_owned()
}

#[test]
fn the_types_of_the_package_are_those_of_the_core() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/types.ts");
    let written = written();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).expect("the folder of the package");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == written, "src/types.ts is stale: UPDATE=1 cargo test -p web");
}
