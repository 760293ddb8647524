//! The law under which a visit is written: the reference data with which it was begun, read on its day.

use std::borrow::Cow;

use sync_core::Refusal;
use sync_core::act::visit::Arrival;
use sync_core::case::Case;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::law::ClauseReading;
use sync_core::domain::term::Term;
use sync_core::draft::{HazardDraft, MeasureDraft};
use sync_core::id::InspectionId;
use sync_core::law;
use sync_core::ledger::stream::StreamId;
use sync_core::time::CivilDate;

use crate::Device;

impl Device {
    /// The reference data under which an inspection is written here: what was the newest at its first edit. Its check
    /// items propose the law that is in force on the day of the visit: that of the first arrival, today before it.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that do not decode.
    pub fn catalogue_of(&self, inspection: InspectionId) -> Result<Catalogue, Refusal> {
        let mut catalogue = self.pinned_catalogue(inspection)?.into_owned();
        let day = self.day_of(inspection)?;
        for item in catalogue.checklists.iter_mut().flat_map(|list| &mut list.items) {
            *item = law::item_on(item, &catalogue.laws, day);
        }
        Ok(catalogue)
    }

    /// How a clause reads on the day of a visit, under the reference data with which it was begun. None for a document
    /// that these do not know.
    ///
    /// # Errors
    /// As [`Device::catalogue_of`].
    pub fn clause_of(
        &self,
        inspection: InspectionId,
        clause: &Clause,
    ) -> Result<Option<ClauseReading>, Refusal> {
        let day = self.day_of(inspection)?;
        Ok(law::reading(&self.pinned_catalogue(inspection)?.laws, clause, day))
    }

    /// The criteria from which a major grade is chosen for a sector on the day of a visit.
    ///
    /// # Errors
    /// As [`Device::catalogue_of`].
    pub fn criteria_of(
        &self,
        inspection: InspectionId,
        sector: &str,
    ) -> Result<Vec<ClauseReading>, Refusal> {
        let day = self.day_of(inspection)?;
        let catalogue = self.pinned_catalogue(inspection)?;
        Ok(law::criteria_on(&catalogue, sector, day))
    }

    /// The clauses that impose duties on the day of a visit, from which the basis of a hazard is chosen.
    ///
    /// # Errors
    /// As [`Device::catalogue_of`].
    pub fn duties_of(&self, inspection: InspectionId) -> Result<Vec<ClauseReading>, Refusal> {
        let day = self.day_of(inspection)?;
        Ok(law::duties_on(&*self.pinned_catalogue(inspection)?, day))
    }

    /// What is proposed for a hazard of a visit that no check item names: duty and term as the law of the day has them.
    /// None while nobody is signed in. Rows of law keep their days, so the newest reference data say it, too.
    ///
    /// # Errors
    /// The code of the store when the time cannot be read.
    pub(crate) fn unlisted(&self, case: &Case) -> Result<Option<HazardDraft>, Refusal> {
        let Ok(person) = self.person() else { return Ok(None) };
        let sector = case.plan().and_then(|plan| plan.body.sectors.first());
        let grade = Grade::General;
        let known = law::term_on(self.catalogue(), sector, grade, self.day_in(case)?);
        let nothing = || Clause { document: String::new(), clause: String::new() };
        Ok(Some(HazardDraft {
            item: None,
            description: String::new(),
            place: String::new(),
            basis: known.and_then(|it| it.duty.clone()).unwrap_or_else(nothing),
            grade,
            criterion: None,
            measure: MeasureDraft::Rectify(known.map_or(Term::SHORTEST, |it| it.term)),
            found_by: person.id,
        }))
    }

    fn day_of(&self, inspection: InspectionId) -> Result<CivilDate, Refusal> {
        self.day_in(&self.case(&StreamId::inspection(inspection))?)
    }

    fn day_in(&self, case: &Case) -> Result<CivilDate, Refusal> {
        let arrived = case.every::<Arrival>().map(|arrival| arrival.wall).min();
        Ok(arrived.map_or_else(|| self.now(), Ok)?.date())
    }

    /// The reference data under which an inspection was begun here, as they came.
    pub(crate) fn pinned_catalogue(
        &self,
        inspection: InspectionId,
    ) -> Result<Cow<'_, Catalogue>, Refusal> {
        Ok(match self.store.old_catalogue(inspection)? {
            Some(catalogue) => Cow::Owned(catalogue),
            None => Cow::Borrowed(self.catalogue()),
        })
    }
}
