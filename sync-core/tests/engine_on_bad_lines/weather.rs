//! Each kind of weather for each kind of request: everything that can arrive arrives, nothing is marked that is not there,
//! and one true sentence says what happened.

use sync_core::id::Digest;
use sync_core::sync::{ServerRequest, SyncProgress};
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

use super::line::{Answer, Fate, PORTAL, World};

/// What a line does.
#[derive(Clone, Debug)]
enum Weather {
    /// So many kilobits a second.
    Slow(u64),
    /// Cut every twenty seconds, at so many kilobits.
    Cuts(u64),
    /// Something answers one request of ten in the server's place.
    OneOfTen(Answer),
    /// Something answers everything, for a while.
    Portal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Exchange,
    PhotoUp,
    ThumbnailDown,
    Renewal,
}

const KINDS: [Kind; 4] = [Kind::Exchange, Kind::PhotoUp, Kind::ThumbnailDown, Kind::Renewal];
const CUT_MS: i64 = 20_000;
const ROUNDS: usize = 300;
const PORTAL_ROUNDS: usize = 3;

fn weathers() -> Vec<Weather> {
    let mut all: Vec<Weather> = [8, 32, 64, 128].map(Weather::Slow).to_vec();
    all.extend([8, 32, 64, 128].map(Weather::Cuts));
    let html = |status| Weather::OneOfTen((status, PORTAL.to_vec()));
    all.extend([403, 404, 413, 451, 500, 502, 200].map(html));
    all.push(Weather::OneOfTen((200, Vec::new())));
    all.push(Weather::Portal);
    all
}

fn kind_of(call: &ServerRequest) -> Kind {
    match call {
        ServerRequest::Exchange(_) => Kind::Exchange,
        ServerRequest::Put { .. } => Kind::PhotoUp,
        ServerRequest::Get { .. } => Kind::ThumbnailDown,
        ServerRequest::RenewSession => Kind::Renewal,
    }
}

/// A device with news to come, photos to bring and small pictures to fetch.
fn world() -> World {
    let mut world = World::with(&[("a", 200_000), ("b", 250_000), ("c", 300_000)]);
    world.news = 150_000;
    world.downloads = (0..12_u8).map(|it| Digest::of(&[it])).collect();
    world
}

fn is_done(world: &World) -> bool {
    world.news == 0
        && world.delivered.len() == world.files.len()
        && world.fetched.len() == world.downloads.len()
}

fn expired() -> Answer {
    let problem = Problem::new(Refusal::new(Code::NotSignedIn), 401);
    (401, serde_json::to_vec(&problem).expect("JSON"))
}

/// One cell: the weather meets requests of one kind, the line is fair to all others. Of requests of ten the one at a place
/// is answered by something else.
fn cell(weather: &Weather, kind: Kind, place: usize) -> usize {
    let what = format!("{weather:?} {kind:?} {place}");
    let mut world = world();
    let size: u64 = world.files.iter().map(|it| it.bytes).sum();
    let (mut asked, mut foreign, mut sessions, mut met) = (0, 0, 0, 0);
    // Bytes that something else took: the server never saw them.
    let mut swallowed = 0;
    for round in 0.. {
        assert!(round < ROUNDS, "{what}: it never gets through");
        let before = foreign;
        let portal = round < PORTAL_ROUNDS;
        world.round(&mut |call, bytes| {
            let of_kind = kind_of(call) == kind;
            // Sessions end now and then, so that they are renewed.
            if matches!(call, ServerRequest::Exchange(_)) && kind == Kind::Renewal {
                sessions += 1;
                if sessions % 2 == 1 {
                    return Fate::Answered(expired());
                }
            }
            met += usize::from(of_kind);
            match weather {
                Weather::Slow(kbit) if of_kind => Fate::Line { kbit: *kbit, cut_ms: None },
                Weather::Cuts(kbit) if of_kind => Fate::Line { kbit: *kbit, cut_ms: Some(CUT_MS) },
                Weather::OneOfTen(answer) if of_kind => {
                    asked += 1;
                    if asked % 10 == place {
                        foreign += 1;
                        swallowed += bytes;
                        Fate::Answered(answer.clone())
                    } else {
                        Fate::Fair { ms: 50 }
                    }
                }
                Weather::Portal if portal => {
                    foreign += 1;
                    swallowed += bytes;
                    Fate::Answered((200, PORTAL.to_vec()))
                }
                _ => Fate::Fair { ms: 50 },
            }
        });
        let signed_out = world.last.iter().any(|it| matches!(it, SyncProgress::SignInNeeded));
        assert!(!signed_out, "{what}: somebody was signed out by what the server did not say");
        if foreign > before {
            let why = world.waits().unwrap_or_else(|| panic!("{what}: nothing was said"));
            assert_eq!(why.code, Code::NetworkForeign, "{what}");
        }
        if weather_is_portal(weather) && portal {
            assert!(world.delivered.is_empty() && world.fetched.is_empty(), "{what}");
        } else if is_done(&world) {
            break;
        }
    }
    assert!(world.server.iter().all(|(hash, bytes)| {
        world.files.iter().any(|it| it.hash == *hash && it.bytes == *bytes)
    }));
    let arrived = world.bytes_up - swallowed;
    assert!(arrived * 10 <= size * 11, "{what}: {arrived} of {size} bytes up");
    met
}

fn weather_is_portal(weather: &Weather) -> bool {
    matches!(weather, Weather::Portal)
}

#[test]
fn in_each_weather_each_kind_of_request_gets_through_and_says_what_happened() {
    let mut cells = 0;
    for weather in weathers() {
        for kind in KINDS {
            let places = if matches!(weather, Weather::OneOfTen(_)) { 0..10 } else { 0..1 };
            let met: usize = places.map(|place| cell(&weather, kind, place)).sum();
            assert!(met > 0, "{weather:?} {kind:?} was not met");
            cells += 1;
        }
    }
    assert_eq!(cells, 17 * 4);
}
