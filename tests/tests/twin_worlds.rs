//! Until a notice is issued, an enterprise cannot tell a server that plans a check of it from one
//! that does not: two servers that differ in nothing else answer it with the same bytes.

use e2e::bench::crowd::{self, Member};
use e2e::desk::{Answer, Desk};
use e2e::town::Town;
use server::clock::ServerClock;
use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::account::Role;
use sync_core::id::{Digest, InspectionId};
use sync_core::wire::codec;

fn someone(town: &Town, role: Role) -> String {
    let mine = town.accounts.values().find(|it| {
        let department = it.person.department.as_ref();
        it.person.role == role && department.is_none_or(|it| it.as_str() == "yingji")
    });
    mine.expect("someone").username.clone()
}

/// What differs in any two answers, whatever the server knows: the date of the machine, and the
/// random parts of tokens and devices. Their lengths are compared with everything else.
fn masked(mut answer: Answer, secrets: &[String]) -> Seen {
    answer.headers.retain(|(name, _)| name != "date");
    let size = answer.bytes.len();
    // One character for each byte, so that nothing is lost in reading.
    let mut text: String = answer.bytes.iter().map(|byte| char::from(*byte)).collect();
    for secret in secrets {
        text = text.replace(secret, "secret");
    }
    Seen { status: answer.status, headers: answer.headers, text, size }
}

/// What can be seen of an answer.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
    size: usize,
}

/// Every request that the enterprise's account can make, with the answers.
fn everything(
    town: &Town,
    member: &mut Member,
    secrets: &[String],
    guess: InspectionId,
) -> Vec<(String, Seen)> {
    let mut seen: Vec<(String, Seen)> = Vec::new();
    let blob = Digest::of(b"a photo of the enterprise's gate");
    for row in server::http::matrix() {
        if row.path.starts_with("/api/v1/session") {
            continue;
        }
        for id in [guess.to_string(), blob.to_string()] {
            let path = row
                .path
                .split('/')
                .map(|word| if word.starts_with('{') { id.as_str() } else { word })
                .collect::<Vec<_>>()
                .join("/");
            let body = match row.request {
                Some(sample) => serde_json::to_vec(&sample()).expect("a sample"),
                None if row.path == "/sync/v1/exchange" => member.request(&[], Vec::new()),
                None => Vec::new(),
            };
            let kind = if row.request.is_some() { "application/json" } else { codec::CONTENT_TYPE };
            let kind = (!body.is_empty()).then_some(kind);
            for method in [row.method, "HEAD", "OPTIONS", "DELETE"] {
                let name = format!("{method} {path}");
                let answer = member.desk.send(method, &path, body.clone(), kind);
                if row.path == "/api/v1/devices/challenge" && method == "POST" {
                    let (status, size) = (answer.status, answer.bytes.len());
                    let (headers, text) = (Vec::new(), String::new());
                    seen.push((name, Seen { status, headers, text, size }));
                    continue;
                }
                seen.push((name, masked(answer, secrets)));
            }
        }
    }
    let anonymous = Desk::anonymous(&town.address);
    for path in ["/health", "/openapi.json", "/docs", "/nothing"] {
        seen.push((format!("anonymous {path}"), masked(anonymous.get(path), secrets)));
    }
    for _ in 0..3 {
        let packed = member.request(&[], Vec::new());
        let answer = member.desk.send(
            "POST",
            "/sync/v1/exchange",
            packed.clone(),
            Some(codec::CONTENT_TYPE),
        );
        seen.push(("exchange".to_owned(), masked(answer, secrets)));
        member.exchange(packed).expect("an exchange");
    }
    seen
}

#[test]
fn an_enterprise_sees_no_difference_before_the_notice() {
    let (one, other) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("other"));
    // Both servers have the same secret and the same accounts, and it is the same instant in both.
    let at = ServerClock::System.now();
    let town = Town::inside(one.path(), ServerClock::standing_at(at)).expect("a town");
    let enterprise = town.accounts.values().find(|it| it.person.enterprise.is_some());
    let enterprise = enterprise.expect("an enterprise").clone();
    let mut member = Member::enrol(Desk::of(&town, &enterprise.username)).expect("a device");
    let (accounts, secret_token) = (town.accounts.clone(), member.desk.token().to_owned());
    drop(town);
    copy(one.path(), other.path());
    let quiet =
        Town::again(one.path(), ServerClock::standing_at(at), accounts.clone()).expect("again");
    let busy = Town::again(other.path(), ServerClock::standing_at(at), accounts).expect("again");

    // The busy authority plans a check of this very enterprise, carries it out up to the seal, and
    // works on others.
    let admin = Desk::of(&busy, &someone(&busy, Role::Administrator));
    let mut supervisor =
        Member::enrol(Desk::of(&busy, &someone(&busy, Role::Supervisor))).expect("one");
    let mut wang = Member::inspector(&admin, &busy.address, 1).expect("an inspector");
    let li = Member::inspector(&admin, &busy.address, 2).expect("an inspector");
    let target = enterprise.person.enterprise.expect("its id");
    let mut planned = None;
    for _ in 0..5 {
        let plan = crowd::plan([&wang, &li], target).expect("a plan");
        planned.get_or_insert(plan.inspection);
        let fact = supervisor.state(Statement::Planned(plan)).expect("a plan");
        supervisor.exchange(supervisor.request(&[fact], Vec::new())).expect("planned");
    }
    let inspection = planned.expect("planned");
    let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
    let mut facts = vec![wang.state(Statement::Arrived(arrival)).expect("arrival")];
    let photo = b"\xff\xd8\xffa photo".to_vec();
    facts.push(wang.state(crowd::captured(inspection, &photo)).expect("a photo"));
    wang.exchange(wang.request(&facts, Vec::new())).expect("arrived");
    let path = format!("/sync/v1/blobs/{}?offset=0", Digest::of(&photo));
    assert_eq!(wang.desk.send("PUT", &path, photo, None).status, 200);

    let secrets = [secret_token];
    let mut here = member.clone();
    here.desk.redirect(&quiet.address);
    member.desk.redirect(&busy.address);
    let without = everything(&quiet, &mut here, &secrets, inspection);
    let with = everything(&busy, &mut member, &secrets, inspection);
    assert!(without.len() > 100, "{} requests are too few", without.len());
    let answered = with.iter().filter(|(_, seen)| seen.status == 200).count();
    assert!(answered > 10, "only {answered} requests were answered with something");
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without, with);
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
