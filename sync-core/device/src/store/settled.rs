//! Which streams need not be folded for lists of open work, because everything in them is settled.

use sync_core::Refusal;
use sync_core::ledger::stream::{StreamId, StreamKind};

use super::{Store, failed, from_blob, to_blob};

/// Whether own work waits for its verdict.
const OWN_WAITS: &str =
    "SELECT EXISTS (SELECT 1 FROM fact WHERE own IS NOT NULL AND state IN (0, 3))";

impl Store {
    /// The streams of a kind that are not noted as settled, in the order in which
    /// they came, each with the number of its facts.
    pub(crate) fn open_streams(&self, kind: StreamKind) -> Result<Vec<(StreamId, i64)>, Refusal> {
        let sql = "SELECT stream.stream, COUNT(fact.n)
             FROM stream
             JOIN fact ON fact.stream = stream.stream
             LEFT JOIN settled ON settled.stream = stream.stream
             WHERE stream.kind = ?1
             GROUP BY stream.stream
             HAVING MAX(settled.facts) IS NOT COUNT(fact.n)
             ORDER BY stream.rowid";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement
            .query_map([kind.number()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))
            .map_err(failed)?;
        rows.map(|row| {
            let (stream, facts) = row.map_err(failed)?;
            Ok((from_blob(&stream)?, facts))
        })
        .collect()
    }

    /// Whether a stream was noted as settled.
    pub(crate) fn was_settled(&self, stream: &StreamId) -> Result<bool, Refusal> {
        let sql = "SELECT EXISTS (SELECT 1 FROM settled WHERE stream = ?1)";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        statement.query_row([to_blob(stream)], |row| row.get(0)).map_err(failed)
    }

    /// The streams of a kind that are noted as settled, the newest first.
    pub(crate) fn settled_streams(
        &self,
        kind: StreamKind,
        skip: u32,
        take: u32,
    ) -> Result<Vec<StreamId>, Refusal> {
        let sql = "SELECT stream.stream FROM settled JOIN stream ON stream.stream = settled.stream
             WHERE stream.kind = ?1 ORDER BY stream.rowid DESC LIMIT ?3 OFFSET ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement
            .query_map((kind.number(), skip, take), |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed)?;
        rows.map(|row| from_blob(&row.map_err(failed)?)).collect()
    }

    /// Notes streams as settled, unless own work waits for its verdict: what the server refuses
    /// settles nothing.
    pub(crate) fn note_settled(&self, streams: &[(StreamId, i64)]) -> Result<(), Refusal> {
        if streams.is_empty() {
            return Ok(());
        }
        if self.connection.query_row(OWN_WAITS, [], |row| row.get(0)).map_err(failed)? {
            return Ok(());
        }
        let transaction = self.connection.unchecked_transaction().map_err(failed)?;
        for (stream, facts) in streams {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO settled (stream, facts) VALUES (?1, ?2)")
                .and_then(|mut insert| insert.execute((to_blob(stream), facts)))
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn whether_own_work_waits_is_known_without_reading_the_facts_of_others() {
        let store = Store::open(Path::new(":memory:"), Arc::new(|| true)).unwrap();
        let mut plan =
            store.connection.prepare(&format!("EXPLAIN QUERY PLAN {OWN_WAITS}")).unwrap();
        let steps: Vec<String> =
            plan.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        assert!(steps.iter().any(|step| step.contains("COVERING INDEX fact_own")), "{steps:?}");
    }
}
