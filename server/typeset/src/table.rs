//! Tables: their heads are repeated on each page, a row that does not fit goes on upon the next one.

use sync_core::document::Column;

use crate::layout::widths;
use crate::sheet::{LEFT, RIGHT, Sheet, Style};

const CELL: Style = Style::new(10.0, 15.0);
const PAD: f32 = 4.0;

pub(crate) fn table(sheet: &mut Sheet<'_>, columns: &[Column], rows: &[Vec<String>]) {
    let widths = widths(columns);
    let titles: Vec<String> = columns.iter().map(|it| it.title.clone()).collect();
    let head = cells(sheet, &titles, &widths, CELL.bold());
    sheet.room(tall(&head) + 2.0 * CELL.leading);
    row(sheet, &head, &widths, CELL.bold());
    for texts in rows {
        let mut rest = cells(sheet, texts, &widths, CELL);
        loop {
            let fits = fitting(sheet.left());
            let lines = lines(&rest);
            if lines > fits && (fits < lines.min(3)) {
                sheet.room(f32::INFINITY);
                row(sheet, &head, &widths, CELL.bold());
                if fitting(sheet.left()) <= fits {
                    // A page that has no more room than the last one: the row is set as it is.
                    row(sheet, &rest, &widths, CELL);
                    break;
                }
                continue;
            }
            if lines <= fits {
                row(sheet, &rest, &widths, CELL);
                break;
            }
            let later: Vec<Vec<String>> =
                rest.iter_mut().map(|cell| cell.split_off(fits.min(cell.len()))).collect();
            row(sheet, &rest, &widths, CELL);
            rest = later;
        }
    }
    sheet.y += 4.0;
}

/// Lines of a row that fit into a height.
fn fitting(height: f32) -> usize {
    let mut lines = 0;
    let mut taken = 2.0 * PAD + CELL.leading;
    while taken <= height {
        lines += 1;
        taken += CELL.leading;
    }
    lines
}

/// Each text in lines of its column.
fn cells(sheet: &Sheet<'_>, texts: &[String], widths: &[f32], style: Style) -> Vec<Vec<String>> {
    let face = sheet.fonts.face(style.bold);
    let cell = |(text, width): (&String, &f32)| face.lines(text, style.size, width - 2.0 * PAD);
    texts.iter().zip(widths).map(cell).collect()
}

fn lines(cells: &[Vec<String>]) -> usize {
    cells.iter().map(Vec::len).max().unwrap_or_default()
}

fn tall(cells: &[Vec<String>]) -> f32 {
    2.0 * PAD + CELL.leading * u16::try_from(lines(cells)).map_or(0.0, f32::from)
}

/// One row with its borders.
fn row(sheet: &mut Sheet<'_>, cells: &[Vec<String>], widths: &[f32], style: Style) {
    const LINE_WIDTH: f32 = 0.6;
    let (top, bottom) = (sheet.y, sheet.y + tall(cells));
    let mut x = LEFT;
    for (cell, width) in cells.iter().zip(widths) {
        sheet.y = top + PAD;
        for line in cell {
            sheet.line(line, x + PAD, width - 2.0 * PAD, style);
            sheet.y += style.leading;
        }
        sheet.rule((x, top), (x, bottom), LINE_WIDTH);
        x += width;
    }
    sheet.rule((RIGHT, top), (RIGHT, bottom), LINE_WIDTH);
    sheet.rule((LEFT, top), (RIGHT, top), LINE_WIDTH);
    sheet.rule((LEFT, bottom), (RIGHT, bottom), LINE_WIDTH);
    sheet.y = bottom;
}
