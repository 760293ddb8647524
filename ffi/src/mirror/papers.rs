use sync_core::document::{Consequences, PaperRow};
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, FactId};
use sync_core::time::CivilDate;

#[uniffi::remote(Enum)]
pub enum PaperKind {
    InspectionPlan,
    VisitNotice,
    InspectionRecord,
    MeasureDecision,
    RectificationNotice,
    ProofOfService,
    Extension,
    RecheckOpinion,
    FurtherTerm,
    ResumptionOpinion,
    ListedSupervision,
    Referral,
    FileCover,
    FileIndex,
}

#[uniffi::remote(Record)]
pub struct PaperRow {
    pub kind: PaperKind,
    pub fact: FactId,
    pub title: String,
    pub number: Option<String>,
    pub on: Option<CivilDate>,
    pub digest: Digest,
    pub withdrawn: bool,
    pub issued: Option<CivilDate>,
    pub edition: u32,
    pub replaced: bool,
}

#[uniffi::remote(Record)]
pub struct Consequences {
    pub every: Vec<String>,
    pub major: Vec<String>,
}
