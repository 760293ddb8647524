//! The row that serializes writers, and the epoch of this store.

use sqlx::{AnyConnection, Connection as _, Row as _};

use super::{StoreError, numbers};

/// The epoch of this store. On a new store it becomes `fresh`, 16 bytes of entropy.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn epoch(db: &mut AnyConnection, fresh: [u8; 16]) -> Result<[u8; 16], StoreError> {
    sqlx::query(
        "INSERT INTO sequencer (id, turn, epoch) VALUES (1, 0, $1) ON CONFLICT (id) DO NOTHING",
    )
    .bind(fresh.as_slice())
    .execute(&mut *db)
    .await?;
    let row = sqlx::query("SELECT epoch FROM sequencer WHERE id = 1").fetch_one(db).await?;
    super::id16(row.try_get(0)?)
}

/// Begins a new epoch, after this store came back from a backup: every cursor given before is
/// answered from the start, devices are asked to send everything of their own again, and numbers go on behind those that
/// may have been given.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn begin_epoch(db: &mut AnyConnection, fresh: [u8; 16]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sequencer (id, turn, epoch) VALUES (1, 0, $1) \
         ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch",
    )
    .bind(fresh.as_slice())
    .execute(&mut *db)
    .await?;
    numbers::leap(db).await
}

/// Begins a new epoch over one that is known, unless somebody else did.
///
/// # Errors
/// What the database says.
pub async fn renew_epoch(
    db: &mut AnyConnection,
    known: [u8; 16],
    fresh: [u8; 16],
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let begun = sqlx::query("UPDATE sequencer SET epoch = $1 WHERE id = 1 AND epoch = $2")
        .bind(fresh.as_slice())
        .bind(known.as_slice())
        .execute(&mut *tx)
        .await?;
    if begun.rows_affected() > 0 {
        numbers::leap(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Fails if nothing can be written. It takes the place of the writer for a moment and changes no row.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn is_writable(db: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE sequencer SET turn = turn WHERE id = 0").execute(db).await?;
    Ok(())
}
