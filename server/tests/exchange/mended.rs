//! Rows of streams that are not what they were: what facts, links and lists say is told again, no case falls apart, and
//! nobody gets a second notice.

use std::collections::HashMap;

use server::jobs::mending;
use server::store::streams::{self, StreamKey, StreamRow};
use server::store::{drafts, set_aside};
use sync_core::draft::Draft;
use sync_core::id::NoticeId;
use sync_core::wire::exchange::Outcome;

use super::world::{MORNING, Zone, arrival, inspection, plan, serve};
use super::{Cast, accepted, change, deadlines, facts_of, notices};
use crate::database::tamper;

/// What may become of a row.
const DAMAGES: &[&str] = &[
    "DELETE FROM streams WHERE stream = $1",
    "UPDATE streams SET facts = facts - 1 WHERE stream = $1",
    "UPDATE streams SET facts = 0 WHERE stream = $1",
    "UPDATE streams SET linked = NULL WHERE stream = $1",
    "UPDATE streams SET linked = enterprise WHERE stream = $1",
    "UPDATE streams SET linked = (SELECT other.linked FROM streams AS other \
     WHERE other.linked IS NOT NULL AND other.stream > $1 AND other.linked <> streams.linked \
     ORDER BY other.stream LIMIT 1) WHERE stream = $1",
    "UPDATE streams SET enterprise = NULL WHERE stream = $1",
    "UPDATE streams SET enterprise = substr(stream, 2) WHERE stream = $1",
    "UPDATE streams SET enterprise = stream WHERE stream = $1",
    "UPDATE streams SET department = NULL WHERE stream = $1",
    "UPDATE streams SET department = 'xiaofang' WHERE stream = $1",
    "UPDATE streams SET department = 'NO SUCH' WHERE stream = $1",
    "UPDATE streams SET sealed = 1 - sealed WHERE stream = $1",
    "UPDATE streams SET audiences = '' WHERE stream = $1",
];

/// Which row of a case.
const SIDES: [&[usize]; 3] = [&[0], &[1], &[0, 1]];

struct Scene {
    cast: Cast,
    zone: Zone,
    /// Of each case the visit and its notice.
    cases: Vec<[StreamKey; 2]>,
    notices: Vec<NoticeId>,
}

impl Scene {
    /// As many cases as there is damage.
    async fn new() -> Self {
        Self::of(DAMAGES.len() * SIDES.len()).await
    }

    /// Cases with a notice that is not served.
    async fn of(count: usize) -> Self {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        let (mut cases, mut all) = (Vec::new(), Vec::new());
        for number in 1..=u32::try_from(count).unwrap() {
            cast.visit(&zone, number, 1).await;
            zone.clerk(MORNING).await;
            let issued = notices(&zone.pull(&mut cast.enterprise, MORNING).await);
            assert_eq!(issued.len(), 1);
            cases.push([StreamKey::inspection(inspection(number)), StreamKey::notice(issued[0])]);
            all.extend(issued);
        }
        Self { cast, zone, cases, notices: all }
    }

    async fn rows(&self) -> HashMap<StreamKey, StreamRow> {
        let keys: Vec<StreamKey> = self.cases.iter().flatten().copied().collect();
        let mut db = self.zone.shared.pool.acquire().await.unwrap();
        let rows = streams::load(&mut db, &keys).await.unwrap();
        let plain = |row: StreamRow| StreamRow { version: 0, look_at: None, ..row };
        rows.into_iter().map(|(key, row)| (key, plain(row))).collect()
    }

    /// Does each damage to another case, on each of its sides.
    async fn damage(&self) {
        let damages = DAMAGES.iter().flat_map(|text| SIDES.iter().map(move |side| (text, side)));
        for ((text, sides), case) in damages.zip(&self.cases) {
            for side in *sides {
                let key = case[*side].as_bytes().to_vec();
                assert!(tamper(&self.zone.shared.pool, text, &[key]).await <= 1);
            }
        }
    }

    fn name(&self, key: &StreamKey) -> String {
        let Some(at) = self.cases.iter().position(|case| case.contains(key)) else {
            return format!("{key:?}");
        };
        let side = self.cases[at].iter().position(|it| it == key).unwrap();
        format!("{} on {:?}, side {side}", DAMAGES[at / SIDES.len()], SIDES[at % SIDES.len()])
    }

    async fn nothing_is_set_aside(&self) {
        let mut db = self.zone.shared.pool.acquire().await.unwrap();
        let aside = set_aside::list(&mut db, 100).await.unwrap();
        let aside: Vec<_> = aside.iter().map(|it| self.name(&it.stream)).collect();
        assert!(aside.is_empty(), "{aside:#?}");
    }
}

#[tokio::test]
async fn after_a_start_every_row_tells_again_what_its_facts_and_links_say() {
    let mut scene = Scene::new().await;
    let before = scene.rows().await;
    assert_eq!(mending::look(&scene.zone.shared).await.unwrap(), 0, "nothing is wrong at first");
    scene.damage().await;
    assert!(mending::look(&scene.zone.shared).await.unwrap() > DAMAGES.len());
    assert!(scene.zone.shared.integrity.damaged() > 0);
    assert_eq!(scene.zone.clerk(MORNING).await, 0, "nobody gets a second notice");
    scene.nothing_is_set_aside().await;
    let after = scene.rows().await;
    let differ: Vec<_> = before
        .iter()
        .filter(|(key, row)| after.get(*key) != Some(*row))
        .map(|(key, row)| format!("{}: {row:?} now {:?}", scene.name(key), after.get(key)))
        .collect();
    assert!(differ.is_empty(), "{} {differ:#?}", differ.len());
    assert_eq!(
        mending::look(&scene.zone.shared).await.unwrap(),
        0,
        "and nothing is wrong any more"
    );
    let got = notices(&scene.zone.pull(&mut scene.cast.enterprise, MORNING).await);
    assert!(got.iter().all(|it| scene.notices.contains(it)), "{got:?}");
}

#[tokio::test]
async fn rows_that_agree_on_what_is_not_so_give_nobody_a_second_notice() {
    let link = "UPDATE streams SET linked = $2 WHERE stream = $1";
    for lost in [
        None,
        Some("UPDATE streams SET linked = NULL WHERE stream = $1"),
        Some("UPDATE streams SET linked = enterprise WHERE stream = $1"),
        Some("DELETE FROM streams WHERE stream = $1"),
    ] {
        for look in [false, true] {
            let scene = Scene::of(3).await;
            let before = scene.rows().await;
            let pool = &scene.zone.shared.pool;
            let [first, second, third] = [0, 1, 2].map(|at: usize| scene.cases[at]);
            let mut wrong = vec![(first[0], second[1]), (second[1], first[0])];
            if lost.is_none() {
                wrong.extend([(second[0], third[1]), (first[1], third[0])]);
            }
            for (from, to) in wrong {
                let values = [from, to].map(|it| it.as_bytes().to_vec());
                assert_eq!(tamper(pool, link, &values).await, 1);
            }
            if let Some(text) = lost {
                for key in [second[0], first[1]] {
                    tamper(pool, text, &[key.as_bytes().to_vec()]).await;
                }
            }
            if look {
                mending::look(&scene.zone.shared).await.unwrap();
            }
            let mark = "UPDATE streams SET pending = 1 WHERE sealed = 1";
            tamper(pool, mark, &[]).await;
            assert_eq!(scene.zone.clerk(MORNING).await, 0, "{lost:?}, {look}");
            scene.nothing_is_set_aside().await;
            if look {
                assert_eq!(scene.rows().await, before, "{lost:?}");
            }
        }
    }
}

#[tokio::test]
async fn before_anybody_looked_each_case_goes_on_as_a_whole() {
    let mut scene = Scene::new().await;
    scene.damage().await;
    let mut wrong = Vec::new();
    for (notice, case) in scene.notices.iter().zip(&scene.cases) {
        let served = scene.cast.two.state(serve(*notice), MORNING);
        let outcomes = scene.zone.push(&mut scene.cast.two, &[served], MORNING).await;
        if outcomes != [Outcome::Accepted] {
            wrong.push(format!("{}: {outcomes:?}", scene.name(&case[1])));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    scene.zone.clerk(MORNING).await;
    scene.nothing_is_set_aside().await;
    scene.cast.supervisor.cursor.clear();
    let facts = facts_of(&scene.zone.pull(&mut scene.cast.supervisor, MORNING).await);
    assert_eq!(deadlines(&facts), scene.cases.len(), "each notice has its deadline");
    let issued = scene.zone.pull(&mut scene.cast.enterprise, MORNING).await;
    let issued = notices(&issued);
    assert!(issued.iter().all(|it| scene.notices.contains(it)), "a second notice: {issued:?}");
}

#[tokio::test]
async fn a_draft_whose_row_knows_of_no_change_takes_the_next_one() {
    for look in [false, true] {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
        accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
        let arrived = cast.one.state(arrival(1), MORNING);
        accepted(&zone.push(&mut cast.one, &[arrived], MORNING).await);
        let mut draft = Draft::new(inspection(1)).unwrap();
        let key = StreamKey::inspection(inspection(1));
        for (number, item) in ["gm.dlq.1", "gm.dlq.2"].into_iter().enumerate() {
            if number == 1 {
                let text = "UPDATE streams SET changes = 0 WHERE stream = $1";
                let bytes = key.as_bytes().to_vec();
                assert_eq!(tamper(&zone.shared.pool, text, &[bytes]).await, 1);
                if look {
                    assert_eq!(mending::look(&zone.shared).await.unwrap(), 1);
                }
            }
            let changes = change(&mut draft, 1, &cast.one, item);
            let push = cast.one.sign_draft(inspection(1), &changes);
            let request = cast.one.request(&[], vec![push]);
            let answer = zone.send(&cast.one, &request, MORNING).await;
            let outcomes: Vec<_> = answer.verdicts.into_iter().map(|it| it.outcome).collect();
            accepted(&outcomes);
        }
        let mut db = zone.shared.pool.acquire().await.unwrap();
        assert_eq!(drafts::of_streams(&mut db, &[key]).await.unwrap()[&key].len(), 2);
        assert_eq!(streams::load(&mut db, &[key]).await.unwrap()[&key].changes, 2);
    }
}

#[tokio::test]
async fn a_chain_whose_row_is_gone_or_wrong_still_has_each_number_once() {
    for (look, text) in [
        (false, "DELETE FROM streams WHERE stream = $1"),
        (true, "DELETE FROM streams WHERE stream = $1"),
        (true, "UPDATE streams SET facts = 0 WHERE stream = $1"),
    ] {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        cast.visit(&zone, 1, 1).await;
        let chain = StreamKey::chain(cast.one.device).as_bytes().to_vec();
        assert_eq!(tamper(&zone.shared.pool, text, &[chain]).await, 1);
        if look {
            mending::look(&zone.shared).await.unwrap();
        }
        (cast.one.seq, cast.one.prev) = (1, None);
        let planned = cast.supervisor.state(plan(2, &[&cast.one, &cast.two]), MORNING);
        accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
        let second = cast.one.state(arrival(2), MORNING);
        let outcomes = zone.push(&mut cast.one, &[second], MORNING).await;
        assert_eq!(super::code(&outcomes[0]), sync_core::refusal::Code::ChainBroken, "{text}");
    }
}
