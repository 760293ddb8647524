//! Reports: which there are for somebody, and the answer to a question.

use sync_core::domain::account::Person;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::report::{ReportEntry, Sheet};

use crate::report::{self, Asker, Query, REPORTS, cases};
use crate::state::Shared;
use crate::store::{StoreError, frozen};

fn asker(shared: &Shared, reader: &Person, now: Timestamp) -> Result<Asker, Refusal> {
    let scope = authority::report_scope(reader)?;
    Ok(Asker { scope, directory: shared.directory.snapshot(), now })
}

/// The reports with what the reader can ask of each.
///
/// # Errors
/// `role_not_allowed`.
pub fn list(shared: &Shared, reader: &Person, now: Timestamp) -> Result<Vec<ReportEntry>, Refusal> {
    let asker = asker(shared, reader, now)?;
    let entry = |report: &&dyn report::Report| ReportEntry {
        name: report.name().to_owned(),
        title: report.title().to_owned(),
        about: report.about().to_owned(),
        inputs: report.inputs(&asker),
    };
    Ok(REPORTS.iter().map(entry).collect())
}

/// The sheet that answers a question: as it was frozen, otherwise computed. Asking freezes nothing.
///
/// # Errors
/// When the reader may not ask, the question cannot be read, or the same person has several waiting (`rate_limited`).
pub async fn give(
    shared: &Shared,
    reader: &Person,
    name: &str,
    query: &Query,
    now: Timestamp,
) -> Result<Sheet, Refusal> {
    let asker = asker(shared, reader, now)?;
    let report = report::named(name)?;
    let mut asked = report.ask(query, &asker)?;
    let period = asked.frozen_under.take();
    if let Some(period) = period
        && let Some(sheet) = stored(shared, name, period).await?
    {
        return Ok(sheet);
    }
    let _turn = shared.reporting.turn(reader.id).await?;
    let mut sheet = cases::answer(shared, &asker.directory, asked).await?;
    if period.is_some() && !sheet.rows.is_empty() {
        sheet.notes.push("尚未定稿，以定稿为准。".to_owned());
    }
    Ok(sheet)
}

/// A sheet as it was frozen.
async fn stored(shared: &Shared, name: &str, period: CivilDate) -> Result<Option<Sheet>, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let body = frozen::get(&mut db, name, period).await?;
    let read = |body: String| serde_json::from_str(&body);
    body.map(read).transpose().map_err(|_| Refusal::new(Code::StorageFailed))
}
