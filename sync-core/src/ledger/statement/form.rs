//! Form and bounds of the statements that carry free text.

use super::{ParallelDecision, Recheck, Reply};
use crate::limits;
use crate::refusal::{Code, Refusal};

pub(super) fn reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
    }
    limits::text("reason", text, limits::TEXT_CHARS)
}

pub(super) fn validate_decision(it: &ParallelDecision) -> Result<(), Refusal> {
    limits::count("values", it.values.len(), limits::TEAM)?;
    if usize::try_from(it.chosen).map_or(true, |chosen| chosen >= it.values.len()) {
        return Err(Refusal::new(Code::FieldMalformed).field("chosen"));
    }
    reason(&it.reason)
}

pub(super) fn validate_reply(it: &Reply) -> Result<(), Refusal> {
    limits::text("measures", &it.measures, limits::TEXT_CHARS)?;
    limits::text("responsible", &it.responsible, limits::NAME_CHARS)?;
    limits::count("photos", it.photos.len(), limits::PHOTOS)?;
    if it.photos.is_empty() {
        return Err(Refusal::new(Code::PhotoNeeded).field("photos"));
    }
    Ok(())
}

pub(super) fn validate_recheck(it: &Recheck) -> Result<(), Refusal> {
    limits::text("opinion", &it.opinion, limits::TEXT_CHARS)?;
    limits::count("photos", it.photos.len(), limits::PHOTOS)?;
    match (it.passed, &it.new_term) {
        (false, Some(term)) => term.validate(),
        (true, None) => Ok(()),
        (false, None) | (true, Some(_)) => Err(Refusal::new(Code::TermInvalid).field("new_term")),
    }
}
