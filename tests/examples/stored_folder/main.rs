//! Makes a stored folder: the data of a server and of four devices with cases at every stage, and
//! `expected.json` with how everything stands. `cargo run -p e2e --example stored_folder -- FOLDER`
//!
//! Statements and edits are JSON, so that this program says nothing of where their types live.
//! `fixtures/frozen/README.md` says when a folder is made and that it is never changed.

mod scene;
mod story;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use e2e::office::OfficeClient;
use e2e::phone::Phone;
use e2e::play::{deliver, until};
use e2e::town::{Town, fixtures};
use scene::{
    ADMINISTRATOR, Done, ENTERPRISE, ITEMS, LEAD, OTHER_ENTERPRISE, REVOKED, SECOND, SUPERVISOR,
    Story, hazards_of, known,
};
use serde_json::{Value, json};
use server::clock::ServerClock;
use sync_core::time::Timestamp;

/// The devices that are stored.
const DEVICES: [&str; 4] = [LEAD, SECOND, SUPERVISOR, ENTERPRISE];
const PEOPLE: [&str; 9] = [
    SUPERVISOR,
    LEAD,
    SECOND,
    REVOKED,
    "linmu",
    "guowei",
    ADMINISTRATOR,
    ENTERPRISE,
    OTHER_ENTERPRISE,
];

/// Keeps the entries of an array for which `keep` holds.
fn retain(list: &mut Value, keep: impl Fn(&Value) -> bool) {
    if let Some(list) = list.as_array_mut() {
        list.retain(|entry| keep(entry));
    }
}

fn is_one_of(value: &Value, names: &[&str]) -> bool {
    value.as_str().is_some_and(|it| names.contains(&it))
}

/// A small zone cut out of the repository's: two departments, three enterprises, nine people.
fn small_zone(folder: &Path) -> Done {
    let read = |path: &str| -> Done<Value> {
        Ok(serde_json::from_slice(&std::fs::read(fixtures().join(path))?)?)
    };
    let write = |path: &str, value: &Value| -> Done {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        Ok(std::fs::write(path, serde_json::to_vec(value)?)?)
    };
    let mut zone = read("towns/zaozhuang.json")?;
    retain(&mut zone["departments"], |it| {
        is_one_of(&it["id"], &["yingji", "xiaofang", "anweiban"])
    });
    retain(&mut zone["people"], |it| is_one_of(&it["username"], &PEOPLE));
    if let Some(enterprises) = zone["enterprises"].as_array_mut() {
        enterprises.truncate(3);
    }
    write("towns/zaozhuang.json", &zone)?;
    for name in ["LB", "GM", "ZT"] {
        let mut list = read(&format!("checklists/{name}.json"))?;
        if let Some(items) = list["items"].as_array_mut() {
            items.truncate(ITEMS);
        }
        write(&format!("checklists/{name}.json"), &list)?;
    }
    for entry in std::fs::read_dir(fixtures().join("laws/documents"))? {
        let path = format!("laws/documents/{}", entry?.file_name().to_string_lossy());
        write(&path, &read(&path)?)?;
    }
    write("calendars/2026.json", &read("calendars/2026.json")?)?;
    Ok(())
}

fn main() -> Done {
    let target = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let work = tempfile::tempdir()?;
    let zone = work.path().join("zone");
    small_zone(&zone)?;
    let enterprises: Value =
        serde_json::from_slice(&std::fs::read(zone.join("towns/zaozhuang.json"))?)?;
    // A Monday morning in the zone.
    let start = Timestamp::from_millis(1_793_581_200_000);
    let town = Town::of_zone(work.path(), ServerClock::standing_at(start), &zone)?;
    let mut story = Story {
        town,
        phones: BTreeMap::new(),
        enterprises: enterprises["enterprises"].as_array().cloned().unwrap_or_default(),
        pictures: 0,
    };
    for who in [LEAD, SECOND, REVOKED, SUPERVISOR, ENTERPRISE, OTHER_ENTERPRISE] {
        let phone = story.town.phone(who)?;
        story.phones.insert(who, phone);
    }
    let recorded = story::tell(&mut story)?;
    write(&target, work.path(), story, &recorded)
}

fn is_journal(path: &Path) -> bool {
    let extension = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    matches!(extension, "db-journal" | "db-shm" | "db-wal")
}

/// Copies a folder whose databases are closed: journals beside them hold nothing that counts.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if is_journal(&target) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.path().extension().is_some_and(|it| it == "db") {
            let packed = std::fs::File::create(target.with_extension("db.gz"))?;
            let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
            std::io::copy(&mut std::fs::File::open(entry.path())?, &mut packed)?;
            packed.finish()?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Writes the folder: everything as it lies on disk, then how it stands before and after the devices have
/// delivered what they hold.
fn write(target: &Path, work: &Path, mut story: Story, recorded: &Value) -> Done {
    let names = recorded["cases"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<&str> = names.collect();
    let at_server = |town: &Town| {
        e2e::stored::at_server(&OfficeClient::of(town, SUPERVISOR), names.iter().copied())
    };
    let stored = at_server(&story.town);
    let mut devices = BTreeMap::new();
    story.phones.retain(|who, _| DEVICES.contains(who));
    let [notice, hazard] = ["notice", "hazard"].map(|key| recorded["extended"][key].as_str());
    let (notice, hazard) = notice.zip(hazard).ok_or("no extension")?;
    let last_day = |phone: &Phone| {
        hazards_of(phone, notice).remove(hazard).map(|it| it["deadline"]["date"].clone())
    };
    let first_day = last_day(story.phone(LEAD)?);
    for (who, phone) in &story.phones {
        devices.insert(*who, json!({"stored": e2e::stored::on_phone(phone)?}));
    }
    let folders: BTreeMap<&str, PathBuf> =
        story.phones.iter().map(|(who, phone)| (*who, phone.folder().to_owned())).collect();
    let accounts = std::mem::take(&mut story.town.accounts);
    let passwords: BTreeMap<String, String> =
        accounts.iter().map(|(name, it)| (name.clone(), it.password.clone())).collect();
    let clock = story.town.clock.clone();
    drop(story);
    copy(&work.join("server"), &target.join("server"))?;
    for (who, folder) in &folders {
        copy(folder, &target.join(who))?;
    }

    let mut town = Town::stored(work, clock.clone())?;
    town.accounts = accounts;
    let mut phones = BTreeMap::new();
    for (who, folder) in &folders {
        phones.insert(*who, town.phone_in(folder)?);
    }
    for phone in phones.values_mut() {
        deliver(phone)?;
    }
    let lead = phones.get_mut(LEAD).ok_or("no lead")?;
    until(lead, "the last notice", |phone| Ok(known(phone) == 5))?;
    until(lead, "the later deadline", |phone| Ok(last_day(phone) != first_day))?;
    for (who, phone) in &mut phones {
        phone.sync()?;
        if let Some(device) = devices.get_mut(who) {
            device["delivered"] = e2e::stored::on_phone(phone)?;
            device["next"] = recorded["next"][*who].clone();
        }
    }
    let inspection = serde_json::from_value(recorded["draft"].clone())?;
    let draft = phones
        .get(SECOND)
        .ok_or("no second")?
        .device
        .inspection(inspection)?
        .ok_or("no draft")?
        .draft;
    let expected = json!({
        "now": clock.now(),
        "passwords": passwords,
        "server": {"stored": stored, "delivered": at_server(&town)},
        "quarantined": 1,
        "draft": {
            "inspection": recorded["draft"], "hazards": draft.hazards.len(), "answers": draft.answers.len(),
        },
        "devices": devices,
    });
    let text = serde_json::to_string_pretty(&expected)? + "\n";
    Ok(std::fs::write(target.join("expected.json"), text)?)
}
