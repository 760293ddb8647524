//! Events of security: what is noted beside what is done, and the list of them.

use std::net::IpAddr;

use sync_core::domain::account::Person;
use sync_core::refusal::Refusal;
use sync_core::time::Timestamp;
use sync_core::wire::api_accounts::{AuditKind, AuditPage, AuditQuery, AuditRow};
use sync_core::wire::api_office::{PAGE_ROWS, PAGE_ROWS_MAX};

use crate::directory::Directory;
use crate::state::{App, Shared};
use crate::store::StoreError;
use crate::store::audit::{self, Event, Stored};
use crate::store::writer::WriteJob;

/// The events, the newest first, with the places at which their chain does not hold.
///
/// # Errors
/// `storage_failed`.
pub async fn list(shared: &Shared, query: &AuditQuery) -> Result<AuditPage, Refusal> {
    let limit = query.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let page = audit::page(&mut db, &shared.integrity, query.after, limit).await?;
    drop(db);
    let directory = shared.directory.snapshot();
    let next = page.rows.last().filter(|_| page.more).map(|row| row.place);
    let rows = page.rows.into_iter().filter_map(|row| shown(row, &directory)).collect();
    Ok(AuditPage { rows, broken: page.broken, next })
}

/// A row as people read it; none of a kind that this build does not know.
fn shown(row: Stored, directory: &Directory) -> Option<AuditRow> {
    let kind = AuditKind::ALL.iter().copied().find(|kind| kind.name() == row.kind)?;
    let person = |text: &str| directory.persons.get(&text.parse().ok()?);
    let name = |text: &str| person(text).map(|person| person.name.clone());
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(AuditRow {
        place: row.place,
        at: row.at,
        last_at: row.last_at,
        times: row.times,
        kind,
        title: kind.title().to_owned(),
        who: person(&row.who).map(|person| person.id),
        who_name: name(&row.who),
        about_name: name(&row.about),
        about: said(row.about),
        address: said(row.address),
        detail: said(row.detail),
        digest: row.digest,
    })
}

/// Notes an event of which nothing else is written.
///
/// # Errors
/// `storage_failed`.
pub(super) async fn note(app: &App, event: Event) -> Result<(), Refusal> {
    app.write_with_event(event, |_| Box::pin(async { Ok(Ok(())) })).await
}

/// Notes that a report or a file of a list was given, before it is.
///
/// # Errors
/// `storage_failed`.
pub async fn report_given(
    shared: &Shared,
    (reader, address): (&Person, IpAddr),
    (name, format): (&str, &str),
    now: Timestamp,
) -> Result<(), Refusal> {
    let event = Event::new(AuditKind::ReportGiven, now, address).by(reader.id).about(name);
    let job = WriteJob { audit: vec![event.detail(format)], ..WriteJob::default() };
    shared.writer.write(job).await?;
    Ok(())
}
