//! Items as quarantine keeps them.

use sync_core::act::{Fact, Statement};
use sync_core::case::act::Unmet;
use sync_core::domain::account::Person;
use sync_core::id::{DepartmentId, DeviceId, Digest};
use sync_core::refusal::Refusal;
use sync_core::time::Timestamp;

use crate::directory::Directory;
use crate::store::quarantine::{Judgement, QuarantineRow, QuarantinedKind};
use crate::store::streams::StreamKey;

/// An item as quarantine would keep it.
#[derive(Debug)]
pub(super) struct Held<'a> {
    pub(super) form: QuarantinedKind,
    pub(super) author: &'a Person,
    pub(super) device: DeviceId,
    pub(super) stream: Option<StreamKey>,
    /// The department in whose name a stream would begin with it.
    pub(super) begins_for: Option<DepartmentId>,
    pub(super) bytes: &'a [u8],
    pub(super) signature: Option<&'a [u8]>,
}

impl Held<'_> {
    /// Its row. The department of the stream judges it, or the one that the stream would have; the author's own where
    /// neither is known.
    pub(super) fn row(
        self,
        item: Digest,
        (refusal, unmet): (&Refusal, &Unmet),
        of_stream: Option<DepartmentId>,
        now: Timestamp,
    ) -> QuarantineRow {
        QuarantineRow {
            item,
            form: self.form,
            stream: self.stream,
            author: self.author.id,
            device: self.device,
            department: of_stream.or(self.begins_for).or_else(|| self.author.department.clone()),
            refusal: refusal.clone(),
            codes: unmet.codes().collect(),
            received_at: now,
            signature: self.signature.map(<[u8]>::to_vec),
            bytes: self.bytes.to_vec(),
            judgement: Judgement::Waiting,
        }
    }
}

/// The department for which a visit is planned, if it can have visits.
pub(super) fn begins_for(fact: &Fact, directory: &Directory) -> Option<DepartmentId> {
    let Statement::Planned(plan) = &fact.statement else { return None };
    let known = directory.department(&plan.department).filter(|it| it.enforcement);
    known.map(|department| department.id.clone())
}
