//! What was issued stays word for word, and is corrected by another edition alone.

use std::collections::BTreeSet;

use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::paper::{self, PaperCorrected, PaperName};
use sync_core::case::act::Context;
use sync_core::case::fold::fold_until;
use sync_core::case::{About, Case};
use sync_core::document::{self, PaperRow, Sources};
use sync_core::domain::papers::PaperKind;
use sync_core::id::Digest;
use sync_core::ledger::stream::StreamId;
use sync_core::rules::gates;
use sync_core::testing::builders::NOTICE;
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::papers::{full_case, further_case, listed_case};
use sync_core::testing::stages::{Stage, world_at};
use sync_core::testing::world::World;

use super::reference;

fn rows(world: &World, sources: &Sources<'_>, kind: PaperKind) -> Vec<PaperRow> {
    let all = document::papers(&world.case, sources).into_iter();
    all.filter(|row| row.kind == kind).collect()
}

fn drawn(case: &Case, (kind, fact): PaperName, sources: &Sources<'_>) -> Option<Digest> {
    document::paper(case, kind, fact, sources).map(|it| it.digest())
}

#[test]
fn nothing_is_added_to_a_paper_once_it_can_be_issued() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let mut seen = BTreeSet::new();
    let ends = [full_case(), listed_case(), further_case()];
    let worlds = Stage::ALL.iter().map(|it| world_at(*it)).chain(ends);
    for world in worlds.filter(|it| sync_core::act::state::require_known(&it.case).is_ok()) {
        let instants = world.facts.iter().filter_map(|it| Some(it.receipt?.at));
        for at in instants.chain([world.now.plus_millis(1)]) {
            let then = fold_until(&world.facts, at);
            for name in paper::owed(&then, at).into_values().flatten() {
                seen.insert(name.0);
                let now = drawn(&then, name, &sources);
                assert_eq!(now, drawn(&world.case, name, &sources), "{name:?} at {at}");
                assert!(now.is_some(), "{name:?} at {at}");
            }
        }
    }
    // Cover and index are made anew for each file.
    let never = PaperKind::ALL.iter().copied().filter(|it| !seen.contains(it));
    assert_eq!(never.collect::<Vec<_>>(), [PaperKind::FileCover, PaperKind::FileIndex]);
}

#[test]
fn what_is_complete_is_issued_once_and_what_the_enterprise_must_not_read_is_not_named_to_it() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let mut world = full_case();
    world.pass_days(1);
    assert_eq!(world.issue_papers(&sources).len(), 2, "the visit and its notice");
    assert!(world.issue_papers(&sources).is_empty());
    for row in document::papers(&world.case, &sources) {
        assert!(row.issued.is_some() && !row.replaced && row.edition == 1, "{row:?}");
        let stream = paper::stream_of(&world.case, (row.kind, row.fact)).unwrap();
        assert!(stream.as_notice().is_none() || !row.kind.is_internal(), "{row:?}");
    }
}

fn correction(row: &PaperRow, correction: &str) -> Statement {
    Statement::PaperCorrected(PaperCorrected {
        stream: StreamId::notice(NOTICE),
        paper: row.kind,
        fact: row.fact,
        replaces: row.digest,
        correction: correction.to_owned(),
        reason: "抄录错误".to_owned(),
    })
}

fn refused(world: &World, who: Who, statement: &Statement) -> Vec<Code> {
    let (person, zone) = (who.person(), zone());
    let context = Context::new(&person, world.now, (&zone).into());
    gates::unmet(statement, &world.case, &context).codes().collect()
}

#[test]
fn a_correction_gives_a_new_edition_that_names_the_one_it_replaces() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let mut world = world_at(Stage::Served);
    let kind = PaperKind::RectificationNotice;
    let draft = rows(&world, &sources, kind);
    assert_eq!(draft.len(), 1);
    assert_eq!(draft[0].issued, None);
    let early = correction(&draft[0], "地址应为光明西路 12 号");
    assert_eq!(refused(&world, Who::Supervisor, &early), [Code::PaperUnknown], "not issued yet");
    world.issue_papers(&sources);
    assert_eq!(refused(&world, Who::Lead, &early), [Code::RoleNotAllowed]);
    assert_eq!(refused(&world, Who::OtherSupervisor, &early), [Code::OtherDepartment]);

    world.state(Who::Supervisor, early.clone()).unwrap();
    assert_eq!(refused(&world, Who::Supervisor, &early), [Code::AlreadyDecided]);
    let waiting = rows(&world, &sources, kind);
    assert_eq!(waiting.iter().map(|it| it.replaced).collect::<Vec<_>>(), [true, false]);
    assert_eq!(world.issue_papers(&sources).len(), 1);
    let after = rows(&world, &sources, kind);
    assert_eq!(after[0].digest, draft[0].digest, "the paper stays as it was");
    assert!(after.iter().all(|it| it.issued.is_some()));
    assert_eq!(after.iter().map(|it| it.edition).collect::<Vec<_>>(), [1, 2]);
    let text = document::paper(&world.case, kind, after[1].fact, &sources).unwrap();
    assert_eq!(text.digest(), after[1].digest);
    let text = text.texts().join("\n");
    assert!(text.contains(&draft[0].digest.hex()[..16]), "{text}");
    assert!(text.contains("更正内容：地址应为光明西路 12 号"), "{text}");

    // The edition that was replaced is not corrected again, the one that stands is.
    assert_eq!(
        refused(&world, Who::Supervisor, &early),
        [Code::PaperUnknown, Code::AlreadyDecided]
    );
    world.state(Who::Supervisor, correction(&after[1], "门牌应为 14 号")).unwrap();
    world.issue_papers(&sources);
    let last = rows(&world, &sources, kind);
    assert_eq!(last.iter().map(|it| it.replaced).collect::<Vec<_>>(), [true, true, false]);
    assert!(document::is_replaced(&world.case, (kind, last[0].fact), last[0].digest));
}

#[test]
fn a_supervisor_is_offered_to_correct_each_paper_that_was_issued_in_a_stream() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let mut world = world_at(Stage::Served);
    let offered = |world: &World, who: Who| {
        let (person, zone) = (who.person(), zone());
        let context = Context::new(&person, world.now, (&zone).into());
        let about = About::stream(StreamId::notice(NOTICE));
        let offers = gates::offers(&world.case, about, &context).into_iter();
        offers.filter(|it| it.step == "correct_paper").count()
    };
    assert_eq!(offered(&world, Who::Supervisor), 0);
    world.issue_papers(&sources);
    assert_eq!(offered(&world, Who::Supervisor), 2, "the notice and its proof of service");
    assert_eq!(offered(&world, Who::Lead), 0);
}
