//! Pictures that are named by what is known here and that are not here yet.

use rusqlite::Transaction;
use sync_core::Refusal;
use sync_core::act::Statement;
use sync_core::id::{BlobHash, Digest};
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::stream::StreamKind;

use super::{Store, failed};

/// Notes the pictures that a received fact of a notice names: what was found, what was done, what was seen then.
pub(super) fn note(
    tx: &Transaction<'_>,
    stream: &[u8],
    statement: &Statement,
) -> rusqlite::Result<()> {
    // A photo is wanted once a statement rests on it, not when it is taken.
    let of_notice = statement.stream().is_some_and(|stream| stream.kind == StreamKind::Notice);
    if !of_notice || matches!(statement, Statement::Captured(_)) {
        return Ok(());
    }
    let named: Vec<BlobHash> = statement.tell().photos;
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO wanted (hash, stream) VALUES (?1, ?2)")?;
    named
        .into_iter()
        .try_for_each(|hash| insert.execute((hash.as_bytes().as_slice(), stream)).map(drop))
}

impl Store {
    /// The pictures that are wanted, those of the newest notices first.
    pub(crate) fn wanted(&self) -> Result<Vec<BlobHash>, Refusal> {
        let sql = "SELECT hash FROM wanted ORDER BY rowid DESC";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
        rows.map(|row| Digest::from_bytes(&row.map_err(failed)?)).collect()
    }

    /// Pictures that are here.
    pub(crate) fn found(&mut self, here: &[BlobHash]) -> Result<(), Refusal> {
        if here.is_empty() {
            return Ok(());
        }
        self.write(|tx| {
            let mut delete = tx.prepare_cached("DELETE FROM wanted WHERE hash = ?1")?;
            here.iter().try_for_each(|hash| delete.execute([hash.as_bytes().as_slice()]).map(drop))
        })
    }
}
