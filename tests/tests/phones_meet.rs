//! The phones of a team hand to each other what they recorded, without a network.

use e2e::phone::Phone;
use e2e::play::{Pictures, Play, deliver, until};
use e2e::town::Town;
use e2e::weather::Weather;
use server::clock::ServerClock;
use sync_core::Code;
use sync_core::act::visit::IssuedOnSite;
use sync_core::act::{Fact, Statement};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::notice::{Notice, NoticeItem, OfficerLine};
use sync_core::domain::numbers::Series;
use sync_core::domain::term::Term;
use sync_core::id::{Digest, HazardId, InspectionId, NoticeId};
use sync_core::ledger::fact::{Body, Stamp, Suite, VERSION};
use sync_core::ledger::stream::StreamId;
use sync_core::time::SignedClock;
use sync_core::wire::bundle::Bundle;
use sync_core::wire::frames::{Caught, frames};

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

/// Frames of a visit with facts that a changed client added.
fn forged(phone: &mut Phone, visit: InspectionId, facts: &[Fact]) -> Vec<String> {
    let mut caught = Caught::default();
    let mut whole = None;
    for frame in phone.device.hand_over(visit).expect("frames") {
        whole = whole.or(caught.take(&frame).expect("a frame"));
    }
    let mut bundle = Bundle::unpack(&whole.expect("all frames")).expect("a bundle");
    bundle.facts.extend(facts.iter().map(|fact| fact.bytes().to_vec().into()));
    frames(&bundle.pack()).expect("frames")
}

#[test]
fn a_changed_phone_stops_no_colleagues_visit_and_uses_up_no_numbers_of_theirs() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let (id, passage) = (play.inspection, play.hazards.passage);
    let visit = StreamId::inspection(id);
    play.li.network.turn(Weather::Fair);
    play.li.device.request_numbers().expect("a request");
    until(&mut play.li, "numbers", |it| Ok(it.device.numbers()?.is_some_and(|it| it.left == 10)))
        .expect("numbers");
    let department = play.li.device.person().expect("a person").department.clone();
    let next = play.li.device.numbers().expect("readable").expect("an officer").next;
    let number = next.expect("a number");
    let register = play.li.device.case(&StreamId::numbers(Series::of(&number).id()));
    let lease = register.expect("readable").leases().next().expect("a lease").fact;
    for phone in [&mut play.wang, &mut play.li] {
        phone.network.turn(Weather::Away);
        phone.arrive(id).expect("an arrival");
    }
    play.wang.find(id, passage).expect("a hazard");

    // One of a kind that nobody knows, and one that claims the last number of the colleague's lease.
    let (author, device) = {
        let own = &play.wang.device;
        (own.person().expect("a person").id, own.id().expect("a device"))
    };
    let signer = play.wang.signer().expect("a key");
    let stamp = |seq: u64| {
        let wall = play.town.clock.now();
        let clock = SignedClock { wall, monotonic_ms: 1, boot: [1; 8], beacon: None };
        Stamp { author, device, seq, prev: None, clock, salt: [7; 16] }
    };
    let unknown = {
        let trace = stamp(90).trace();
        let body = Body {
            version: VERSION,
            suite: Suite::P256,
            kind: 900,
            critical: true,
            stream: visit,
            author,
            device,
            wall: stamp(90).clock.wall,
            trace: Digest::of(&sync_core::cbor::to_vec(&trace)),
            statement: vec![0x80].into(),
        };
        let statement = Statement::Unknown { kind: 900, body: vec![0x80] };
        Fact::sign(body, trace, statement, &signer).expect("a fact")
    };
    let last = Series::of(&number).number(10);
    let notice = Notice {
        id: NoticeId::from_bytes([9; 16]),
        number: last,
        enterprise: play
            .wang
            .device
            .case(&visit)
            .expect("readable")
            .plan()
            .expect("a plan")
            .body
            .enterprise,
        department: department.expect("a department"),
        officers: vec![OfficerLine {
            id: author,
            name: "王某".to_owned(),
            certificate: "鲁D000001".to_owned(),
        }],
        issued_on: play.town.clock.now().date(),
        items: vec![NoticeItem {
            hazard: passage,
            description: "疏散通道被货物占用".to_owned(),
            place: "二号仓库东侧".to_owned(),
            basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
            grade: Grade::General,
            criterion: None,
            term: Term::natural(15),
            photos: vec![Digest::of(b"a photo")],
            site_order: None,
        }],
    };
    let claimed = IssuedOnSite { inspection: id, notice, lease, paper: Digest::of(b"a paper") };
    let claimed = Fact::state(Statement::IssuedOnSite(claimed), stamp(91), &signer);
    let claimed = claimed.expect("a fact");
    let frames = forged(&mut play.wang, id, &[unknown, claimed]);
    let taken = frames.iter().map(|it| play.li.device.take_over(it).expect("a frame"));
    let imported = taken.filter_map(|it| it.imported).last().expect("everything was shown");
    assert_eq!(imported.refused, 1, "what nobody knows is left to its author's phone");

    // What he recorded honestly is here, the visit goes on, and every number is left.
    assert!(play.li.device.case(&visit).expect("readable").has_arrived(author));
    play.li.find(id, play.hazards.signs).expect("the visit goes on");
    play.li.device.finish_part(id).expect("a part");
    let numbers = play.li.device.numbers().expect("readable").expect("an officer");
    assert_eq!((numbers.left, numbers.next), (10, Some(number)));
}
