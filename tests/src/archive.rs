//! Years of work in a minute: fills a running server with cases, most of them settled, so that screens can be
//! measured on a device that knows thousands.

use std::collections::BTreeMap;
use std::path::Path;

use sync_core::Refusal;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::notice::{Countersigned, DismissalProposed, Dismissed};
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::domain::account::Role;
use sync_core::domain::hazard::{Clause, Grade, Hazard, Measure};
use sync_core::domain::inspection::{Answer, Part, Record, SignOutcome, Verdict};
use sync_core::domain::notice::{Notice, Service, ServiceMethod};
use sync_core::domain::term::Term;
use sync_core::id::{EnterpriseId, FactId, HazardId, InspectionId, PersonId};
use sync_core::wire::exchange::Item;

use crate::bench::crowd::{self, Member};
use crate::office::OfficeClient;
use crate::play::missed;

/// Cases of one push.
const BATCH: usize = 60;
/// Exchanges until the server must have issued every notice.
const ATTEMPTS: usize = 10_000;

/// The people who did the work.
struct Office {
    supervisor: Member,
    leader: Member,
    second: Member,
    places: Vec<EnterpriseId>,
    /// The visit that found each hazard.
    found: BTreeMap<HazardId, InspectionId>,
}

/// Fills the server at an address with open and settled cases of one department. `people` is the zone as it was
/// seeded, `passwords` what seeding printed.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn fill(
    address: &str,
    people: &Path,
    passwords: &str,
    open: usize,
    settled: usize,
) -> Result<(), Refusal> {
    let mut office = Office::enter(address, people, passwords)?;
    let mut left = open;
    for first in (0..open + settled).step_by(BATCH) {
        let count = BATCH.min(open + settled - first);
        let notices = office.inspect(first, count)?;
        let open = left.min(notices.len());
        left -= open;
        let (_, done) = notices.split_at_checked(open).ok_or_else(|| missed("the notices"))?;
        office.settle(done)?;
    }
    Ok(())
}

impl Office {
    fn enter(address: &str, people: &Path, passwords: &str) -> Result<Self, Refusal> {
        let zone = std::fs::read(people).map_err(|_| missed("the zone"))?;
        let zone: serde_json::Value =
            serde_json::from_slice(&zone).map_err(|_| missed("the zone"))?;
        let list = |name: &str| zone.get(name).and_then(|it| it.as_array()).into_iter().flatten();
        let office = |role: Role| {
            let role = serde_json::to_value(role).ok()?;
            let mine = list("people").find(|it| {
                let department = it.get("department").and_then(|it| it.as_str());
                it.get("role") == Some(&role) && department.is_none_or(|it| it == "yingji")
            })?;
            let username = mine.get("username")?.as_str()?;
            let line = passwords.lines().find(|line| line.split('\t').next() == Some(username))?;
            Some(OfficeClient::with_password(address, username, line.split('\t').nth(1)?))
        };
        let admin = office(Role::Administrator).ok_or_else(|| missed("an administrator"))?;
        let supervisor = office(Role::Supervisor).ok_or_else(|| missed("a supervisor"))?;
        let places =
            list("enterprises").filter_map(|it| it.get("id")?.as_str()?.parse().ok()).collect();
        Ok(Self {
            supervisor: Member::enrol(supervisor)?,
            leader: Member::inspector(&admin, address, 9_001)?,
            second: Member::inspector(&admin, address, 9_002)?,
            places,
            found: BTreeMap::new(),
        })
    }

    /// Plans, carries out and signs visits with one hazard each; gives the notices that the server issued.
    fn inspect(&mut self, first: usize, count: usize) -> Result<Vec<Notice>, Refusal> {
        let team = [&self.leader, &self.second];
        let plans = (first..first + count)
            .map(|n| {
                let place = self.places.get(n % self.places.len().max(1));
                crowd::plan(team, *place.ok_or_else(|| missed("a place"))?)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let visits: Vec<InspectionId> = plans.iter().map(|plan| plan.inspection).collect();
        push(&mut self.supervisor, plans.into_iter().map(Statement::Planned))?;
        self.leader.pull()?;
        self.second.pull()?;
        let mut seals = Vec::new();
        let mut facts = Vec::new();
        for (n, inspection) in visits.iter().copied().enumerate() {
            let second = self.second.person.id;
            let (arrival, record) = visit(&self.leader, second, inspection, first + n)?;
            facts.push(self.leader.state(Statement::Arrived(arrival))?);
            self.found.extend(record.hazards.iter().map(|it| (it.id, inspection)));
            let seal = self.leader.state(Statement::Sealed(record))?;
            let outcome =
                SignOutcome::Refused { reason: "负责人不在现场".to_owned(), witness: None };
            let party = PartySign { inspection, seal: seal.id, outcome };
            seals.push((inspection, seal.id));
            facts.push(seal);
            facts.push(self.leader.state(Statement::PartySigned(party))?);
        }
        let packed = self.leader.request(&facts, Vec::new());
        self.leader.exchange(packed)?;
        let cosign = |(inspection, seal): (InspectionId, FactId)| {
            Statement::Cosigned(Cosign { inspection, seal })
        };
        let arrive = |inspection: &InspectionId| {
            let inspection = *inspection;
            let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
            Statement::Arrived(arrival)
        };
        push(&mut self.second, visits.iter().map(arrive).chain(seals.into_iter().map(cosign)))?;
        self.issued(count)
    }

    fn issued(&mut self, count: usize) -> Result<Vec<Notice>, Refusal> {
        let mut notices = Vec::new();
        for _ in 0..ATTEMPTS {
            let (response, _) = self.second.exchange(self.second.request(&[], Vec::new()))?;
            for item in &response.items {
                let Item::Fact { bytes, .. } = item else { continue };
                if let Statement::NoticeIssued(notice) = Fact::decode(bytes)?.statement {
                    notices.push(notice);
                }
            }
            if notices.len() >= count {
                return Ok(notices);
            }
        }
        Err(missed("the notices"))
    }

    /// Serves notices and takes their hazards back, with the reason and a second person.
    fn settle(&mut self, notices: &[Notice]) -> Result<(), Refusal> {
        let hazards = || {
            let items = |notice: &'_ Notice| notice.items.iter().map(|it| it.hazard).collect();
            notices.iter().flat_map(move |it| {
                let hazards: Vec<HazardId> = items(it);
                hazards.into_iter().map(move |hazard| (it.id, hazard))
            })
        };
        let reason = || "与另一处隐患重复".to_owned();
        let proposed = hazards().map(|(notice, hazard)| {
            let inspection = self.found.get(&hazard).copied();
            let reason = reason();
            Statement::DismissalProposed(DismissalProposed { notice, hazard, reason, inspection })
        });
        let proposed: Vec<Statement> = proposed.collect();
        let dismissed = hazards().map(|(notice, hazard)| {
            Statement::Dismissed(Dismissed { notice, hazard, reason: reason() })
        });
        let (mut served, mut signed) = (Vec::new(), Vec::new());
        for notice in notices {
            let service = Service {
                second: Some(self.leader.person.id),
                refusal: Some("称负责人不在".to_owned()),
                witness: Some("街道工作人员".to_owned()),
                ..Service::new(notice.id, ServiceMethod::Left, "安全科长")
            };
            let fact = self.second.state(Statement::NoticeServed(service))?;
            let (notice, statement) = (notice.id, fact.id);
            signed.push(Statement::Countersigned(Countersigned {
                notice,
                hazard: None,
                statement,
            }));
            served.push(fact);
        }
        let proposed =
            proposed.into_iter().map(|it| self.second.state(it)).collect::<Result<Vec<_>, _>>()?;
        served.extend(proposed);
        let packed = self.second.request(&served, Vec::new());
        self.second.exchange(packed)?;
        push(&mut self.leader, signed.into_iter())?;
        push(&mut self.supervisor, dismissed)
    }
}

fn push(member: &mut Member, statements: impl Iterator<Item = Statement>) -> Result<(), Refusal> {
    let facts = statements.map(|it| member.state(it)).collect::<Result<Vec<_>, _>>()?;
    let packed = member.request(&facts, Vec::new());
    member.exchange(packed).map(drop)
}

fn visit(
    leader: &Member,
    second: PersonId,
    inspection: InspectionId,
    n: usize,
) -> Result<(Arrival, Record), Refusal> {
    let now = server::clock::ServerClock::System.now();
    let hazard = Hazard {
        id: HazardId::from_entropy(server::config::entropy().map_err(|_| missed("entropy"))?),
        item: Some("GM-01".parse()?),
        description: format!("{n}号车间疏散通道被货物占用"),
        place: format!("{n}号车间东侧"),
        basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
        grade: Grade::General,
        criterion: None,
        measure: Measure::Rectify { term: Term::natural(15) },
        photos: Vec::new(),
        found_by: leader.person.id,
    };
    let answer = |k: usize| {
        let verdict = if k == 1 { Verdict::Fail } else { Verdict::Pass };
        Ok(Answer { item: format!("GM-{k:02}").parse()?, verdict, note: String::new() })
    };
    let record = Record {
        inspection,
        arrived: now,
        finished: now,
        answers: (1..=12).map(answer).collect::<Result<_, Refusal>>()?,
        hazards: vec![hazard],
        manifest: Vec::new(),
        catalogue: "2026-11-23".to_owned(),
        draft: Vec::new(),
        parts: vec![Part::without(second, "由带队人统一记录")],
    };
    let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
    Ok((arrival, record))
}
