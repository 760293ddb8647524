//! Papers stand alone, have the fields of their forms in order, and one form of bytes; every sentence of law in them is data.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod issued;

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
use sync_core::testing::papers::{catalogue, full_case, listed_case, measure_input};
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
    let mut each = made(&full.case, sources);
    each.extend(made(&listed.case, sources));
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
fn fields_stand_in_the_order_of_the_forms() {
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let in_order = |kind, wanted: &[&str]| {
        let paper = of(kind, &sources);
        let labels = labels(&paper);
        let mut rest = labels.iter();
        for label in wanted {
            assert!(rest.any(|it| it.starts_with(label)), "{kind:?}: {label} in {labels:?}");
        }
    };
    in_order(
        PaperKind::InspectionPlan,
        &[
            "被检查单位",
            "地址",
            "所属行业",
            "检查时间",
            "行政执法人员",
            "检查内容",
            "检查方式",
            "审核意见",
            "审批意见",
            "备注",
        ],
    );
    in_order(
        PaperKind::VisitNotice,
        &[
            "被检查单位",
            "检查依据",
            "检查事项",
            "检查时间",
            "检查人员",
            "协助人员",
            "你单位的权利",
            "检查人员须遵守的规定",
            "监督电话",
            "被检查单位签收人",
        ],
    );
    in_order(
        PaperKind::InspectionRecord,
        &[
            "被检查单位",
            "地址",
            "法定代表人",
            "联系电话",
            "检查场所",
            "检查起止时间",
            "检查机关",
            "到场执法人员",
            "告知与出示证件",
            "检查情况",
            "检查人员（签名）",
            "拒绝签名情况",
            "见证人",
        ],
    );
    in_order(
        PaperKind::MeasureDecision,
        &[
            "被检查单位",
            "检查时间",
            "违法行为和隐患",
            "处理依据",
            "处理决定",
            "救济途径",
            "执法人员",
            "被检查单位负责人",
            "印章",
        ],
    );
    in_order(
        PaperKind::RectificationNotice,
        &[
            "被检查单位",
            "存在的问题和隐患",
            "责令限期整改",
            "整改期间的安全措施",
            "逾期不整改的后果",
            "救济途径",
            "执法人员",
            "被检查单位现场负责人",
            "见证人",
            "印章",
        ],
    );
    in_order(
        PaperKind::RecheckOpinion,
        &["被复查单位", "复查意见", "被复查单位负责人", "复查人员", "印章"],
    );
    in_order(
        PaperKind::ProofOfService,
        &["受送达单位", "送达文书", "送达方式", "送达地点", "收到日期", "收件人", "备注", "印章"],
    );
    in_order(
        PaperKind::Referral,
        &[
            "受移送机关",
            "调查（检查）日期",
            "发现的问题",
            "移送依据",
            "附送材料",
            "承办人",
            "回执",
            "印章",
        ],
    );
    in_order(
        PaperKind::ListedSupervision,
        &[
            "被督办单位",
            "重大事故隐患",
            "判定依据",
            "督办期限",
            "整改责任单位",
            "整改目标",
            "督办要求",
            "验收和销号",
            "督办单位",
            "抄送",
            "印章",
        ],
    );
    in_order(
        PaperKind::Extension,
        &[
            "申请单位",
            "原文号",
            "原期限",
            "申请延至",
            "申请理由",
            "已做工作",
            "承办人意见",
            "审批意见",
            "同意延至",
        ],
    );
    in_order(
        PaperKind::FileCover,
        &[
            "案件名称",
            "案由",
            "处理结果",
            "检查时间",
            "结案时间",
            "承办人",
            "归档日期",
            "归档号",
            "保存期限",
        ],
    );
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
        .find(|it| it.kind == PaperKind::RectificationNotice && it.department.is_none());
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
            for text in paper.texts() {
                assert!(page.contains(text), "{:?}: {text}", paper.kind);
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
