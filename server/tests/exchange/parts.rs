//! Two officers, one record: what comes after a seal is one matter, and comes back into the case.

use std::collections::BTreeSet;

use server::store::set_aside;
use server::usecase::decide_quarantine;
use sync_core::act::visit::{PartFinished, Supplement};
use sync_core::act::{Capture, Fact, Statement};
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{Part, Record};
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, Extract, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{Digest, FactId, HazardId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::api_office::{
    QuarantineDecision, QuarantineItem, QuarantineQuery, QuarantineState,
};
use sync_core::wire::exchange::{Item, Outcome};

use super::world::hazard as found;
use super::world::{Hand, MORNING, NOWHERE, Zone, arrival, cosign, inspection, party, plan, seal};
use super::{Cast, accepted, code, notices, session};
use crate::database::tamper;

fn hazard(n: u8) -> HazardId {
    HazardId::from_entropy([0x60 + n; 16])
}

fn edit(n: u8, by: &Hand) -> Edit {
    let draft = HazardDraft {
        item: None,
        description: format!("疏散通道被占用{n}"),
        place: "二号仓库".into(),
        basis: Clause { document: "AQF".into(), clause: "第三十六条".into() },
        grade: Grade::General,
        criterion: None,
        measure: MeasureDraft::Rectify(Term::natural(15)),
        found_by: by.person.id,
    };
    Edit::AddHazard { hazard: hazard(n), draft }
}

fn photo(n: u8) -> Photo {
    Photo {
        blob: Digest::of(&[n]),
        bytes: 1,
        width: 900,
        height: 700,
        purpose: Purpose::Found,
        hazard: Some(hazard(n)),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    }
}

/// The lead is at the visit without signal while the second officer seals.
struct Scene {
    cast: Cast,
    zone: Zone,
    draft: Draft,
    changes: Vec<Vec<u8>>,
    seal: FactId,
}

impl Scene {
    /// The second officer's record has so many hazards and is signed by both and the enterprise's person.
    async fn new(hazards: u32) -> Self {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
        accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
        let arrived = cast.one.state(arrival(1), MORNING);
        accepted(&zone.push(&mut cast.one, &[arrived], MORNING).await);
        let arrived = cast.two.state(arrival(1), MORNING);
        let sealed = cast.two.state(seal(1, hazards, cast.two.person.id, MORNING), MORNING);
        let signed = cast.two.state(party(1, sealed.id), MORNING);
        let facts = [arrived, sealed.clone(), signed];
        accepted(&zone.push(&mut cast.two, &facts, MORNING).await);
        let mut draft = Draft::new(inspection(1)).unwrap();
        let mut changes = Vec::new();
        for n in 1..=2 {
            let edits = [edit(n, &cast.one)];
            changes.extend(draft.commit(session(&cast.one, 9), &edits).unwrap());
        }
        Self { cast, zone, draft, changes, seal: sealed.id }
    }

    /// The lead's phone meets the server with some of its changes.
    async fn bring(&mut self, facts: &[Fact], changes: &[Vec<u8>]) -> Vec<Outcome> {
        let push = self.cast.one.sign_draft(inspection(1), changes);
        let request = self.cast.one.request(facts, vec![push]);
        let response = self.zone.send(&self.cast.one, &request, MORNING).await;
        response.verdicts.into_iter().map(|verdict| verdict.outcome).collect()
    }

    fn capture(&mut self, n: u8) -> Fact {
        let stream = StreamId::inspection(inspection(1));
        self.cast.one.state(Statement::Captured(Capture { stream, photo: photo(n) }), MORNING)
    }

    fn supplement(&mut self, hazards: &[u8]) -> Fact {
        let photos = [photo(1), photo(2)];
        let draft = self.draft.clone().with_captures(&photos);
        let wanted: BTreeSet<HazardId> = hazards.iter().map(|n| hazard(*n)).collect();
        let Extract { answers, hazards, manifest, draft } =
            draft.extract(&wanted, &BTreeSet::new()).unwrap();
        let statement = Statement::Supplemented(Supplement {
            inspection: inspection(1),
            seal: self.seal,
            answers,
            hazards,
            manifest,
            catalogue: "2026-11-23".into(),
            draft,
        });
        self.cast.one.state(statement, MORNING)
    }

    async fn list(&self, judged: bool) -> Vec<QuarantineItem> {
        let query = QuarantineQuery { judged: Some(judged), ..QuarantineQuery::default() };
        let supervisor = &self.cast.supervisor.person;
        decide_quarantine::list(&self.zone.shared, supervisor, &query).await.unwrap().rows
    }

    async fn decide(&self, item: Digest, accept: bool) -> Result<QuarantineItem, Code> {
        let decision = QuarantineDecision { accept, reason: "核实属实".into() };
        let supervisor = &self.cast.supervisor.person;
        decide_quarantine::decide(
            &self.zone.shared,
            (supervisor, NOWHERE),
            item,
            &decision,
            MORNING,
        )
        .await
        .map_err(|refusal| refusal.code)
    }
}

#[tokio::test]
async fn hazards_of_a_lead_without_signal_come_back_as_a_supplement_with_a_notice_of_its_own() {
    let mut scene = Scene::new(1).await;
    let facts = [scene.capture(1), scene.capture(2)];
    let changes = scene.changes.clone();
    let outcomes = scene.bring(&facts, &changes).await;
    accepted(&outcomes[..2]);
    assert!(outcomes[2..].iter().all(|it| code(it) == Code::AlreadySealed));

    // One matter, in words, with its pictures.
    let listed = scene.list(false).await;
    assert_eq!(listed.len(), 1);
    let visit = listed[0].visit.as_ref().unwrap();
    assert_eq!(visit.enterprise_name.as_deref(), Some("山东测试机械有限公司"));
    assert_eq!(visit.items, 2);
    let told: Vec<_> = visit.hazards.iter().map(|it| it.description.as_str()).collect();
    assert_eq!(told, ["疏散通道被占用1", "疏散通道被占用2"]);
    assert_eq!(visit.hazards[0].photos, [photo(1).blob]);

    // A supplement of one of the two settles nothing; of both, the matter.
    let first = scene.supplement(&[1]);
    accepted(&scene.zone.push(&mut scene.cast.one, std::slice::from_ref(&first), MORNING).await);
    scene.zone.clerk(MORNING).await;
    assert_eq!(scene.list(false).await[0].visit.as_ref().unwrap().hazards.len(), 1);
    let again = scene.supplement(&[1, 2]);
    let outcome = scene.zone.push(&mut scene.cast.one, &[again], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::AlreadyExists);
    let second = scene.supplement(&[2]);
    accepted(&scene.zone.push(&mut scene.cast.one, std::slice::from_ref(&second), MORNING).await);
    scene.zone.clerk(MORNING).await;
    assert_eq!(scene.list(false).await.len(), 0);
    let settled = scene.list(true).await;
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0].state, QuarantineState::Supplemented);
    let heard = scene.zone.pull(&mut scene.cast.one, MORNING).await;
    let taken = heard.iter().filter(|it| matches!(it, Item::Judged { accepted: true, .. }));
    assert_eq!(taken.count(), 2);
    // What the phone sends once more is where it belongs.
    accepted(&scene.bring(&[], &changes).await);

    // Notices go out for what another officer has signed, each for itself.
    assert_eq!(notices(&scene.zone.pull(&mut scene.cast.enterprise, MORNING).await).len(), 0);
    let own = scene.cast.one.state(cosign_of(first.id), MORNING);
    let outcome = scene.zone.push(&mut scene.cast.one, &[own], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::SamePerson);
    let record = scene.cast.one.state(cosign(1, scene.seal), MORNING);
    accepted(&scene.zone.push(&mut scene.cast.one, &[record], MORNING).await);
    for supplement in [first.id, second.id] {
        let signed = scene.cast.two.state(cosign_of(supplement), MORNING);
        accepted(&scene.zone.push(&mut scene.cast.two, &[signed], MORNING).await);
    }
    scene.zone.clerk(MORNING).await;
    let issued = notices(&scene.zone.pull(&mut scene.cast.enterprise, MORNING).await);
    assert_eq!(issued.len(), 3, "one for the record, one for each supplement");
}

fn cosign_of(fact: FactId) -> Statement {
    cosign(1, fact)
}

#[tokio::test]
async fn a_supervisor_takes_a_visit_over_in_one_act_whatever_the_order_in_which_it_came() {
    for accept in [true, false] {
        let mut scene = Scene::new(0).await;
        let field = HazardField::Place("三号仓库".into());
        let more = [Edit::SetHazard { hazard: hazard(2), field }];
        let last = scene.draft.commit(session(&scene.cast.one, 9), &more).unwrap();
        let changes = [scene.changes.clone(), last].concat();
        for change in changes.iter().rev() {
            let outcome = scene.bring(&[], std::slice::from_ref(change)).await;
            assert_eq!(code(&outcome[0]), Code::AlreadySealed);
        }
        let listed = scene.list(false).await;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].visit.as_ref().unwrap().hazards[1].place, "三号仓库");
        let decided = scene.decide(listed[0].item, accept).await.unwrap();
        let state = if accept { QuarantineState::Accepted } else { QuarantineState::Rejected };
        assert_eq!(decided.state, state);
        assert_eq!(scene.list(false).await.len(), 0);
        let again = scene.decide(listed[0].item, accept).await;
        assert_eq!(again.unwrap_err(), Code::AlreadyDecided);
        let heard = scene.zone.pull(&mut scene.cast.one, MORNING).await;
        let judged = heard
            .iter()
            .filter(|it| matches!(it, Item::Judged { accepted, .. } if *accepted == accept));
        assert_eq!(judged.count(), 3);
        // Whoever recorded it can supplement it all the same.
        let added = scene.supplement(&[1, 2]);
        let Statement::Supplemented(it) = &added.statement else { unreachable!() };
        assert!(it.hazards.iter().all(|hazard| hazard.photos.len() == 1));
        let photos = [scene.capture(1), scene.capture(2)];
        let added = scene.supplement(&[1, 2]);
        let [one, two] = photos;
        accepted(&scene.zone.push(&mut scene.cast.one, &[one, two, added], MORNING).await);
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_keeps_no_other_one_of_a_visit_from_being_settled() {
    let mut scene = Scene::new(1).await;
    let facts = [scene.capture(1), scene.capture(2)];
    accepted(&scene.bring(&facts, &scene.changes.clone()).await[..2]);
    let torn = Digest::of(&scene.changes[1]).as_bytes().to_vec();
    let text = "UPDATE quarantine SET author = item WHERE item = $1";
    assert_eq!(tamper(&scene.zone.shared.pool, text, &[torn]).await, 1);
    let listed = scene.list(false).await;
    assert_eq!(listed.len(), 1);
    let told = &listed[0].visit.as_ref().unwrap().hazards;
    assert_eq!(told.iter().map(|it| it.hazard).collect::<Vec<_>>(), [hazard(1)]);
    let added = scene.supplement(&[1, 2]);
    accepted(&scene.zone.push(&mut scene.cast.one, &[added], MORNING).await);
    scene.zone.clerk(MORNING).await;
    assert_eq!(scene.list(false).await.len(), 0);
    assert_eq!(scene.list(true).await[0].state, QuarantineState::Supplemented);
    let mut db = scene.zone.shared.pool.acquire().await.unwrap();
    assert!(set_aside::list(&mut db, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_signs_who_was_not_there_and_every_part_has_its_word() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let arrived = cast.one.state(arrival(1), MORNING);
    let Statement::Sealed(mut record) = seal(1, 0, cast.one.person.id, MORNING) else { return };
    let parts = std::mem::take(&mut record.parts);
    let silent = cast.one.state(Statement::Sealed(record.clone()), MORNING);
    let outcomes = zone.push(&mut cast.one, &[arrived, silent], MORNING).await;
    assert_eq!(code(&outcomes[1]), Code::PartMissing);
    // A part that is another one's is no part.
    let own = PartFinished { inspection: inspection(1), heads: Vec::new() };
    let own = cast.one.state(Statement::PartFinished(own), MORNING);
    record.parts = vec![Part::taken_in(cast.two.person.id, own.id)];
    let wrong = cast.one.state(Statement::Sealed(record.clone()), MORNING);
    let outcomes = zone.push(&mut cast.one, &[own, wrong], MORNING).await;
    assert_eq!(code(&outcomes[1]), Code::PartMissing);
    record.parts = parts;
    // A law as a whole is no ground for an order.
    let mut cited = found(1, 0, cast.one.person.id);
    cited.basis.clause.clear();
    let whole = Record { hazards: vec![cited], ..record.clone() };
    let whole = cast.one.state(Statement::Sealed(whole), MORNING);
    let outcomes = zone.push(&mut cast.one, &[whole], MORNING).await;
    assert_eq!(code(&outcomes[0]), Code::ClauseNeeded);
    let sealed = cast.one.state(Statement::Sealed(record), MORNING);
    accepted(&zone.push(&mut cast.one, std::slice::from_ref(&sealed), MORNING).await);

    let signed = cast.two.state(cosign(1, sealed.id), MORNING);
    let outcomes = zone.push(&mut cast.two, &[signed], MORNING).await;
    assert_eq!(code(&outcomes[0]), Code::NotArrived);
    let answered = cast.two.state(party(1, sealed.id), MORNING);
    let outcomes = zone.push(&mut cast.two, &[answered], MORNING).await;
    assert_eq!(code(&outcomes[0]), Code::NotArrived);
    let arrived = cast.two.state(arrival(1), MORNING);
    let signed = cast.two.state(cosign(1, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.two, &[arrived, signed], MORNING).await);
}
