use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::notice::{DocumentNumber, Notice, NoticeItem, OfficerLine};
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, DepartmentId, EnterpriseId, HazardId, NoticeId, PersonId};
use sync_core::time::CivilDate;

#[uniffi::remote(Record)]
pub struct DocumentNumber {
    pub area: String,
    pub series: String,
    pub year: i16,
    pub serial: u32,
}

#[uniffi::remote(Record)]
pub struct NoticeItem {
    pub hazard: HazardId,
    pub description: String,
    pub place: String,
    pub basis: Clause,
    pub grade: Grade,
    pub criterion: Option<Clause>,
    pub term: Term,
    pub photos: Vec<BlobHash>,
}

#[uniffi::remote(Record)]
pub struct OfficerLine {
    pub id: PersonId,
    pub name: String,
    pub certificate: String,
}

#[uniffi::remote(Record)]
pub struct Notice {
    pub id: NoticeId,
    pub number: DocumentNumber,
    pub enterprise: EnterpriseId,
    pub department: DepartmentId,
    pub officers: Vec<OfficerLine>,
    pub issued_on: CivilDate,
    pub items: Vec<NoticeItem>,
}
