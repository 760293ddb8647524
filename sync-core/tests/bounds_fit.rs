//! Bounds fit each other: what was recorded and lacks nothing can be sealed, and what is sealed can be ordered.

use proptest::collection::vec;
use proptest::prelude::*;
use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::evidence::{Fix, FixSource, Position, Purpose};
use sync_core::domain::hazard::{Clause, Grade, Measure};
use sync_core::domain::inspection::{Record, Verdict};
use sync_core::domain::notice::{DocumentNumber, NoticeItem, OfficerLine};
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, HazardDraft, MeasureDraft};
use sync_core::id::{Digest, HazardId, InspectionId, PersonId};
use sync_core::limits;
use sync_core::testing::builders::edit_session;
use sync_core::testing::builders::{INSPECTION, capture, notice};
use sync_core::testing::cast::Who;
use sync_core::testing::world::World;
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

const WANG: PersonId = PersonId::from_bytes([1; 16]);

/// Text of one, three or four bytes a character.
fn text(chars: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    (prop_oneof![Just('a'), Just('患'), Just('𠀀')], chars)
        .prop_map(|(letter, chars)| letter.to_string().repeat(chars))
}

fn clause() -> impl Strategy<Value = Clause> {
    (text(1..=limits::NAME_CHARS), text(0..=limits::NAME_CHARS))
        .prop_map(|(document, clause)| Clause { document, clause })
}

/// A hazard as it may be written down, and how many photos it has.
fn hazard() -> impl Strategy<Value = (HazardDraft, usize)> {
    let texts = (text(1..=limits::TEXT_CHARS), text(0..=limits::NAME_CHARS));
    let form = (texts, clause(), proptest::option::of(clause()), any::<bool>());
    (form, 0..=limits::PHOTOS).prop_map(
        |(((description, place), basis, criterion, on_spot), photos)| {
            let measure = if on_spot {
                MeasureDraft::FixedOnSpot
            } else {
                MeasureDraft::Rectify(Term::natural(15))
            };
            let grade = if criterion.is_some() { Grade::Major } else { Grade::General };
            let found_by = WANG;
            let draft = HazardDraft {
                item: None,
                description,
                place,
                basis,
                grade,
                criterion,
                measure,
                found_by,
            };
            (draft, photos)
        },
    )
}

fn edits(hazards: Vec<(HazardDraft, usize)>, notes: Vec<String>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (n, note) in notes.into_iter().enumerate() {
        let item = format!("GM-{n:03}").parse().expect("a code");
        edits.push(Edit::Answer { item, verdict: Verdict::Pass, note });
    }
    for (n, (draft, photos)) in hazards.into_iter().enumerate() {
        let entropy = *Digest::of(&n.to_be_bytes()).as_bytes().first_chunk().expect("16 bytes");
        let hazard = HazardId::from_entropy(entropy);
        let on_spot = draft.measure == MeasureDraft::FixedOnSpot;
        edits.push(Edit::AddHazard { hazard, draft });
        for photo in 0..photos {
            let purpose = if on_spot { Purpose::FixedOnSpot } else { Purpose::Found };
            let blob = Digest::of(format!("{n} {photo}").as_bytes());
            edits.push(Edit::AttachPhoto { hazard, blob, purpose });
        }
    }
    edits
}

fn record(draft: &Draft) -> Result<Record, Refusal> {
    let at = Timestamp::from_millis(1_793_412_060_000);
    draft.record(at, at, "长".repeat(limits::NAME_CHARS))
}

/// The notice of everything in a record, with the largest team and the longest names.
fn ordered(record: &Record) -> Statement {
    let items = record.hazards.iter().map(|it| NoticeItem {
        site_order: None,
        hazard: it.id,
        description: it.description.clone(),
        place: it.place.clone(),
        basis: it.basis.clone(),
        grade: it.grade,
        criterion: it.criterion.clone(),
        term: match it.measure {
            Measure::Rectify { term } => term,
            Measure::FixedOnSpot { .. } => Term::natural(15),
        },
        photos: it.photos.clone(),
    });
    let long = || "𠀀".repeat(limits::NAME_CHARS);
    let mut notice = notice(items.collect(), u32::MAX);
    notice.officers = (0..limits::TEAM)
        .map(|_| OfficerLine { id: WANG, name: long(), certificate: long() })
        .collect();
    notice.number = DocumentNumber { area: long(), series: long(), year: 2026, serial: u32::MAX };
    Statement::NoticeIssued(notice)
}

/// From visits with next to nothing to such as no record can hold.
fn visit() -> impl Strategy<Value = Vec<Edit>> {
    prop_oneof![(0usize..30, 0usize..40), (0usize..230, 0usize..40), (0usize..5, 0usize..530)]
        .prop_flat_map(|(hazards, notes)| (vec(hazard(), hazards), vec(text(0..=300), notes)))
        .prop_map(|(hazards, notes)| edits(hazards, notes))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_lacks_nothing_can_be_sealed_and_what_is_sealed_can_be_ordered(edits in visit()) {
        let mut draft = Draft::new(INSPECTION).expect("a draft");
        draft.commit(edit_session(WANG, 7), &edits).expect("a change");
        let lacks = draft.lacks();
        let room = lacks.iter().any(|it| matches!(it.refusal.code, Code::TooLarge | Code::TooMany));
        prop_assert_eq!(room, draft.room().filled() > 100);
        if let Some(first) = lacks.first() {
            prop_assert_eq!(record(&draft).expect_err("something is lacking"), first.refusal.clone());
            return Ok(());
        }
        let record = record(&draft).expect("nothing is lacking");
        let mut world = World::default();
        let now = world.now;
        let phone = world.phone(Who::Lead);
        let notice = ordered(&record);
        prop_assert!(phone.sign(Statement::Sealed(record), now).is_ok(), "the record is a fact");
        prop_assert!(phone.sign(notice, now).is_ok(), "its notice is one");
    }
}

#[test]
fn a_record_that_is_full_names_the_hazard_to_shorten_and_can_be_sealed_after_that() {
    let long = |chars: usize| HazardDraft {
        item: None,
        description: "患".repeat(chars),
        place: String::new(),
        basis: Clause { document: "AQF".into(), clause: "第四十一条".into() },
        grade: Grade::General,
        criterion: None,
        measure: MeasureDraft::Rectify(Term::natural(15)),
        found_by: WANG,
    };
    let mut hazards = vec![(long(limits::TEXT_CHARS - 1), 0); 31];
    hazards[7].0 = long(limits::TEXT_CHARS);
    let edits = edits(hazards, Vec::new());
    let mut draft = Draft::new(InspectionId::from_bytes([9; 16])).expect("a draft");
    draft.commit(edit_session(WANG, 7), &edits).expect("changes");
    let lacks = draft.lacks();
    let [lack] = lacks.as_slice() else { panic!("{lacks:?}") };
    assert_eq!(lack.refusal, Refusal::new(Code::TooLarge).field("description"));
    let longest = edits.iter().find_map(|it| match it {
        Edit::AddHazard { hazard, draft } if draft.description.len() == 3 * limits::TEXT_CHARS => {
            Some(*hazard)
        }
        _ => None,
    });
    let longest = longest.expect("one is longer");
    assert_eq!(lack.subject, sync_core::domain::parallel::ParallelSubject::Hazard(longest));
    let taken_back = Edit::Withdraw { hazard: longest, reason: "并入上一处".into() };
    draft.commit(edit_session(WANG, 7), &[taken_back]).expect("a change");
    assert_eq!(draft.lacks(), []);
    assert!(record(&draft).is_ok());
}

#[test]
fn a_position_that_is_not_on_earth_is_refused_with_its_field_and_the_poles_are_on_it() {
    let mut world = World::default();
    let now = world.now;
    let phone = world.phone(Who::Lead);
    let mut stated = |lat_e7: i32, lon_e7: i32| {
        let position = Position { lat_e7, lon_e7 };
        let fix = Some(Fix { position, accuracy_dm: 120, source: FixSource::Network, mock: false });
        let mut photo = capture("found", Purpose::Found);
        photo.photo.fix = fix;
        let arrival = Arrival { inspection: INSPECTION, certificate_shown: true, plate: None, fix };
        [Statement::Captured(photo), Statement::Arrived(arrival)]
            .map(|statement| phone.sign(statement, now).map(drop))
    };
    for (lat, lon) in [(900_000_000, 1_800_000_000), (-900_000_000, -1_800_000_000)] {
        assert_eq!(stated(lat, lon), [Ok(()), Ok(())]);
    }
    for (lat, lon, field) in [
        (2_000_000_000, 0, "lat_e7"),
        (-900_000_001, 0, "lat_e7"),
        (0, 1_800_000_001, "lon_e7"),
        (0, i32::MIN, "lon_e7"),
    ] {
        let refused = Refusal::new(Code::FieldMalformed).field(field);
        assert_eq!(stated(lat, lon), [Err(refused.clone()), Err(refused)]);
    }
}
