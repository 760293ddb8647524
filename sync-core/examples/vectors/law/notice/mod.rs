//! What follows the notice.

mod assign_deadline;
mod close;
mod countersign;
mod decide_extension;
mod decide_major;
mod decide_resumption;
mod dismiss;
mod escalate;
mod issue;
mod list_supervision;
mod order_term;
mod propose_dismissal;
mod raise_grade;
mod recheck;
mod recount_deadline;
mod reply;
mod request_extension;
mod request_resumption;
mod serve;
mod submit_plan;

use sync_core::testing::world::World;

use super::{Line, Row, by_server, conditions, row};

pub(super) fn rows(world: &World) -> Vec<Row> {
    let of_kinds = [
        issue::rows(),
        serve::rows(),
        countersign::rows(world),
        decide_major::rows(),
        raise_grade::rows(),
        assign_deadline::rows(),
        recount_deadline::rows(),
        submit_plan::rows(),
        reply::rows(),
        request_resumption::rows(),
        decide_resumption::rows(world),
        request_extension::rows(),
        decide_extension::rows(world),
        recheck::rows(),
        order_term::rows(world),
        close::rows(world),
        list_supervision::rows(),
        escalate::rows(),
        propose_dismissal::rows(),
        dismiss::rows(),
    ];
    of_kinds.into_iter().flatten().collect()
}
