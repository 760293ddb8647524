//! A paper as one page of HTML that needs nothing else: it prints on A4 or on the roll of a portable printer.

use std::fmt::Write as _;

use super::{Block, Column, Paper, Signer, certificate, check_address, qr};
use crate::id::BlobHash;
use crate::time::CivilDate;

/// What it is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// A4.
    A4,
    /// A roll of 80 mm.
    Roll80,
}

/// What a page needs besides the paper.
pub struct Extras<'a> {
    /// What it is printed on.
    pub sheet: Sheet,
    /// Address of the server at which it can be checked; without one the page shows the digest alone.
    pub server: Option<&'a str>,
    /// The bytes of a picture, where they are here.
    pub picture: &'a dyn Fn(BlobHash) -> Option<Vec<u8>>,
}

impl std::fmt::Debug for Extras<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sheet, server, .. } = self;
        f.debug_struct("Extras")
            .field("sheet", sheet)
            .field("server", server)
            .finish_non_exhaustive()
    }
}

/// What every page has.
const STYLE: &str = include_str!("html.css");
const A4: &str = "@page{size:A4;margin:22mm 20mm 20mm 24mm}";
const ROLL: &str = "@page{size:80mm auto;margin:3mm}";

/// The page.
#[must_use]
pub fn page(paper: &Paper, extras: &Extras<'_>) -> String {
    let (size, class) = match extras.sheet {
        Sheet::A4 => (A4, "a4"),
        Sheet::Roll80 => (ROLL, "roll"),
    };
    let mut out = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{}</title><style>{STYLE}{size}</style></head><body><main class=\"{class}\">",
        escaped(&paper.title)
    );
    tag(&mut out, "p", "organ", &paper.organ);
    tag(&mut out, "h1", "", &paper.title);
    if let Some(number) = &paper.number {
        tag(&mut out, "p", "number", number);
    }
    for run in paper.blocks.chunk_by(|one, next| one.is_signed() && next.is_signed()) {
        let together = run.iter().all(Block::is_signed);
        out.push_str(if together { "<section class=\"signing\">" } else { "" });
        for block in run {
            self::block(&mut out, block, extras);
        }
        out.push_str(if together { "</section>" } else { "" });
    }
    photos(&mut out, paper, extras);
    foot(&mut out, paper, extras);
    out.push_str("</main></body></html>");
    out
}

fn block(out: &mut String, block: &Block, extras: &Extras<'_>) {
    match block {
        Block::Field { label, value } => {
            out.push_str("<dl><dt>");
            out.push_str(&escaped(label));
            out.push_str("</dt><dd>");
            whole_numbers(out, value);
            out.push_str("</dd></dl>");
        }
        Block::Text { heading, paragraphs } => {
            heading_of(out, heading);
            for text in paragraphs {
                tag(out, "p", "text", text);
            }
        }
        Block::Table { heading, columns, rows } => {
            heading_of(out, heading);
            table(out, columns, rows);
        }
        Block::Signatures { label, signers, places } => {
            out.push_str("<section class=\"signatures\">");
            tag(out, "span", "label", &format!("{label}："));
            for it in signers {
                signer(out, it, extras);
            }
            (0..*places).for_each(|_| tag(out, "span", "place", "　　　　　　年　月　日"));
            out.push_str("</section>");
        }
        Block::Seal { organ, date } => {
            out.push_str("<section class=\"seal\">");
            tag(out, "p", "", &format!("{organ}（印章）"));
            let date = date.map_or_else(|| "　　年　月　日".to_owned(), CivilDate::in_words);
            tag(out, "p", "", &date);
            out.push_str("</section>");
        }
    }
}

/// On the roll a row is a list of its cells, each under its title.
fn table(out: &mut String, columns: &[Column], rows: &[Vec<String>]) {
    let whole: u32 = columns.iter().map(|it| u32::from(it.share)).sum();
    out.push_str("<table><colgroup>");
    for column in columns {
        let percent = u32::from(column.share) * 100 / whole.max(1);
        let _ = write!(out, "<col width=\"{percent}%\">");
    }
    out.push_str("</colgroup><thead><tr>");
    for it in columns {
        tag(out, "th", "", &it.title);
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (cell, column) in row.iter().zip(columns) {
            let _ =
                write!(out, "<td data-title=\"{}\">{}</td>", escaped(&column.title), escaped(cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn signer(out: &mut String, signer: &Signer, extras: &Extras<'_>) {
    out.push_str("<span class=\"signer\">");
    out.push_str(&escaped(&signer.name));
    if let Some(certificate) = &signer.certificate {
        tag(out, "span", "certificate", &certificate::number(certificate));
    }
    if !signer.remark.is_empty() {
        let _ = write!(out, "　{}", escaped(&signer.remark));
    }
    if let Some(drawing) = signer.drawing.and_then(|it| picture(it, extras)) {
        let _ = write!(out, "<img class=\"drawing\" alt=\"签名\" src=\"{drawing}\">");
    }
    match signer.on {
        Some(on) => tag(out, "span", "signed", &format!("　已签名　{}", on.in_words())),
        None => tag(out, "span", "place", "　　　　　　年　月　日"),
    }
    out.push_str("</span>");
}

fn photos(out: &mut String, paper: &Paper, extras: &Extras<'_>) {
    if paper.photos.is_empty() {
        return;
    }
    heading_of(out, "照片");
    out.push_str("<section class=\"photos\">");
    for photo in &paper.photos {
        out.push_str("<figure>");
        if let Some(picture) = picture(photo.blob, extras) {
            let _ = write!(out, "<img alt=\"{}\" src=\"{picture}\">", escaped(&photo.caption));
        }
        out.push_str("<figcaption>");
        out.push_str(&escaped(&photo.caption));
        tag(out, "code", "", &photo.blob.to_string());
        out.push_str("</figcaption></figure>");
    }
    out.push_str("</section>");
}

fn foot(out: &mut String, paper: &Paper, extras: &Extras<'_>) {
    let digest = paper.digest();
    out.push_str("<footer>");
    if let Some(server) = extras.server {
        code(out, &check_address(server, digest));
    }
    out.push_str("<div>");
    if !paper.unverified.is_empty() {
        let list = paper.unverified.join("；");
        tag(out, "p", "unverified", &format!("以下内容尚待法制机构核实：{list}。"));
    }
    if extras.server.is_some() {
        tag(out, "p", "", "扫码核验本文书的真伪。");
    }
    tag(out, "p", "", "校验码：");
    tag(out, "code", "", &digest.to_string());
    out.push_str("</div></footer>");
}

fn code(out: &mut String, text: &str) {
    let Some(code) = qr(text) else { return };
    let side = code.size + 8;
    let _ = write!(
        out,
        "<svg class=\"code\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"核验二维码\" \
         shape-rendering=\"crispEdges\"><path d=\""
    );
    for (row, column, length) in code.runs() {
        let _ = write!(out, "M{} {}h{length}v1h-{length}z", column + 4, row + 4);
    }
    out.push_str("\"/></svg>");
}

fn picture(blob: BlobHash, extras: &Extras<'_>) -> Option<String> {
    let bytes = (extras.picture)(blob)?;
    let media = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    Some(format!("data:{media};base64,{}", data_encoding::BASE64.encode(&bytes)))
}

/// A text in which the numbers of certificates are not broken.
fn whole_numbers(out: &mut String, text: &str) {
    let mut written = 0;
    for number in certificate::numbers(text) {
        out.push_str(&escaped(text.get(written..number.start).unwrap_or_default()));
        tag(out, "span", "certificate", text.get(number.clone()).unwrap_or_default());
        written = number.end;
    }
    out.push_str(&escaped(text.get(written..).unwrap_or_default()));
}

fn heading_of(out: &mut String, heading: &str) {
    if !heading.is_empty() {
        tag(out, "h2", "", heading);
    }
}

fn tag(out: &mut String, name: &str, class: &str, text: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = write!(out, "<{name}{class}>{}</{name}>", escaped(text));
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
