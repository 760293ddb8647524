//! Drafts that lie in `fixtures/frozen/drafts/v2/*.bin` open in every version, and show the same.

use std::path::PathBuf;

use sha2::Digest as _;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::Verdict;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::domain::term::Term;
use sync_core::draft::{
    Admission, AnswerView, Draft, DraftView, Edit, Field, HazardView, MeasureDraft,
};
use sync_core::id::{Digest, HazardId, InspectionId, PersonId};
use sync_core::testing::builders::edit_session;
use sync_core::{Code, Refusal};

const VISIT: InspectionId = InspectionId::from_bytes([9; 16]);
const WANG: PersonId = PersonId::from_bytes([1; 16]);
const LI: PersonId = PersonId::from_bytes([2; 16]);
const CHANGES: usize = 7;

fn frozen(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../fixtures/frozen/drafts/v2");
    std::fs::read(folder.join(name)).expect("a frozen change")
}

fn changes() -> Vec<Vec<u8>> {
    (1..=CHANGES).map(|n| frozen(&format!("change_{n}.bin"))).collect()
}

fn opened() -> Result<Draft, Refusal> {
    let changes = changes();
    Draft::open(VISIT, changes.iter().map(Vec::as_slice))
}

fn by<T>(person: PersonId, value: T) -> Field<T> {
    Field { values: vec![(value, Some(person))] }
}

fn clause(clause: &str) -> Clause {
    Clause { document: "AQF".into(), clause: clause.into() }
}

fn expected() -> DraftView {
    let mut view = DraftView::default();
    let item = |item: &str| item.parse().expect("an item");
    let wrong = AnswerView {
        verdict: Some(by(WANG, Verdict::Fail)),
        note: Some(by(WANG, "通道被占用".to_owned())),
    };
    let other = AnswerView {
        verdict: Some(by(LI, Verdict::NotApplicable)),
        note: Some(by(WANG, String::new())),
    };
    view.answers.extend([(item("XF-01"), wrong), (item("XF-02"), other)]);
    let exit = HazardView {
        item: Some(by(WANG, Some(item("XF-01")))),
        description: Some(by(WANG, "通道净宽不足".to_owned())),
        place: Some(by(WANG, "二号仓库东侧".to_owned())),
        basis: Some(by(WANG, clause("第三十六条"))),
        grade: Some(by(WANG, Grade::General)),
        criterion: Some(by(LI, Some(clause("第三条")))),
        measure: Some(by(LI, MeasureDraft::Rectify(Term::working(7)))),
        found_by: Some(by(WANG, WANG)),
        withdrawn: None,
        photos: [(Digest::of(b"found"), Purpose::Found)].into(),
    };
    let cable = HazardView {
        item: Some(by(WANG, Some(item("XF-03")))),
        description: Some(by(WANG, "电缆未穿管".to_owned())),
        place: Some(by(WANG, "二号仓库东侧".to_owned())),
        basis: Some(by(WANG, clause("第三十六条"))),
        grade: Some(by(WANG, Grade::General)),
        criterion: Some(by(WANG, None)),
        measure: Some(by(WANG, MeasureDraft::FixedOnSpot)),
        found_by: Some(by(WANG, WANG)),
        withdrawn: Some("与另一处重复".to_owned()),
        photos: [(Digest::of(b"fixed"), Purpose::FixedOnSpot)].into(),
    };
    let id = |n| HazardId::from_bytes([n; 16]);
    view.hazards.extend([(id(0x41), exit), (id(0x42), cable)]);
    view
}

#[test]
fn a_draft_that_lay_on_a_phone_opens_and_shows_the_same() -> Result<(), Refusal> {
    let draft = opened()?;
    assert_eq!(draft.view(), expected());
    assert_eq!(draft.parallels(), []);
    assert_eq!(draft.changes(), changes());
    Ok(())
}

#[test]
fn the_genesis_change_has_the_same_bytes() -> Result<(), Refusal> {
    let genesis = frozen("genesis.bin");
    assert_eq!(Draft::genesis(VISIT)?, genesis);
    // A change is named by what follows its checksum.
    let name: [u8; 32] = sha2::Sha256::digest(&genesis[8..]).into();
    assert_eq!(Draft::new(VISIT)?.heads(), [name]);
    Ok(())
}

#[test]
fn the_heads_of_a_frozen_draft_are_the_digests_of_its_bytes() -> Result<(), Refusal> {
    let last = frozen("change_7.bin");
    let name: [u8; 32] = sha2::Sha256::digest(&last[8..]).into();
    assert_eq!(opened()?.heads(), [name]);
    Ok(())
}

#[test]
fn what_stood_side_by_side_stands_so_again() -> Result<(), Refusal> {
    let changes = changes();
    let draft = Draft::open(VISIT, changes.iter().take(5).map(Vec::as_slice))?;
    let parallels = draft.parallels();
    assert_eq!(draft.heads().len(), 2);
    let [(subject, _, values)] = parallels.as_slice() else { panic!("{parallels:?}") };
    assert_eq!(*subject, ParallelSubject::Hazard(HazardId::from_bytes([0x41; 16])));
    let found: Vec<_> = values.iter().map(|it| (it.by, it.value.as_str())).collect();
    assert_eq!(found, [(Some(WANG), "major"), (Some(LI), "general")]);
    Ok(())
}

#[test]
fn a_frozen_draft_is_written_on() -> Result<(), Refusal> {
    let mut draft = opened()?;
    let reason = "整改完毕".to_owned();
    let edit = Edit::Withdraw { hazard: HazardId::from_bytes([0x41; 16]), reason };
    let written = draft.commit(edit_session(LI, 0x33), &[edit])?;
    let mut other = opened()?;
    for change in &written {
        assert_eq!(other.admit(change)?, Admission::Applied);
    }
    assert_eq!(other.view(), draft.view());
    let foreign = Draft::new(InspectionId::from_bytes([8; 16]))?.admit(&frozen("change_1.bin"));
    assert_eq!(foreign.expect_err("of another visit").code, Code::ChangeWaiting);
    Ok(())
}
