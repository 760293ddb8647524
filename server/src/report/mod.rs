//! Reports. One file is one report: what can be asked of it, its sheet, and its figures, computed over cases as they
//! stood at an instant and never over the rows of today's lists.
//!
//! **As of an instant** means: what the server had taken over before it, by the time of the receipt. A receipt is
//! never changed, so the same question has the same answer a year later, after a restore, and on another database. What
//! was recorded before the instant and came later counts from when it came.

pub mod cases;
pub mod file;
mod number_ledger;
mod overdue;
pub mod week;
mod weekly;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use sync_core::case::Case;
use sync_core::domain::enterprise::Enterprise;
use sync_core::domain::inspection::Plan;
use sync_core::domain::numbers::Series;
use sync_core::id::{DepartmentId, StreetCode};
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority::ListScope;
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::report::{Cell, Column, ColumnKind, ReportChoice, ReportInput, Sheet};

use crate::directory::Directory;
use crate::shape::{Shape, fields};
use crate::store::numbers::Given;
use crate::store::streams::Span;
use week::Week;

/// Every report, in the order in which they are listed.
pub const REPORTS: &[&dyn Report] =
    &[&weekly::Weekly, &overdue::Overdue, &number_ledger::NumberLedger];

/// The report of a name.
///
/// # Errors
/// `not_found`.
pub fn named(name: &str) -> Result<&'static dyn Report, Refusal> {
    let mut all = REPORTS.iter().copied();
    all.find(|report| report.name() == name).ok_or(Refusal::new(Code::NotFound))
}

/// The parameters of all reports, as the fields of one object.
pub(crate) fn questions(generator: &mut SchemaGenerator) -> Schema {
    let shapes = REPORTS.iter().map(|report| report.question());
    let shapes: Vec<_> = shapes.collect();
    json_schema!({ "properties": fields(&shapes, generator) })
}

/// One report.
pub trait Report: Send + Sync {
    /// Its name in addresses.
    fn name(&self) -> &'static str;

    /// What it is called.
    fn title(&self) -> &'static str;

    /// What it shows, in a sentence.
    fn about(&self) -> &'static str;

    /// What can be asked of it.
    fn inputs(&self, asker: &Asker) -> Vec<ReportInput>;

    /// The schema of a question.
    fn question(&self) -> Shape;

    /// Reads a question.
    ///
    /// # Errors
    /// When a parameter is unknown or malformed, or the asker may not see what is asked for.
    fn ask(&self, query: &Query, asker: &Asker) -> Result<Asked, Refusal>;

    /// The question that the clerk has answered when a week is over, and freezes; none for a report that is only
    /// computed when somebody asks.
    fn of_week(&self, _week: Week, _directory: &Arc<Directory>) -> Option<Asked> {
        None
    }
}

/// The parameters of an address.
pub type Query = BTreeMap<String, String>;

/// Who asks, when, and what is known of the zone.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Whose cases may be named.
    pub scope: ListScope,
    /// People and reference data.
    pub directory: Arc<Directory>,
    /// When.
    pub now: Timestamp,
}

/// A question that can be answered.
pub struct Asked {
    /// Which cases are looked at, as they stood at its end. Those that cannot say anything are not read.
    pub span: Span,
    /// Takes the cases in.
    pub figures: Box<dyn Figures>,
    /// The first day of the period under which the answer is frozen once it is over.
    pub frozen_under: Option<CivilDate>,
    /// The series of numbers that are looked at besides.
    pub series: Vec<Series>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.span, self.frozen_under)
    }
}

/// What a report makes of the cases, one after the other and in any order.
pub trait Figures: Send {
    /// Takes a case in, as it stood at the end of the span.
    fn add(&mut self, case: &KnownCase<'_>);

    /// Takes a series of numbers in, as it stood at the end of the span.
    fn add_series(&mut self, _series: &KnownSeries<'_>) {}

    /// The sheet.
    ///
    /// # Errors
    /// `too_many` when there are more rows than anybody reads.
    fn sheet(self: Box<Self>) -> Result<Sheet, Refusal>;
}

/// A series of numbers with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct KnownSeries<'c> {
    /// Which.
    pub series: &'c Series,
    /// What was leased and declared void, as it stood.
    pub case: &'c Case,
    /// What the store itself knows of its numbers.
    pub given: &'c Given,
}

/// A case that this build can judge.
#[derive(Clone, Copy, Debug)]
pub struct KnownCase<'c> {
    /// As it stood.
    pub case: &'c Case,
    /// Its plan.
    pub plan: &'c Plan,
    /// Where it is, as registered now.
    pub enterprise: Option<&'c Enterprise>,
}

impl KnownCase<'_> {
    /// The code of its street; empty when the enterprise is not registered any more.
    #[must_use]
    pub fn street(&self) -> &str {
        self.enterprise.map_or("", |it| it.street.as_str())
    }
}

/// The last instant before another: how things stood until then is asked as of it.
const fn just_before(until: Timestamp) -> Timestamp {
    until.plus_millis(-1)
}

/// Reads the parameters of a question. What is empty was not given.
fn read<Q: DeserializeOwned>(query: &Query) -> Result<Q, Refusal> {
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    let fields = given.map(|(name, value)| (name.clone(), value.clone().into())).collect();
    serde_json::from_value(serde_json::Value::Object(fields))
        .map_err(|_| Refusal::new(Code::FieldMalformed).field("query"))
}

pub(crate) fn column(name: &str, title: &str, kind: ColumnKind) -> Column {
    Column { name: name.to_owned(), title: title.to_owned(), kind }
}

fn date_input(name: &str, title: &str, usual: CivilDate) -> ReportInput {
    let usual = usual.to_string();
    ReportInput { name: name.to_owned(), title: title.to_owned(), choices: None, usual }
}

fn choice_input(
    name: &str,
    title: &str,
    choices: impl Iterator<Item = (String, String)>,
) -> ReportInput {
    let all = std::iter::once((String::new(), "全部".to_owned()));
    let choices = all.chain(choices).map(|(value, title)| ReportChoice { value, title }).collect();
    ReportInput {
        name: name.to_owned(),
        title: title.to_owned(),
        choices: Some(choices),
        usual: String::new(),
    }
}

/// The streets that can be asked for.
fn street_input(directory: &Directory) -> ReportInput {
    let streets = directory.streets.iter();
    choice_input("street", "街道", streets.map(|(code, name)| (code.to_string(), name.clone())))
}

/// The departments that can be asked for; none where only one may be seen.
fn department_input(asker: &Asker) -> Option<ReportInput> {
    let finds = asker.directory.departments.iter().filter(|it| it.enforcement);
    let choices = finds.map(|it| (it.id.as_str().to_owned(), it.name.clone()));
    (asker.scope == ListScope::Every).then(|| choice_input("department", "部门", choices))
}

pub(crate) fn department_title(directory: &Directory, id: &DepartmentId) -> String {
    directory.department(id).map_or_else(|| id.as_str().to_owned(), |it| it.name.clone())
}

pub(crate) fn street_title(directory: &Directory, code: &str) -> String {
    let known = code.parse::<StreetCode>().ok().and_then(|code| directory.streets.get(&code));
    known.cloned().unwrap_or_else(|| code.to_owned())
}

/// Until when something is counted, in words.
fn received_until(until: Timestamp) -> String {
    format!("统计截至 {until} 服务器已收到的记录。")
}

/// Says how many dossiers are not counted, since this build does not know all of their records or one of them is damaged.
fn note_unreadable(sheet: &mut Sheet, unreadable: u64) {
    if unreadable > 0 {
        sheet.notes.push(format!("另有 {unreadable} 件卷宗含本版本不认识或已损坏的记录，未计入。"));
    }
}

/// A row that says nothing in most of its columns.
fn sparse(columns: usize, cells: impl IntoIterator<Item = (usize, Cell)>) -> Vec<Cell> {
    let mut row = vec![Cell::Empty; columns];
    for (index, cell) in cells {
        if let Some(at) = row.get_mut(index) {
            *at = cell;
        }
    }
    row
}
