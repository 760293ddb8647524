//! The files of facts.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{InspectionId, NoticeId, SeriesId};

/// Kind of a file of facts. Who may read one follows from its kind: [`crate::act::streams`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum StreamKind {
    /// A visit and its record: the authority's side.
    #[n(0)]
    Inspection,
    /// A notice and all that follows: shared with the enterprise.
    #[n(1)]
    Notice,
    /// The numbers of one series and year: who was given which. In stores 2 is the chain of a device.
    #[n(3)]
    Numbers,
}

impl StreamKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Inspection, Self::Notice, Self::Numbers];

    /// The stable number, as it stands in signed bytes.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Inspection => 0,
            Self::Notice => 1,
            Self::Numbers => 3,
        }
    }
}

/// The file of facts that a statement belongs to, and by which it is shown to an audience.
///
/// As CBOR `[kind, [id]]`, as JSON `{"stream": "notice", "id": "…"}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamId {
    /// Its kind.
    #[serde(rename = "stream")]
    pub kind: StreamKind,
    /// Which one of that kind.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("format" = "uuid")))]
    pub id: Uuid,
}

impl StreamId {
    /// The stream of a visit.
    #[must_use]
    pub const fn inspection(id: InspectionId) -> Self {
        Self { kind: StreamKind::Inspection, id: Uuid::from_bytes(*id.as_bytes()) }
    }

    /// The stream of a notice.
    #[must_use]
    pub const fn notice(id: NoticeId) -> Self {
        Self { kind: StreamKind::Notice, id: Uuid::from_bytes(*id.as_bytes()) }
    }

    /// The stream of the numbers of a series and year.
    #[must_use]
    pub const fn numbers(id: SeriesId) -> Self {
        Self { kind: StreamKind::Numbers, id: Uuid::from_bytes(*id.as_bytes()) }
    }

    /// The stream of a kind with these bytes as its id; none for a kind that this build does not know.
    #[must_use]
    pub fn of_number(kind: u8, id: [u8; 16]) -> Option<Self> {
        let kind = StreamKind::ALL.iter().find(|it| it.number() == kind)?;
        Some(Self { kind: *kind, id: Uuid::from_bytes(id) })
    }

    /// The visit, if it is one.
    #[must_use]
    pub fn as_inspection(&self) -> Option<InspectionId> {
        let id = InspectionId::from_bytes(*self.id.as_bytes());
        (self.kind == StreamKind::Inspection).then_some(id)
    }

    /// The notice, if it is one.
    #[must_use]
    pub fn as_notice(&self) -> Option<NoticeId> {
        (self.kind == StreamKind::Notice).then(|| NoticeId::from_bytes(*self.id.as_bytes()))
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({})", self.kind, self.id)
    }
}

impl<C> Encode<C> for StreamId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.u8(self.kind.number())?.array(1)?.bytes(self.id.as_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for StreamId {
    fn decode(d: &mut Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
        let misshapen = || minicbor::decode::Error::message("a stream is [kind, [id]]");
        if d.array()? != Some(2) {
            return Err(misshapen());
        }
        let kind = StreamKind::decode(d, context)?;
        if d.array()? != Some(1) {
            return Err(misshapen());
        }
        let id = Uuid::from_slice(d.bytes()?).map_err(|_| misshapen())?;
        Ok(Self { kind, id })
    }
}
