//! A world with a case in it, which is copied: from then on two servers differ in nothing but what is done in one of them.

use std::path::Path;

use e2e::bench::crowd::{self, Member};
use e2e::office::OfficeClient;
use e2e::town::Town;
use server::auth::entropy;
use server::clock::ServerClock;
use server::jobs::clerk;
use server::usecase::seed::Seeded;
use sync_core::act::notice::Countersigned;
use sync_core::act::visit::{Arrival, Cosign};
use sync_core::act::{Capture, Fact, Statement};
use sync_core::domain::account::Role;
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::notice::{Notice, Service, ServiceMethod};
use sync_core::draft::Edit;
use sync_core::id::{Digest, EnterpriseId, HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;
use sync_core::wire::exchange::Item;

/// Who works for the authority.
#[derive(Clone)]
pub(crate) struct Staff {
    pub admin: OfficeClient,
    pub supervisor: Member,
    pub wang: Member,
    pub li: Member,
}

/// An account with a role, of the department whose visits these are where it has such people.
pub(crate) fn account(town: &Town, role: Role) -> Seeded {
    let of_role = || town.accounts.values().filter(|it| it.person.role == role);
    let yingji = "yingji".parse().ok();
    let mine = of_role().find(|it| it.person.department == yingji).or_else(|| of_role().next());
    mine.expect("someone").clone()
}

impl Staff {
    pub(crate) fn of(town: &Town) -> Self {
        let office = |role| OfficeClient::of(town, &account(town, role).username);
        let admin = office(Role::Administrator);
        let inspector = |n| Member::inspector(&admin, &town.address, n).expect("an inspector");
        let supervisor = Member::enrol(office(Role::Supervisor)).expect("a supervisor");
        Self { supervisor, wang: inspector(1), li: inspector(2), admin }
    }

    /// The same people in another world.
    pub(crate) fn at(&self, town: &Town) -> Self {
        let mut there = self.clone();
        there.admin.redirect(&town.address);
        for member in [&mut there.supervisor, &mut there.wang, &mut there.li] {
            member.office.redirect(&town.address);
        }
        there
    }

    /// Plans a visit that was approved under this number.
    pub(crate) fn plan(&mut self, target: EnterpriseId, approval: &str) -> InspectionId {
        let mut plan = crowd::plan([&self.wang, &self.li], target).expect("a plan");
        approval.clone_into(&mut plan.approval);
        let inspection = plan.inspection;
        say(&mut self.supervisor, vec![Statement::Planned(plan)]);
        inspection
    }

    /// Plans a visit and carries it out, with a photo of its first hazard, until both officers have signed.
    pub(crate) fn visit(&mut self, target: EnterpriseId, photo: &[u8]) -> InspectionId {
        let inspection = self.plan(target, "测试〔2026〕9号");
        let Self { wang, li, .. } = self;
        let mut edits = crowd::edits(wang, 0);
        let hazard = edits.iter().find_map(|edit| match edit {
            Edit::AddHazard { hazard, .. } => Some(*hazard),
            _ => None,
        });
        let (hazard, purpose) = (hazard.expect("a hazard"), Purpose::Found);
        edits.push(Edit::AttachPhoto { hazard, blob: Digest::of(photo), purpose });
        let captured = captured(StreamId::inspection(inspection), purpose, hazard, photo);
        let second = li.person.id;
        let day = crowd::visit(wang, second, inspection, &edits, vec![captured]);
        let (facts, push, _) = day.expect("a record");
        let seal = facts.iter().find(|it| matches!(it.statement, Statement::Sealed(_)));
        let seal = seal.expect("a seal").id;
        wang.exchange(wang.request(&facts, vec![push])).expect("sealed");
        bring(wang, photo);
        let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
        let signed = Statement::Cosigned(Cosign { inspection, seal });
        say(li, vec![Statement::Arrived(arrival), signed]);
        inspection
    }

    /// Leaves every notice that somebody reads at its enterprise; the notices.
    pub(crate) fn serve(&mut self, town: &Town, at: Timestamp) -> Vec<Notice> {
        let Self { wang, li, .. } = self;
        let mut issued: Vec<Notice> = Vec::new();
        loop {
            let (response, _) = wang.exchange(wang.request(&[], Vec::new())).expect("a page");
            issued.extend(facts(&response.items).into_iter().filter_map(|it| match it.statement {
                Statement::NoticeIssued(notice) => Some(notice),
                _ => None,
            }));
            if !response.more {
                break;
            }
        }
        let served = issued.iter().map(|notice| {
            Statement::NoticeServed(Service {
                second: Some(li.person.id),
                refusal: Some("称负责人不在".to_owned()),
                witness: Some("街道工作人员".to_owned()),
                ..Service::new(notice.id, ServiceMethod::Left, "王某")
            })
        });
        let served = say(wang, served.collect());
        let signed = issued.iter().zip(&served).map(|(notice, fact)| {
            let (notice, statement) = (notice.id, fact.id);
            Statement::Countersigned(Countersigned { notice, hazard: None, statement })
        });
        say(li, signed.collect());
        settle(town, at);
        issued
    }
}

/// States and delivers; the facts.
pub(crate) fn say(member: &mut Member, statements: Vec<Statement>) -> Vec<Fact> {
    let facts: Vec<Fact> =
        statements.into_iter().map(|it| member.state(it).expect("a statement")).collect();
    member.exchange(member.request(&facts, Vec::new())).expect("accepted");
    facts
}

/// Brings a photo that was announced.
pub(crate) fn bring(member: &Member, photo: &[u8]) {
    let path = format!("/sync/v1/blobs/{}?offset=0", Digest::of(photo));
    assert_eq!(member.office.send("PUT", &path, photo.to_vec(), None).status, 200);
}

/// A photo as a statement.
pub(crate) fn captured(
    stream: StreamId,
    purpose: Purpose,
    hazard: HazardId,
    bytes: &[u8],
) -> Statement {
    let photo = Photo {
        blob: Digest::of(bytes),
        bytes: bytes.len() as u64,
        width: 320,
        height: 240,
        purpose,
        hazard: Some(hazard),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    };
    Statement::Captured(Capture { stream, photo })
}

/// Lets the server state what it owes.
pub(crate) fn settle(town: &Town, at: Timestamp) {
    let shared = &town.app().expect("a server in this process").shared;
    let stated = town.block_on(clerk::run_once(shared, at, entropy::system_entropy));
    stated.expect("the clerk");
}

/// The facts of a page.
pub(crate) fn facts(items: &[Item]) -> Vec<Fact> {
    let of_item = |item: &Item| match item {
        Item::Fact { bytes, .. } => Some(Fact::decode(bytes).expect("a fact")),
        _ => None,
    };
    items.iter().filter_map(of_item).collect()
}

/// Ends a world and begins it twice, at the same standing instant: the folder as it is, and its copy.
pub(crate) fn parted(town: Town, [one, other]: [&Path; 2], at: Timestamp) -> [Town; 2] {
    let accounts = town.accounts.clone();
    drop(town);
    copy(one, other);
    [one, other].map(|folder| {
        let clock = ServerClock::standing_at(at);
        Town::again(folder, clock, accounts.clone()).expect("a town again")
    })
}

fn copy(from: &Path, to: &Path) {
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
