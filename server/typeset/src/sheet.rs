//! Pages as they are filled: what stands where, and when a new one begins.

use crate::face::Fonts;

/// A4 in points.
pub(crate) const WIDTH: f32 = 595.28;
/// A4 in points.
pub(crate) const HEIGHT: f32 = 841.89;
/// Where lines begin: the side on which a file is bound is wider.
pub(crate) const LEFT: f32 = 71.0;
/// Where lines end.
pub(crate) const RIGHT: f32 = WIDTH - 57.0;
const TOP: f32 = 62.0;
const BOTTOM: f32 = HEIGHT - 62.0;
/// The width of a line.
pub(crate) const LINE: f32 = RIGHT - LEFT;

/// Something that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    /// A line of text by the left end of its base line.
    Text { x: f32, y: f32, size: f32, bold: bool, text: String },
    /// A straight line.
    Rule { from: (f32, f32), to: (f32, f32), width: f32 },
    /// Dark squares of a code: where it stands, the side of a square, its runs.
    Code { x: f32, y: f32, side: f32, runs: Vec<(usize, usize, usize)> },
    /// A picture within a frame.
    Picture { x: f32, y: f32, width: f32, height: f32, bytes: Vec<u8> },
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page(pub(crate) Vec<Mark>);

/// Where text stands within its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) leading: f32,
    pub(crate) bold: bool,
    pub(crate) align: Align,
}

impl Style {
    pub(crate) const fn new(size: f32, leading: f32) -> Self {
        Self { size, leading, bold: false, align: Align::Left }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

/// Pages that are being filled from top to bottom.
pub(crate) struct Sheet<'f> {
    pub(crate) fonts: &'f Fonts,
    pages: Vec<Page>,
    /// Where the next line begins.
    pub(crate) y: f32,
}

impl<'f> Sheet<'f> {
    pub(crate) fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, pages: vec![Page::default()], y: TOP }
    }

    /// The pages that were filled.
    pub(crate) fn finish(self) -> Vec<Page> {
        self.pages
    }

    /// What is left of the page.
    pub(crate) fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Begins a new page unless so much is left; says whether it did.
    pub(crate) fn room(&mut self, height: f32) -> bool {
        let begins = self.left() < height && self.y > TOP;
        if begins {
            self.pages.push(Page::default());
            self.y = TOP;
        }
        begins
    }

    pub(crate) fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.0.push(mark);
        }
    }

    pub(crate) fn rule(&mut self, from: (f32, f32), to: (f32, f32), width: f32) {
        self.mark(Mark::Rule { from, to, width });
    }

    /// One line of text between `x` and `x + width`, at the present height.
    pub(crate) fn line(&mut self, text: &str, x: f32, width: f32, style: Style) {
        let Style { size, leading, bold, align } = style;
        let own = self.fonts.face(bold).width(text, size);
        let x = match align {
            Align::Left => x,
            Align::Center => x + (width - own) / 2.0,
            Align::Right => x + width - own,
        };
        // The base line stands so that letters are in the middle of their line.
        let y = self.y + f32::midpoint(leading, size * 0.76);
        self.mark(Mark::Text { x, y, size, bold, text: text.to_owned() });
    }

    /// Running text over the whole width, on as many pages as it takes.
    pub(crate) fn text(&mut self, text: &str, style: Style) {
        for line in self.fonts.face(style.bold).lines(text, style.size, LINE) {
            self.room(style.leading);
            self.line(&line, LEFT, LINE, style);
            self.y += style.leading;
        }
    }
}
