//! A hazard is sealed as major by a published criterion, however its clause is written.

use sync_core::Code;
use sync_core::act::Statement;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::testing::builders::{clause, hazard, record};
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{Stage, world_at};

fn sealed(criterion: Clause) -> Result<(), Code> {
    let mut major = hazard(1, &["found-1"]);
    (major.grade, major.criterion) = (Grade::Major, Some(criterion));
    let statement = Statement::Sealed(record(vec![major]));
    world_at(Stage::Arrived).check(Who::Lead, &statement).map_err(|it| it.code)
}

#[test]
fn a_clause_that_nobody_published_as_a_criterion_makes_no_hazard_major() {
    let other = |name: &str| Clause { clause: name.to_owned(), ..clause() };
    assert_eq!(sealed(clause()), Ok(()));
    assert_eq!(sealed(other("第36条")), Ok(()), "another way to write it");
    assert_eq!(sealed(other("第九百条")), Err(Code::CriterionNeeded));
    let unknown = Clause { document: "NOTHING".to_owned(), ..clause() };
    assert_eq!(sealed(unknown), Err(Code::CriterionNeeded));
}
