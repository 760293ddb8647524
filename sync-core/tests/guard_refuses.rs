//! Hostile changes: none may panic, hang, or leave a draft that cannot be read again.

use std::time::{Duration, Instant};

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, ObjType, ROOT};
use sha2::Digest as _;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit};
use sync_core::id::{InspectionId, PersonId};
use sync_core::testing::builders::edit_session;
use sync_core::{Code, Refusal};

const VISIT: InspectionId = InspectionId::from_bytes([9; 16]);

fn answers(range: std::ops::Range<usize>, verdict: Verdict) -> Vec<Edit> {
    range
        .map(|n| Edit::Answer {
            item: format!("GM-{n:02}").parse().expect("item"),
            verdict,
            note: format!("备注{n}"),
        })
        .collect()
}

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

/// A draft that two officers wrote, and honest changes that would come next.
fn world() -> Result<(Draft, Vec<Vec<u8>>), Refusal> {
    let mut draft = Draft::new(VISIT)?;
    draft.commit(edit_session(person(1), 1), &answers(0..6, Verdict::Pass))?;
    let mut other = Draft::open(VISIT, draft.changes().iter().map(Vec::as_slice))?;
    draft.commit(edit_session(person(1), 1), &answers(0..2, Verdict::Fail))?;
    for change in
        other.commit(edit_session(person(2), 2), &answers(0..3, Verdict::NotApplicable))?
    {
        draft.admit(&change)?;
    }
    let mut next = Vec::new();
    for (n, verdict) in [(3, Verdict::Pass), (4, Verdict::Fail), (5, Verdict::NotApplicable)] {
        let mut author = draft.clone();
        next.extend(author.commit(edit_session(person(n), n), &answers(0..8, verdict))?);
        next.extend(author.commit(edit_session(person(n), n), &answers(5..6, Verdict::Pass))?);
    }
    Ok((draft, next))
}

/// Repairs length and checksum, as anyone can.
fn repaired(mut change: Vec<u8>) -> Vec<u8> {
    if change.len() > 12 {
        let sum = sha2::Sha256::digest(&change[8..]);
        change[4..8].copy_from_slice(&sum[..4]);
    }
    change
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits") % n.max(1)
    }
}

fn flip_bytes(change: &[u8], random: &mut Random) -> Vec<u8> {
    let mut mutated = change.to_vec();
    for _ in 0..=random.below(4) {
        let at = 8 + random.below(mutated.len() - 8);
        let value = u8::try_from(random.below(256)).expect("a byte");
        match random.below(4) {
            0 => mutated[at] = value,
            1 => mutated[at] ^= 1 << random.below(8),
            2 => mutated.insert(at, value),
            _ => {
                mutated.remove(at);
            }
        }
    }
    // Half of the time the declared length fits again; it is one or two LEB128 bytes after the type.
    if random.below(2) == 0 && mutated.len() > 200 {
        let body = mutated.len() - 11;
        mutated[9] = u8::try_from(body & 0x7f).expect("7 bits") | 0x80;
        mutated[10] = u8::try_from(body >> 7 & 0x7f).expect("7 bits");
    }
    repaired(mutated)
}

/// Changes that mean something else: other counters, actors, keys, values, dependencies, kinds.
fn change_meaning(change: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    use automerge::legacy::{Key, ObjectId, OpType};
    let parsed = automerge::Change::try_from(change).ok()?;
    let mut expanded = parsed.decode();
    let at = random.below(expanded.operations.len());
    let count = expanded.operations.len();
    match random.below(14) {
        0 => expanded.seq += 1 + random.below(5) as u64,
        1 => {
            expanded.start_op =
                (expanded.start_op.get() + 1 + random.below(9) as u64).try_into().ok()?;
        }
        2 => expanded.actor_id = ActorId::from(&[u8::try_from(random.below(4)).ok()?; 16][..]),
        3 => expanded.deps.clear(),
        4 => expanded.deps.push(automerge::ChangeHash([7; 32])),
        5 => expanded.operations.swap(at, random.below(count)),
        6 => {
            expanded.operations[at].key =
                Key::Map(["..", "", "a/b/c", "x"][random.below(4)].into());
        }
        7 => expanded.operations[at].obj = ObjectId::Root,
        8 => expanded.operations[at].action = OpType::Make(ObjType::List),
        9 => expanded.operations[at].action = OpType::Delete,
        10 => expanded.operations[at].insert = true,
        11 => expanded.operations[at].action = OpType::Increment(1),
        12 => {
            let copy = expanded.operations[at].clone();
            expanded.operations.push(copy);
        }
        _ => {
            let text = "壞".repeat(random.below(4000));
            expanded.operations[at].action = OpType::Put(text.as_str().into());
        }
    }
    let made = std::panic::catch_unwind(|| automerge::Change::from(expanded).raw_bytes().to_vec());
    made.ok()
}

/// Whether the draft is still what it was, or grew to something that can be read again.
fn is_sound(draft: &Draft) -> bool {
    let reopened = Draft::open(VISIT, draft.changes().iter().map(Vec::as_slice));
    let loaded = draft.snapshot().ok().and_then(|bytes| Automerge::load(&bytes).ok());
    reopened.is_ok_and(|again| again.heads() == draft.heads())
        && loaded.is_some_and(|doc| doc.get_heads().len() == draft.heads().len())
}

fn campaign(inputs: u64, mutate: fn(&[u8], &mut Random) -> Option<Vec<u8>>) {
    // Panics inside of Automerge are caught by the guard; their messages would bury the result.
    std::panic::set_hook(Box::new(|_| {}));
    let (draft, honest) = world().expect("a world");
    let mut accepted = 0;
    for seed in 0..inputs {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let from = &honest[random.below(honest.len())];
        let Some(mutated) = mutate(from, &mut random) else { continue };
        let mut target = draft.clone();
        let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let verdict = target.admit(&mutated);
            (verdict, target)
        }));
        let Ok((verdict, target)) = judged else { panic_with(seed, "panicked") };
        if verdict.is_ok() {
            accepted += 1;
            if !is_sound(&target) {
                panic_with(seed, "left an unreadable draft");
            }
        } else if target.heads() != draft.heads() {
            panic_with(seed, "changed the draft though refused");
        }
    }
    let _ = std::panic::take_hook();
    assert!(accepted < inputs / 2, "{accepted} of {inputs} mutations were accepted");
}

fn panic_with(seed: u64, what: &str) -> ! {
    let _ = std::panic::take_hook();
    panic!("seed {seed} {what}");
}

#[test]
fn sixty_thousand_damaged_changes_do_no_harm() {
    campaign(60_000, |change, random| Some(flip_bytes(change, random)));
}

#[test]
fn fifty_thousand_changes_of_other_meaning_do_no_harm() {
    campaign(50_000, change_meaning);
}

fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let byte = u8::try_from(value & 0x7f).expect("7 bits");
        value >>= 7;
        if value == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// A change put together by hand: any header, any columns.
fn forged(deps: u64, seq: u64, start: u64, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    unsigned(deps, &mut body);
    body.extend(vec![7; usize::try_from(deps.min(64)).expect("small") * 32]);
    unsigned(16, &mut body);
    body.extend([3; 16]);
    unsigned(seq, &mut body);
    unsigned(start, &mut body);
    body.extend([0, 0, 0]); // time, message, other actors
    unsigned(columns.len() as u64, &mut body);
    for (name, data) in columns {
        unsigned(*name, &mut body);
        unsigned(data.len() as u64, &mut body);
    }
    body.extend(columns.iter().flat_map(|(_, data)| data.clone()));
    let mut change = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
    unsigned(body.len() as u64, &mut change);
    change.extend(body);
    repaired(change)
}

/// A run-length column that declares `times` rows of one value.
fn run(times: u64, value: u8) -> Vec<u8> {
    let mut column = Vec::new();
    let mut left = times;
    loop {
        let byte = u8::try_from(left & 0x7f).expect("7 bits");
        left >>= 7;
        if left == 0 && byte & 0x40 == 0 {
            column.push(byte);
            break;
        }
        column.push(byte | 0x80);
    }
    column.push(value);
    column
}

fn foreign_document() -> Automerge {
    let mut doc = Automerge::new();
    let mut transaction = doc.transaction();
    let mut at = ROOT;
    for _ in 0..10_000 {
        at = transaction.put_object(&at, "a", ObjType::Map).expect("a map");
    }
    transaction.commit_with(CommitOptions::default().with_time(0));
    doc
}

#[test]
fn every_bomb_is_refused_within_ten_milliseconds() {
    let (draft, honest) = world().expect("a world");
    let deep = foreign_document();
    let mut compressed = deep.clone().get_last_local_change().expect("a change").clone();
    let raw = compressed.raw_bytes().to_vec();
    let squeezed = compressed.bytes().to_vec();
    let key = |times| vec![(0x15, [run(times, 1), vec![b'k']].concat())];
    let with_action = |times: u64| {
        let mut columns = key(times);
        columns.extend([(0x34, run(times, 0)[..1].to_vec()), (0x42, run(times, 1))]);
        columns.push((0x56, run(times, 0)));
        columns.push((0x70, run(times, 0)));
        columns
    };
    let mut wrong_sum = honest[0].clone();
    wrong_sum[5] ^= 1;
    let mut sync = automerge::sync::State::new();
    let message = automerge::sync::SyncDoc::generate_sync_message(&deep, &mut sync);
    let bombs: Vec<(&str, Vec<u8>)> = vec![
        ("a thousand million operations", forged(0, 1, 1, &with_action(1_000_000_000))),
        ("a million operations", forged(0, 1, 1, &with_action(1_000_000))),
        ("predecessors without end", forged(0, 1, 1, &[(0x42, run(1, 1)), (0x70, run(1, 0x7f))])),
        ("ten thousand nested maps", raw),
        ("a compressed change", squeezed),
        ("a whole document", deep.save()),
        ("a sync message", message.map(automerge::sync::Message::encode).unwrap_or_default()),
        ("a counter near the end", forged(1, 1, u64::from(u32::MAX) - 1, &with_action(1))),
        ("a gap in the sequence", forged(1, 99, 40, &with_action(1))),
        ("unknown dependencies", forged(3, 1, 40, &with_action(1))),
        ("more dependencies than there are", forged(1 << 40, 1, 1, &with_action(1))),
        ("no operation", forged(1, 1, 40, &[])),
        ("a wrong checksum", wrong_sum),
        ("nothing", Vec::new()),
        ("zeros", vec![0; 4096]),
        ("too many bytes", vec![0x85; 1 << 20]),
    ];
    for (name, bomb) in bombs {
        let mut target = draft.clone();
        let started = Instant::now();
        let verdict = target.admit(&bomb);
        let took = started.elapsed();
        assert!(verdict.is_err(), "{name} was accepted");
        assert!(took < Duration::from_millis(10), "{name} took {took:?}");
        assert_eq!(target.heads(), draft.heads(), "{name}");
    }
}

#[test]
fn an_officer_cannot_write_in_the_name_of_another_session() -> Result<(), Refusal> {
    let (draft, _) = world()?;
    let forged = automerge::Change::from({
        let mut author = draft.clone();
        let honest = author.commit(edit_session(person(6), 6), &answers(9..10, Verdict::Pass))?;
        let mut expanded =
            automerge::Change::try_from(honest[0].as_slice()).expect("parses").decode();
        for operation in &mut expanded.operations {
            if let automerge::legacy::Key::Map(key) = &mut operation.key
                && !key.contains('/')
            {
                *key = PersonId::from_bytes([1; 16]).to_string().into();
            }
        }
        expanded
    });
    let refused = draft.clone().admit(forged.raw_bytes()).expect_err("another's session");
    assert_eq!(refused.code, Code::ChangeRefused);
    Ok(())
}

#[test]
fn a_change_of_one_inspection_fits_no_other() -> Result<(), Refusal> {
    let mut one = Draft::new(VISIT)?;
    let change = one.commit(edit_session(person(1), 1), &answers(0..1, Verdict::Pass))?;
    let mut other = Draft::new(InspectionId::from_bytes([8; 16]))?;
    let refused = other.admit(&change[0]).expect_err("another's history");
    assert_eq!(refused.code, Code::ChangeWaiting);
    Ok(())
}
