//! What is wrong with law data before it is taken over: names that are no clause, editions that overlap, items that rest on
//! nothing. Each fault says where it is, why, and what to do.

mod zone;

use std::collections::BTreeSet;

pub use zone::{of_competence, of_counting, of_organ, of_procedure, of_template};

use super::{clause, document, provision};
use crate::domain::calendar::WorkCalendar;
use crate::domain::catalogue::{CheckItem, Checklist};
use crate::domain::hazard::Clause;
use crate::domain::law::{
    DefaultTerm, Edition, LawDocument, LawKind, Penalty, Provision, SectorCriteria, Sure,
};
use crate::limits;

/// A step from the row of a file to what is wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A key of a map.
    Key(&'static str),
    /// A place in a list, from 0.
    Index(usize),
}

/// Something that keeps a row from being taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, from the row on.
    pub at: Vec<At>,
    /// Why, in a Chinese sentence.
    pub why: String,
    /// What to do about it.
    pub action: &'static str,
}

/// Faults as they are found, with the way to where one looks.
#[derive(Default)]
struct Faults {
    way: Vec<At>,
    found: Vec<Fault>,
}

impl Faults {
    fn within(&mut self, at: At, look: impl FnOnce(&mut Self)) {
        self.way.push(at);
        look(self);
        self.way.pop();
    }

    fn each<T>(&mut self, key: &'static str, rows: &[T], mut look: impl FnMut(&mut Self, &T)) {
        self.within(At::Key(key), |it| {
            for (index, row) in rows.iter().enumerate() {
                it.within(At::Index(index), |it| look(it, row));
            }
        });
    }

    fn note(&mut self, why: impl Into<String>, action: &'static str) {
        self.found.push(Fault { at: self.way.clone(), why: why.into(), action });
    }

    fn check(
        &mut self,
        key: &'static str,
        fine: bool,
        why: impl Into<String>,
        action: &'static str,
    ) {
        if !fine {
            self.within(At::Key(key), |it| it.note(why, action));
        }
    }

    fn text(&mut self, key: &'static str, text: &str, chars: usize) {
        let fine = limits::text(key, text, chars).is_ok();
        self.check(key, fine, format!("“{key}”为空、过长或含有不可见字符"), "补全或改短这一项");
    }

    fn name(&mut self, name: &str) {
        match clause::form(name) {
            Some(form) if form == name => {}
            Some(form) => self.note(format!("条款“{name}”应写作“{form}”"), "改成统一写法"),
            None => self.note(
                format!("“{name}”不是一个具体条款"),
                "写到一条、一款或一项，如“第三十六条第一款”；多个条款分开写",
            ),
        }
    }

    /// A clause that is cited has to be there, of a kind that can be cited so.
    fn cited(&mut self, clause: &Clause, laws: &[LawDocument], (kinds, role): Role) {
        self.within(At::Key("clause"), |it| it.name(&clause.clause));
        let Some(law) = document(laws, &clause.document) else {
            let why = format!("没有编号为“{}”的法律文件", clause.document);
            return self.check("document", false, why, "先导入该文件，或改正编号");
        };
        if !kinds.contains(&law.kind) {
            let why = format!("《{}》不能作为{role}", law.title);
            self.check("document", false, why, "判定标准只用于定级；义务引法律法规或强制标准");
        }
        if !law.editions.iter().any(|it| provision(it, &clause.clause).is_some()) {
            let why = format!("《{}》的任何版本都没有“{}”", law.title, clause.clause);
            self.check("clause", false, why, "先在该文件的版本中写入这一条和它的要点");
        }
    }
}

/// Which kinds of document can stand for something, and for what.
type Role = (&'static [LawKind], &'static str);
const DUTY: Role = (&[LawKind::Statute, LawKind::Standard, LawKind::Notice], "违反的义务");
const CRITERION: Role = (&[LawKind::Criteria], "重大隐患的判定依据");
const PENALTY: Role = (&[LawKind::Statute], "罚则");
const BASIS: Role = (&[LawKind::Statute, LawKind::Notice, LawKind::Standard], "期限的依据");
const GROUND: Role = (&[LawKind::Statute, LawKind::Notice, LawKind::Standard], "文书或程序的依据");

fn collect(look: impl FnOnce(&mut Faults)) -> Vec<Fault> {
    let mut faults = Faults::default();
    look(&mut faults);
    faults.found
}

/// What is wrong with a document.
#[must_use]
pub fn of_document(it: &LawDocument) -> Vec<Fault> {
    collect(|faults| {
        faults.text("id", &it.id, limits::NAME_CHARS);
        faults.text("title", &it.title, limits::NAME_CHARS);
        if let Some(full) = &it.full_title {
            faults.text("full_title", full, limits::NAME_CHARS);
        }
        let none = "没有任何版本";
        faults.check("editions", !it.editions.is_empty(), none, "至少写一个版本");
        faults.each("editions", &it.editions, of_edition);
        for (index, pair) in it.editions.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            let apart = before.until.zip(after.from).is_some_and(|(end, begin)| end < begin);
            faults.within(At::Key("editions"), |it| {
                it.within(At::Index(index + 1), |it| {
                    let why = "两个版本的施行期重叠，或前一版本没有写明最后一天";
                    it.check("from", apart, why, "按先后排列，给前一版本写 until");
                });
            });
        }
    })
}

fn of_edition(faults: &mut Faults, it: &Edition) {
    faults.text("number", &it.number, limits::NAME_CHARS);
    let ordered = it.from.zip(it.until).is_none_or(|(from, until)| from <= until);
    faults.check("until", ordered, "最后一天早于施行日", "改正日期");
    if let Some(doubt) = it.known.doubt() {
        faults.text("known", doubt, limits::TEXT_CHARS);
    }
    let dated = it.from.is_some() || it.known.doubt().is_some();
    let why = "没有施行日，不能标为已核实";
    faults.check("known", dated, why, "写明施行日（from），或写明未核实的原因（unverified）");
    let mut names = BTreeSet::new();
    faults.each("clauses", &it.clauses, |faults, provision: &Provision| {
        faults.within(At::Key("clause"), |it| it.name(&provision.clause));
        let new = names.insert(provision.clause.clone());
        faults.check("clause", new, "同一版本里这一条写了两次", "删去一处");
        let (gist, text) = (&provision.gist, &provision.text);
        if text.is_none() || !gist.is_empty() {
            faults.text("gist", gist, limits::TEXT_CHARS);
        }
        if let Some(text) = text {
            faults.text("text", text, limits::LAW_TEXT_CHARS);
        }
    });
}

/// What is wrong with a checklist, beside these laws.
#[must_use]
pub fn of_checklist(it: &Checklist, laws: &[LawDocument]) -> Vec<Fault> {
    collect(|faults| {
        let sector = it.sector.validate().is_ok();
        faults.check("sector", sector, "行业代码不合格式", "改正代码");
        faults.text("title", &it.title, limits::NAME_CHARS);
        let mut codes = BTreeSet::new();
        faults.each("items", &it.items, |faults, item: &CheckItem| {
            let code = item.code.validate().is_ok() && codes.insert(item.code.clone());
            faults.check("code", code, "检查项编号不合格式或重复", "改正编号");
            of_item(faults, item, laws);
        });
    })
}

fn of_item(faults: &mut Faults, it: &CheckItem, laws: &[LawDocument]) {
    faults.text("what", &it.what, limits::TEXT_CHARS);
    faults.text("finding", &it.finding, limits::TEXT_CHARS);
    faults.check("days", it.days <= limits::TERM_DAYS, "建议期限过长", "不超过 366 日");
    faults.check("basis", !it.basis.is_empty(), "没有写明违反了哪一条义务", "至少引一条");
    faults.each("basis", &it.basis, |faults, it| faults.cited(it, laws, DUTY));
    if let Some(criterion) = &it.criterion {
        faults.within(At::Key("criterion"), |it| it.cited(criterion, laws, CRITERION));
    }
    faults.each("penalties", &it.penalties, |faults, it| faults.cited(it, laws, PENALTY));
    faults.each("standards", &it.standards, |faults, id| {
        if document(laws, id).is_none() {
            faults.note(format!("没有编号为“{id}”的法律文件"), "先导入该文件，或改正编号");
        }
    });
    let said = it.sure == Sure::High || it.unsure.is_some();
    faults.check("sure", said, "没有写明哪里未核实", "在 unsure 里写明原因");
    if let Some(why) = &it.unsure {
        faults.text("unsure", why, limits::TEXT_CHARS);
    }
}

/// What is wrong with the criteria of a sector, beside these laws.
#[must_use]
pub fn of_criteria(it: &SectorCriteria, laws: &[LawDocument]) -> Vec<Fault> {
    collect(|faults| {
        let sector = it.sector.validate().is_ok();
        faults.check("sector", sector, "行业代码不合格式", "改正代码");
        faults.check("clauses", !it.clauses.is_empty(), "没有任何判定条款", "至少列一条");
        faults.each("clauses", &it.clauses, |faults, it| faults.cited(it, laws, CRITERION));
    })
}

/// What is wrong with a penalty, beside these laws.
#[must_use]
pub fn of_penalty(it: &Penalty, laws: &[LawDocument]) -> Vec<Fault> {
    collect(|faults| {
        faults.within(At::Key("duty"), |faults| faults.cited(&it.duty, laws, DUTY));
        faults.within(At::Key("clause"), |faults| faults.cited(&it.clause, laws, PENALTY));
    })
}

/// What is wrong with a default term, beside these laws.
#[must_use]
pub fn of_term(it: &DefaultTerm, laws: &[LawDocument]) -> Vec<Fault> {
    collect(|faults| {
        faults.check("term", it.term.validate().is_ok(), "期限不在 1 至 366 日", "改正天数");
        let ordered = it.from.zip(it.until).is_none_or(|(from, until)| from <= until);
        faults.check("until", ordered, "最后一天早于第一天", "改正日期");
        if let Some(basis) = &it.basis {
            faults.within(At::Key("basis"), |it| it.cited(basis, laws, BASIS));
        }
        if let Some(duty) = &it.duty {
            faults.within(At::Key("duty"), |it| it.cited(duty, laws, DUTY));
        }
        let said = it.basis.is_some() || it.known.doubt().is_some();
        faults.check("known", said, "没有依据，也没有写明未核实的原因", "写明依据或原因");
    })
}

/// What is wrong with a calendar.
#[must_use]
pub fn of_calendar(it: &WorkCalendar) -> Vec<Fault> {
    collect(|faults| {
        faults.text("version", &it.version, limits::NAME_CHARS);
        for (key, days) in [("holidays", &it.holidays), ("workdays", &it.workdays)] {
            let mut last = None;
            faults.each(key, days, |faults, day| {
                if day.year() != it.year {
                    faults.note(format!("{day} 不在 {} 年", it.year), "改正日期");
                }
                if last.replace(*day).is_some_and(|last| last >= *day) {
                    faults.note(format!("{day} 没有按先后排列，或写了两次"), "按日期先后排列");
                }
                if key == "workdays" && !day.is_weekend() {
                    faults.note(format!("{day} 不是周末，不需要调休上班"), "删去或改正这一天");
                }
            });
        }
    })
}
