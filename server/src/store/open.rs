//! Opens the database and brings it to the present shape.

use std::path::Path;

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::StoreError;

/// First version of SQLite without the race in which a committed transaction could be lost.
const LEAST_SQLITE: &str = "3.51.3";
const CONNECTIONS: u32 = 8;

/// Opens the database in a folder, makes it if there is none.
pub async fn open(data: &Path) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rwc", data.join("zhicha.db").display());
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        // A file does not hang up: asking a connection whether it lives costs two changes of threads.
        .test_before_acquire(false)
        .after_connect(|db, _| {
            Box::pin(async move {
                for pragma in [
                    "PRAGMA busy_timeout = 10000",
                    "PRAGMA journal_mode = WAL",
                    "PRAGMA synchronous = FULL",
                    // A day of a hundred devices is one transaction and fits.
                    "PRAGMA cache_size = -16384",
                    // The writer moves the log when nobody waits for it.
                    "PRAGMA wal_autocheckpoint = 0",
                    "PRAGMA foreign_keys = ON",
                ] {
                    sqlx::query(pragma).execute(&mut *db).await?;
                }
                Ok(())
            })
        })
        .connect(&url)
        .await?;
    let version: String =
        sqlx::query("SELECT sqlite_version()").fetch_one(&pool).await?.try_get(0)?;
    if numbers(&version) < numbers(LEAST_SQLITE) {
        return Err(StoreError::damaged("SQLite is too old"));
    }
    sqlx::migrate!().run(&pool).await.map_err(sqlx::Error::from)?;
    Ok(pool)
}

/// Moves what was committed from the log into the database, where the database keeps such a log. What
/// cannot be moved now, because someone reads, is moved the next time.
pub(crate) async fn move_log(db: &mut AnyConnection) -> Result<(), StoreError> {
    if db.backend_name() == "SQLite" {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(db).await?;
    }
    Ok(())
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|part| part.parse().ok()).collect()
}
