//! The server dies at any moment under load: what it acknowledged is there, once.

use std::collections::BTreeSet;

use e2e::bench::crowd::{self, Member};
use e2e::office::OfficeClient;
use e2e::town::Town;
use sync_core::act::Statement;
use sync_core::domain::account::Role;
use sync_core::id::{BlobHash, Digest, FactId};
use sync_core::wire::codec;
use sync_core::wire::exchange::{Item, Outcome, Response};

/// Kills of the server.
const KILLS: usize = 200;
/// Devices that write all the time.
const DEVICES: usize = 4;

fn office(town: &Town, role: Role) -> OfficeClient {
    let mine = town.accounts.values().find(|it| {
        let department = it.person.department.as_ref();
        it.person.role == role && department.is_none_or(|it| it.as_str() == "yingji")
    });
    OfficeClient::of(town, &mine.expect("someone").username)
}

/// What a device heard to be taken over.
#[derive(Default)]
struct Acknowledged {
    facts: BTreeSet<FactId>,
    files: BTreeSet<BlobHash>,
}

/// Sends facts and files until the server is gone; notes what was acknowledged.
fn load(
    member: &mut Member,
    visit: sync_core::id::InspectionId,
    round: usize,
    acknowledgements: &std::sync::mpsc::Sender<()>,
) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    for n in 0..200usize {
        let bytes = [
            b"\xff\xd8\xff".as_slice(),
            &[u8::try_from(n % 251).expect("small"); 5_000],
            &round.to_le_bytes(),
            &n.to_le_bytes(),
            member.person.id.as_bytes(),
        ]
        .concat();
        let fact = member.state(crowd::captured(visit, &bytes)).expect("a fact");
        let packed = member.request(std::slice::from_ref(&fact), Vec::new());
        let answer =
            member.office.send("POST", "/sync/v1/exchange", packed, Some(codec::CONTENT_TYPE));
        if answer.status != 200 {
            return acknowledged;
        }
        let response: Response =
            sync_core::cbor::from_slice(&codec::unpack(&answer.bytes).expect("packed"))
                .expect("an answer");
        if response.verdicts.iter().all(|it| it.outcome == Outcome::Accepted) {
            acknowledged.facts.insert(fact.id);
            let _ = acknowledgements.send(());
        }
        let hash = Digest::of(&bytes);
        let path = format!("/sync/v1/blobs/{hash}?offset=0");
        let answer = member.office.send("PUT", &path, bytes, None);
        if answer.status == 200 && answer.json["complete"] == true {
            acknowledged.files.insert(hash);
        }
    }
    acknowledged
}

#[test]
fn two_hundred_kills_of_the_server_lose_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::process(folder.path(), "127.0.0.1:0").expect("a town");
    let admin = office(&town, Role::Administrator);
    let mut supervisor = Member::enrol(office(&town, Role::Supervisor)).expect("a supervisor");
    let mut members: Vec<Member> = (0..DEVICES)
        .map(|n| Member::inspector(&admin, &town.address, n).expect("an inspector"))
        .collect();
    let enterprise = town.accounts.values().find_map(|it| it.person.enterprise).expect("one");
    let mut visits = Vec::new();
    for n in 0..DEVICES {
        let plan =
            crowd::plan([&members[n], &members[(n + 1) % DEVICES]], enterprise).expect("plan");
        visits.push(plan.inspection);
        let fact = supervisor.state(Statement::Planned(plan)).expect("a plan");
        supervisor.exchange(supervisor.request(&[fact], Vec::new())).expect("planned");
        let arrival = sync_core::act::visit::Arrival {
            inspection: visits[n],
            certificate_shown: true,
            plate: None,
            fix: None,
        };
        let fact = members[n].state(Statement::Arrived(arrival)).expect("arrival");
        let packed = members[n].request(&[fact], Vec::new());
        members[n].exchange(packed).expect("arrived");
    }
    let mut acknowledged = Acknowledged::default();
    for round in 0..KILLS {
        let (acknowledgements, answers) = std::sync::mpsc::channel();
        let all: Vec<Acknowledged> = std::thread::scope(|scope| {
            let writers: Vec<_> = members
                .iter_mut()
                .zip(&visits)
                .map(|(member, visit)| {
                    let acknowledgements = acknowledgements.clone();
                    scope.spawn(move || load(member, *visit, round, &acknowledgements))
                })
                .collect();
            // The kill falls while other requests are on their way, now after few answers, now
            // after many.
            for _ in 0..=round % 13 {
                answers.recv().expect("an answer");
            }
            town.kill().expect("killed");
            writers.into_iter().map(|it| it.join().expect("a writer")).collect()
        });
        for it in all {
            acknowledged.facts.extend(it.facts);
            acknowledged.files.extend(it.files);
        }
        town.kill_and_restart().expect("restarted");
        for member in members.iter_mut().chain([&mut supervisor]) {
            member.office.redirect(&town.address);
        }
    }
    assert!(
        acknowledged.facts.len() >= KILLS,
        "{} acknowledged facts are too few",
        acknowledged.facts.len()
    );
    let mut stored: Vec<FactId> = Vec::new();
    let mut reader = Member::enrol(supervisor.office.clone()).expect("a fresh device");
    loop {
        let packed = reader.request(&[], Vec::new());
        let (response, _) = reader.exchange(packed).expect("an answer");
        stored.extend(response.items.iter().filter_map(|item| match item {
            Item::Fact { receipt, .. } => Some(receipt.fact),
            _ => None,
        }));
        if !response.more {
            break;
        }
    }
    let once: BTreeSet<FactId> = stored.iter().copied().collect();
    assert_eq!(once.len(), stored.len(), "a fact came twice");
    let lost: Vec<_> = acknowledged.facts.difference(&once).collect();
    assert!(lost.is_empty(), "{} of {} facts lost", lost.len(), acknowledged.facts.len());
    for hash in &acknowledged.files {
        let answer = supervisor.office.get(&format!("/sync/v1/blobs/{hash}"));
        assert_eq!(Digest::of(&answer.bytes), *hash, "a file was lost or damaged");
    }
    println!(
        "{KILLS} kills: {} facts and {} files acknowledged, all there",
        acknowledged.facts.len(),
        acknowledged.files.len()
    );
}
