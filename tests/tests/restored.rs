//! A server that came back from a backup: whatever was lost, whether or not somebody says so and whoever comes first,
//! after two rounds every phone and the server hold all of it.

use std::collections::BTreeSet;

use device::{ItemState, PhotoMeta, Without};
use e2e::office::OfficeClient;
use e2e::phone::Phone;
use e2e::photo::{Scene, draw};
use e2e::town::Town;
use server::store::{drafts, ledger, quarantine};
use sync_core::act::paper::PapersIssued;
use sync_core::act::{Capture, Statement};
use sync_core::domain::account::Role;
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{Plan, VisitKind};
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, MeasureDraft};
use sync_core::id::{FactId, HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;

/// What came to the server after the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    /// An arrival and what was written.
    Facts,
    /// The bytes of a photo that was announced before.
    Photos,
    /// A visit that was planned and that the team knows of.
    Plans,
    /// What came for a sealed visit and waits for a supervisor.
    Quarantine,
    /// More than one exchange brings: the line broke behind the receipts. What follows from it would be refused for good.
    Followed,
}

/// Who speaks to the server first after the restore.
#[derive(Clone, Copy, Debug)]
enum First {
    ThisDevice,
    Another,
    NewWork,
}

struct Office {
    town: Town,
    supervisor: Phone,
    /// The supervisor's other device, which has heard nothing since the backup.
    desk: Phone,
    lead: Phone,
    partner: Phone,
    /// The lead at a desk, who looks whether photos are there.
    officer: OfficeClient,
    pictures: u64,
}

fn fresh<T>(make: impl Fn([u8; 16]) -> T) -> T {
    make(server::config::entropy().expect("entropy"))
}

fn sync(phone: &mut Phone) {
    let report = phone.sync().expect("a working store");
    assert!(report.waiting.is_none(), "{report:?}");
}

fn plan(phone: &mut Phone, team: &[&Phone]) -> InspectionId {
    let inspection = fresh(InspectionId::from_entropy);
    let place = phone.device.catalogue().enterprises.first().cloned().expect("an enterprise");
    let today = phone.device.now().expect("a time").date();
    let person = phone.device.person().expect("a person").clone();
    let statement = Statement::Planned(Plan {
        inspection,
        enterprise: place.id,
        department: person.department.expect("a department"),
        team: team.iter().map(|it| it.device.person().expect("a person").id).collect(),
        kind: VisitKind::Unannounced,
        sectors: vec!["GM".parse().expect("a sector")],
        from: today,
        to: today.plus_days(3),
        approval: "枣高应急检批〔2026〕18号".to_owned(),
        recheck_of: None,
    });
    phone.device.state(statement).expect("a plan");
    inspection
}

fn write(phone: &mut Phone, inspection: InspectionId, hazard: HazardId) {
    let draft = HazardDraft {
        item: None,
        description: "疏散通道被占用".to_owned(),
        place: "二号仓库东侧".to_owned(),
        basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
        grade: Grade::General,
        criterion: None,
        measure: MeasureDraft::Rectify(Term::natural(15)),
        found_by: phone.device.person().expect("a person").id,
    };
    phone.device.edit(inspection, Edit::AddHazard { hazard, draft }).expect("an edit");
}

/// Synchronises up to the first request for a file, as when the line breaks there; or up to the end of the first exchange.
fn sync_until_broken(phone: &mut Phone, exchanges: usize) {
    use device::Transport as _;
    let mut wire = e2e::weather::Wire::new(phone.network.clone());
    let mut run = phone.device.begin_sync().expect("a run");
    let mut left = exchanges;
    while let Some(request) = phone.device.next_request(&mut run, &mut |_| {}).expect("a request") {
        if request.path.starts_with("/sync/v1/blobs") || left == 0 {
            return;
        }
        left -= usize::from(request.path.ends_with("/exchange"));
        let answer = wire.send(request);
        phone.device.take_answer(&mut run, answer).expect("taken over");
    }
}

impl Office {
    fn new(folder: &std::path::Path) -> Self {
        let mut town = Town::process(folder, "127.0.0.1:0").expect("a town");
        let names = |role: Role| -> Vec<String> {
            let of_department = town.accounts.values().filter(|it| {
                let department = it.person.department.as_ref().map(|it| it.as_str() == "yingji");
                it.person.role == role && department == Some(true)
            });
            of_department.map(|it| it.username.clone()).collect()
        };
        let (leads, officers) = (names(Role::Supervisor), names(Role::Inspector));
        let supervisor = town.phone(&leads[0]).expect("a phone");
        let desk = town.phone(&leads[0]).expect("a phone");
        let lead = town.phone(&officers[0]).expect("a phone");
        let partner = town.phone(&officers[1]).expect("a phone");
        let officer = OfficeClient::of(&town, &officers[0]);
        Self { town, supervisor, desk, lead, partner, officer, pictures: 0 }
    }

    fn all(&mut self) -> [&mut Phone; 4] {
        [&mut self.supervisor, &mut self.desk, &mut self.lead, &mut self.partner]
    }

    fn capture(&mut self, inspection: InspectionId, hazard: HazardId) {
        self.pictures += 1;
        let meta = PhotoMeta {
            purpose: Purpose::Found,
            hazard: Some(hazard),
            source: Source::Camera,
            fix: None,
            derived_from: None,
        };
        let picture = draw(Scene::Blocked, self.pictures, 320, 240, 80);
        let stream = StreamId::inspection(inspection);
        self.lead.device.capture(stream, meta, &picture).expect("a photo");
    }

    /// What happens before the backup, and then what is lost with it; gives the visit.
    fn lose(&mut self, lost: Lost, backup: &std::path::Path) -> InspectionId {
        let hazard = fresh(HazardId::from_entropy);
        let planned = |it: &mut Self| {
            let inspection = plan(&mut it.supervisor, &[&it.lead, &it.partner]);
            it.all().into_iter().for_each(sync);
            inspection
        };
        let before = (lost != Lost::Plans).then(|| planned(self));
        match (lost, before) {
            (Lost::Photos, Some(inspection)) => {
                self.lead.arrive(inspection).expect("an arrival");
                sync(&mut self.lead);
                self.capture(inspection, hazard);
                sync_until_broken(&mut self.lead, usize::MAX);
                self.all()
                    .into_iter()
                    .filter(|it| it.device.outbox().expect("an outbox").waiting() == 0)
                    .for_each(sync);
            }
            (Lost::Quarantine, Some(inspection)) => {
                self.partner.arrive(inspection).expect("an arrival");
                let lead = self.lead.device.person().expect("a person").id;
                let without =
                    [Without { officer: lead, reason: "没有收到其部分".to_owned() }];
                self.partner.device.seal(inspection, &without).expect("a seal");
                sync(&mut self.partner);
                sync(&mut self.desk);
                self.lead.arrive(inspection).expect("an arrival");
                write(&mut self.lead, inspection, hazard);
            }
            _ => {}
        }
        self.town.back_up(backup).expect("a backup");
        let inspection = before.unwrap_or_else(|| {
            let inspection = plan(&mut self.supervisor, &[&self.lead, &self.partner]);
            sync(&mut self.supervisor);
            sync(&mut self.lead);
            inspection
        });
        match lost {
            Lost::Facts => {
                self.lead.arrive(inspection).expect("an arrival");
                write(&mut self.lead, inspection, hazard);
                sync(&mut self.lead);
            }
            Lost::Photos | Lost::Quarantine => sync(&mut self.lead),
            Lost::Plans => {}
            Lost::Followed => {
                self.lead.arrive(inspection).expect("an arrival");
                (0..20).for_each(|_| self.capture(inspection, hazard));
                sync_until_broken(&mut self.lead, 1);
                self.capture(inspection, hazard);
            }
        }
        inspection
    }

    /// Two rounds, in the order of the cell.
    fn come_back(&mut self, first: First) {
        if matches!(first, First::NewWork) {
            // Its rows stand where the lost ones stood.
            plan(&mut self.desk, &[&self.lead, &self.partner]);
            sync(&mut self.desk);
        }
        for _ in 0..2 {
            match first {
                First::ThisDevice => {
                    sync(&mut self.lead);
                    [&mut self.supervisor, &mut self.desk, &mut self.partner]
                        .into_iter()
                        .for_each(sync);
                }
                First::Another | First::NewWork => {
                    [&mut self.desk, &mut self.partner, &mut self.supervisor, &mut self.lead]
                        .into_iter()
                        .for_each(sync);
                }
            }
        }
    }

    /// The facts of a visit as each phone holds them, papers aside: the server issues them beside what people do.
    fn facts(phone: &Phone, inspection: InspectionId) -> BTreeSet<FactId> {
        let case = phone.device.case(&StreamId::inspection(inspection)).expect("a case");
        let by_people = case.stated().iter().filter(|it| it.as_act::<PapersIssued>().is_none());
        by_people.map(|it| it.fact).collect()
    }

    /// Nothing waits, nothing is refused, nothing is green that the server lacks, and everybody knows the same.
    fn holds_the_union(&mut self, inspection: InspectionId, lost: Lost, cell: &str) {
        let store = self.town.block_on(server::store::open(self.town.data())).expect("a store");
        let mut held = 0;
        for phone in [&self.supervisor, &self.desk, &self.lead, &self.partner] {
            let outbox = phone.device.outbox().expect("an outbox");
            let waiting = |it: &&device::OutboxRecord| it.state == ItemState::OnlyHere;
            let waiting: Vec<_> = outbox.records.iter().filter(waiting).collect();
            assert_eq!(outbox.waiting(), 0, "{cell}: {waiting:?}");
            for record in &outbox.records {
                let stream = record.stream.expect("a stream");
                let (written, kept) = self.town.block_on(async {
                    let mut db = store.acquire().await.expect("a connection");
                    let (key, id) = (stream.into(), record.id);
                    let fact = ledger::holds(&mut db, key, id).await.expect("asked");
                    let change = drafts::holds(&mut db, key, id).await.expect("asked");
                    let kept = quarantine::find(&mut db, &[id]).await.expect("asked");
                    (fact || change, !kept.items.is_empty())
                });
                match &record.state {
                    ItemState::AtServer => assert!(written, "{cell}: {} is green", record.title),
                    ItemState::Quarantined(_) => {
                        held += 1;
                        assert!(kept, "{cell}: {} is not in quarantine", record.title);
                    }
                    state => panic!("{cell}: {} is {state:?}", record.title),
                }
            }
            for file in &outbox.files {
                assert_eq!(file.state, ItemState::AtServer, "{cell}");
                let given = self.officer.get(&format!("/sync/v1/blobs/{}", file.hash));
                assert_eq!(given.status, 200, "{cell}: a photo is green");
            }
        }
        self.town.block_on(store.close());
        assert!(lost != Lost::Quarantine || held > 0, "{cell}: nothing is held");
        let known = Self::facts(&self.lead, inspection);
        assert!(!known.is_empty(), "{cell}");
        for (phone, name) in
            [(&self.supervisor, "supervisor"), (&self.desk, "desk"), (&self.partner, "partner")]
        {
            let standing = phone.device.standing();
            assert_eq!(Self::facts(phone, inspection), known, "{cell}: {name} {standing:?}");
        }
        let tasks = |phone: &Phone| -> BTreeSet<InspectionId> {
            let tasks = phone.device.tasks().expect("tasks");
            tasks.iter().map(|it| it.plan.inspection).collect()
        };
        assert_eq!(tasks(&self.lead), tasks(&self.partner), "{cell}");
        let photos = |phone: &Phone| {
            let case = phone.device.case(&StreamId::inspection(inspection)).expect("a case");
            case.every::<Capture>().count()
        };
        assert_eq!(photos(&self.partner), photos(&self.lead), "{cell}");
    }
}

fn matrix(announced: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut scene = Office::new(folder.path());
    for lost in [Lost::Facts, Lost::Photos, Lost::Plans, Lost::Quarantine, Lost::Followed] {
        for first in [First::ThisDevice, First::Another, First::NewWork] {
            let cell = format!("announced: {announced}, {lost:?}, {first:?}");
            let backup = folder.path().join(&cell);
            let inspection = scene.lose(lost, &backup);
            scene.town.restore(&backup, announced).expect("a restore");
            std::fs::remove_dir_all(&backup).expect("removed");
            scene.officer.redirect(&scene.town.address);
            scene.come_back(first);
            scene.holds_the_union(inspection, lost, &cell);
            let health = OfficeClient::anonymous(&scene.town.address).get("/health").json;
            assert_eq!(health["restores"], u64::from(!announced), "{cell}");
        }
    }
}

#[test]
fn a_restore_that_was_announced_loses_nothing_that_a_phone_still_has() {
    matrix(true);
}

#[test]
fn a_restore_that_nobody_announced_is_noticed_and_loses_nothing_that_a_phone_still_has() {
    matrix(false);
}
