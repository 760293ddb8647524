//! Numbers with which this device issues without signal, and the notice that it issues with one.

use serde::Serialize;
use sync_core::act::Statement;
use sync_core::act::notice::{items_of, signed};
use sync_core::act::numbers::{self, LOW, NumbersRequested, NumbersVoided};
use sync_core::act::visit::IssuedOnSite;
use sync_core::case::Case;
use sync_core::case::act::Context;
use sync_core::document::{self, Sources};
use sync_core::domain::catalogue::Department;
use sync_core::domain::notice::{DocumentNumber, Notice, NoticeItem};
use sync_core::domain::numbers::{Lease, Series};
use sync_core::id::{FactId, InspectionId, NoticeId, PersonId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::rules::{gates, numbering};
use sync_core::time::CivilDate;
use sync_core::{Code, Refusal};

use crate::Device;

/// How this device stands with numbers for notices that are issued on the spot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NumbersView {
    /// The next one; none where all are used up.
    pub next: Option<DocumentNumber>,
    /// How many are left.
    pub left: u32,
    /// Whether numbers were leased and few of them are left: it is time to ask for more.
    pub low: bool,
    /// Whether the server has not answered a request yet.
    pub asked: bool,
}

/// A block of numbers that a device was leased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LeasedNumbers {
    /// The lease.
    pub lease: FactId,
    /// Its series.
    pub series: Series,
    /// The first number.
    pub first: u32,
    /// The last one.
    pub last: u32,
    /// Whose device it is.
    pub holder: PersonId,
    /// Since when.
    pub since: CivilDate,
    /// Why what was left of it is void; none while the device may issue with it.
    pub void: Option<String>,
    /// Whether this person may declare void what is left of it.
    pub may_void: bool,
}

impl Device {
    /// The blocks of numbers that devices of this person's department were leased, the newest first.
    ///
    /// # Errors
    /// `not_signed_in`, or the code of the store when it cannot be read.
    pub fn leased_numbers(&self) -> Result<Vec<LeasedNumbers>, Refusal> {
        let (author, now) = (self.person()?, self.now()?);
        let context = Context::new(author, now, (&self.catalogue).into());
        let mut blocks = Vec::new();
        for stream in self.store.streams(StreamKind::Numbers)? {
            let register = self.case(&stream)?;
            for leased in register.leases() {
                let (lease, series) = (leased.fact, leased.body.block.series.clone());
                let reason = "设备遗失".to_owned();
                let void = NumbersVoided { series: series.clone(), lease, reason };
                let may_void =
                    gates::check(&Statement::NumbersVoided(void), &register, &context).is_ok();
                blocks.push(LeasedNumbers {
                    lease,
                    series,
                    first: leased.body.block.first,
                    last: leased.body.block.last,
                    holder: leased.body.person,
                    since: leased.at.date(),
                    void: register.voided(lease).map(|it| it.body.reason.clone()),
                    may_void,
                });
            }
        }
        blocks.sort_by(|one, other| {
            (other.series.year, &other.series, other.first).cmp(&(
                one.series.year,
                &one.series,
                one.first,
            ))
        });
        Ok(blocks)
    }

    /// The numbers of this device for this year; none for somebody who issues no notices.
    ///
    /// # Errors
    /// `not_signed_in`, or the code of the store when it cannot be read.
    pub fn numbers(&self) -> Result<Option<NumbersView>, Refusal> {
        let Some(department) = self.issuing_department()? else { return Ok(None) };
        let series = numbering::series(department, self.now()?.date().year())?;
        self.numbers_of(&series).map(Some)
    }

    /// Asks for more numbers where few are left and nothing was asked yet: for this year, and within a month of it for the
    /// next one. It changes nothing otherwise.
    ///
    /// # Errors
    /// The code of the gate, such as `department_no_power`, or as [`Device::state`].
    pub fn request_numbers(&mut self) -> Result<(), Refusal> {
        let department = self.issuing_department()?.ok_or(Refusal::new(Code::DepartmentNoPower))?;
        let today = self.now()?.date();
        let years = [today.year(), today.plus_days(31).year()];
        let all = years.into_iter().map(|year| numbering::series(department, year));
        let mut all = all.collect::<Result<Vec<Series>, Refusal>>()?;
        all.dedup();
        let department = department.id.clone();
        for series in all {
            let standing = self.numbers_of(&series)?;
            if standing.left <= LOW && !standing.asked {
                let department = department.clone();
                self.state(Statement::NumbersRequested(NumbersRequested { series, department }))?;
            }
        }
        Ok(())
    }

    /// Issues the notice of a signed record, or of a signed supplement, here and now with a number of this device. It
    /// stands from this moment; the server repeats it for the enterprise.
    ///
    /// # Errors
    /// `number_not_leased` where no number is left, `already_exists` where a notice orders all of it, otherwise the code of
    /// the gate or as [`Device::state`].
    pub fn issue_on_site(&mut self, inspection: InspectionId) -> Result<NoticeId, Refusal> {
        let case = self.case(&StreamId::inspection(inspection))?;
        let items = unordered(&case).ok_or_else(|| nothing_to_order(&case))?;
        let plan = case.plan().ok_or(Refusal::new(Code::NotPlanned))?.body;
        let department = self.catalogue.departments.iter().find(|it| it.id == plan.department);
        let department = department.ok_or(Refusal::new(Code::DepartmentNoPower))?;
        let today = self.now()?.date();
        let series = numbering::series(department, today.year())?;
        let (lease, number) = self
            .free_numbers(&series)?
            .into_iter()
            .next()
            .ok_or(Refusal::new(Code::NumberNotLeased))?;
        let id = NoticeId::from_entropy(self.host.entropy.bytes());
        let colleagues = &self.catalogue.colleagues;
        let notice = Notice::of_visit(&case, plan, colleagues, items, (id, number, today));
        let paper = document::notice(&notice, &Sources::new(self.catalogue())).digest();
        self.state(Statement::IssuedOnSite(IssuedOnSite { inspection, notice, lease, paper }))?;
        Ok(id)
    }

    /// Whether the notice of a visit can be issued here and now.
    pub(crate) fn may_issue_on_site(&self, case: &Case) -> Result<bool, Refusal> {
        if unordered(case).is_none() || !case.has_arrived(self.person()?.id) {
            return Ok(false);
        }
        Ok(self.numbers()?.is_some_and(|it| it.next.is_some()))
    }

    /// The department in whose name this person issues.
    fn issuing_department(&self) -> Result<Option<&Department>, Refusal> {
        let person = self.person()?;
        let own = |it: &&Department| person.department.as_ref() == Some(&it.id);
        let department = self.catalogue.departments.iter().find(own);
        let officer = person.certificate.is_some();
        Ok(department.filter(|it| officer && it.enforcement && it.series.is_some()))
    }

    fn numbers_of(&self, series: &Series) -> Result<NumbersView, Refusal> {
        let free = self.free_numbers(series)?;
        let left = u32::try_from(free.len()).unwrap_or(u32::MAX);
        let register = self.case(&StreamId::numbers(series.id()))?;
        let own = self.person()?.id;
        let asked = register.open_requests().any(|it| it.by == own);
        let next = free.into_iter().next().map(|(_, number)| number);
        let low = left <= LOW && !self.leases(series)?.is_empty();
        Ok(NumbersView { next, left, low, asked })
    }

    /// The numbers of a series that this device may still use, ascending, with their leases.
    fn free_numbers(&self, series: &Series) -> Result<Vec<(FactId, DocumentNumber)>, Refusal> {
        let leases = self.leases(series)?;
        let mut used = Vec::with_capacity(leases.len());
        for lease in &leases {
            used.push((lease.fact, self.store.last_number(lease.fact)?));
        }
        let last = |lease| used.iter().find(|(fact, _)| *fact == lease).and_then(|(_, last)| *last);
        Ok(numbers::free(&leases, last).collect())
    }

    /// The blocks of a series that this device was leased.
    pub(crate) fn leases(&self, series: &Series) -> Result<Vec<Lease>, Refusal> {
        let Ok(device) = self.id() else { return Ok(Vec::new()) };
        Ok(numbers::of_device(&self.case(&StreamId::numbers(series.id()))?, device))
    }
}

/// What a notice has to order first of what is signed; none where everything is ordered or nothing is signed.
fn unordered(case: &Case) -> Option<Vec<NoticeItem>> {
    let ordered = |it: &NoticeItem| case.hazard(it.hazard).is_some_and(|it| it.item.is_some());
    let items = signed(case).map(|hazards| items_of(case, hazards));
    items.filter(|items| !items.is_empty()).find(|items| !items.iter().any(ordered))
}

fn nothing_to_order(case: &Case) -> Refusal {
    Refusal::new(match signed(case).next() {
        Some(_) => Code::AlreadyExists,
        None if case.seal().is_some() => Code::SignaturesMissing,
        None => Code::NotSealed,
    })
}
