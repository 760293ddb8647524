//! A phone dies at any write of a visit: what it had called saved is there, and the visit goes on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use device::PhotoMeta;
use e2e::phone::Phone;
use e2e::photo::{self, Scene};
use e2e::play::{Pictures, Play};
use e2e::town::Town;
use e2e::weather::{Network, Weather};
use server::clock::ServerClock;
use sync_core::Refusal;
use sync_core::act::state::InspectionState;
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::Verdict;
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, MeasureDraft};
use sync_core::id::{HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;

const HAZARD: HazardId = HazardId::from_bytes([5; 16]);

/// One step of the visit.
type Step = fn(&mut Phone, InspectionId) -> Result<(), Refusal>;

fn arrive(phone: &mut Phone, inspection: InspectionId) -> Result<(), Refusal> {
    phone.arrive(inspection).map(drop)
}

fn answer(phone: &mut Phone, inspection: InspectionId) -> Result<(), Refusal> {
    let (verdict, note) = (Verdict::Fail, "未设置".to_owned());
    phone.device.edit(inspection, Edit::Answer { item: "LB-01".parse()?, verdict, note })
}

fn add(phone: &mut Phone, inspection: InspectionId) -> Result<(), Refusal> {
    let draft = HazardDraft {
        item: None,
        description: "通道堵塞".to_owned(),
        place: "一号仓库".to_owned(),
        basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
        grade: Grade::General,
        criterion: None,
        measure: MeasureDraft::Rectify(Term::natural(15)),
        found_by: phone.device.person()?.id,
    };
    phone.device.edit(inspection, Edit::AddHazard { hazard: HAZARD, draft })
}

fn picture() -> Vec<u8> {
    photo::draw(Scene::Blocked, 77, 160, 120, 80)
}

fn shoot(phone: &mut Phone, inspection: InspectionId) -> Result<(), Refusal> {
    let meta = PhotoMeta {
        purpose: Purpose::Found,
        hazard: Some(HAZARD),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    };
    phone.device.capture(StreamId::inspection(inspection), meta, &picture()).map(drop)
}

fn attach(phone: &mut Phone, inspection: InspectionId) -> Result<(), Refusal> {
    let blob = sync_core::id::Digest::of(&picture());
    let purpose = Purpose::Found;
    phone.device.edit(inspection, Edit::AttachPhoto { hazard: HAZARD, blob, purpose })
}

fn seal(phone: &mut Phone, inspection: InspectionId) -> Result<(), Refusal> {
    phone.seal(inspection).map(drop)
}

/// What each step leaves behind, as a later start of the app sees it.
fn is_done(phone: &Phone, inspection: InspectionId, step: usize) -> bool {
    let view = phone.device.inspection(inspection).expect("the visit").expect("it is known");
    let hazard = view.draft.hazards.get(&HAZARD);
    let blob = sync_core::id::Digest::of(&picture());
    match step {
        0 => !view.arrived.is_empty(),
        1 => view.draft.answers.contains_key(&"LB-01".parse().expect("an item")),
        2 => hazard.is_some_and(|hazard| hazard.description.is_some()),
        3 => {
            let file = phone.device.photo(blob).and_then(|path| std::fs::read(path).ok());
            sync_core::act::capture::first_purpose(&view.case, &blob).is_some()
                && file == Some(picture())
        }
        4 => hazard.is_some_and(|hazard| hazard.photos.contains_key(&blob)),
        _ => view.state == InspectionState::Sealed,
    }
}

const STEPS: [Step; 6] = [arrive, answer, add, shoot, attach, seal];

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Carries the visit out until the `limit`th write, at which the phone dies; gives how many steps
/// it had called done, and whether it died.
fn until_write(
    folder: &Path,
    clock: &ServerClock,
    visit: InspectionId,
    limit: usize,
) -> (usize, bool) {
    let writes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&writes);
    let gate = Arc::new(move || count.fetch_add(1, Ordering::SeqCst) < limit);
    let away = Network::new(String::new(), 1);
    away.turn(Weather::Away);
    let Ok(mut phone) = Phone::open_with(folder, clock.clone(), away, gate) else {
        return (0, true);
    };
    for (done, step) in STEPS.iter().enumerate() {
        if step(&mut phone, visit).is_err() {
            return (done, true);
        }
    }
    (STEPS.len(), false)
}

#[test]
fn every_write_of_a_visit_may_be_the_last_and_nothing_saved_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock.clone()).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let (visit, planned) = (play.inspection, play.wang.folder().to_owned());
    drop(play);
    drop(town);
    let mut points = 0;
    for limit in 0.. {
        let phone = folder.path().join(format!("crash-{limit}"));
        copy(&planned, &phone);
        let (done, died) = until_write(&phone, &clock, visit, limit);
        let away = Network::new(String::new(), 1);
        away.turn(Weather::Away);
        let mut again = Phone::open(&phone, clock.clone(), away).expect("the phone opens again");
        for step in 0..done {
            assert!(is_done(&again, visit, step), "write {limit}: step {step} was called done");
        }
        for (n, step) in STEPS.iter().enumerate().skip(done) {
            // The step at which it died may have been written just before.
            if !is_done(&again, visit, n) {
                step(&mut again, visit).expect("the visit goes on");
            }
            assert!(is_done(&again, visit, n), "write {limit}: step {n} after going on");
        }
        if !died {
            points = limit;
            break;
        }
    }
    assert!(points >= 15, "only {points} writes were tried");
    println!("{points} writes, the phone died at each of them, nothing saved was lost");
}
