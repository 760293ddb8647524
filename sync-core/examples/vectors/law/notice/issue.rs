//! 责令整改指令书.

use sync_core::act::Statement;
use sync_core::testing::builders::notice;

use super::{Row, by_server};

pub(super) fn rows() -> Vec<Row> {
    vec![by_server("notice", Statement::NoticeIssued(notice(Vec::new(), 8)))]
}
