//! Reference data: the newest of each group of readers as a whole, and every version in parts.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::cbor;
use sync_core::domain::catalogue::Catalogue;
use sync_core::id::Digest;
use sync_core::time::Timestamp;
use sync_core::wire::catalogue::{self as parts, Manifest};

use super::sql::{self, Marks};
use super::{StoreError, digest};

/// Puts the reference data of a group of readers. The version before stays readable under its name.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn put(
    db: &mut AnyConnection,
    readers: &str,
    catalogue: &Catalogue,
    at: Timestamp,
) -> Result<(), StoreError> {
    // What an older build put is not kept in parts yet.
    if let Some(before) = get(&mut *db, readers).await?
        && let Ok(before) = cbor::from_slice::<Catalogue>(&before)
    {
        keep(&mut *db, readers, &before, at.plus_millis(-1)).await?;
    }
    keep(&mut *db, readers, catalogue, at).await?;
    sqlx::query(
        "INSERT INTO catalogues (readers, bytes) VALUES ($1, $2) \
         ON CONFLICT (readers) DO UPDATE SET bytes = excluded.bytes",
    )
    .bind(readers)
    .bind(cbor::to_vec(catalogue))
    .execute(db)
    .await?;
    Ok(())
}

async fn keep(
    db: &mut AnyConnection,
    readers: &str,
    catalogue: &Catalogue,
    at: Timestamp,
) -> Result<(), StoreError> {
    let split = parts::split(catalogue);
    let manifest = Manifest::of(&split);
    sqlx::query(
        "INSERT INTO catalogue_versions (readers, digest, version, kept_at, manifest) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (readers, digest) DO NOTHING",
    )
    .bind(readers)
    .bind(manifest.digest().as_bytes().as_slice())
    .bind(&catalogue.version)
    .bind(at.as_millis())
    .bind(cbor::to_vec(&manifest))
    .execute(&mut *db)
    .await?;
    let rows: Vec<(&Digest, &Vec<u8>)> = manifest.0.values().zip(split.values()).collect();
    for rows in sql::parts(&rows) {
        let head = "INSERT INTO catalogue_parts (digest, bytes) VALUES";
        let tail = "ON CONFLICT (digest) DO NOTHING";
        let text = Marks::of(&*db).values(head, 2, rows.len(), tail);
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (digest, bytes) in rows {
            query = query.bind(digest.as_bytes().as_slice()).bind(bytes.as_slice());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// The newest reference data of a group of readers, as a whole.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn get(db: &mut AnyConnection, readers: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT bytes FROM catalogues WHERE readers = $1")
        .bind(readers)
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// The manifests of the versions that were put last, newest first.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn manifests(
    db: &mut AnyConnection,
    readers: &str,
    most: i64,
) -> Result<Vec<Manifest>, StoreError> {
    let text = "SELECT manifest FROM catalogue_versions WHERE readers = $1 \
         ORDER BY kept_at DESC, digest LIMIT $2";
    let rows = sqlx::query(text).bind(readers).bind(most).fetch_all(db).await?;
    rows.iter().map(|row| manifest(&row.try_get::<Vec<u8>, _>(0)?)).collect()
}

fn manifest(bytes: &[u8]) -> Result<Manifest, StoreError> {
    cbor::from_slice(bytes).map_err(|_| StoreError::damaged("manifest"))
}

/// The reference data as they were under a version, the one that was put last of those with this name.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn of_version(
    db: &mut AnyConnection,
    readers: &str,
    version: &str,
) -> Result<Option<Catalogue>, StoreError> {
    let text = "SELECT manifest FROM catalogue_versions WHERE readers = $1 AND version = $2 \
         ORDER BY kept_at DESC, digest LIMIT 1";
    let row = sqlx::query(text).bind(readers).bind(version).fetch_optional(&mut *db).await?;
    let Some(row) = row else { return Ok(None) };
    let wanted = manifest(&row.try_get::<Vec<u8>, _>(0)?)?;
    let mut found: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
    let text = "SELECT digest, bytes FROM catalogue_parts WHERE digest = $1";
    for digest_of_part in wanted.0.values() {
        let row = sqlx::query(text)
            .bind(digest_of_part.as_bytes().as_slice())
            .fetch_optional(&mut *db)
            .await?
            .ok_or_else(|| StoreError::damaged("part"))?;
        found.insert(digest(&row.try_get::<Vec<u8>, _>(0)?)?, row.try_get(1)?);
    }
    let named =
        wanted.0.iter().filter_map(|(name, it)| Some((name.as_str(), found.get(it)?.as_slice())));
    parts::join(named).map(Some).map_err(|_| StoreError::damaged("catalogue"))
}
