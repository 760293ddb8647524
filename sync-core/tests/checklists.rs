//! The check items of `fixtures/checklists` can be proposed as they stand.

use std::path::{Path, PathBuf};

use sync_core::domain::catalogue::{CheckItem, Checklist};
use sync_core::limits;

fn items() -> Vec<CheckItem> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../fixtures/checklists");
    let files = std::fs::read_dir(folder).expect("the folder");
    let read = |path: &Path| std::fs::read_to_string(path).expect("a file");
    let lists = files.map(|file| {
        let text = read(&file.expect("an entry").path());
        serde_json::from_str::<Checklist>(&text).expect("a checklist")
    });
    lists.flat_map(|list| list.items).collect()
}

#[test]
fn a_failed_item_proposes_a_finding_and_no_question() {
    let items = items();
    assert!(items.len() > 100, "{}", items.len());
    for it in items {
        let (code, finding) = (&it.code, &it.finding);
        assert!(limits::text("finding", finding, limits::TEXT_CHARS).is_ok(), "{code}");
        assert!(!finding.contains("是否") && !finding.contains(['?', '？']), "{code}: {finding}");
        assert_ne!(*finding, it.what, "{code}");
    }
}
