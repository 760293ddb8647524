//! Papers as this device knows them: a list, and each as a page that can be shown and printed without a network.

use std::cell::Cell;

use serde::Serialize;
use sync_core::act::{paper, state};
use sync_core::case::act::Context;
use sync_core::case::offer::{Offer, Value};
use sync_core::case::{About, Case};
use sync_core::cbor;
use sync_core::document::{self, Paper, PaperRow, Sources, html};
use sync_core::domain::account::Role;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{BlobHash, Digest, FactId};
use sync_core::ledger::stream::StreamId;
use sync_core::rules::gates;
use sync_core::{Code, Refusal};

use crate::Device;
use crate::files::Name;

/// A paper as a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaperPage {
    /// Digest of its canonical bytes.
    pub digest: Digest,
    /// The page, which needs nothing else.
    pub html: String,
    /// Digest of the paper as the server issued it; none while something may still be added to it. A page with another
    /// digest is not word for word what was issued.
    pub issued: Option<Digest>,
    /// What this person may state about it now.
    pub offers: Vec<Offer>,
}

/// Bytes of pictures in one page; beyond it captions and digests stand alone.
const PICTURES: u64 = 8 * 1024 * 1024;

impl Device {
    /// The papers of a stream's case that this person may have.
    ///
    /// # Errors
    /// `newer_app_needed` or `record_damaged` for a case of which nothing is said, otherwise the code of the store when it
    /// cannot be read.
    pub fn papers(&self, stream: &StreamId) -> Result<Vec<PaperRow>, Refusal> {
        let case = self.whole(stream)?;
        let rows = document::papers(&case, &Sources::new(self.catalogue()));
        Ok(rows.into_iter().filter(|row| self.may_have(row.kind)).collect())
    }

    /// One paper as a page for A4, or for a roll of 80 mm. `server` is the address at which everybody reaches the server:
    /// with it the page has a code by which it is checked.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a paper that is not known here, otherwise as [`Device::papers`].
    pub fn paper(
        &self,
        stream: &StreamId,
        kind: PaperKind,
        fact: FactId,
        narrow: bool,
        server: Option<&str>,
    ) -> Result<PaperPage, Refusal> {
        let case = self.whole(stream)?;
        let paper = document::paper(&case, kind, fact, &Sources::new(self.catalogue()));
        let paper = paper.filter(|_| self.may_have(kind)).ok_or(Refusal::new(Code::NotFound))?;
        let standing = case.editions((kind, fact)).last().map(|it| it.digest);
        let issued = standing.filter(|it| !document::is_replaced(&case, (kind, fact), *it));
        self.page((&case, stream), (&paper, fact, issued), narrow, server)
    }

    /// An edition of a paper word for word, from its canonical bytes as the server keeps them.
    ///
    /// # Errors
    /// [`Code::Malformed`] for other bytes, [`Code::PaperUnknown`] for what was never issued in the stream's case as far
    /// as it is known here, otherwise as [`Device::papers`].
    pub fn paper_as_issued(
        &self,
        stream: &StreamId,
        fact: FactId,
        canonical: &[u8],
        narrow: bool,
        server: Option<&str>,
    ) -> Result<PaperPage, Refusal> {
        let case = self.whole(stream)?;
        let paper: Paper = cbor::from_slice(canonical)?;
        let digest = Digest::of(canonical);
        let issued = case.editions((paper.kind, fact)).iter().any(|it| it.digest == digest);
        if !issued || !self.may_have(paper.kind) {
            return Err(Refusal::new(Code::PaperUnknown));
        }
        self.page((&case, stream), (&paper, fact, Some(digest)), narrow, server)
    }

    fn page(
        &self,
        (case, stream): (&Case, &StreamId),
        (paper, fact, issued): (&Paper, FactId, Option<Digest>),
        narrow: bool,
        server: Option<&str>,
    ) -> Result<PaperPage, Refusal> {
        let left = Cell::new(PICTURES);
        let picture = |hash| self.picture_for_page(hash, &left);
        let sheet = if narrow { html::Sheet::Roll80 } else { html::Sheet::A4 };
        let html = html::page(paper, &html::Extras { sheet, server, picture: &picture });
        let context = Context::new(self.person()?, self.now()?, (&self.catalogue).into());
        let place = paper::stream_of(case, (paper.kind, fact)).unwrap_or(*stream);
        let mut offers = gates::offers(case, About::stream(place), &context);
        let replaces = issued.map(|it| Value::Word(it.to_string()));
        offers
            .retain(|it| it.given.get("replaces").is_some_and(|it| Some(it) == replaces.as_ref()));
        Ok(PaperPage { digest: paper.digest(), html, issued, offers })
    }

    fn whole(&self, stream: &StreamId) -> Result<Case, Refusal> {
        let case = self.case(stream)?;
        state::require_known(&case)?;
        Ok(case)
    }

    fn may_have(&self, kind: PaperKind) -> bool {
        let outside = self.person().is_ok_and(|person| person.role == Role::Enterprise);
        !outside || !kind.is_internal()
    }

    /// The small picture where it is here, else the original, as long as there is room.
    fn picture_for_page(&self, hash: BlobHash, left: &Cell<u64>) -> Option<Vec<u8>> {
        let read = |thumbnail| {
            let name = Name { hash, thumbnail };
            let bytes = self.files.part(name, 0, left.get() + 1).ok()?;
            let fits = !bytes.is_empty() && bytes.len() as u64 <= left.get();
            fits.then_some(bytes)
        };
        let bytes = read(true).or_else(|| read(false))?;
        left.set(left.get() - bytes.len() as u64);
        Some(bytes)
    }
}
