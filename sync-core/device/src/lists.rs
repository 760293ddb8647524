//! Lists of work: what is open, without the years behind it.
//!
//! A list is asked for again after everything that changes, so it holds what its rows show and a page of
//! them; whoever opens a row asks for the whole.

use serde::Serialize;
use sync_core::Refusal;
use sync_core::act::state;
use sync_core::act::state::{HazardStatus, InspectionState};
use sync_core::case::offer::Offer;
use sync_core::domain::notice::DocumentNumber;
use sync_core::id::{EnterpriseId, HazardId, NoticeId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::time::CivilDate;

use crate::Device;
use crate::views::{NoticeHazard, NoticeView, Task};

/// A part of a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Page<T> {
    /// How many there are in all.
    pub total: usize,
    /// Those that were asked for.
    pub rows: Vec<T>,
}

impl<T> Page<T> {
    fn of(all: Vec<T>, skip: u32, take: u32) -> Self {
        let [skip, take] = [skip, take].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        Self { total: all.len(), rows: all.into_iter().skip(skip).take(take).collect() }
    }
}

/// A notice in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeRow {
    /// The notice.
    pub id: NoticeId,
    /// Its number.
    pub number: DocumentNumber,
    /// Whose it is.
    pub enterprise: EnterpriseId,
    /// The date on the document.
    pub issued_on: CivilDate,
    /// How each of its hazards stands.
    pub hazards: Vec<HazardStatus>,
}

/// A hazard of a notice in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HazardRow {
    /// The notice.
    pub notice: NoticeId,
    /// The hazard.
    pub hazard: HazardId,
    /// Where it is.
    pub enterprise: EnterpriseId,
    /// What is wrong.
    pub description: String,
    /// How it stands.
    pub status: HazardStatus,
}

/// A decision for which others wait.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Decision {
    /// What this person may state.
    pub offer: Offer,
    /// With which hazard.
    pub about: HazardRow,
}

/// What a desk has to see today.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Desk {
    /// What waits for this person's decision; a hazard may wait for more than one.
    pub waiting: Page<Decision>,
    /// The hazards that are overdue, the longest first.
    pub overdue: Page<HazardRow>,
}

/// What a stream is about, for whoever only names it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StreamAbout {
    /// The stream.
    pub stream: StreamId,
    /// Whose premises.
    pub enterprise: Option<EnterpriseId>,
    /// The number of its notice.
    pub number: Option<DocumentNumber>,
}

impl From<NoticeView> for NoticeRow {
    fn from(NoticeView { notice, hazards, .. }: NoticeView) -> Self {
        Self {
            id: notice.id,
            number: notice.number,
            enterprise: notice.enterprise,
            issued_on: notice.issued_on,
            hazards: hazards.into_iter().map(|hazard| hazard.status).collect(),
        }
    }
}

impl HazardRow {
    fn of(view: &NoticeView, it: &NoticeHazard) -> Self {
        let item = view.notice.items.iter().find(|item| item.hazard == it.hazard);
        Self {
            notice: view.notice.id,
            hazard: it.hazard,
            enterprise: view.notice.enterprise,
            description: item.map(|item| item.description.clone()).unwrap_or_default(),
            status: it.status.clone(),
        }
    }
}

impl Device {
    /// The visits that this person knows of and that are not settled, in the order in which they came.
    pub fn open_tasks(&self) -> Result<Vec<Task>, Refusal> {
        let (mut tasks, mut settled) = (Vec::new(), Vec::new());
        for (stream, facts) in self.store.open_streams(StreamKind::Inspection)? {
            let case = self.case(&stream)?;
            let state = state::inspection(&case)?;
            if state == InspectionState::Settled {
                settled.push((stream, facts));
            } else if let Some(plan) = case.plan() {
                tasks.push(Task { plan: plan.body.clone(), state });
            }
        }
        self.store.note_settled(&settled)?;
        Ok(tasks)
    }

    /// The notices with a hazard that is not settled: first those with which this person may do something,
    /// then by the nearest deadline, a page of them.
    pub fn open_notices(&self, skip: u32, take: u32) -> Result<Page<NoticeRow>, Refusal> {
        let mut rows = Vec::new();
        self.each_open_notice(&mut |view| {
            let idle = view.hazards.iter().all(|hazard| hazard.offers.is_empty());
            let open = view.hazards.iter().filter(|hazard| !hazard.status.state.is_settled());
            let dates = open.filter_map(|hazard| hazard.status.deadline.as_ref());
            let nearest = dates.map(|deadline| deadline.date).min();
            rows.push((idle, nearest.is_none(), nearest, NoticeRow::from(view)));
        })?;
        rows.sort_by_key(|(idle, dateless, nearest, _)| (*idle, *dateless, *nearest));
        Ok(Page::of(rows.into_iter().map(|(.., row)| row).collect(), skip, take))
    }

    /// Notices whose hazards are all settled, the newest first, a page of them. They are found once
    /// [`Device::open_notices`] has looked at them.
    pub fn settled_notices(&self, skip: u32, take: u32) -> Result<Vec<NoticeRow>, Refusal> {
        let now = self.now()?;
        let streams: Vec<StreamId> = self.store.settled_streams(StreamKind::Notice, skip, take)?;
        let views = streams.iter().filter_map(|stream| self.notice(stream, now).transpose());
        views.map(|view| view.map(NoticeRow::from)).collect()
    }

    /// The first of what waits for this person's decision and of what is overdue.
    pub fn desk(&self, waiting: u32, overdue: u32) -> Result<Desk, Refusal> {
        let (mut decisions, mut late) = (Vec::new(), Vec::new());
        self.each_open_notice(&mut |view| {
            for it in &view.hazards {
                for offer in it.offers.iter().filter(|offer| offer.decision) {
                    let about = HazardRow::of(&view, it);
                    decisions.push(Decision { offer: offer.clone(), about });
                }
                if it.status.overdue {
                    late.push(HazardRow::of(&view, it));
                }
            }
        })?;
        late.sort_by_key(|row| row.status.days_left);
        Ok(Desk { waiting: Page::of(decisions, 0, waiting), overdue: Page::of(late, 0, overdue) })
    }

    /// Whose premises streams are about, and under which number.
    pub fn about(&self, streams: &[StreamId]) -> Result<Vec<StreamAbout>, Refusal> {
        let about = |stream: &StreamId| {
            let case = self.case(stream)?;
            let notice = case.notices().next().map(|notice| notice.body);
            let noticed = notice.map(|notice| notice.enterprise);
            Ok(StreamAbout {
                stream: *stream,
                enterprise: case.plan().map(|plan| plan.body.enterprise).or(noticed),
                number: notice.map(|notice| notice.number.clone()),
            })
        };
        streams.iter().map(about).collect()
    }

    /// Looks at each notice with a hazard that is not settled, in the order in which they came.
    fn each_open_notice(&self, look: &mut dyn FnMut(NoticeView)) -> Result<(), Refusal> {
        let now = self.now()?;
        let mut settled = Vec::new();
        for (stream, facts) in self.store.open_streams(StreamKind::Notice)? {
            let Some(view) = self.notice(&stream, now)? else { continue };
            if view.hazards.iter().all(|hazard| hazard.status.state.is_settled()) {
                settled.push((stream, facts));
            } else {
                look(view);
            }
        }
        self.store.note_settled(&settled)
    }
}
