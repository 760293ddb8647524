//! What acceptance from quarantine passes over: for every kind of statement of the shared table, every code that leads to
//! quarantine and every set of other conditions that do not hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use server::admission::{dossier, load};
use server::store::ledger::StoredFact;
use server::store::quarantine::{self, Judgement, QuarantineRow};
use server::store::streams::{StreamKey, StreamRow};
use server::store::writer::{WriteJob, Written};
use server::usecase::decide_quarantine;
use sync_core::act::notice::DismissalProposed;
use sync_core::act::{Admitted, Fact, Statement, state};
use sync_core::case::Case;
use sync_core::case::fold::fold;
use sync_core::domain::account::{Person, Role};
use sync_core::id::{DepartmentId, Digest};
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::stream::StreamKind;
use sync_core::limits;
use sync_core::refusal::{Code, Disposition};
use sync_core::testing::builders::hazard_id;
use sync_core::testing::cast::{department, other_department};
use sync_core::time::Timestamp;
use sync_core::wire::api_office::QuarantineDecision;

use super::staged::{Copy, Laying, Stage, Table, answer, by_first, counts, insist};
use super::world::{self, Hand, MORNING, NOWHERE, Zone, arrival, inspection};
use super::{Cast, code, notices};

/// What leads to quarantine whatever is stated, since it comes with the item; none: what the gate says leads there.
const CAME: [Option<Code>; 6] = [
    None,
    Some(Code::DeviceUnknown),
    Some(Code::DeviceRevoked),
    Some(Code::ChainBroken),
    Some(Code::ClockAhead),
    Some(Code::AuthorRevoked),
];

/// What a supervisor can pass over. A kind that this build cannot read nobody can judge.
fn is_pardonable(code: Code) -> bool {
    code.disposition() == Disposition::Quarantine && code != Code::KindUnknown
}

/// Something that goes to quarantine: a cell of the table, stated by somebody in some state of device or account.
struct Cell_ {
    cell: usize,
    who: usize,
    came: usize,
    codes: Vec<Code>,
}

/// For each stage what is stated there: each kind of statement with each code that came with it and each set of conditions
/// that do not hold once, wherever in the table they stand.
fn selected(table: &Table) -> Vec<Vec<Cell_>> {
    type Key<'t> = (&'t str, Vec<Code>, usize);
    let mut found: BTreeMap<Key<'_>, Vec<(usize, usize, usize)>> = BTreeMap::new();
    for (at, stage) in table.stages.iter().enumerate() {
        for (index, cell) in table.cells(stage).enumerate() {
            for (number, who) in table.people.iter().enumerate() {
                for (place, came) in CAME.iter().enumerate() {
                    let codes = table.unmet((stage, cell), who, *came);
                    if codes.first().copied().is_some_and(is_pardonable) {
                        let key = (table.statement(cell).name(), codes, place);
                        found.entry(key).or_default().push((at, index, number));
                    }
                }
            }
        }
    }
    let mut by_stage: Vec<Vec<Cell_>> = table.stages.iter().map(|_| Vec::new()).collect();
    for (nth, ((_, codes, came), places)) in found.into_iter().enumerate() {
        // Another one of the places each time, so that all stages and people take part.
        let (stage, cell, who) = places[nth * 7 % places.len()];
        by_stage[stage].push(Cell_ { cell, who, came, codes });
    }
    by_stage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acceptance_lets_in_what_lacked_nothing_else_and_nothing_that_the_rules_forbid() {
    let table = Table::read();
    let stages = selected(&table).into_iter().enumerate().map(|(index, cases)| {
        let table = Arc::clone(&table);
        async move { of_stage(&table, &table.stages[index], cases).await }
    });
    let (mut judged, mut taken, mut wrong) = (0, 0, Vec::new());
    for stage in world::few_at_once(stages).await {
        let (of_stage, accepted, found) = stage.unwrap();
        judged += of_stage;
        taken += accepted;
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "{} of {judged}: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    assert!(judged > 1_000 && taken > 100, "{judged} judged, {taken} taken over");
}

/// An item as it was pushed.
struct Item {
    place: String,
    fact: Fact,
    codes: Vec<Code>,
    author: Person,
    /// Its own copy of the stage, where others could be judged with it or would see it.
    own: Option<Copy>,
    /// Whose supervisors judge it; none: all.
    department: Option<DepartmentId>,
}

/// A server over a stage, its judges and what they judge.
struct Bench<'t> {
    table: &'t Table,
    stage: &'t Stage,
    zone: Zone,
    base: Copy,
    judges: [Hand; 2],
    taken: usize,
    wrong: Vec<String>,
}

async fn of_stage(table: &Table, stage: &Stage, cases: Vec<Cell_>) -> (usize, usize, Vec<String>) {
    // A device in each state for everybody, and judges who have no part in any of it.
    let mut hands: Vec<Vec<Hand>> = (0..6).map(|group| table.hands(group + 1)).collect();
    let judge = |number, department| {
        let mut hand = Hand::new(number, Role::Supervisor);
        hand.person.department = Some(department);
        hand
    };
    let judges = [judge(9_001, department()), judge(9_002, other_department())];
    let directory = |groups: &[usize], ended: Option<Timestamp>| {
        let known = groups.iter().flat_map(|group| &hands[*group]).chain(&judges);
        let mut directory = table.directory(known);
        let revoked = hands[2].iter().map(|hand| hand.device);
        for device in revoked {
            let known = directory.devices.get_mut(&device).unwrap();
            known.device.revoked_at = Some(stage.now);
        }
        for who in &table.people {
            directory.persons.get_mut(&who.person.id).unwrap().revoked_at = ended;
        }
        directory
    };
    let strange = directory(&[0, 2, 3, 4, 5], None);
    let enrolled = directory(&[0, 1, 2, 3, 4, 5], None);
    let ended = directory(&[0, 1, 2, 3, 4, 5], Some(stage.now));
    let folder = tempfile::tempdir().unwrap();
    let zone = Zone { shared: world::open(folder.path(), strange).await, folder };
    fork(&zone, &mut hands[3], stage.now).await;

    let mut laying = Laying::of(table, stage);
    let base = laying.copy();
    let mut items: Vec<Vec<Item>> = (0..6).map(|_| Vec::new()).collect();
    for Cell_ { cell, who, came, codes } in cases {
        let (cell, who) = (table.cells(stage).nth(cell).unwrap(), &table.people[who]);
        let hand = hands[came].iter_mut().find(|hand| hand.person.id == who.person.id).unwrap();
        let alone = codes.iter().copied().all(is_pardonable) || codes[0] == Code::AlreadySealed;
        let own = alone.then(|| laying.copy());
        let statement = own.as_ref().unwrap_or(&base).statement(table, cell);
        let department = department_of(table, stage, &statement, &who.person);
        let ahead = limits::CLOCK_AHEAD_MS + 60_000;
        let wall =
            stage.now.plus_millis(if CAME[came] == Some(Code::ClockAhead) { ahead } else { 0 });
        if CAME[came] == Some(Code::ChainBroken) {
            hand.seq = 0;
        }
        let place = format!("{} {} {} {:?}", stage.name, cell.name, who.name, CAME[came]);
        let (fact, author) = (insist(hand, statement, wall), who.person.clone());
        items[came].push(Item { place, fact, codes, author, own, department });
    }
    laying.write(&zone).await;

    let mut bench = Bench { table, stage, zone, base, judges, taken: 0, wrong: Vec::new() };
    let count = items.iter().map(Vec::len).sum();
    for came in [0, 1, 2, 3, 4] {
        bench.push(&hands[came], &items[came]).await;
    }
    for item in &items[1] {
        // Nobody can say who wrote it before the device is enrolled.
        bench.judge(item, Err(Code::DeviceUnknown)).await;
    }
    bench.zone.shared.directory.replace(enrolled);
    for item in items[..5].iter().flatten() {
        bench.decide(item).await;
    }
    bench.zone.shared.directory.replace(ended);
    bench.push(&hands[5], &items[5]).await;
    for item in &items[5] {
        bench.decide(item).await;
    }
    bench.unchanged(items.iter().flatten()).await;
    (count, bench.taken, bench.wrong)
}

/// Whose supervisors judge a statement: those of the department of the case, and where there is none yet, of the
/// department for which a visit is planned or of the author's own.
fn department_of(
    table: &Table,
    stage: &Stage,
    statement: &Statement,
    author: &Person,
) -> Option<DepartmentId> {
    let [visit, notice] = table.counts(stage);
    let inspection = statement.stream().unwrap().kind == StreamKind::Inspection;
    if (if inspection { visit } else { notice }) > 0 {
        return Some(department());
    }
    match statement {
        Statement::Planned(plan) if plan.department != "jingfa".parse().unwrap() => {
            Some(plan.department.clone())
        }
        _ => author.department.clone(),
    }
}

/// Takes over a first fact of each of these devices, so that another one with its number is a fork.
pub(crate) async fn fork(zone: &Zone, hands: &mut [Hand], at: Timestamp) {
    let mut job = WriteJob::default();
    for (hand, number) in hands.iter_mut().zip(1..) {
        let fact = insist(hand, arrival(number), at);
        let stream = StreamKey::inspection(inspection(number));
        let chain = StreamKey::chain(hand.device);
        job.streams
            .extend([stream, chain].map(|key| StreamRow { facts: 1, ..StreamRow::absent(key) }));
        job.facts.push(StoredFact {
            stream,
            place: 1,
            id: fact.id,
            at,
            device: hand.device,
            seq: 1,
            bytes: fact.bytes().to_vec(),
            whole: true,
        });
    }
    assert_eq!(zone.shared.writer.write(job).await.unwrap(), Written::Durable);
}

impl Bench<'_> {
    /// Each of a group pushes its items; all of them go to quarantine.
    async fn push(&mut self, hands: &[Hand], items: &[Item]) {
        for hand in hands {
            let own: Vec<&Item> =
                items.iter().filter(|item| item.fact.body.device == hand.device).collect();
            let facts: Vec<Fact> = own.iter().map(|item| item.fact.clone()).collect();
            let request = hand.request(&facts, Vec::new());
            let response = self.zone.send(hand, &request, self.stage.now).await;
            for (item, verdict) in own.iter().zip(&response.verdicts) {
                let (got, expected) = (answer(&verdict.outcome), by_first(&item.codes));
                if got != expected {
                    self.note(item, format!("{got:?} instead of {expected:?}"));
                }
            }
        }
    }

    fn note(&mut self, item: &Item, what: String) {
        self.wrong.push(format!("{} {:?}: {what}", item.place, item.codes));
    }

    /// Everybody tries to accept an item: its author, who never may, a supervisor of another department than its own,
    /// and who may. It gets in if nothing but what can be passed over stood against it.
    async fn decide(&mut self, item: &Item) {
        if item.author.role == Role::Supervisor {
            let own = item.department.is_none() || item.author.department == item.department;
            let by = item.author.clone();
            let refused = if own { Code::SamePerson } else { Code::NotFound };
            let got = self.accept(&by, item.fact.id).await;
            if got != Err(refused) {
                self.note(item, format!("its author accepts it: {got:?}"));
            }
        }
        let others = self.judges.iter().map(|judge| judge.person.clone());
        let others: Vec<Person> = others
            .filter(|by| item.department.is_some() && by.department != item.department)
            .collect();
        for other in others {
            let got = self.accept(&other, item.fact.id).await;
            if got != Err(Code::NotFound) {
                self.note(item, format!("{:?} judges it: {got:?}", other.department));
            }
        }
        let left = item.codes.iter().copied().find(|code| !is_pardonable(*code));
        self.judge(item, left.map_or(Ok(()), Err)).await;
    }

    /// Who may judge an item accepts it.
    async fn judge(&mut self, item: &Item, expected: Result<(), Code>) {
        let of_case = |judge: &&Hand| judge.person.department == item.department;
        let judge = self.judges.iter().find(of_case).unwrap_or(&self.judges[0]).person.clone();
        let before = if expected.is_ok() { Some(self.case(item).await) } else { None };
        let got = self.accept(&judge, item.fact.id).await;
        if got != expected {
            self.note(item, format!("accepting it gives {got:?} instead of {expected:?}"));
        }
        let mut db = self.zone.shared.pool.acquire().await.unwrap();
        let row = quarantine::find(&mut db, &[item.fact.id]).await.unwrap().items.pop();
        drop(db);
        let accepted = |row: QuarantineRow| matches!(row.judgement, Judgement::Accepted(_));
        if row.map(accepted) != Some(expected.is_ok()) {
            self.note(item, "it is not in quarantine, or judged otherwise".to_owned());
        }
        if let Some(before) = before {
            self.taken += 1;
            let after = self.case(item).await;
            if let Some(what) = overturned(&before, &after, self.stage.now) {
                self.note(item, format!("it overturns {what}"));
            }
        }
    }

    async fn accept(&self, by: &Person, item: Digest) -> Result<(), Code> {
        let decision = QuarantineDecision { accept: true, reason: "情况属实".into() };
        let shared = &self.zone.shared;
        let decided =
            decide_quarantine::decide(shared, (by, NOWHERE), item, &decision, self.stage.now).await;
        decided.map(drop).map_err(|refusal| refusal.code)
    }

    /// The case of an item as the server has it.
    async fn case(&self, item: &Item) -> Case {
        let copy = item.own.as_ref().unwrap_or(&self.base);
        let mut db = self.zone.shared.pool.acquire().await.unwrap();
        let integrity = &self.zone.shared.integrity;
        let loaded = load::cases(&mut db, &copy.keys(), true, integrity).await.unwrap();
        let stored = loaded.facts.values().flat_map(|facts| facts.iter());
        fold(&stored.filter_map(dossier::admitted).collect::<Vec<Admitted>>())
    }

    /// Cases have what was accepted and nothing else.
    async fn unchanged(&mut self, items: impl Iterator<Item = &Item>) {
        let before: usize = self.table.counts(self.stage).iter().sum();
        if counts(&self.zone, &[&self.base]).await != [before] {
            self.wrong.push(format!("{}: what was not accepted is there", self.stage.name));
        }
        let own: Vec<(&Item, &Copy)> =
            items.filter_map(|item| Some((item, item.own.as_ref()?))).collect();
        let copies: Vec<&Copy> = own.iter().map(|(_, copy)| *copy).collect();
        for ((item, _), count) in own.iter().zip(counts(&self.zone, &copies).await) {
            if count != before + usize::from(item.codes.iter().copied().all(is_pardonable)) {
                self.note(item, "the case does not have what was accepted, or more".into());
            }
        }
    }
}

#[tokio::test]
async fn what_came_before_its_author_was_revoked_can_be_accepted_afterwards() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let notice = notices(&zone.pull(&mut cast.enterprise, MORNING).await)[0];
    // Of another department, when it came.
    let mut stranger = Hand::new(11, Role::Inspector);
    stranger.person.department = Some(other_department());
    let hands: Vec<&Hand> = cast.all().into_iter().chain([&stranger]).collect();
    zone.shared.directory.replace(world::directory(&hands));
    let hazard = world::hazard(1, 0, cast.one.person.id).id;
    let reason = "与另一处重复".to_owned();
    let inspection = Some(inspection(1));
    let proposal = DismissalProposed { notice, hazard, reason, inspection };
    let fact = stranger.state(Statement::DismissalProposed(proposal), MORNING);
    let outcomes = zone.push(&mut stranger, std::slice::from_ref(&fact), MORNING).await;
    assert_eq!(code(&outcomes[0]), Code::OtherDepartment);
    let hands: Vec<&Hand> = cast.all().into_iter().chain([&stranger]).collect();
    let mut directory = world::directory(&hands);
    let person = directory.persons.get_mut(&stranger.person.id).unwrap();
    person.revoked_at = Some(MORNING.plus_millis(1_000));
    zone.shared.directory.replace(directory);
    let decision = QuarantineDecision { accept: true, reason: "情况属实".into() };
    let (by, now) = (&cast.supervisor.person, MORNING.plus_millis(60_000));
    let decided =
        decide_quarantine::decide(&zone.shared, (by, NOWHERE), fact.id, &decision, now).await;
    assert_eq!(decided.map(drop), Ok(()));
}

/// What a statement must not change whoever accepts it: a plan, a record, who was served when, and a hazard that is
/// settled.
fn overturned(before: &Case, after: &Case, now: Timestamp) -> Option<&'static str> {
    let settled = |case: &Case| {
        let status = state::hazard(case, hazard_id(1), now).ok();
        status.map(|it| it.state).filter(|it| it.is_settled())
    };
    if before.plan().is_some_and(|plan| after.plan().map(|it| it.fact) != Some(plan.fact)) {
        return Some("the plan");
    }
    if before.seal().is_some_and(|seal| after.seal().map(|it| it.fact) != Some(seal.fact)) {
        return Some("the record");
    }
    if settled(before).is_some() && settled(before) != settled(after) {
        return Some("what is settled");
    }
    None
}
