//! 文书.

use sync_core::act::Statement;
use sync_core::act::paper::{IssuedPaper, PaperCorrected, PapersIssued};
use sync_core::domain::papers::PaperKind;
use sync_core::ledger::stream::StreamId;
use sync_core::testing::builders::{NOTICE, blob};

use super::{Line, Row, by_server, row};

const SUPERVISOR: &[Line] = &[
    ("role_not_allowed", "!supervisors", "*"),
    ("other_department", "other_supervisor", "!early"),
];
/// No such paper was issued.
const UNKNOWN: &[Line] = &[("paper_unknown", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let (stream, paper) = (StreamId::notice(NOTICE), PaperKind::RectificationNotice);
    let (fact, digest) = (blob("a notice"), blob("a paper"));
    let issued = IssuedPaper { kind: paper, fact, digest, number: None };
    let issued = Statement::PapersIssued(PapersIssued { stream, papers: vec![issued] });
    let corrected = Statement::PaperCorrected(PaperCorrected {
        stream,
        paper,
        fact,
        replaces: digest,
        correction: "地址有误，应为光明西路 12 号".to_owned(),
        reason: "抄录错误".to_owned(),
    });
    vec![by_server("issue_papers", issued), row("correct_paper", corrected, &[SUPERVISOR, UNKNOWN])]
}
