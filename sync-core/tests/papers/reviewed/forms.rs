//! The forms that ship: what they cite, on which days, and that nobody has confirmed them yet.

use sync_core::domain::papers::{CountingRule, PaperTemplate, Papers};
use sync_core::law;
use sync_core::testing::builders::date;

use crate::{forms, reference};

/// The first day of a form and a late one.
fn days(template: &PaperTemplate) -> [sync_core::time::CivilDate; 2] {
    [template.from, template.until.unwrap_or(date("2026-11-02"))]
}

#[test]
fn what_a_form_cites_is_in_the_law_of_each_of_its_days() {
    let catalogue = reference();
    for template in &catalogue.papers.templates {
        let clauses = template.passages.iter().flat_map(|it| &it.basis);
        for (clause, day) in clauses.flat_map(|it| days(template).map(|day| (it, day))) {
            let there = law::is_in_force(&catalogue.laws, clause, day);
            assert!(there, "{} of {day}: {clause:?}", template.title);
        }
    }
}

#[test]
fn remedies_name_the_article_that_had_the_number_on_the_day() {
    let mut told = 0;
    for template in &forms().templates {
        for passage in template.passages.iter().filter(|it| it.place == "remedies") {
            for day in days(template) {
                let article = if day < date("2024-01-01") { "第九条" } else { "第二十条" };
                let cited = format!("《中华人民共和国行政复议法》{article}向");
                assert!(passage.text.contains(&cited), "{} of {day}", template.title);
                told += 1;
            }
        }
    }
    assert_eq!(told, 20, "five papers, two forms each");
}

#[test]
fn an_order_on_the_spot_cites_what_allows_it_and_nothing_around_it() {
    let forms = forms();
    let decisions = forms.templates.iter().filter(|it| it.kind.name() == "measure_decision");
    let clauses = decisions.flat_map(|it| &it.passages).flat_map(|it| &it.basis);
    let cited: Vec<&str> = clauses.map(|it| it.clause.as_str()).collect();
    assert_eq!(cited, ["第六十五条第一款第三项"; 4]);
}

#[test]
fn rules_of_counting_name_their_articles() {
    let forms = forms();
    let rule = |day: &str| forms.counting(date(day)).unwrap();
    assert_eq!(rule("2026-11-02").working, "国务院办公厅关于{year}年部分节假日安排的通知");
    for (day, article) in [("2021-12-31", "第八十二条"), ("2022-01-01", "第八十五条")] {
        assert_eq!(rule(day).roll, format!("《中华人民共和国民事诉讼法》{article}"));
    }
}

#[test]
fn no_form_that_ships_says_that_a_legal_office_has_confirmed_it() {
    let Papers { templates, organs, counting } = forms();
    let passages = templates.iter().flat_map(|it| &it.passages);
    assert!(passages.clone().count() > 20);
    let claims = templates.iter().map(|it: &PaperTemplate| it.verified);
    let claims = claims.chain(passages.map(|it| it.verified));
    let claims = claims.chain(organs.iter().map(|it| it.verified));
    assert!(!claims.chain(counting.iter().map(|it: &CountingRule| it.verified)).any(|it| it));
}
