//! The fields of each paper stand in the order of its form.

use sync_core::document::Sources;
use sync_core::domain::papers::PaperKind;

use super::{labels, of, reference};

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
