//! What papers look up: names of places and people, laws, forms.

use std::collections::BTreeSet;

use super::clause::{self, ClauseName};
use crate::calendar::Calendars;
use crate::domain::catalogue::{Catalogue, CheckItem, Colleague};
use crate::domain::enterprise::Enterprise;
use crate::domain::hazard::Clause;
use crate::domain::numbers::Series;
use crate::domain::papers::PaperKind;
use crate::id::{DepartmentId, EnterpriseId, ItemCode, PersonId, SectorCode};
use crate::time::CivilDate;

/// What stands for the code of an organ in the series of a form.
const CODE: &str = "{code}";

/// The reference data that papers are made with.
#[derive(Clone, Debug)]
pub struct Sources<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// Its calendars.
    pub calendars: Calendars,
    /// The inspected place, where the catalogue does not hold it.
    place: Option<&'a Enterprise>,
}

impl<'a> Sources<'a> {
    /// Papers with this reference data.
    #[must_use]
    pub fn new(catalogue: &'a Catalogue) -> Self {
        let calendars = Calendars::new(catalogue.calendars.iter().cloned());
        Self { catalogue, calendars, place: None }
    }

    /// With the place that is inspected, beside the enterprises of the catalogue.
    #[must_use]
    pub fn of(self, place: Option<&'a Enterprise>) -> Self {
        Self { place, ..self }
    }

    /// The full name of a department on a day.
    pub(super) fn organ(&self, id: &DepartmentId, on: CivilDate) -> String {
        let full = self.catalogue.papers.organ(id, on).map(|it| it.name.clone());
        let short = || self.catalogue.departments.iter().find(|it| it.id == *id);
        full.or_else(|| short().map(|it| it.name.clone())).unwrap_or_else(|| id.to_string())
    }

    /// What an organ calls a kind of paper on a day.
    pub(super) fn title(&self, kind: PaperKind, id: &DepartmentId, on: CivilDate) -> String {
        let template = self.catalogue.papers.template(kind, id, on);
        template.map_or_else(|| kind.name().to_owned(), |it| it.title.clone())
    }

    /// The area in the numbers of a department, such as `枣高`.
    pub(super) fn area(&self, id: &DepartmentId) -> Option<&'a str> {
        let department = self.catalogue.departments.iter().find(|it| it.id == *id)?;
        Some(department.series.as_ref()?.0.as_str())
    }

    /// The series of an organ's papers of one kind and day; none for papers without numbers and where area or code of the
    /// organ is not known.
    pub(super) fn series(
        &self,
        kind: PaperKind,
        id: &DepartmentId,
        on: CivilDate,
    ) -> Option<Series> {
        let papers = &self.catalogue.papers;
        let series = papers.template(kind, id, on)?.series.as_ref()?;
        let code = papers.organ(id, on).map(|it| it.code.as_str());
        if code.is_none() && series.contains(CODE) {
            return None;
        }
        let series = series.replace(CODE, code.unwrap_or_default());
        Some(Series { area: self.area(id)?.to_owned(), series, year: on.year() })
    }

    /// Every series in which an organ numbers papers of a year, those of its notices aside: forms change within a year.
    #[must_use]
    pub fn series_of_year(&self, id: &DepartmentId, year: i16) -> BTreeSet<Series> {
        let (Ok(first), Ok(last)) = (CivilDate::new(year, 1, 1), CivilDate::new(year, 12, 31))
        else {
            return BTreeSet::new();
        };
        let papers = &self.catalogue.papers;
        let of_templates = papers.templates.iter().map(|it| (it.from, it.until));
        let of_organs = papers.organs.iter().map(|it| (it.from, it.until));
        let days: BTreeSet<CivilDate> = of_templates
            .chain(of_organs)
            .flat_map(|(from, until)| [from.max(first), until.map_or(last, |it| it.min(last))])
            .filter(|day| (first..=last).contains(day))
            .collect();
        let kinds = PaperKind::ALL.iter().filter(|it| **it != PaperKind::RectificationNotice);
        let of_kind =
            |kind: &PaperKind| days.iter().filter_map(|on| self.series(*kind, id, *on)).collect();
        kinds.flat_map(|kind| -> BTreeSet<Series> { of_kind(kind) }).collect()
    }

    pub(super) fn enterprise(&self, id: EnterpriseId) -> Option<&'a Enterprise> {
        let known = self.place.filter(|it| it.id == id);
        known.or_else(|| self.catalogue.enterprises.iter().find(|it| it.id == id))
    }

    pub(super) fn colleague(&self, id: PersonId) -> Option<&'a Colleague> {
        self.catalogue.colleagues.iter().find(|it| it.id == id)
    }

    pub(super) fn item(&self, code: &ItemCode) -> Option<&'a CheckItem> {
        let mut items = self.catalogue.checklists.iter().flat_map(|it| &it.items);
        items.find(|it| it.code == *code)
    }

    pub(super) fn sector(&self, code: &SectorCode) -> String {
        let known = self.catalogue.checklists.iter().find(|it| it.sector == *code);
        known.map_or_else(|| code.to_string(), |it| it.title.clone())
    }

    pub(super) fn clause(&self, clause: &Clause, on: CivilDate) -> ClauseName {
        clause::name(self.catalogue, clause, on)
    }
}
