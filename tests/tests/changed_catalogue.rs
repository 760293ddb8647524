//! Checklists change while a draft is open without signal: it opens, validates and is sealed under its own version.

use std::fs;
use std::path::{Path, PathBuf};

use e2e::play::{Pictures, Play};
use e2e::town::{Town, fixtures};
use serde_json::Value;

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

/// Reference data under another version, without the first item of each checklist.
fn changed(folder: &Path, version: &str) -> PathBuf {
    let place = folder.join(version);
    for part in ["towns", "checklists"] {
        fs::create_dir_all(place.join(part)).expect("a folder");
        for entry in fs::read_dir(fixtures().join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let mut file = json(&path);
            match file.get_mut("items").and_then(Value::as_array_mut) {
                Some(items) => drop(items.remove(0)),
                None => file["version"] = version.into(),
            }
            let name = path.file_name().expect("a name");
            fs::write(place.join(part).join(name), file.to_string()).expect("written");
        }
    }
    for part in ["calendars", "laws"] {
        std::os::unix::fs::symlink(fixtures().join(part), place.join(part)).expect("a link");
    }
    place
}

#[test]
fn a_draft_is_sealed_under_the_catalogue_under_which_it_was_begun() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::process(folder.path(), "127.0.0.1:0").expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("planned");
    let begun = play.wang.device.catalogue().clone();
    play.visit_without_signal().expect("visited");

    let visit = play.inspection;
    for (version, step) in [("second", 0), ("third", 1)] {
        play.town.publish(&changed(folder.path(), version)).expect("published");
        match step {
            0 => play.return_in_a_storm().expect("everything arrives"),
            _ => drop(play.wang.sync().expect("an exchange")),
        }
        let newest = play.wang.device.catalogue();
        assert_eq!(newest.version, version);
        assert_ne!(newest.checklists, begun.checklists);
        assert_eq!(play.wang.device.catalogue_of(visit).expect("kept"), begun);
        let other = sync_core::id::InspectionId::from_entropy([7; 16]);
        assert_eq!(play.wang.device.catalogue_of(other).expect("the newest").version, version);
    }

    play.decide_and_sign().expect("sealed");
    let view = play.wang.device.inspection(visit).expect("an inspection").expect("it is known");
    assert_eq!(view.case.seal().expect("a seal").body.catalogue, begun.version);
    play.notice().expect("a notice");

    // The record is read under the version that it names as long as it is here.
    play.town.publish(&changed(folder.path(), "fourth")).expect("published");
    play.wang.sync().expect("an exchange");
    assert_eq!(play.wang.device.catalogue().version, "fourth");
    assert_eq!(play.wang.device.catalogue_of(visit).expect("kept"), begun);
}

#[test]
fn a_new_version_names_the_open_cases_that_cite_what_it_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::process(folder.path(), "127.0.0.1:0").expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("planned");
    play.visit_without_signal().expect("visited");
    play.return_in_a_storm().expect("everything arrives");
    play.decide_and_sign().expect("sealed");
    play.notice().expect("a notice");

    let mut document = json(&fixtures().join("laws/documents/AQF.json"));
    let clauses = document["editions"][0]["clauses"].as_array_mut().expect("clauses");
    let cited = clauses.iter_mut().find(|it| it["clause"] == "第四十二条第二款").expect("cited");
    cited["gist"] = "出口和通道须保持畅通。".into();
    let file = folder.path().join("AQF.json");
    fs::write(&file, document.to_string()).expect("written");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (data, now) = (folder.path().join("server"), server::clock::ServerClock::System.now());
    let asked = runtime.block_on(server::usecase::import::run(&data, &[file], now, true));
    let asked = asked.expect("it can be taken");
    assert_eq!(asked.changes.len(), 1);
    assert_eq!(asked.touched.len(), 1, "{:?}", asked.touched);
    assert!(asked.touched[0].number.is_some());
    assert_eq!(asked.touched[0].clauses.len(), 1);
    assert_eq!(asked.touched[0].clauses[0].clause, "第四十二条第二款");
}
