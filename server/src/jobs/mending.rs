//! Looks once at each start for rows of streams that are not what they were, and has the clerk look at those: whatever of
//! them can be told again is written again, and a dossier of which it cannot is set aside with its reason. A row that was
//! lost with its mark would wake nobody.

use std::collections::BTreeSet;
use std::time::Duration;

use sync_core::refusal::Refusal;
use sync_core::time::Timestamp;

use crate::admission::dossier::Dossiers;
use crate::admission::load::{self, Loaded};
use crate::state::Shared;
use crate::store::streams::{self, StreamKey};
use crate::store::{Db, StoreError, drafts, ledger};

/// Streams that are looked at together.
const PAGE: i64 = 256;
/// How long exchanges come first, before each page.
const PATIENCE: Duration = Duration::from_secs(1);

/// Marks every stream whose row is not what it should be for the clerk. Returns how many there are.
///
/// # Errors
/// [`Code::StorageFailed`](sync_core::refusal::Code::StorageFailed) when something cannot be read or written at all.
pub async fn look(shared: &Shared) -> Result<usize, Refusal> {
    let (_, server) = shared.keys.identity();
    let mut doubtful: BTreeSet<StreamKey> = BTreeSet::new();
    {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let chains = ledger::unknown_chains(&mut db, server).await?;
        for (chain, last) in &chains {
            shared.integrity.note(format!("{chain:?} does not know of its number {last}"));
        }
        streams::raise(&mut db, &chains).await?;
        doubtful.extend(streams::without_row(&mut db).await?);
    }
    let mut after = None;
    loop {
        shared.turns.quiet(PATIENCE).await;
        // One moment of the store: what is written meanwhile is no damage.
        let mut tx = shared.pool.begin().await.map_err(StoreError::from)?;
        let page = streams::of_cases(&mut tx, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        let (found, lacking) = of_page(&mut tx, &page, shared).await?;
        tx.rollback().await.map_err(StoreError::from)?;
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        streams::raise_changes(&mut db, &lacking).await?;
        doubtful.extend(found);
    }
    let keys: Vec<StreamKey> = doubtful.into_iter().collect();
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    streams::mark(&mut db, &keys).await?;
    Ok(keys.len())
}

/// Those of a page that are not what they should be, and those that have more changes than they know of; each alone if one
/// of them cannot be read.
async fn of_page(
    db: &mut Db,
    page: &[StreamKey],
    shared: &Shared,
) -> Result<(Vec<StreamKey>, Vec<(StreamKey, u64)>), Refusal> {
    let integrity = &shared.integrity;
    let ends = drafts::ends(db, page).await?;
    let mut found = Vec::new();
    let loaded = match load::cases(db, page, true, integrity).await {
        Err(error) if error.is_damage() => {
            let mut parts = Vec::with_capacity(page.len());
            for key in page {
                match load::cases(db, &[*key], true, integrity).await {
                    Ok(loaded) => parts.push(loaded),
                    Err(error) if error.is_damage() => found.push(*key),
                    Err(error) => return Err(error.into()),
                }
            }
            Loaded::joined(parts)
        }
        loaded => loaded?,
    };
    let known = |key: &StreamKey| loaded.streams.get(key).map_or(0, |row| row.changes);
    let lacking: Vec<(StreamKey, u64)> =
        ends.into_iter().filter(|(key, end)| known(key) < *end).collect();
    for (key, end) in &lacking {
        integrity.note(format!("{key:?} does not know of its change {end}"));
    }
    found.extend(lacking.iter().map(|(key, _)| *key));
    found.extend(loaded.damaged.iter().copied());
    let differ = move || Dossiers::open(&loaded, Timestamp::default()).mended();
    found.extend(shared.turns.run(differ).await?);
    Ok((found, lacking))
}
