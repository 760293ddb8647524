//! The table of gates as a document that can be read without a program: made from the cells that the gates, the server and
//! the devices in every language are held to. `UPDATE=1` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;
use sync_core::act::Statement;
use sync_core::refusal::Code;
use sync_core::testing::stages::Stage;

use crate::documents::fresh;

const HEAD: &str = "\
# 什么人在什么阶段能做什么

每行是一个阶段里的一个步骤，每列是一类人员。✓ 表示可以；数字表示不可以，是最先告知的理由，含义见下表。同时不满足其他条件的，\
系统会一并列出。本表由 `fixtures/vectors/gates.json` 生成，其中每一格（含全部理由）都与规则、服务器和各语言的设备端逐格核对。

The table of gates: one row for a stage and a step, one column for a kind of person. `UPDATE=1` writes it anew with the test
`gates_document`.
";

/// What people are called in the columns.
const PEOPLE: &[(&str, &str)] = &[
    ("lead", "检查组成员甲"),
    ("second", "检查组成员乙"),
    ("colleague", "本部门执法人员（未参加检查）"),
    ("stranger", "其他部门执法人员"),
    ("uncertified", "检查组成员（无执法证）"),
    ("assistant", "检查组辅助人员"),
    ("expert", "检查组专家"),
    ("supervisor", "本部门负责人"),
    ("other_supervisor", "其他部门负责人"),
    ("witness_supervisor", "本部门负责人（参加检查）"),
    ("safety", "被检查企业人员"),
    ("other_safety", "其他企业人员"),
    ("coordinator", "安委办人员"),
    ("administrator", "系统管理员"),
    ("auditor", "审计人员"),
];

const fn stage_title(stage: Stage) -> &'static str {
    match stage {
        Stage::Empty => "尚无计划",
        Stage::Planned => "已列计划",
        Stage::Arrived => "检查组已到场并拍照",
        Stage::Sealed => "检查记录已封存",
        Stage::Cosigned => "另一名执法人员已签名",
        Stage::Complete => "企业人员已签字或拒签",
        Stage::Issued => "已下达责令限期整改指令书",
        Stage::Served => "指令书已送达，期限已确定",
        Stage::Asked => "企业申请延期",
        Stage::Extended => "已同意延期",
        Stage::NotExtended => "未同意延期",
        Stage::Overdue => "逾期未报告整改",
        Stage::Replied => "企业已报告整改",
        Stage::Failed => "复查不合格，已再给期限",
        Stage::RepliedAgain => "企业再次报告整改",
        Stage::Passed => "复查合格",
        Stage::Pending => "复查合格，但整改照片尚未传到服务器",
        Stage::Corrected => "复查合格后企业又更正了报告",
        Stage::Returned => "销号被退回",
        Stage::PassedAgain => "退回后复查合格",
        Stage::Closed => "已销号",
        Stage::Proposed => "已提出撤销",
        Stage::Dismissed => "已撤销",
        Stage::Escalated => "逾期后已升级处置",
        Stage::Foreign => "有本版本不认识的记录",
        Stage::MajorIssued => "含重大隐患的指令书已下达",
        Stage::MajorPassed => "重大隐患复查合格，等级尚未审核",
        Stage::Upheld => "已认定为重大隐患",
        Stage::Lowered => "已改为一般隐患",
        Stage::MajorClosed => "重大隐患已销号",
        Stage::Seen => "一名执法人员已复查，另一名尚未签名",
        Stage::FailedAgain => "第二次复查不合格，未给期限",
        Stage::Stopped => "责令停止的指令书已送达",
        Stage::Resuming => "企业申请恢复",
        Stage::Resumed => "已同意恢复",
    }
}

/// What a step does beside what its kind is called; none where the kind says it.
fn words(step: &str) -> &'static str {
    match step {
        "plan.powerless" => "部门没有执法权",
        "plan.one_officer" => "只有一名执法人员",
        "plan.other_sector" => "行业不属本部门",
        "decide.same" => "选择的值没有分歧",
        "measure.outside" => "隐患不在本次检查内",
        "seal.unknown_photo" | "supplement.unknown_photo" => "引用没有拍过的照片",
        "seal.without_parts" => "没有写明其他成员的部分",
        "supplement.other_seal" | "cosign.other_seal" => "针对另一份记录",
        "supplement.held" => "补充记录里已有的隐患",
        "party.refused" => "拒绝签字",
        "party.signed_unseen" => "签字图片没有拍过",
        "serve.electronic" => "电子送达，已有书面同意",
        "serve.in_person" => "直接送达",
        "serve.left" => "留置送达",
        "serve.no_consent" => "电子送达，没有同意",
        "serve.no_signature" => "直接送达，没有签收",
        "serve.no_witness" => "留置送达，没有见证",
        "serve.alone" | "recheck.alone" => "只有一名执法人员",
        "countersign.unknown" => "针对没有的陈述",
        "major.uphold" => "认定为重大",
        "major.lower" => "改为一般",
        "deadline.recount" => "重新核定",
        "raise_grade.other" => "引用的不是该行业的判定标准",
        "major.unknown_hazard" | "reply.unknown_hazard" | "list.unknown_hazard" => {
            "指令书里没有的隐患"
        }
        "major.fixed_hazard" | "reply.fixed_hazard" => "已当场整改的隐患",
        "reply.found_photo" | "recheck.found_photo" | "close.found_photo" => "使用发现时的照片",
        "reply.uncaptured" => "使用没有拍过的照片",
        "reply.first_photo" => "使用第一次报告的照片",
        "resumption.grant" => "同意",
        "resumption.refuse" | "extension.refuse" => "不同意",
        "resumption.unseen" => "没有查看照片就同意",
        "extension.request" => "申请十日",
        "extension.grant" => "同意",
        "extension.grant_more" => "超过上限的延期",
        "recheck.pass" => "合格",
        "recheck.fail" => "不合格，再给期限",
        "recheck.fail_long" => "不合格，期限超过上限",
        "recheck.fail_no_term" => "不合格，不给期限",
        "recheck.no_photo" => "合格，没有照片",
        "recheck.reply_photo" => "使用企业的照片",
        "order_term.long" => "期限超过上限",
        "close.approve" => "同意",
        "close.return" => "退回",
        "close.no_evidence" => "没有查看照片就同意",
        "close.loose_photo" => "使用与报告、复查无关的照片",
        "close.other_recheck" => "针对另一次复查",
        "list.photo_of_another" => "使用其他隐患的照片",
        "list.loose_photo" => "使用无关的照片",
        "list.until_service" => "期限不晚于送达日",
        "escalate.refer" => "移送，记入内部卷宗",
        "escalate.refer_openly" => "移送，记入企业可见的卷宗",
        "escalate.refer_nowhere" => "移送，没有写明受移送机关",
        "escalate.hidden" => "提醒，记入内部卷宗",
        "escalate.list" => "以督办的方式挂牌",
        "dismissal.openly" => "记入企业可见的卷宗",
        "capture.found" => "发现隐患",
        "capture.found_outside" => "发现隐患，不在本次检查内",
        "capture.signature" => "签名",
        "capture.rectified" => "整改后",
        "capture.recheck" => "复查",
        "capture.misplaced" => "放在不该放的卷宗里",
        plain => {
            let same = !plain.contains('.') || plain == "dismissal.propose";
            assert!(same, "the step {plain} has no words of its own yet");
            ""
        }
    }
}

/// What is told first to somebody; none for what they may do.
fn first(cell: &Value, person: &str) -> Option<Code> {
    let told = cell["codes"].as_object().unwrap().iter();
    let mut told = told.filter(|(_, who)| who.as_array().unwrap().iter().any(|it| it == person));
    let (codes, _) = told.next().unwrap_or_else(|| panic!("no answer for {person}: {cell}"));
    let name = codes.split([',', ' ']).next().unwrap();
    (name != "ok").then(|| *Code::ALL.iter().find(|code| code.name() == name).unwrap())
}

#[test]
fn the_table_of_gates_can_be_read_by_whoever_knows_the_law_and_no_program() {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let cells = std::fs::read(folder.join("../fixtures/vectors/gates.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&cells).unwrap();
    let names = |list: &str| -> Vec<String> {
        let rows = vectors[list].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("people"), PEOPLE.iter().map(|it| it.0).collect::<Vec<_>>());
    assert_eq!(names("stages"), Stage::ALL.iter().map(|it| it.name()).collect::<Vec<_>>());
    let statements: Vec<Statement> = serde_json::from_value(vectors["statements"].clone()).unwrap();
    let mut used = BTreeSet::new();
    let mut tables = String::new();
    let mut rows = 0;
    for stage in Stage::ALL {
        write!(tables, "\n## {}\n\n| 步骤 |", stage_title(*stage)).unwrap();
        for (_, title) in PEOPLE {
            write!(tables, " {title} |").unwrap();
        }
        tables.push_str("\n|---|");
        tables.push_str(&"---|".repeat(PEOPLE.len()));
        tables.push('\n');
        let of_stage = |cell: &&Value| cell["stage"] == stage.name();
        for cell in vectors["cells"].as_array().unwrap().iter().filter(of_stage) {
            let index = usize::try_from(cell["statement"].as_u64().unwrap()).unwrap();
            let statement = statements[index].title();
            let more = words(cell["name"].as_str().unwrap());
            let more = if more.is_empty() { String::new() } else { format!("：{more}") };
            write!(tables, "| {statement}{more} |").unwrap();
            for (person, _) in PEOPLE {
                match first(cell, person) {
                    None => tables.push_str(" ✓ |"),
                    Some(code) => {
                        used.insert(code);
                        write!(tables, " {} |", code.number()).unwrap();
                    }
                }
            }
            tables.push('\n');
            rows += 1;
        }
    }
    assert!(rows > 3_000 && used.len() > 40, "{rows} rows, {} refusals", used.len());
    let mut legend =
        String::from("\n## 理由\n\n| 号 | 代码 | 告知的话 | 怎么办 |\n|---|---|---|---|\n");
    for code in used {
        let (number, name) = (code.number(), code.name());
        let (sentence, action) = (code.sentence(), code.action());
        writeln!(legend, "| {number} | `{name}` | {sentence} | {action} |").unwrap();
    }
    fresh("GATES.md", &format!("{HEAD}{legend}{tables}"));
}
