//! 文号台账: every number of the series of a year with what became of it. No gap is without a reason, or it says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use sync_core::act::paper::PapersIssued;
use sync_core::act::visit::Arrival;
use sync_core::document::{self, Sources};
use sync_core::domain::numbers::{NumberBlock, Series};
use sync_core::id::{DepartmentId, DeviceId};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::{due, numbering};
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::report::{Cell, Column, ColumnKind, ReportChoice, ReportInput, Sheet};

use super::{
    Asked, Asker, Figures, KnownCase, KnownSeries, Query, Report, column, department_input,
    department_title, just_before, read, received_until, sparse,
};
use crate::directory::Directory;
use crate::shape::{Shape, inline};
use crate::store::numbers::Given;
use crate::store::streams::Span;

/// The report.
pub(super) struct NumberLedger;

/// What can be asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The year of the numbers; none: this one.
    #[schemars(with = "Option<i16>")]
    year: Option<String>,
    /// The department whose numbers they are.
    department: Option<DepartmentId>,
}

impl Report for NumberLedger {
    fn name(&self) -> &'static str {
        "number_ledger"
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn about(&self) -> &'static str {
        "某年各字号的每一个文号：已出具的文书、配发给设备尚未使用的、作废的及理由、恢复备份后留空的。"
    }

    fn inputs(&self, asker: &Asker) -> Vec<ReportInput> {
        let this = asker.now.date().year();
        let choice =
            |year: i16| ReportChoice { value: year.to_string(), title: format!("{year}年") };
        let year = ReportInput {
            name: "year".to_owned(),
            title: "年度".to_owned(),
            choices: Some((0..YEARS).map(|back| choice(this - back)).collect()),
            usual: this.to_string(),
        };
        std::iter::once(year).chain(department_input(asker)).collect()
    }

    fn question(&self) -> Shape {
        inline::<Question>
    }

    fn ask(&self, query: &Query, asker: &Asker) -> Result<Asked, Refusal> {
        let Question { year, department } = read(query)?;
        let malformed = || Refusal::new(Code::FieldMalformed).field("year");
        let this = asker.now.date().year();
        let year = year.map_or(Ok(this), |it| it.parse::<i16>().map_err(|_| malformed()))?;
        let since = CivilDate::new(year, 1, 1).map_err(|_| malformed())?.start();
        let department = asker.scope.narrowed(department.as_ref())?;
        let directory = Arc::clone(&asker.directory);
        let asked = directory.departments.iter();
        let asked = asked.filter(|it| department.as_ref().is_none_or(|only| it.id == *only));
        let sources = Sources::new(&directory.reference);
        let series: BTreeSet<Series> = asked
            .flat_map(|it| {
                let of_papers = sources.series_of_year(&it.id, year);
                numbering::series(it, year).into_iter().chain(of_papers)
            })
            .collect();
        let series: Vec<Series> = series.into_iter().collect();
        let until = asker.now.plus_millis(1);
        let figures = LedgerFigures {
            until,
            year,
            narrowed: department.iter().map(|id| department_title(&directory, id)).collect(),
            ledgers: series.iter().map(|it| (it.clone(), BTreeMap::new())).collect(),
            directory,
        };
        let span = Span { since, until, department };
        Ok(Asked { span, figures: Box::new(figures), frozen_under: None, series })
    }
}

const TITLE: &str = "文号台账";

/// Years that are offered: this one and those before.
const YEARS: i16 = 5;

/// Most rows: more than a department issues in a year, of all kinds together.
const ROWS: usize = 50_000;

/// What became of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fate {
    state: &'static str,
    /// When it was issued, leased or declared void.
    on: Option<CivilDate>,
    /// Enterprise, or who holds it.
    of: String,
    /// What else is to be said.
    words: String,
    /// Whether it has a row of its own.
    is_paper: bool,
}

struct LedgerFigures {
    until: Timestamp,
    year: i16,
    narrowed: Vec<String>,
    /// By series and number; several papers that carry one number stand there all.
    ledgers: BTreeMap<Series, BTreeMap<u32, Vec<Fate>>>,
    directory: Arc<Directory>,
}

impl Figures for LedgerFigures {
    fn add(&mut self, case: &KnownCase<'_>) {
        for notice in case.case.notices() {
            let body = notice.body;
            let Some(ledger) = self.ledgers.get_mut(&Series::of(&body.number)) else { continue };
            let served = case.case.service(body.id).map(|it| it.at.date());
            let withdrawn = document::is_withdrawn(case.case, notice.about);
            let words = match served {
                _ if withdrawn => "全部隐患已撤销".to_owned(),
                _ if case.case.is_doubled(body.id) => {
                    "内容与另一份文书重复，以另一份为准".to_owned()
                }
                Some(day) => format!("{day} 送达"),
                None => "尚未送达".to_owned(),
            };
            ledger.entry(body.number.serial).or_default().push(Fate {
                state: "已出具",
                on: Some(body.issued_on),
                of: case.enterprise.map(|it| it.name.clone()).unwrap_or_default(),
                words,
                is_paper: true,
            });
        }
        for issued in case.case.every::<PapersIssued>() {
            for paper in &issued.body.papers {
                let Some(number) = &paper.number else { continue };
                let Some(ledger) = self.ledgers.get_mut(&Series::of(number)) else { continue };
                // Where a visit goes stays secret until somebody arrived.
                let shown = case.case.every::<Arrival>().next().is_some();
                let place = case.enterprise.filter(|_| shown).map(|it| it.name.clone());
                ledger.entry(number.serial).or_default().push(Fate {
                    state: "已出具",
                    on: Some(issued.at.date()),
                    of: place.unwrap_or_else(|| "检查前不显示".to_owned()),
                    words: String::new(),
                    is_paper: true,
                });
            }
        }
    }

    fn add_series(&mut self, known: &KnownSeries<'_>) {
        let until = due::leased_until(known.series);
        let leased: Vec<(NumberBlock, Fate)> = known
            .case
            .leases()
            .map(|it| {
                let holder = self.holder(it.body.device);
                let fate = match known.case.voided(it.fact) {
                    Some(void) => Fate {
                        state: "作废",
                        on: Some(void.at.date()),
                        of: holder,
                        words: void.body.reason.clone(),
                        is_paper: false,
                    },
                    None => Fate {
                        state: "已配发，未使用",
                        on: Some(it.at.date()),
                        of: holder,
                        words: until.map(|day| format!("可用至 {day}")).unwrap_or_default(),
                        is_paper: false,
                    },
                };
                (it.body.block.clone(), fate)
            })
            .collect();
        let Some(ledger) = self.ledgers.get_mut(known.series) else { return };
        let given = known.given;
        let last_paper = ledger.last_key_value().map(|(serial, _)| *serial);
        let last_leased = leased.iter().map(|(block, _)| block.last).max();
        let last = [given.last, last_paper, last_leased].into_iter().flatten().max().unwrap_or(0);
        for serial in 1..=last {
            if ledger.contains_key(&serial) {
                continue;
            }
            let block = leased.iter().find(|(it, _)| (it.first..=it.last).contains(&serial));
            let fate = block.map_or_else(|| unused(serial, given), |(_, fate)| fate.clone());
            ledger.insert(serial, vec![fate]);
        }
    }

    fn sheet(self: Box<Self>) -> Result<Sheet, Refusal> {
        let Self { until, year, narrowed, ledgers, .. } = *self;
        let mut rows = Vec::new();
        let (mut papers, mut unexplained) = (0_u64, 0_u64);
        for (series, ledger) in &ledgers {
            for run in runs(ledger) {
                papers += u64::from(run.fate.is_paper);
                unexplained += if run.fate.state == UNKNOWN { run.len() } else { 0 };
                rows.push(run.cells(series));
            }
        }
        limits::count("rows", rows.len(), ROWS)?;
        let (columns, as_of) = (columns(), just_before(until));
        let mut notes = vec![received_until(as_of)];
        if unexplained > 0 {
            notes.push(format!("有 {unexplained} 个文号没有记录，请查明去向。"));
        }
        let total = [(0, Cell::from("合计")), (4, Cell::from(format!("已出具 {papers} 件")))];
        Ok(Sheet {
            title: TITLE.to_owned(),
            period: format!("{year}年"),
            narrowed,
            until: as_of,
            frozen_at: None,
            notes,
            total: Some(sparse(columns.len(), total)),
            columns,
            rows,
        })
    }
}

impl LedgerFigures {
    /// Whose device it is.
    fn holder(&self, device: DeviceId) -> String {
        let known = self.directory.devices.get(&device);
        let person = known.and_then(|it| self.directory.persons.get(&it.device.person));
        person.map_or_else(|| device.to_string(), |it| it.name.clone())
    }
}

const UNKNOWN: &str = "没有记录";

/// What became of a number that no paper carries and no device was leased.
fn unused(serial: u32, given: &Given) -> Fate {
    let left_out =
        given.left_out.iter().find(|(first, last, _)| (*first..=*last).contains(&serial));
    // A series that is begun after a restore leaves out its first numbers; so did restores of before they were noted.
    let (state, words) = match left_out {
        Some((.., restore)) => (
            "恢复备份后留空",
            format!("第 {restore} 次恢复备份，该段在备份之后可能已经用过，不再使用"),
        ),
        None if given.restores > 0 => {
            ("恢复备份后留空", "恢复备份前可能已经用过，不再使用".to_owned())
        }
        None => (UNKNOWN, "请查明去向".to_owned()),
    };
    Fate { state, on: None, of: String::new(), words, is_paper: false }
}

/// Numbers that follow one another and share what became of them; each paper is a run of its own.
struct Run<'l> {
    first: u32,
    last: u32,
    fate: &'l Fate,
}

fn runs(ledger: &BTreeMap<u32, Vec<Fate>>) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (serial, fates) in ledger {
        for fate in fates {
            match runs.last_mut() {
                Some(run) if !fate.is_paper && run.fate == fate && run.last + 1 == *serial => {
                    run.last = *serial;
                }
                _ => runs.push(Run { first: *serial, last: *serial, fate }),
            }
        }
    }
    runs
}

impl Run<'_> {
    fn len(&self) -> u64 {
        u64::from(self.last - self.first) + 1
    }

    fn cells(&self, series: &Series) -> Vec<Cell> {
        let Fate { state, on, of, words, .. } = self.fate;
        let Series { area, series, year } = series;
        vec![
            Cell::from(format!("（{area}）{series}〔{year}〕")),
            Cell::from(u64::from(self.first)),
            Cell::from(u64::from(self.last)),
            Cell::from(self.len()),
            Cell::from(*state),
            on.map_or(Cell::Empty, |day| Cell::from(day.to_string())),
            Cell::from(of.as_str()),
            Cell::from(words.as_str()),
        ]
    }
}

fn columns() -> Vec<Column> {
    vec![
        column("series", "字号", ColumnKind::Name),
        column("first", "起号", ColumnKind::Count),
        column("last", "止号", ColumnKind::Count),
        column("count", "个数", ColumnKind::Count),
        column("state", "去向", ColumnKind::Name),
        column("on", "日期", ColumnKind::Date),
        column("of", "被检查单位或持有人", ColumnKind::Name),
        column("words", "说明", ColumnKind::Text),
    ]
}
