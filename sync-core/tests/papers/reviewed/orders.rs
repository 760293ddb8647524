//! What was ordered on the spot.

use sync_core::domain::papers::PaperKind;
use sync_core::testing::stages::{Stage, world_at};

use super::{last, rows};
use crate::{labels, reference};

#[test]
fn what_was_ordered_on_the_spot_stands_in_the_record_and_in_the_notice() {
    let catalogue = reference();
    let heading = "已责令的现场处理措施";
    let ordered = "责令立即排除、责令停止使用|二号仓库|疏散通道全部被占用|2026年11月2日";
    let stopped = world_at(Stage::Stopped);
    let record = last(&stopped, PaperKind::InspectionRecord, &catalogue);
    assert_eq!(rows(&record, heading), Some(vec![format!("1|{ordered}")]));
    let notice = last(&stopped, PaperKind::RectificationNotice, &catalogue);
    assert_eq!(rows(&notice, heading), Some(vec![format!("第 1 项|{ordered}")]));
    for kind in [PaperKind::InspectionRecord, PaperKind::RectificationNotice] {
        let other = last(&world_at(Stage::Issued), kind, &catalogue);
        assert!(!labels(&other).contains(&heading), "nothing was ordered");
    }
}
