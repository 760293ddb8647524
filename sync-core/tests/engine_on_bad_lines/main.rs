//! Slow lines, lines that are cut, and lines on which somebody else answers.

mod line;
mod weather;

use std::collections::BTreeSet;

use sync_core::id::Digest;
use sync_core::sync::{PageSize, ServerRequest, SyncProgress};
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

use line::{Answer, Fate, PORTAL, World, exchanged, foreign, small};

#[test]
fn a_photo_of_three_megabytes_passes_every_line_that_moves() {
    for kbit in [8, 10, 32, 64, 128] {
        let cuts = [None, Some(20_000_i64), Some(7_000)];
        for cut in cuts {
            let size = 3_000_000_u64;
            let mut world = World::with(&[("photo", size)]);
            let per_second = kbit * 1000 / 8;
            let mut before = 0;
            for _ in 0..600 {
                // The line is cut so long after the round begins.
                let mut left = cut;
                world.round(&mut |_, bytes| {
                    let ms = i64::try_from(bytes * 1000 / per_second).expect("small") + 200;
                    match &mut left {
                        Some(left) if *left <= ms => {
                            let arrives = u64::try_from(*left).expect("time") * per_second / 1000;
                            Fate::Cut { arrives: arrives.min(bytes), ms: *left }
                        }
                        left => {
                            if let Some(left) = left {
                                *left -= ms;
                            }
                            Fate::Fair { ms }
                        }
                    }
                });
                let there = world.server.values().sum();
                assert!(there > before, "{kbit} kbit/s, cut {cut:?}: stands at {there}");
                before = there;
                if !world.delivered.is_empty() {
                    break;
                }
            }
            assert_eq!(world.delivered.len(), 1, "{kbit} kbit/s, cut {cut:?}: {before}");
            assert!(world.bytes_up <= size * 11 / 10, "{} bytes up", world.bytes_up);
        }
    }
}

#[test]
fn a_photo_passes_a_line_that_is_cut_where_something_before_the_server_drops_what_is_not_whole() {
    // A gateway passes a request on when it has all of it, so nothing arrives of one that is cut.
    for passes in [18_000, 40_000, 63_000] {
        let mut world = World::with(&[("photo", 3_000_000)]);
        let mut rounds = 0;
        while world.delivered.is_empty() {
            rounds += 1;
            assert!(
                rounds < 400,
                "a line of {passes} bytes: stands at {:?}",
                world.server.values()
            );
            let mut left = passes;
            world.round(&mut |_, bytes| {
                let fits = bytes + 300 <= left;
                left = left.saturating_sub(bytes + 300);
                if fits { Fate::Fair { ms: 5_000 } } else { Fate::Cut { arrives: 0, ms: 5_000 } }
            });
        }
    }
}

#[test]
fn requests_are_short_on_a_slow_line_and_few_on_a_quick_one() {
    for (kbit, most) in [(8_u64, 66_000), (32, 17_000), (128, 17_000), (10_000, 4_000)] {
        let mut world = World::with(&[("photo", 3_000_000)]);
        world.round(&mut |_, bytes| {
            let ms = i64::try_from(bytes * 8 / kbit).expect("small");
            assert!(ms <= most, "{bytes} bytes at {kbit} kbit/s");
            Fate::Fair { ms }
        });
        assert_eq!(world.delivered.len(), 1);
        assert!(kbit < 10_000 || world.requests <= 7, "{} requests", world.requests);
    }
}

#[test]
fn one_file_that_is_turned_away_holds_back_no_other_and_says_why() {
    let names: Vec<String> = (0..10).map(|n| format!("photo {n}")).collect();
    // The server itself, too, where a person has begun too many files.
    let full = Problem::new(Refusal::new(Code::PartsFull).detail("429"), 429);
    let full = (429, serde_json::to_vec(&full).expect("JSON"));
    let answers = foreign().into_iter().map(|answer| (answer, Code::NetworkForeign));
    for (answer, code) in answers.chain([(full, Code::PartsFull)]) {
        for turned_away in [0, 4, 9] {
            let files: Vec<(&str, u64)> =
                names.iter().zip(1..).map(|(name, n)| (name.as_str(), n * 100_000)).collect();
            let mut world = World::with(&files);
            let bad = world.files[turned_away].hash;
            let mut way = |call: &ServerRequest, _: u64| match call {
                ServerRequest::Put { hash, .. } if *hash == bad => Fate::Answered(answer.clone()),
                _ => Fate::Fair { ms: 10 },
            };
            world.round(&mut way);
            assert_eq!(world.delivered.len(), 9, "{answer:?}");
            let why = &world.shown[&bad];
            assert_eq!(why.code, code);
            assert!(why.detail.as_deref().is_some_and(|it| it.contains(&answer.0.to_string())));
            assert_eq!(world.waits(), Some(why));
            world.round(&mut |_, _| Fate::Fair { ms: 10 });
            assert_eq!(world.delivered.len(), 10, "{answer:?}");
        }
    }
}

#[test]
fn many_files_that_are_turned_away_let_the_others_pass_in_the_next_round() {
    let names: Vec<String> = (0..30).map(|n| format!("photo {n}")).collect();
    let files: Vec<(&str, u64)> =
        names.iter().zip(1..).map(|(name, n)| (name.as_str(), n * 50_000)).collect();
    let mut world = World::with(&files);
    let bad: BTreeSet<Digest> = world.files[..20].iter().map(|it| it.hash).collect();
    for _ in 0..4 {
        world.round(&mut |call, _| match call {
            ServerRequest::Put { hash, .. } if bad.contains(hash) => {
                Fate::Answered((403, PORTAL.to_vec()))
            }
            _ => Fate::Fair { ms: 10 },
        });
    }
    assert_eq!(world.delivered.len(), 10);
    // What never passes costs little.
    assert!(world.bytes_up < 14_000_000, "{}", world.bytes_up);
}

#[test]
fn a_proxy_that_takes_no_large_requests_is_given_small_ones() {
    let mut world = World::with(&[("photo", 3_000_000)]);
    world.round(&mut |_, bytes| {
        if bytes > 100_000 {
            Fate::Answered((413, PORTAL.to_vec()))
        } else {
            Fate::Fair { ms: 5_000 }
        }
    });
    assert_eq!(world.delivered.len(), 1);
}

#[test]
fn an_answer_that_is_not_the_servers_is_called_so_whatever_was_asked() {
    type Of = fn(&ServerRequest) -> bool;
    let kinds: [Of; 3] = [
        |call| matches!(call, ServerRequest::Exchange(_)),
        |call| matches!(call, ServerRequest::RenewSession),
        |call| matches!(call, ServerRequest::Get { .. }),
    ];
    let expired = Problem::new(Code::NotSignedIn.into(), 401);
    let expired = (401, serde_json::to_vec(&expired).expect("JSON"));
    for answer in foreign() {
        for of in kinds {
            let mut world = World::with(&[("photo", 1_000)]);
            world.downloads.insert(Digest::of(b"picture"));
            let renewing = of(&ServerRequest::RenewSession);
            world.round(&mut |call, _| match call {
                call if of(call) => Fate::Answered(answer.clone()),
                ServerRequest::Exchange(_) if renewing => Fate::Answered(expired.clone()),
                _ => Fate::Fair { ms: 10 },
            });
            let why = world.waits().expect("it waits");
            assert_eq!(why.code, Code::NetworkForeign, "{answer:?}");
            assert!(!world.last.contains(&SyncProgress::SignInNeeded), "{answer:?}");
            assert!(world.fetched.is_empty());
            world.round(&mut |_, _| Fate::Fair { ms: 10 });
            assert_eq!((world.delivered.len(), world.fetched.len()), (1, 1));
            assert_eq!(world.waits(), None);
        }
    }
}

#[test]
fn only_what_the_server_signed_for_this_photo_is_kept_as_its_small_picture() {
    let hash = Digest::of(b"picture");
    let other = small(Digest::of(b"another picture"));
    let mut damaged = small(hash);
    damaged[3] ^= 1;
    for body in [PORTAL.to_vec(), Vec::new(), b"{}".to_vec(), other, damaged, vec![0; 64]] {
        let mut world = World::default();
        world.downloads.insert(hash);
        world.round(&mut |call, _| match call {
            ServerRequest::Get { .. } => Fate::Answered((200, body.clone())),
            _ => Fate::Fair { ms: 10 },
        });
        assert!(world.fetched.is_empty());
        world.round(&mut |_, _| Fate::Fair { ms: 10 });
        assert!(world.fetched[&hash].starts_with(b"small"), "the picture alone");
        assert!(small(hash).starts_with(&world.fetched[&hash]));
        assert!(small(hash).len() > world.fetched[&hash].len());
    }
}

#[test]
fn news_pass_whatever_lets_only_small_answers_through_and_however_it_drops_the_others() {
    for most in [3_000, 20_000, 300_000] {
        let torn = (200, exchanged(500_000, true)[..most].to_vec());
        let instead =
            [None, Some((502, PORTAL.to_vec())), Some((413, PORTAL.to_vec())), Some(torn)];
        for instead in instead {
            for ms in [0, 999, 20_000] {
                let mut world = World { news: 600_000, ..World::default() };
                let mut rounds = 0;
                while world.news > 0 {
                    rounds += 1;
                    let stands = world.news;
                    assert!(rounds < 2_000, "{most} bytes, {instead:?}, {ms} ms: {stands} left");
                    world.round(&mut |_, _| Fate::Narrow {
                        bytes: most,
                        ms,
                        instead: instead.clone(),
                    });
                }
            }
        }
    }
}

#[test]
fn neither_a_day_without_a_network_nor_a_server_without_time_costs_a_page_its_size() {
    let busy = Problem::new(Refusal::new(Code::StorageFailed), 500);
    let busy = (500, serde_json::to_vec(&busy).expect("JSON"));
    let fates: [fn(&Answer) -> Fate; 3] = [
        |_| Fate::Cut { arrives: 0, ms: 2 },
        |busy| Fate::Answered(busy.clone()),
        |_| Fate::Answered((200, PORTAL.to_vec())),
    ];
    for fate in fates {
        let mut world = World { news: 900_000, ..World::default() };
        for _ in 0..200 {
            world.round(&mut |_, _| fate(&busy));
        }
        let mut exchanges = 0;
        world.round(&mut |_, _| {
            exchanges += 1;
            Fate::Fair { ms: 40 }
        });
        assert_eq!(world.news, 0);
        assert!(exchanges <= 2, "{exchanges} exchanges");
        assert_eq!(world.pages.bytes(), PageSize::default().bytes());
    }
}
