//! What an officer does to a draft, as it is journalled on the phone and then committed.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::keys::{self, Map};
use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Clause, Grade};
use crate::domain::inspection::{BindingField, Verdict};
use crate::domain::parallel::ParallelSubject;
use crate::domain::term::Term;
use crate::id::{BlobHash, HazardId, ItemCode, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// What is asked of the enterprise, before the photos of the fixed state are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "measure", content = "term")]
pub enum MeasureDraft {
    /// 责令限期整改.
    #[n(0)]
    Rectify(#[n(0)] Term),
    /// 当场整改.
    #[n(1)]
    FixedOnSpot,
}

/// A hazard as it is first written down.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct HazardDraft {
    /// The check item that failed.
    #[n(0)]
    pub item: Option<ItemCode>,
    /// What is wrong.
    #[n(1)]
    pub description: String,
    /// Where.
    #[n(2)]
    pub place: String,
    /// The duty that was broken.
    #[n(3)]
    pub basis: Clause,
    /// Grade.
    #[n(4)]
    pub grade: Grade,
    /// The criterion of a major grade.
    #[n(5)]
    pub criterion: Option<Clause>,
    /// What is asked of the enterprise.
    #[n(6)]
    pub measure: MeasureDraft,
    /// Who found it.
    #[n(7)]
    pub found_by: PersonId,
}

/// One field of a hazard with its new value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "field", content = "value")]
pub enum HazardField {
    /// What is wrong.
    #[n(0)]
    Description(#[n(0)] String),
    /// Where.
    #[n(1)]
    Place(#[n(0)] String),
    /// The duty that was broken.
    #[n(2)]
    Basis(#[n(0)] Clause),
    /// Grade.
    #[n(3)]
    Grade(#[n(0)] Grade),
    /// The criterion of a major grade.
    #[n(4)]
    Criterion(#[n(0)] Option<Clause>),
    /// What is asked of the enterprise.
    #[n(5)]
    Measure(#[n(0)] MeasureDraft),
}

/// One thing that an officer does to a draft.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Answers a check item.
    #[n(0)]
    Answer {
        /// The item.
        #[n(0)]
        item: ItemCode,
        /// The result.
        #[n(1)]
        verdict: Verdict,
        /// A note, may be empty.
        #[n(2)]
        note: String,
    },
    /// Writes down a hazard.
    #[n(1)]
    AddHazard {
        /// Its id, fresh.
        #[n(0)]
        hazard: HazardId,
        /// What is known of it.
        #[n(1)]
        draft: HazardDraft,
    },
    /// Changes a field of a hazard.
    #[n(2)]
    SetHazard {
        /// The hazard.
        #[n(0)]
        hazard: HazardId,
        /// The field.
        #[n(1)]
        field: HazardField,
    },
    /// Adds a photo to a hazard.
    #[n(3)]
    AttachPhoto {
        /// The hazard.
        #[n(0)]
        hazard: HazardId,
        /// The photo.
        #[n(1)]
        blob: BlobHash,
        /// As found, or after fixing on the spot.
        #[n(2)]
        purpose: Purpose,
    },
    /// Takes a hazard back, with the reason; it stays readable.
    #[n(4)]
    Withdraw {
        /// The hazard.
        #[n(0)]
        hazard: HazardId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// Puts one value in the place of differing ones, after a decision was stated.
    #[n(5)]
    Resolve {
        /// What the values are about.
        #[n(0)]
        subject: ParallelSubject,
        /// Which field.
        #[n(1)]
        field: BindingField,
        /// The chosen value as the draft holds it.
        #[n(2)]
        value: String,
    },
}

impl Edit {
    /// Checks form and bounds of what the edit writes, with the answers of the guard. An edit that
    /// does not pass must not be journalled: no change could ever carry it.
    ///
    /// # Errors
    /// [`Code::FieldTooLong`], [`Code::FieldMalformed`], [`Code::ReasonNeeded`], or `Code::PathNotAllowed`
    /// for a key or value that no draft may hold.
    pub fn validate(&self) -> Result<(), Refusal> {
        for ((map, key), value) in puts(std::slice::from_ref(self))? {
            if value.len() > limits::TEXT_CHARS * 4 {
                return Err(Refusal::new(Code::FieldTooLong).field("value"));
            }
            // Edits write no sessions, so there is no actor to compare.
            keys::check(map, &key, keys::plain(&value)?, None)?;
        }
        Ok(())
    }
}

impl Edit {
    /// Bytes that a change needs at most to carry this edit.
    ///
    /// # Errors
    /// Those of [`Edit::validate`] about its form.
    pub fn cost(&self) -> Result<usize, Refusal> {
        const PUT: usize = 64;
        const CHANGE: usize = 512;
        let puts = puts(std::slice::from_ref(self))?;
        Ok(puts.iter().map(|((_, key), value)| key.len() + value.len() + PUT).sum::<usize>()
            + CHANGE)
    }

    /// The hazard that it completes, takes back or decides about; none where it adds something new.
    #[must_use]
    pub const fn changes_hazard(&self) -> Option<HazardId> {
        match self {
            Self::SetHazard { hazard, .. }
            | Self::AttachPhoto { hazard, .. }
            | Self::Withdraw { hazard, .. }
            | Self::Resolve { subject: ParallelSubject::Hazard(hazard), .. } => Some(*hazard),
            Self::Answer { .. } | Self::AddHazard { .. } | Self::Resolve { .. } => None,
        }
    }

    /// Whether it resolves what is there instead of adding to it: a draft that is full has room for
    /// such.
    #[must_use]
    pub const fn settles(&self) -> bool {
        matches!(self, Self::Withdraw { .. } | Self::Resolve { .. })
    }
}

/// What a list of edits writes, the last value of each key.
pub(super) fn puts(edits: &[Edit]) -> Result<BTreeMap<(Map, String), String>, Refusal> {
    let mut puts = BTreeMap::new();
    for edit in edits {
        put(edit, &mut |map, key, value| {
            puts.insert((map, key), value);
        })?;
    }
    Ok(puts)
}

fn put(edit: &Edit, write: &mut dyn FnMut(Map, String, String)) -> Result<(), Refusal> {
    match edit {
        Edit::Answer { item, verdict, note } => {
            let verdict = keys::verdict_text(*verdict).to_owned();
            write(Map::Answers, keys::answer(item, "verdict"), verdict);
            write(Map::Answers, keys::answer(item, "note"), note.clone());
        }
        Edit::AddHazard { hazard, draft } => add_hazard(*hazard, draft, write),
        Edit::SetHazard { hazard, field } => {
            let (name, value) = field_text(field);
            write(Map::Hazards, keys::hazard(*hazard, name), value);
        }
        Edit::AttachPhoto { hazard, blob, purpose } => {
            let purpose = keys::purpose_text(*purpose)
                .ok_or(Refusal::new(Code::FieldMalformed).field("purpose"))?;
            write(Map::Photos, keys::photo(*hazard, blob), purpose.to_owned());
        }
        Edit::Withdraw { hazard, reason } => {
            if !crate::text::is_visible(reason) {
                return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
            }
            write(Map::Hazards, keys::hazard(*hazard, "withdrawn"), reason.clone());
        }
        Edit::Resolve { subject, field, value } => {
            let (map, key) = binding_key(subject, *field)?;
            write(map, key, value.clone());
        }
    }
    Ok(())
}

fn add_hazard(id: HazardId, draft: &HazardDraft, write: &mut dyn FnMut(Map, String, String)) {
    let clause =
        |clause: &Option<Clause>| clause.as_ref().map(keys::clause_text).unwrap_or_default();
    let item = draft.item.as_ref().map(ToString::to_string).unwrap_or_default();
    let fields = [
        ("item", item),
        ("description", draft.description.clone()),
        ("place", draft.place.clone()),
        ("basis", keys::clause_text(&draft.basis)),
        ("grade", keys::grade_text(draft.grade).to_owned()),
        ("criterion", clause(&draft.criterion)),
        ("measure", keys::measure_text(draft.measure)),
        ("found_by", draft.found_by.to_string()),
    ];
    for (name, value) in fields {
        write(Map::Hazards, keys::hazard(id, name), value);
    }
}

fn field_text(field: &HazardField) -> (&'static str, String) {
    match field {
        HazardField::Description(text) => ("description", text.clone()),
        HazardField::Place(text) => ("place", text.clone()),
        HazardField::Basis(clause) => ("basis", keys::clause_text(clause)),
        HazardField::Grade(grade) => ("grade", keys::grade_text(*grade).to_owned()),
        HazardField::Criterion(clause) => {
            ("criterion", clause.as_ref().map(keys::clause_text).unwrap_or_default())
        }
        HazardField::Measure(measure) => ("measure", keys::measure_text(*measure)),
    }
}

/// Where a binding field lies.
pub(super) fn binding_key(
    subject: &ParallelSubject,
    field: BindingField,
) -> Result<(Map, String), Refusal> {
    match (subject, field) {
        (ParallelSubject::Item(item), BindingField::Verdict) => {
            Ok((Map::Answers, keys::answer(item, "verdict")))
        }
        (ParallelSubject::Hazard(id), BindingField::Grade) => {
            Ok((Map::Hazards, keys::hazard(*id, "grade")))
        }
        (ParallelSubject::Hazard(id), BindingField::Basis) => {
            Ok((Map::Hazards, keys::hazard(*id, "basis")))
        }
        (ParallelSubject::Hazard(id), BindingField::Measure) => {
            Ok((Map::Hazards, keys::hazard(*id, "measure")))
        }
        (ParallelSubject::Item(_), _) | (ParallelSubject::Hazard(_), BindingField::Verdict) => {
            Err(Refusal::new(Code::FieldMalformed).field("field"))
        }
    }
}
