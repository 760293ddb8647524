//! Papers stand alone, have the fields of their forms in order, and one form of bytes; every sentence of law in them is data.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod fields;
mod issued;
mod reviewed;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use sync_core::case::Case;
use sync_core::cbor;
use sync_core::document::{
    Block, Filed, Paper, Sources, check_address, cover, html, index, measure, paper, papers, qr,
};
use sync_core::domain::catalogue::{Catalogue, Checklist};
use sync_core::domain::papers::{PaperKind, PaperTemplate, Papers};
use sync_core::id::Digest;
use sync_core::ledger::canonical;
use sync_core::testing::builders::date;
use sync_core::testing::cast::{Who, department};
use sync_core::testing::papers::{catalogue, full_case, further_case, listed_case, measure_input};
use sync_core::testing::stages::{Stage, world_at};

fn root(path: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..").join(path)
}

fn read<T: DeserializeOwned>(path: &str) -> T {
    let text = std::fs::read_to_string(root("fixtures").join(path)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn all<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let mut files: Vec<_> = std::fs::read_dir(root("fixtures").join(folder)).unwrap().collect();
    files.sort_by_key(|it| it.as_ref().unwrap().file_name());
    let name = |it: std::io::Result<std::fs::DirEntry>| it.unwrap().file_name();
    files.into_iter().map(|it| read(&format!("{folder}/{}", name(it).to_str().unwrap()))).collect()
}

fn forms() -> Papers {
    let templates: Vec<Vec<PaperTemplate>> = all("papers/templates");
    Papers {
        templates: templates.concat(),
        organs: read("papers/organs.json"),
        counting: read("papers/counting.json"),
    }
}

fn reference() -> Catalogue {
    catalogue(Catalogue {
        laws: all("laws/documents"),
        checklists: all::<Checklist>("checklists"),
        calendars: [2025, 2026].map(|it| read(&format!("calendars/{it}.json"))).to_vec(),
        papers: forms(),
        ..Catalogue::default()
    })
}

/// Every paper of a case.
fn made(case: &Case, sources: &Sources<'_>) -> Vec<Paper> {
    let rows = papers(case, sources).into_iter();
    rows.map(|row| {
        let made = paper(case, row.kind, row.fact, sources).unwrap();
        assert_eq!((&made.title, made.digest()), (&row.title, row.digest));
        made
    })
    .collect()
}

/// A paper of each kind.
fn one_of_each(sources: &Sources<'_>) -> Vec<Paper> {
    let (full, listed) = (full_case(), listed_case());
    let (further, resumed) = (further_case(), world_at(Stage::Resumed));
    let mut each = made(&full.case, sources);
    each.extend(made(&listed.case, sources));
    each.extend(made(&further.case, sources));
    each.extend(made(&resumed.case, sources));
    each.push(measure(&measure_input(), sources));
    each.push(cover(&full.case, sources, full.now).unwrap());
    let filed = each.iter().map(|it| Filed {
        title: it.title.clone(),
        number: it.number.clone(),
        on: it.date,
        page: 1,
    });
    each.push(index(&full.case, &filed.collect::<Vec<_>>(), sources).unwrap());
    each.sort_by_key(|it| it.kind);
    each.dedup_by_key(|it| it.kind);
    each
}

fn of(kind: PaperKind, sources: &Sources<'_>) -> Paper {
    one_of_each(sources).into_iter().find(|it| it.kind == kind).unwrap()
}

/// Labels, headings and columns in order.
fn labels(paper: &Paper) -> Vec<&str> {
    let mut labels = Vec::new();
    for block in &paper.blocks {
        match block {
            Block::Field { label, .. } | Block::Signatures { label, .. } => {
                labels.push(label.as_str());
            }
            Block::Text { heading, .. } | Block::Table { heading, .. } => {
                labels.push(heading.as_str());
            }
            Block::Seal { .. } => labels.push("印章"),
        }
    }
    labels.retain(|it| !it.is_empty());
    labels
}

#[test]
fn a_case_gives_a_paper_of_every_kind() {
    let catalogue = reference();
    let kinds: BTreeSet<PaperKind> =
        one_of_each(&Sources::new(&catalogue)).iter().map(|it| it.kind).collect();
    assert_eq!(kinds, PaperKind::ALL.iter().copied().collect());
}

#[test]
fn every_paper_has_one_form_of_bytes() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    for paper in one_of_each(&sources) {
        let bytes = paper.canonical();
        canonical::check(&bytes).unwrap_or_else(|error| panic!("{:?}: {error}", paper.kind));
        assert_eq!(cbor::from_slice::<Paper>(&bytes).unwrap(), paper);
    }
    let again = reference();
    assert_eq!(one_of_each(&sources), one_of_each(&Sources::new(&again)), "the same facts");
}

#[test]
fn a_changed_byte_is_another_paper() {
    let catalogue = reference();
    let notice = of(PaperKind::RectificationNotice, &Sources::new(&catalogue));
    let bytes = notice.canonical();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert_ne!(Digest::of(&changed), notice.digest());
    }
}

#[test]
fn a_notice_stands_alone() {
    let catalogue = reference();
    let notice = of(PaperKind::RectificationNotice, &Sources::new(&catalogue));
    let text = notice.texts().join("\n");
    let lead = Who::Lead.person();
    let certificate = lead.certificate.unwrap();
    for fact in [
        "枣庄示例新能源科技有限公司",
        "山东省枣庄高新区复元三路 18 号",
        "枣庄高新区应急管理局",
        "（枣高）应急责改〔2026〕7号",
        "《中华人民共和国安全生产法》（2021修正）第三十六条",
        "疏散通道被货物占用，第1处　二号仓库东侧",
        &lead.name,
        &certificate,
        "第一百零二条",
        "枣庄市人民政府",
        "枣庄市薛城区人民法院",
        "不停止执行",
    ] {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
    assert!(!text.contains(['{', '}']), "{text}");
}

#[test]
fn a_notice_says_its_term_and_the_date_of_that_day_and_the_proof_of_service_the_dates_that_count() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let at = |stage, kind| {
        let all = made(&world_at(stage).case, &sources);
        all.into_iter().find(|it| it.kind == kind).unwrap()
    };
    let issued = at(Stage::Issued, PaperKind::RectificationNotice);
    let text = issued.texts().join("");
    let said = "自送达之日起 15 日内；2026年11月2日送达的，为2026年11月17日前（含当日）";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("送达之日为2026年11月2日，当日不计入"), "{text}");
    assert!(text.contains("《中华人民共和国民法典》第二百零一条第一款"), "{text}");
    for later in [Stage::Served, Stage::Extended, Stage::Closed] {
        assert_eq!(at(later, PaperKind::RectificationNotice), issued, "nothing changes it");
    }
    let proof = at(Stage::Served, PaperKind::ProofOfService).texts().join("");
    assert!(proof.contains("2026年11月17日前（含当日）"), "{proof}");
    assert!(proof.contains("送达之日为2026年11月2日，当日不计入"), "{proof}");
}

#[test]
fn an_old_paper_keeps_its_form_when_the_form_changes() {
    let before = reference();
    let notice = of(PaperKind::RectificationNotice, &Sources::new(&before));
    let mut after = before.clone();
    let old = after
        .papers
        .templates
        .iter_mut()
        .rfind(|it| it.kind == PaperKind::RectificationNotice && it.department.is_none());
    let old = old.unwrap();
    old.until = Some(date("2027-12-31"));
    let new = PaperTemplate {
        from: date("2028-01-01"),
        until: None,
        title: "责令改正决定书".to_owned(),
        ..old.clone()
    };
    after.papers.templates.push(new);
    assert_eq!(of(PaperKind::RectificationNotice, &Sources::new(&after)), notice);
    let on = date("2028-01-01");
    let used = after.papers.template(PaperKind::RectificationNotice, &department(), on).unwrap();
    assert_eq!(used.title, "责令改正决定书");
    let fire = "xiaofang".parse().unwrap();
    let used = after.papers.template(PaperKind::RectificationNotice, &fire, on).unwrap();
    assert_eq!(used.title, "责令限期改正通知书", "an organ's own form comes first");
}

#[test]
fn what_no_legal_office_confirmed_is_said_and_stops_nothing() {
    let mut catalogue = reference();
    catalogue.papers = Papers::default();
    catalogue.laws.clear();
    let bare = one_of_each(&Sources::new(&catalogue));
    assert_eq!(bare.len(), PaperKind::ALL.len());
    let notice = bare.iter().find(|it| it.kind == PaperKind::RectificationNotice).unwrap();
    assert!(notice.unverified.iter().any(|it| it == "文书名称及式样"));
    assert!(notice.unverified.iter().any(|it| it.contains("第三十六条")));
}

#[test]
fn every_form_is_filled_from_what_is_known() {
    let catalogue = reference();
    let known: BTreeSet<&str> = catalogue.laws.iter().map(|it| it.id.as_str()).collect();
    for template in &catalogue.papers.templates {
        for passage in &template.passages {
            let place = format!("{:?} {}", template.kind, passage.place);
            for clause in &passage.basis {
                assert!(known.contains(clause.document.as_str()), "{place}: {clause:?}");
                assert!(!clause.clause.is_empty(), "{place}");
            }
        }
    }
    for paper in one_of_each(&Sources::new(&catalogue)) {
        let text = paper.texts().join("\n");
        assert!(!text.contains(['{', '}']), "{:?}: {text}", paper.kind);
    }
}

#[test]
fn a_page_shows_every_word_and_fetches_nothing() {
    let catalogue = reference();
    let none = |_| None;
    for sheet in [html::Sheet::A4, html::Sheet::Roll80] {
        let extras = html::Extras { sheet, server: Some("https://zhicha.example"), picture: &none };
        for paper in one_of_each(&Sources::new(&catalogue)) {
            let page = html::page(&paper, &extras);
            let shown: String =
                page.split('<').filter_map(|it| Some(it.split_once('>')?.1)).collect();
            for text in paper.texts() {
                assert!(shown.contains(text), "{:?}: {text}", paper.kind);
            }
            assert!(page.contains(&paper.digest().to_string()));
            for word in ["<script", "src=\"http", "href=", "url(", "@import"] {
                assert!(!page.contains(word), "{word}");
            }
        }
    }
}

#[test]
fn what_people_typed_stays_words() {
    let mut catalogue = reference();
    catalogue.enterprises[0].name = "<img src=x onerror=alert(1)>&\"'公司".to_owned();
    let notice = of(PaperKind::RectificationNotice, &Sources::new(&catalogue));
    let none = |_| None;
    let extras = html::Extras { sheet: html::Sheet::A4, server: None, picture: &none };
    let page = html::page(&notice, &extras);
    assert!(!page.contains("<img"), "{page}");
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;公司"));
}

#[test]
fn a_name_in_braces_is_filled_in_once() {
    let mut catalogue = reference();
    catalogue.enterprises[0].name = "{court}公司".to_owned();
    let notice = of(PaperKind::RectificationNotice, &Sources::new(&catalogue));
    let text = notice.texts().join("\n");
    assert!(text.contains("{court}公司：经查"), "{text}");
}

#[test]
fn a_picture_is_in_the_page_where_its_bytes_are_here() {
    let catalogue = reference();
    let notice = of(PaperKind::RectificationNotice, &Sources::new(&catalogue));
    let picture = |blob| (blob == notice.photos[0].blob).then(|| b"\x89PNG-".to_vec());
    let extras = html::Extras { sheet: html::Sheet::A4, server: None, picture: &picture };
    assert!(html::page(&notice, &extras).contains("src=\"data:image/png;base64,iVBORy0=\""));
}

#[test]
fn the_enterprise_is_never_given_what_is_internal() {
    let internal = PaperKind::ALL.iter().filter(|it| it.is_internal()).collect::<Vec<_>>();
    for kind in ["inspection_plan", "referral", "file_cover", "file_index"] {
        assert!(internal.iter().any(|it| it.name() == kind), "{kind}");
    }
}

#[test]
fn a_code_holds_the_address_of_the_check() {
    let digest = Digest::of(b"a paper");
    let address = check_address("https://zhicha.example/", digest);
    assert_eq!(address, format!("https://zhicha.example/check/{}", digest.hex()));
    let code = qr(&address).unwrap();
    let dark = code.dark.iter().filter(|it| **it).count();
    assert_eq!(code.runs().iter().map(|it| it.2).sum::<usize>(), dark);
    assert_eq!(code.dark.len(), code.size * code.size);
}
