//! Files of facts by name, in the form of an enum: the id of a visit is no id of a notice.

use sync_core::id::{InspectionId, NoticeId, SeriesId};
use sync_core::ledger::stream::{self, StreamKind};

/// The file of facts that a statement belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum StreamId {
    /// A visit and its record: the authority's side.
    Inspection(InspectionId),
    /// A notice and all that follows: shared with the enterprise.
    Notice(NoticeId),
    /// The numbers of one series and year.
    Numbers(SeriesId),
}

impl From<stream::StreamId> for StreamId {
    fn from(stream: stream::StreamId) -> Self {
        let bytes = *stream.id.as_bytes();
        match stream.kind {
            StreamKind::Inspection => Self::Inspection(InspectionId::from_bytes(bytes)),
            StreamKind::Notice => Self::Notice(NoticeId::from_bytes(bytes)),
            StreamKind::Numbers => Self::Numbers(SeriesId::from_bytes(bytes)),
        }
    }
}

impl From<StreamId> for stream::StreamId {
    fn from(stream: StreamId) -> Self {
        match stream {
            StreamId::Inspection(id) => Self::inspection(id),
            StreamId::Notice(id) => Self::notice(id),
            StreamId::Numbers(id) => Self::numbers(id),
        }
    }
}
