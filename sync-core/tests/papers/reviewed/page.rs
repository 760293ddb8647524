//! How the printed page holds together.

use sync_core::document::{Sources, certificate, html};
use sync_core::domain::papers::PaperKind;
use sync_core::testing::cast::Who;

use crate::{of, reference};

fn page(kind: PaperKind) -> String {
    let catalogue = reference();
    let none = |_| None;
    let extras = html::Extras { sheet: html::Sheet::A4, server: None, picture: &none };
    html::page(&of(kind, &Sources::new(&catalogue)), &extras)
}

#[test]
fn signatures_and_seal_stay_together_on_a_page() {
    let page = page(PaperKind::RectificationNotice);
    let (_, signing) = page.split_once("<section class=\"signing\">").unwrap();
    let (before, _) = signing.split_once("<section class=\"photos\">").unwrap();
    for label in ["执法人员（签名）", "见证人（签名）", "（印章）"] {
        assert!(before.contains(label), "{label}");
    }
    assert_eq!(page.matches("class=\"signing\"").count(), 1);
    let (_, style) = page.split_once("<style>").unwrap();
    let rule = style.lines().find(|it| it.contains(".signing")).unwrap();
    assert!(rule.ends_with("{break-inside:avoid}"), "{rule}");
}

#[test]
fn the_number_of_a_certificate_is_not_broken() {
    let number = certificate::number(&Who::Lead.person().certificate.unwrap());
    let whole = format!("<span class=\"certificate\">{number}</span>");
    let page = page(PaperKind::VisitNotice);
    assert_eq!(page.matches(&whole).count(), 2, "in the text and where it is signed");
    let text = format!("甲{number}、乙{number}（签名");
    let found: Vec<&str> = certificate::numbers(&text).into_iter().map(|it| &text[it]).collect();
    assert_eq!(found, [number.as_str(), number.as_str()]);
}
