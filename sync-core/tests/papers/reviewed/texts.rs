//! Law is quoted where its text is there, and what the law asks of a major hazard is said.

use sync_core::document::Sources;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::law::Provision;
use sync_core::domain::papers::PaperKind;
use sync_core::testing::builders::clause;

use super::text;
use crate::{of, reference};

/// The clause that the tests cite, as the law of the fixtures has it.
fn cited(catalogue: &mut Catalogue) -> &mut Provision {
    let law = catalogue.laws.iter_mut().find(|it| it.id == clause().document).unwrap();
    let clauses = law.editions.iter_mut().flat_map(|it| &mut it.clauses);
    clauses.into_iter().find(|it| it.clause == clause().clause).unwrap()
}

#[test]
fn only_imported_text_stands_in_quotation_marks_and_a_gist_says_that_it_is_one() {
    let mut catalogue = reference();
    let notice =
        |catalogue: &Catalogue| text(&of(PaperKind::RectificationNotice, &Sources::new(catalogue)));
    let gist = cited(&mut catalogue).gist.trim_end_matches('。').to_owned();
    let before = notice(&catalogue);
    assert!(before.contains(&format!("第三十六条（要点：{gist}）")), "{before}");
    assert!(!before.contains(&format!("“{gist}")), "{before}");

    cited(&mut catalogue).text = Some("安全设备应当符合国家标准。".to_owned());
    let after = notice(&catalogue);
    assert!(after.contains("第三十六条：“安全设备应当符合国家标准。”"), "{after}");
    assert!(!after.contains("要点"), "{after}");
}
