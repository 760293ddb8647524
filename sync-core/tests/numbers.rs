//! Numbers that are leased to phones: none twice, and no gap without a reason.
#![expect(clippy::cast_possible_truncation, reason = "a few dozen phones and numbers")]

use std::collections::{BTreeMap, BTreeSet};

use sync_core::act::Statement;
use sync_core::act::numbers::{LOW, NumbersRequested, NumbersVoided, Standing, free, of_device};
use sync_core::case::Case;
use sync_core::domain::notice::DocumentNumber;
use sync_core::domain::numbers::Series;
use sync_core::id::{DeviceId, FactId, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::rules::due::due;
use sync_core::testing::builders::{calendars, date};
use sync_core::testing::cast::{Who, department};
use sync_core::testing::histories::Dice;
use sync_core::testing::world::{Phone, World};

const PHONES: u8 = 50;
const PAPERS: usize = 200;

fn series(year: i16) -> Series {
    Series { area: "枣高".to_owned(), series: "应急责改".to_owned(), year }
}

/// A phone with what it saw of the registers when it last had signal.
struct Officer {
    phone: Phone,
    seen: BTreeMap<i16, Case>,
    used: BTreeMap<FactId, u32>,
    papers: usize,
}

impl Officer {
    fn free(&self, year: i16) -> Vec<(FactId, DocumentNumber)> {
        let Some(register) = self.seen.get(&year) else { return Vec::new() };
        let leases = of_device(register, self.phone.device);
        free(&leases, |lease| self.used.get(&lease).copied()).collect()
    }

    /// Issues with the next number, if there is one.
    fn issue(&mut self, year: i16) -> Option<DocumentNumber> {
        let (lease, number) = self.free(year).into_iter().next()?;
        self.used.insert(lease, number.serial);
        self.papers += 1;
        Some(number)
    }
}

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([0x40 + n; 16])
}

#[test]
fn fifty_phones_issue_over_new_year_without_signal_and_every_number_is_accounted_for() {
    let mut dice = Dice::new(917);
    let mut registers: BTreeMap<i16, World> =
        [2026, 2027].map(|year| (year, World::new(date("2026-12-20").start()))).into();
    let officer = |n| Officer {
        phone: Phone::new(person(n), 1),
        seen: BTreeMap::new(),
        used: BTreeMap::new(),
        papers: 0,
    };
    let mut officers: Vec<Officer> = (0..PHONES).map(officer).collect();
    let mut printed: BTreeSet<DocumentNumber> = BTreeSet::new();
    let mut lost: BTreeSet<DeviceId> = BTreeSet::new();
    let mut turns = 0_i64;
    while officers.iter().any(|it| it.papers < PAPERS) {
        turns += 1;
        // A minute for each turn: New Year comes on the way.
        let now = date("2026-12-27").start().plus_millis(turns * 60_000);
        let year = now.date().year();
        let at = dice.below(officers.len());
        let officer = &mut officers[at];
        if lost.contains(&officer.phone.device) {
            continue;
        }
        match dice.below(10) {
            // Signal: everything is sent and read, more is asked for.
            0 | 1 => {
                for (year, register) in &mut registers {
                    register.now = register.now.max(now);
                    if officer.free(*year).len() as u32 <= LOW {
                        let asked =
                            NumbersRequested { series: series(*year), department: department() };
                        let request = Statement::NumbersRequested(asked);
                        let fact = officer.phone.sign(request, now).expect("a signature");
                        register.take_over(fact);
                        register.clerk();
                    }
                    officer.seen.insert(*year, register.case.clone());
                }
            }
            // The phone is lost; a supervisor says so, and a new one is enrolled.
            2 if lost.len() < 5 && officer.papers > 20 => {
                lost.insert(officer.phone.device);
                for (year, register) in &mut registers {
                    for lease in of_device(&register.case, officer.phone.device) {
                        let reason = "手机丢失".to_owned();
                        let void =
                            NumbersVoided { series: series(*year), lease: lease.fact, reason };
                        let said = register.insist(Who::Supervisor, Statement::NumbersVoided(void));
                        said.expect("a statement");
                    }
                }
                officer.phone = Phone::new(officer.phone.person, 1 + lost.len() as u8);
                officer.seen.clear();
            }
            _ => {
                if let Some(number) = officer.issue(year) {
                    assert!(printed.insert(number.clone()), "{number} was given twice");
                }
            }
        }
    }
    assert!(printed.len() >= usize::from(PHONES) * PAPERS && !lost.is_empty());
    assert!(printed.iter().any(|it| it.year == 2026) && printed.iter().any(|it| it.year == 2027));
    for (year, register) in &registers {
        let mut leased: Vec<(u32, u32)> =
            register.case.leases().map(|it| (it.body.block.first, it.body.block.last)).collect();
        leased.sort_unstable();
        assert!(leased.windows(2).all(|pair| pair[0].1 < pair[1].0), "blocks do not overlap");
        let last = leased.last().expect("blocks").1;
        for serial in 1..=last {
            let number = series(*year).number(serial);
            match register.case.standing(&number, &printed) {
                Standing::Used => assert!(printed.contains(&number)),
                Standing::Held { device } => assert!(!lost.contains(&device), "{number}"),
                Standing::Void { reason } => assert_eq!(reason, "手机丢失"),
                Standing::NotLeased => panic!("{number} is a gap that nobody can explain"),
            }
        }
    }
    // A month after the end of the year nothing of it is held any more.
    let old = registers.get_mut(&2026).expect("a register");
    let held = old.case.leases().filter(|it| old.case.voided(it.fact).is_none()).count();
    let next = due(&old.case, &calendars(), old.now).look_again.expect("an instant");
    assert_eq!(next, date("2027-02-01").start());
    old.now = next;
    assert_eq!(old.clerk().len(), held);
    assert!(old.case.leases().all(|it| old.case.voided(it.fact).is_some()));
    assert_eq!(due(&old.case, &calendars(), old.now).look_again, None);
}

#[test]
fn an_officer_asks_for_the_own_series_and_not_without_end() {
    let mut world = World::new(date("2026-11-02").start());
    let ask = |year, area: &str| {
        Statement::NumbersRequested(NumbersRequested {
            series: Series { area: area.to_owned(), ..series(year) },
            department: department(),
        })
    };
    let code = |world: &World, who, statement| world.check(who, &statement).err().map(|it| it.code);
    assert_eq!(code(&world, Who::Lead, ask(2026, "滕州")), Some(Code::FieldMalformed));
    assert_eq!(code(&world, Who::Lead, ask(2027, "枣高")), Some(Code::FieldMalformed));
    assert_eq!(code(&world, Who::Stranger, ask(2026, "枣高")), Some(Code::OtherDepartment));
    assert_eq!(code(&world, Who::Supervisor, ask(2026, "枣高")), Some(Code::RoleNotAllowed));
    for _ in 0..6 {
        world.state(Who::Lead, ask(2026, "枣高")).expect("a request");
        let waiting = code(&world, Who::Lead, ask(2026, "枣高"));
        assert_eq!(waiting, Some(Code::AlreadyExists), "one request waits at a time");
        assert_eq!(world.clerk().len(), 1);
        assert_eq!(world.clerk().len(), 0, "a request is answered once");
    }
    assert_eq!(code(&world, Who::Lead, ask(2026, "枣高")), Some(Code::RateLimited));
    assert_eq!(code(&world, Who::Second, ask(2026, "枣高")), None, "others are not held up");
    world.pass_days(1);
    assert_eq!(code(&world, Who::Lead, ask(2026, "枣高")), None);
    let streams: BTreeSet<StreamId> = world.facts.iter().map(|it| it.fact.body.stream).collect();
    assert_eq!(streams.len(), 1);
}
