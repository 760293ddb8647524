//! An enterprise cannot tell a server that plans a check of it from one that does not, and with a notice in its hands
//! not what its officers do elsewhere: two servers that differ in nothing else answer everything that it can ask with the
//! same bytes.
//!
//! Three things are lawfully different, and not asked here. The number of its next notice tells an enterprise how many
//! notices of the series were issued meanwhile: numbers of a year follow one another, and stand on paper. Whoever holds a
//! paper of somebody else may ask whether it is genuine, which is what the check page is for. And what changes for
//! everybody is told to everybody: new law and calendars, that the store came back from a backup, and in `/health` how
//! many dossiers wait for somebody to mend them.
//!
//! The worlds have the same entropy before they part and the same standing clock after; little is random since then, and
//! [`asking`] says what of it is masked and why.

#[path = "../../server/tests/platform/fitting.rs"]
mod fitting;

#[path = "twin_worlds/asking.rs"]
mod asking;
#[path = "twin_worlds/elsewhere.rs"]
mod elsewhere;
#[path = "twin_worlds/foreign.rs"]
mod foreign;
#[path = "twin_worlds/questions.rs"]
mod questions;
#[path = "twin_worlds/served.rs"]
mod served;
#[path = "twin_worlds/worlds.rs"]
mod worlds;

use std::slice::from_ref;

use e2e::bench::crowd::{self, Member};
use e2e::office::OfficeClient;
use e2e::town::Town;
use server::clock::ServerClock;
use sync_core::act::visit::Arrival;
use sync_core::act::{Fact, Statement};
use sync_core::document::PaperRow;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::notice::Notice;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, InspectionId};
use sync_core::ledger::stream::StreamId;

use asking::{Ask, Twins};
use questions::Known;
use served::{Served, reply, served};
use worlds::{Staff, bring, captured, parted, say, settle};

/// Routes of which nothing can be had here.
const WITHOUT: &[(&str, &str)] = &[
    ("/app/", "the app is not built here; its files are the same for everybody"),
    ("/app/{*file}", "the same"),
];

#[test]
fn an_enterprise_sees_no_difference_before_the_notice() {
    let (one, other) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("other"));
    // Both servers have the same secret and the same accounts, and it is the same instant in both.
    let at = ServerClock::System.now();
    let town = Town::inside(one.path(), ServerClock::standing_at(at)).expect("a town");
    let enterprise = town.accounts.values().find(|it| it.person.enterprise.is_some());
    let enterprise = enterprise.expect("an enterprise").clone();
    let member = Member::enrol(OfficeClient::of(&town, &enterprise.username)).expect("a device");
    let [quiet, busy] = parted(town, [one.path(), other.path()], at);

    // The busy authority plans checks of this very enterprise and arrives for one of them.
    let mut staff = Staff::of(&busy);
    let target = enterprise.person.enterprise.expect("its id");
    let plan = |n| staff.plan(target, &format!("测试〔2026〕{n}号"));
    let secret: Vec<InspectionId> = (0..5).map(plan).collect();
    let inspection = *secret.first().expect("planned");
    let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
    let photo = b"\xff\xd8\xffa photo".to_vec();
    let shot = crowd::captured(inspection, &photo);
    say(&mut staff.wang, vec![Statement::Arrived(arrival), shot]);
    bring(&staff.wang, &photo);

    let mut known = Known {
        ids: secret.iter().map(ToString::to_string).collect(),
        digests: [&photo[..], b"nothing"].map(|it| Digest::of(it).to_string()).to_vec(),
        ..Known::default()
    };
    for visit in secret.iter().skip(1) {
        known.digests.extend(plan_paper(&staff, *visit));
    }
    let mut twins = Twins::new(&quiet, &busy, &member);
    for ask in known.questions(&member) {
        twins.ask(&ask);
    }
    twins.read(&mut member.clone());
    twins.differences();
}

/// The digest of what was approved for a visit.
fn plan_paper(staff: &Staff, visit: InspectionId) -> Vec<String> {
    let path = format!("/api/v1/cases/inspection/{visit}/papers");
    let rows = staff.supervisor.office.get(&path).json;
    let rows: Vec<PaperRow> = serde_json::from_value(rows).expect("papers");
    rows.iter().map(|row| row.digest.hex()).collect()
}

#[test]
fn an_enterprise_with_a_notice_sees_no_difference_while_its_officers_work_elsewhere() {
    let (one, other) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("other"));
    let at = ServerClock::System.now();
    let town = Town::inside(one.path(), ServerClock::standing_at(at)).expect("a town");
    let mut places = town.accounts.values().filter(|it| it.person.enterprise.is_some()).cloned();
    let enterprise = places.next().expect("an enterprise");
    let target = enterprise.person.enterprise.expect("its id");
    let stranger = places.find_map(|it| it.person.enterprise.filter(|id| *id != target));
    let stranger = stranger.expect("another enterprise");
    drop(places);
    let office = OfficeClient::of(&town, &enterprise.username);
    let member = Member::enrol(office).expect("a device");
    let Served { mut member, staff, notice, inspection, photos, unsent } =
        served(&town, member, at);
    let sessions = member.office.get("/api/v1/sessions").json;
    let session = sessions.pointer("/0/id").and_then(|it| it.as_str()).expect("one").to_owned();
    let [quiet, busy] = parted(town, [one.path(), other.path()], at);
    let mut twins = Twins::new(&quiet, &busy, &member);
    let (mut idle, mut staff) = (staff.at(&quiet), staff.at(&busy));

    // Before: the notice and the proof of its service.
    let own = Known {
        ids: vec![
            notice.id.to_string(),
            inspection.to_string(),
            notice.items[0].hazard.to_string(),
        ],
        digests: photos.iter().map(ToString::to_string).collect(),
        photos,
        papers: Vec::new(),
    };
    assert_eq!(ask_all(&mut twins, &own, &notice, &member).len(), 2);

    // Staff work, in one of the two worlds.
    let there = elsewhere::work(&busy, &mut staff, (target, &notice, inspection), stranger, at);
    let known = Known {
        ids: [&own.ids[..], &there.ids].concat(),
        digests: [&own.digests[..], &there.digests].concat(),
        ..own
    };
    assert_eq!(ask_all(&mut twins, &known, &notice, &member).len(), 2);
    twins.read(&mut member);

    // The enterprise states what it may not about cases that are in one world alone, and shows a photo of somebody else.
    let mut liar = member.clone();
    let lies = foreign::lies(&mut liar, [&staff.wang, &staff.li], &there);
    for lie in &lies {
        twins.exchange(&mut liar.clone(), from_ref(lie));
    }
    twins.exchange(&mut liar.clone(), &lies);
    for ask in foreign::requests(&member, &notice, &there) {
        twins.ask(&ask);
    }
    let hazard = notice.items[3].hazard;
    let shot = captured(StreamId::notice(notice.id), Purpose::Rectified, hazard, &there.photo);
    let reply = Statement::Replied(reply(notice.id, hazard, at.date(), &there.photo));
    let shown = [shot, reply].map(|it| member.state(it).expect("a statement"));
    twins.exchange(&mut member, &shown);
    for town in [&quiet, &busy] {
        settle(town, at);
    }
    for ask in questions::brought(&there.photo) {
        twins.ask(&ask);
    }

    // The same officers act on the notice in both worlds: in one of them amid other work, in the same request.
    let [decided, rechecked, countersigned] = unsent;
    let amid = |staff: &mut Staff, facts: &[Fact]| {
        let plan = crowd::plan([&staff.wang, &staff.li], target).expect("a plan");
        let plan = staff.supervisor.state(Statement::Planned(plan)).expect("a plan");
        [&[plan], facts].concat()
    };
    let decided_amid = amid(&mut staff, &decided);
    for (staff, town, decided) in [(&mut idle, &quiet, decided), (&mut staff, &busy, decided_amid)]
    {
        let Staff { supervisor, wang, li, .. } = staff;
        for (member, facts) in [(supervisor, &decided), (wang, &rechecked), (li, &countersigned)] {
            member.exchange(member.request(facts, Vec::new())).expect("accepted");
            // The clerk works beside, sooner or later: each time it is waited for, so that what it states stands in one order.
            settle(town, at);
        }
    }
    twins.read(&mut member);
    twins.read(&mut member.anew());
    let known = Known {
        digests: [&known.digests[..], &[Digest::of(&there.photo).to_string()]].concat(),
        ..known
    };
    let papers = ask_all(&mut twins, &known, &notice, &member);
    for kind in [PaperKind::Extension, PaperKind::RecheckOpinion] {
        assert!(papers.iter().any(|row| row.kind == kind), "{kind:?} of {papers:?}");
    }
    assert!(papers.iter().any(|row| row.edition == 2), "a correction in {papers:?}");

    let own = (enterprise.username.as_str(), enterprise.password.as_str());
    let devices: Vec<String> = there.devices.iter().map(ToString::to_string).collect();
    for ask in questions::endings(own, &session, &there.usernames, &devices) {
        twins.ask(&ask);
    }
    twins.finish(&server::http::matrix(), WITHOUT);
}

/// Asks everything, with the papers that there are now, which it gives.
fn ask_all(twins: &mut Twins, known: &Known, notice: &Notice, member: &Member) -> Vec<PaperRow> {
    let path = format!("/api/v1/cases/notice/{}/papers", notice.id);
    let list = Ask::new("GET", "/api/v1/cases/notice/{id}/papers", path);
    let rows: Vec<PaperRow> = serde_json::from_value(twins.ask(&list).json).expect("papers");
    let mut known = known.clone();
    known.digests.extend(rows.iter().map(|row| row.digest.to_string()));
    known.digests.extend(rows.iter().map(|row| row.fact.to_string()));
    known.papers = rows.iter().map(|row| (notice.id, row.clone())).collect();
    for ask in known.questions(member) {
        twins.ask(&ask);
    }
    rows
}
