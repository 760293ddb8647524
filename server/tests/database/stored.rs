//! What lies in the store, read behind the server's back.

/// A row of facts or changes: stream, place, time, bytes, device; of a change its author, too.
pub(crate) struct StoredRow {
    pub(crate) stream: Vec<u8>,
    pub(crate) place: i64,
    pub(crate) at: i64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) author: Vec<u8>,
    pub(crate) device: Vec<u8>,
}

/// Everything that was taken over after an instant, by time: facts, or changes of drafts.
pub(crate) async fn stored_since(
    pool: &server::store::Pool,
    changes: bool,
    at: i64,
) -> Vec<StoredRow> {
    use sqlx::Row as _;
    let text = if changes {
        "SELECT stream, place, received_at, bytes, device, author FROM changes \
         WHERE received_at > $1 ORDER BY received_at, stream, place"
    } else {
        "SELECT stream, place, received_at, bytes, device, device FROM facts \
         WHERE received_at > $1 ORDER BY received_at, stream, place"
    };
    let rows = sqlx::query(text).bind(at).fetch_all(pool).await.unwrap();
    rows.iter()
        .map(|row| StoredRow {
            stream: row.get(0),
            place: row.get(1),
            at: row.get(2),
            bytes: row.get(3),
            device: row.get(4),
            author: row.get(5),
        })
        .collect()
}
