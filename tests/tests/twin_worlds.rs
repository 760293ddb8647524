//! An enterprise cannot tell a server that plans a check of it from one that does not, and with a notice in its hands
//! not what its officers do elsewhere: two servers that differ in nothing else answer it with the same bytes.

#[path = "../../server/tests/platform/fitting.rs"]
mod fitting;

use e2e::bench::crowd::{self, Member};
use e2e::office::{Answer, OfficeClient};
use e2e::town::Town;
use server::auth::entropy;
use server::clock::ServerClock;
use server::http::openapi;
use server::http::route::Body;
use server::jobs::clerk;
use sync_core::act::notice::{Countersigned, ExtensionRequest};
use sync_core::act::visit::{Arrival, Cosign};
use sync_core::act::{Fact, Statement};
use sync_core::domain::account::Role;
use sync_core::domain::notice::{Notice, Service, ServiceMethod};
use sync_core::domain::term::Term;
use sync_core::id::{Digest, EnterpriseId, InspectionId};
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::Item;

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

/// A body that a route takes, by its description.
fn json_body(document: &serde_json::Value, method: &str, path: &str) -> Vec<u8> {
    let operation = &document["paths"][path][method.to_lowercase()];
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    serde_json::to_vec(&fitting::fitting(document, schema)).expect("plain data")
}

/// Every request that the enterprise's account can make, with the answers.
fn everything(
    town: &Town,
    member: &mut Member,
    secrets: &[String],
    ids: &[String],
) -> Vec<(String, Seen)> {
    let mut seen: Vec<(String, Seen)> = Vec::new();
    let document = openapi::document();
    for row in server::http::matrix() {
        if row.path.starts_with("/api/v1/session") {
            continue;
        }
        for id in ids {
            let path = row
                .path
                .split('/')
                .map(|word| if word.starts_with('{') { id } else { word })
                .collect::<Vec<_>>()
                .join("/");
            let (body, kind) = match row.request {
                Body::Json(_) => (json_body(&document, row.method, row.path), "application/json"),
                Body::Bytes(kind) if row.path == "/sync/v1/exchange" => {
                    (member.request(&[], Vec::new()), kind)
                }
                Body::Bytes(kind) => (Vec::new(), kind),
                Body::Nothing => (Vec::new(), ""),
            };
            let kind = (!body.is_empty()).then_some(kind);
            for method in [row.method, "HEAD", "OPTIONS", "DELETE"] {
                let name = format!("{method} {path}");
                let answer = member.office.send(method, &path, body.clone(), kind);
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
    let anonymous = OfficeClient::anonymous(&town.address);
    for path in ["/health", "/openapi.json", "/docs", "/nothing"] {
        seen.push((format!("anonymous {path}"), masked(anonymous.get(path), secrets)));
    }
    for _ in 0..3 {
        let packed = member.request(&[], Vec::new());
        let answer = member.office.send(
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
    let member = Member::enrol(OfficeClient::of(&town, &enterprise.username)).expect("a device");
    let (accounts, secret_token) = (town.accounts.clone(), member.office.token().to_owned());
    drop(town);
    copy(one.path(), other.path());
    let quiet =
        Town::again(one.path(), ServerClock::standing_at(at), accounts.clone()).expect("again");
    let busy = Town::again(other.path(), ServerClock::standing_at(at), accounts).expect("again");

    // The busy authority plans a check of this very enterprise, carries it out up to the seal, and
    // works on others.
    let admin = OfficeClient::of(&busy, &someone(&busy, Role::Administrator));
    let mut supervisor =
        Member::enrol(OfficeClient::of(&busy, &someone(&busy, Role::Supervisor))).expect("one");
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
    assert_eq!(wang.office.send("PUT", &path, photo, None).status, 200);

    let ids = [inspection.to_string(), Digest::of(b"a photo of the enterprise's gate").to_string()];
    same(&quiet, &busy, &member, &[secret_token], &ids);
}

/// Both servers answer everything that the enterprise can ask with the same bytes.
fn same(quiet: &Town, busy: &Town, member: &Member, secrets: &[String], ids: &[String]) {
    let (mut here, mut there) = (member.clone(), member.clone());
    here.office.redirect(&quiet.address);
    there.office.redirect(&busy.address);
    let without = everything(quiet, &mut here, secrets, ids);
    let with = everything(busy, &mut there, secrets, ids);
    assert!(without.len() > 100, "{} requests are too few", without.len());
    let answered = with.iter().filter(|(_, seen)| seen.status == 200).count();
    assert!(answered > 10, "only {answered} requests were answered with something");
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without, with);
    }
}

/// Lets the server state what it owes.
fn clerk(town: &Town, at: Timestamp) {
    let shared = &town.app().expect("a server in this process").shared;
    let stated = town.block_on(clerk::run_once(shared, at, entropy::system_entropy));
    stated.expect("the clerk");
}

/// Plans a visit of an enterprise and carries it out until both officers have signed.
fn visit(
    supervisor: &mut Member,
    [lead, second]: [&mut Member; 2],
    target: EnterpriseId,
) -> InspectionId {
    let plan = crowd::plan([lead, second], target).expect("a plan");
    let inspection = plan.inspection;
    let fact = supervisor.state(Statement::Planned(plan)).expect("a plan");
    supervisor.exchange(supervisor.request(&[fact], Vec::new())).expect("planned");
    let day = crowd::day(lead, second.person.id, &[inspection]).expect("a day");
    lead.exchange(day.packed).expect("sealed");
    let mut seal = None;
    while seal.is_none() {
        let (response, _) = second.exchange(second.request(&[], Vec::new())).expect("a page");
        seal = facts(&response.items).into_iter().find(
            |fact| matches!(&fact.statement, Statement::Sealed(it) if it.inspection == inspection),
        );
        assert!(seal.is_some() || response.more, "the record has come");
    }
    let seal = seal.expect("a record").id;
    let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
    let arrived = second.state(Statement::Arrived(arrival)).expect("arrival");
    let signed = second.state(Statement::Cosigned(Cosign { inspection, seal })).expect("signed");
    second.exchange(second.request(&[arrived, signed], Vec::new())).expect("signed");
    inspection
}

fn facts(items: &[Item]) -> Vec<Fact> {
    let of_item = |item: &Item| match item {
        Item::Fact { bytes, .. } => Some(Fact::decode(bytes).expect("a fact")),
        _ => None,
    };
    items.iter().filter_map(of_item).collect()
}

/// Delivers every notice that somebody reads; the notices.
fn serve(town: &Town, [by, second]: [&mut Member; 2], at: Timestamp) -> Vec<Notice> {
    let (response, _) = by.exchange(by.request(&[], Vec::new())).expect("a page");
    let issued = facts(&response.items).into_iter().filter_map(|fact| match fact.statement {
        Statement::NoticeIssued(notice) => Some(notice),
        _ => None,
    });
    let issued: Vec<Notice> = issued.collect();
    let served = issued.iter().map(|notice| {
        let service = Service {
            second: Some(second.person.id),
            refusal: Some("称负责人不在".to_owned()),
            witness: Some("街道工作人员".to_owned()),
            ..Service::new(notice.id, ServiceMethod::Left, "王某")
        };
        by.state(Statement::NoticeServed(service)).expect("service")
    });
    let served: Vec<Fact> = served.collect();
    by.exchange(by.request(&served, Vec::new())).expect("served");
    let signed = issued.iter().zip(&served).map(|(notice, fact)| {
        let (notice, statement) = (notice.id, fact.id);
        let signed = Countersigned { notice, hazard: None, statement };
        second.state(Statement::Countersigned(signed)).expect("a signature")
    });
    let signed: Vec<Fact> = signed.collect();
    second.exchange(second.request(&signed, Vec::new())).expect("signed");
    clerk(town, at);
    issued
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
    let mut member =
        Member::enrol(OfficeClient::of(&town, &enterprise.username)).expect("a device");
    let admin = OfficeClient::of(&town, &someone(&town, Role::Administrator));
    let mut supervisor =
        Member::enrol(OfficeClient::of(&town, &someone(&town, Role::Supervisor))).expect("one");
    let mut wang = Member::inspector(&admin, &town.address, 1).expect("an inspector");
    let mut li = Member::inspector(&admin, &town.address, 2).expect("an inspector");

    // A notice is served, and the enterprise asks for more time.
    let inspection = visit(&mut supervisor, [&mut wang, &mut li], target);
    clerk(&town, at);
    let notice = serve(&town, [&mut wang, &mut li], at).remove(0);
    let request = ExtensionRequest {
        notice: notice.id,
        hazard: notice.items.first().expect("a hazard").hazard,
        term: Term::natural(5),
        reason: "配件到货延迟".to_owned(),
    };
    let asked = member.state(Statement::ExtensionRequested(request)).expect("a request");
    let page = member.clone().exchange(member.request(&[asked], Vec::new())).expect("asked").0;
    let words = facts(&page.items);
    assert!(words.iter().any(|fact| matches!(fact.statement, Statement::NoticeIssued(_))));
    let (accounts, token) = (town.accounts.clone(), member.office.token().to_owned());
    drop(town);
    copy(one.path(), other.path());
    let quiet =
        Town::again(one.path(), ServerClock::standing_at(at), accounts.clone()).expect("again");
    let busy = Town::again(other.path(), ServerClock::standing_at(at), accounts).expect("again");

    // The same officers are at this enterprise again, and have a notice of another one served.
    for member in [&mut supervisor, &mut wang, &mut li] {
        member.office.redirect(&busy.address);
    }
    for _ in 0..3 {
        let plan = crowd::plan([&wang, &li], target).expect("a plan");
        let inspection = plan.inspection;
        let planned = supervisor.state(Statement::Planned(plan)).expect("a plan");
        supervisor.exchange(supervisor.request(&[planned], Vec::new())).expect("planned");
        let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
        let arrived = wang.state(Statement::Arrived(arrival)).expect("arrival");
        wang.exchange(wang.request(&[arrived], Vec::new())).expect("arrived");
    }
    let elsewhere = visit(&mut supervisor, [&mut wang, &mut li], stranger);
    clerk(&busy, at);
    assert_eq!(serve(&busy, [&mut wang, &mut li], at).len(), 1);
    let ids = [notice.id.to_string(), inspection.to_string(), elsewhere.to_string()];
    same(&quiet, &busy, &member, &[token], &ids);
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
