//! What was issued is given word for word whatever changes afterwards, and corrected by another edition alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use server::usecase::seed;
use sync_core::act::Statement;
use sync_core::act::paper::PaperCorrected;
use sync_core::cbor;
use sync_core::document::{Paper, PaperRow};
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::report::{Cell, Sheet};

use crate::database::tamper;
use crate::papers::{check, papers, visited};
use crate::visit::{clerk, inspection};
use crate::world::Zone;

const ADDRESS: &str = "复元三路 18 号";
const MOVED: &str = "光明西路 12 号";

fn path(notice: NoticeId, row: &PaperRow, question: &str) -> String {
    format!("/api/v1/cases/notice/{notice}/papers/{}/{}{question}", row.kind.name(), row.fact)
}

async fn canonical(zone: &Zone, notice: NoticeId, row: &PaperRow, token: &str) -> Vec<u8> {
    let question = format!("?canonical=true&edition={}", row.edition);
    let answer = zone.get(&path(notice, row, &question), token).await;
    assert_eq!(answer.headers["content-type"], "application/cbor");
    assert_eq!(Digest::of(&answer.body), row.digest);
    answer.body
}

fn says(bytes: &[u8], text: &str) -> bool {
    let paper: Paper = cbor::from_slice(bytes).unwrap();
    paper.texts().iter().any(|it| it.contains(text))
}

/// The enterprise moves: what is entered in the register is another address from now on.
async fn moves(zone: Zone) -> Zone {
    let source = zone.folder.path().join("zone");
    let town = source.join("towns/zaozhuang.json");
    let text = std::fs::read_to_string(&town).unwrap();
    std::fs::write(&town, text.replace(ADDRESS, MOVED)).unwrap();
    seed::run(&zone.folder.path().join("data"), &source).await.unwrap();
    zone.restart().await
}

#[tokio::test]
async fn what_is_issued_is_given_word_for_word_whatever_is_entered_later() {
    let zone = Zone::open().await;
    let (visit, notice, _) = visited(&zone).await;
    let token = &visit.supervisor.token;
    let of_notice = format!("notice/{notice}");
    let rows = papers(&zone, &of_notice, token).await;
    let row = rows.iter().find(|it| it.kind == PaperKind::RectificationNotice).unwrap();
    assert!(row.issued.is_some() && !row.replaced);
    let before = canonical(&zone, notice, row, token).await;
    assert!(says(&before, ADDRESS));
    let zone = moves(zone).await;
    assert_eq!(papers(&zone, &of_notice, token).await, rows);
    assert_eq!(canonical(&zone, notice, row, token).await, before);
    assert!(check(&zone, row.digest).await.contains("文书有效"));
}

#[tokio::test]
async fn kept_bytes_that_are_not_what_was_issued_are_not_given() {
    let zone = Zone::open().await;
    let (visit, notice, _) = visited(&zone).await;
    let token = &visit.supervisor.token;
    let rows = papers(&zone, &format!("notice/{notice}"), token).await;
    let row = rows.iter().find(|it| it.kind == PaperKind::RectificationNotice).unwrap();
    let before = canonical(&zone, notice, row, token).await;
    let mut other: Paper = cbor::from_slice(&before).unwrap();
    other.title = "另一份文书".to_owned();
    let text = "UPDATE given_papers SET content = $1 WHERE digest = $2";
    let changed = [other.canonical(), row.digest.as_bytes().to_vec()];
    assert_eq!(tamper(&zone.running.app.pool, text, &changed).await, 1);
    assert_eq!(canonical(&zone, notice, row, token).await, before, "drawn again, it is the same");
    let zone = moves(zone).await;
    let answer = zone.get(&path(notice, row, ""), token).await;
    assert_eq!(answer.code(), Code::RecordDamaged);
    // The case file is given all the same and names it.
    let file = format!("/api/v1/cases/inspection/{}/file", inspection());
    let file = zone.get(&file, token).await.body;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut named = String::new();
    zip.by_name("缺少的文书.txt").unwrap().read_to_string(&mut named).unwrap();
    assert!(named.contains(&row.digest.to_string()), "{named}");
}

#[tokio::test]
async fn what_is_issued_has_the_next_number_of_its_series_and_the_ledger_holds_it() {
    let zone = Zone::open().await;
    let (visit, notice, _) = visited(&zone).await;
    let token = &visit.supervisor.token;
    let mut rows = papers(&zone, &format!("notice/{notice}"), token).await;
    let of_visit = papers(&zone, &format!("inspection/{}", inspection()), token).await;
    rows.extend(of_visit.into_iter().filter(|it| it.kind != PaperKind::RectificationNotice));
    let issued = rows.iter().filter(|it| it.issued.is_some());
    let numbers: BTreeMap<PaperKind, Option<&str>> =
        issued.map(|it| (it.kind, it.number.as_deref())).collect();
    let expected = [
        (PaperKind::InspectionPlan, Some("（枣高）应急检查〔2026〕1号")),
        (PaperKind::VisitNotice, Some("（枣高）应急检通〔2026〕1号")),
        (PaperKind::InspectionRecord, Some("（枣高）应急检记〔2026〕1号")),
        (PaperKind::RectificationNotice, Some("（枣高）应急责改〔2026〕1号")),
    ];
    for (kind, number) in expected {
        assert_eq!(numbers.get(&kind), Some(&number), "{numbers:?}");
    }
    let sheet: Sheet = zone.get("/api/v1/reports/number_ledger", token).await.read();
    let ledger: BTreeSet<String> = sheet
        .rows
        .iter()
        .map(|row| match &row[..2] {
            [Cell::Text(series), Cell::Count(serial)] => format!("{series}{serial}号"),
            other => panic!("{other:?}"),
        })
        .collect();
    let given: BTreeSet<String> =
        numbers.values().flatten().map(|number| (*number).to_owned()).collect();
    assert_eq!(ledger, given);
}

#[tokio::test]
async fn a_corrected_paper_stays_readable_and_is_told_as_withdrawn() {
    let zone = Zone::open().await;
    let (mut visit, notice, _) = visited(&zone).await;
    let own = zone.token("enterprise").await;
    let of_notice = format!("notice/{notice}");
    let rows = papers(&zone, &of_notice, &own).await;
    let [first] = rows.as_slice() else { panic!("{rows:?}") };
    let before = canonical(&zone, notice, first, &own).await;
    let corrected = PaperCorrected {
        stream: StreamId::notice(notice),
        paper: first.kind,
        fact: first.fact,
        replaces: first.digest,
        correction: "地址应为光明西路 12 号".to_owned(),
        reason: "抄录错误".to_owned(),
    };
    visit.supervisor.say(&zone, vec![Statement::PaperCorrected(corrected)]).await;
    clerk(&zone).await;
    let rows = papers(&zone, &of_notice, &own).await;
    let [old, new] = rows.as_slice() else { panic!("{rows:?}") };
    assert!(old.replaced && old.digest == first.digest && !new.replaced && new.edition == 2);
    assert_eq!(canonical(&zone, notice, old, &own).await, before);
    let after = canonical(&zone, notice, new, &own).await;
    assert!(says(&after, "更正内容：地址应为光明西路 12 号"));
    assert!(says(&after, &old.digest.hex()[..16]));
    assert!(check(&zone, old.digest).await.contains("文书已撤销"));
    assert!(check(&zone, new.digest).await.contains("文书有效"));
    let stands = zone.get(&path(notice, new, "?canonical=true"), &own).await.body;
    assert_eq!(stands, after, "the one that stands unless another one is asked for");
    let third = zone.get(&path(notice, new, "?edition=3"), &own).await;
    assert_eq!(third.code(), Code::NotFound);
}
