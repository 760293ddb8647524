//! Papers as they were given to people: what the server issued word for word, and what a supervisor corrected since.

mod correct_paper;
mod due;
mod issue_papers;
mod names;

pub use correct_paper::PaperCorrected;
pub use due::{look_again, owed};
pub use issue_papers::{IssuedPaper, PapersIssued};
pub use names::{PaperName, names, opinion, stream_of};

use crate::case::{About, Case, Of};
use crate::domain::notice::DocumentNumber;
use crate::id::{DepartmentId, Digest};
use crate::ledger::stream::StreamId;
use crate::time::Timestamp;

/// One edition of a paper, as the server issued it. Its number is its place among the editions, from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaperEdition {
    /// Digest of its canonical bytes.
    pub digest: Digest,
    /// When it was issued.
    pub at: Timestamp,
}

impl Case {
    /// The editions of a paper, in the order in which they were issued: the last one stands.
    #[must_use]
    pub fn editions(&self, name: PaperName) -> Vec<PaperEdition> {
        let Some(stream) = stream_of(self, name) else { return Vec::new() };
        let issued = self.all::<PapersIssued>(About::stream(stream)).flat_map(|it| {
            let of_name = it.body.papers.iter().filter(move |paper| paper.name() == name);
            of_name.map(move |paper| PaperEdition { digest: paper.digest, at: it.at })
        });
        issued.collect()
    }

    /// The number that the server gave a paper when it issued it.
    #[must_use]
    pub fn paper_number(&self, name: PaperName) -> Option<&DocumentNumber> {
        let stream = stream_of(self, name)?;
        let mut issued =
            self.all::<PapersIssued>(About::stream(stream)).flat_map(|it| &it.body.papers);
        issued.find_map(|it| it.number.as_ref().filter(|_| it.name() == name))
    }

    /// The department whose papers stand in a stream.
    #[must_use]
    pub fn organ_of(&self, stream: StreamId) -> Option<&DepartmentId> {
        match stream.as_notice() {
            Some(notice) => self.notice(notice).map(|it| &it.body.department),
            None => {
                self.plan().filter(|it| it.about.stream == stream).map(|it| &it.body.department)
            }
        }
    }

    /// What was corrected of a paper, in the order in which it was: one correction for each edition at the most.
    pub fn corrections(
        &self,
        stream: StreamId,
        name: PaperName,
    ) -> impl DoubleEndedIterator<Item = Of<'_, PaperCorrected>> {
        self.all::<PaperCorrected>(About::stream(stream)).filter(move |it| it.body.name() == name)
    }
}
