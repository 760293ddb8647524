//! What the law asks of a major hazard.

use sync_core::domain::papers::PaperKind;
use sync_core::testing::stages::{Stage, world_at};

use super::{last, text};
use crate::{labels, reference};

#[test]
fn a_notice_with_a_major_hazard_says_what_a_major_hazard_asks_for() {
    let catalogue = reference();
    let notice = |stage| last(&world_at(stage), PaperKind::RectificationNotice, &catalogue);
    let major = notice(Stage::MajorIssued);
    assert!(labels(&major).contains(&"重大事故隐患"));
    let said = text(&major);
    for word in ["责任", "措施", "资金", "时限", "预案", "职工代表大会"] {
        let mut paragraphs = said.lines().filter(|it| it.contains("治理方案"));
        assert!(paragraphs.any(|it| it.contains(word)), "{word} is not in {said}");
    }
    assert!(major.unverified.contains(&"重大事故隐患".to_owned()), "until somebody confirms it");
    assert!(!labels(&notice(Stage::Issued)).contains(&"重大事故隐患"));
    // The forms of all organs have it.
    for template in catalogue.papers.templates {
        if template.kind == PaperKind::RectificationNotice {
            let mut places = template.passages.iter().map(|it| it.place.as_str());
            assert!(places.any(|it| it == "major"), "{}", template.title);
        }
    }
}
