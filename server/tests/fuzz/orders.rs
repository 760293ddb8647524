//! Orders on the spot, plans, requests to go on, further terms, deadlines counted again, grades and signatures of the other
//! officer, as a changed client makes them.

use sync_core::act::Statement;
use sync_core::act::notice::{
    Countersigned, DeadlineRecounted, GradeRaised, RectificationPlan, ResumptionDecision,
    ResumptionRequest, TermOrdered,
};
use sync_core::act::visit::MeasureOrdered;
use sync_core::calendar::{Calendars, deadline};
use sync_core::domain::site_measure::{SiteMeasure, SiteOrder};
use sync_core::domain::term::Term;
use sync_core::id::BlobHash;
use sync_core::testing::histories::Dice;
use sync_core::time::Timestamp;

use super::forge::Target;
use super::statements::clause;

/// Kinds of statements that are made here.
pub(crate) const KINDS: usize = 8;

/// A statement of a kind about a case; one way or the other of what it can say.
pub(crate) fn statement(
    kind: usize,
    dice: &mut Dice,
    target: &Target,
    (photo, yes): (BlobHash, bool),
    now: Timestamp,
) -> Statement {
    let Target { inspection, notice, hazard, .. } = *target;
    let reason = "情况属实".to_owned();
    match kind {
        0 => Statement::MeasureOrdered(MeasureOrdered {
            inspection,
            hazard,
            order: SiteOrder {
                measures: vec![dice.one(SiteMeasure::ALL)],
                scope: "二车间".into(),
                reason,
                on: now.date(),
            },
        }),
        1 => Statement::GradeRaised(GradeRaised { notice, hazard, criterion: clause(), reason }),
        2 => Statement::PlanSubmitted(RectificationPlan {
            notice,
            hazard,
            responsible: "张某".into(),
            measures: "更换配电箱".into(),
            funds: "自筹".into(),
            until: now.date().plus_days(9),
            emergency: "专人看守".into(),
        }),
        3 => Statement::ResumptionRequested(ResumptionRequest {
            notice,
            hazard,
            measures: "已上锁".into(),
            photos: vec![photo],
        }),
        4 => Statement::ResumptionDecided(ResumptionDecision {
            notice,
            hazard,
            request: target.resumption,
            granted: yes,
            reason,
            photos: if yes { vec![photo] } else { Vec::new() },
        }),
        5 => Statement::TermOrdered(TermOrdered {
            notice,
            hazard,
            recheck: target.recheck,
            term: Term::natural(if yes { 7 } else { 90 }),
            reason,
        }),
        6 => Statement::DeadlineRecounted(DeadlineRecounted {
            notice,
            hazard,
            assigned: target.recheck,
            before: now.date(),
            deadline: deadline::count(now.date(), Term::working(200), &Calendars::default()),
        }),
        _ => {
            let (hazard, statement) =
                if yes { (Some(hazard), target.recheck) } else { (None, target.service) };
            Statement::Countersigned(Countersigned { notice, hazard, statement })
        }
    }
}
