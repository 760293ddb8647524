//! Draws pages that were laid out.

use krilla::Document;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use crate::TypesetError;
use crate::face::{Face, Fonts};
use crate::sheet::{HEIGHT, Mark, Page, WIDTH};

/// A PDF of these pages.
pub(crate) fn document(
    title: &str,
    pages: &[Page],
    fonts: &Fonts,
) -> Result<Vec<u8>, TypesetError> {
    let mut document = Document::new();
    let about = Metadata::new().title(title.to_owned()).language("zh-CN".to_owned());
    document.set_metadata(about.creator("Zhicha".to_owned()));
    for page in pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT);
        let size = size.ok_or_else(|| TypesetError::Pdf("no page of this size".to_owned()))?;
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        for mark in &page.0 {
            self::mark(&mut surface, mark, fonts);
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| TypesetError::Pdf(format!("{error:?}")))
}

fn mark(surface: &mut Surface<'_>, mark: &Mark, fonts: &Fonts) {
    match mark {
        Mark::Text { x, y, size, bold, text } => {
            letters(surface, fonts.face(*bold), (*x, *y), *size, text);
        }
        Mark::Rule { from, to, width } => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { width: *width, ..Stroke::default() }));
            if let Some(path) = line(*from, *to) {
                surface.draw_path(&path);
            }
            surface.set_stroke(None);
            surface.set_fill(Some(Fill::default()));
        }
        Mark::Code { x, y, side, runs } => {
            surface.set_fill(Some(Fill::default()));
            if let Some(path) = squares((*x, *y), *side, runs) {
                surface.draw_path(&path);
            }
        }
        Mark::Picture { x, y, width, height, bytes } => {
            picture(surface, (*x, *y), (*width, *height), bytes);
        }
    }
}

fn letters(surface: &mut Surface<'_>, face: &Face, (x, y): (f32, f32), size: f32, text: &str) {
    let glyphs: Vec<KrillaGlyph> = text
        .char_indices()
        .map(|(at, letter)| {
            let (glyph, width) = face.glyph(letter);
            let range = at..at + letter.len_utf8();
            KrillaGlyph::new(GlyphId::new(glyph.to_u32()), width, 0.0, 0.0, 0.0, range, None)
        })
        .collect();
    if glyphs.is_empty() {
        return;
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
    surface.draw_glyphs(Point::from_xy(x, y), &glyphs, face.font.clone(), text, size, false);
}

fn line(from: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    path.finish()
}

fn squares((x, y): (f32, f32), side: f32, runs: &[(usize, usize, usize)]) -> Option<Path> {
    let length = |squares: usize| u16::try_from(squares).map_or(0.0, f32::from) * side;
    let mut path = PathBuilder::new();
    for (row, column, run) in runs {
        let (left, top) = (x + length(*column), y + length(*row));
        path.push_rect(Rect::from_xywh(left, top, length(*run), side)?);
    }
    path.finish()
}

/// A picture in the middle of its frame; bytes that are no picture leave it empty.
fn picture(surface: &mut Surface<'_>, (x, y): (f32, f32), frame: (f32, f32), bytes: &[u8]) {
    let image = if bytes.starts_with(b"\x89PNG") {
        Image::from_png(bytes.to_vec().into(), true)
    } else {
        Image::from_jpeg(bytes.to_vec().into(), true)
    };
    let Ok(image) = image else { return };
    let (wide, tall) = image.size();
    let side = |pixels: u32| u16::try_from(pixels).map_or(f32::from(u16::MAX), f32::from);
    let (wide, tall) = (side(wide).max(1.0), side(tall).max(1.0));
    let scale = (frame.0 / wide).min(frame.1 / tall);
    let (width, height) = (wide * scale, tall * scale);
    let Some(size) = Size::from_wh(width, height) else { return };
    let (dx, dy) = (x + (frame.0 - width) / 2.0, y + (frame.1 - height) / 2.0);
    surface.push_transform(&Transform::from_translate(dx, dy));
    surface.draw_image(image, size);
    surface.pop();
}
