//! Two officers, one record, no signal: in whatever order they arrive, record, finish, seal, sign, meet each other and meet
//! the server, what one of them recorded is in the record, in a supplement, or the record says why it is sealed without.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to stop"
)]

mod draft;
mod model;
mod officer;
mod state;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use sync_core::act::outside::{Outside, Why, outside};
use sync_core::case::Case;
use sync_core::id::HazardId;
use sync_core::rules::due::{Owed, due};
use sync_core::testing::builders::calendars;

use crate::model::{Model, Step};

const DEPTH: usize = 8;

/// The hazards that a record or a supplement holds.
fn held(case: &Case) -> BTreeSet<HazardId> {
    case.hazards()
}

/// What is wrong with a state before everyone is back.
fn wrong(model: &Model) -> Option<String> {
    let case = &model.server.case;
    let seal = case.seal()?;
    let outside = outside(case);
    for officer in &model.officers {
        let part = seal.body.part_of(officer.who.id());
        let named = part.is_some_and(|it| it.part.is_none());
        let shown = outside.iter().any(|it| it.officer == officer.who.id());
        let lost = officer.recorded.iter().filter(|it| !held(case).contains(it)).count();
        let unsent = !officer.unsent.is_empty() || officer.sent < officer.changes.len();
        // A part that was taken in and written on afterwards shows once the phone has met the server.
        let behind = part.is_some_and(|it| it.part.is_some());
        if lost > 0 && !named && !shown && !unsent && !behind {
            return Some(format!("{lost} of {:?} are gone without a word", officer.who));
        }
    }
    None
}

/// What is wrong after everyone is back.
fn wrong_in_the_end(after: &Model) -> Option<String> {
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

/// What the walk came to.
#[derive(Debug, Default)]
struct Walk {
    states: usize,
    sealed: usize,
    supplemented: usize,
    /// After the phones had met, with a record in the end.
    handed_over: usize,
    /// Many states come to the same once both are back: what follows is found out once, and whether a supplement does.
    ends: HashMap<u64, bool>,
}

impl Walk {
    /// Looks at a state.
    fn look(&mut self, model: &Model) {
        let mut after = model.clone();
        after.come_back();
        let mut wrong = wrong(model);
        let supplemented = *self.ends.entry(state::name(&after)).or_insert_with(|| {
            after.end();
            wrong = wrong.take().or_else(|| wrong_in_the_end(&after));
            after.server.case.supplements().next().is_some()
        });
        assert!(wrong.is_none(), "{}\nafter {:?}", wrong.unwrap_or_default(), model.steps);
        self.states += 1;
        self.sealed += usize::from(model.server.case.seal().is_some());
        self.supplemented += usize::from(supplemented);
        let met = model.steps.iter().any(|(_, step)| *step == Step::HandOver);
        self.handed_over += usize::from(met && after.server.case.seal().is_some());
    }
}

#[test]
fn what_an_officer_recorded_is_in_the_record_or_in_a_supplement_or_somebody_says_why_not() {
    let mut walk = Walk::default();
    let mut seen = HashSet::from([state::name(&Model::new())]);
    let mut open = VecDeque::from([Model::new()]);
    while let Some(model) = open.pop_front() {
        for (at, step) in [0, 1].into_iter().flat_map(|at| Step::ALL.map(|step| (at, step))) {
            if step == Step::Record && model.officers[at].recorded.len() == 2 {
                continue;
            }
            let mut next = model.clone();
            if next.step(at, step).is_ok() && seen.insert(state::name(&next)) {
                walk.look(&next);
                if next.steps.len() < DEPTH {
                    open.push_back(next);
                }
            }
        }
    }
    let Walk { states, sealed, supplemented, handed_over, ends } = walk;
    println!(
        "{states} states with {} ends, {sealed} sealed, {supplemented} supplemented, {handed_over} sealed after a meeting",
        ends.len()
    );
    assert!(
        sealed > 100 && supplemented > 100 && handed_over > 100,
        "the walk comes to its matter"
    );
}
