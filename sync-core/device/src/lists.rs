//! Lists of work: what is open, without the years behind it.

use sync_core::Refusal;
use sync_core::ledger::statement::StreamId;
use sync_core::rules::status::{self, InspectionState};

use crate::Device;
use crate::views::{NoticeView, Task};

impl Device {
    /// The visits that this person knows of and that are not settled, in the order in which they came.
    pub fn open_tasks(&self) -> Result<Vec<Task>, Refusal> {
        let (mut tasks, mut settled) = (Vec::new(), Vec::new());
        for (stream, facts) in self.store.open_streams(0)? {
            let case = self.case(&stream)?;
            let state = status::inspection(&case)?;
            if state == InspectionState::Settled {
                settled.push((stream, facts));
            } else if let Some(plan) = case.plan {
                tasks.push(Task { plan: plan.body, state });
            }
        }
        self.store.note_settled(&settled)?;
        Ok(tasks)
    }

    /// The notices with a hazard that is not settled, in the order in which they came.
    pub fn open_notices(&self) -> Result<Vec<NoticeView>, Refusal> {
        let now = self.now()?;
        let (mut notices, mut settled) = (Vec::new(), Vec::new());
        for (stream, facts) in self.store.open_streams(1)? {
            let Some(view) = self.notice(&stream, now)? else { continue };
            if view.hazards.iter().all(|hazard| hazard.status.state.is_settled()) {
                settled.push((stream, facts));
            } else {
                notices.push(view);
            }
        }
        self.store.note_settled(&settled)?;
        Ok(notices)
    }

    /// Notices whose hazards are all settled, the newest first, a page of them. They are found once
    /// [`Device::open_notices`] has looked at them.
    pub fn settled_notices(&self, skip: u32, take: u32) -> Result<Vec<NoticeView>, Refusal> {
        let now = self.now()?;
        let streams: Vec<StreamId> = self.store.settled_streams(1, skip, take)?;
        streams.iter().filter_map(|stream| self.notice(stream, now).transpose()).collect()
    }
}
