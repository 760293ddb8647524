//! How much room a record has left. Whatever fits can be sealed, and what is sealed can be ordered.

use super::read::{AnswerView, DraftView, Field, HazardView};
use super::{Draft, keys};
use crate::domain::inspection::Size;
use crate::domain::parallel::ParallelSubject;
use crate::limits;
use crate::refusal::{Code, Refusal};

use super::Lack;

/// How much of a record's room its draft takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    size: Size,
}

impl Room {
    /// Of a draft as it is shown; what was taken back takes up nothing.
    pub(super) fn of(view: &DraftView) -> Self {
        let mut size = Size::default();
        for (item, answer) in &view.answers {
            size.add_answer(item.as_str().len() + note(answer));
        }
        for hazard in view.hazards.values().filter(|it| it.withdrawn.is_none()) {
            size.add_hazard(texts(hazard), hazard.photos.len());
        }
        Self { size }
    }

    /// In percent, rounded up; more than 100 cannot be sealed.
    #[must_use]
    pub fn filled(&self) -> u32 {
        let of =
            |part: usize, all: usize| u32::try_from((part * 100).div_ceil(all)).unwrap_or(u32::MAX);
        of(self.size.bytes(), limits::RECORD_BYTES)
            .max(of(self.size.hazards(), limits::HAZARDS))
            .max(of(self.size.answers(), limits::ANSWERS))
    }

    /// Whether one takes up more than another in any way.
    #[must_use]
    pub fn exceeds(&self, other: &Self) -> bool {
        self.size.bytes() > other.size.bytes()
            || self.size.hazards() > other.size.hazards()
            || self.size.answers() > other.size.answers()
    }
}

impl Draft {
    /// How much of the record's room is taken up.
    #[must_use]
    pub fn room(&self) -> Room {
        Room::of(&self.view())
    }
}

/// What has to be shortened or taken back, if the record has no room for it: the longest text, or the last one.
pub(super) fn lack(view: &DraftView) -> Option<Lack> {
    let size = Room::of(view).size;
    let mut standing = view.hazards.iter().filter(|(_, it)| it.withdrawn.is_none());
    let (code, field, subject) = if size.hazards() > limits::HAZARDS {
        (Code::TooMany, "hazards", standing.next_back().map(|(id, _)| ParallelSubject::Hazard(*id)))
    } else if size.answers() > limits::ANSWERS {
        let last = view.answers.keys().next_back().cloned();
        (Code::TooMany, "answers", last.map(ParallelSubject::Item))
    } else if size.bytes() > limits::RECORD_BYTES {
        let hazard = standing.max_by_key(|(_, it)| texts(it));
        let answer = view.answers.iter().max_by_key(|(_, it)| note(it));
        match (hazard, answer) {
            (Some((id, it)), answer)
                if answer.is_none_or(|(_, answer)| note(answer) <= texts(it)) =>
            {
                (Code::TooLarge, "description", Some(ParallelSubject::Hazard(*id)))
            }
            (_, answer) => {
                let item = answer.map(|(item, _)| ParallelSubject::Item(item.clone()));
                (Code::TooLarge, "note", item)
            }
        }
    } else {
        return None;
    };
    Some(Lack { subject: subject?, refusal: Refusal::new(code).field(field) })
}

fn note(answer: &AnswerView) -> usize {
    answer.note.as_ref().and_then(Field::shown).map_or(0, String::len)
}

fn texts(hazard: &HazardView) -> usize {
    let text = |field: &Option<Field<String>>| {
        field.as_ref().and_then(Field::shown).map_or(0, String::len)
    };
    let clause = |it: &crate::domain::hazard::Clause| keys::clause_text(it).len();
    let basis = hazard.basis.as_ref().and_then(Field::shown).map_or(0, clause);
    let criterion = hazard.criterion.as_ref().and_then(Field::shown);
    let criterion = criterion.and_then(Option::as_ref).map_or(0, clause);
    let item = hazard.item.as_ref().and_then(Field::shown);
    let item = item.and_then(Option::as_ref).map_or(0, |it| it.as_str().len());
    text(&hazard.description) + text(&hazard.place) + basis + criterion + item
}
