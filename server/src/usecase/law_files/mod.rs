//! Files of law data in YAML or JSON: documents, texts, criteria, penalties, default terms, checklists, calendars, forms of
//! papers, organs, rules of counting, competence, procedures. They are taken as a whole or not at all; each fault names
//! file, line, reason and what to do.

mod merge;
mod read;
mod tree;

use std::path::PathBuf;

use sync_core::domain::catalogue::Catalogue;

pub use read::{Article, FileFault};

/// The catalogue with what the files hold.
///
/// # Errors
/// Every fault of every file; then nothing of them is taken.
pub fn taken(before: &Catalogue, paths: &[PathBuf]) -> Result<Catalogue, Vec<FileFault>> {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        match read::file(path) {
            Ok(file) => files.push(file),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    merge::merged(before, &files)
}
