//! `numbering.json` and `merge_policy.json`.

use serde_json::{Value, json};

/// Department, instant of issue, last serial number, and the number or the refusal.
const NUMBERS: &[(&str, i64, u32, &str)] = &[
    ("yingji", 1_793_577_600_000, 0, "（枣高）应急责改〔2026〕1号"),
    ("yingji", 1_793_577_600_000, 1, "（枣高）应急责改〔2026〕2号"),
    ("yingji", 1_793_577_600_000, 6, "（枣高）应急责改〔2026〕7号"),
    ("yingji", 1_793_577_600_000, 9, "（枣高）应急责改〔2026〕10号"),
    ("yingji", 1_793_577_600_000, 99, "（枣高）应急责改〔2026〕100号"),
    ("yingji", 1_793_577_600_000, 9_999, "（枣高）应急责改〔2026〕10000号"),
    // The last and the first instant of a year in China: 15:59:59.999 and 16:00 UTC.
    ("yingji", 1_798_732_799_999, 41, "（枣高）应急责改〔2026〕42号"),
    ("yingji", 1_798_732_800_000, 0, "（枣高）应急责改〔2027〕1号"),
    ("yingji", 1_798_761_600_000, 1, "（枣高）应急责改〔2027〕2号"),
    ("yingji", 1_767_196_799_999, 11, "（枣高）应急责改〔2025〕12号"),
    ("yingji", 1_767_196_800_000, 0, "（枣高）应急责改〔2026〕1号"),
    ("xiaofang", 1_793_577_600_000, 0, "（枣高）消责改〔2026〕1号"),
    ("xiaofang", 1_793_577_600_000, 6, "（枣高）消责改〔2026〕7号"),
    ("xiaofang", 1_798_732_800_000, 0, "（枣高）消责改〔2027〕1号"),
    ("jingfa", 1_793_577_600_000, 0, "department_no_power"),
    ("jingfa", 1_798_732_800_000, 7, "department_no_power"),
];

/// The parts of `numbering.json`.
pub(crate) fn numbering() -> Vec<(&'static str, Vec<Value>)> {
    let departments = sync_core::testing::cast::departments().into_iter().map(|it| json!(it));
    let cases = NUMBERS.iter().map(|(department, at, last, answer)| {
        json!({"department": department, "issued_at": at, "last": last, "answer": answer})
    });
    vec![("departments", departments.collect()), ("cases", cases.collect())]
}

/// Field of a draft and what happens to two values of it.
const POLICIES: &[(&str, &str)] = &[
    ("answer.verdict", "needs_decision:verdict"),
    ("answer.note", "merge"),
    ("hazard.item", "merge"),
    ("hazard.description", "merge"),
    ("hazard.place", "merge"),
    ("hazard.basis", "needs_decision:basis"),
    ("hazard.grade", "needs_decision:grade"),
    ("hazard.criterion", "merge"),
    ("hazard.measure", "needs_decision:measure"),
    ("hazard.found_by", "merge"),
    ("hazard.withdrawn", "merge"),
    ("hazard.photo", "keep_all"),
    ("session", "keep_all"),
    ("hazard", "unknown"),
    ("hazard.Grade", "unknown"),
    ("hazard.deadline", "unknown"),
    ("status", "unknown"),
    ("", "unknown"),
];

/// The parts of `merge_policy.json`.
pub(crate) fn merge_policy() -> Vec<(&'static str, Vec<Value>)> {
    let fields = POLICIES.iter().map(|(field, policy)| json!({"field": field, "policy": policy}));
    vec![("fields", fields.collect())]
}
