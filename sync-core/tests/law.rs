//! `fixtures/laws` and `fixtures/checklists` rest on law that is there on the day: each item names an existing clause with
//! its gist, or says why it is not verified.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use sync_core::domain::catalogue::{Catalogue, CheckItem, Checklist, Department};
use sync_core::domain::competence::Competence;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::law::{DefaultTerm, LawDocument, LawKind, Penalty, SectorCriteria, Sure};
use sync_core::domain::papers::{PaperTemplate, Papers};
use sync_core::domain::procedure::Procedure;
use sync_core::law::{self, clause, faults};
use sync_core::time::CivilDate;

fn fixtures() -> PathBuf {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo");
    PathBuf::from(root).join("../fixtures")
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).expect("a file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn each<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let entries = std::fs::read_dir(fixtures().join(folder)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// What the zone says of law.
#[derive(serde::Deserialize)]
struct Town {
    departments: Vec<Department>,
    competence: Vec<Competence>,
    procedures: Vec<Procedure>,
}

fn catalogue() -> Catalogue {
    let laws: Vec<LawDocument> = each("laws/documents");
    let town: Town = read(&fixtures().join("towns/zaozhuang.json"));
    let papers = Papers {
        templates: each::<Vec<PaperTemplate>>("papers/templates").concat(),
        organs: read(&fixtures().join("papers/organs.json")),
        counting: read(&fixtures().join("papers/counting.json")),
    };
    Catalogue {
        departments: town.departments,
        competence: town.competence,
        procedures: town.procedures,
        papers,
        laws: laws.into_iter().map(LawDocument::headed).collect(),
        checklists: each::<Checklist>("checklists"),
        criteria: read::<Vec<SectorCriteria>>(&fixtures().join("laws/criteria.json")),
        penalties: read::<Vec<Penalty>>(&fixtures().join("laws/penalties.json")),
        terms: read::<Vec<DefaultTerm>>(&fixtures().join("laws/terms.json")),
        ..Catalogue::default()
    }
}

fn items(catalogue: &Catalogue) -> impl Iterator<Item = &CheckItem> {
    catalogue.checklists.iter().flat_map(|list| &list.items)
}

fn day(text: &str) -> CivilDate {
    text.parse().expect("a date")
}

/// Days on which something else was in force.
const DAYS: [&str; 5] = ["2025-10-31", "2026-04-30", "2026-05-01", "2026-09-30", "2026-11-23"];

#[test]
fn nothing_in_the_fixtures_would_be_refused_by_an_import() {
    let all = catalogue();
    assert!(all.laws.len() >= 88, "{}", all.laws.len());
    let mut found: Vec<String> = Vec::new();
    let mut note = |name: &str, faults: Vec<faults::Fault>| {
        found.extend(faults.into_iter().map(|it| format!("{name}: {:?} {}", it.at, it.why)));
    };
    for it in &all.laws {
        note(&it.id, faults::of_document(it));
    }
    for it in &all.checklists {
        note(it.sector.as_str(), faults::of_checklist(it, &all.laws));
    }
    for it in &all.criteria {
        note(it.sector.as_str(), faults::of_criteria(it, &all.laws));
    }
    for it in &all.penalties {
        note(&it.duty.document, faults::of_penalty(it, &all.laws));
    }
    for it in &all.terms {
        note("terms", faults::of_term(it, &all.laws));
    }
    for it in &all.papers.templates {
        note(&it.title, faults::of_template(it, &all));
    }
    for it in &all.papers.organs {
        note(&it.name, faults::of_organ(it, &all));
    }
    for it in &all.papers.counting {
        note("counting", faults::of_counting(it));
    }
    for it in &all.competence {
        note(&format!("{} {}", it.sector, it.department), faults::of_competence(it, &all));
    }
    for it in &all.procedures {
        note("procedures", faults::of_procedure(it, &all));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn each_item_cites_one_clause_with_its_gist_in_force_that_day_or_says_what_is_not_verified() {
    let all = catalogue();
    assert_eq!(items(&all).count(), 169);
    for day in DAYS.map(day) {
        for item in items(&all) {
            let proposed = law::item_on(item, &all.laws, day);
            let duty = proposed.basis.first().expect("a duty");
            let read = law::reading(&all.laws, duty, day).expect("a known document");
            let code = &item.code;
            assert!(!read.gist.is_empty(), "{code} cites {duty:?} without its gist");
            assert!(clause::form(&duty.clause).as_ref() == Some(&duty.clause), "{code}: {duty:?}");
            let said = item.unsure.is_some();
            assert!(read.in_force || said, "{code} on {day}: {duty:?} is not in force");
            assert!(read.doubt.is_none() || said, "{code}: {duty:?} is not verified");
            assert!(item.sure == Sure::High || said, "{code} does not say what is unsure");
        }
    }
}

#[test]
fn an_item_names_duty_criterion_and_penalty_apart() {
    let all = catalogue();
    let kind = |it: &Clause| law::document(&all.laws, &it.document).expect("known").kind;
    let punished: BTreeSet<(Clause, Clause)> =
        all.penalties.iter().map(|it| (it.duty.clone(), it.clause.clone())).collect();
    for item in items(&all) {
        let code = &item.code;
        for duty in &item.basis {
            assert_eq!(kind(duty), LawKind::Statute, "{code}: {duty:?} is no duty of a statute");
        }
        if let Some(criterion) = &item.criterion {
            assert_eq!(kind(criterion), LawKind::Criteria, "{code}");
        }
        assert!(item.grade == Grade::General || item.criterion.is_some(), "{code} cannot be major");
        for penalty in &item.penalties {
            let of_a_duty = |duty: &Clause| punished.contains(&(duty.clone(), penalty.clone()));
            assert!(item.basis.iter().any(of_a_duty), "{code}: {penalty:?} punishes no duty");
        }
        assert!(!item.immediate.is_empty() && !item.evidence.is_empty(), "{code}");
    }
}

#[test]
fn every_sector_has_criteria_to_choose_from_on_every_day() {
    let all = catalogue();
    let now = day("2026-11-23");
    for list in &all.checklists {
        let sector = list.sector.as_str();
        let offered = law::criteria_on(&all, sector, now);
        assert!(offered.len() >= 3, "{sector}: {}", offered.len());
        assert!(offered.iter().all(|it| it.in_force && !it.gist.is_empty()), "{sector}");
        for item in list.items.iter().filter_map(|item| item.criterion.as_ref()) {
            let is_offered = offered.iter().any(|it| it.clause == *item);
            assert!(is_offered, "{sector}: {item:?} is proposed and not in the list");
        }
    }
}

#[test]
fn every_sector_has_an_organ_that_may_issue_and_no_row_of_competence_stands_twice() {
    let all = catalogue();
    let day = day("2026-11-23");
    for list in &all.checklists {
        let may = |it: &&Competence| it.may_issue && it.sector == list.sector && it.holds_on(day);
        let organs: Vec<_> = all.competence.iter().filter(may).map(|it| &it.department).collect();
        assert!(!organs.is_empty(), "nobody may plan a visit of {}", list.sector);
        for organ in organs {
            let named = all.papers.organ(organ, day).is_some();
            let numbered = all.departments.iter().any(|it| it.id == *organ && it.series.is_some());
            assert!(named && numbered, "{organ} cannot issue a paper of {}", list.sector);
        }
    }
    let mut rows = BTreeSet::new();
    for it in &all.competence {
        let new = rows.insert((it.sector.clone(), it.department.clone(), it.from));
        assert!(new, "{} {} twice", it.sector, it.department);
    }
}

#[test]
fn what_blocks_rests_on_a_verified_clause_in_force_or_on_an_order_of_the_bureau() {
    let all = catalogue();
    let day = day("2026-11-23");
    for (part, ground) in all.procedures.iter().flat_map(|it| it.grounds.each()) {
        for clause in &ground.basis {
            let read = law::reading(&all.laws, clause, day).expect("a known document");
            assert!(read.in_force && read.doubt.is_none(), "{part}: {clause:?}");
        }
        assert!(part == "further_terms" || ground.binds(), "{part} rests on nothing known");
    }
}

#[test]
fn every_place_at_which_papers_have_a_text_can_be_imported() {
    use sync_core::domain::papers::PLACES;
    let root = std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo");
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for file in std::fs::read_dir(PathBuf::from(root).join("src/document")).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        for call in text.split("passage(\"").skip(1) {
            let (args, _) = call.split_once(')').expect("an end");
            let place = args.strip_suffix('"').and_then(|it| it.rsplit('"').next());
            asked.extend(place.map(str::to_owned));
        }
    }
    assert!(asked.len() > 10, "{asked:?}");
    for place in asked {
        assert!(PLACES.contains(&place.as_str()), "{place} is missing in PLACES");
    }
}

#[test]
fn a_finding_of_april_and_one_of_may_cite_different_law() {
    let all = catalogue();
    let mixed = items(&all).find(|item| item.code.as_str() == "HC-05").expect("禁忌混存");
    let cited = |day: CivilDate| law::item_on(mixed, &all.laws, day).basis.remove(0);
    let title = |clause: &Clause, day| law::reading(&all.laws, clause, day).expect("known").title;
    let (april, may) = (day("2026-04-30"), day("2026-05-01"));
    assert_eq!(title(&cited(april), april), "危险化学品安全管理条例");
    assert_eq!(cited(april).clause, "第二十四条第二款");
    assert_eq!(title(&cited(may), may), "危险化学品安全法");
    assert_eq!(cited(may).clause, "第四十一条");
    // What was cited in April reads so for ever.
    let later = law::reading(&all.laws, &cited(april), day("2030-01-01")).expect("known");
    assert!(!later.gist.is_empty());
}

#[test]
fn an_edition_whose_first_day_nobody_has_named_is_doubted_on_every_day() {
    let all = catalogue();
    let mut undated = 0;
    for law in &all.laws {
        for edition in law.editions.iter().filter(|it| it.from.is_none()) {
            let name = format!("{} {}", law.title, edition.number);
            assert!(edition.known.doubt().is_some(), "{name} is verified and has no first day");
            for it in &edition.clauses {
                let cited = Clause { document: law.id.clone(), clause: it.clause.clone() };
                let read = law::reading(&all.laws, &cited, day("2026-11-23")).expect("known");
                assert!(read.doubt.is_some_and(|it| it.contains("施行日")), "{cited:?}");
            }
            undated += 1;
        }
    }
    assert!(undated <= 41, "{undated} editions have no first day");
}

#[test]
fn papers_cite_laws_by_their_full_titles() {
    let all = catalogue();
    let title = |id: &str| law::document(&all.laws, id).expect("known").printed_title();
    assert_eq!(title("AQF"), "中华人民共和国安全生产法");
    assert_eq!(title("SDTL"), "山东省安全生产条例");
    for it in &all.laws {
        let national = it.kind == LawKind::Statute && it.title.ends_with('法');
        let of_a_ministry = it.title.ends_with("办法");
        let full = it.printed_title().starts_with("中华人民共和国");
        assert!(full || !national || of_a_ministry, "{} is cited short", it.title);
    }
}

#[test]
fn since_may_2026_what_rests_on_the_old_rule_of_chemicals_says_that_the_law_comes_first() {
    let all = catalogue();
    let (april, may) = (day("2026-04-30"), day("2026-05-01"));
    for (code, duty) in [("HC-01", "第三十三条第一款"), ("DL-10", "第四十九条")] {
        let item = items(&all).find(|item| item.code.as_str() == code).expect("an item");
        assert_eq!(item.sure, Sure::Low, "{code}");
        assert!(item.unsure.as_ref().is_some_and(|it| it.contains("危险化学品安全法")), "{code}");
        let read = |day| {
            let duty = law::item_on(item, &all.laws, day).basis.remove(0);
            law::reading(&all.laws, &duty, day).expect("known")
        };
        assert_eq!((read(april).clause.clause.as_str(), read(april).doubt), (duty, None), "{code}");
        let doubt = read(may).doubt.expect("a doubt");
        assert!(doubt.contains("危险化学品安全法") && doubt.contains("条号未核实"), "{doubt}");
    }
    // The penalty of the law is known by its number.
    let licence = items(&all).find(|item| item.code.as_str() == "HC-01").expect("an item");
    let punished = |day| law::item_on(licence, &all.laws, day).penalties.remove(0).document;
    assert_eq!((punished(april), punished(may)), ("WHTL".to_owned(), "WHF".to_owned()));
}

#[test]
fn the_edition_follows_the_day() {
    let all = catalogue();
    let edition = |id: &str, on: &str| {
        let document = law::document(&all.laws, id).expect("known");
        law::edition_on(document, day(on)).map(|it| it.number.clone())
    };
    assert_eq!(edition("CFBF", "2026-01-31").as_deref(), Some("2015修正"));
    assert_eq!(edition("CFBF", "2026-02-01").as_deref(), Some("应急管理部令第18号"));
    assert_eq!(edition("GB35181", "2025-10-31").as_deref(), Some("GB 35181-2017"));
    assert_eq!(edition("GB35181", "2025-11-01").as_deref(), Some("GB 35181-2025"));
    assert_eq!(edition("WHF", "2026-04-30"), None);
}

#[test]
fn citations_that_did_not_carry_their_finding_are_gone() {
    let all = catalogue();
    for (code, document, clause) in [
        ("LB-08", "GFF", "第七十九条"),
        ("DL-01", "DLTL", "第二十四条"),
        ("YQ-13", "GDF", "第二十二条"),
        ("CJ-04", "JSTL", "第三十条"),
        ("PW-02", "DLGY", "第三十七条"),
    ] {
        let item = items(&all).find(|item| item.code.as_str() == code).expect("an item");
        let cites = item.basis.iter().any(|it| it.document == document && it.clause == clause);
        assert!(!cites, "{code} still cites {document} {clause}");
    }
    let item = |code: &str| items(&all).find(|item| item.code.as_str() == code).expect("an item");
    let wf = item("WF-08");
    assert!(wf.finding.starts_with("持证经营单位"), "the year binds who holds a licence");
    assert!(wf.how.contains("没有的不适用"), "{}", wf.how);
    assert!(!item("MB-02").finding.contains("押运员"), "no duty of 第三十三条");
    let filing = item("WF-09");
    assert!(!filing.finding.contains("演练") && filing.basis.len() == 1, "filing is one duty");
    let drills: Vec<&str> = item("ZT-08").basis.iter().map(|it| it.clause.as_str()).collect();
    assert!(drills.starts_with(&["第六十三条第二款", "第六十三条第三款"]), "{drills:?}");
    assert!(item("CJ-09").standards.contains(&"JGJ80".to_owned()));
    for code in ["DL-03", "DL-04"] {
        let item = items(&all).find(|item| item.code.as_str() == code).expect("an item");
        assert_eq!(item.grade, Grade::General, "{code} is major only under its condition");
        assert!(item.major_if.is_some() && item.unsure.is_some(), "{code}");
    }
}

#[test]
fn no_sentence_of_law_stands_in_the_code() {
    let folders = ["document", "calendar", "rules", "act", "act/notice", "act/visit", "law"];
    let folders = folders.map(|it| fixtures().join(format!("../sync-core/src/{it}")));
    let device = fixtures().join("../sync-core/device/src");
    let files =
        folders.iter().chain([&device]).flat_map(|it| std::fs::read_dir(it).expect("readable"));
    let paths = files.map(|it| it.expect("readable").path());
    let mut looked_at = 0;
    for path in paths.filter(|it| it.extension().is_some_and(|it| it == "rs")) {
        let text = std::fs::read_to_string(&path).expect("readable");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: String = code.collect::<Vec<_>>().join("\n");
        let words = [
            "罚款",
            "行政复议",
            "行政诉讼",
            "《安全",
            "《中华",
            "条例",
            "第一百",
            "第二百",
            "人民法院",
            "人民政府",
            "国务院",
            "民法典",
            "诉讼法",
            "不扣除",
            "不顺延",
            "连续计算",
        ];
        for word in words {
            assert!(!code.contains(word), "{}: {word}", path.display());
        }
        for term in ["Term::natural(", "Term::working(", "Term { days: "] {
            let numbers = code.split(term).skip(1).filter(|it| it.starts_with(char::is_numeric));
            assert_eq!(numbers.count(), 0, "{}: a term of law", path.display());
        }
        looked_at += 1;
    }
    assert!(looked_at > 80, "{looked_at}");
}
