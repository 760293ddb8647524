//! Law data is imported from files as a whole or not at all, and every version stays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use server::error::CommandError;
use server::store::{self, catalogues};
use server::usecase::{import, seed};
use sync_core::cbor;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::Clause;
use sync_core::domain::law::{Edition, LawDocument};
use sync_core::law::{self, changes::How};
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
    of_readers(data, "staff").await
}

async fn of_readers(data: &Path, readers: &str) -> Catalogue {
    let pool = store::open(data).await.unwrap();
    let bytes = catalogues::get(&mut pool.acquire().await.unwrap(), readers).await.unwrap();
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
const BROKEN: [(&str, &str, u64, &str); 29] = [
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
        "undated.yaml",
        "id: A\ntitle: 甲\neditions:\n- number: 一\n  known: verified\n",
        5,
        "没有施行日，不能标为已核实",
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
        "texts_edition.yaml",
        "articles:\n- document: AQF\n  clause: 第三十六条\n  edition: 1999年版\n  text: 某事。\n",
        4,
        "没有“1999年版”这个版本",
    ),
    (
        "texts_of_no_edition.yaml",
        "articles:\n- document: AQF\n  clause: 第三十六条\n  text: 某事。\n",
        2,
        "没有写明是哪个版本",
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
    (
        "template.yaml",
        "kind: extension\nfrom: 2026-12-01\ntitle: 延期审批表\npassages:\n- place: notes\n  text: 由{boss}批准。\n",
        6,
        "“{boss}”没有可以填入的内容",
    ),
    (
        "template_place.yaml",
        "kind: extension\nfrom: 2026-12-01\ntitle: 延期审批表\npassages:\n- place: nowhere\n  text: 一句话。\n",
        5,
        "没有“nowhere”这个位置",
    ),
    (
        "template_basis.yaml",
        "kind: extension\nfrom: 2026-12-01\ntitle: 延期审批表\npassages:\n- place: notes\n  text: 一句话。\n  basis:\n  - {document: AQF, clause: 第九百条}\n",
        8,
        "任何版本都没有",
    ),
    (
        "template_kind.yaml",
        "kind: postcard\nfrom: 2026-12-01\ntitle: 明信片\npassages: []\n",
        1,
        "格式不对",
    ),
    (
        "template_twice.yaml",
        "- {kind: extension, from: 2026-12-01, title: 甲, passages: []}\n- {kind: extension, from: 2026-12-01, title: 乙, passages: []}\n",
        2,
        "重复",
    ),
    (
        "organ.yaml",
        "- department: nobody\n  from: 2026-12-01\n  name: 某局\n  code: 某\n",
        1,
        "没有编号为“nobody”的部门",
    ),
    (
        "organ_days.json",
        "[\n {\"department\": \"yingji\", \"from\": \"2026-12-01\",\n  \"until\": \"2026-11-01\", \"name\": \"某局\", \"code\": \"某\"}\n]\n",
        3,
        "最后一天早于第一天",
    ),
    (
        "counting.yaml",
        "from: 2026-12-01\nstart: 某法\nworking: '{month}的通知'\nroll: 某法\n",
        3,
        "“{month}”没有可以填入的内容",
    ),
    (
        "competence.yaml",
        "- {sector: GM, department: yingji, leads: true, may_issue: true, from: 2026-12-01, basis: 某文件}\n- sector: GM\n  department: anweiban\n  leads: false\n  may_issue: true\n  from: 2026-12-01\n  basis: 某文件\n",
        5,
        "没有执法权",
    ),
    (
        "competence_twice.yaml",
        "- {sector: GM, department: yingji, leads: true, may_issue: true, from: 2026-12-01, basis: 某文件}\n- {sector: GM, department: yingji, leads: true, may_issue: true, from: 2026-12-01, basis: 某文件}\n",
        2,
        "重复",
    ),
    (
        "procedure.yaml",
        "from: 2026-12-01\nretry_days: 400\nretries: 1\nextension_days: 30\nextensions: 1\ntwo_officers: true\nmajor_plan: true\n",
        2,
        "不在 1 至 366 日",
    ),
    (
        "procedure_ground.yaml",
        "from: 2026-12-01\nretry_days: 30\nretries: 1\nextension_days: 30\nextensions: 1\ntwo_officers: true\nmajor_plan: true\ngrounds:\n  two_officers:\n    basis:\n    - {document: CFF, clause: 第九百条}\n    verified: true\n",
        11,
        "任何版本都没有",
    ),
];

/// A file of each kind of what a zone has beside the law, and what an import of it says that it changes.
const OF_A_ZONE: [(&str, &str, &str); 5] = [
    (
        "template.yaml",
        "kind: extension\nfrom: 2026-12-01\ntitle: 延期审批表\nseries: '{code}延'\npassages:\n- place: notes\n  text: 由{organ}批准。\n  basis:\n  - {document: AQF, clause: 第四十一条第二款}\n",
        "各机关的《延期审批表》式样（extension，2026-12-01 起）",
    ),
    (
        "organ.json",
        r#"[{"department": "yingji", "from": "2026-12-01", "name": "某区应急管理局", "code": "应急", "court": "某区人民法院"}]"#,
        "区应急管理局的文书署名（2026-12-01 起）",
    ),
    (
        "counting.yaml",
        "from: 2026-12-01\nstart: 某法第一条\nworking: '{year}年的通知'\nroll: 某法第二条\n",
        "期限计算规则（2026-12-01 起）",
    ),
    (
        "competence.yaml",
        "sector: GM\ndepartment: yingji\nleads: true\nmay_issue: true\nfrom: 2026-12-01\nbasis: 某文件\n",
        "区应急管理局在 GM 行业的职权（2026-12-01 起）",
    ),
    (
        "procedure.yaml",
        "from: 2026-12-01\nretry_days: 20\nretries: 1\nextension_days: 20\nextensions: 1\ntwo_officers: true\nmajor_plan: true\ngrounds:\n  retries:\n    by_order: {title: 某局办理规定, date: 2026-11-30}\n",
        "办理程序规定（2026-12-01 起）",
    ),
];

#[tokio::test]
async fn forms_organs_counting_competence_and_procedures_are_imported_like_law() {
    let folder = tempfile::tempdir().unwrap();
    let data = seeded(folder.path()).await;
    let counts = |it: &Catalogue| {
        let papers = &it.papers;
        (papers.templates.len(), papers.organs.len(), papers.counting.len())
    };
    let before = counts(&staff(&data).await);
    for (name, text, said) in OF_A_ZONE {
        let path = file(folder.path(), name, text);
        let done = import::run(&data, std::slice::from_ref(&path), NOW, false).await.unwrap();
        let what: Vec<&str> = done.changes.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(what, [said]);
        assert_eq!(done.changes[0].how, How::Added);
        let again = import::run(&data, &[path], NOW, false).await.unwrap();
        assert!(again.changes.is_empty(), "{name} again: {:?}", again.changes);
        let changed = text.replace("true", "false").replace("某", "另").replace("批准", "同意");
        let changed = file(folder.path(), name, &changed);
        let done = import::run(&data, &[changed], NOW, true).await.unwrap();
        let changes: Vec<_> = done.changes.iter().map(|it| (it.how, it.what.as_str())).collect();
        assert_eq!(changes, [(How::Changed, said)]);
    }
    let after = staff(&data).await;
    assert_eq!(counts(&after), (before.0 + 1, before.1 + 1, before.2 + 1));
    assert_eq!((after.competence.len(), after.procedures.len()), (1, 1));
    let bytes = of_readers(&data, "public").await;
    assert_eq!(bytes.papers, after.papers, "enterprises read the papers, too");
    assert_eq!(bytes.procedures, after.procedures);
    assert!(bytes.competence.is_empty());
}

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

/// What a file of texts says of a clause, in words of this test.
fn own_text(law: &LawDocument, edition: &Edition, clause: &str) -> String {
    format!("《{}》{}{clause}的条文。", law.title, edition.number)
}

#[tokio::test]
async fn with_a_text_for_each_clause_everything_that_is_cited_shows_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let data = seeded(folder.path()).await;
    let known = staff(&data).await.laws;
    let mut articles = Vec::new();
    for law in &known {
        for edition in &law.editions {
            articles.extend(edition.clauses.iter().map(|it| {
                serde_json::json!({
                    "document": law.id, "clause": it.clause, "edition": edition.number,
                    "text": own_text(law, edition, &it.clause),
                })
            }));
        }
    }
    let all = articles.len();
    let own = serde_json::json!({"what": "Texts of a test", "articles": articles}).to_string();
    import::run(&data, &[file(folder.path(), "texts.json", &own)], NOW, false).await.unwrap();
    let after = staff(&data).await;
    let mut shown = 0;
    for law in &after.laws {
        for edition in &law.editions {
            for it in &edition.clauses {
                let text = law::text_of(edition, &it.clause);
                assert_eq!(text, Some(own_text(law, edition, &it.clause)));
                assert!(!it.gist.is_empty());
                shown += 1;
            }
        }
    }
    assert_eq!(shown, all, "no clause was added or lost");

    let mut cited = 0;
    let mut show = |who: &str, clause: &Clause| {
        let read = law::reading(&after.laws, clause, NOW.date()).unwrap();
        let text = read.text.unwrap_or_else(|| panic!("{who}: {clause:?} shows no text"));
        let parts = [&read.title, &read.edition, &clause.clause];
        assert!(parts.iter().all(|part| text.contains(part.as_str())), "{who}: {text}");
        cited += 1;
    };
    for item in after.checklists.iter().flat_map(|list| &list.items) {
        let clauses = item.basis.iter().chain(&item.criterion).chain(&item.penalties);
        clauses.for_each(|clause| show(item.code.as_str(), clause));
    }
    for row in &after.criteria {
        row.clauses.iter().for_each(|clause| show(row.sector.as_str(), clause));
    }
    for row in &after.penalties {
        show("penalties", &row.duty);
        show("penalties", &row.clause);
    }
    for row in &after.terms {
        row.duty.iter().chain(&row.basis).for_each(|clause| show("terms", clause));
    }
    assert!(cited > 500, "{cited}");
}
