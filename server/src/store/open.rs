//! Opens the database and brings it to the present shape.

use std::path::Path;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateDatabase as _;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::StoreError;
use crate::config;

/// First version of SQLite without the race in which a committed transaction could be lost.
const LEAST_SQLITE: &str = "3.51.3";
const CONNECTIONS: u32 = 8;

const SQLITE: &[&str] = &[
    // Of a new file: records of some kilobytes fill such pages better than smaller ones.
    "PRAGMA page_size = 8192",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    // A day of a hundred devices is one transaction and fits.
    "PRAGMA cache_size = -16384",
    // The writer moves the log when nobody waits for it.
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA foreign_keys = ON",
];

const POSTGRES: &[&str] = &[
    // A receipt says that the disk has it, whatever the database is set to.
    "SET synchronous_commit = on",
    // A transaction that nobody ends any more must not stop the writers.
    "SET idle_in_transaction_session_timeout = '60s'",
];

/// The migrations name bytes as SQLite does.
const BLOBS: &str = "DO $$ BEGIN CREATE DOMAIN blob AS bytea; \
     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";

/// Opens the database of a data folder, makes it if there is none: SQLite in the folder, or the one
/// that [`config::database`] names.
///
/// # Errors
/// [`StoreError`] when it cannot be opened or brought to the form of this version.
pub async fn open(data: &Path) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let own = format!("sqlite://{}?mode=rwc", data.join("zhicha.db").display());
    let noted = config::database(data).map_err(sqlx::Error::Io)?;
    let url = noted.as_deref().unwrap_or(&own);
    if noted.is_some() && !sqlx::Any::database_exists(url).await? {
        sqlx::Any::create_database(url).await?;
    }
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        // A file has no connection to lose: testing it before use would cost two thread switches.
        .test_before_acquire(noted.is_some())
        .after_connect(|db, _| Box::pin(prepare(db)))
        .connect(url)
        .await?;
    let mut db = pool.acquire().await?;
    if is_sqlite(&db) {
        let version: String =
            sqlx::query("SELECT sqlite_version()").fetch_one(&mut *db).await?.try_get(0)?;
        if numbers(&version) < numbers(LEAST_SQLITE) {
            return Err(StoreError::damaged("SQLite is too old"));
        }
    } else {
        sqlx::query(BLOBS).execute(&mut *db).await?;
    }
    drop(db);
    sqlx::migrate!().run(&pool).await.map_err(sqlx::Error::from)?;
    Ok(pool)
}

async fn prepare(db: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in if is_sqlite(db) { SQLITE } else { POSTGRES } {
        sqlx::query(*setting).execute(&mut *db).await?;
    }
    Ok(())
}

fn is_sqlite(db: &AnyConnection) -> bool {
    db.backend_name() == "SQLite"
}

/// Moves the write-ahead log into the database. What a reader blocks is moved the next time.
pub(crate) async fn move_log(db: &mut AnyConnection) -> Result<(), StoreError> {
    if is_sqlite(db) {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(db).await?;
    }
    Ok(())
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|part| part.parse().ok()).collect()
}
