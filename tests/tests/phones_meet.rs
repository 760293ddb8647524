//! The phones of a team hand to each other what they recorded, without a network.

use e2e::phone::Phone;
use e2e::play::{Pictures, Play, deliver, until};
use e2e::town::Town;
use e2e::weather::Weather;
use server::clock::ServerClock;
use sync_core::Code;
use sync_core::id::{HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;

/// One phone shows its frames, the other one films them from somewhere in the middle on.
fn hand_over(from: &mut Phone, to: &mut Phone, visit: InspectionId) -> device::Imported {
    let frames = from.device.hand_over(visit).expect("frames");
    let middle = frames.len() / 2;
    let mut imported = None;
    for frame in frames.iter().skip(middle).chain(&frames) {
        let taken = to.device.take_over(frame).expect("a frame");
        imported = imported.or(taken.imported);
    }
    imported.expect("everything was shown")
}

#[test]
fn a_record_is_sealed_with_what_a_colleague_handed_over_without_signal_and_the_sealer_brings_it_in()
{
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let (id, passage, signs) = (play.inspection, play.hazards.passage, play.hazards.signs);
    let visit = StreamId::inspection(id);
    play.wang.network.turn(Weather::Away);
    play.li.network.turn(Weather::Away);
    for phone in [&mut play.wang, &mut play.li] {
        phone.arrive(id).expect("an arrival");
    }
    play.wang.find(id, passage).expect("a hazard");
    play.wang.device.finish_part(id).expect("a part");

    // Nothing is here yet, so the second officer may not seal.
    assert_eq!(play.li.device.seal(id, &[]).map_err(|it| it.code), Err(Code::PartMissing));
    let came = hand_over(&mut play.wang, &mut play.li, id);
    assert_eq!((came.waiting, came.refused), (0, 0));
    assert!(came.facts >= 3 && came.changes >= 1, "{came:?}");
    let again = hand_over(&mut play.wang, &mut play.li, id);
    assert_eq!((again.facts, again.changes, again.refused), (0, 0, 0));
    assert!(play.li.device.standing().expect("a standing").carried > 0);
    assert_eq!(play.li.device.may_erase().map_err(|it| it.code), Err(Code::WorkUnsent));

    // With the colleague's part the record holds everything, and it goes back to him.
    play.li.find(id, signs).expect("a hazard");
    play.li.device.seal(id, &[]).expect("a seal");
    let back = hand_over(&mut play.li, &mut play.wang, id);
    assert_eq!(back.refused, 0);
    assert!(play.wang.device.case(&visit).expect("readable").seal().is_some());
    let view = play.wang.device.inspection(id).expect("readable").expect("known");
    assert!(view.outside.is_empty(), "{:?}", view.outside);

    // The sealer reaches the server first and brings the colleague's statements, too.
    play.li.network.turn(Weather::Fair);
    deliver(&mut play.li).expect("delivered");
    assert_eq!(play.li.device.standing().expect("a standing").carried, 0);
    let outbox = play.li.device.outbox().expect("an outbox");
    assert!(outbox.records.iter().all(|it| it.state == device::ItemState::AtServer), "{outbox:?}");
    play.wang.network.turn(Weather::Fair);
    deliver(&mut play.wang).expect("delivered");
    let outbox = play.wang.device.outbox().expect("an outbox");
    assert!(outbox.records.iter().all(|it| it.state == device::ItemState::AtServer), "{outbox:?}");
    until(&mut play.wang, "the seal", |it| {
        let case = it.device.case(&visit)?;
        Ok(case.seal().is_some_and(|seal| seal.place.is_some()))
    })
    .expect("the seal");
    let case = play.wang.device.case(&visit).expect("readable");
    let seal = case.seal().expect("a seal");
    let mut sealed: Vec<HazardId> = seal.body.hazards.iter().map(|it| it.id).collect();
    sealed.sort_unstable();
    let mut both = [passage, signs];
    both.sort_unstable();
    assert_eq!(sealed, both);
    assert!(seal.body.parts.iter().all(|part| part.reason.is_empty()), "{:?}", seal.body.parts);
}

#[test]
fn what_nobody_of_the_team_signed_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let id = play.inspection;
    play.wang.arrive(id).expect("an arrival");
    play.wang.find(id, play.hazards.passage).expect("a hazard");
    // A frame that was read wrongly is found out by all of them together.
    let frames = play.wang.device.hand_over(id).expect("frames");
    let (at, other) = (200, if frames[0].as_bytes()[200] == b'A' { "B" } else { "A" });
    let mut torn = frames[0].clone();
    torn.replace_range(at..=at, other);
    let all = std::iter::once(&torn).chain(&frames[1..]);
    let last = all.map(|frame| play.li.device.take_over(frame)).last().expect("frames");
    assert_eq!(last.map_err(|it| it.code), Err(Code::DigestMismatch));
    // Who is not on the team neither hands over nor takes over.
    let supervisor = &mut play.supervisor.device;
    assert_eq!(supervisor.hand_over(id).map_err(|it| it.code), Err(Code::NotOnTeam));
    let refused: Vec<_> = frames.iter().filter_map(|it| supervisor.take_over(it).err()).collect();
    assert_eq!(refused.iter().map(|it| it.code).collect::<Vec<_>>(), [Code::NotOnTeam]);
}

#[test]
fn what_a_colleague_handed_over_goes_on_to_a_third_phone_also_when_the_server_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let (id, passage) = (play.inspection, play.hazards.passage);
    let visit = StreamId::inspection(id);
    let wang = play.wang.device.person().expect("a person").id;
    let li = play.li.device.person().expect("a person").id;
    let name = play.town.accounts.values().find(|it| it.person.id == li).expect("an account");
    let name = name.username.clone();
    let mut third = play.town.phone(&name).expect("a second phone of the officer");
    until(&mut third, "the task", |it| Ok(it.device.case(&visit)?.plan().is_some()))
        .expect("the task");
    third.network.turn(Weather::Away);
    // One records in the basement and hands over; the colleague finds a signal and brings it in.
    play.wang.arrive(id).expect("an arrival");
    play.wang.find(id, passage).expect("a hazard");
    play.wang.device.finish_part(id).expect("a part");
    hand_over(&mut play.wang, &mut play.li, id);
    play.li.network.turn(Weather::Fair);
    deliver(&mut play.li).expect("delivered");
    let case = play.li.device.case(&visit).expect("readable");
    assert!(case.last_part(wang).is_some_and(|it| it.place.is_some()), "the server has the part");
    // Back in the basement the third phone gets all of it from the colleague's.
    play.li.network.turn(Weather::Away);
    let came = hand_over(&mut play.li, &mut third, id);
    assert_eq!((came.waiting, came.refused), (0, 0));
    let case = third.device.case(&visit).expect("readable");
    assert!(case.has_arrived(wang) && case.last_part(wang).is_some(), "{came:?}");
    let view = third.device.inspection(id).expect("readable").expect("known");
    let part = view.parts.iter().find(|it| it.officer == wang).expect("a part");
    assert!(part.taken_in, "{part:?}");
}
