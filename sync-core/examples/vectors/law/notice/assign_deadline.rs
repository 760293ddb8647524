//! 确定整改期限.

use sync_core::act::Statement;
use sync_core::act::notice::DeadlineAssigned;
use sync_core::calendar::deadline;
use sync_core::domain::term::Term;
use sync_core::testing::builders::{NOTICE, blob, calendars, date, hazard_id};

use super::{Row, by_server};

pub(super) fn rows() -> Vec<Row> {
    let deadline = deadline::count(date("2026-11-02"), Term::natural(300), &calendars());
    let (hazard, cause) = (hazard_id(1), blob("nothing"));
    let deadline = DeadlineAssigned { notice: NOTICE, hazard, cause, deadline };
    vec![by_server("deadline", Statement::DeadlineAssigned(deadline))]
}
