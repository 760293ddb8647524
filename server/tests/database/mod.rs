//! Which database the tests run on: SQLite, or a new one at the PostgreSQL that `ZHICHA_TEST_POSTGRES` names. And what
//! the owner of the machine may do to it behind the server's back.

use std::path::Path;

/// Notes a new database in a data folder that names none.
pub(crate) fn choose(data: &Path) {
    if let Ok(server) = std::env::var("ZHICHA_TEST_POSTGRES")
        && server::config::database(data).unwrap().is_none()
    {
        let name = u64::from_le_bytes(server::config::entropy().unwrap());
        server::config::note_database(data, &format!("{server}/zhicha_{name:x}")).unwrap();
    }
}

/// Changes rows behind the server's back; how many there were.
pub(crate) async fn tamper(
    pool: &server::store::Pool,
    text: &'static str,
    bytes: &[Vec<u8>],
) -> u64 {
    let query = bytes.iter().fold(sqlx::query(text), |query, it| query.bind(it.clone()));
    query.execute(pool).await.unwrap().rows_affected()
}
