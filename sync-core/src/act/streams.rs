//! Kinds of streams and who may read each. A new kind is a word in [`StreamKind`] and a line here.

use std::collections::BTreeSet;
use std::fmt;

use super::{notice, numbers, visit};
use crate::case::Case;
use crate::id::{DepartmentId, EnterpriseId, PersonId};
use crate::ledger::stream::{StreamId, StreamKind};

/// A group of readers. Every reader belongs to a handful, whatever the number of cases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// One person.
    Person(PersonId),
    /// The inspectors and supervisors of a department.
    Department(DepartmentId),
    /// The supervisors of a department.
    Leads(DepartmentId),
    /// The people of an enterprise.
    Enterprise(EnterpriseId),
    /// The coordinating office and auditors.
    Office,
}

impl fmt::Display for Audience {
    /// The stored form, such as `dept:yingji`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Department(id) => write!(f, "dept:{id}"),
            Self::Leads(id) => write!(f, "leads:{id}"),
            Self::Enterprise(id) => write!(f, "ent:{id}"),
            Self::Office => f.write_str("office"),
        }
    }
}

/// The audiences that may see a stream of a case now. Who was among them and is not any more loses the stream.
#[must_use]
pub fn readers(stream: StreamId, case: &Case) -> BTreeSet<Audience> {
    match stream.kind {
        StreamKind::Inspection => visit::readers(case),
        StreamKind::Notice => notice::readers(stream, case),
        StreamKind::Numbers => numbers::readers(case),
    }
}
