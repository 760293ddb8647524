//! From the document to what people see, and to the record that is sealed.

use std::collections::BTreeMap;

use automerge::ReadDoc as _;
use serde::Serialize;

use super::{Draft, EditSession, Extract, MeasureDraft, keys};
use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Clause, Grade, Hazard, Measure};
use crate::domain::inspection::{Record, Verdict};
use crate::id::{BlobHash, HazardId, ItemCode, PersonId};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use keys::Map;

/// A field with all values that officers gave it without seeing each other, the shown one first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Field<T> {
    /// The values with who wrote each, where known. Never empty.
    pub values: Vec<(T, Option<PersonId>)>,
}

impl<T: PartialEq> Field<T> {
    /// The value that is shown.
    pub fn shown(&self) -> Option<&T> {
        self.values.first().map(|(value, _)| value)
    }

    /// Whether the values differ.
    #[must_use]
    pub fn is_parallel(&self) -> bool {
        self.values.iter().any(|(value, _)| Some(value) != self.shown())
    }
}

/// A check item in the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AnswerView {
    /// The result.
    pub verdict: Option<Field<Verdict>>,
    /// The note.
    pub note: Option<Field<String>>,
}

/// A hazard in the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HazardView {
    /// The check item that failed.
    pub item: Option<Field<Option<ItemCode>>>,
    /// What is wrong.
    pub description: Option<Field<String>>,
    /// Where.
    pub place: Option<Field<String>>,
    /// The duty that was broken.
    pub basis: Option<Field<Clause>>,
    /// Grade.
    pub grade: Option<Field<Grade>>,
    /// The criterion of a major grade.
    pub criterion: Option<Field<Option<Clause>>>,
    /// What is asked of the enterprise.
    pub measure: Option<Field<MeasureDraft>>,
    /// Who found it.
    pub found_by: Option<Field<PersonId>>,
    /// Why it was taken back, if it was.
    pub withdrawn: Option<String>,
    /// Photos with their purpose.
    pub photos: BTreeMap<BlobHash, Purpose>,
}

/// Everything in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DraftView {
    /// Answers by item.
    pub answers: BTreeMap<ItemCode, AnswerView>,
    /// Hazards by id, withdrawn ones included.
    pub hazards: BTreeMap<HazardId, HazardView>,
}

impl Draft {
    /// What the draft shows.
    #[must_use]
    pub fn view(&self) -> DraftView {
        let mut view = DraftView::default();
        for key in self.keys(Map::Answers) {
            let Some((Ok(item), field)) = key.split_once('/').map(|(i, f)| (i.parse(), f)) else {
                continue;
            };
            let answer: &mut AnswerView = view.answers.entry(item).or_default();
            match field {
                "verdict" => answer.verdict = self.field(Map::Answers, &key, keys::verdict),
                _ => answer.note = self.field(Map::Answers, &key, TEXT),
            }
        }
        for key in self.keys(Map::Hazards) {
            let Some((Ok(id), field)) = key.split_once('/').map(|(i, f)| (i.parse(), f)) else {
                continue;
            };
            self.read_hazard(&key, field, view.hazards.entry(id).or_default());
        }
        for key in self.keys(Map::Photos) {
            let parsed = key.split_once('/').map(|(id, blob)| (id.parse(), blob.parse()));
            let Some((Ok(id), Ok(blob))) = parsed else { continue };
            let purpose = self.field(Map::Photos, &key, keys::purpose);
            if let Some(purpose) = purpose.as_ref().and_then(Field::shown) {
                view.hazards.entry(id).or_default().photos.insert(blob, *purpose);
            }
        }
        for (id, blob, purpose) in &self.captures {
            if let Some(hazard) = view.hazards.get_mut(id) {
                hazard.photos.entry(*blob).or_insert(*purpose);
            }
        }
        view
    }

    fn read_hazard(&self, key: &str, field: &str, hazard: &mut HazardView) {
        let map = Map::Hazards;
        match field {
            "item" => hazard.item = self.field(map, key, |text| optional(text, str::parse)),
            "description" => hazard.description = self.field(map, key, TEXT),
            "place" => hazard.place = self.field(map, key, TEXT),
            "basis" => hazard.basis = self.field(map, key, keys::clause),
            "grade" => hazard.grade = self.field(map, key, keys::grade),
            "criterion" => {
                hazard.criterion = self.field(map, key, |text| optional(text, keys::clause));
            }
            "measure" => hazard.measure = self.field(map, key, keys::measure),
            "found_by" => hazard.found_by = self.field(map, key, str::parse),
            _ => hazard.withdrawn = self.values(map, key).into_iter().next().map(|(text, _)| text),
        }
    }

    fn keys(&self, map: Map) -> Vec<String> {
        self.maps.get(&map).map(|object| self.doc.keys(object).collect()).unwrap_or_default()
    }

    fn field<T>(
        &self,
        map: Map,
        key: &str,
        read: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<Field<T>> {
        let values: Vec<_> = self
            .values(map, key)
            .into_iter()
            .filter_map(|(text, actor)| Some((read(&text).ok()?, self.writer(actor))))
            .collect();
        (!values.is_empty()).then_some(Field { values })
    }

    /// Who writes with an actor.
    pub(super) fn writer(&self, actor: Option<automerge::ActorId>) -> Option<PersonId> {
        self.session(&actor?).map(|session| session.person)
    }

    /// Whose an actor is, as it said in an admitted change.
    pub(super) fn session(&self, actor: &automerge::ActorId) -> Option<EditSession> {
        let said = self.values(Map::Sessions, &keys::session(actor));
        said.first().and_then(|(text, _)| keys::session_of(text).ok())
    }

    /// The record that is sealed, without a word of anybody's part: refused for what [`Draft::lacks`] says first.
    ///
    /// # Errors
    /// The first refusal of [`Draft::lacks`], or what the form of the record does not allow.
    pub fn record(
        &self,
        arrived: Timestamp,
        finished: Timestamp,
        catalogue: String,
    ) -> Result<Record, Refusal> {
        if let Some(first) = self.lacks().into_iter().next() {
            return Err(first.refusal);
        }
        let Extract { answers, hazards, manifest, draft } = self.taken_out(self.view())?;
        let (inspection, parts) = (self.inspection, Vec::new());
        let record = Record {
            inspection,
            arrived,
            finished,
            answers,
            hazards,
            manifest,
            catalogue,
            draft,
            parts,
        };
        record.validate()?;
        Ok(record)
    }
}

/// The form of every reader of a field.
type Read<T> = Result<T, Refusal>;

const TEXT: fn(&str) -> Read<String> = |text| Ok(text.to_owned());

fn optional<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

pub(super) fn sealed(id: HazardId, view: HazardView) -> Result<Hazard, Refusal> {
    let missing = |field: &'static str| Refusal::new(Code::FieldMissing).field(field);
    let of = |purpose: Purpose| {
        view.photos.iter().filter(move |(_, known)| **known == purpose).map(|(blob, _)| *blob)
    };
    let first = |field: &Option<Field<String>>| {
        field.as_ref().and_then(Field::shown).cloned().unwrap_or_default()
    };
    let measure = match view.measure.as_ref().and_then(Field::shown).ok_or(missing("measure"))? {
        MeasureDraft::Rectify(term) => Measure::Rectify { term: *term },
        MeasureDraft::FixedOnSpot => {
            Measure::FixedOnSpot { after: of(Purpose::FixedOnSpot).collect() }
        }
    };
    Ok(Hazard {
        id,
        item: view.item.as_ref().and_then(Field::shown).cloned().flatten(),
        description: first(&view.description),
        place: first(&view.place),
        basis: view.basis.as_ref().and_then(Field::shown).cloned().ok_or(missing("basis"))?,
        grade: *view.grade.as_ref().and_then(Field::shown).ok_or(missing("grade"))?,
        criterion: view.criterion.as_ref().and_then(Field::shown).cloned().flatten(),
        measure,
        photos: of(Purpose::Found).collect(),
        found_by: *view.found_by.as_ref().and_then(Field::shown).ok_or(missing("found_by"))?,
    })
}
