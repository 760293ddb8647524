//! A sheet as a file: comma-separated values and workbooks are made here and nowhere else. The same sheet gives the
//! same bytes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::report::{Cell, ColumnKind, FileFormat, Sheet, SheetFile};

/// Media type of comma-separated values.
pub const CSV: &str = "text/csv; charset=utf-8";
/// Media type of workbooks.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file with its name.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// A sheet in a form. Its name tells what it shows, for which time, and as of which day.
    ///
    /// # Errors
    /// `too_large` when the form cannot hold it.
    pub fn of(sheet: &Sheet, format: FileFormat) -> Result<Self, Refusal> {
        let written = match format {
            FileFormat::Csv => csv(sheet),
            FileFormat::Xlsx => xlsx(sheet).ok(),
        };
        let (ending, media_type) = match format {
            FileFormat::Csv => ("csv", CSV),
            FileFormat::Xlsx => ("xlsx", XLSX),
        };
        let as_of = sheet.frozen_at.unwrap_or(sheet.until).date().to_string();
        let words = [sheet.title.as_str(), sheet.period.as_str()].into_iter();
        let words = words.chain(sheet.narrowed.iter().map(String::as_str)).chain([as_of.as_str()]);
        let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
        Ok(Self {
            name: format!("{}.{ending}", words.join("_").replace(['/', '\\', '"'], "-")),
            media_type,
            bytes: written.ok_or(Refusal::new(Code::TooLarge).field("rows"))?,
        })
    }

    /// The file within JSON.
    #[must_use]
    pub fn within_json(self) -> SheetFile {
        SheetFile {
            name: self.name,
            media_type: self.media_type.to_owned(),
            content: URL_SAFE_NO_PAD.encode(self.bytes),
        }
    }
}

/// All lines of a table: the titles, the rows, the total.
fn lines(sheet: &Sheet) -> impl Iterator<Item = Vec<Cell>> {
    let titles = sheet.columns.iter().map(|column| Cell::from(column.title.as_str())).collect();
    std::iter::once(titles).chain(sheet.rows.iter().cloned()).chain(sheet.total.clone())
}

/// Comma-separated values: the table alone, with the mark by which spreadsheets know the encoding.
fn csv(sheet: &Sheet) -> Option<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for line in lines(sheet) {
        let cells = line.into_iter().map(|cell| match cell {
            Cell::Count(count) => count.to_string(),
            Cell::Text(text) => plain(text),
            Cell::Empty => String::new(),
        });
        writer.write_record(cells).ok()?;
    }
    writer.into_inner().ok()
}

/// What begins like a formula, also in wide letters, gets a mark in front by which spreadsheets take it for words.
fn plain(text: String) -> String {
    let first = text.trim_start().chars().next();
    let formula = first.is_some_and(|c| {
        matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\u{2212}')
    }) || text.starts_with(['\t', '\r']);
    if formula { format!("'{text}") } else { text }
}

/// Rows above the table of a workbook: title, period.
const HEAD: u32 = 2;

/// A workbook with one sheet: title, period, table, notes. Words are stored as words, so nothing is a formula.
fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Otherwise the time of writing would be in the bytes.
    let made = sheet.frozen_at.unwrap_or(sheet.until);
    let made = ExcelDateTime::from_timestamp(made.as_millis().div_euclid(1_000).max(0))?;
    workbook
        .set_properties(&DocProperties::new().set_title(&sheet.title).set_creation_datetime(&made));
    let page = workbook.add_worksheet();
    page.set_name(&sheet.title)?;
    let columns = u16::try_from(sheet.columns.len()).unwrap_or(u16::MAX);
    let title = Format::new().set_bold().set_font_size(16);
    page.write_string_with_format(0, 0, &sheet.title, &title)?;
    let period: Vec<&str> = std::iter::once(sheet.period.as_str())
        .chain(sheet.narrowed.iter().map(String::as_str))
        .collect();
    page.write_string(1, 0, period.join("　"))?;
    let mut at = HEAD;
    let last = sheet.rows.len() + 1;
    for (index, line) in lines(sheet).enumerate() {
        let strong = index == 0 || index == last;
        for (column, (cell, about)) in (0..).zip(line.iter().zip(&sheet.columns)) {
            let kind = if index == 0 { ColumnKind::Name } else { about.kind };
            write(page, (at, column), cell, kind, strong)?;
        }
        at += 1;
    }
    for (column, about) in (0..).zip(&sheet.columns) {
        page.set_column_width(column, width(about.kind))?;
    }
    let notes = Format::new().set_font_color("556270");
    for (row, note) in (at + 1..).zip(&sheet.notes) {
        page.write_string_with_format(row, 0, note, &notes)?;
    }
    page.set_freeze_panes(HEAD + 1, 0)?;
    page.set_repeat_rows(0, HEAD)?;
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    page.set_footer("&C第 &P 页，共 &N 页");
    if at > HEAD + 1 && columns > 0 {
        page.set_print_area(
            0,
            0,
            at + u32::try_from(sheet.notes.len()).unwrap_or_default(),
            columns - 1,
        )?;
    }
    workbook.save_to_buffer()
}

const A4: u8 = 9;

fn write(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    kind: ColumnKind,
    strong: bool,
) -> Result<(), XlsxError> {
    let mut format = Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color("AAB4BD")
        .set_align(FormatAlign::Top);
    if strong {
        format = format.set_bold().set_background_color("EAF1F6");
    }
    if strong || kind == ColumnKind::Text {
        format = format.set_text_wrap();
    }
    match cell {
        Cell::Count(count) => {
            // Counts of things stay far below what a double holds exactly.
            let count = f64::from(u32::try_from(*count).unwrap_or(u32::MAX));
            page.write_number_with_format(row, column, count, &format)
        }
        Cell::Text(text) => match ExcelDateTime::parse_from_str(text) {
            Ok(date) if kind == ColumnKind::Date => {
                let format = format.set_num_format("yyyy-mm-dd");
                page.write_datetime_with_format(row, column, &date, &format)
            }
            _ => page.write_string_with_format(row, column, text, &format),
        },
        Cell::Empty => page.write_blank(row, column, &format),
    }?;
    Ok(())
}

/// How wide a column is, in letters of the usual size; a Chinese one takes two.
const fn width(kind: ColumnKind) -> f64 {
    match kind {
        ColumnKind::Name => 20.0,
        ColumnKind::Text => 36.0,
        ColumnKind::Date => 12.0,
        ColumnKind::Count => 10.0,
    }
}
