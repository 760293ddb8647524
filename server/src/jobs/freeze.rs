//! Reports of weeks that are over are frozen by the clerk, each once. Nobody freezes one by asking for it.

use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::report::Sheet;

use crate::report::{Asked, REPORTS, Report, cases, week::Week};
use crate::state::Shared;
use crate::store::{StoreError, frozen, streams};

/// How long after its end a week is frozen. What the server took over counts from the beginning of the request, and a
/// request is worked on for one minute at the most: after five nothing can be written that belongs to the week.
pub const SETTLING_MS: i64 = 5 * 60_000;

/// When the next week can be frozen.
#[must_use]
pub fn next_at(now: Timestamp) -> Timestamp {
    let over = last_over(now);
    frozen_from(over.next())
}

fn frozen_from(week: Week) -> Timestamp {
    week.end().plus_millis(SETTLING_MS)
}

/// The last week that can be frozen.
fn last_over(now: Timestamp) -> Week {
    Week::of(now.plus_millis(-SETTLING_MS).date()).previous()
}

/// Freezes every week that is over and not frozen yet, the oldest first, from the week of the first fact on. Returns how
/// many reports were frozen. Stopped at any moment it goes on with the next week.
///
/// # Errors
/// When a report cannot be computed or written.
pub async fn weeks(shared: &Shared, now: Timestamp) -> Result<usize, Refusal> {
    let mut count = 0;
    for report in REPORTS {
        let Some(first) = first_open(shared, *report, now).await? else { continue };
        let directory = shared.directory.snapshot();
        let mut week = first;
        while week <= last_over(now) {
            let Some(asked) = report.of_week(week, &directory) else { break };
            freeze(shared, *report, asked, now).await?;
            tracing::info!(report = report.name(), week = %week.first_day(), "frozen");
            count += 1;
            week = week.next();
        }
    }
    Ok(count)
}

/// The first week that is not frozen; none while nothing was ever taken over.
async fn first_open(
    shared: &Shared,
    report: &dyn Report,
    now: Timestamp,
) -> Result<Option<Week>, Refusal> {
    if report.of_week(last_over(now), &shared.directory.snapshot()).is_none() {
        return Ok(None);
    }
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    if let Some(last) = frozen::last(&mut db, report.name()).await? {
        return Ok(Some(Week::of(last).next()));
    }
    let first = streams::first_fact(&mut db).await?;
    Ok(first.map(|at| Week::of(at.date())))
}

/// Freezes the answer to a question unless it is frozen.
async fn freeze(
    shared: &Shared,
    report: &dyn Report,
    mut asked: Asked,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(period) = asked.frozen_under.take() else { return Ok(()) };
    let directory = shared.directory.snapshot();
    let sheet = cases::answer(shared, &directory, asked).await?;
    let sheet = Sheet { frozen_at: Some(now), ..sheet };
    let body = serde_json::to_string(&sheet).map_err(|_| Refusal::new(Code::StorageFailed))?;
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    Ok(frozen::put(&mut db, report.name(), period, now, &body).await?)
}
