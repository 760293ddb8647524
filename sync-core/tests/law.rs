//! `fixtures/laws` and `fixtures/checklists` rest on law that is there on the day: each item names an existing clause with
//! its gist, or says why it is not verified.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use sync_core::domain::catalogue::{Catalogue, CheckItem, Checklist};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::law::{DefaultTerm, LawDocument, LawKind, Penalty, SectorCriteria, Sure};
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

fn catalogue() -> Catalogue {
    let laws: Vec<LawDocument> = each("laws/documents");
    Catalogue {
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
        assert_eq!(kind(&item.basis[0]), LawKind::Statute, "{code}: a duty is in a statute");
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
    for code in ["DL-03", "DL-04"] {
        let item = items(&all).find(|item| item.code.as_str() == code).expect("an item");
        assert_eq!(item.grade, Grade::General, "{code} is major only under its condition");
        assert!(item.major_if.is_some() && item.unsure.is_some(), "{code}");
    }
}
