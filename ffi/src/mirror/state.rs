use sync_core::act::state::{HazardState, HazardStatus, InspectionState};
use sync_core::domain::escalation::Escalation;
use sync_core::domain::hazard::Grade;
use sync_core::domain::term::Deadline;

#[uniffi::remote(Enum)]
pub enum InspectionState {
    Planned,
    Underway,
    Sealed,
    Complete,
    NoticeIssued,
    Settled,
}

#[uniffi::remote(Enum)]
pub enum HazardState {
    Found,
    FixedOnSpot,
    Issued,
    Rectifying,
    Replied,
    Rechecked,
    Closed,
    Dismissed,
}

#[uniffi::remote(Record)]
pub struct HazardStatus {
    pub state: HazardState,
    pub grade: Option<Grade>,
    pub overdue: bool,
    pub deadline: Option<Deadline>,
    pub days_left: Option<i32>,
    pub extension_pending: bool,
    pub round: u32,
    pub escalation: Option<Escalation>,
}
