//! A folder of an earlier version, server and devices: it opens, everything stands as it stood, what the
//! devices had not sent arrives, and work goes on.
//!
//! Statements are read from `fixtures/frozen/folder-0.2/expected.json`, so that this test names no type
//! that may move.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use e2e::office::OfficeClient;
use e2e::phone::Phone;
use e2e::play::{deliver, until};
use e2e::stored::{at_server, on_phone};
use e2e::town::{Town, fixtures};
use serde_json::Value;
use server::clock::ServerClock;

const SUPERVISOR: &str = "hetong";
const SECOND: &str = "zhuduyan";

/// Requests after which what the server does on its own counts as not done.
const ATTEMPTS: usize = 4_000;

fn unpack(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            unpack(&path, &target);
        } else if path.extension().is_some_and(|it| it == "gz") {
            let mut bytes = Vec::new();
            let packed = std::fs::File::open(&path).expect("a file");
            flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).expect("unpacked");
            std::fs::write(target.with_extension(""), bytes).expect("a file");
        } else {
            std::fs::copy(&path, target).expect("a copy");
        }
    }
}

/// A stored folder with its server running and its devices open.
struct Stored {
    expected: Value,
    town: Town,
    phones: BTreeMap<String, Phone>,
    _folder: tempfile::TempDir,
}

impl Stored {
    fn open() -> Self {
        let archive: PathBuf = fixtures().join("frozen/folder-0.2");
        let text = std::fs::read(archive.join("expected.json")).expect("what is expected");
        let expected: Value = serde_json::from_slice(&text).expect("JSON");
        let folder = tempfile::tempdir().expect("a folder");
        unpack(&archive, folder.path());
        let now = serde_json::from_value(expected["now"].clone()).expect("an instant");
        let mut town =
            Town::stored(folder.path(), ServerClock::standing_at(now)).expect("the server starts");
        let devices = expected["devices"].as_object().expect("devices");
        let phones = devices.keys().map(|name| {
            let phone = town.phone_in(&folder.path().join(name)).expect("the device opens");
            (name.clone(), phone)
        });
        let phones = phones.collect();
        Self { expected, town, phones, _folder: folder }
    }

    fn office(&self, name: &str) -> OfficeClient {
        let password = self.expected["passwords"][name].as_str().expect("a password");
        OfficeClient::with_password(&self.town.address, name, password)
    }

    fn at_server(&self, office: &OfficeClient) -> Value {
        let cases = self.expected["server"]["stored"].as_object().expect("cases");
        at_server(office, cases.keys().map(String::as_str))
    }

    fn deliver(&mut self) {
        for (name, phone) in &mut self.phones {
            deliver(phone).unwrap_or_else(|refusal| panic!("{name} delivers: {refusal}"));
        }
    }
}

#[test]
fn everything_stands_as_it_stood_when_the_folder_was_stored() {
    let stored = Stored::open();
    assert_eq!(stored.at_server(&stored.office(SUPERVISOR)), stored.expected["server"]["stored"]);
    let waiting = stored.office(SUPERVISOR).get("/api/v1/quarantine").json;
    let waiting = waiting["rows"].as_array().map_or(0, Vec::len);
    assert_eq!(waiting, stored.expected["quarantined"], "items in quarantine");
    for (name, phone) in &stored.phones {
        let shown = on_phone(phone).expect("what the device shows");
        assert_eq!(shown, stored.expected["devices"][name]["stored"], "{name}");
    }
}

#[test]
fn what_the_devices_had_not_sent_arrives_and_counts() {
    let mut stored = Stored::open();
    stored.deliver();
    let office = stored.office(SUPERVISOR);
    let expected = stored.expected["server"]["delivered"].clone();
    let arrived = (0..ATTEMPTS).any(|_| stored.at_server(&office) == expected);
    assert!(arrived, "{:#} differs from {expected:#}", stored.at_server(&office));
    for (name, phone) in &mut stored.phones {
        let expected = &stored.expected["devices"][name]["delivered"];
        let number = expected["notices"].as_object().expect("notices").len();
        until(phone, "all notices", |phone| Ok(phone.device.notices()?.len() == number))
            .expect("the notices come");
        let mut shown = on_phone(phone).expect("what the device shows");
        // The notice that follows from a signature delivered here is new each time.
        without_new_notice(&mut shown, &stored.expected["server"]["stored"]);
        let mut expected = expected.clone();
        without_new_notice(&mut expected, &stored.expected["server"]["stored"]);
        assert_eq!(shown, expected, "{name}");
    }
    let draft = &stored.expected["draft"];
    let id = serde_json::from_value(draft["inspection"].clone()).expect("an inspection");
    let shown =
        stored.phones[SECOND].device.inspection(id).expect("the draft").expect("known").draft;
    assert_eq!(shown.hazards.len(), draft["hazards"], "hazards of the draft on the other phone");
    assert_eq!(shown.answers.len(), draft["answers"], "answers of the draft on the other phone");
}

fn without_new_notice(shown: &mut Value, stored: &Value) {
    let notices = shown["notices"].as_object_mut().expect("notices");
    notices.retain(|id, _| !stored[format!("notice/{id}")].is_null());
}

#[test]
fn each_device_states_a_step_that_is_open_to_it() {
    let mut stored = Stored::open();
    stored.deliver();
    let office = stored.office(SUPERVISOR);
    for (name, phone) in &mut stored.phones {
        let next = &stored.expected["devices"][name]["next"];
        phone.sync().expect("news");
        if let Some(step) = next["step"].as_str() {
            let hazard = &next["statement"]["body"]["hazard"];
            assert!(is_offered(phone, step, hazard), "{name} is offered {step}");
        }
        let statement = serde_json::from_value(next["statement"].clone()).expect("a statement");
        let fact =
            phone.device.state(statement).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        deliver(phone).expect("it is delivered");
        assert_eq!(phone.device.standing().expect("the outbox").refused, 0, "{name}");
        let case = next["case"].as_str().expect("a case");
        let shown = office.get(&format!("/api/v1/cases/{case}")).json;
        let facts = shown["entries"].as_array().expect("facts").iter();
        assert!(facts.map(|it| &it["fact"]).any(|it| *it == fact.to_string()), "{name}: {fact}");
    }
}

/// Whether a device offers a step with a hazard, or with any hazard where none is named.
fn is_offered(phone: &Phone, step: &str, hazard: &Value) -> bool {
    let views = serde_json::to_value(phone.device.notices().expect("notices")).expect("JSON");
    let views = views.as_array().expect("notices").iter();
    views.flat_map(|view| view["hazards"].as_array().expect("hazards")).any(|it| {
        let offers = it["offers"].as_array().expect("offers");
        (hazard.is_null() || it["hazard"] == *hazard) && offers.iter().any(|it| it["step"] == *step)
    })
}
