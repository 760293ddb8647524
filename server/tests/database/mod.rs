//! Which database the tests run on: SQLite, or a new one at the PostgreSQL that `ZHICHA_TEST_POSTGRES` names.

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
