//! Reference data, as it travels.

use sqlx::{AnyConnection, Row as _};

use super::StoreError;

/// Puts the reference data of a group of readers.
pub async fn put(db: &mut AnyConnection, readers: &str, bytes: &[u8]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO catalogues (readers, bytes) VALUES ($1, $2) \
         ON CONFLICT (readers) DO UPDATE SET bytes = excluded.bytes",
    )
    .bind(readers)
    .bind(bytes)
    .execute(db)
    .await?;
    Ok(())
}

/// The reference data of a group of readers.
pub async fn get(db: &mut AnyConnection, readers: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT bytes FROM catalogues WHERE readers = $1")
        .bind(readers)
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}
