//! 重新核定整改期限.

use sync_core::act::Statement;
use sync_core::act::notice::DeadlineRecounted;
use sync_core::calendar::deadline;
use sync_core::domain::term::Term;
use sync_core::testing::builders::{NOTICE, blob, calendars, date, hazard_id};

use super::{Row, by_server};

pub(super) fn rows() -> Vec<Row> {
    let deadline = deadline::count(date("2026-11-02"), Term::working(100), &calendars());
    let (hazard, assigned, before) = (hazard_id(1), blob("nothing"), date("2027-03-20"));
    let recount = DeadlineRecounted { notice: NOTICE, hazard, assigned, before, deadline };
    vec![by_server("deadline.recount", Statement::DeadlineRecounted(recount))]
}
