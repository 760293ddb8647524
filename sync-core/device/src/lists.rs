//! Lists of work: what is open, without the years behind it.
//!
//! A list is loaded again after every change, so it holds one page of what its rows show; details are loaded when
//! a row is opened.

use std::cmp::Reverse;

use serde::Serialize;
use sync_core::act::state;
use sync_core::act::state::{HazardStatus, InspectionState};
use sync_core::case::offer::Offer;
use sync_core::domain::notice::DocumentNumber;
use sync_core::id::{EnterpriseId, HazardId, NoticeId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::time::CivilDate;
use sync_core::{Code, Refusal};

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
    /// For how many whole days it has not been served; none once it is.
    pub unserved_days: Option<u32>,
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

/// What a supervisor has to look at today.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Worklist {
    /// What waits for this person's decision; a hazard may wait for more than one.
    pub waiting: Page<Decision>,
    /// The hazards that are overdue, the longest first.
    pub overdue: Page<HazardRow>,
    /// The notices that nobody has served, the oldest first.
    pub unserved: Page<NoticeRow>,
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
    fn from(NoticeView { notice, unserved_days, hazards, .. }: NoticeView) -> Self {
        Self {
            id: notice.id,
            number: notice.number,
            enterprise: notice.enterprise,
            issued_on: notice.issued_on,
            unserved_days,
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

/// Whether nothing can be said of a case: it says so where it is opened, and hides no other one in a list.
pub(crate) fn is_unjudged(refusal: &Refusal) -> bool {
    matches!(refusal.code, Code::RecordDamaged | Code::NewerAppNeeded)
}

impl Device {
    /// The visits that this person knows of and that are not settled, in the order in which they came.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn open_tasks(&self) -> Result<Vec<Task>, Refusal> {
        let (mut tasks, mut settled) = (Vec::new(), Vec::new());
        for (stream, facts) in self.store.open_streams(StreamKind::Inspection)? {
            let case = self.case(&stream)?;
            // What cannot be judged says so where it is opened; it hides no other visit.
            let Ok(state) = state::inspection(&case) else { continue };
            let task = case.plan().map(|plan| self.task(plan.body, state)).transpose()?;
            // A visit is not left behind while something that was recorded there is in no record.
            let outside = task.as_ref().is_some_and(|task| task.outside > 0);
            if state == InspectionState::Settled && !outside {
                settled.push((stream, facts));
            } else {
                tasks.extend(task);
            }
        }
        self.store.note_settled(&settled)?;
        Ok(tasks)
    }

    /// The notices with a hazard that is not settled: first those with which this person may do something,
    /// then by the nearest deadline, a page of them.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
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
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn settled_notices(&self, skip: u32, take: u32) -> Result<Vec<NoticeRow>, Refusal> {
        let now = self.now()?;
        let streams: Vec<StreamId> = self.store.settled_streams(StreamKind::Notice, skip, take)?;
        let judged = |it: &Result<NoticeView, Refusal>| !it.as_ref().is_err_and(is_unjudged);
        let views = streams.iter().filter_map(|stream| self.notice(stream, now).transpose());
        let views = views.filter(judged);
        views.map(|view| view.map(NoticeRow::from)).collect()
    }

    /// The first of what waits for this person's decision, of the hazards that are overdue, and as many of the notices
    /// that are not served.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn worklist(&self, waiting: u32, overdue: u32) -> Result<Worklist, Refusal> {
        let (mut decisions, mut late, mut unserved) = (Vec::new(), Vec::new(), Vec::new());
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
            if view.unserved_days.is_some() {
                unserved.push(NoticeRow::from(view));
            }
        })?;
        late.sort_by_key(|row| row.status.days_left);
        unserved.sort_by_key(|row| Reverse(row.unserved_days));
        Ok(Worklist {
            waiting: Page::of(decisions, 0, waiting),
            overdue: Page::of(late, 0, overdue),
            unserved: Page::of(unserved, 0, overdue),
        })
    }

    /// Whose premises streams are about, and under which number.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
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
            let view = match self.notice(&stream, now) {
                Ok(Some(view)) => view,
                Ok(None) => continue,
                Err(refusal) if is_unjudged(&refusal) => continue,
                Err(refusal) => return Err(refusal),
            };
            if view.hazards.iter().all(|hazard| hazard.status.state.is_settled()) {
                settled.push((stream, facts));
            } else {
                look(view);
            }
        }
        self.store.note_settled(&settled)
    }
}
