//! Two officers with phones, a real server: one seals while the other has no signal.

use device::{ItemState, PhotoMeta, Without};
use e2e::office::OfficeClient;
use e2e::phone::Phone;
use e2e::photo::{Scene, draw};
use e2e::play::{Pictures, Play, deliver, until};
use e2e::town::Town;
use e2e::weather::Weather;
use server::clock::ServerClock;
use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::visit::Cosign;
use sync_core::domain::account::Role;
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;

fn find(phone: &mut Phone, inspection: InspectionId, hazard: HazardId) {
    let draft = HazardDraft {
        item: None,
        description: String::new(),
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
    let picture = draw(Scene::Signature, 1, 320, 240, 80);
    phone.device.capture(StreamId::inspection(inspection), meta, &picture).expect("a photo");
}

#[test]
fn what_the_lead_recorded_without_signal_comes_on_a_notice_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let (id, hazard, place) = (play.inspection, play.hazards.passage, play.place.id);
    let visit = StreamId::inspection(id);

    // The lead arrives and records without signal; the second officer knows of nothing and seals.
    play.wang.arrive(id).expect("an arrival");
    find(&mut play.wang, id, hazard);
    play.li.network.turn(Weather::Fair);
    play.li.arrive(id).expect("an arrival");
    let early = play.li.device.seal(id, &[]);
    assert_eq!(early.map_err(|it| it.code), Err(Code::PartMissing));
    let lead = play.wang.device.person().expect("a person").id;
    let without = [Without { officer: lead, reason: "没有收到其部分".to_owned() }];
    play.li.device.seal(id, &without).expect("a seal");
    deliver(&mut play.li).expect("delivered");

    // Back with signal the lead sees what is outside, and nothing is green.
    play.wang.network.turn(Weather::Fair);
    deliver(&mut play.wang).expect("everything is at the server");
    until(&mut play.wang, "the seal", |it| Ok(it.device.case(&visit)?.seal().is_some()))
        .expect("the seal");
    let device = &mut play.wang.device;
    let view = device.inspection(id).expect("readable").expect("known");
    assert_eq!(view.outside, [hazard]);
    assert!(view.draft.hazards.contains_key(&hazard), "it stays readable");
    assert!(view.parts.iter().any(|it| it.officer == lead && it.outside && !it.taken_in));
    assert_eq!(device.open_tasks().expect("tasks")[0].outside, 1);
    assert_eq!(device.standing().expect("a standing").outside, 1);
    assert!(!device.is_delivered(id).expect("known"));
    let held = device.outbox().expect("an outbox").records.into_iter();
    assert!(held.filter(|it| matches!(it.state, ItemState::Quarantined(_))).count() > 0);

    // The supervisor has one matter.
    let name = play.town.accounts.values().find(|it| {
        let department = it.person.department.as_ref().map(|it| it.as_str() == "yingji");
        it.person.role == Role::Supervisor && department == Some(true)
    });
    let name = name.expect("a supervisor").username.clone();
    let desk = OfficeClient::of(play.town, &name);
    let waiting = || desk.get("/api/v1/quarantine").json["rows"].as_array().cloned();
    let rows = waiting().expect("rows");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["visit"]["hazards"][0]["place"], "二号仓库东侧");

    // What is missing can still be written; then it is added and signed by the other one.
    let device = &mut play.wang.device;
    let bare = device.supplement(id);
    assert_eq!(bare.map_err(|it| it.code), Err(Code::FieldMissing));
    let field = HazardField::Description("疏散通道被占用".to_owned());
    device.edit(id, Edit::SetHazard { hazard, field }).expect("an edit");
    let other = Edit::Withdraw { hazard: play.hazards.signs, reason: "误记".to_owned() };
    assert_eq!(device.edit(id, other).map_err(|it| it.code), Err(Code::AlreadySealed));
    let supplement = device.supplement(id).expect("a supplement");
    assert_eq!(device.standing().expect("a standing").outside, 0);
    deliver(&mut play.wang).expect("delivered");
    until(&mut play.li, "the supplement", |it| {
        Ok(it.device.case(&visit)?.supplements().next().is_some())
    })
    .expect("the supplement");
    let cosign = Cosign { inspection: id, seal: supplement };
    play.li.device.state(Statement::Cosigned(cosign)).expect("a signature");
    deliver(&mut play.li).expect("delivered");
    until(&mut play.enterprise, "the notice", |it| {
        let notices = it.device.notices()?;
        Ok(notices.iter().any(|it| it.notice.enterprise == place))
    })
    .expect("a notice");
    let notices = play.enterprise.device.notices().expect("notices");
    assert_eq!(notices[0].notice.items[0].hazard, hazard);
    assert_eq!(waiting().map(|rows| rows.len()), Some(0), "the matter is settled");
    until(&mut play.wang, "the verdict", |it| {
        let records = it.device.outbox()?.records;
        Ok(records.iter().all(|it| it.state == ItemState::AtServer))
    })
    .expect("everything is where it belongs");
}
