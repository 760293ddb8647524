//! Proposals to restore people who were revoked by mistake.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use sync_core::id::PersonId;
use sync_core::time::Timestamp;

use super::{StoreError, id16};

/// How long a proposal can be confirmed.
const OPEN_MS: i64 = 7 * 24 * 3_600_000;

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Who is to be restored.
    pub person: PersonId,
    /// Who proposed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

fn read(row: &AnyRow) -> Result<Proposal, StoreError> {
    let person = |at: usize| {
        let bytes: Vec<u8> = row.try_get(at)?;
        Ok::<_, StoreError>(PersonId::from_bytes(id16(&bytes)?))
    };
    Ok(Proposal {
        person: person(0)?,
        by: person(1)?,
        at: Timestamp::from_millis(row.try_get(2)?),
        reason: row.try_get(3)?,
    })
}

/// The proposals that can be confirmed.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn all(db: &mut AnyConnection, now: Timestamp) -> Result<Vec<Proposal>, StoreError> {
    let text = "SELECT person, proposed_by, proposed_at, reason FROM restorations \
                WHERE proposed_at > $1 ORDER BY proposed_at, person";
    let since = now.plus_millis(-OPEN_MS).as_millis();
    let rows = sqlx::query(text).bind(since).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The proposal for a person that can be confirmed.
///
/// # Errors
/// As [`all`].
pub async fn waiting(
    db: &mut AnyConnection,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<Proposal>, StoreError> {
    Ok(all(db, now).await?.into_iter().find(|it| it.person == person))
}

/// Notes a proposal in the place of one that ended.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn put(db: &mut AnyConnection, proposal: &Proposal) -> Result<(), StoreError> {
    forget(&mut *db, proposal.person).await?;
    sqlx::query(
        "INSERT INTO restorations (person, proposed_by, proposed_at, reason) VALUES ($1, $2, $3, $4)",
    )
    .bind(proposal.person.as_bytes().as_slice())
    .bind(proposal.by.as_bytes().as_slice())
    .bind(proposal.at.as_millis())
    .bind(proposal.reason.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the proposal for a person.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn forget(db: &mut AnyConnection, person: PersonId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM restorations WHERE person = $1")
        .bind(person.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}
