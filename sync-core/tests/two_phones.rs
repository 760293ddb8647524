//! Two officers, one record, no signal: in whatever order they arrive, record, finish, seal, sign and meet the server, what
//! one of them recorded is in the record, in a supplement, or the record says why it is sealed without.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to stop"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sync_core::Code;
use sync_core::act::outside::{Outside, Why, outside};
use sync_core::act::visit::{Cosign, PartFinished, Supplement, may_write_draft};
use sync_core::act::{Admitted, Capture, Fact, Statement};
use sync_core::case::Case;
use sync_core::case::act::Context;
use sync_core::case::fold::fold;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::Grade;
use sync_core::domain::inspection::Part;
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, Extract, HazardDraft, MeasureDraft};
use sync_core::id::{HazardId, PersonId};
use sync_core::rules::due::{Owed, due};
use sync_core::rules::gates;
use sync_core::testing::builders::edit_session;
use sync_core::testing::builders::{
    INSPECTION, arrival, calendars, clause, hazard_id, morning, photo, plan,
};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::world::{Phone, World};

const DEPTH: usize = 8;
const STEPS: [Step; 6] =
    [Step::Arrive, Step::Record, Step::Finish, Step::Seal, Step::Sign, Step::Signal];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Arrive,
    Record,
    Finish,
    Seal,
    Sign,
    Signal,
}

/// One officer's phone.
#[derive(Clone)]
struct Officer {
    who: Who,
    signer: Phone,
    draft: Draft,
    /// Changes that the server has not seen.
    changes: Vec<Vec<u8>>,
    known: Vec<Admitted>,
    unsent: Vec<Fact>,
    recorded: Vec<HazardId>,
}

impl Officer {
    fn new(who: Who) -> Self {
        Self {
            who,
            signer: Phone::new(who.id(), 1),
            draft: Draft::new(INSPECTION).expect("a draft"),
            changes: Vec::new(),
            known: Vec::new(),
            unsent: Vec::new(),
            recorded: Vec::new(),
        }
    }

    fn case(&self) -> Case {
        let own = self.unsent.iter().map(|fact| Admitted { fact: fact.clone(), receipt: None });
        let all: Vec<Admitted> = self.known.iter().cloned().chain(own).collect();
        fold(&all)
    }

    /// States something if the gate lets it through here.
    fn state(&mut self, statement: Statement) -> Result<(), Code> {
        let person = self.who.person();
        let zone = zone();
        let now = morning("2026-11-02");
        let context = Context::new(&person, now, (&zone).into());
        gates::check(&statement, &self.case(), &context).map_err(|refusal| refusal.code)?;
        self.unsent.push(self.signer.sign(statement, now).map_err(|refusal| refusal.code)?);
        Ok(())
    }

    fn record(&mut self) -> Result<(), Code> {
        let person = self.who.person();
        may_write_draft(&person, &self.case()).map_err(|refusal| refusal.code)?;
        let n = u8::try_from(self.recorded.len()).expect("few");
        let hazard = hazard_id(n + if self.who == Who::Lead { 1 } else { 5 });
        let draft = HazardDraft {
            item: None,
            description: "疏散通道被占用".to_owned(),
            place: "二号仓库".to_owned(),
            basis: clause(),
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: person.id,
        };
        let session = edit_session(person.id, 1);
        let edit = Edit::AddHazard { hazard, draft };
        let changes = self.draft.commit(session, &[edit]).expect("a change");
        self.changes.extend(changes);
        self.recorded.push(hazard);
        // An officer who has not arrived writes without photos.
        let name = format!("{}{n}", self.who.name());
        let photo = photo(&name, Purpose::Found, Some(hazard));
        let stream = sync_core::ledger::stream::StreamId::inspection(INSPECTION);
        let _ = self.state(Statement::Captured(Capture { stream, photo }));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Code> {
        let heads = self.draft.heads_of(self.who.id());
        if self.case().last_part(self.who.id()).is_some_and(|last| last.body.heads == heads) {
            return Err(Code::AlreadyExists);
        }
        self.state(Statement::PartFinished(PartFinished { inspection: INSPECTION, heads }))
    }

    fn seal(&mut self) -> Result<(), Code> {
        let at = morning("2026-11-02");
        let case = self.case();
        let draft = self.draft.clone().with_captures(photos(&case));
        let mut record = draft.record(at, at, "1".to_owned()).map_err(|refusal| refusal.code)?;
        let team = plan().team.into_iter().filter(|officer| *officer != self.who.id());
        let part = |officer: PersonId| {
            let held = case.last_part(officer).filter(|it| draft.holds(&it.body.heads));
            held.map_or_else(
                || Part::without(officer, "没有收到其部分"),
                |part| Part::taken_in(officer, part.fact),
            )
        };
        record.parts = team.map(part).collect();
        record.parts.sort_by_key(|part| part.officer);
        self.state(Statement::Sealed(record))
    }

    /// Signs whatever of the other one's is not signed.
    fn sign(&mut self) -> Result<(), Code> {
        let case = self.case();
        let sealed = case.seal().map(|it| it.fact);
        let mut signed = Err(Code::NotSealed);
        for seal in sealed.into_iter().chain(case.supplements().map(|it| it.fact)) {
            let cosign = Statement::Cosigned(Cosign { inspection: INSPECTION, seal });
            signed = self.state(cosign).or(signed);
        }
        signed
    }

    /// Adds what the record does not hold, as the phone does.
    fn supplement(&mut self) -> Result<(), Code> {
        let case = self.case();
        let seal = case.seal().ok_or(Code::NotSealed)?.fact;
        let held = case.hazards();
        let own = self.recorded.iter().filter(|hazard| !held.contains(hazard)).copied();
        let own: BTreeSet<HazardId> = own.collect();
        let draft = self.draft.clone().with_captures(photos(&case));
        let out = draft.extract(&own, &BTreeSet::new()).map_err(|refusal| refusal.code)?;
        let Extract { answers, hazards, manifest, draft } = out;
        if hazards.is_empty() {
            return Err(Code::FieldMissing);
        }
        self.state(Statement::Supplemented(Supplement {
            inspection: INSPECTION,
            seal,
            answers,
            hazards,
            manifest,
            catalogue: "1".to_owned(),
            draft,
        }))
    }
}

fn photos(case: &Case) -> Vec<&sync_core::domain::evidence::Photo> {
    case.every::<Capture>().map(|it| &it.body.photo).collect()
}

/// Both phones and the server.
#[derive(Clone)]
struct Model {
    server: World,
    accepted: Vec<Vec<u8>>,
    officers: [Officer; 2],
    steps: Vec<(Who, Step)>,
}

impl Model {
    fn new() -> Self {
        let mut server = World::new(morning("2026-11-02"));
        server.state(Who::Supervisor, Statement::Planned(plan())).expect("a plan");
        let mut officers = [Who::Lead, Who::Second].map(Officer::new);
        for officer in &mut officers {
            officer.known.clone_from(&server.facts);
        }
        Self { server, accepted: Vec::new(), officers, steps: Vec::new() }
    }

    fn step(&mut self, at: usize, step: Step) -> Result<(), Code> {
        let officer = &mut self.officers[at];
        self.steps.push((officer.who, step));
        match step {
            Step::Arrive => officer.state(Statement::Arrived(arrival())),
            Step::Record => officer.record(),
            Step::Finish => officer.finish(),
            Step::Seal => officer.seal(),
            Step::Sign => officer.sign(),
            Step::Signal => {
                self.meet(at);
                Ok(())
            }
        }
    }

    /// One exchange: facts first, changes before the seal that they come with; then everything that is new.
    fn meet(&mut self, at: usize) {
        let Self { server, accepted, officers, .. } = self;
        let officer = &mut officers[at];
        for fact in std::mem::take(&mut officer.unsent) {
            let lets = server.check(officer.who, &fact.statement).is_ok();
            if lets && matches!(fact.statement, Statement::Sealed(_)) {
                accepted.append(&mut officer.changes);
            }
            if lets {
                server.take_over(fact);
            }
        }
        if may_write_draft(&officer.who.person(), &server.case).is_ok() {
            accepted.append(&mut officer.changes);
        }
        // What came after the seal is held: the phone keeps it, nobody else is sent it.
        officer.changes.clear();
        officer.known.clone_from(&server.facts);
        if server.case.seal().is_none() {
            for change in accepted.iter() {
                officer.draft.admit(change).expect("a colleague's change");
            }
        }
    }

    /// What tells one state from another.
    fn key(&self) -> String {
        let mut key = format!("{}|{}", self.server.facts.len(), self.accepted.len());
        let label = |fact: &Fact| format!("{}{};", fact.body.author, fact.body.kind);
        for it in &self.server.facts {
            key.push_str(&label(&it.fact));
        }
        for officer in &self.officers {
            let (known, changes) = (officer.known.len(), officer.changes.len());
            let held = officer.draft.changes().len();
            key = format!("{key}|{:?}", [known, changes, held, officer.recorded.len()]);
            officer.unsent.iter().for_each(|fact| key.push_str(&label(fact)));
        }
        key
    }

    /// Both are back and do what is left to be done.
    fn end(&mut self) {
        for at in [0, 1, 0, 1] {
            self.meet(at);
        }
        for at in [0, 1] {
            let _ = self.officers[at].supplement();
        }
        for at in [0, 1, 0, 1] {
            self.meet(at);
            let _ = self.officers[at].sign();
            self.meet(at);
        }
    }
}

/// The hazards that a record or a supplement holds.
fn held(case: &Case) -> BTreeSet<HazardId> {
    case.hazards()
}

/// What is wrong with a state, before and after everyone is back.
fn wrong(model: &Model) -> Option<String> {
    let case = &model.server.case;
    if let Some(seal) = case.seal() {
        for officer in &model.officers {
            let named = seal.body.part_of(officer.who.id()).is_some_and(|it| it.part.is_none());
            let shown = outside(case).iter().any(|it| it.officer == officer.who.id());
            let lost = officer.recorded.iter().filter(|it| !held(case).contains(it)).count();
            let unsent = !officer.unsent.is_empty() || !officer.changes.is_empty();
            // A part that was taken in and written on afterwards shows once the phone has met the server.
            let behind = seal.body.part_of(officer.who.id()).is_some_and(|it| it.part.is_some());
            if lost > 0 && !named && !shown && !unsent && !behind {
                return Some(format!("{lost} of {:?} are gone without a word", officer.who));
            }
        }
    }
    let mut after = model.clone();
    after.end();
    let case = &after.server.case;
    let seal = case.seal()?;
    for officer in &after.officers {
        let named = seal.body.part_of(officer.who.id()).is_some_and(|it| it.part.is_none());
        let arrived = case.has_arrived(officer.who.id());
        let lost: Vec<_> = officer.recorded.iter().filter(|it| !held(case).contains(it)).collect();
        // Whoever never arrived can add nothing; then the record says why it is sealed without.
        if !lost.is_empty() && (arrived || !named) {
            return Some(format!("{lost:?} of {:?} never come back", officer.who));
        }
        let photographed =
            |it: &&Outside| it.officer == officer.who.id() && matches!(it.why, Why::Photos(_));
        if arrived && outside(case).iter().any(|it| photographed(&it)) {
            return Some(format!("photos of {:?} show what nothing holds", officer.who));
        }
    }
    let both = after.officers.iter().all(|officer| case.has_arrived(officer.who.id()));
    let supplements = case.supplements().filter(|it| !it.body.hazards.is_empty()).count();
    let owed = due(case, &calendars(), after.server.now).owed;
    let notices = owed.iter().filter(|it| matches!(it, Owed::Notice(_))).count();
    (both && notices < supplements).then(|| "a supplement without a notice".to_owned())
}

#[test]
fn what_an_officer_recorded_is_in_the_record_or_in_a_supplement_or_somebody_says_why_not() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut open = VecDeque::from([Model::new()]);
    let (mut sealed, mut supplemented) = (0, 0);
    while let Some(model) = open.pop_front() {
        if let Some(wrong) = wrong(&model) {
            panic!("{wrong}\nafter {:?}", model.steps);
        }
        sealed += usize::from(model.server.case.seal().is_some());
        if model.steps.len() == DEPTH {
            let mut after = model.clone();
            after.end();
            supplemented += usize::from(after.server.case.supplements().next().is_some());
            continue;
        }
        for at in 0..2 {
            for step in STEPS {
                let few = model.officers[at].recorded.len() < 2;
                if step == Step::Record && !few {
                    continue;
                }
                let mut next = model.clone();
                if next.step(at, step).is_ok() && seen.insert(next.key(), 1).is_none() {
                    open.push_back(next);
                }
            }
        }
    }
    println!("{} states, {sealed} sealed, {supplemented} supplemented", seen.len());
    assert!(sealed > 100 && supplemented > 100, "the walk comes to what it is about");
}
