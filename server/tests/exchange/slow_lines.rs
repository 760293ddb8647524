//! Reference data on lines that carry little: what differs alone, and in as many answers as it takes.

use std::collections::{BTreeSet, HashMap};

use server::directory::Directory;
use server::store::accounts;
use sync_core::cbor;
use sync_core::domain::account::Role;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::enterprise::Enterprise;
use sync_core::id::{Digest, EnterpriseId, StreetCode};
use sync_core::wire::catalogue::{BASE, COLLEAGUES, Manifest, Part, Parts, split};
use sync_core::wire::exchange::{Item, READS, Request, Response};
use sync_core::wire::pieces;

use super::Cast;
use super::world::{Hand, MORNING, Zone, catalogue, id, plan};

/// Reference data with so many enterprises.
fn register(enterprises: u32) -> Catalogue {
    let known = catalogue();
    let of = |number| Enterprise {
        id: EnterpriseId::from_entropy(id(7, number)),
        name: format!("山东测试机械有限公司{number}"),
        ..known.enterprises[0].clone()
    };
    let enterprises = known.enterprises.iter().cloned().chain((0..enterprises).map(of)).collect();
    Catalogue { enterprises, ..known }
}

/// The zone with everybody of the cast, so many who were hired since, and the versions of before.
fn zone_of(cast: &Cast, hired: u32, catalogue: &Catalogue, before: &[&Catalogue]) -> Directory {
    let hired: Vec<Hand> = (0..hired).map(|n| Hand::new(100 + n, Role::Inspector)).collect();
    let hands = || cast.all().into_iter().chain(&hired);
    let versions = before.iter().map(|it| Manifest::of(&split(it))).collect();
    let people = (hands().map(|it| it.person.clone()), hands().map(Hand::enrolled));
    Directory::new(people.0, people.1, catalogue, &Catalogue::default())
        .knowing(versions, HashMap::new())
}

/// What a device does with reference data.
#[derive(Default)]
struct Holder {
    held: Parts,
    pieces: Vec<Vec<u8>>,
}

impl Holder {
    fn digest(&self) -> Option<Digest> {
        (!self.held.is_empty()).then(|| Manifest::of(&self.held).digest())
    }

    fn asks(&self, hand: &Hand, max_bytes: u32) -> Request {
        Request {
            max_bytes,
            catalogue: self.digest(),
            reads: Some(READS),
            held: Manifest::of(&self.held).held(),
            coming: Some(pieces::prefixes(&self.pieces)),
            ..hand.request(&[], Vec::new())
        }
    }

    fn lead(&mut self, from: Option<Digest>, to: Digest, parts: &[Part], gone: &[String]) {
        assert!(from.is_none() || from == self.digest());
        if from.is_none() {
            self.held.clear();
        }
        self.held.retain(|name, _| !gone.contains(name));
        let parts = parts.iter().map(|part| (part.name.clone(), part.bytes.to_vec()));
        self.held.extend(parts);
        self.pieces.clear();
        assert_eq!(self.digest(), Some(to));
    }

    /// Takes an answer; gives the names of parts that came, and the bytes of a piece with what came before.
    fn take(&mut self, answer: &Response) -> (Vec<String>, Option<(u64, usize)>) {
        let news = answer.items.iter().find(|it| {
            matches!(it, Item::Parts { .. } | Item::Piece { .. } | Item::Catalogue { .. })
        });
        match news {
            None => (Vec::new(), None),
            Some(Item::Parts { from, to, parts, gone }) => {
                self.lead(*from, *to, parts, gone);
                (parts.iter().map(|part| part.name.clone()).collect(), None)
            }
            Some(Item::Piece { from, to, after, bytes, more }) => {
                let mut there: usize = self.pieces.iter().map(Vec::len).sum();
                while there as u64 > *after {
                    there -= self.pieces.pop().unwrap().len();
                }
                assert_eq!(there as u64, *after);
                self.pieces.push(bytes.to_vec());
                let mut came = Vec::new();
                if *more {
                    assert!(answer.more && !bytes.is_empty());
                } else {
                    let (parts, gone) = pieces::parts_of(&self.pieces.concat()).unwrap();
                    self.lead(*from, *to, &parts, &gone);
                    came.extend(parts.into_iter().map(|part| part.name));
                }
                (came, Some((*after, bytes.len())))
            }
            Some(other) => panic!("{other:?}"),
        }
    }

    fn colleagues(&self) -> usize {
        let part: Catalogue = cbor::from_slice(&self.held[COLLEAGUES]).unwrap();
        part.colleagues.len()
    }
}

#[tokio::test]
async fn who_is_hired_travels_alone_however_many_changes_a_device_missed() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let (first, mut second) = (register(200), register(200));
    second.version = "2026-11-24".into();
    zone.shared.directory.replace(zone_of(&cast, 0, &first, &[&first]));
    let mut holder = Holder::default();
    let answer = zone.send(&cast.one, &holder.asks(&cast.one, u32::MAX), MORNING).await;
    assert!(holder.take(&answer).0.len() > 100);
    let staff = holder.colleagues();

    for (hired, catalogue, came) in [
        (1, &first, [COLLEAGUES].as_slice()),
        (3, &first, &[COLLEAGUES]),
        (3, &second, &[BASE]),
        (4, &first, &[BASE, COLLEAGUES]),
        (0, &first, &[COLLEAGUES]),
        (0, &first, &[]),
    ] {
        zone.shared.directory.replace(zone_of(&cast, hired, catalogue, &[&first, &second]));
        let answer = zone.send(&cast.one, &holder.asks(&cast.one, u32::MAX), MORNING).await;
        assert_eq!(holder.take(&answer).0, came);
        assert_eq!(holder.colleagues(), staff + usize::try_from(hired).unwrap());
    }

    // What nobody knows any more comes as a whole.
    zone.shared.directory.replace(zone_of(&cast, 0, &second, &[&second]));
    let answer = zone.send(&cast.one, &holder.asks(&cast.one, u32::MAX), MORNING).await;
    assert!(holder.take(&answer).0.len() > 100);
}

#[tokio::test]
async fn reference_data_come_in_as_many_answers_as_the_line_needs() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let register = register(60);
    zone.shared.directory.replace(zone_of(&cast, 0, &register, &[&register]));
    for room in [50_u32, 1_000, 8_192] {
        let mut holder = Holder::default();
        let mut last = 0;
        loop {
            let answer = zone.send(&cast.one, &holder.asks(&cast.one, room), MORNING).await;
            // An answer that did not arrive is given again.
            let again = zone.send(&cast.one, &holder.asks(&cast.one, room), MORNING).await;
            assert_eq!(answer.items, again.items);
            let (after, bytes) = holder.take(&answer).1.unwrap();
            assert_eq!(after, last, "nothing comes twice");
            assert!(bytes <= usize::try_from(room).unwrap());
            last = after + bytes as u64;
            if holder.pieces.is_empty() {
                break;
            }
        }
        let mut whole = Holder::default();
        let answer = zone.send(&cast.one, &whole.asks(&cast.one, u32::MAX), MORNING).await;
        assert_eq!(whole.take(&answer).1, None);
        assert_eq!(holder.held, whole.held);
    }
}

#[tokio::test]
async fn an_account_that_is_made_before_each_answer_begins_nothing_again() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let register = register(60);
    let mut holder = Holder::default();
    let (mut hired, mut least) = (0, 0);
    while holder.held.is_empty() {
        hired += 1;
        assert!(hired < 60, "it never ends");
        zone.shared.directory.replace(zone_of(&cast, hired, &register, &[&register]));
        let answer = zone.send(&cast.one, &holder.asks(&cast.one, 3_000), MORNING).await;
        let Some((after, _)) = holder.take(&answer).1 else { panic!("all of it at once") };
        // The colleagues are behind everything else, and may be gone back on.
        let colleagues = 200 * u64::from(6 + hired);
        assert!(after + colleagues >= least, "{after} after {least}");
        least = least.max(after);
    }
    assert!(hired > 3, "{hired}");
    // Whoever was hired after the last part began comes behind it.
    while holder.colleagues() < 5 + usize::try_from(hired).unwrap() {
        let answer = zone.send(&cast.one, &holder.asks(&cast.one, 6_000), MORNING).await;
        assert!(holder.take(&answer).1.is_some(), "nothing comes");
    }
}

#[tokio::test]
async fn colleagues_come_to_their_end_although_somebody_is_hired_before_each_answer() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let register = register(0);
    let mut holder = Holder::default();
    zone.shared.directory.replace(zone_of(&cast, 1, &register, &[&register]));
    let answer = zone.send(&cast.one, &holder.asks(&cast.one, u32::MAX), MORNING).await;
    holder.take(&answer);
    let (mut hired, mut bytes, mut rounds) = (100, 0, 0);
    for round in 1..=3 {
        // More than one answer carries, and before each of them somebody is hired.
        let staff = holder.colleagues();
        let begun = hired + 1;
        loop {
            hired += 1;
            rounds += 1;
            assert!(rounds < 80, "they never come to their end");
            zone.shared.directory.replace(zone_of(&cast, hired, &register, &[&register]));
            let answer = zone.send(&cast.one, &holder.asks(&cast.one, 2_000), MORNING).await;
            bytes += holder.take(&answer).1.unwrap().1;
            if holder.pieces.is_empty() {
                break;
            }
        }
        assert!(holder.colleagues() > staff);
        assert_eq!(holder.colleagues(), 5 + usize::try_from(begun).unwrap(), "of round {round}");
    }
    // Nothing came twice: three times the part, as large as it was.
    let most = 3 * (holder.held[COLLEAGUES].len() + 100);
    assert!(bytes <= most, "{bytes} of {most}");
}

/// A register with enterprises in three streets.
fn streets() -> Catalogue {
    let mut register = register(300);
    for (number, enterprise) in register.enterprises.iter_mut().enumerate() {
        enterprise.street = street(number % 3);
    }
    register
}

fn street(number: usize) -> StreetCode {
    format!("37040200{}", number + 1).parse().unwrap()
}

#[tokio::test]
async fn who_works_in_other_streets_than_before_gets_what_differs_alone() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let register = streets();
    let person = cast.one.person.id;
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let mut holder = Holder::default();
    let of = |numbers: &[usize]| -> BTreeSet<StreetCode> {
        numbers.iter().map(|number| street(*number)).collect()
    };
    let mut whole = 0;
    // Nowhere in particular first; each time with how many of three streets are new, and how many are gone.
    for (streets, new, gone) in
        [(of(&[]), 3, 0), (of(&[0]), 0, 2), (of(&[0, 1]), 1, 0), (of(&[2]), 1, 2), (of(&[]), 2, 0)]
    {
        accounts::set_streets(&mut db, person, &streets).await.unwrap();
        let known = accounts::streets(&mut db).await.unwrap();
        let earlier = accounts::earlier_streets(&mut db).await.unwrap();
        let directory = zone_of(&cast, 0, &register, &[&register]);
        let directory = directory.knowing(vec![Manifest::of(&split(&register))], known);
        zone.shared.directory.replace(directory.having_worked(earlier));
        let before = holder.held.clone();
        let answer = zone.send(&cast.one, &holder.asks(&cast.one, u32::MAX), MORNING).await;
        let (came, _) = holder.take(&answer);
        let bytes: usize = came.iter().map(|name| holder.held[name].len()).sum();
        if whole == 0 {
            whole = bytes;
            continue;
        }
        let enterprises = came.iter().filter(|name| name.starts_with("enterprises/"));
        assert_eq!(enterprises.count(), came.len(), "nothing but enterprises differs");
        assert!(bytes <= whole * new / 3 + whole / 20, "{streets:?}: {bytes} of {whole}");
        assert_eq!(came.is_empty(), new == 0);
        let lost = before.keys().filter(|name| !holder.held.contains_key(*name)).count();
        assert_eq!(lost > 0, gone > 0, "{streets:?}");
    }
}

#[tokio::test]
async fn a_push_of_much_waits_for_no_reference_data_and_an_older_build_gets_them_at_once() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let register = register(60);
    zone.shared.directory.replace(zone_of(&cast, 0, &register, &[&register]));
    let plans: Vec<_> =
        (0..20).map(|n| cast.supervisor.state(plan(n, &[&cast.one, &cast.two]), MORNING)).collect();
    let mut holder = Holder::default();
    let hand = &cast.supervisor;
    let facts = hand.request(&plans, Vec::new()).facts;
    let pushed = Request { facts, ..holder.asks(hand, u32::MAX) };
    let answer = zone.send(hand, &pushed, MORNING).await;
    assert_eq!(answer.verdicts.len(), 20);
    assert!(answer.items.is_empty() && answer.more);
    let answer = zone.send(hand, &holder.asks(hand, u32::MAX), MORNING).await;
    assert!(holder.take(&answer).0.len() > 40);

    // A version that is held leaves room for what is new of cases.
    zone.shared.directory.replace(zone_of(&cast, 40, &register, &[&register]));
    let planned = |answer: &Response| {
        answer.items.iter().filter(|it| matches!(it, Item::Fact { .. })).count()
    };
    let mut other = Holder { held: holder.held.clone(), pieces: Vec::new() };
    let answer = zone.send(&cast.one, &other.asks(&cast.one, 2_000), MORNING).await;
    assert!(other.take(&answer).1.is_some_and(|(_, bytes)| bytes == 1_000));
    assert!(planned(&answer) > 0);

    let older = Request { reads: Some(5), held: None, coming: None, ..holder.asks(&cast.one, 1) };
    let answer = zone.send(&cast.one, &older, MORNING).await;
    let (came, piece) = holder.take(&answer);
    assert!(came.len() > 40 && piece.is_none());
}
