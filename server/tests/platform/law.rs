//! Law data is imported from files as a whole or not at all, and every version stays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use server::error::CommandError;
use server::store::{self, catalogues};
use server::usecase::{import, seed};
use sync_core::cbor;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::Clause;
use sync_core::domain::law::LawDocument;
use sync_core::law;
use sync_core::time::Timestamp;

use crate::world::write_zone;

/// A Monday in November.
const NOW: Timestamp = Timestamp::from_millis(1_795_996_800_000);

fn fixtures() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../fixtures")
}

/// The zone of the tests with the law of the repository.
async fn seeded(folder: &Path) -> PathBuf {
    let (zone, data) = (folder.join("zone"), folder.join("data"));
    write_zone(&zone);
    for part in ["laws", "checklists", "calendars"] {
        let _ = std::fs::remove_dir_all(zone.join(part));
        std::os::unix::fs::symlink(fixtures().join(part), zone.join(part)).unwrap();
    }
    crate::database::choose(&data);
    seed::run(&data, &zone).await.unwrap();
    data
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

async fn staff(data: &Path) -> Catalogue {
    let pool = store::open(data).await.unwrap();
    let bytes = catalogues::get(&mut pool.acquire().await.unwrap(), "staff").await.unwrap();
    pool.close().await;
    cbor::from_slice(&bytes.unwrap()).unwrap()
}

/// The lines of a refusal.
fn refused(outcome: Result<import::Imported, CommandError>) -> Vec<String> {
    match outcome {
        Err(CommandError::Faults(lines)) => lines,
        other => panic!("not refused: {other:?}"),
    }
}

const GOOD: &str = "\
id: NEW1
title: 新条例
kind: statute
editions:
- number: 第1号
  from: 2026-12-01
  passed: 2026-10-01
  known: verified
  clauses:
  - clause: 第一条
    gist: 一件事。
";

/// Name, text, line of the fault and what its reason says, for a broken file of each kind.
const BROKEN: [(&str, &str, u64, &str); 14] = [
    (
        "document.yaml",
        "id: A\ntitle: 甲\neditions:\n- number: 一\n  known: verified\n  clauses:\n  - clause: 第一条(一)至(三)\n    gist: 某事。\n",
        7,
        "不是一个具体条款",
    ),
    (
        "written.yaml",
        "id: A\ntitle: 甲\neditions:\n- number: 一\n  known: verified\n  clauses:\n  - clause: 第36条(二)\n    gist: 某事。\n",
        7,
        "第三十六条第二项",
    ),
    (
        "overlap.yaml",
        "id: A\ntitle: 甲\neditions:\n- number: 一\n  known: verified\n- number: 二\n  from: 2026-01-01\n  known: verified\n",
        7,
        "重叠",
    ),
    (
        "unknown_key.yaml",
        "id: A\ntitle: 甲\neditions:\n- number: 一\n  know: verified\n",
        5,
        "know",
    ),
    (
        "date.yaml",
        "id: A\ntitle: 甲\neditions:\n- number: 一\n  from: 2026-02-30\n  known: verified\n",
        5,
        "格式不对",
    ),
    (
        "texts.json",
        "{\n \"articles\": [\n  {\"document\": \"AQF\", \"clause\": \"第三十六条\", \"edition_passed\": \"2021-06-10\", \"text\": \"某事。\"},\n  {\"document\": \"AQF\",\n   \"clause\": \"第三十六条\", \"edition_passed\": \"1999-01-01\", \"text\": \"某事。\"}\n ]\n}\n",
        5,
        "没有 1999-01-01 通过的版本",
    ),
    (
        "texts_unknown.yaml",
        "articles:\n- document: NONE\n  clause: 第一条\n  edition_passed: 2021-06-10\n  text: 某事。\n",
        2,
        "NONE",
    ),
    (
        "checklist.yaml",
        "sector: XX\ntitle: 新表\nitems:\n- code: XX-01\n  what: 看什么\n  how: 怎么看\n  finding: 缺了\n  basis:\n  - document: AQF\n    clause: ''\n  grade: general\n  criterion:\n  days: 7\n",
        10,
        "不是一个具体条款",
    ),
    (
        "graded.yaml",
        "sector: XX\ntitle: 新表\nitems:\n- code: XX-01\n  what: 看什么\n  how: 怎么看\n  finding: 缺了\n  basis:\n  - {document: MEM10, clause: 第三条第一项}\n  grade: general\n  criterion:\n  days: 7\n",
        9,
        "不能作为违反的义务",
    ),
    (
        "criteria.yaml",
        "sector: GM\nknown: verified\nclauses:\n- document: MEM10\n  clause: 第九十九条\n",
        5,
        "任何版本都没有",
    ),
    (
        "penalties.yaml",
        "- duty: {document: AQF, clause: 第三十五条}\n  clause: {document: AQF, clause: 第九百条}\n  known: verified\n",
        2,
        "任何版本都没有",
    ),
    (
        "terms.yaml",
        "- grade: general\n  term: {days: 400, unit: natural}\n  known: {unverified: 未定}\n",
        2,
        "期限",
    ),
    (
        "calendar.yaml",
        "year: 2027\nversion: '1'\nholidays: ['2027-01-01', '2026-01-02']\nworkdays: []\n",
        3,
        "不在 2027 年",
    ),
    ("what.yaml", "colour: red\n", 1, "认不出是哪一类文件"),
];

#[tokio::test]
async fn a_broken_file_of_each_kind_is_refused_with_line_and_reason_and_nothing_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let data = seeded(folder.path()).await;
    let before = staff(&data).await;
    let good = file(folder.path(), "good.yaml", GOOD);
    for (name, text, line, why) in BROKEN {
        let broken = file(folder.path(), name, text);
        let lines = refused(import::run(&data, &[good.clone(), broken], NOW, false).await);
        let place = format!("{name}:{line}: ");
        let said = lines.iter().any(|it| it.contains(&place) && it.contains(why));
        assert!(said, "{name} line {line} ({why}): {lines:#?}");
        assert!(lines.iter().all(|it| it.contains('；')), "what to do: {lines:?}");
        assert_eq!(staff(&data).await, before, "{name} left something behind");
    }
    let torn = file(folder.path(), "torn.json", "[\n {\"id\": \"A\",\n  \"title\": \n");
    assert!(!refused(import::run(&data, &[torn], NOW, false).await).is_empty());
    let none = folder.path().join("none.yaml");
    assert!(refused(import::run(&data, &[none], NOW, false).await)[0].contains("读不了"));
}

#[tokio::test]
async fn a_new_version_says_what_changed_and_the_one_before_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let data = seeded(folder.path()).await;
    let before = staff(&data).await;
    let good = file(folder.path(), "good.yaml", GOOD);
    let asked = import::run(&data, std::slice::from_ref(&good), NOW, true).await.unwrap();
    assert_eq!(asked.changes.len(), 1);
    assert_eq!(asked.changes[0].what, "《新条例》");
    assert_eq!(staff(&data).await, before, "asking changes nothing");

    let done = import::run(&data, std::slice::from_ref(&good), NOW, false).await.unwrap();
    assert_ne!(done.version, before.version);
    assert!(law::document(&staff(&data).await.laws, "NEW1").is_some());
    let again = import::run(&data, &[good], NOW, false).await.unwrap();
    assert!(again.changes.is_empty());
    assert_eq!(again.version, done.version, "the same files make no new version");

    let changed = GOOD.replace("一件事", "另一件事");
    let other = file(folder.path(), "other.yaml", &changed);
    let third = import::run(&data, &[other], NOW, false).await.unwrap();
    let what: Vec<&str> = third.changes.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(what, ["《新条例》第1号第一条"]);

    let pool = store::open(&data).await.unwrap();
    let mut db = pool.acquire().await.unwrap();
    for (version, gist) in [
        (&before.version, None),
        (&done.version, Some("一件事。")),
        (&third.version, Some("另一件事。")),
    ] {
        let then = catalogues::of_version(&mut db, "staff", version).await.unwrap().unwrap();
        assert_eq!(then.version, *version);
        assert_eq!(then.checklists, before.checklists);
        let document = law::document(&then.laws, "NEW1");
        assert_eq!(document.map(|it| it.editions[0].clauses[0].gist.as_str()), gist);
    }
    drop(db);
    pool.close().await;
}

/// A file of texts for every article that the fixtures know a day of passing for, in words of this test.
fn texts(catalogue: &Catalogue) -> serde_json::Value {
    let mut articles = BTreeMap::new();
    for law in &catalogue.laws {
        for edition in law.editions.iter().filter(|it| it.passed.is_some()) {
            for it in &edition.clauses {
                let Some(end) = it.clause.find('条') else { continue };
                let article = &it.clause[..end + '条'.len_utf8()];
                // Paragraphs enough, each with items, so that every cited part is there.
                let paragraph = |number: usize| {
                    let items = (1..=12)
                        .map(|it| format!("\n（{it}）{article}之{number}的第{it}件事；"))
                        .collect::<Vec<String>>()
                        .concat();
                    format!("{article}第{number}段：{items}")
                };
                let text = (1..=4).map(paragraph).collect::<Vec<_>>().join("\n");
                articles.insert((law.id.clone(), article.to_owned()), (edition.passed, text));
            }
        }
    }
    let rows: Vec<_> = articles
        .into_iter()
        .map(|((document, clause), (passed, text))| {
            serde_json::json!({"document": document, "clause": clause, "edition_passed": passed, "text": text})
        })
        .collect();
    serde_json::json!({"what": "Texts of a test", "articles": rows})
}

/// The clauses of editions with a day of passing that show no text.
fn without_text(laws: &[LawDocument], wanted: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let editions = laws.iter().flat_map(|law| law.editions.iter().map(move |it| (law, it)));
    let passed = editions.filter(|(_, edition)| edition.passed.is_some());
    passed
        .flat_map(|(law, edition)| {
            let missing =
                edition.clauses.iter().filter(|it| law::text_of(edition, &it.clause).is_none());
            missing.map(|it| (law.id.clone(), it.clause.clone()))
        })
        .filter(|(document, clause)| wanted(document, clause))
        .map(|(document, clause)| format!("{document} {clause}"))
        .collect()
}

#[tokio::test]
async fn with_the_articles_imported_each_of_their_clauses_shows_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let data = seeded(folder.path()).await;
    let own = file(folder.path(), "texts.json", &texts(&staff(&data).await).to_string());
    import::run(&data, &[own], NOW, false).await.unwrap();
    let with_texts = staff(&data).await;
    assert_eq!(without_text(&with_texts.laws, |_, _| true), Vec::<String>::new());

    // A document that comes again without texts keeps them.
    let same = fixtures().join("laws/documents/AQF.json");
    import::run(&data, &[same], NOW, false).await.unwrap();
    let clause = Clause { document: "AQF".into(), clause: "第三十六条第三款".into() };
    let read = law::reading(&staff(&data).await.laws, &clause, NOW.date()).unwrap();
    assert!(read.text.unwrap().starts_with("第三十六条第3段"));
    assert!(!read.gist.is_empty());
}

#[tokio::test]
async fn texts_of_a_bureau_are_taken_into_the_editions_that_they_belong_to() {
    // Names a file in the form of the test before; without it there is nothing to import here.
    let Some(articles) = std::env::var_os("ZHICHA_ARTICLES") else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = seeded(folder.path()).await;
    let articles = PathBuf::from(articles);
    let given: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&articles).unwrap()).unwrap();
    import::run(&data, &[articles], NOW, false).await.unwrap();
    let laws = staff(&data).await.laws;
    let rows = given["articles"].as_array().unwrap();
    for row in rows {
        let (document, clause) =
            (row["document"].as_str().unwrap(), row["clause"].as_str().unwrap());
        let clause = Clause { document: document.into(), clause: clause.into() };
        let read = law::reading(&laws, &clause, NOW.date()).unwrap();
        let text = sync_core::text::tidy(row["text"].as_str().unwrap());
        assert_eq!(read.text.as_deref(), Some(text.trim()), "{clause:?}");
        assert!(!read.gist.is_empty(), "{clause:?} has no gist");
    }
    // Parts of these articles that are compared with the text show their part of it.
    let of_given = |document: &str, clause: &str| {
        let known = |row: &serde_json::Value| {
            row["document"] == document && clause.starts_with(row["clause"].as_str().unwrap())
        };
        rows.iter().any(known)
    };
    assert_eq!(without_text(&laws, of_given), Vec::<String>::new());
}
