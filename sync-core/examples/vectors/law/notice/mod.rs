//! What follows the notice.

mod assign_deadline;
mod close;
mod decide_extension;
mod decide_major;
mod dismiss;
mod escalate;
mod issue;
mod propose_dismissal;
mod recheck;
mod reply;
mod request_extension;
mod serve;

use sync_core::testing::world::World;

use super::{Line, Row, by_server, conditions, row};

pub(super) fn rows(world: &World) -> Vec<Row> {
    let of_kinds = [
        issue::rows(),
        serve::rows(),
        decide_major::rows(),
        assign_deadline::rows(),
        reply::rows(),
        request_extension::rows(),
        decide_extension::rows(world),
        recheck::rows(),
        close::rows(world),
        escalate::rows(),
        propose_dismissal::rows(),
        dismiss::rows(),
    ];
    of_kinds.into_iter().flatten().collect()
}
