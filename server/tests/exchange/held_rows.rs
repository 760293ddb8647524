//! Rows of quarantine that cannot be read: each is named, and everything beside them stays usable.

use server::usecase::decide_quarantine;
use sync_core::act::Fact;
use sync_core::id::Digest;
use sync_core::refusal::Code;
use sync_core::wire::api_office::{QuarantineDecision, QuarantinePage, QuarantineQuery};
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{MORNING, NOWHERE, Zone, arrival};
use super::{Cast, code};
use crate::database::tamper;

/// What may be wrong with a row.
const DAMAGES: &[(&str, &str)] = &[
    ("a code that is none", "UPDATE quarantine SET code = 9999 WHERE item = $1"),
    ("a stream that is none", "UPDATE quarantine SET stream = item WHERE item = $1"),
    ("an author that is none", "UPDATE quarantine SET author = item WHERE item = $1"),
    ("a device that is none", "UPDATE quarantine SET device = item WHERE item = $1"),
    ("a department that is none", "UPDATE quarantine SET department = 'NO SUCH' WHERE item = $1"),
    ("a form that is none", "UPDATE quarantine SET form = 7 WHERE item = $1"),
    ("a state that is none", "UPDATE quarantine SET state = 9 WHERE item = $1"),
    ("judged by nobody", "UPDATE quarantine SET state = 1 WHERE item = $1"),
    ("a name that is none", "UPDATE quarantine SET item = device WHERE item = $1"),
    ("bytes that are no fact", "UPDATE quarantine SET bytes = item WHERE item = $1"),
    (
        "bytes of another fact",
        "UPDATE quarantine SET bytes = (SELECT other.bytes FROM quarantine AS other \
         WHERE other.item <> quarantine.item ORDER BY other.item LIMIT 1) WHERE item = $1",
    ),
];

async fn page(zone: &Zone, cast: &Cast, limit: u32, after: Option<String>) -> QuarantinePage {
    let query = QuarantineQuery { judged: Some(true), limit: Some(limit), after };
    decide_quarantine::list(&zone.shared, &cast.supervisor.person, &query).await.unwrap()
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_no_other_one_suffers_from_it() {
    for (what, text) in DAMAGES {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        // Nobody planned these visits.
        let facts: Vec<Fact> =
            (1..=3).map(|number| cast.one.state(arrival(number), MORNING)).collect();
        let outcomes = zone.push(&mut cast.one, &facts, MORNING).await;
        assert!(outcomes.iter().all(|it| code(it) == Code::NotPlanned));
        let torn = facts[1].id.as_bytes().to_vec();
        assert_eq!(tamper(&zone.shared.pool, text, &[torn]).await, 1, "{what}");

        let all = page(&zone, &cast, 50, None).await;
        let mut good: Vec<Digest> = all.rows.iter().map(|row| row.item).collect();
        good.sort_unstable();
        let mut expected = [facts[0].id, facts[2].id];
        expected.sort_unstable();
        assert_eq!(good, expected, "{what}");
        assert_eq!(all.unread.len(), 1, "{what}");
        assert_eq!(all.unread[0].code, Code::RecordDamaged);
        assert!(all.unread[0].received_at.is_some() && !all.unread[0].detail.is_empty());
        assert!(zone.shared.integrity.damaged() > 0, "{what}");

        // Row after row, too.
        let (mut rows, mut unread, mut after) = (0, 0, None);
        loop {
            let part = page(&zone, &cast, 1, after).await;
            rows += part.rows.len();
            unread += part.unread.len();
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((rows, unread), (2, 1), "{what}");

        // It cannot be judged, the others can, and their author hears of it.
        let reject = QuarantineDecision { accept: false, reason: "计划外".to_owned() };
        for (number, fact) in facts.iter().enumerate() {
            let by = (&cast.supervisor.person, NOWHERE);
            let accept = QuarantineDecision { accept: number == 1, ..reject.clone() };
            let decided =
                decide_quarantine::decide(&zone.shared, by, fact.id, &accept, MORNING).await;
            let refused = decided.err().map(|it| it.code);
            let expected: &[Option<Code>] = if number == 1 {
                &[Some(Code::RecordDamaged), Some(Code::NotFound)]
            } else {
                &[None]
            };
            assert!(expected.contains(&refused), "{what}: {refused:?}");
        }
        let heard = zone.pull(&mut cast.one, MORNING).await;
        assert_eq!(heard.iter().filter(|it| matches!(it, Item::Judged { .. })).count(), 2);

        // Whoever sends all of it once more gets an answer for each.
        let again = zone.push(&mut cast.one, &facts, MORNING).await;
        assert!(again.iter().all(|it| code(it) == Code::NotPlanned), "{what}");
        assert!(matches!(again[1], Outcome::Quarantined(_)), "{what}");
    }
}
