//! Whether records and files can be kept, and whether something was set aside.

use sync_core::wire::api::Health;

use crate::state::App;
use crate::store::set_aside;

/// Writes to the database and to the folder of files, and counts what the server could not state.
pub async fn check(app: &App) -> Health {
    let aside = match app.pool.acquire().await {
        Ok(mut db) => set_aside::count(&mut db).await.ok(),
        Err(_) => None,
    };
    Health {
        ok: aside.is_some() && is_writable(app).await,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        set_aside: aside.unwrap_or_default(),
        damaged: app.shared.integrity.damaged(),
        restores: app.shared.integrity.restores(),
    }
}

async fn is_writable(app: &App) -> bool {
    let database = app.write(|db| Box::pin(crate::store::sequencer::is_writable(db))).await.is_ok();
    let blobs = app.blobs.clone();
    let files = tokio::task::spawn_blocking(move || blobs.is_writable()).await.unwrap_or(false);
    database && files
}
