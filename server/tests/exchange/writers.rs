//! Nobody writes in a draft in another one's name, and nobody whose name was used loses by it.

use server::usecase::decide_quarantine;
use sync_core::domain::account::Role;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::Verdict;
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, EditSession, HazardDraft, MeasureDraft};
use sync_core::id::HazardId;
use sync_core::refusal::Code;
use sync_core::wire::api_office::QuarantineQuery;
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{Hand, MORNING, Zone, arrival, inspection, plan, seal};
use super::{Cast, accepted, change, code, session};

struct Scene {
    cast: Cast,
    zone: Zone,
    draft: Draft,
}

impl Scene {
    /// A visit of two officers who have both arrived; the first one has written.
    async fn new(more: &[&Hand], devices: &[&Hand]) -> Self {
        let mut cast = Cast::new();
        let zone = Zone::new(&[&cast.all(), more, devices].concat()).await;
        let team: Vec<&Hand> = [&[&cast.one, &cast.two], more].concat();
        let planned = cast.supervisor.state(plan(1, &team), MORNING);
        accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
        for hand in [&mut cast.one, &mut cast.two] {
            let arrived = hand.state(arrival(1), MORNING);
            accepted(&zone.push(hand, &[arrived], MORNING).await);
        }
        let mut scene = Self { cast, zone, draft: Draft::new(inspection(1)).unwrap() };
        let honest = change(&mut scene.draft, 1, &scene.cast.one, "A-1");
        accepted(&bring(&scene.zone, &scene.cast.one, &honest).await);
        scene
    }
}

/// A device brings changes under its own signature.
async fn bring(zone: &Zone, hand: &Hand, changes: &[Vec<u8>]) -> Vec<Outcome> {
    let request = hand.request(&[], vec![hand.sign_draft(inspection(1), changes)]);
    let response = zone.send(hand, &request, MORNING).await;
    response.verdicts.into_iter().map(|verdict| verdict.outcome).collect()
}

#[tokio::test]
async fn a_change_under_a_colleagues_actor_is_refused_and_his_own_next_one_gets_in() {
    let mut scene = Scene::new(&[], &[]).await;
    // The colleague knows the draft and goes on under the actor of the first officer.
    let mut forged = scene.draft.clone();
    let in_his_name = change(&mut forged, 1, &scene.cast.one, "B-1");
    let outcome = bring(&scene.zone, &scene.cast.two, &in_his_name).await;
    assert!(matches!(&outcome[0], Outcome::Refused(it) if it.code == Code::AuthorMismatch));
    // The same number, written by himself meanwhile without signal.
    let honest = [
        change(&mut scene.draft, 1, &scene.cast.one, "A-2"),
        change(&mut scene.draft, 1, &scene.cast.one, "A-3"),
    ]
    .concat();
    accepted(&bring(&scene.zone, &scene.cast.one, &honest).await);
    // What the colleague writes as himself over all of it gets in, too.
    accepted(
        &bring(&scene.zone, &scene.cast.two, &change(&mut scene.draft, 2, &scene.cast.two, "B-2"))
            .await,
    );
    let read = scene.zone.pull(&mut scene.cast.colleague, MORNING).await;
    assert_eq!(read.iter().filter(|it| matches!(it, Item::Change { .. })).count(), 4);
}

#[tokio::test]
async fn a_fresh_actor_that_says_to_be_somebody_else_is_refused() {
    let expert = Hand::new(7, Role::Expert);
    let mut again = Hand::new(8, Role::Inspector);
    again.person = Hand::new(2, Role::Inspector).person;
    let mut scene = Scene::new(&[&expert], &[&again]).await;
    let two = &scene.cast.two;
    let officer = scene.cast.one.person.id;
    let answer = Edit::Answer {
        item: "A-2".parse().unwrap(),
        verdict: Verdict::Fail,
        note: "代为填写".to_owned(),
    };
    for (name, by, from) in [
        (
            "the officer, on his device",
            EditSession::new(officer, scene.cast.one.device, [8; 16]),
            two,
        ),
        (
            "the officer, on the colleague's device",
            EditSession::new(officer, two.device, [8; 16]),
            two,
        ),
        (
            "himself, on the officer's device",
            EditSession::new(two.person.id, scene.cast.one.device, [8; 16]),
            two,
        ),
        ("the officer, by an expert", session(&scene.cast.one, 9), &expert),
    ] {
        let changes = scene.draft.clone().commit(by, std::slice::from_ref(&answer)).unwrap();
        let outcome = bring(&scene.zone, from, &changes).await;
        assert_eq!(code(&outcome[0]), Code::AuthorMismatch, "{name}");
    }
    // A device that was set up anew is another one, and goes on as such.
    let old = change(&mut scene.draft.clone(), 1, &scene.cast.one, "A-4");
    let outcome = bring(&scene.zone, &again, &old).await;
    assert_eq!(code(&outcome[0]), Code::AuthorMismatch);
    accepted(&bring(&scene.zone, &again, &change(&mut scene.draft, 4, &again, "A-4")).await);
    accepted(&bring(&scene.zone, &expert, &change(&mut scene.draft, 3, &expert, "A-5")).await);
}

#[tokio::test]
async fn a_seal_brings_no_change_in_a_colleagues_name_and_what_he_wrote_is_seen() {
    let mut scene = Scene::new(&[], &[]).await;
    let (two, visit) = (&mut scene.cast.two, inspection(1));
    let own = change(&mut scene.draft.clone(), 2, two, "B-2");
    let in_his_name = change(&mut scene.draft.clone(), 1, &scene.cast.one, "B-1");
    // A fresh actor that nobody has heard of, whose first words are kept back.
    let mut fresh = scene.draft.clone();
    change(&mut fresh, 6, &scene.cast.one, "B-3");
    let unsaid = change(&mut fresh, 6, &scene.cast.one, "B-4");
    let sealed = two.state(seal(1, 1, two.person.id, MORNING), MORNING);
    let drafts = [&own, &in_his_name, &unsaid].map(|it| two.sign_draft(visit, it)).to_vec();
    let response = scene.zone.send(two, &two.request(&[sealed], drafts), MORNING).await;
    let outcomes: Vec<Outcome> = response.verdicts.into_iter().map(|it| it.outcome).collect();
    accepted(&outcomes[..2]);
    assert!(matches!(&outcomes[2], Outcome::Refused(it) if it.code == Code::AuthorMismatch));
    assert_eq!(code(&outcomes[3]), Code::ChangeWaiting);

    // He did not know of the seal. What he wrote meanwhile waits, and the supervisor reads it.
    let hazard = HazardId::from_entropy([0x61; 16]);
    let found = HazardDraft {
        item: None,
        description: "疏散通道被占用".into(),
        place: "二号仓库".into(),
        basis: Clause { document: "AQF".into(), clause: "第三十六条".into() },
        grade: Grade::General,
        criterion: None,
        measure: MeasureDraft::Rectify(Term::natural(15)),
        found_by: scene.cast.one.person.id,
    };
    let edit = Edit::AddHazard { hazard, draft: found };
    let mine = session(&scene.cast.one, 1);
    let honest = scene.draft.clone().commit(mine, std::slice::from_ref(&edit)).unwrap();
    let outcome = bring(&scene.zone, &scene.cast.one, &honest).await;
    assert_eq!(code(&outcome[0]), Code::AlreadySealed);
    let query = QuarantineQuery::default();
    let by = &scene.cast.supervisor.person;
    let page = decide_quarantine::list(&scene.zone.shared, by, &query).await.unwrap();
    let visits = page.rows.iter().filter_map(|row| row.visit.as_ref());
    let read: Vec<HazardId> = visits.flat_map(|it| &it.hazards).map(|it| it.hazard).collect();
    assert_eq!(read, [hazard]);

    // Whatever order they come in, and wherever they are kept.
    let (one, two) = (&scene.cast.one, &scene.cast.two);
    let of = |hand: &Hand| Some(hand.person.id);
    let begun = scene.draft.changes().iter().map(|it| (it.as_slice(), of(one)));
    let more = [(in_his_name[0].as_slice(), of(two)), (honest[0].as_slice(), of(one))];
    let gathered = Draft::gather(visit, begun.chain(more)).unwrap();
    assert!(gathered.view().hazards.contains_key(&hazard));
}
