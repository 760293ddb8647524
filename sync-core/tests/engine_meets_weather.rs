//! The engine of a device in any weather: requests and answers are cut, repeated and late, device
//! and server die and come back, one item may be poisoned.

mod engine_model;

use engine_model::gusts::{good, gust, poison, restores};
use engine_model::server::Server;
use engine_model::sky::{Sky, names};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn weather(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_123),
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    }
}

/// Lets the weather end and asks whether everything is settled within so many calm rounds.
fn settles(sky: &mut Sky, rounds: usize) -> Result<(), TestCaseError> {
    sky.weather();
    let mut last = sky.is_settled();
    for _ in 0..rounds {
        sky.round();
        last = sky.is_settled();
        if last.is_ok() {
            return Ok(());
        }
    }
    Err(TestCaseError::fail(format!("{last:?}")))
}

proptest! {
    #![proptest_config(weather(256))]

    #[test]
    fn after_any_weather_everything_own_is_at_the_server_once_and_marked_so(
        writes in prop::collection::vec(good(), 1..8),
        gusts in prop::collection::vec(gust(), 0..32),
    ) {
        settles(&mut Sky::new(&writes, &gusts), 1)?;
    }

    /// Asked after every effect, see [`Sky::round`].
    #[test]
    fn nothing_is_marked_as_delivered_that_the_server_does_not_hold(
        writes in prop::collection::vec(good(), 1..8),
        gusts in prop::collection::vec(prop_oneof![gust(), restores()], 0..48),
    ) {
        Sky::new(&writes, &gusts).weather();
    }

    /// Asked after every input, see [`Sky::round`].
    #[test]
    fn the_engine_always_comes_to_rest(
        writes in prop::collection::vec(prop_oneof![good(), poison()], 1..8),
        gusts in prop::collection::vec(gust(), 0..48),
    ) {
        Sky::new(&writes, &gusts).weather();
    }

    #[test]
    fn a_poisoned_item_never_holds_up_its_neighbours(
        before in prop::collection::vec(good(), 0..5),
        poison in poison(),
        after in prop::collection::vec(good(), 1..5),
        gusts in prop::collection::vec(gust(), 0..20),
    ) {
        let writes = [before, vec![poison], after].concat();
        let rounds = writes.len() + gusts.len();
        settles(&mut Sky::new(&writes, &gusts), rounds)?;
    }

    #[test]
    fn a_cursor_of_another_epoch_brings_everything_again_and_loses_nothing(
        writes in prop::collection::vec(good(), 1..6),
        before in prop::collection::vec(gust(), 0..12),
        after in prop::collection::vec(gust(), 0..12),
    ) {
        let mut sky = Sky::new(&writes, &before);
        settles(&mut sky, 1)?;
        let own = names(&sky);
        sky.server.lose_backup();
        sky.server.restore();
        prop_assert!(sky.server.stored.facts.is_empty());
        sky.brings(&after);
        settles(&mut sky, 1)?;
        prop_assert!(own.is_subset(&names(&sky)));
        prop_assert_eq!(Server::epoch_of(&sky.device.disk.cursor), Some(sky.server.epoch));
    }
}
