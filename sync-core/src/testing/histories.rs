//! Random histories of one case: what anybody may state at any time, with and against the rules.

use super::builders::{
    INSPECTION, NOTICE_STREAM, VISIT_STREAM, arrival, hazard, plan, record, reply,
};
use super::cast::Who;
use super::stages::{
    captured, closure, dismissal_proposed, dismissed, escalation, extension_decision,
    extension_request, grade_raised, major_decision, recheck, seal_of, service, term_ordered,
};
use super::world::World;
use crate::act::visit::Cosign;
use crate::act::{Admitted, Statement};
use crate::domain::escalation::Escalation;
use crate::domain::evidence::Purpose;
use crate::domain::notice::ServiceMethod;
use crate::domain::term::Term;
use crate::time::Timestamp;

/// A sequence that is the same on every run.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number from 0 on, below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }

    /// One of several.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        *of.get(self.below(of.len())).expect("one of them")
    }

    /// Puts them into another order.
    pub fn shuffle<T>(&mut self, order: &mut [T]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
    }
}

/// Something that somebody states, with or against the rules.
fn statement(dice: &mut Dice, world: &World) -> Statement {
    let photo = |dice: &mut Dice| dice.one(&["found-1", "after-1", "after-2", "seen-1", "seen-2"]);
    let yes = dice.below(2) == 0;
    match dice.below(18) {
        0 => Statement::Planned(plan()),
        1 => Statement::Arrived(arrival()),
        2 => {
            captured(photo(dice), dice.one(&[Purpose::Found, Purpose::Rectified, Purpose::Recheck]))
        }
        3 => Statement::Sealed(record(vec![hazard(dice.one(&[1, 3]), &["found-1"])])),
        4 => Statement::Cosigned(Cosign { inspection: INSPECTION, seal: seal_of(world) }),
        5 => service(dice.one(&[ServiceMethod::Electronic, ServiceMethod::InPerson])),
        6 | 7 => reply(&[photo(dice)]),
        8 => extension_request(),
        9 => extension_decision(world, yes.then_some(Term::natural(10))),
        10 | 11 => recheck(yes, &[photo(dice)]),
        12 => closure(world, dice.below(4) == 0, &[photo(dice)]),
        13 => major_decision(yes),
        14 => escalation(dice.one(Escalation::ALL)),
        15 => grade_raised(),
        16 => term_ordered(world),
        _ if dice.below(6) == 0 => dismissed(),
        _ => dismissal_proposed(),
    }
}

/// What the server took over, in its order: a beginning by the rules, then anything by anyone over weeks, what the
/// server owes, facts of unknown kinds, and receipts given again as after a restored backup.
pub fn history(dice: &mut Dice, mut world: World) -> Vec<Admitted> {
    let mut taken = world.facts.clone();
    for _ in 0..5 + dice.below(20) {
        let pause = dice.one(&[0, 1, 60, 60 * 24, 60 * 24 * 9]);
        world.pass_minutes(pause);
        let known = world.facts.len();
        let who = dice.one(Who::ALL);
        match dice.below(12) {
            0..=7 => {
                let statement = statement(dice, &world);
                world.insist(who, statement).expect("signed");
            }
            8 | 9 => drop(world.clerk()),
            10 if dice.below(8) == 0 => {
                let (stream, now) = (dice.one(&[VISIT_STREAM, NOTICE_STREAM]), world.now);
                let fact = world.phone(who).sign_unknown(stream, dice.below(2) == 0, now);
                world.take_over(fact);
            }
            _ if !taken.is_empty() => {
                world.pass_minutes(1);
                let mut again = taken.get(dice.below(taken.len())).expect("one of them").clone();
                let receipt = again.receipt.as_mut().expect("taken over");
                (receipt.at, receipt.place) = (world.now, receipt.place + 50);
                taken.push(again);
            }
            _ => {}
        }
        taken.extend_from_slice(world.facts.get(known..).unwrap_or_default());
    }
    taken
}

/// When the server took a fact over.
pub fn taken_at(it: &Admitted) -> Timestamp {
    it.receipt.expect("taken over").at
}
