//! Whether records and files can be kept.

use crate::state::App;

/// Writes to the database and to the folder of files.
pub async fn check(app: &App) -> bool {
    let database = app.write(|db| Box::pin(crate::store::sequencer::is_writable(db))).await.is_ok();
    let blobs = app.blobs.clone();
    let files = tokio::task::spawn_blocking(move || blobs.is_writable()).await.unwrap_or(false);
    database && files
}
