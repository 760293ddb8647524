//! Lays a paper out on pages.

use sync_core::document::{Block, Column, Paper, Signer, certificate, check_address, qr};

use crate::face::Fonts;
use crate::sheet::{Align, HEIGHT, LEFT, LINE, Mark, Page, RIGHT, Sheet, Style};
use crate::{Extras, table};

const BODY: Style = Style::new(11.5, 19.0);
const SMALL: Style = Style::new(8.0, 11.0);
const LABEL: f32 = 132.0;
/// The height of a line to sign on.
const STEP: f32 = 26.0;
/// Room before places to sign.
const BEFORE: f32 = 8.0;
/// The height of a seal with the room before it.
const SEAL: f32 = 86.0;
const ROOM: &str = "＿＿＿＿＿＿　　年　　月　　日";

/// The pages of a paper.
pub(crate) fn pages(paper: &Paper, fonts: &Fonts, extras: &Extras<'_>) -> Vec<Page> {
    let mut sheet = Sheet::new(fonts);
    head(&mut sheet, paper);
    for run in paper.blocks.chunk_by(|one, next| one.is_signed() && next.is_signed()) {
        // What is signed and sealed stays together on a page.
        let height = run.iter().map(|block| signed_height(&sheet, block)).sum();
        sheet.room(height);
        for block in run {
            self::block(&mut sheet, block, extras);
        }
    }
    photos(&mut sheet, paper, extras);
    foot(&mut sheet, paper, extras);
    let mut pages = sheet.finish();
    numbers(&mut pages, paper, fonts);
    pages
}

fn head(sheet: &mut Sheet<'_>, paper: &Paper) {
    sheet.text(&paper.organ, Style::new(15.0, 24.0).align(Align::Center));
    sheet.text(&paper.title, Style::new(21.0, 36.0).bold().align(Align::Center));
    if let Some(number) = &paper.number {
        sheet.text(number, BODY.align(Align::Center));
    }
    sheet.y += 10.0;
}

fn block(sheet: &mut Sheet<'_>, block: &Block, extras: &Extras<'_>) {
    match block {
        Block::Field { label, value } => field(sheet, label, value),
        Block::Text { heading, paragraphs } => {
            self::heading(sheet, heading);
            for text in paragraphs {
                sheet.text(&format!("　　{text}"), BODY);
            }
        }
        Block::Table { heading, columns, rows } => {
            self::heading(sheet, heading);
            table::table(sheet, columns, rows);
        }
        Block::Signatures { label, signers, places } => {
            signatures(sheet, label, signers, *places, extras);
        }
        Block::Seal { organ, date } => {
            sheet.room(SEAL);
            sheet.y += 30.0;
            sheet.text(&format!("{organ}（印章）"), BODY.align(Align::Right));
            let date = date.map_or_else(
                || "　　年　　月　　日".to_owned(),
                sync_core::time::CivilDate::in_words,
            );
            sheet.text(&date, BODY.align(Align::Right));
        }
    }
}

pub(crate) fn heading(sheet: &mut Sheet<'_>, heading: &str) {
    if heading.is_empty() {
        return;
    }
    sheet.room(3.0 * BODY.leading);
    sheet.y += 6.0;
    sheet.text(heading, BODY.bold());
}

/// A label with its value on a line to write on.
fn field(sheet: &mut Sheet<'_>, label: &str, value: &str) {
    let label = format!("{label}：");
    let label_width = sheet.fonts.regular.width(&label, BODY.size).max(LABEL);
    let (x, width) = (LEFT + label_width, LINE - label_width);
    let lines = sheet.fonts.regular.lines(value, BODY.size, width);
    for (at, line) in lines.iter().enumerate() {
        sheet.room(BODY.leading);
        if at == 0 {
            sheet.line(&label, LEFT, label_width, BODY);
        }
        sheet.line(line, x, width, BODY);
        sheet.y += BODY.leading;
    }
    sheet.rule((x, sheet.y), (RIGHT, sheet.y), 0.4);
}

fn signatures(
    sheet: &mut Sheet<'_>,
    label: &str,
    signers: &[Signer],
    places: u8,
    extras: &Extras<'_>,
) {
    sheet.room(2.0 * STEP);
    sheet.y += BEFORE;
    sheet.text(&format!("{label}："), BODY);
    for signer in signers {
        let (line, end) = signer_in_words(signer);
        let drawing = signer.drawing.and_then(|it| (extras.picture)(it));
        line_of(sheet, &line, &end, drawing);
    }
    (0..places).for_each(|_| line_of(sheet, "", ROOM, None));
}

/// Whose signature it is, and what stands at the right of it.
fn signer_in_words(signer: &Signer) -> (String, String) {
    let mut line = format!("　　{}", signer.name);
    if let Some(certificate) = &signer.certificate {
        line.push_str(&certificate::number(certificate));
    }
    if !signer.remark.is_empty() {
        line.extend(["　", &signer.remark]);
    }
    let end = match signer.on {
        Some(on) => format!("已签名　{}", on.in_words()),
        None => ROOM.to_owned(),
    };
    (line, end)
}

/// The height of a block that is signed or sealed; nothing for another one.
fn signed_height(sheet: &Sheet<'_>, block: &Block) -> f32 {
    match block {
        Block::Signatures { signers, places, .. } => {
            let lines = |signer: &Signer| {
                let (line, end) = signer_in_words(signer);
                lines_beside(sheet, &line, &end, signer.drawing.is_some()).len()
            };
            let lines = signers.iter().map(lines).sum::<usize>() + usize::from(*places);
            BEFORE + BODY.leading + STEP * u16::try_from(lines).map_or(0.0, f32::from)
        }
        Block::Seal { .. } => SEAL,
        _ => 0.0,
    }
}

/// The lines of whose signature it is, beside the signature.
fn lines_beside(sheet: &Sheet<'_>, line: &str, end: &str, drawn: bool) -> Vec<String> {
    let end_width = sheet.fonts.regular.width(end, BODY.size);
    let beside = if drawn { 60.0 } else { 6.0 };
    sheet.fonts.regular.lines(line, BODY.size, LINE - end_width - beside)
}

/// One place to sign: whose it is at the left, the signature at the right.
fn line_of(sheet: &mut Sheet<'_>, line: &str, end: &str, drawing: Option<Vec<u8>>) {
    let style = Style { leading: STEP, ..BODY };
    let end_width = sheet.fonts.regular.width(end, BODY.size);
    let lines = lines_beside(sheet, line, end, drawing.is_some());
    for (at, line) in lines.iter().enumerate() {
        sheet.room(STEP);
        sheet.line(line, LEFT, LINE, style);
        if at + 1 == lines.len() {
            sheet.line(end, LEFT, LINE, style.align(Align::Right));
            if let Some(bytes) = &drawing {
                let x = RIGHT - end_width - 56.0;
                let y = sheet.y;
                let bytes = bytes.clone();
                sheet.mark(Mark::Picture { x, y, width: 52.0, height: STEP, bytes });
            }
        }
        sheet.y += STEP;
    }
}

/// Two photos in a row, each with what it shows and its digest.
fn photos(sheet: &mut Sheet<'_>, paper: &Paper, extras: &Extras<'_>) {
    const GAP: f32 = 12.0;
    const TALL: f32 = 165.0;
    if paper.photos.is_empty() {
        return;
    }
    heading(sheet, "照片");
    let width = (LINE - GAP) / 2.0;
    for row in paper.photos.chunks(2) {
        let pictures: Vec<_> = row.iter().map(|photo| (extras.picture)(photo.blob)).collect();
        let tall = if pictures.iter().any(Option::is_some) { TALL } else { 0.0 };
        let captions: Vec<Vec<String>> = row
            .iter()
            .map(|photo| {
                let text = format!("{}　{}", photo.caption, photo.blob);
                sheet.fonts.regular.lines(&text, SMALL.size, width)
            })
            .collect();
        let lines = captions.iter().map(Vec::len).max().unwrap_or_default();
        let below = SMALL.leading * u16::try_from(lines).map_or(0.0, f32::from);
        sheet.room(tall + below + GAP);
        let top = sheet.y;
        for (at, (picture, caption)) in pictures.into_iter().zip(captions).enumerate() {
            let x = if at == 0 { LEFT } else { LEFT + width + GAP };
            if let Some(bytes) = picture {
                sheet.mark(Mark::Picture { x, y: top, width, height: tall, bytes });
            }
            sheet.y = top + tall;
            for line in caption {
                sheet.line(&line, x, width, SMALL);
                sheet.y += SMALL.leading;
            }
        }
        sheet.y = top + tall + below + GAP;
    }
}

/// What is not confirmed yet, the digest, and the code by which it is checked.
fn foot(sheet: &mut Sheet<'_>, paper: &Paper, extras: &Extras<'_>) {
    const SIDE: f32 = 78.0;
    let digest = paper.digest();
    let code = extras.server.and_then(|server| qr(&check_address(server, digest)));
    let mut texts = Vec::new();
    if !paper.unverified.is_empty() {
        texts.push(format!("以下内容尚待法制机构核实：{}。", paper.unverified.join("；")));
    }
    if code.is_some() {
        texts.push("扫码核验本文书的真伪。".to_owned());
    }
    texts.push(format!("校验码：{digest}"));
    let x = if code.is_some() { LEFT + SIDE + 10.0 } else { LEFT };
    let width = RIGHT - x;
    let lines: Vec<String> =
        texts.iter().flat_map(|text| sheet.fonts.regular.lines(text, SMALL.size, width)).collect();
    let tall = SMALL.leading * u16::try_from(lines.len()).map_or(0.0, f32::from);
    let tall = if code.is_some() { tall.max(SIDE) } else { tall };
    sheet.room(tall + 16.0);
    sheet.y += 12.0;
    sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), 0.6);
    sheet.y += 4.0;
    if let Some(code) = code {
        let squares = u16::try_from(code.size).map_or(1.0, f32::from);
        let (x, y, side) = (LEFT, sheet.y, SIDE / squares);
        sheet.mark(Mark::Code { x, y, side, runs: code.runs() });
    }
    for line in lines {
        sheet.line(&line, x, width, SMALL);
        sheet.y += SMALL.leading;
    }
}

/// Title and number of the page at the foot of each.
fn numbers(pages: &mut [Page], paper: &Paper, fonts: &Fonts) {
    let all = pages.len();
    let number = paper.number.as_deref().unwrap_or(&paper.title);
    for (at, page) in pages.iter_mut().enumerate() {
        let text = format!("{number}　第 {} 页　共 {all} 页", at + 1);
        let width = fonts.regular.width(&text, SMALL.size);
        let x = LEFT + (LINE - width) / 2.0;
        let y = HEIGHT - 34.0;
        page.0.push(Mark::Text { x, y, size: SMALL.size, bold: false, text });
    }
}

/// The number of a page in its case file, at its outer corner.
pub(crate) fn file_number(page: &mut Page, number: usize, fonts: &Fonts) {
    let text = number.to_string();
    let x = RIGHT - fonts.regular.width(&text, BODY.size);
    page.0.push(Mark::Text { x, y: 40.0, size: BODY.size, bold: false, text });
}

/// The widths of columns by their shares.
pub(crate) fn widths(columns: &[Column]) -> Vec<f32> {
    let whole: u16 = columns.iter().map(|it| u16::from(it.share)).sum();
    let share = LINE / f32::from(whole.max(1));
    columns.iter().map(|it| f32::from(it.share) * share).collect()
}
