//! Takes the rows of files into the law of a catalogue, and finds what does not fit together.

use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::Clause;
use sync_core::domain::law::{Edition, Known, LawDocument, Provision};
use sync_core::law::faults::{self, Fault};
use sync_core::law::{clause, document};
use sync_core::limits;
use sync_core::text::tidy;

use super::read::{Article, FileFault, LawFile, Rows};

/// The catalogue with the rows of all files.
///
/// # Errors
/// Everything that keeps one of the files from being taken; then none is.
pub(super) fn merged(before: &Catalogue, files: &[LawFile]) -> Result<Catalogue, Vec<FileFault>> {
    let mut after = before.clone();
    let mut found = Vec::new();
    for file in files {
        take(&mut after, &file.rows);
    }
    // Texts go into editions, which another file may bring.
    for file in files {
        if let Rows::Texts(articles) = &file.rows {
            for (row, article) in articles.iter().enumerate() {
                if let Err((key, why, action)) = take_text(&mut after.laws, article) {
                    found.push(file.at(row, key, why, action));
                }
            }
        }
    }
    for file in files {
        for row in repeated(&file.rows) {
            found.push(file.row(row, "这一行与前面一行重复", "删去一处"));
        }
        for (row, faults) in faults_of(&file.rows, &after).into_iter().enumerate() {
            found.extend(faults.into_iter().map(|fault| file.fault(row, fault)));
        }
    }
    found.extend(left_behind(before, &after, files));
    if found.is_empty() { Ok(after) } else { Err(found) }
}

/// Rows replace those of the same name; penalties and default terms are one table each and replace it.
fn take(into: &mut Catalogue, rows: &Rows) {
    match rows {
        Rows::Documents(rows) => {
            for row in rows {
                let mut row = row.clone().headed();
                if let Some(old) = document(&into.laws, &row.id) {
                    keep_texts(&mut row, old);
                }
                put(&mut into.laws, &[row], |it| it.id.clone());
            }
        }
        Rows::Checklists(rows) => put(&mut into.checklists, rows, |it| it.sector.clone()),
        Rows::Criteria(rows) => put(&mut into.criteria, rows, |it| it.sector.clone()),
        Rows::Calendars(rows) => put(&mut into.calendars, rows, |it| it.year),
        Rows::Penalties(rows) => into.penalties.clone_from(rows),
        Rows::Terms(rows) => into.terms.clone_from(rows),
        Rows::Templates(rows) => {
            put(&mut into.papers.templates, rows, |it| (it.kind, it.department.clone(), it.from));
        }
        Rows::Organs(rows) => {
            put(&mut into.papers.organs, rows, |it| (it.department.clone(), it.from));
        }
        Rows::Counting(rows) => put(&mut into.papers.counting, rows, |it| it.from),
        Rows::Competence(rows) => put(&mut into.competence, rows, |it| {
            (it.sector.clone(), it.department.clone(), it.from)
        }),
        Rows::Procedures(rows) => put(&mut into.procedures, rows, |it| it.from),
        Rows::Texts(_) => {}
    }
}

/// Rows of a file that have the name of an earlier one.
fn repeated(rows: &Rows) -> Vec<usize> {
    match rows {
        Rows::Documents(rows) => again(rows, |it| it.id.clone()),
        Rows::Checklists(rows) => again(rows, |it| it.sector.clone()),
        Rows::Criteria(rows) => again(rows, |it| it.sector.clone()),
        Rows::Calendars(rows) => again(rows, |it| it.year),
        Rows::Penalties(rows) => again(rows, |it| (it.duty.clone(), it.clause.clone())),
        Rows::Terms(rows) => again(rows, |it| (it.sector.clone(), it.grade, it.from)),
        Rows::Templates(rows) => again(rows, |it| (it.kind, it.department.clone(), it.from)),
        Rows::Organs(rows) => again(rows, |it| (it.department.clone(), it.from)),
        Rows::Counting(rows) => again(rows, |it| it.from),
        Rows::Competence(rows) => {
            again(rows, |it| (it.sector.clone(), it.department.clone(), it.from))
        }
        Rows::Procedures(rows) => again(rows, |it| it.from),
        Rows::Texts(rows) => again(rows, |it| {
            (it.document.clone(), it.clause.clone(), it.edition_passed, it.edition.clone())
        }),
    }
}

fn again<T, K: PartialEq>(rows: &[T], name: impl Fn(&T) -> K) -> Vec<usize> {
    let names: Vec<K> = rows.iter().map(name).collect();
    let is_again = |(at, name): &(usize, &K)| names.iter().take(*at).any(|it| it == *name);
    names.iter().enumerate().filter(is_again).map(|(at, _)| at).collect()
}

/// Rows in the place of those of the same name, or behind all others.
fn put<T: Clone, K: PartialEq>(list: &mut Vec<T>, rows: &[T], name: impl Fn(&T) -> K) {
    for row in rows {
        match list.iter_mut().find(|old| name(old) == name(row)) {
            Some(old) => old.clone_from(row),
            None => list.push(row.clone()),
        }
    }
}

/// A document that comes without texts keeps those that were imported for the same edition.
fn keep_texts(new: &mut LawDocument, old: &LawDocument) {
    for edition in &mut new.editions {
        let same = old.editions.iter().find(|it| it.number == edition.number);
        for known in same.iter().flat_map(|it| &it.clauses).filter(|it| it.text.is_some()) {
            match edition.clauses.iter_mut().find(|it| it.clause == known.clause) {
                Some(clause) if clause.text.is_none() => clause.text.clone_from(&known.text),
                None if known.gist.is_empty() => edition.clauses.push(known.clone()),
                Some(_) | None => {}
            }
        }
    }
}

/// The key that is wrong, why, and what to do.
type TextFault = (&'static str, String, &'static str);

fn take_text(laws: &mut [LawDocument], article: &Article) -> Result<(), TextFault> {
    let Article { document, clause, text, .. } = article;
    let Some(law) = laws.iter_mut().find(|law| law.id == *document) else {
        let why = format!("没有编号为“{document}”的法律文件");
        return Err(("document", why, "先导入该文件，或改正编号"));
    };
    let editions = editions_of(law, article)?;
    if clause::form(clause).as_ref() != Some(clause) {
        let why = match clause::form(clause) {
            Some(form) => format!("条款“{clause}”应写作“{form}”"),
            None => format!("“{clause}”不是一个具体条款"),
        };
        return Err(("clause", why, "写到一条、一款或一项，如“第三十六条”"));
    }
    // What is copied from pages brings signs that nobody sees.
    let text = tidy(text).trim().to_owned();
    if limits::text("text", &text, limits::LAW_TEXT_CHARS).is_err() {
        return Err(("text", "条文为空或过长".to_owned(), "改正条文"));
    }
    for edition in editions {
        match edition.clauses.iter_mut().find(|it| it.clause == *clause) {
            Some(provision) => provision.text = Some(text.clone()),
            None => edition.clauses.push(Provision {
                clause: clause.clone(),
                gist: String::new(),
                text: Some(text.clone()),
                known: Known::Verified,
            }),
        }
    }
    Ok(())
}

/// The editions that a text names: those that were passed on its day, or the one of its number.
fn editions_of<'l>(
    law: &'l mut LawDocument,
    article: &Article,
) -> Result<Vec<&'l mut Edition>, TextFault> {
    let title = &law.title;
    let (key, why, action) = match (&article.edition_passed, &article.edition) {
        (Some(passed), None) => {
            let why = format!("《{title}》没有 {passed} 通过的版本");
            ("edition_passed", why, "在该文件中写明这个版本和通过日（passed），或改正日期")
        }
        (None, Some(number)) => {
            let why = format!("《{title}》没有“{number}”这个版本");
            ("edition", why, "按该文件中的写法改正版本（number）")
        }
        _ => {
            let why = "没有写明是哪个版本的条文，或写了两种".to_owned();
            let action = "写通过日（edition_passed）或版本（edition），只写一种";
            return Err(("edition_passed", why, action));
        }
    };
    let named = |it: &&mut Edition| match &article.edition {
        Some(number) => it.number == *number,
        None => it.passed == article.edition_passed,
    };
    let editions: Vec<&mut Edition> = law.editions.iter_mut().filter(named).collect();
    if editions.is_empty() { Err((key, why, action)) } else { Ok(editions) }
}

fn faults_of(rows: &Rows, all: &Catalogue) -> Vec<Vec<Fault>> {
    let laws = all.laws.as_slice();
    match rows {
        Rows::Documents(rows) => rows.iter().map(faults::of_document).collect(),
        Rows::Checklists(rows) => rows.iter().map(|it| faults::of_checklist(it, laws)).collect(),
        Rows::Criteria(rows) => rows.iter().map(|it| faults::of_criteria(it, laws)).collect(),
        Rows::Penalties(rows) => rows.iter().map(|it| faults::of_penalty(it, laws)).collect(),
        Rows::Terms(rows) => rows.iter().map(|it| faults::of_term(it, laws)).collect(),
        Rows::Calendars(rows) => rows.iter().map(faults::of_calendar).collect(),
        Rows::Templates(rows) => rows.iter().map(|it| faults::of_template(it, all)).collect(),
        Rows::Organs(rows) => rows.iter().map(|it| faults::of_organ(it, all)).collect(),
        Rows::Counting(rows) => rows.iter().map(faults::of_counting).collect(),
        Rows::Competence(rows) => rows.iter().map(|it| faults::of_competence(it, all)).collect(),
        Rows::Procedures(rows) => rows.iter().map(|it| faults::of_procedure(it, all)).collect(),
        Rows::Texts(_) => Vec::new(),
    }
}

/// Clauses that something cites which was there before, and that the files take away.
fn left_behind(before: &Catalogue, after: &Catalogue, files: &[LawFile]) -> Vec<FileFault> {
    let held = |catalogue: &Catalogue, clause: &Clause| {
        document(&catalogue.laws, &clause.document).is_some_and(|law| {
            law.editions.iter().any(|it| sync_core::law::provision(it, &clause.clause).is_some())
        })
    };
    let mut found = Vec::new();
    for (who, clause) in cites(after) {
        if held(after, clause) || !held(before, clause) {
            continue;
        }
        for file in files {
            let Rows::Documents(rows) = &file.rows else { continue };
            let Some(row) = rows.iter().position(|it| it.id == clause.document) else { continue };
            let why = format!("{who}引用的“{}”在新文件中没有了", clause.clause);
            found.push(file.at(
                row,
                "editions",
                why,
                "保留这一条（可写明失效日），或同时导入改引他条的文件",
            ));
        }
    }
    found
}

fn cites(catalogue: &Catalogue) -> Vec<(String, &Clause)> {
    let items = catalogue.checklists.iter().flat_map(|list| &list.items).flat_map(|item| {
        let clauses = item.basis.iter().chain(&item.criterion).chain(&item.penalties);
        clauses.map(move |clause| (format!("检查项 {}", item.code), clause))
    });
    let criteria = catalogue.criteria.iter().flat_map(|row| {
        row.clauses.iter().map(move |it| (format!("{} 的判定依据", row.sector), it))
    });
    let penalties = catalogue
        .penalties
        .iter()
        .flat_map(|row| [&row.duty, &row.clause].map(|clause| ("罚则表".to_owned(), clause)));
    let terms = catalogue.terms.iter().filter_map(|row| row.basis.as_ref());
    let terms = terms.map(|clause| ("默认期限".to_owned(), clause));
    let templates = catalogue.papers.templates.iter().flat_map(|form| {
        let basis = form.passages.iter().flat_map(|it| &it.basis);
        basis.map(move |clause| (format!("《{}》的式样", form.title), clause))
    });
    let procedures = catalogue.procedures.iter().flat_map(|it| it.grounds.each());
    let procedures = procedures.flat_map(|(_, ground)| &ground.basis);
    let procedures = procedures.map(|clause| ("办理程序".to_owned(), clause));
    let of_zone = templates.chain(procedures);
    items.chain(criteria).chain(penalties).chain(terms).chain(of_zone).collect()
}
