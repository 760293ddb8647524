//! What a new version of the law changes, and whom it concerns.

use std::collections::BTreeMap;

use super::document;
use crate::domain::catalogue::{Catalogue, CheckItem};
use crate::domain::competence::Competence;
use crate::domain::hazard::Clause;
use crate::domain::law::{Edition, LawDocument};
use crate::id::DepartmentId;

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalChange {
    /// What became of it.
    pub how: How,
    /// What, as people name it.
    pub what: String,
    /// The clauses whose reading or days in force changed.
    pub clauses: Vec<Clause>,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is new.
    Added,
    /// It reads or counts differently.
    Changed,
    /// It is gone.
    Removed,
}

impl How {
    /// The Chinese word.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Changed => "修改",
            Self::Removed => "删除",
        }
    }
}

/// What is different between two versions: clauses by document and edition, items, criteria, penalties, terms, calendars,
/// forms of papers, organs, rules of counting, competence, procedures.
#[must_use]
pub fn between(before: &Catalogue, after: &Catalogue) -> Vec<LegalChange> {
    let mut changes = documents(&before.laws, &after.laws);
    let items = |it: &Catalogue| -> BTreeMap<String, CheckItem> {
        let items = it.checklists.iter().flat_map(|list| list.items.clone());
        items.map(|item| (format!("检查项 {}", item.code), item)).collect()
    };
    changes.extend(rows(&items(before), &items(after)));
    changes.extend(rows(
        &named(&before.criteria, |it| format!("{} 的重大隐患判定依据", it.sector)),
        &named(&after.criteria, |it| format!("{} 的重大隐患判定依据", it.sector)),
    ));
    let penalty = |it: &Catalogue| {
        named(&it.penalties, |row| {
            let (duty, clause) = (cited(&it.laws, &row.duty), cited(&it.laws, &row.clause));
            format!("违反{duty}的罚则{clause}")
        })
    };
    changes.extend(rows(&penalty(before), &penalty(after)));
    let term = |it: &crate::domain::law::DefaultTerm| {
        let sector = it.sector.as_ref().map_or("各行业", |sector| sector.as_str());
        let from = it.from.map_or(String::new(), |from| format!("（{from} 起）"));
        format!("{sector}{}的默认期限{from}", it.grade.title())
    };
    changes.extend(rows(&named(&before.terms, term), &named(&after.terms, term)));
    let calendar = |it: &crate::domain::calendar::WorkCalendar| format!("{} 年工作日历", it.year);
    changes.extend(rows(&named(&before.calendars, calendar), &named(&after.calendars, calendar)));
    changes.extend(of_papers(before, after));
    changes.extend(of_zone(before, after));
    changes
}

/// Forms, organs and rules of counting. A row is known by what it is for and its first day.
fn of_papers(before: &Catalogue, after: &Catalogue) -> Vec<LegalChange> {
    let form = |all: &Catalogue| {
        named(&all.papers.templates, |it| {
            let of = it.department.as_ref().map_or("各机关", |id| department(all, id));
            format!("{of}的《{}》式样（{}，{} 起）", it.title, it.kind.name(), it.from)
        })
    };
    let organ = |all: &Catalogue| {
        named(&all.papers.organs, |it| {
            format!("{}的文书署名（{} 起）", department(all, &it.department), it.from)
        })
    };
    let counting = |all: &Catalogue| {
        named(&all.papers.counting, |it| format!("期限计算规则（{} 起）", it.from))
    };
    let mut changes = rows(&form(before), &form(after));
    changes.extend(rows(&organ(before), &organ(after)));
    changes.extend(rows(&counting(before), &counting(after)));
    changes
}

/// Competence and procedures, likewise.
fn of_zone(before: &Catalogue, after: &Catalogue) -> Vec<LegalChange> {
    let competence = |all: &Catalogue| {
        let name = |it: &Competence| {
            let department = department(all, &it.department);
            format!("{department}在 {} 行业的职权（{} 起）", it.sector, it.from)
        };
        named(&all.competence, name)
    };
    let procedure =
        |all: &Catalogue| named(&all.procedures, |it| format!("办理程序规定（{} 起）", it.from));
    let mut changes = rows(&competence(before), &competence(after));
    changes.extend(rows(&procedure(before), &procedure(after)));
    changes
}

fn department<'a>(all: &'a Catalogue, id: &'a DepartmentId) -> &'a str {
    let known = all.departments.iter().find(|it| it.id == *id);
    known.map_or_else(|| id.as_str(), |it| &it.name)
}

/// Whether something that cites these clauses is concerned.
#[must_use]
pub fn touch(changes: &[LegalChange], cites: &[Clause]) -> bool {
    changes.iter().any(|change| change.clauses.iter().any(|clause| cites.contains(clause)))
}

fn cited(laws: &[LawDocument], clause: &Clause) -> String {
    let title = document(laws, &clause.document).map_or(&clause.document, |it| &it.title);
    format!("《{title}》{}", clause.clause)
}

fn named<T: Clone>(rows: &[T], name: impl Fn(&T) -> String) -> BTreeMap<String, T> {
    rows.iter().map(|row| (name(row), row.clone())).collect()
}

/// Rows that came, went or differ, by their names.
fn rows<T: PartialEq>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
) -> Vec<LegalChange> {
    let change = |how, what: &str| LegalChange { how, what: what.to_owned(), clauses: Vec::new() };
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let there = after.iter().filter_map(|(name, row)| match before.get(name) {
        None => Some(change(How::Added, name)),
        Some(old) if old != row => Some(change(How::Changed, name)),
        Some(_) => None,
    });
    gone.map(|name| change(How::Removed, name)).chain(there).collect()
}

fn documents(before: &[LawDocument], after: &[LawDocument]) -> Vec<LegalChange> {
    let mut changes = Vec::new();
    for law in before.iter().filter(|law| document(after, &law.id).is_none()) {
        changes.push(LegalChange {
            how: How::Removed,
            what: format!("《{}》", law.title),
            clauses: law.editions.iter().flat_map(|it| clauses(law, it)).collect(),
        });
    }
    for law in after {
        match document(before, &law.id) {
            None => changes.push(LegalChange {
                how: How::Added,
                what: format!("《{}》", law.title),
                clauses: Vec::new(),
            }),
            Some(old) if old != law => changes.extend(editions(old, law)),
            Some(_) => {}
        }
    }
    changes
}

fn clauses(law: &LawDocument, edition: &Edition) -> Vec<Clause> {
    let clause = |name: &str| Clause { document: law.id.clone(), clause: name.to_owned() };
    edition.clauses.iter().map(|it| clause(&it.clause)).collect()
}

/// What differs between two states of one document. When an edition comes, goes or has other days, each of its clauses and
/// of those before it reads or counts from another day on.
fn editions(old: &LawDocument, new: &LawDocument) -> Vec<LegalChange> {
    let mut changes = Vec::new();
    let head = |it: &LawDocument| (it.title.clone(), it.full_title.clone(), it.kind);
    if head(old) != head(new) {
        let what = format!("《{}》的题名或类别", new.title);
        changes.push(LegalChange { how: How::Changed, what, clauses: Vec::new() });
    }
    let same = |it: &Edition, of: &LawDocument| {
        of.editions.iter().find(|other| other.number == it.number).cloned()
    };
    for gone in old.editions.iter().filter(|it| same(it, new).is_none()) {
        changes.push(LegalChange {
            how: How::Removed,
            what: format!("《{}》{}", old.title, gone.number),
            clauses: clauses(old, gone),
        });
    }
    for edition in &new.editions {
        let what = format!("《{}》{}", new.title, edition.number);
        let Some(before) = same(edition, old) else {
            changes.push(LegalChange { how: How::Added, what, clauses: clauses(new, edition) });
            continue;
        };
        if (before.from, before.until, &before.known)
            != (edition.from, edition.until, &edition.known)
        {
            let clauses = clauses(new, edition);
            let what = format!("{what}的施行期或核实情况");
            changes.push(LegalChange { how: How::Changed, what, clauses });
        }
        let provisions = |it: &Edition| named(&it.clauses, |it| it.clause.clone());
        for mut change in rows(&provisions(&before), &provisions(edition)) {
            let clause = Clause { document: new.id.clone(), clause: change.what.clone() };
            change.what = format!("{what}{}", change.what);
            change.clauses = vec![clause];
            changes.push(change);
        }
    }
    changes
}
