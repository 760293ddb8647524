//! What was found at a visit, as a record or its supplement holds it.

use std::collections::BTreeSet;

use super::hazard::Hazard;
use super::inspection::{Answer, Size, photos};
use crate::id::{BlobHash, Digest};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// Answers and hazards with their photos.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// Answers, ascending by item.
    pub answers: &'a [Answer],
    /// Hazards, ascending by id.
    pub hazards: &'a [Hazard],
    /// Every photo of the hazards.
    pub manifest: &'a [BlobHash],
    /// Version of the checklist catalogue that was used.
    pub catalogue: &'a str,
    /// Digests of the last changes of the draft, ascending.
    pub draft: &'a [Digest],
}

impl Findings<'_> {
    /// How much of a record's room they take up.
    #[must_use]
    pub fn size(&self) -> Size {
        let mut size = Size::default();
        for answer in self.answers {
            size.add_answer(answer.item.as_str().len() + answer.note.len());
        }
        for hazard in self.hazards {
            size.add_hazard(hazard.text_bytes(), photos(hazard).count());
        }
        size
    }

    /// Checks form, bounds, order, and that the manifest names exactly the photos of the hazards.
    ///
    /// # Errors
    /// The code of the first thing that does not fit, with its field.
    pub fn validate(&self) -> Result<(), Refusal> {
        limits::count("answers", self.answers.len(), limits::ANSWERS)?;
        limits::count("hazards", self.hazards.len(), limits::HAZARDS)?;
        limits::count("draft", self.draft.len(), limits::DRAFT_HEADS)?;
        ascending(self.answers.is_sorted_by(|a, b| a.item < b.item), "answers")?;
        ascending(self.hazards.is_sorted_by(|a, b| a.id < b.id), "hazards")?;
        ascending(self.draft.is_sorted_by(|a, b| a < b), "draft")?;
        for answer in self.answers {
            answer.item.validate()?;
            limits::optional_text("note", &answer.note, limits::TEXT_CHARS)?;
        }
        self.hazards.iter().try_for_each(Hazard::validate)?;
        if self.size().bytes() > limits::RECORD_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("hazards"));
        }
        let named: BTreeSet<_> = self.hazards.iter().flat_map(photos).collect();
        ascending(self.manifest.iter().eq(named), "manifest")?;
        limits::optional_text("catalogue", self.catalogue, limits::NAME_CHARS)
    }
}

fn ascending(is_ascending: bool, field: &'static str) -> Result<(), Refusal> {
    if is_ascending { Ok(()) } else { Err(Refusal::new(Code::NotCanonical).field(field)) }
}
