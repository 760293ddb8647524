//! A key store that is lost between a signature and the network: what was signed reaches the server as it is, after one
//! sign-in, and what was not signed yet is signed anew.

use device::{ItemState, PhotoMeta};
use e2e::office::OfficeClient;
use e2e::phone::Phone;
use e2e::photo;
use e2e::play::{Pictures, Play, deliver, until};
use e2e::town::Town;
use e2e::weather::Weather;
use server::clock::ServerClock;
use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::SignOutcome;
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{DeviceId, HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;

fn arrive(phone: &mut Phone, inspection: InspectionId) {
    let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
    phone.device.state(Statement::Arrived(arrival)).expect("an arrival");
}

fn find(phone: &mut Phone, inspection: InspectionId, hazard: HazardId) {
    let draft = HazardDraft {
        item: None,
        description: "疏散通道被货物占用".to_owned(),
        place: "二号仓库东侧".to_owned(),
        basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
        grade: Grade::General,
        criterion: None,
        measure: MeasureDraft::Rectify(Term::natural(15)),
        found_by: phone.device.person().expect("a person").id,
    };
    phone.device.edit(inspection, Edit::AddHazard { hazard, draft }).expect("an edit");
    let meta = PhotoMeta {
        purpose: Purpose::Found,
        hazard: Some(hazard),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    };
    let picture = photo::of_hazard(hazard);
    phone.device.capture(StreamId::inspection(inspection), meta, &picture).expect("a photo");
}

fn hand_over(from: &mut Phone, to: &mut Phone, visit: InspectionId) {
    for frame in from.device.hand_over(visit).expect("frames") {
        let taken = to.device.take_over(&frame).expect("a frame");
        assert!(taken.imported.is_none_or(|it| it.refused == 0));
    }
}

/// The platform loses the key; the app is opened again.
fn without_key(phone: Phone) -> Phone {
    std::fs::remove_file(phone.folder().join("key")).expect("a key");
    let phone = phone.restart().expect("opened");
    assert!(phone.device.is_key_lost());
    phone
}

/// One sign-in of the same person; gives the name under which the device goes on.
fn sign_in(phone: &mut Phone, town: &Town) -> DeviceId {
    let person = phone.device.person().expect("a person").id;
    let account = town.accounts.values().find(|it| it.person.id == person).expect("an account");
    phone.network.turn(Weather::Fair);
    phone.device.sign_in(&account.username, &account.password).expect("signed in");
    phone.device.enrol("手机").expect("enrolled")
}

fn all_at_server(phone: &mut Phone) {
    deliver(phone).expect("delivered");
    let outbox = phone.device.outbox().expect("an outbox");
    assert!(outbox.records.iter().all(|it| it.state == ItemState::AtServer), "{outbox:#?}");
    assert!(outbox.files.iter().all(|it| it.state == ItemState::AtServer), "{outbox:#?}");
}

/// Two officers without signal: one records and seals, the other one signs; nothing is at the server.
fn sealed(play: &mut Play<'_>) {
    play.plan().expect("a plan");
    let (id, hazard) = (play.inspection, play.hazards.passage);
    for phone in [&mut play.wang, &mut play.li] {
        phone.network.turn(Weather::Away);
        arrive(phone, id);
    }
    find(&mut play.li, id, play.hazards.signs);
    play.li.device.finish_part(id).expect("a part");
    hand_over(&mut play.li, &mut play.wang, id);
    find(&mut play.wang, id, hazard);
    let seal = play.wang.device.seal(id, &[]).expect("a seal");
    let outcome = SignOutcome::Refused { reason: "负责人不在场".into(), witness: None };
    let party = PartySign { inspection: id, seal, outcome };
    play.wang.device.state(Statement::PartySigned(party)).expect("a signature");
    hand_over(&mut play.wang, &mut play.li, id);
    let cosign = Cosign { inspection: id, seal };
    play.li.device.state(Statement::Cosigned(cosign)).expect("a signature");
}

#[test]
fn a_sealed_visit_its_signatures_and_photos_arrive_although_both_phones_lost_their_keys() {
    for sealer_first in [true, false] {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = ServerClock::standing_at(ServerClock::System.now());
        let mut town = Town::inside(folder.path(), clock).expect("a town");
        let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
        sealed(&mut play);
        let visit = StreamId::inspection(play.inspection);
        let before = [&play.wang, &play.li].map(|it| it.device.id().expect("a name"));
        play.wang = without_key(play.wang);
        play.li = without_key(play.li);
        // Everything can be read, and nothing can be stated or sent before the sign-in.
        assert!(play.wang.device.case(&visit).expect("readable").seal().is_some());
        let again = play.wang.device.seal(play.inspection, &[]);
        assert!(again.is_err(), "nothing is stated without a key");
        let mut phones = [&mut play.wang, &mut play.li];
        if !sealer_first {
            phones.reverse();
        }
        for phone in phones {
            let name = sign_in(phone, play.town);
            assert!(!before.contains(&name));
            all_at_server(phone);
        }
        let reader = &mut play.supervisor;
        reader.network.turn(Weather::Fair);
        until(reader, "the notice", |it| Ok(it.device.case(&visit)?.notices().next().is_some()))
            .expect("the notice: the record is sealed and signed by all");
        let case = reader.device.case(&visit).expect("readable");
        let seal = case.seal().expect("a seal");
        assert_eq!(seal.body.hazards.len(), 2);
        assert_eq!(case.every::<Cosign>().count(), 1);
        assert_eq!(case.every::<PartySign>().count(), 1);
        // What was signed keeps the name under which it was signed.
        let officers = [&play.wang, &play.li].map(|it| it.device.person().expect("a person").id);
        let history = play.supervisor.device.history(&visit).expect("a history");
        let mut stated = history.iter().filter(|it| officers.contains(&it.by));
        assert!(stated.all(|it| before.contains(&it.device)));
        let stated = history.iter().filter(|it| officers.contains(&it.by)).count();
        assert_eq!(stated, 8, "two arrivals, two photos, a part, a seal, two signatures");
        assert_eq!(seal.body.manifest.len(), 2);
        let person = play.supervisor.device.person().expect("a person").id;
        let account = play.town.accounts.values().find(|it| it.person.id == person);
        let desk = OfficeClient::of(play.town, &account.expect("an account").username);
        for photo in &seal.body.manifest {
            let answer = desk.get(&format!("/sync/v1/blobs/{photo}"));
            assert_eq!(answer.status, 200, "the photo is at the server");
        }
    }
}

#[test]
fn what_a_part_names_reaches_the_colleague_and_what_is_not_signed_is_signed_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let (id, passage, signs) = (play.inspection, play.hazards.passage, play.hazards.signs);
    for phone in [&mut play.wang, &mut play.li] {
        phone.network.turn(Weather::Away);
        arrive(phone, id);
    }
    find(&mut play.li, id, signs);
    play.li.device.finish_part(id).expect("a part");
    play.li = without_key(play.li);
    // An edit is kept without a key, too.
    let field = HazardField::Place("三号仓库".to_owned());
    play.li.device.edit(id, Edit::SetHazard { hazard: signs, field }).expect("an edit");
    let refused = play.li.device.finish_part(id).map_err(|it| it.code);
    assert_eq!(refused, Err(Code::NotEnrolled));
    sign_in(&mut play.li, play.town);
    play.li.device.finish_part(id).expect("what was written since is a part of its own");
    all_at_server(&mut play.li);
    find(&mut play.wang, id, passage);
    play.wang.network.turn(Weather::Fair);
    until(&mut play.wang, "the colleague's part", |it| {
        let view = it.device.inspection(id)?.ok_or(Code::NotFound)?;
        Ok(view.parts.iter().any(|part| part.taken_in))
    })
    .expect("the part is here with what it names");
    play.wang.device.seal(id, &[]).expect("a seal that takes it in");
    all_at_server(&mut play.wang);
    let case = play.wang.device.case(&StreamId::inspection(id)).expect("readable");
    let seal = case.seal().expect("a seal");
    let place = seal.body.hazards.iter().find(|it| it.id == signs).map(|it| it.place.as_str());
    assert_eq!(place, Some("三号仓库"));
    assert!(play.li.device.inspection(id).expect("readable").expect("known").outside.is_empty());
}
