//! The fonts and how wide their letters are.

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use sync_core::document::certificate;

use crate::TypesetError;

const REGULAR: &[u8] = include_bytes!(concat!(env!("ZHICHA_FONTS"), "/NotoSansHans-Regular.otf"));
const BOLD: &[u8] = include_bytes!(concat!(env!("ZHICHA_FONTS"), "/NotoSansHans-Bold.otf"));

/// What stands for a letter that the font does not have.
const MISSING: char = '〓';

/// The fonts of papers, part of the program.
pub struct Fonts {
    pub(crate) regular: Face,
    pub(crate) bold: Face,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").finish_non_exhaustive()
    }
}

impl Fonts {
    /// The fonts that are part of the program.
    ///
    /// # Errors
    /// [`TypesetError::Fonts`] if they are no fonts.
    pub fn built_in() -> Result<Self, TypesetError> {
        Ok(Self { regular: Face::read(REGULAR)?, bold: Face::read(BOLD)? })
    }

    pub(crate) const fn face(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

/// One font.
pub(crate) struct Face {
    pub(crate) font: Font,
    letters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    em: f32,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Result<Self, TypesetError> {
        let font = Font::new(bytes.into(), 0).ok_or(TypesetError::Fonts)?;
        let face = FontRef::new(bytes).map_err(|_| TypesetError::Fonts)?;
        let widths = face.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em = font.units_per_em();
        Ok(Self { font, letters: face.charmap(), widths, em })
    }

    /// The glyph of a letter and its width in parts of the size.
    pub(crate) fn glyph(&self, letter: char) -> (GlyphId, f32) {
        let known = self.letters.map(letter).or_else(|| self.letters.map(MISSING));
        let glyph = known.unwrap_or(GlyphId::NOTDEF);
        (glyph, self.widths.advance_width(glyph).unwrap_or(self.em) / self.em)
    }

    /// The width of a text at a size.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.glyph(letter).1).sum::<f32>() * size
    }

    /// A text in lines that are no wider than `width`, broken where Unicode allows it and not within the number of a
    /// certificate.
    pub(crate) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut from = 0;
        let numbers = certificate::numbers(text);
        for (to, opportunity) in unicode_linebreak::linebreaks(text) {
            if numbers.iter().any(|it| it.start < to && to < it.end) {
                continue;
            }
            let piece = text.get(from..to).unwrap_or_default();
            from = to;
            let ends = piece.ends_with('\n');
            self.put(piece.trim_end_matches('\n'), size, width, &mut lines);
            let last = to == text.len();
            if ends && !last && opportunity == unicode_linebreak::BreakOpportunity::Mandatory {
                lines.push(String::new());
            }
        }
        lines
    }

    /// Puts a piece that should not be broken behind the last line, or on lines of its own.
    fn put(&self, piece: &str, size: f32, width: f32, lines: &mut Vec<String>) {
        let fits = |line: &str| self.width(line.trim_end(), size) <= width;
        let Some(last) = lines.last_mut() else { return };
        let joined = format!("{last}{piece}");
        if fits(&joined) {
            *last = joined;
            return;
        }
        if !last.is_empty() {
            lines.push(String::new());
        }
        if fits(piece) {
            if let Some(last) = lines.last_mut() {
                last.push_str(piece);
            }
            return;
        }
        // A word that is wider than the line, such as a digest.
        for letter in piece.chars() {
            let Some(last) = lines.last_mut() else { return };
            if last.is_empty() || fits(&format!("{last}{letter}")) {
                last.push(letter);
            } else {
                lines.push(letter.to_string());
            }
        }
    }
}
