//! What staff do in one of the two worlds.

use e2e::bench::crowd::{self, Member};
use e2e::office::OfficeClient;
use e2e::photo::{self, Scene};
use e2e::town::Town;
use serde_json::{Value, json};
use sync_core::act::notice::ExtensionRequest;
use sync_core::act::visit::Arrival;
use sync_core::act::{Fact, Statement};
use sync_core::document::PaperRow;
use sync_core::domain::account::Role;
use sync_core::domain::inspection::VisitKind;
use sync_core::domain::notice::Notice;
use sync_core::domain::papers::PaperKind;
use sync_core::domain::term::Term;
use sync_core::id::{DeviceId, Digest, EnterpriseId, InspectionId, PersonId};
use sync_core::time::Timestamp;
use sync_core::wire::codec;

use super::worlds::{Staff, account, bring, say, settle};

/// What exists in this world alone.
pub(crate) struct Elsewhere {
    /// Visits that nobody knows of: at the enterprise itself, as a recheck of its notice, and at another one.
    pub secret: Vec<InspectionId>,
    /// The notice of another enterprise.
    pub notice: Notice,
    /// Ids of people, devices, sessions and cases.
    pub ids: Vec<String>,
    /// Digests of photos, statements and of the papers of visits that nobody knows of.
    pub digests: Vec<String>,
    /// A photo of another enterprise, which the enterprise shows as its own.
    pub photo: Vec<u8>,
    pub devices: Vec<DeviceId>,
    pub people: Vec<PersonId>,
    /// What another enterprise has stated.
    pub said: Vec<Fact>,
    pub usernames: Vec<String>,
}

/// Visits are planned here and elsewhere, begun, carried out; a notice is issued, served and answered; people and devices
/// are enrolled and revoked; records come to quarantine and are judged; lists, reports, papers and files are taken;
/// passwords are wrong, and each of it is noted.
pub(crate) fn work(
    town: &Town,
    staff: &mut Staff,
    own: (EnterpriseId, &Notice, InspectionId),
    other: EnterpriseId,
    at: Timestamp,
) -> Elsewhere {
    let (target, notice, visited) = own;
    let secret = vec![
        staff.plan(target, "测试〔2026〕1号"),
        recheck(staff, target, notice),
        staff.plan(other, "测试〔2026〕2号"),
    ];
    settle(town, at);
    let begun = staff.plan(target, "测试〔2026〕3号");
    let arrival = Arrival { inspection: begun, certificate_shown: true, plate: None, fix: None };
    say(&mut staff.wang, vec![Statement::Arrived(arrival)]);
    let found = b"\xff\xd8\xffa photo of the gate".to_vec();
    say(&mut staff.wang, vec![crowd::captured(begun, &found)]);
    bring(&staff.wang, &found);

    let photo = photo::draw(Scene::Extinguishers, 5, 320, 240, 80);
    let done = staff.visit(other, &photo);
    settle(town, at);
    let of_other = staff.serve(town, at).remove(0);
    assert_ne!(of_other.id, notice.id);
    let (stranger, said) = answered(town, other, &of_other);
    settle(town, at);

    let (hired, held) = hired(town, staff, target);
    let office = OfficeClient::of(town, &account(town, Role::Coordinator).username);
    taken(town, staff, &office, (notice, visited, done));
    let sessions = hired.office.get("/api/v1/sessions").json;
    let session = sessions.pointer("/0/id").and_then(Value::as_str).expect("a session");
    audited(town, staff, &hired);

    let mut digests = vec![held.to_string(), Digest::of(&found).to_string()];
    digests.push(Digest::of(&photo).to_string());
    digests.extend(said.iter().map(|fact| fact.id.to_string()));
    for visit in &secret {
        digests.extend(papers(staff, *visit).iter().map(|row| row.digest.hex()));
    }
    let mut ids: Vec<String> = secret.iter().map(ToString::to_string).collect();
    ids.extend([begun.to_string(), done.to_string(), of_other.id.to_string()]);
    ids.extend([hired.person.id.to_string(), session.to_owned(), other.to_string()]);
    let devices = vec![hired.device, stranger.device];
    ids.extend(devices.iter().map(ToString::to_string));
    let (people, usernames) = (vec![hired.person.id], vec!["bench3".to_owned()]);
    Elsewhere { secret, notice: of_other, ids, digests, photo, devices, people, said, usernames }
}

/// The papers of a visit that nobody knows of: what was approved.
fn papers(staff: &Staff, visit: InspectionId) -> Vec<PaperRow> {
    let rows = staff.supervisor.office.get(&format!("/api/v1/cases/inspection/{visit}/papers"));
    let rows: Vec<PaperRow> = serde_json::from_value(rows.json).expect("papers");
    assert_eq!(rows.iter().map(|row| row.kind).collect::<Vec<_>>(), [PaperKind::InspectionPlan]);
    rows
}

/// Plans a visit that is to look again at what a notice ordered.
fn recheck(staff: &mut Staff, target: EnterpriseId, notice: &Notice) -> InspectionId {
    let mut plan = crowd::plan([&staff.wang, &staff.li], target).expect("a plan");
    (plan.kind, plan.recheck_of) = (VisitKind::Recheck, Some(notice.id));
    let inspection = plan.inspection;
    say(&mut staff.supervisor, vec![Statement::Planned(plan)]);
    inspection
}

/// The other enterprise enrols a device, reads its notice and asks for more time.
fn answered(town: &Town, other: EnterpriseId, notice: &Notice) -> (Member, Vec<Fact>) {
    let account = town.accounts.values().find(|it| it.person.enterprise == Some(other));
    let office = OfficeClient::of(town, &account.expect("its account").username);
    let mut member = Member::enrol(office).expect("a device");
    member.pull().expect("its notice");
    let request = ExtensionRequest {
        notice: notice.id,
        hazard: notice.items.first().expect("a hazard").hazard,
        term: Term::natural(5),
        reason: "正在采购".to_owned(),
    };
    let facts = say(&mut member, vec![Statement::ExtensionRequested(request)]);
    (member, facts)
}

/// An inspector is hired, loses the device, and what is still on it comes to quarantine, where one item is judged and
/// another one waits.
fn hired(town: &Town, staff: &mut Staff, target: EnterpriseId) -> (Member, Digest) {
    let mut hired = Member::inspector(&staff.admin, &town.address, 3).expect("an inspector");
    hired.pull().expect("what there is");
    let plans = [0; 2].map(|_| crowd::plan([&hired, &staff.li], target).expect("a plan"));
    let visits = plans.each_ref().map(|plan| plan.inspection);
    say(&mut staff.supervisor, plans.map(Statement::Planned).to_vec());
    let body = json!({ "from": 1, "reason": "手机遗失" });
    let path = format!("/api/v1/devices/{}/revoke", hired.device);
    assert_eq!(staff.admin.post(&path, &body).status, 200);
    let password = "一个足够长的测试口令";
    hired.office = OfficeClient::with_password(&town.address, "bench3", password);
    let mut held = Vec::new();
    for inspection in visits {
        let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
        let fact = hired.state(Statement::Arrived(arrival)).expect("a statement");
        let packed = hired.request(std::slice::from_ref(&fact), Vec::new());
        let path = "/sync/v1/exchange";
        let answer = hired.office.send("POST", path, packed, Some(codec::CONTENT_TYPE));
        assert_eq!(answer.status, 200);
        held.push(fact.id);
    }
    let waiting = staff.supervisor.office.get("/api/v1/quarantine").json;
    assert_eq!(waiting["rows"].as_array().map(Vec::len), Some(2), "{waiting}");
    let item = held.first().expect("an item");
    let judged = json!({ "accept": false, "reason": "手机遗失后形成" });
    let path = format!("/api/v1/quarantine/{item}");
    assert_eq!(staff.supervisor.office.post(&path, &judged).status, 200);
    (hired, *item)
}

/// Lists, reports, papers, case files and small pictures are taken, also of the enterprise's own case.
fn taken(
    town: &Town,
    staff: &Staff,
    office: &OfficeClient,
    (notice, visited, done): (&Notice, InspectionId, InspectionId),
) {
    let (supervisor, notice_id) = (&staff.supervisor.office, notice.id);
    let given = |who: &OfficeClient, path: &str| {
        let answer = who.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.json);
        answer.json
    };
    for form in ["json", "csv", "xlsx"] {
        given(office, &format!("/api/v1/reports/weekly?format={form}"));
        given(supervisor, &format!("/api/v1/hazards?format={form}"));
    }
    for visit in [visited, done] {
        given(supervisor, &format!("/api/v1/cases/inspection/{visit}"));
        given(supervisor, &format!("/api/v1/cases/inspection/{visit}/papers"));
        given(supervisor, &format!("/api/v1/cases/inspection/{visit}/file"));
    }
    let rows = given(supervisor, &format!("/api/v1/cases/notice/{notice_id}/papers"));
    let rows: Vec<PaperRow> = serde_json::from_value(rows).expect("papers");
    for row in rows.iter().filter(|row| row.kind == PaperKind::RectificationNotice) {
        let of =
            format!("/api/v1/cases/notice/{notice_id}/papers/{}/{}", row.kind.name(), row.fact);
        given(supervisor, &of);
    }
    for photo in notice.items.iter().flat_map(|item| &item.photos) {
        given(supervisor, &format!("/sync/v1/blobs/{photo}/thumbnail"));
    }
    let auditor = OfficeClient::of(town, &account(town, Role::Auditor).username);
    given(&auditor, "/api/v1/audit");
    given(&auditor, "/api/v1/accounts");
}

/// Passwords are wrong, one is reset.
fn audited(town: &Town, staff: &Staff, hired: &Member) {
    for name in ["bench3", "bench2", "nobody"] {
        let wrong = OfficeClient::with_password(&town.address, name, "不是这个口令呀");
        assert_eq!(wrong.token(), "");
    }
    let path = format!("/api/v1/accounts/{}/password", hired.person.id);
    let reset = staff.admin.post(&path, &json!({ "reason": "忘记口令" }));
    assert_eq!(reset.status, 200, "{}", reset.json);
}
