//! Items from quarantine that a supervisor takes over together.

use sync_core::act::Statement;
use sync_core::refusal::Code;
use sync_core::time::Timestamp;
use sync_core::wire::exchange::{ItemVerdict, Outcome};

use super::judge::{Judge, Judged};
use super::load::Loaded;
use super::receive::Received;
use crate::directory::Directory;

/// An item from quarantine, and the conditions that a supervisor passes over for it and for no other one.
#[derive(Clone, Debug)]
pub struct Pardoned {
    /// The item.
    pub received: Received,
    /// The conditions.
    pub codes: Vec<Code>,
}

impl Pardoned {
    fn seals(&self) -> bool {
        let statements = self.received.facts.iter().filter_map(|item| item.fact.as_ref());
        statements.into_iter().any(|fact| matches!(fact.statement, Statement::Sealed(_)))
    }
}

/// How often items of one matter are gone through: each time some of them rest on what was taken over before.
const PASSES: usize = 16;

/// Judges items from quarantine that a supervisor takes over together, one after the other: each is judged against
/// what came before it, and once more when more was taken over, whatever the order in which they came. A record is sealed
/// when nothing else can be taken over any more. Verdicts are in the order of the items.
#[must_use]
pub fn readmit(
    items: &[Pardoned],
    loaded: &Loaded,
    directory: &Directory,
    now: Timestamp,
) -> Judged {
    let Some(first) = items.first() else { return Judged::default() };
    let mut judge = Judge::new(&first.received, loaded, directory, now, Some(&first.codes));
    let mut verdicts: Vec<Vec<ItemVerdict>> = vec![Vec::new(); items.len()];
    for sealing in [false, true] {
        for _ in 0..PASSES {
            let mut taken = false;
            for (item, verdict) in items.iter().zip(&mut verdicts) {
                if is_accepted(verdict) || (item.seals() && !sealing) {
                    continue;
                }
                judge.begin(&item.received, Some(&item.codes));
                *verdict = judge.each();
                taken |= is_accepted(verdict);
            }
            if !taken {
                break;
            }
        }
    }
    judge.finish(verdicts.into_iter().flatten().collect())
}

fn is_accepted(verdicts: &[ItemVerdict]) -> bool {
    !verdicts.is_empty() && verdicts.iter().all(|it| it.outcome == Outcome::Accepted)
}
