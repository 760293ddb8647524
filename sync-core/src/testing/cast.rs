//! The people of the tests: two departments, two enterprises, one of every role.

use super::builders::clause;
use crate::domain::account::{Person, Role};
use crate::domain::catalogue::{Catalogue, Colleague, Department};
use crate::domain::competence::Competence;
use crate::domain::hazard::Clause;
use crate::domain::law::{Edition, Known, LawDocument, LawKind, Provision, SectorCriteria};
use crate::domain::procedure::{Ground, Grounds, Order, Procedure};
use crate::domain::term::Term;
use crate::id::{DepartmentId, EnterpriseId, PersonId};
use crate::time::{CivilDate, Timestamp};

/// The enterprise that is visited.
pub const ENTERPRISE: EnterpriseId = EnterpriseId::from_bytes([0xE1; 16]);
/// Another enterprise of the zone.
pub const OTHER_ENTERPRISE: EnterpriseId = EnterpriseId::from_bytes([0xE2; 16]);

/// The department that inspects.
#[must_use]
pub fn department() -> DepartmentId {
    "yingji".parse().expect("a department")
}

/// Another department with enforcement power.
#[must_use]
pub fn other_department() -> DepartmentId {
    "xiaofang".parse().expect("a department")
}

/// Two departments with enforcement power and one without.
#[must_use]
pub fn departments() -> Vec<Department> {
    let row = |id: DepartmentId, name: &str, series: Option<&str>| Department {
        id,
        name: name.to_owned(),
        enforcement: series.is_some(),
        series: series.map(|series| ("枣高".to_owned(), series.to_owned())),
    };
    vec![
        row(department(), "应急管理局", Some("应急责改")),
        row(other_department(), "消防救援大队", Some("消责改")),
        row("jingfa".parse().expect("a department"), "经济发展局", None),
    ]
}

/// The zone of the tests: everybody's certificates, competence for fire safety, bounds of terms.
#[must_use]
pub fn zone() -> Catalogue {
    let first = "2020-01-01".parse().expect("a date");
    let competence = |department: DepartmentId| Competence {
        sector: "XF".parse().expect("a sector"),
        department,
        leads: true,
        may_issue: true,
        from: first,
        until: None,
        basis: "测试".to_owned(),
        verified: true,
    };
    Catalogue {
        departments: departments(),
        colleagues: Who::ALL.iter().filter_map(|it| Colleague::of(&it.person())).collect(),
        competence: vec![competence(department())],
        procedures: vec![Procedure {
            from: first,
            until: None,
            retry_days: 30,
            retries: 1,
            extension_days: 30,
            extensions: 1,
            two_officers: true,
            major_plan: true,
            further_terms: Some(1),
            retry_proposed: Some(Term::working(5)),
            extension_proposed: Some(Term::natural(5)),
            grounds: grounds(first),
        }],
        laws: vec![law(first)],
        criteria: vec![SectorCriteria {
            sector: "XF".parse().expect("a sector"),
            note: String::new(),
            clauses: vec![clause()],
            known: Known::Verified,
        }],
        ..Catalogue::default()
    }
}

/// What the procedure of the tests rests on: the law, and orders of the bureau. Nobody knows what the terms of supervisors
/// rest on.
#[must_use]
pub fn grounds(date: CivilDate) -> Grounds {
    let law = Ground { basis: vec![clause()], verified: true, by_order: None };
    let order = Order { title: "测试规定".to_owned(), date };
    let order = Ground { by_order: Some(order), ..Ground::default() };
    Grounds {
        retries: order.clone(),
        extensions: order,
        two_officers: law.clone(),
        major_plan: law,
        further_terms: Ground::default(),
    }
}

/// The law whose clause grades hazards in the tests.
fn law(from: CivilDate) -> LawDocument {
    let Clause { document, clause } = clause();
    let provision = Provision { clause, gist: String::new(), text: None, known: Known::Verified };
    let edition = Edition {
        number: "测试".to_owned(),
        from: Some(from),
        until: None,
        passed: None,
        known: Known::Verified,
        clauses: vec![provision],
    };
    LawDocument {
        id: document,
        title: "测试法".to_owned(),
        number: String::new(),
        effective: None,
        kind: LawKind::Criteria,
        editions: vec![edition],
        full_title: None,
    }
}

/// One person of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// First officer of the team: decides, seals.
    Lead,
    /// Second officer of the team: cosigns.
    Second,
    /// Inspector of the department who is not on the team.
    Colleague,
    /// Inspector of another department.
    Stranger,
    /// Inspector on the team whose certificate is missing.
    Uncertified,
    /// Assistant on the team.
    Assistant,
    /// Expert on the team.
    Expert,
    /// Supervisor of the department.
    Supervisor,
    /// Supervisor of another department.
    OtherSupervisor,
    /// Supervisor who was on the team as a witness.
    WitnessSupervisor,
    /// Safety officer of the visited enterprise.
    Safety,
    /// Safety officer of another enterprise.
    OtherSafety,
    /// The coordinating office.
    Coordinator,
    /// The administrator.
    Administrator,
    /// The auditor.
    Auditor,
}

impl Who {
    /// Everyone.
    pub const ALL: &[Self] = &[
        Self::Lead,
        Self::Second,
        Self::Colleague,
        Self::Stranger,
        Self::Uncertified,
        Self::Assistant,
        Self::Expert,
        Self::Supervisor,
        Self::OtherSupervisor,
        Self::WitnessSupervisor,
        Self::Safety,
        Self::OtherSafety,
        Self::Coordinator,
        Self::Administrator,
        Self::Auditor,
    ];

    /// A short stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Second => "second",
            Self::Colleague => "colleague",
            Self::Stranger => "stranger",
            Self::Uncertified => "uncertified",
            Self::Assistant => "assistant",
            Self::Expert => "expert",
            Self::Supervisor => "supervisor",
            Self::OtherSupervisor => "other_supervisor",
            Self::WitnessSupervisor => "witness_supervisor",
            Self::Safety => "safety",
            Self::OtherSafety => "other_safety",
            Self::Coordinator => "coordinator",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The person's id.
    #[must_use]
    pub const fn id(self) -> PersonId {
        PersonId::from_bytes([self as u8 + 1; 16])
    }

    const fn role(self) -> Role {
        match self {
            Self::Lead | Self::Second | Self::Colleague | Self::Stranger | Self::Uncertified => {
                Role::Inspector
            }
            Self::Assistant => Role::Assistant,
            Self::Expert => Role::Expert,
            Self::Supervisor | Self::OtherSupervisor | Self::WitnessSupervisor => Role::Supervisor,
            Self::Safety | Self::OtherSafety => Role::Enterprise,
            Self::Coordinator => Role::Coordinator,
            Self::Administrator => Role::Administrator,
            Self::Auditor => Role::Auditor,
        }
    }

    /// The person with the grant that they hold.
    #[must_use]
    pub fn person(self) -> Person {
        let role = self.role();
        let department = match self {
            Self::Stranger | Self::OtherSupervisor => Some(other_department()),
            _ if matches!(
                role,
                Role::Inspector | Role::Assistant | Role::Expert | Role::Supervisor
            ) =>
            {
                Some(department())
            }
            _ => None,
        };
        let enterprise = match self {
            Self::Safety => Some(ENTERPRISE),
            Self::OtherSafety => Some(OTHER_ENTERPRISE),
            _ => None,
        };
        let certified = role == Role::Inspector && self != Self::Uncertified;
        Person {
            id: self.id(),
            name: format!("测试{}", self.name()),
            role,
            department,
            enterprise,
            certificate: certified.then(|| format!("鲁D{:06}", self as u8)),
            from: Timestamp::from_millis(0),
            revoked_at: None,
        }
    }
}
