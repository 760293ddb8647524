//! Everything that a case of the tests gives papers for, with the reference data that they need.

use super::builders::{NOTICE, blob, clause, date, hazard_id};
use super::cast::{ENTERPRISE, Who, department, departments};
use super::stages::{Stage, countersigned, escalation, recheck, service, term_ordered, world_at};
use super::world::World;
use crate::act::Statement;
use crate::document::MeasureInput;
use crate::domain::catalogue::{Catalogue, Colleague};
use crate::domain::enterprise::{Enterprise, RiskClass};
use crate::domain::escalation::Escalation;
use crate::domain::notice::{OfficerLine, ServiceMethod};
use crate::ledger::fact::Content as _;

/// The catalogue with places and people of the tests; laws, checklists, calendars and forms are as given.
#[must_use]
pub fn catalogue(given: Catalogue) -> Catalogue {
    let enterprise = Enterprise {
        id: ENTERPRISE,
        name: "枣庄示例新能源科技有限公司".to_owned(),
        credit_code: None,
        street: "370403003".parse().expect("a street"),
        sectors: vec!["XF".parse().expect("a sector")],
        address: "山东省枣庄高新区复元三路 18 号".to_owned(),
        principal: "王某某".to_owned(),
        risk_class: RiskClass::C,
        position: None,
    };
    let colleague = |who: &Who| {
        let person = who.person();
        let certificate = person.certificate.clone();
        Some(Colleague {
            id: person.id,
            name: person.name,
            department: person.department?,
            certificate,
        })
    };
    Catalogue {
        departments: departments(),
        enterprises: vec![enterprise],
        colleagues: Who::ALL.iter().filter_map(colleague).collect(),
        ..given
    }
}

/// A case in which something was decided for every kind of paper but the one of [`listed_case`].
#[must_use]
pub fn full_case() -> World {
    let mut world = world_at(Stage::Extended);
    world.pass_days(60);
    let seen = world.state(Who::Colleague, recheck(false, &["seen-1"])).expect("a recheck");
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
    world.clerk();
    world.state(Who::Supervisor, escalation(Escalation::Referral)).expect("a referral");
    world
}

/// A case in which a supervisor set another term after a recheck that failed.
#[must_use]
pub fn further_case() -> World {
    let mut world = world_at(Stage::FailedAgain);
    let ordered = term_ordered(&world);
    world.state(Who::Supervisor, ordered).expect("a term");
    world.clerk();
    world
}

/// A case with a major hazard that is not listed.
#[must_use]
pub fn unlisted_case() -> World {
    let mut world = world_at(Stage::MajorIssued);
    world.state(Who::Safety, service(ServiceMethod::Electronic)).expect("a service");
    world.clerk();
    world
}

/// A case whose major hazard is listed.
#[must_use]
pub fn listed_case() -> World {
    let mut world = unlisted_case();
    list(&mut world);
    world
}

/// Lists the major hazard of a case. The statement is read from its bytes.
pub fn list(world: &mut World) {
    let body = (|| {
        let mut e = minicbor::Encoder::new(Vec::new());
        e.map(5)?.u8(0)?.encode(NOTICE)?.u8(1)?.encode(hazard_id(1))?;
        e.u8(2)?.str("2026-12-31")?.u8(3)?.str("多次检查未消除")?;
        e.u8(4)?.array(1)?.encode(blob("found-1"))?;
        Ok::<_, minicbor::encode::Error<std::convert::Infallible>>(e.into_writer())
    })();
    let statement = Statement::from_bytes(32, &body.expect("bytes")).expect("a statement");
    world.state(Who::Supervisor, statement).expect("a listing");
}

/// A decision on measures.
#[must_use]
pub fn measure_input() -> MeasureInput {
    let line = |who: Who| {
        let person = who.person();
        let certificate = person.certificate.unwrap_or_default();
        OfficerLine { id: person.id, name: person.name, certificate }
    };
    MeasureInput {
        department: department(),
        enterprise: ENTERPRISE,
        number: None,
        inspected_on: date("2026-11-02"),
        decided_on: date("2026-11-02"),
        found: vec![("涂布车间可燃气体报警装置停用".to_owned(), clause())],
        basis: vec![clause()],
        ordered: vec![[
            "责令暂时停止使用".to_owned(),
            "涂布车间 2 号生产线".to_owned(),
            "至恢复使用经审查同意之日".to_owned(),
        ]],
        reason: "隐患排除前无法保证安全".to_owned(),
        officers: [Who::Lead, Who::Second].map(line).to_vec(),
        photos: Vec::new(),
    }
}
