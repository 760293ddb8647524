//! Papers as PDF: the same paper gives the same bytes, with no clock, no chance and no font of the machine in them.
//!
//! [`pdf`] lays out any number of papers one behind the other (`layout`) and draws what was laid out (`draw`).

mod draw;
mod face;
mod layout;
mod sheet;
mod table;

use sync_core::document::Paper;
use sync_core::id::BlobHash;

pub use face::Fonts;

/// Why a paper could not be set.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// The fonts cannot be read.
    #[error("the fonts cannot be read")]
    Fonts,
    /// The PDF cannot be written.
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}

/// What a PDF needs besides its papers.
pub struct Extras<'a> {
    /// Address of the server at which papers can be checked; without one they show their digest alone.
    pub server: Option<&'a str>,
    /// The bytes of a picture as JPEG or PNG, where they are at hand.
    pub picture: &'a dyn Fn(BlobHash) -> Option<Vec<u8>>,
}

impl std::fmt::Debug for Extras<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Extras").field("server", &self.server).finish_non_exhaustive()
    }
}

/// How many pages a paper takes.
#[must_use]
pub fn pages(paper: &Paper, fonts: &Fonts, extras: &Extras<'_>) -> usize {
    layout::pages(paper, fonts, extras).len()
}

/// Papers as one PDF, each from a page of its own.
///
/// # Errors
/// [`TypesetError::Pdf`] when a picture or font cannot be put in.
pub fn pdf(papers: &[Paper], fonts: &Fonts, extras: &Extras<'_>) -> Result<Vec<u8>, TypesetError> {
    let title = papers.first().map(|it| it.title.clone()).unwrap_or_default();
    let pages: Vec<_> =
        papers.iter().flat_map(|paper| layout::pages(paper, fonts, extras)).collect();
    draw::document(&title, &pages, fonts)
}

/// Papers as one PDF behind cover and index: the pages of the papers are numbered through, as the index says.
///
/// # Errors
/// As [`pdf`].
pub fn case_file(
    front: &[Paper],
    papers: &[Paper],
    fonts: &Fonts,
    extras: &Extras<'_>,
) -> Result<Vec<u8>, TypesetError> {
    let title = front.first().map(|it| it.title.clone()).unwrap_or_default();
    let laid = |papers: &[Paper]| -> Vec<_> {
        papers.iter().flat_map(|paper| layout::pages(paper, fonts, extras)).collect()
    };
    let mut filed = laid(papers);
    for (at, page) in filed.iter_mut().enumerate() {
        layout::file_number(page, at + 1, fonts);
    }
    draw::document(&title, &[laid(front), filed].concat(), fonts)
}
