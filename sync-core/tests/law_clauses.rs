//! How a clause is named, and how its text is cut from that of its article.

use sync_core::law::clause::{form, steps};
use sync_core::law::text::within;

#[test]
fn a_clause_has_one_name_however_it_is_written() {
    for (written, one) in [
        ("第三十六条第一款", "第三十六条第一款"),
        ("第36条第1款", "第三十六条第一款"),
        ("第十六条第一款第（二）项", "第十六条第一款第二项"),
        ("第四条(一)", "第四条第一项"),
        ("第三条第(一)项", "第三条第一项"),
        ("第 102 条", "第一百零二条"),
        ("第一百一十二条第一款第十二项", "第一百一十二条第一款第十二项"),
        ("第一百二十条之一", "第一百二十条之一"),
        ("(四)", "第四项"),
        ("4.2a)", "4.2a"),
        ("10.0.4", "10.0.4"),
    ] {
        assert_eq!(form(written).as_deref(), Some(one), "{written}");
        assert_eq!(form(one).as_deref(), Some(one), "{one} is its own form");
    }
}

#[test]
fn several_clauses_ranges_and_nothing_are_no_clause() {
    for name in [
        "",
        " ",
        "第十一条(二)至(五)",
        "第三十五条、第三十七条",
        "第四条(一)(二)",
        "10.0.4、10.0.7",
        "4.2b至4.2f",
        "条例",
        "第条",
        "第零条",
        "4",
        "第二款第三条",
        "第一一条",
        "第三十六条等",
        "第十十十十十十十十条",
    ] {
        assert_eq!(form(name), None, "{name}");
    }
}

#[test]
fn every_number_of_an_article_is_read_as_it_is_written() {
    let mut names = std::collections::BTreeSet::new();
    for number in 1..1000 {
        let name = form(&format!("第{number}条")).expect("a clause");
        let read = steps(&name).expect("steps");
        assert_eq!(read.iter().map(|step| step.number).collect::<Vec<_>>(), [number]);
        names.insert(name);
    }
    assert_eq!(names.len(), 999);
}

#[test]
fn a_paragraph_or_an_item_is_cut_from_its_article() {
    let article = "甲应当这样：\n（一）第一件；\n（二）第二件。\n乙应当那样。\n丙：\n(一)丙一。";
    for (name, text) in [
        ("第九条", Some(article)),
        ("第九条第二款", Some("乙应当那样。")),
        ("第九条第一款第二项", Some("（二）第二件。")),
        ("第九条第二项", Some("（二）第二件。")),
        ("第九条第三款第一项", Some("(一)丙一。")),
        ("第九条第四款", None),
        ("第九条第一款第三项", None),
    ] {
        let steps = steps(name).expect("a clause");
        assert_eq!(within(article, &steps).as_deref(), text, "{name}");
    }
}
