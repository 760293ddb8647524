//! Reads files of law data: which kind a file is, its rows, and what is wrong with their form.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::Checklist;
use sync_core::domain::competence::Competence;
use sync_core::domain::law::{DefaultTerm, LawDocument, Penalty, SectorCriteria};
use sync_core::domain::papers::{CountingRule, Organ, PaperTemplate};
use sync_core::domain::procedure::Procedure;
use sync_core::law::faults::{At, Fault};
use sync_core::time::CivilDate;

use super::tree::Tree;

/// The text of a clause as files of texts hold it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Id of the document.
    pub document: String,
    /// The clause.
    pub clause: String,
    /// Day on which the edition was passed that the text belongs to.
    #[serde(default)]
    pub edition_passed: Option<CivilDate>,
    /// The number of that edition, for those without such a day.
    #[serde(default)]
    pub edition: Option<String>,
    /// The text.
    pub text: String,
}

/// A file of texts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    /// What the file is, in words.
    #[serde(default, rename = "what")]
    _what: String,
    articles: Vec<Article>,
}

/// The rows of a file.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    Documents(Vec<LawDocument>),
    Texts(Vec<Article>),
    Checklists(Vec<Checklist>),
    Criteria(Vec<SectorCriteria>),
    Penalties(Vec<Penalty>),
    Terms(Vec<DefaultTerm>),
    Calendars(Vec<WorkCalendar>),
    Templates(Vec<PaperTemplate>),
    Organs(Vec<Organ>),
    Counting(Vec<CountingRule>),
    Competence(Vec<Competence>),
    Procedures(Vec<Procedure>),
}

/// A key that only rows of one kind have, or those of the kinds that follow do not, what the kind is called, and how rows
/// of it are read.
type KindOfFile = (&'static str, &'static str, fn(&str, bool) -> Result<Rows, serde_saphyr::Error>);

const KINDS: [KindOfFile; 12] = [
    ("articles", "条文", |text, _| {
        let file: Articles = serde_saphyr::from_str(text)?;
        Ok(Rows::Texts(file.articles))
    }),
    ("editions", "法律文件", |text, many| rows(text, many).map(Rows::Documents)),
    ("items", "检查表", |text, many| rows(text, many).map(Rows::Checklists)),
    ("clauses", "判定依据", |text, many| rows(text, many).map(Rows::Criteria)),
    ("term", "默认期限", |text, many| rows(text, many).map(Rows::Terms)),
    ("duty", "罚则", |text, many| rows(text, many).map(Rows::Penalties)),
    ("holidays", "工作日历", |text, many| rows(text, many).map(Rows::Calendars)),
    ("passages", "文书式样", |text, many| rows(text, many).map(Rows::Templates)),
    ("code", "机关署名", |text, many| rows(text, many).map(Rows::Organs)),
    ("roll", "期限计算规则", |text, many| rows(text, many).map(Rows::Counting)),
    ("leads", "部门职权", |text, many| rows(text, many).map(Rows::Competence)),
    ("retries", "办理程序", |text, many| rows(text, many).map(Rows::Procedures)),
];

fn rows<T: DeserializeOwned>(text: &str, many: bool) -> Result<Vec<T>, serde_saphyr::Error> {
    if many { serde_saphyr::from_str(text) } else { Ok(vec![serde_saphyr::from_str(text)?]) }
}

/// Why a file was not taken: where, why, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 where the file could not be read at all.
    pub line: u64,
    /// Why.
    pub why: String,
    /// What to do.
    pub action: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, why, action } = self;
        write!(f, "{}:{line}: {why}；{action}", file.display())
    }
}

/// A file whose rows have the right form.
#[derive(Clone, Debug)]
pub(super) struct LawFile {
    path: PathBuf,
    tree: Tree,
    pub(super) rows: Rows,
}

impl LawFile {
    /// A fault of one of its rows with its place in the file.
    pub(super) fn fault(&self, row: usize, fault: Fault) -> FileFault {
        let list = match self.rows {
            Rows::Texts(_) => self.tree.get("articles").unwrap_or(&self.tree),
            _ => &self.tree,
        };
        let rows = list.rows();
        let row = rows.get(row).copied().unwrap_or(list);
        let line = row.line_at(&fault.at);
        FileFault { file: self.path.clone(), line, why: fault.why, action: fault.action.to_owned() }
    }

    /// A fault of a row as a whole.
    pub(super) fn row(&self, row: usize, why: &str, action: &'static str) -> FileFault {
        self.fault(row, Fault { at: Vec::new(), why: why.to_owned(), action })
    }

    /// The same for a reason that is known by the key it concerns.
    pub(super) fn at(
        &self,
        row: usize,
        key: &'static str,
        why: String,
        action: &'static str,
    ) -> FileFault {
        self.fault(row, Fault { at: vec![At::Key(key)], why, action })
    }
}

/// Reads a file.
pub(super) fn file(path: &Path) -> Result<LawFile, FileFault> {
    let fault = |line, why: String, action: &str| FileFault {
        file: path.to_owned(),
        line,
        why,
        action: action.to_owned(),
    };
    let form = |error: serde_saphyr::Error| {
        let line = error.location().map_or(1, |at| at.line());
        let why = format!("格式不对：{}", error.without_snippet());
        fault(line, why, "按该类文件的格式改正这一行")
    };
    let text = fs::read_to_string(path)
        .map_err(|error| fault(0, format!("读不了：{error}"), "检查文件名、权限和编码（UTF-8）"))?;
    let tree: Tree = serde_saphyr::from_str(&text).map_err(form)?;
    let all = tree.rows();
    let many = tree.is_list();
    let Some(first) = all.first() else {
        return Err(fault(tree.line, "没有任何内容".to_owned(), "补全内容，或不导入此文件"));
    };
    let Some((_, _, read)) = KINDS.iter().find(|(key, ..)| first.get(key).is_some()) else {
        let kinds: Vec<String> =
            KINDS.iter().map(|(key, what, _)| format!("{what}（{key}）")).collect();
        let why = "认不出是哪一类文件".to_owned();
        return Err(fault(first.line, why, &format!("写明该类文件特有的键：{}", kinds.join("、"))));
    };
    let rows = read(&text, many).map_err(form)?;
    Ok(LawFile { path: path.to_owned(), tree, rows })
}
