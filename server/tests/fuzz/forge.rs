//! Facts as a changed client makes them: any kind about any case, with one to three mutations, signed with a genuine key.

use sync_core::act::notice::{
    ClosureDecision, DeadlineAssigned, DismissalProposed, Dismissed, Escalated, ExtensionDecision,
    ExtensionRequest, MajorDecision, Recheck, Reply, ResumptionRequest,
};
use sync_core::act::visit::{
    Arrival, Cosign, ParallelDecision, PartFinished, PartySign, Supplement,
};
use sync_core::act::{Fact, HazardCase, Statement};
use sync_core::calendar::{Calendars, deadline};
use sync_core::case::Case;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::{Grade, Hazard, Measure};
use sync_core::domain::inspection::{BindingField, Part, Plan, Record, SignOutcome, VisitKind};
use sync_core::domain::notice::{DocumentNumber, Notice, Service, ServiceMethod};
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, Digest, FactId, HazardId, InspectionId, NoticeId, PersonId};
use sync_core::ledger::fact::{Body, Content as _, Signer as _, Suite, Trace, VERSION};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::testing::histories::Dice;
use sync_core::time::{Beacon, CivilDate, Timestamp};

use super::cast::{self, ACCOUNTS};
use super::damage::{damage, replay, spliced};
use super::orders;
use super::statements::{captured, clause, hazard_id, id, inspection};
use super::world::World;

/// Kinds of statements that are made.
pub(crate) const KINDS: usize = 22 + orders::KINDS;

/// Photos that hostile accounts have.
pub(crate) const HOSTILE_PHOTOS: usize = 50;

/// A photo of a hostile account: whole by its marks, and one point of nothing.
pub(crate) fn hostile_photo(number: usize) -> Vec<u8> {
    let marks = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\xff\xd9";
    [marks.as_slice(), format!("hostile photo {number}").as_bytes()].concat()
}

/// What a changed client knows: names of everything, whether it may see it or not.
pub(crate) struct Known {
    pub(crate) people: Vec<PersonId>,
    /// Ids of people, devices, streams, hazards, enterprises.
    pub(crate) ids: Vec<[u8; 16]>,
    /// Digests of facts and photos.
    pub(crate) digests: Vec<Digest>,
    pub(crate) streams: Vec<StreamId>,
    pub(crate) facts: Vec<Vec<u8>>,
    pub(crate) targets: Vec<Target>,
}

/// One case that is attacked.
pub(crate) struct Target {
    pub(crate) inspection: InspectionId,
    pub(crate) notice: NoticeId,
    pub(crate) hazard: HazardId,
    seal: FactId,
    pub(crate) request: FactId,
    pub(crate) recheck: FactId,
    pub(crate) resumption: FactId,
    pub(crate) service: FactId,
    photos: Vec<BlobHash>,
    parts: Vec<Part>,
}

impl Target {
    fn of(stream: StreamId, notice: Option<StreamId>, case: &Case, hazard: HazardId) -> Self {
        let nothing = Digest::of(b"nothing");
        let known = case.hazard(hazard);
        let photos = case.every::<sync_core::act::Capture>().map(|it| it.body.photo.blob);
        let team = case.plan().map(|it| it.body.team.clone()).unwrap_or_default();
        let part = |officer: &PersonId| match case.last_part(*officer) {
            Some(part) => Part::taken_in(*officer, part.fact),
            None => Part::without(*officer, "由封存人统一记录"),
        };
        let mut parts: Vec<Part> = team.iter().map(part).collect();
        parts.sort_by_key(|part| part.officer);
        let last = known.as_ref().and_then(HazardCase::last::<ExtensionRequest>).map(|it| it.fact);
        let rechecked = known.as_ref().and_then(HazardCase::last::<Recheck>).map(|it| it.fact);
        let resumption = known.as_ref().and_then(HazardCase::last::<ResumptionRequest>);
        let service = case.every::<Service>().last();
        Self {
            inspection: stream.as_inspection().unwrap(),
            notice: notice.and_then(|it| it.as_notice()).unwrap_or(NoticeId::from_bytes([7; 16])),
            hazard,
            seal: case.seal().map_or(nothing, |it| it.fact),
            request: last.unwrap_or(nothing),
            recheck: rechecked.unwrap_or(nothing),
            resumption: resumption.map_or(nothing, |it| it.fact),
            service: service.map_or(nothing, |it| it.fact),
            photos: photos.collect(),
            parts,
        }
    }
}

impl Known {
    /// Everything about the cases that are alive, and a visit that nobody has planned yet.
    pub(crate) fn of(world: &World) -> Self {
        // Nobody knows the id of a visit that is not planned.
        let alive = world.visits.iter().rev().filter(|it| it.is_planned()).take(8);
        let mut roots: Vec<(StreamId, HazardId)> =
            alive.map(|it| (it.stream(), it.hazard())).collect();
        // Visits that hostile accounts planned, or may plan.
        let more = 1_000 + u32::try_from(world.steps / 400).unwrap();
        roots.extend(
            (more.max(1_001) - 1..=more)
                .map(|number| (StreamId::inspection(inspection(number)), hazard_id(number))),
        );
        let mut targets = Vec::new();
        let (mut streams, mut facts, mut digests) = (Vec::new(), Vec::new(), Vec::new());
        for (root, hazard) in roots {
            let notices = world.model.notices(root);
            let case = world.model.whole_case(root).cloned().unwrap_or_default();
            targets.push(Target::of(root, notices.first().copied(), &case, hazard));
            for stream in std::iter::once(root).chain(notices) {
                streams.push(stream);
                let stored = world.model.streams.get(&stream).into_iter().flatten();
                for it in stored.rev().take(24) {
                    facts.push(it.fact.bytes().to_vec());
                    digests.push(it.fact.id);
                }
            }
        }
        digests.extend(targets.iter().flat_map(|it| it.photos.iter().copied()));
        digests.push(Digest::of(b"nothing"));
        let people: Vec<PersonId> = world.phones.iter().map(|it| it.person.id).collect();
        let mut ids: Vec<[u8; 16]> = people.iter().map(|it| *it.as_bytes()).collect();
        ids.extend(world.phones.iter().map(|it| *it.device.as_bytes()));
        ids.extend(streams.iter().map(|it| *it.id.as_bytes()));
        ids.extend(targets.iter().map(|it| *it.hazard.as_bytes()));
        ids.extend(&world.others);
        ids.extend((1..=3).map(|number| *cast::enterprise(number).as_bytes()));
        Self { people, ids, digests, streams, facts, targets }
    }
}

/// A statement of a kind about a case, as it would be made at its place in the loop.
pub(crate) fn statement(
    kind: usize,
    dice: &mut Dice,
    known: &Known,
    by: PersonId,
    now: Timestamp,
) -> Statement {
    let target = &known.targets[dice.below(known.targets.len())];
    let Target { inspection, notice, hazard, seal, .. } = *target;
    let yes = dice.below(2) == 0;
    let reason = || "情况属实".to_owned();
    let own = hostile_photo(dice.below(HOSTILE_PHOTOS));
    let second = Some(known.people[dice.below(known.people.len())]);
    let mut photo = || match target.photos.len() {
        0 => Digest::of(b"nothing"),
        some => target.photos[dice.below(some)],
    };
    let (one, other) = (photo(), photo());
    let hazards = |id: HazardId, photo: BlobHash| {
        vec![Hazard {
            id,
            item: None,
            description: "配电箱未上锁".into(),
            place: "二车间".into(),
            basis: clause(),
            grade: if yes { Grade::General } else { Grade::Major },
            criterion: (!yes).then(clause),
            measure: Measure::Rectify { term: Term::natural(3) },
            photos: vec![photo],
            found_by: by,
        }]
    };
    match kind {
        0 => {
            let mut team: Vec<PersonId> =
                (0..3).map(|_| known.people[dice.below(known.people.len())]).collect();
            team.dedup();
            let number = u8::try_from(1 + dice.below(3)).unwrap();
            Statement::Planned(Plan {
                inspection,
                enterprise: cast::enterprise(number),
                department: dice.one(&["yingji", "xiaofang", "jianshe"]).parse().unwrap(),
                team,
                kind: VisitKind::Unannounced,
                sectors: vec!["industry".parse().unwrap()],
                from: now.date(),
                to: now.date().plus_days(9),
                approval: "高建〔2026〕9号".into(),
                recheck_of: None,
            })
        }
        1 => {
            let (certificate_shown, plate, fix) = (yes, None, None);
            Statement::Arrived(Arrival { inspection, certificate_shown, plate, fix })
        }
        2 => {
            let purpose = dice.one(&[
                Purpose::Found,
                Purpose::FixedOnSpot,
                Purpose::Rectified,
                Purpose::Recheck,
                Purpose::Signature,
            ]);
            let stream = match purpose {
                Purpose::Rectified | Purpose::Recheck => StreamId::notice(notice),
                _ => StreamId::inspection(inspection),
            };
            let mut statement = captured(stream, &own, purpose, hazard);
            if let Statement::Captured(it) = &mut statement
                && yes
            {
                it.photo.blob = one;
            }
            statement
        }
        3 => Statement::ParallelDecided(ParallelDecision {
            inspection,
            subject: ParallelSubject::Hazard(hazard),
            field: BindingField::Grade,
            values: ["general", "major"]
                .map(|value| ParallelValue { by: Some(by), value: value.into() })
                .to_vec(),
            chosen: u32::from(yes),
            reason: reason(),
        }),
        4 => Statement::PartFinished(PartFinished { inspection, heads: Vec::new() }),
        5 => Statement::Sealed(Record {
            draft: Vec::new(),
            inspection,
            arrived: now,
            finished: now,
            answers: Vec::new(),
            hazards: hazards(hazard, one),
            manifest: vec![one],
            catalogue: "2026-11-23".into(),
            parts: target.parts.iter().filter(|it| it.officer != by).cloned().collect(),
        }),
        6 => Statement::Supplemented(Supplement {
            inspection,
            seal,
            answers: Vec::new(),
            hazards: hazards(HazardId::from_entropy(id(9, u32::from(yes))), one),
            manifest: vec![one],
            catalogue: "2026-11-23".into(),
            draft: Vec::new(),
        }),
        7 => Statement::Cosigned(Cosign { inspection, seal }),
        8 => {
            let outcome = SignOutcome::Refused { reason: reason(), witness: None };
            Statement::PartySigned(PartySign { inspection, seal, outcome })
        }
        9 => Statement::NoticeIssued(Notice {
            id: notice,
            number: DocumentNumber {
                area: "枣高".into(),
                series: "应急责改".into(),
                year: 2026,
                serial: 9,
            },
            enterprise: cast::enterprise(1),
            department: "yingji".parse().unwrap(),
            officers: Vec::new(),
            issued_on: now.date(),
            items: Vec::new(),
        }),
        10 => {
            let method = dice.one(&[
                ServiceMethod::Electronic,
                ServiceMethod::InPerson,
                ServiceMethod::Left,
            ]);
            let service = Service::new(notice, method, "张某");
            Statement::NoticeServed(match (method, yes) {
                (ServiceMethod::Electronic, true) => Service::agreed(notice, "张某"),
                (ServiceMethod::Left, true) => {
                    let (refusal, witness) = (Some(reason()), Some("居委会 王某".into()));
                    Service { second, refusal, witness, ..service }
                }
                _ => Service { second, signature: Some(one), ..service },
            })
        }
        11 => {
            Statement::MajorDecided(MajorDecision { notice, hazard, upheld: yes, reason: reason() })
        }
        12 => Statement::DeadlineAssigned(DeadlineAssigned {
            notice,
            hazard,
            cause: target.request,
            deadline: deadline::count(now.date(), Term::natural(300), &Calendars::default()),
        }),
        13 => Statement::Replied(Reply {
            notice,
            hazard,
            measures: "已整改".into(),
            responsible: "张某".into(),
            finished_on: now.date(),
            photos: if yes { vec![one] } else { vec![Digest::of(&own)] },
        }),
        14 => Statement::ExtensionRequested(ExtensionRequest {
            notice,
            hazard,
            term: Term::natural(30),
            reason: reason(),
        }),
        15 => Statement::ExtensionDecided(ExtensionDecision {
            notice,
            hazard,
            request: target.request,
            granted: yes.then(|| Term::natural(30)),
            reason: reason(),
        }),
        16 => Statement::Rechecked(Recheck {
            notice,
            hazard,
            passed: yes,
            opinion: "已整改".into(),
            photos: vec![one],
            new_term: (!yes).then(|| Term::natural(7)),
            second,
            reply: None,
        }),
        17 => Statement::ClosureDecided(ClosureDecision {
            notice,
            hazard,
            recheck: target.recheck,
            approved: dice.below(4) > 0,
            reason: reason(),
            evidence: vec![one, other].into_iter().take(1 + usize::from(one < other)).collect(),
        }),
        18 => {
            let until = now.date().plus_days(20);
            let dated = Dated { notice, hazard, until, reason: reason(), photos: vec![one] };
            Statement::from_bytes(Dated::KIND, &sync_core::cbor::to_vec(&dated)).unwrap()
        }
        19 => {
            let step = dice.one(Escalation::ALL);
            Statement::Escalated(Escalated {
                notice,
                hazard,
                step,
                reason: reason(),
                inspection: step.is_internal().then_some(inspection),
                to: (step == Escalation::Referral && dice.below(4) > 0)
                    .then(|| "枣庄市公安局高新区分局".to_owned()),
            })
        }
        20 => Statement::DismissalProposed(DismissalProposed {
            notice,
            hazard,
            reason: reason(),
            inspection: yes.then_some(inspection),
        }),
        21 => Statement::Dismissed(Dismissed { notice, hazard, reason: reason() }),
        later => orders::statement(later - 22, dice, target, (one, yes), now),
    }
}

/// A kind by its number and form, as a client that knows no more of it.
#[derive(minicbor::Encode)]
#[cbor(map)]
struct Dated {
    #[n(0)]
    notice: NoticeId,
    #[n(1)]
    hazard: HazardId,
    #[n(2)]
    until: CivilDate,
    #[n(3)]
    reason: String,
    #[n(4)]
    photos: Vec<BlobHash>,
}

impl Dated {
    const KIND: u16 = 32;
}

/// A fact on its way to be forged.
struct Forged {
    body: Body,
    trace: Trace,
    /// The name of the trace is put right after all mutations.
    trace_fits: bool,
    /// What is done to the bytes after they were signed.
    after: Vec<fn(&mut Vec<u8>, usize, &mut Dice)>,
    /// Whose key signs.
    key: usize,
}

/// A fact of a hostile account with some mutations; none leaves it as the account may make it.
pub(crate) fn forge(
    world: &mut World,
    dice: &mut Dice,
    known: &Known,
    who: usize,
    kind: usize,
    mutations: usize,
) -> Vec<u8> {
    let now = world.now;
    if mutations > 0 && !known.facts.is_empty() && dice.below(6) == 0 {
        return replay(dice, known, mutations);
    }
    let phone = &mut world.phones[who];
    let statement = statement(kind, dice, known, phone.person.id, now);
    let stamp = phone.stamp(now);
    let trace = stamp.trace();
    let mut forged = Forged {
        body: Body {
            version: VERSION,
            suite: phone.signer.suite(),
            kind: statement.kind(),
            critical: true,
            stream: statement.stream().unwrap(),
            author: phone.person.id,
            device: phone.device,
            wall: now,
            trace: Digest::of(b""),
            statement: statement.to_bytes().into(),
        },
        trace,
        trace_fits: true,
        after: Vec::new(),
        key: who,
    };
    for _ in 0..mutations {
        mutate(&mut forged, world, dice, known);
    }
    let Forged { mut body, trace, trace_fits, after, key } = forged;
    if trace_fits {
        body.trace = Digest::of(&sync_core::cbor::to_vec(&trace));
    }
    let unread = Statement::Unknown { kind: 900, body: Vec::new() };
    let Ok(fact) = Fact::sign(body, trace, unread, &world.phones[key].signer) else {
        return b"too large".to_vec();
    };
    world.phones[who].follow(&fact);
    let mut bytes = fact.bytes().to_vec();
    let signed = fact.without_trace().len();
    for change in after {
        change(&mut bytes, signed, dice);
    }
    bytes
}

/// One mutation of kind, author, device, stream, chain, digest, beacon, clock, form or signature.
fn mutate(forged: &mut Forged, world: &World, dice: &mut Dice, known: &Known) {
    let (body, trace) = (&mut forged.body, &mut forged.trace);
    let someone = dice.below(world.phones.len());
    match dice.below(18) {
        0 => body.kind = u16::try_from(dice.below(48)).unwrap(),
        1 => body.kind = dice.one(&[900, u16::MAX, 255]),
        2 => body.author = world.phones[someone].person.id,
        3 => body.device = world.phones[someone].device,
        4 => {
            body.author = world.phones[someone].person.id;
            body.device = world.phones[someone].device;
        }
        5 => body.stream = known.streams[dice.below(known.streams.len())],
        6 => body.stream = StreamId { kind: dice.one(StreamKind::ALL), ..body.stream },
        7 | 8 => {
            let statement = body.statement.to_vec();
            body.statement = spliced(&statement, dice, known).into();
        }
        9 => {
            let mut statement = body.statement.to_vec();
            let at = dice.below(statement.len());
            statement[at] ^= 1 << dice.below(8);
            body.statement = statement.into();
        }
        10 => {
            let delta = dice.one(&[0, 1, 2, 50, u64::MAX]);
            trace.seq = if dice.below(2) == 0 { delta } else { trace.seq.saturating_sub(delta) };
        }
        11 => trace.prev = Some(known.digests[dice.below(known.digests.len())]),
        12 => {
            let beacon = world.phones[someone].beacon;
            let mut beacon = beacon.unwrap_or(Beacon { at: world.now, tag: [0x11; 8] });
            beacon.tag[0] ^= u8::from(dice.below(2) == 0);
            trace.beacon = Some(beacon);
        }
        13 => {
            let hours = dice.one(&[-450_000, -90_000, -9_000, -30, 30, 9_000]);
            body.wall = body.wall.plus_millis(hours * 3_600_000);
        }
        14 => body.critical = !body.critical,
        15 => match dice.below(3) {
            0 => body.suite = dice.one(&[Suite::Ed25519, Suite::Sm2]),
            1 => body.version ^= 1,
            _ => forged.trace_fits = false,
        },
        16 => {
            let hostile = |at: &usize| ACCOUNTS[*at].hostile;
            let keys: Vec<usize> = (0..ACCOUNTS.len()).filter(hostile).collect();
            forged.key = dice.one(&keys);
        }
        _ => forged.after.push(damage),
    }
}
