//! Writes `fixtures/frozen/drafts/v2/*.bin`: the genesis change of a draft and what two officers
//! wrote after it, in the order in which it was taken over. Written once and kept: a draft that
//! lies on a phone has to open in every later version.
//!
//! `cargo run -p sync-core --example frozen_drafts`
#![expect(clippy::expect_used, reason = "bytes that cannot be written have to stop")]

use std::path::PathBuf;

use sync_core::Refusal;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{BindingField, Verdict};
use sync_core::domain::parallel::ParallelSubject;
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, EditSession, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{Digest, HazardId, InspectionId, PersonId};
use sync_core::testing::builders::edit_session;

const VISIT: InspectionId = InspectionId::from_bytes([9; 16]);
const WANG: PersonId = PersonId::from_bytes([1; 16]);
const LI: PersonId = PersonId::from_bytes([2; 16]);
const WANGS: EditSession = edit_session(WANG, 0x11);
const LIS: EditSession = edit_session(LI, 0x22);
const EXIT: HazardId = HazardId::from_bytes([0x41; 16]);
const CABLE: HazardId = HazardId::from_bytes([0x42; 16]);

fn clause(clause: &str) -> Clause {
    Clause { document: "AQF".to_owned(), clause: clause.to_owned() }
}

fn answer(item: &str, verdict: Verdict, note: &str) -> Edit {
    Edit::Answer { item: item.parse().expect("an item"), verdict, note: note.to_owned() }
}

fn hazard(hazard: HazardId, item: &str, description: &str, measure: MeasureDraft) -> Edit {
    let draft = HazardDraft {
        item: Some(item.parse().expect("an item")),
        description: description.to_owned(),
        place: "二号仓库东侧".to_owned(),
        basis: clause("第三十六条"),
        grade: Grade::General,
        criterion: None,
        measure,
        found_by: WANG,
    };
    Edit::AddHazard { hazard, draft }
}

fn photo(hazard: HazardId, name: &str, purpose: Purpose) -> Edit {
    Edit::AttachPhoto { hazard, blob: Digest::of(name.as_bytes()), purpose }
}

fn set(field: HazardField) -> Edit {
    Edit::SetHazard { hazard: EXIT, field }
}

fn story() -> Result<Vec<Vec<u8>>, Refusal> {
    let mut wang = Draft::new(VISIT)?;
    wang.commit(
        WANGS,
        &[
            answer("XF-01", Verdict::Fail, "通道被占用"),
            answer("XF-02", Verdict::Pass, ""),
            hazard(EXIT, "XF-01", "疏散通道被货物占用", MeasureDraft::Rectify(Term::natural(15))),
            photo(EXIT, "found", Purpose::Found),
            hazard(CABLE, "XF-03", "电缆未穿管", MeasureDraft::FixedOnSpot),
            photo(CABLE, "fixed", Purpose::FixedOnSpot),
        ],
    )?;
    let mut li = Draft::open(VISIT, wang.changes().iter().map(Vec::as_slice))?;
    wang.commit(WANGS, &[set(HazardField::Grade(Grade::Major))])?;
    let term = MeasureDraft::Rectify(Term::working(7));
    li.commit(LIS, &[set(HazardField::Grade(Grade::Major))])?;
    li.commit(LIS, &[set(HazardField::Grade(Grade::General))])?;
    li.commit(
        LIS,
        &[
            set(HazardField::Criterion(Some(clause("第三条")))),
            set(HazardField::Measure(term)),
            answer("XF-02", Verdict::NotApplicable, ""),
            Edit::Withdraw { hazard: CABLE, reason: "与另一处重复".to_owned() },
        ],
    )?;
    for change in li.changes() {
        wang.admit(change)?;
    }
    let subject = ParallelSubject::Hazard(EXIT);
    let field = BindingField::Grade;
    wang.commit(WANGS, &[Edit::Resolve { subject, field, value: "general".to_owned() }])?;
    wang.commit(WANGS, &[set(HazardField::Description("通道净宽不足".to_owned()))])?;
    Ok(wang.changes().to_vec())
}

fn main() {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../fixtures/frozen/drafts/v2");
    std::fs::create_dir_all(&folder).expect("the folder of frozen drafts");
    let genesis = Draft::genesis(VISIT).expect("a draft");
    std::fs::write(folder.join("genesis.bin"), genesis).expect("the genesis change");
    for (n, change) in story().expect("a draft").into_iter().enumerate() {
        std::fs::write(folder.join(format!("change_{}.bin", n + 1)), change).expect("a change");
    }
}
