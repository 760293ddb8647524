//! What a lawyer found missing or untrue in papers, each held by a test.

mod ends;
mod forms;
mod known;
mod listing;
mod major;
mod orders;
mod page;
mod people;
mod referral;
mod service;
mod texts;

use sync_core::document::{Block, Paper, Signer, Sources};
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::papers::PaperKind;
use sync_core::testing::world::World;

use crate::made;

/// The last paper of a kind that a case gives.
fn last(world: &World, kind: PaperKind, catalogue: &Catalogue) -> Paper {
    let mut all = made(&world.case, &Sources::new(catalogue)).into_iter();
    all.rfind(|it| it.kind == kind).unwrap()
}

fn text(paper: &Paper) -> String {
    paper.texts().join("\n")
}

fn field<'p>(paper: &'p Paper, wanted: &str) -> Option<&'p str> {
    paper.blocks.iter().find_map(|it| match it {
        Block::Field { label, value } => (label == wanted).then_some(value.as_str()),
        _ => None,
    })
}

fn rows(paper: &Paper, wanted: &str) -> Option<Vec<String>> {
    paper.blocks.iter().find_map(|it| match it {
        Block::Table { heading, rows, .. } if heading == wanted => {
            Some(rows.iter().map(|row| row.join("|")).collect())
        }
        _ => None,
    })
}

fn signers<'p>(paper: &'p Paper, wanted: &str) -> Option<&'p [Signer]> {
    paper.blocks.iter().find_map(|it| match it {
        Block::Signatures { label, signers, .. } => (label == wanted).then_some(signers.as_slice()),
        _ => None,
    })
}

fn names(signers: &[Signer]) -> Vec<&str> {
    signers.iter().map(|it| it.name.as_str()).collect()
}
