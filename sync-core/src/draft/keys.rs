//! Every map, key and value of a draft, once: how it is written and what is well-formed.

use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Clause, Grade};
use crate::domain::inspection::Verdict;
use crate::domain::term::{DayUnit, Term};
use crate::id::{BlobHash, HazardId, ItemCode, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};

use super::{EditSession, MeasureDraft};
use automerge::ActorId;

/// A map of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Map {
    /// `<item>/verdict` and `<item>/note`.
    Answers,
    /// `<hazard>/<field>`.
    Hazards,
    /// `<hazard>/<digest>` to the photo's purpose.
    Photos,
    /// `<actor>` to `<person>/<device>/<nonce>`: who writes with it, on which device.
    Sessions,
}

impl Map {
    /// Every map, in the order in which the genesis change makes them.
    pub const ALL: &[Self] = &[Self::Answers, Self::Hazards, Self::Photos, Self::Sessions];

    /// Its key in the root.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Hazards => "hazards",
            Self::Photos => "photos",
            Self::Sessions => "sessions",
        }
    }
}

fn malformed(field: &str) -> Refusal {
    Refusal::new(Code::PathNotAllowed).field(field)
}

pub(super) fn answer(item: &ItemCode, field: &str) -> String {
    format!("{item}/{field}")
}

pub(super) fn hazard(id: HazardId, field: &str) -> String {
    format!("{id}/{field}")
}

pub(super) fn photo(id: HazardId, blob: &BlobHash) -> String {
    format!("{id}/{}", blob.hex())
}

/// The key under which an actor says whose it is.
pub(super) fn session(actor: &ActorId) -> String {
    actor.to_hex_string()
}

/// What an actor says of whose it is.
pub(super) fn session_text(session: EditSession) -> String {
    let nonce = uuid::Uuid::from_bytes(session.nonce);
    format!("{}/{}/{nonce}", session.person, session.device)
}

/// Reads what an actor says of whose it is.
pub(super) fn session_of(text: &str) -> Result<EditSession, Refusal> {
    let mut parts = text.split('/');
    let mut part = || parts.next().ok_or_else(|| malformed("sessions"));
    let (person, device, nonce) = (part()?.parse()?, part()?.parse()?, part()?);
    let nonce = uuid::Uuid::try_parse(nonce).map_err(|_| malformed("sessions"))?.into_bytes();
    let session = EditSession { person, device, nonce };
    canonical(text, session_text(session))?;
    Ok(session)
}

/// Separates a value from the count that makes it differ from an equal one; no text may contain it.
const COUNT_MARK: char = '\u{1f}';

/// A value that is written over differing ones of which one is equal to it.
///
/// Automerge would write such a value by deleting the others. Two officers who choose differently
/// would then delete both, so the value gets a count that makes it new.
pub(super) fn counted(value: &str, count: usize) -> String {
    format!("{value}{COUNT_MARK}{count}")
}

/// The value without its count.
pub(super) fn plain(value: &str) -> Result<&str, Refusal> {
    let Some((plain, count)) = value.split_once(COUNT_MARK) else { return Ok(value) };
    if count.len() <= 4 && count.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(plain);
    }
    Err(malformed("count"))
}

/// Refuses a key or value that no honest app writes; with a writer, what he may not write.
pub(super) fn check(
    map: Map,
    key: &str,
    value: &str,
    by: Option<&Writing<'_>>,
) -> Result<(), Refusal> {
    match map {
        Map::Sessions => {
            let said = session_of(value)?;
            if by.is_some_and(|by| key == session(by.actor) && said == by.session) {
                Ok(())
            } else {
                Err(malformed("sessions"))
            }
        }
        Map::Answers => {
            let (item, field) = key.split_once('/').ok_or_else(|| malformed("answers"))?;
            item.parse::<ItemCode>().map_err(|_| malformed("answers"))?;
            match field {
                "verdict" => verdict(value).map(drop),
                "note" => limits::optional_text("note", value, limits::TEXT_CHARS),
                _ => Err(malformed("answers")),
            }
        }
        Map::Hazards => {
            let (id, field) = key.split_once('/').ok_or_else(|| malformed("hazards"))?;
            canonical(id, id.parse::<HazardId>().map_err(|_| malformed("hazards"))?.to_string())?;
            hazard_field(field, value)?;
            // Nobody puts a finding into another one's mouth.
            let foreign = by.is_some_and(|by| value != by.session.person.to_string());
            if field == "found_by" && foreign { Err(malformed("found_by")) } else { Ok(()) }
        }
        Map::Photos => {
            let (id, blob) = key.split_once('/').ok_or_else(|| malformed("photos"))?;
            canonical(id, id.parse::<HazardId>().map_err(|_| malformed("photos"))?.to_string())?;
            canonical(blob, blob.parse::<BlobHash>().map_err(|_| malformed("photos"))?.hex())?;
            purpose(value).map(drop)
        }
    }
}

/// Who writes a change: the actor of its bytes, and whose it is.
pub(super) struct Writing<'a> {
    pub(super) actor: &'a ActorId,
    pub(super) session: EditSession,
}

/// One thing, one text.
fn canonical(text: &str, written: String) -> Result<(), Refusal> {
    if text == written { Ok(()) } else { Err(Refusal::new(Code::NotCanonical)) }
}

fn hazard_field(field: &str, value: &str) -> Result<(), Refusal> {
    match field {
        "item" | "criterion" if value.is_empty() => Ok(()),
        "item" => value.parse::<ItemCode>().map(drop),
        "description" | "withdrawn" => limits::optional_text("hazard", value, limits::TEXT_CHARS),
        "place" => limits::optional_text("place", value, limits::NAME_CHARS),
        "basis" | "criterion" => clause(value).map(drop),
        "grade" => grade(value).map(drop),
        "measure" => measure(value).map(drop),
        "found_by" => value.parse::<PersonId>().map(drop),
        _ => Err(malformed("hazards")),
    }
}

pub(super) const fn verdict_text(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::NotApplicable => "not_applicable",
    }
}

pub(super) fn verdict(text: &str) -> Result<Verdict, Refusal> {
    match text {
        "pass" => Ok(Verdict::Pass),
        "fail" => Ok(Verdict::Fail),
        "not_applicable" => Ok(Verdict::NotApplicable),
        _ => Err(malformed("verdict")),
    }
}

/// A grade as the draft holds it.
#[must_use]
pub const fn grade_text(grade: Grade) -> &'static str {
    match grade {
        Grade::General => "general",
        Grade::Major => "major",
    }
}

pub(super) fn grade(text: &str) -> Result<Grade, Refusal> {
    match text {
        "general" => Ok(Grade::General),
        "major" => Ok(Grade::Major),
        _ => Err(malformed("grade")),
    }
}

/// A clause as the draft holds it: document and clause with a line between.
#[must_use]
pub fn clause_text(clause: &Clause) -> String {
    format!("{}|{}", clause.document, clause.clause)
}

pub(super) fn clause(text: &str) -> Result<Clause, Refusal> {
    let (document, clause) = text.split_once('|').ok_or_else(|| malformed("basis"))?;
    let clause = Clause { document: document.to_owned(), clause: clause.to_owned() };
    clause.validate()?;
    Ok(clause)
}

pub(super) fn measure_text(measure: MeasureDraft) -> String {
    match measure {
        MeasureDraft::FixedOnSpot => "on_spot".to_owned(),
        MeasureDraft::Rectify(Term { days, unit: DayUnit::Natural }) => format!("natural:{days}"),
        MeasureDraft::Rectify(Term { days, unit: DayUnit::Working }) => format!("working:{days}"),
    }
}

pub(super) fn measure(text: &str) -> Result<MeasureDraft, Refusal> {
    if text == "on_spot" {
        return Ok(MeasureDraft::FixedOnSpot);
    }
    let (unit, days) = text.split_once(':').ok_or_else(|| malformed("measure"))?;
    let days = days.parse().map_err(|_| malformed("measure"))?;
    let term = match unit {
        "natural" => Term::natural(days),
        "working" => Term::working(days),
        _ => return Err(malformed("measure")),
    };
    term.validate()?;
    let measure = MeasureDraft::Rectify(term);
    canonical(text, measure_text(measure))?;
    Ok(measure)
}

pub(super) const fn purpose_text(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::Found => Some("found"),
        Purpose::FixedOnSpot => Some("fixed_on_spot"),
        Purpose::Rectified | Purpose::Recheck | Purpose::Signature => None,
    }
}

pub(super) fn purpose(text: &str) -> Result<Purpose, Refusal> {
    match text {
        "found" => Ok(Purpose::Found),
        "fixed_on_spot" => Ok(Purpose::FixedOnSpot),
        _ => Err(malformed("photos")),
    }
}
