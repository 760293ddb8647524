//! What is wrong with what a zone and its organs have beside the law: forms of papers, organs, rules of counting, competence,
//! procedures.

use super::{At, Fault, Faults, GROUND, collect};
use crate::domain::catalogue::Catalogue;
use crate::domain::competence::Competence;
use crate::domain::papers::{CountingRule, NAMES, Organ, PLACES, PaperTemplate, Passage};
use crate::domain::procedure::{Ground, Procedure};
use crate::id::DepartmentId;
use crate::limits;
use crate::time::CivilDate;

/// Names that a series may hold.
const OF_SERIES: [&str; 1] = ["code"];
/// Names that the rule of worked days may hold.
const OF_COUNTING: [&str; 1] = ["year"];

impl Faults {
    fn days(&mut self, from: CivilDate, until: Option<CivilDate>) {
        let ordered = until.is_none_or(|until| from <= until);
        self.check("until", ordered, "最后一天早于第一天", "改正日期");
    }

    fn department(&mut self, id: &DepartmentId, all: &Catalogue) {
        let known = all.departments.iter().any(|it| it.id == *id);
        let why = format!("没有编号为“{id}”的部门");
        self.check("department", known, why, "改正编号，或先登记该部门");
    }

    fn optional_text(&mut self, key: &'static str, text: Option<&String>) {
        if let Some(text) = text {
            self.text(key, text, limits::NAME_CHARS);
        }
    }

    /// Names in braces are replaced; one that nothing replaces would stand on the paper.
    fn braces(&mut self, key: &'static str, text: &str, known: &[&str]) {
        for part in text.split('{').skip(1) {
            let name = part.split_once('}').map(|(name, _)| name);
            if !name.is_some_and(|name| known.contains(&name)) {
                let shown = name.unwrap_or(part);
                let why = format!("“{{{shown}}}”没有可以填入的内容");
                self.check(key, false, why, "改用说明中列出的名称，并写完整括号");
            }
        }
    }
}

/// What is wrong with the form of a paper, beside departments and laws.
#[must_use]
pub fn of_template(it: &PaperTemplate, all: &Catalogue) -> Vec<Fault> {
    collect(|faults| {
        if let Some(department) = &it.department {
            faults.department(department, all);
        }
        faults.days(it.from, it.until);
        faults.text("title", &it.title, limits::NAME_CHARS);
        if let Some(series) = &it.series {
            faults.text("series", series, limits::NAME_CHARS);
            faults.braces("series", series, &OF_SERIES);
        }
        faults.each("passages", &it.passages, |faults, passage: &Passage| {
            let place = PLACES.contains(&passage.place.as_str());
            let why = format!("文书中没有“{}”这个位置", passage.place);
            faults.check("place", place, why, "改用说明中列出的位置，否则这段文字不会印出");
            faults.text("text", &passage.text, limits::TEXT_CHARS);
            faults.braces("text", &passage.text, &NAMES);
            faults.each("basis", &passage.basis, |faults, it| {
                faults.cited(it, &all.laws, GROUND);
            });
        });
    })
}

/// What is wrong with an organ, beside departments.
#[must_use]
pub fn of_organ(it: &Organ, all: &Catalogue) -> Vec<Fault> {
    collect(|faults| {
        faults.department(&it.department, all);
        faults.days(it.from, it.until);
        faults.text("name", &it.name, limits::NAME_CHARS);
        faults.text("code", &it.code, limits::NAME_CHARS);
        faults.optional_text("review", it.review.as_ref());
        faults.optional_text("court", it.court.as_ref());
        faults.optional_text("phone", it.phone.as_ref());
    })
}

/// What is wrong with the rules of counting.
#[must_use]
pub fn of_counting(it: &CountingRule) -> Vec<Fault> {
    collect(|faults| {
        faults.days(it.from, it.until);
        faults.text("start", &it.start, limits::TEXT_CHARS);
        faults.text("working", &it.working, limits::TEXT_CHARS);
        faults.braces("working", &it.working, &OF_COUNTING);
        faults.text("roll", &it.roll, limits::TEXT_CHARS);
        if !it.natural.is_empty() {
            faults.text("natural", &it.natural, limits::TEXT_CHARS);
        }
    })
}

/// What is wrong with what a department is to a sector, beside departments.
#[must_use]
pub fn of_competence(it: &Competence, all: &Catalogue) -> Vec<Fault> {
    collect(|faults| {
        let sector = it.sector.validate().is_ok();
        faults.check("sector", sector, "行业代码不合格式", "改正代码");
        faults.department(&it.department, all);
        faults.days(it.from, it.until);
        let department = all.departments.iter().find(|other| other.id == it.department);
        let may = !it.may_issue || department.is_none_or(|it| it.enforcement);
        let why = format!("“{}”没有执法权，不能出具文书", it.department);
        faults.check("may_issue", may, why, "改为 false，或先登记该部门的执法权");
        let said = limits::text("basis", &it.basis, limits::TEXT_CHARS).is_ok();
        faults.check(
            "basis",
            said,
            "没有写明依据，或过长",
            "写明依据的文件；未核实的不写 verified",
        );
    })
}

/// What is wrong with the bounds of a procedure, beside laws.
#[must_use]
pub fn of_procedure(it: &Procedure, all: &Catalogue) -> Vec<Fault> {
    collect(|faults| {
        faults.days(it.from, it.until);
        for (key, days) in [("retry_days", it.retry_days), ("extension_days", it.extension_days)] {
            let fine = (1..=limits::TERM_DAYS).contains(&days);
            faults.check(key, fine, "天数不在 1 至 366 日", "改正天数");
        }
        let proposed =
            [("retry_proposed", it.retry_proposed), ("extension_proposed", it.extension_proposed)];
        for (key, term) in proposed {
            let fine = term.is_none_or(|term| term.validate().is_ok());
            faults.check(key, fine, "期限不在 1 至 366 日", "改正天数");
        }
        faults.within(At::Key("grounds"), |faults| {
            for (part, ground) in it.grounds.each() {
                faults.within(At::Key(part), |faults| of_ground(faults, ground, all));
            }
        });
    })
}

fn of_ground(faults: &mut Faults, it: &Ground, all: &Catalogue) {
    faults.each("basis", &it.basis, |faults, it| faults.cited(it, &all.laws, GROUND));
    let rests = !it.verified || !it.basis.is_empty();
    faults.check(
        "verified",
        rests,
        "写明已核实，却没有依据条款",
        "写明依据（basis），或删去 verified",
    );
    if let Some(order) = &it.by_order {
        faults.within(At::Key("by_order"), |faults| {
            faults.text("title", &order.title, limits::TEXT_CHARS);
        });
    }
}
