//! Papers: one pure description of each, from a case and the reference data of its day. It is rendered as a page
//! ([`html`]) on phones and in browsers, and as PDF on the server: the same facts, the same words, the same digest.
//!
//! A paper stands alone. It names enterprise, organ, officers with their certificates, laws with their titles, dates.
//! What it is called, how its numbers begin and every sentence of law come from dated data
//! ([`crate::domain::papers`]); here are the fields and their order. [`list`] says which papers a case has.

mod casefile;
pub mod certificate;
mod clause;
mod correction;
mod deadline;
mod extension;
mod form;
mod further_term;
pub mod html;
pub mod list;
mod measure;
mod notice;
mod plan;
mod qr;
mod recheck;
mod record;
mod referral;
mod resumption;
mod service;
mod sources;
mod supervision;
mod visit_notice;

use minicbor::{Decode, Encode};

pub use casefile::{Filed, cover, index};
pub use clause::ClauseName;
pub use deadline::deadline_reasons;
pub use list::{PaperRow, is_replaced, is_withdrawn, paper, papers, series, with_number};
pub use measure::{MeasureInput, measure};
pub use notice::{Consequences, consequences, notice};
pub use qr::{QrCode, check_address, qr};
pub use sources::Sources;

use crate::domain::papers::PaperKind;
use crate::id::{BlobHash, Digest};
use crate::time::CivilDate;

/// One paper, as whoever signs it reads it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Paper {
    /// Which kind.
    #[n(0)]
    pub kind: PaperKind,
    /// Title.
    #[n(1)]
    pub title: String,
    /// Full name of the organ.
    #[n(2)]
    pub organ: String,
    /// Its number; with room for the serial where none is given yet, none for a paper without numbers.
    #[n(3)]
    pub number: Option<String>,
    /// Its parts, in order.
    #[n(4)]
    pub blocks: Vec<Block>,
    /// Its date; none where it is written by hand.
    #[n(5)]
    pub date: Option<CivilDate>,
    /// The photos that belong to it.
    #[n(6)]
    pub photos: Vec<PaperPhoto>,
    /// What no legal office has confirmed yet: printed, never in the way.
    #[n(7)]
    pub unverified: Vec<String>,
}

/// One part of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Block {
    /// A label with its value; room to write where the value is empty.
    #[n(0)]
    Field {
        /// Label.
        #[n(0)]
        label: String,
        /// Value.
        #[n(1)]
        value: String,
    },
    /// Running text, with a heading where it has one.
    #[n(1)]
    Text {
        /// Heading, may be empty.
        #[n(0)]
        heading: String,
        /// Its paragraphs.
        #[n(1)]
        paragraphs: Vec<String>,
    },
    /// A table.
    #[n(2)]
    Table {
        /// Heading, may be empty.
        #[n(0)]
        heading: String,
        /// Titles of its columns with their shares of the width.
        #[n(1)]
        columns: Vec<Column>,
        /// Its rows, each with as many cells as there are columns.
        #[n(2)]
        rows: Vec<Vec<String>>,
    },
    /// Who signs, or where.
    #[n(3)]
    Signatures {
        /// As what.
        #[n(0)]
        label: String,
        /// Who signed or has to.
        #[n(1)]
        signers: Vec<Signer>,
        /// Further places to sign by hand.
        #[n(2)]
        places: u8,
    },
    /// Where the seal goes, with the date of the paper.
    #[n(4)]
    Seal {
        /// Whose.
        #[n(0)]
        organ: String,
        /// The date; none where it is written by hand.
        #[n(1)]
        date: Option<CivilDate>,
    },
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Column {
    /// Title.
    #[n(0)]
    pub title: String,
    /// Its share of the width, against the others.
    #[n(1)]
    pub share: u8,
}

/// Somebody who signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Signer {
    /// Name.
    #[n(0)]
    pub name: String,
    /// Number of the certificate.
    #[n(1)]
    pub certificate: Option<String>,
    /// What else is said of the signature, such as a post, or why there is none.
    #[n(2)]
    pub remark: String,
    /// The day on which it was signed in the system; none where a hand has to sign.
    #[n(3)]
    pub on: Option<CivilDate>,
    /// The drawing, where it was signed on a screen.
    #[n(4)]
    pub drawing: Option<BlobHash>,
}

/// A photo of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PaperPhoto {
    /// Digest of the original.
    #[n(0)]
    pub blob: BlobHash,
    /// What it shows.
    #[n(1)]
    pub caption: String,
}

impl Block {
    /// Whether it is signed or sealed: what stands in a row of those stays together on a page.
    #[must_use]
    pub const fn is_signed(&self) -> bool {
        matches!(self, Self::Signatures { .. } | Self::Seal { .. })
    }
}

impl Paper {
    /// The bytes that a signature of the paper would bind: deterministic CBOR.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        crate::cbor::to_vec(self)
    }

    /// What names the paper: the digest of its canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.canonical())
    }

    /// Every text of it that a person reads, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![self.organ.as_str(), self.title.as_str()];
        texts.extend(self.number.as_deref());
        for block in &self.blocks {
            match block {
                Block::Field { label, value } => texts.extend([label.as_str(), value]),
                Block::Text { heading, paragraphs } => {
                    texts.push(heading);
                    texts.extend(paragraphs.iter().map(String::as_str));
                }
                Block::Table { heading, columns, rows } => {
                    texts.push(heading);
                    texts.extend(columns.iter().map(|it| it.title.as_str()));
                    texts.extend(rows.iter().flatten().map(String::as_str));
                }
                Block::Signatures { label, signers, .. } => {
                    texts.push(label);
                    for signer in signers {
                        texts.extend([signer.name.as_str(), &signer.remark]);
                        texts.extend(signer.certificate.as_deref());
                    }
                }
                Block::Seal { organ, .. } => texts.push(organ),
            }
        }
        texts.extend(self.photos.iter().map(|it| it.caption.as_str()));
        texts.extend(self.unverified.iter().map(String::as_str));
        texts.retain(|it| !it.is_empty());
        texts
    }

    /// Every picture that is shown with it: photos, then drawings of signatures.
    #[must_use]
    pub fn pictures(&self) -> Vec<BlobHash> {
        let drawings = self.blocks.iter().flat_map(|block| match block {
            Block::Signatures { signers, .. } => signers.as_slice(),
            _ => &[],
        });
        let drawings = drawings.filter_map(|signer| signer.drawing);
        self.photos.iter().map(|it| it.blob).chain(drawings).collect()
    }
}
