//! Reference data that come in pieces. What is held stays the newest until the last piece is here.

use rusqlite::Transaction;
use sync_core::Refusal;
use sync_core::id::Digest;
use sync_core::wire::pieces::{self, Prefix};

use super::{Store, catalogues, failed};

/// One piece as it came.
pub(super) struct Piece<'a> {
    /// The manifest from which all pieces lead on.
    pub(super) from: Option<Digest>,
    /// The manifest that they lead to.
    pub(super) to: Digest,
    /// How many bytes come before.
    pub(super) after: u64,
    /// The bytes.
    pub(super) bytes: &'a [u8],
    /// Whether this is not the last piece.
    pub(super) more: bool,
}

/// Keeps a piece, and takes all of them over with the last one.
pub(super) fn take(tx: &Transaction<'_>, piece: &Piece<'_>) -> rusqlite::Result<()> {
    // No store is as large.
    let after = i64::try_from(piece.after).unwrap_or(i64::MAX);
    // What was behind it belongs to another version.
    tx.execute("DELETE FROM catalogue_piece WHERE after >= ?1", [after])?;
    let here = "SELECT coalesce(sum(length(bytes)), 0) FROM catalogue_piece";
    if tx.query_row(here, [], |row| row.get::<_, i64>(0))? != after {
        // It does not fit to what is here; the next request says what that is.
        return Ok(());
    }
    let keep = "INSERT INTO catalogue_piece (after, bytes) VALUES (?1, ?2)";
    tx.execute(keep, (after, piece.bytes))?;
    if piece.more {
        return Ok(());
    }
    let run = all(tx)?.concat();
    match pieces::parts_of(&run) {
        Ok((parts, gone)) => catalogues::take_parts(tx, piece.from, piece.to, &parts, &gone),
        Err(_) => catalogues::ask_for_all(tx),
    }
}

/// Lets go of what came.
pub(super) fn forget(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM catalogue_piece", []).map(drop)
}

fn all(connection: &rusqlite::Connection) -> rusqlite::Result<Vec<Vec<u8>>> {
    let sql = "SELECT bytes FROM catalogue_piece ORDER BY after";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.collect()
}

impl Store {
    /// How much came of the next reference data.
    pub(crate) fn coming(&self) -> Result<Vec<Prefix>, Refusal> {
        all(&self.connection).map(pieces::prefixes).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use sync_core::domain::catalogue::Catalogue;
    use sync_core::wire::catalogue::{Manifest, Part, split};

    use super::*;

    struct Offer {
        to: Digest,
        run: Vec<u8>,
    }

    fn offer(version: &str) -> Offer {
        let parts = split(&Catalogue { version: version.to_owned(), ..Catalogue::default() });
        let to = Manifest::of(&parts).digest();
        let parts: Vec<Part> =
            parts.into_iter().map(|(name, bytes)| Part { name, bytes: bytes.into() }).collect();
        Offer { to, run: pieces::run_of(&parts, &[]) }
    }

    fn come(store: &mut Store, offer: &Offer, after: usize, end: usize) {
        let bytes = offer.run.get(after..end).unwrap();
        let (after, more) = (after as u64, end < offer.run.len());
        let piece = Piece { from: None, to: offer.to, after, bytes, more };
        store.write(|tx| take(tx, &piece)).unwrap();
    }

    fn version(store: &Store) -> Option<String> {
        store.catalogue().unwrap().map(|it| it.version)
    }

    #[test]
    fn pieces_become_the_newest_with_the_last_one_and_survive_a_start_of_the_app() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Store::open(&folder.path().join("device.db"), Arc::new(|| true)).unwrap();
        let (first, second) = (offer("first"), offer("second"));
        let mut store = open();
        come(&mut store, &first, 0, first.run.len());
        assert_eq!((version(&store), store.coming().unwrap()), (Some("first".to_owned()), vec![]));
        for end in 1..second.run.len() {
            come(&mut store, &second, end - 1, end);
            drop(store);
            store = open();
            // A visit that ends meanwhile takes nothing of it away.
            store.unpin(&[sync_core::id::InspectionId::from_entropy([1; 16])]).unwrap();
            assert_eq!(store.coming().unwrap().first().unwrap().bytes, end as u64);
            assert_eq!(version(&store).as_deref(), Some("first"));
            assert_eq!(store.catalogue_digest().unwrap(), Some(first.to));
        }
        come(&mut store, &second, second.run.len() - 1, second.run.len());
        assert_eq!((version(&store), store.coming().unwrap()), (Some("second".to_owned()), vec![]));
    }

    #[test]
    fn pieces_that_do_not_fit_are_left_and_a_whole_that_does_not_fit_asks_for_all() {
        let mut store = Store::open(Path::new(":memory:"), Arc::new(|| true)).unwrap();
        let (first, second) = (offer("first"), offer("second"));
        come(&mut store, &first, 0, 8);
        come(&mut store, &first, 20, 30);
        assert_eq!(store.coming().unwrap().first().unwrap().bytes, 8);
        // Another version goes on behind the first piece.
        come(&mut store, &first, 8, 30);
        come(&mut store, &second, 8, 25);
        assert_eq!(store.coming().unwrap().first().unwrap().bytes, 25);
        come(&mut store, &first, 25, first.run.len());
        assert_eq!((version(&store), store.catalogue_digest().unwrap()), (None, None));
        assert_eq!(store.coming().unwrap(), []);
        come(&mut store, &second, 0, second.run.len());
        assert_eq!(version(&store).as_deref(), Some("second"));
    }
}
