//! When other calendars are known than before: has the clerk look at every visit with a deadline that was counted over a year
//! without one, or over another edition.

use sync_core::calendar::Calendars;
use sync_core::refusal::Refusal;

use crate::state::Shared;
use crate::store::{StoreError, rows, streams};

/// Marks the visits whose deadlines are to be counted again. Asks the store only after a start and after calendars came.
///
/// # Errors
/// What the store says; it is asked again then.
pub async fn mark(shared: &Shared) -> Result<(), Refusal> {
    let Some(news) = shared.directory.new_calendars() else { return Ok(()) };
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    for editions in rows::editions(&mut db).await? {
        if !is_current(&editions, &news.calendars) {
            let visits = rows::counted_over(&mut db, &editions).await?;
            streams::mark(&mut db, &visits.into_iter().collect::<Vec<_>>()).await?;
        }
    }
    shared.directory.calendars_are_looked_at(&news);
    Ok(())
}

/// Whether these are the editions that are known.
fn is_current(editions: &str, calendars: &Calendars) -> bool {
    editions.split_whitespace().all(|edition| {
        let year = edition.split_once(':').and_then(|(year, _)| year.parse().ok());
        year.is_some_and(|year| calendars.version_of(year) == edition)
    })
}
