//! Bodies of reports: what can be asked of a report, and the sheet that answers. Every report is a sheet; a screen,
//! a comma-separated file and a workbook are drawn from it alone.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// `GET /api/v1/reports`: one report with what can be asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportEntry {
    /// Its name in addresses.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// What can be asked.
    pub inputs: Vec<ReportInput>,
}

/// One thing that can be asked of a report: a parameter of its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportInput {
    /// Name of the parameter.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What may be given. A date if there is nothing to choose from.
    pub choices: Option<Vec<ReportChoice>>,
    /// What counts when nothing is given: a value of `choices`, or a date.
    pub usual: String,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportChoice {
    /// The value; empty for all.
    pub value: String,
    /// What it is called.
    pub title: String,
}

/// A table that answers a question. It is stored when it is frozen and read for ever: a new field has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sheet {
    /// What it is called.
    pub title: String,
    /// The time that it is about, in words that can stand in the name of a file.
    pub period: String,
    /// What narrowed it, in words.
    pub narrowed: Vec<String>,
    /// Until when what the server had taken over is counted.
    pub until: Timestamp,
    /// When it was frozen: from then on it stays as it is. None if it was computed for this answer.
    pub frozen_at: Option<Timestamp>,
    /// What a reader has to know about the figures.
    pub notes: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// All rows together, where that says something.
    pub total: Option<Vec<Cell>>,
}

/// One column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Column {
    /// Its name, for programs.
    pub name: String,
    /// What stands above it.
    pub title: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// A word or a name that tells rows apart.
    Name,
    /// Sentences.
    Text,
    /// A number of things.
    Count,
    /// A date, as `2026-11-23`.
    Date,
}

/// One cell of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Count(u64),
    /// Words, or a date as text.
    Text(String),
    /// Nothing.
    Empty,
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A form in which a sheet can be had as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Comma-separated values in UTF-8 with the mark by which spreadsheets know it.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A file within JSON, for whoever cannot ask for anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SheetFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes in base64, URL-safe, without padding.
    pub content: String,
}
