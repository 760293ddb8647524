//! Papers over HTTP: who is given which, what the check page says, and the whole case as one file.

use std::io::{Cursor, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use server::config::{Casefile, Data};
use server::start;
use sync_core::act::notice::{DismissalProposed, Dismissed};
use sync_core::act::{Admitted, Fact, Statement};
use sync_core::case::fold::fold;
use sync_core::document::{self, Paper, PaperRow, Sources};
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, NoticeId};
use sync_core::ledger::canonical;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::refusal::Code;
use sync_core::wire::exchange::Item;
use sync_core::wire::report::SheetFile;
use zip::ZipArchive;

use crate::visit::{Hand, Visit, arrived, clerk, hazard, inspection, photo, planned};
use crate::world::Zone;

/// A visit whose notice is issued, with the photo of its hazard at the server.
pub(crate) async fn visited(zone: &Zone) -> (Visit, NoticeId, Vec<u8>) {
    let bytes = photo(1);
    let mut visit = Visit::with_photos(zone, &[&bytes]).await;
    let hash = Digest::of(&bytes);
    assert!(visit.first.put(zone, hash, 0, &bytes).await.status.is_success());
    let notice = visit.notice(zone, hash).await;
    (visit, notice, bytes)
}

pub(crate) async fn papers(zone: &Zone, path: &str, token: &str) -> Vec<PaperRow> {
    zone.get(&format!("/api/v1/cases/{path}/papers"), token).await.read()
}

fn kinds(rows: &[PaperRow]) -> Vec<PaperKind> {
    rows.iter().map(|row| row.kind).collect()
}

pub(crate) async fn check(zone: &Zone, digest: Digest) -> String {
    let answer = zone.get(&format!("/check/{}", digest.hex()), "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

#[tokio::test]
async fn staff_get_every_paper_and_an_enterprise_those_of_its_notice_alone() {
    let zone = Zone::open().await;
    let (visit, notice, _) = visited(&zone).await;
    let official = &visit.supervisor.token;
    let of_visit = format!("inspection/{}", inspection());
    let rows = papers(&zone, &of_visit, official).await;
    let wanted = [
        PaperKind::InspectionPlan,
        PaperKind::VisitNotice,
        PaperKind::InspectionRecord,
        PaperKind::RectificationNotice,
    ];
    assert_eq!(kinds(&rows), wanted);
    for row in &rows {
        let path = format!("/api/v1/cases/{of_visit}/papers/{}/{}", row.kind.name(), row.fact);
        let pdf = zone.get(&path, official).await;
        assert_eq!(pdf.headers["content-type"], "application/pdf");
        assert!(pdf.body.starts_with(b"%PDF-"), "{:?}", row.kind);
        assert_eq!(pdf.body, zone.get(&path, official).await.body, "{:?}", row.kind);
    }
    let of_notice = format!("notice/{notice}");
    let own = zone.token("enterprise").await;
    let given = papers(&zone, &of_notice, &own).await;
    assert_eq!(kinds(&given), [PaperKind::RectificationNotice]);
    assert_eq!(given.first(), rows.last(), "the same paper for both");
    let path = |kind: PaperKind, row: &PaperRow| {
        format!("/api/v1/cases/{of_notice}/papers/{}/{}", kind.name(), row.fact)
    };
    let path_of_notice = path(PaperKind::RectificationNotice, &given[0]);
    let pdf = zone.get(&path_of_notice, &own).await;
    assert!(pdf.body.starts_with(b"%PDF-"));
    // An app that takes nothing but JSON is given the same file within it.
    let within = zone.get(&format!("{path_of_notice}?in_json=true"), &own).await;
    let file: SheetFile = within.read();
    assert_eq!(file.media_type, "application/pdf");
    assert_eq!(URL_SAFE_NO_PAD.decode(file.content).unwrap(), pdf.body);
    for (kind, row) in [
        (PaperKind::InspectionPlan, &rows[0]),
        (PaperKind::InspectionRecord, &rows[2]),
        (PaperKind::Referral, &given[0]),
        (PaperKind::FileCover, &given[0]),
    ] {
        assert_eq!(zone.get(&path(kind, row), &own).await.code(), Code::NotFound, "{kind:?}");
    }
    let list = format!("/api/v1/cases/{of_notice}/papers");
    let neighbour = zone.token("neighbour").await;
    assert_eq!(zone.get(&list, &neighbour).await.code(), Code::NotFound);
    let list = format!("/api/v1/cases/{of_visit}/papers");
    assert_eq!(zone.get(&list, &own).await.code(), Code::RoleNotAllowed);
}

#[tokio::test]
async fn the_check_page_says_genuine_withdrawn_or_unknown_and_nothing_else() {
    let zone = Zone::open().await;
    let (mut visit, notice, _) = visited(&zone).await;
    let rows = papers(&zone, &format!("notice/{notice}"), &visit.supervisor.token).await;
    // Of a visit's papers alone the notice is taken back with its hazards.
    let of_notice = rows.iter().find(|it| it.kind == PaperKind::RectificationNotice);
    let digest = of_notice.unwrap().digest;
    let genuine = check(&zone, digest).await;
    assert!(genuine.contains("文书有效"), "{genuine}");
    let of_visit = papers(&zone, &format!("inspection/{}", inspection()), &visit.first.token).await;
    for row in &of_visit {
        assert_eq!(check(&zone, row.digest).await, genuine, "one page for every paper");
    }
    let mut hex = digest.hex();
    for at in [0, 31, 63] {
        let other = if &hex[at..=at] == "0" { "1" } else { "0" };
        hex.replace_range(at..=at, other);
        let changed: Digest = hex.parse().unwrap();
        assert!(check(&zone, changed).await.contains("查无此文书"));
    }
    let (hazard, reason) = (hazard(), "重复登记".to_owned());
    let proposed = DismissalProposed {
        notice,
        hazard,
        reason: reason.clone(),
        inspection: Some(inspection()),
    };
    visit.first.say(&zone, vec![Statement::DismissalProposed(proposed)]).await;
    assert!(check(&zone, digest).await.contains("文书有效"));
    let dismissed = Dismissed { notice, hazard, reason };
    visit.supervisor.say(&zone, vec![Statement::Dismissed(dismissed)]).await;
    assert!(check(&zone, digest).await.contains("文书已撤销"));
    let rows = papers(&zone, &format!("inspection/{}", inspection()), &visit.first.token).await;
    for row in rows {
        let of_notice = row.kind == PaperKind::RectificationNotice;
        assert_eq!(row.withdrawn, of_notice, "{:?}", row.kind);
    }
}

#[tokio::test]
async fn the_check_page_tells_nobody_that_a_visit_is_planned() {
    let zone = Zone::open().await;
    let mut supervisor = Hand::new(&zone, "supervisor", 1).await;
    let mut first = Hand::new(&zone, "inspector", 2).await;
    let second = Hand::new(&zone, "second", 3).await;
    supervisor.say(&zone, vec![planned(&[&first, &second])]).await;
    clerk(&zone).await;
    let rows = papers(&zone, &format!("inspection/{}", inspection()), &supervisor.token).await;
    assert_eq!(kinds(&rows), [PaperKind::InspectionPlan]);
    assert!(rows[0].issued.is_some());
    assert!(check(&zone, rows[0].digest).await.contains("查无此文书"));
    first.say(&zone, vec![arrived()]).await;
    assert!(check(&zone, rows[0].digest).await.contains("文书有效"));
}

#[tokio::test]
async fn what_a_phone_showed_is_genuine_although_nobody_asked_the_server_for_it() {
    let zone = Zone::open().await;
    let (visit, ..) = visited(&zone).await;
    let items = visit.supervisor.exchange(&zone, &[]).await.items;
    let mut catalogue = Catalogue::default();
    let mut facts: Vec<Admitted> = Vec::new();
    for item in items {
        match item {
            Item::Catalogue { bytes } => catalogue = sync_core::cbor::from_slice(&bytes).unwrap(),
            Item::Fact { receipt, bytes } => {
                let fact = Fact::decode(&bytes).unwrap();
                facts.push(Admitted { fact, receipt: Some(receipt) });
            }
            _ => {}
        }
    }
    let rows = document::papers(&fold(&facts), &Sources::new(&catalogue));
    assert_eq!(rows.len(), 4);
    for row in rows {
        assert!(check(&zone, row.digest).await.contains("文书有效"), "{:?}", row.kind);
    }
}

#[tokio::test]
async fn a_case_file_proves_itself() {
    let zone = Zone::open().await;
    let (visit, _, bytes) = visited(&zone).await;
    let path = format!("/api/v1/cases/inspection/{}/file", inspection());
    let answer = zone.get(&path, &visit.supervisor.token).await;
    assert_eq!(answer.headers["content-type"], "application/zip");
    let mut zip = ZipArchive::new(Cursor::new(answer.body)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert!(read("卷宗.pdf").starts_with(b"%PDF-"));
    assert!(String::from_utf8(read("核验说明.md")).unwrap().contains("SHA-256"));
    assert_eq!(read(&format!("photos/{}.jpg", Digest::of(&bytes).hex())), bytes);
    let index: Value = serde_json::from_slice(&read("facts.json")).unwrap();
    let facts = index["facts"].as_array().unwrap();
    assert!(facts.len() >= 8, "{}", facts.len());
    let unhex = |text: &Value| -> Vec<u8> {
        let text = text.as_str().unwrap();
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let keys = index["devices"].as_array().unwrap();
    for row in facts {
        let fact: Fact = Fact::decode(&read(row["file"].as_str().unwrap())).unwrap();
        assert_eq!(row["fact"], fact.id.to_string());
        let device = fact.body.device.to_string();
        let key = keys.iter().find(|it| it["device"] == device);
        let key = key.map_or(&index["server_key"], |it| &it["public_key"]);
        fact.verify(&SoftVerifier, &unhex(key)).unwrap();
    }
    let names: Vec<String> = zip.file_names().map(|it| it.unwrap().into_owned()).collect();
    let papers: Vec<&String> = names.iter().filter(|it| it.starts_with("papers/")).collect();
    assert_eq!(papers.len(), 4, "{names:?}");
    for name in papers {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        canonical::check(&bytes).unwrap();
        let paper: Paper = sync_core::cbor::from_slice(&bytes).unwrap();
        assert_eq!(*name, format!("papers/{}.cbor", paper.digest().hex()));
    }
    assert!(!names.iter().any(|it| it.contains("缺少")), "{names:?}");
    let enterprise = zone.token("enterprise").await;
    assert_eq!(zone.get(&path, &enterprise).await.code(), Code::RoleNotAllowed);
}

#[tokio::test]
async fn the_command_line_writes_the_same_case_and_no_file_over_another() {
    let zone = Zone::open().await;
    let (visit, ..) = visited(&zone).await;
    let path = format!("/api/v1/cases/inspection/{}/file", inspection());
    let downloaded = zone.get(&path, &visit.supervisor.token).await.body;
    let file = zone.folder.path().join("case.zip");
    let asked = || Casefile {
        data: Data { data: zone.folder.path().join("data") },
        inspection: inspection(),
        file: file.clone(),
        public_address: None,
    };
    start::case_file(asked()).await.unwrap();
    let names = |bytes: Vec<u8>| {
        let zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
        zip.file_names()
            .map(|it| it.unwrap().into_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let written = std::fs::read(&file).unwrap();
    assert_eq!(names(written.clone()), names(downloaded));
    assert!(start::case_file(asked()).await.is_err());
    assert_eq!(std::fs::read(&file).unwrap(), written);
}

#[tokio::test]
async fn a_photo_that_is_not_there_is_named_and_holds_up_nothing() {
    let zone = Zone::open().await;
    let bytes = photo(2);
    let mut visit = Visit::with_photos(&zone, &[&bytes]).await;
    visit.notice(&zone, Digest::of(&bytes)).await;
    let path = format!("/api/v1/cases/inspection/{}/file", inspection());
    let answer = zone.get(&path, &visit.supervisor.token).await;
    let mut zip = ZipArchive::new(Cursor::new(answer.body)).unwrap();
    let mut missing = String::new();
    zip.by_name("缺少的照片.txt").unwrap().read_to_string(&mut missing).unwrap();
    assert_eq!(missing.trim(), Digest::of(&bytes).to_string());
}
