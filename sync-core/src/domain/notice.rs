//! 责令限期整改指令书: numbers, content, service.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::hazard::{Clause, Grade};
use super::numbers::Series;
use super::site_measure::SiteOrder;
use super::term::Term;
use crate::id::{BlobHash, DepartmentId, Digest, EnterpriseId, HazardId, NoticeId, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// Number of a document, unique per organ, kind of document and year, never used again.
///
/// Text form `（枣高）应急责改〔2026〕7号`: area, organ and kind, year in 六角括号, no leading zeros.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct DocumentNumber {
    /// Short name of the area, such as `枣高`.
    #[n(0)]
    pub area: String,
    /// Organ and kind of document, such as `应急责改`.
    #[n(1)]
    pub series: String,
    /// Year of issue.
    #[n(2)]
    pub year: i16,
    /// Serial number, from 1.
    #[n(3)]
    pub serial: u32,
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "（{}）{}〔{}〕{}号", self.area, self.series, self.year, self.serial)
    }
}

/// One hazard as the enterprise is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct NoticeItem {
    /// The hazard.
    #[n(0)]
    pub hazard: HazardId,
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
    /// The criterion by which it is major.
    #[n(5)]
    pub criterion: Option<Clause>,
    /// The term, counted from service.
    #[n(6)]
    pub term: Term,
    /// Photos as found.
    #[n(7)]
    pub photos: Vec<BlobHash>,
    /// What was ordered on the spot, before the notice.
    #[n(8)]
    #[serde(default)]
    pub site_order: Option<SiteOrder>,
}

/// An officer as printed on a document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct OfficerLine {
    /// Who.
    #[n(0)]
    pub id: PersonId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Certificate number.
    #[n(2)]
    pub certificate: String,
}

/// A rectification notice. It says all that the enterprise may know of the inspection.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Notice {
    /// Which notice.
    #[n(0)]
    pub id: NoticeId,
    /// Its number.
    #[n(1)]
    pub number: DocumentNumber,
    /// To whom.
    #[n(2)]
    pub enterprise: EnterpriseId,
    /// From whom.
    #[n(3)]
    pub department: DepartmentId,
    /// The officers of the visit, as printed.
    #[n(4)]
    pub officers: Vec<OfficerLine>,
    /// Date of issue.
    #[n(5)]
    pub issued_on: CivilDate,
    /// The hazards, ascending by id.
    #[n(6)]
    pub items: Vec<NoticeItem>,
}

impl Notice {
    /// Checks form and bounds of one that an officer issues; what it orders is held against the record.
    ///
    /// # Errors
    /// `Code::FieldMissing` or `Code::FieldTooLong` for number and officers, `Code::TooMany`, `Code::IdMalformed`.
    pub fn validate(&self) -> Result<(), Refusal> {
        Series::of(&self.number).validate()?;
        self.department.validate()?;
        limits::count("officers", self.officers.len(), limits::TEAM)?;
        limits::count("items", self.items.len(), limits::HAZARDS)?;
        for officer in &self.officers {
            limits::text("officers", &officer.name, limits::NAME_CHARS)?;
            limits::text("officers", &officer.certificate, limits::NAME_CHARS)?;
        }
        if self.items.is_empty() {
            return Err(Refusal::new(Code::FieldMissing).field("items"));
        }
        self.items.iter().flat_map(|item| &item.photos).try_for_each(Digest::validate)
    }
}

/// How a document reached the enterprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum ServiceMethod {
    /// Confirmed by the enterprise in the system.
    #[n(0)]
    Electronic,
    /// 直接送达 by an officer.
    #[n(1)]
    InPerson,
    /// 留置送达 after a refusal, with a witness or a record.
    #[n(2)]
    Left,
}

/// 送达: from here on the terms run.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Service {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// How.
    #[n(1)]
    pub method: ServiceMethod,
    /// Who received it, or who witnessed that it was left.
    #[n(2)]
    pub receiver: String,
    /// The other officer, who signs too before it counts; none for electronic service, and in statements from before
    /// two officers were asked for.
    #[n(3)]
    #[serde(default)]
    pub second: Option<PersonId>,
    /// The receiver's signature, drawn.
    #[n(4)]
    #[serde(default)]
    pub signature: Option<BlobHash>,
    /// Why it was not received.
    #[n(5)]
    #[serde(default)]
    pub refusal: Option<String>,
    /// Who witnessed the refusal.
    #[n(6)]
    #[serde(default)]
    pub witness: Option<String>,
    /// The picture of the paper as it was left.
    #[n(7)]
    #[serde(default)]
    pub photo: Option<BlobHash>,
    /// Whether the enterprise agrees to be served by the system.
    #[n(8)]
    #[cbor(default, skip_if = "std::ops::Not::not")]
    #[serde(default)]
    pub consent: bool,
    /// Digest of the paper that the receiver was shown and signed, where it was shown on a screen.
    #[n(9)]
    #[serde(default)]
    pub paper: Option<Digest>,
}

impl Service {
    /// Checks form and bounds.
    ///
    /// # Errors
    /// `Code::FieldMissing`, `Code::FieldTooLong` or `Code::FieldMalformed` for the receiver.
    pub fn validate(&self) -> Result<(), Refusal> {
        limits::text("receiver", &self.receiver, limits::NAME_CHARS)?;
        self.signature
            .iter()
            .chain(&self.photo)
            .chain(&self.paper)
            .try_for_each(Digest::validate)?;
        let text = |field, text: &Option<String>, most| match text {
            Some(text) => limits::text(field, text, most),
            None => Ok(()),
        };
        text("refusal", &self.refusal, limits::TEXT_CHARS)?;
        text("witness", &self.witness, limits::NAME_CHARS)
    }

    /// Service by a way to someone, with nothing else said.
    #[must_use]
    pub fn new(notice: NoticeId, method: ServiceMethod, receiver: impl Into<String>) -> Self {
        Self {
            notice,
            method,
            receiver: receiver.into(),
            second: None,
            signature: None,
            refusal: None,
            witness: None,
            photo: None,
            consent: false,
            paper: None,
        }
    }

    /// The enterprise agrees to be served by the system and confirms that it has received the notice.
    #[must_use]
    pub fn agreed(notice: NoticeId, receiver: impl Into<String>) -> Self {
        Self { consent: true, ..Self::new(notice, ServiceMethod::Electronic, receiver) }
    }
}
