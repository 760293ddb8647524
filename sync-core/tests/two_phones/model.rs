//! Both phones and the server, and what passes between them.

use std::collections::BTreeMap;
use std::rc::Rc;

use sync_core::Code;
use sync_core::act::visit::may_write_draft;
use sync_core::act::{Admitted, Fact, Statement};
use sync_core::case::Case;
use sync_core::case::fold::extend;
use sync_core::id::FactId;
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::StreamId;
use sync_core::testing::builders::{arrival, morning, plan};
use sync_core::testing::cast::Who;
use sync_core::testing::world::World;
use sync_core::time::Timestamp;

use crate::draft::Change;
use crate::officer::{Officer, lets};

/// What one of the two does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Arrive,
    Record,
    Finish,
    Seal,
    Sign,
    /// Finds a signal.
    Signal,
    /// Shows the colleague's phone what is here, without a network.
    HandOver,
}

impl Step {
    pub(crate) const ALL: [Self; 7] = [
        Self::Arrive,
        Self::Record,
        Self::Finish,
        Self::Seal,
        Self::Sign,
        Self::Signal,
        Self::HandOver,
    ];
}

/// What the server has taken over.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) now: Timestamp,
    pub(crate) facts: Rc<Vec<Admitted>>,
    pub(crate) case: Rc<Case>,
    places: BTreeMap<StreamId, u64>,
    pub(crate) changes: Rc<Vec<Change>>,
}

impl Server {
    fn has(&self, id: FactId) -> bool {
        self.facts.iter().any(|it| it.fact.id == id)
    }

    fn take_over(&mut self, fact: &Fact) {
        self.now = self.now.plus_millis(60_000);
        let place = self.places.entry(fact.body.stream).or_insert(0);
        *place += 1;
        let receipt = Some(Receipt { fact: fact.id, place: *place, at: self.now });
        extend(Rc::make_mut(&mut self.case), fact, receipt);
        Rc::make_mut(&mut self.facts).push(Admitted { fact: fact.clone(), receipt });
    }
}

/// Both phones and the server.
#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) server: Server,
    pub(crate) officers: [Officer; 2],
    pub(crate) steps: Vec<(Who, Step)>,
}

impl Model {
    pub(crate) fn new() -> Self {
        let mut world = World::new(morning("2026-11-02"));
        world.state(Who::Supervisor, Statement::Planned(plan())).expect("a plan");
        let case = Rc::new(world.case);
        let officers = [Who::Lead, Who::Second].map(|who| Officer::new(who, &world.facts, &case));
        let places = BTreeMap::from([(world.facts[0].fact.body.stream, 1)]);
        let (now, facts) = (world.now, Rc::new(world.facts));
        let server = Server { now, facts, case, places, changes: Rc::default() };
        Self { server, officers, steps: Vec::new() }
    }

    pub(crate) fn step(&mut self, at: usize, step: Step) -> Result<(), Code> {
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
            Step::HandOver => {
                self.hand_over(at);
                Ok(())
            }
        }
    }

    /// One exchange: facts first, changes before the seal that they come with; then everything that is new. What a
    /// colleague handed over is judged as the colleague's.
    pub(crate) fn meet(&mut self, at: usize) {
        let Self { server, officers, .. } = self;
        let officer = &mut officers[at];
        for fact in std::mem::take(&mut officer.unsent) {
            let author = author(&fact);
            if server.has(fact.id) || lets(author, &fact.statement, &server.case).is_err() {
                continue;
            }
            if matches!(fact.statement, Statement::Sealed(_)) {
                bring_changes(officer, server);
            }
            server.take_over(&fact);
        }
        bring_changes(officer, server);
        // What came after the seal is held: the phone keeps it, nobody else is sent it.
        officer.sent = officer.changes.len();
        officer.known = server.facts.len();
        officer.case = Rc::clone(&server.case);
        if server.case.seal().is_none() {
            for change in server.changes.iter() {
                assert!(officer.draft.admit(change), "a colleague's change");
            }
        }
    }

    /// Hands over every statement of the team that is known here, and every draft change that was written or handed over
    /// here. No gate is asked where it comes.
    fn hand_over(&mut self, at: usize) {
        let [first, second] = &mut self.officers;
        let (from, to) = if at == 0 { (first, second) } else { (second, first) };
        let (of_from, of_to) = (&self.server.facts[..from.known], &self.server.facts[..to.known]);
        let by_team = of_from.iter().map(|it| &it.fact).filter(|it| is_of_team(it)).cloned();
        let all: Vec<Rc<Fact>> =
            by_team.map(Rc::new).chain(from.unsent.iter().map(Rc::clone)).collect();
        for fact in all {
            let told = of_to.iter().any(|it| it.fact.id == fact.id);
            if !told && to.unsent.iter().all(|it| it.id != fact.id) {
                to.learn(fact);
            }
        }
        let mut open: Vec<&Change> = from.changes.iter().filter(|it| !to.draft.holds(it)).collect();
        let mut before = usize::MAX;
        while open.len() < before {
            before = open.len();
            open.retain(|change| {
                let follows = to.draft.admit(change);
                if follows {
                    to.changes.push((*change).clone());
                }
                !follows
            });
        }
    }

    /// Both are back and hear of each other.
    pub(crate) fn come_back(&mut self) {
        for at in [0, 1, 0, 1] {
            self.meet(at);
        }
    }

    /// Then they do what is left to be done.
    pub(crate) fn end(&mut self) {
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

/// Brings the changes that the server has not seen, as far as their authors may still write.
fn bring_changes(officer: &mut Officer, server: &mut Server) {
    for change in &officer.changes[officer.sent..] {
        let may = may_write_draft(&change.by.person(), &server.case).is_ok();
        if may && server.changes.iter().all(|it| it.name != change.name) {
            Rc::make_mut(&mut server.changes).push(change.clone());
        }
    }
    officer.sent = officer.changes.len();
}

pub(crate) fn author(fact: &Fact) -> Who {
    let of = |who: &&Who| who.id() == fact.body.author;
    *Who::ALL.iter().find(of).expect("somebody of the cast")
}

fn is_of_team(fact: &Fact) -> bool {
    [Who::Lead, Who::Second].iter().any(|who| who.id() == fact.body.author)
}
