//! What a draft lacks is what sealing refuses, no more and no less.

use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::parallel::ParallelSubject;
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{Digest, HazardId, InspectionId, PersonId};
use sync_core::testing::builders::edit_session;
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

const WANG: PersonId = PersonId::from_bytes([1; 16]);
const LI: PersonId = PersonId::from_bytes([2; 16]);
const VISIT: InspectionId = InspectionId::from_bytes([9; 16]);

fn hazard(n: u8) -> HazardId {
    HazardId::from_entropy([n; 16])
}

fn add(n: u8, description: &str, measure: MeasureDraft) -> Edit {
    let draft = HazardDraft {
        item: None,
        description: description.into(),
        place: String::new(),
        basis: Clause { document: "AQF".into(), clause: "第四十一条".into() },
        grade: Grade::General,
        criterion: None,
        measure,
        found_by: WANG,
    };
    Edit::AddHazard { hazard: hazard(n), draft }
}

fn set(n: u8, field: HazardField) -> Edit {
    Edit::SetHazard { hazard: hazard(n), field }
}

fn record(draft: &Draft) -> Result<(), Refusal> {
    let at = Timestamp::from_millis(1_793_412_060_000);
    draft.record(at, at, "2026-11-23".into()).map(drop)
}

/// Subject, code and field of everything that is lacking; sealing refuses for the first of it.
fn lacks(draft: &Draft) -> Vec<(ParallelSubject, Code, String)> {
    let lacks = draft.lacks();
    assert_eq!(record(draft).err(), lacks.first().map(|it| it.refusal.clone()));
    let named = |it: sync_core::draft::Lack| {
        (it.subject, it.refusal.code, it.refusal.field.expect("every lack names its field"))
    };
    lacks.into_iter().map(named).collect()
}

#[test]
fn every_hazard_says_everything_that_it_lacks() {
    let rectify = MeasureDraft::Rectify(Term::natural(15));
    let mut draft = Draft::new(VISIT).expect("draft");
    assert_eq!(lacks(&draft), []);

    let whole = add(1, "两具灭火器压力不足", rectify);
    let empty = add(2, "", MeasureDraft::FixedOnSpot);
    draft.commit(edit_session(WANG, 7), &[whole, empty]).expect("commit");
    let of = |code, field: &str| (ParallelSubject::Hazard(hazard(2)), code, field.to_owned());
    let expected = [of(Code::FieldMissing, "description"), of(Code::PhotoNeeded, "after")];
    assert_eq!(lacks(&draft), expected);

    let named = set(2, HazardField::Description("配电箱无盖".into()));
    let major = set(2, HazardField::Grade(Grade::Major));
    draft.commit(edit_session(WANG, 7), &[named, major]).expect("commit");
    assert_eq!(
        lacks(&draft),
        [of(Code::CriterionNeeded, "criterion"), of(Code::PhotoNeeded, "after")]
    );

    let photo =
        |purpose| Edit::AttachPhoto { hazard: hazard(2), blob: Digest::of(b"after"), purpose };
    let general = set(2, HazardField::Grade(Grade::General));
    draft.commit(edit_session(WANG, 7), &[general, photo(Purpose::FixedOnSpot)]).expect("commit");
    assert_eq!(lacks(&draft), []);
}

#[test]
fn a_law_as_a_whole_is_no_clause() {
    let rectify = MeasureDraft::Rectify(Term::natural(15));
    let mut draft = Draft::new(VISIT).expect("draft");
    let whole = |document: &str| Clause { document: document.into(), clause: " ".into() };
    let basis = set(1, HazardField::Basis(whole("AQF")));
    let hazard = add(1, "两具灭火器压力不足", rectify);
    draft.commit(edit_session(WANG, 7), &[hazard, basis]).expect("commit");
    let of = |field: &str| {
        (ParallelSubject::Hazard(self::hazard(1)), Code::ClauseNeeded, field.to_owned())
    };
    assert_eq!(lacks(&draft), [of("basis")]);

    let clause = Clause { document: "AQF".into(), clause: "第三十六条".into() };
    let named = set(1, HazardField::Basis(clause));
    let major = set(1, HazardField::Grade(Grade::Major));
    let criterion = set(1, HazardField::Criterion(Some(whole("GB35181"))));
    draft.commit(edit_session(WANG, 7), &[named, major, criterion]).expect("commit");
    assert_eq!(lacks(&draft), [of("criterion")]);
}

#[test]
fn what_was_taken_back_lacks_nothing() {
    let mut draft = Draft::new(VISIT).expect("draft");
    let empty = add(1, "", MeasureDraft::FixedOnSpot);
    let back = Edit::Withdraw { hazard: hazard(1), reason: "误记".into() };
    draft.commit(edit_session(WANG, 7), &[empty, back]).expect("commit");
    assert_eq!(lacks(&draft), []);
}

#[test]
fn officers_who_differ_are_named_before_what_is_missing() {
    let mut wang = Draft::new(VISIT).expect("draft");
    let whole = add(1, "两具灭火器压力不足", MeasureDraft::Rectify(Term::natural(15)));
    let empty = add(2, "", MeasureDraft::Rectify(Term::natural(15)));
    wang.commit(edit_session(WANG, 7), &[whole, empty]).expect("commit");
    let mut li = Draft::open(VISIT, wang.changes().iter().map(Vec::as_slice)).expect("a copy");
    let term = |days| [set(1, HazardField::Measure(MeasureDraft::Rectify(Term::natural(days))))];
    wang.commit(edit_session(WANG, 7), &term(3)).expect("commit");
    for change in li.commit(edit_session(LI, 8), &term(30)).expect("commit") {
        wang.admit(&change).expect("an honest change");
    }
    let expected = [
        (ParallelSubject::Hazard(hazard(1)), Code::DecisionNeeded, "measure".to_owned()),
        (ParallelSubject::Hazard(hazard(2)), Code::FieldMissing, "description".to_owned()),
    ];
    assert_eq!(lacks(&wang), expected);
}
