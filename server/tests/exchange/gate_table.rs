//! Every cell of the shared table of gates, stated to the server by a client that asks no gate.

use std::sync::Arc;

use sync_core::act::Fact;
use sync_core::domain::account::Role;
use sync_core::refusal::{Code, Disposition};

use super::staged::{Answer, Laying, Stage, Table, answer, by_first, counts, insist};
use super::world::{self, Zone};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_asks_no_gate_hears_what_the_gate_says_whoever_states_what_when() {
    let table = Table::read();
    let stages = (0..table.stages.len()).map(|index| {
        let table = Arc::clone(&table);
        async move { stage(&table, &table.stages[index]).await }
    });
    let (mut asked, mut wrong) = (0, Vec::new());
    for stage in world::few_at_once(stages).await {
        let (count, found) = stage.unwrap();
        asked += count;
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    // Every stage, every statement, everybody.
    assert!(asked >= 26_550, "only {asked} cells");
}

/// How many cells a stage has, and those for which the server has another answer than the gate.
async fn stage(table: &Table, stage: &Stage) -> (usize, Vec<String>) {
    let mut hands = table.hands(1);
    let folder = tempfile::tempdir().unwrap();
    let zone = Zone { shared: world::open(folder.path(), table.directory(&hands)).await, folder };
    let mut laying = Laying::of(table, stage);
    // What is turned down changes nothing, so one copy is enough for all of that.
    let base = laying.copy();
    let (mut wrong, mut asked) = (Vec::new(), 0);
    let (mut pushes, mut own) = (Vec::new(), Vec::new());
    for (who, hand) in table.people.iter().zip(&mut hands) {
        let view = table.view(stage, &who.person);
        let mut push = Vec::new();
        for cell in table.cells(stage) {
            asked += 1;
            let place = format!("{} {} {}", stage.name, cell.name, who.name);
            let expected = by_first(&table.unmet((stage, cell), who, None));
            let goes_on = matches!(expected, None | Some((Disposition::Retry, _)));
            // The device knows what it may read and nothing of photos at the server.
            let honest = table.gate((table.statement(cell), &view), &who.person, stage.now, None);
            if honest.is_empty() != goes_on {
                wrong.push(format!("{place}: the device says {honest:?}, the law {expected:?}"));
            }
            let law = cell.codes(&who.name);
            if who.person.role == Role::Enterprise && law != [Code::NewerAppNeeded] {
                let lawful = matches!(by_first(&law), None | Some((Disposition::Retry, _)));
                if lawful != goes_on {
                    wrong.push(format!("{place}: the law says {law:?}, the notice {expected:?}"));
                }
            }
            let copy = if expected.is_none() {
                own.push(laying.copy());
                own.last()
            } else {
                None
            };
            let statement = copy.unwrap_or(&base).statement(table, cell);
            push.push((place, insist(hand, statement, stage.now), expected));
        }
        pushes.push(push);
    }
    laying.write(&zone).await;
    for (hand, push) in hands.iter().zip(&pushes) {
        let facts: Vec<Fact> = push.iter().map(|(_, fact, _)| fact.clone()).collect();
        let response = zone.send(hand, &hand.request(&facts, Vec::new()), stage.now).await;
        for ((place, _, expected), verdict) in push.iter().zip(&response.verdicts) {
            let got: Answer = answer(&verdict.outcome);
            if got != *expected {
                wrong.push(format!("{place}: the server says {got:?}, the law {expected:?}"));
            }
        }
    }
    let before: usize = table.counts(stage).iter().sum();
    if counts(&zone, &[&base]).await != [before] {
        wrong.push(format!("{}: what was turned down has changed the case", stage.name));
    }
    let after = counts(&zone, &own.iter().collect::<Vec<_>>()).await;
    if after.iter().any(|count| *count != before + 1) {
        wrong.push(format!("{}: what was accepted is not there", stage.name));
    }
    (asked, wrong)
}
