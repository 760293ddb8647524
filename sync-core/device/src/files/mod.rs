//! Where the bytes of photos lie: files in a folder, or rows of a database of their own where a platform
//! gives no folder. Either way a photo is there whole or not at all, and there when `keep` has returned.

mod folder;
mod packed;

use std::path::PathBuf;

use sync_core::Refusal;
use sync_core::id::BlobHash;

use crate::host::WriteGate;

pub(crate) use folder::{FOLDERS, Folder, read};
pub(crate) use packed::Packed;

/// One kept picture: its digest, and whether the small one is meant.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    pub(crate) hash: BlobHash,
    pub(crate) thumbnail: bool,
}

/// The bytes of photos.
pub(crate) trait Files: Send {
    /// Whether a picture is there.
    fn has(&self, name: Name) -> Result<bool, Refusal>;

    /// Keeps a picture so that it is there whole or not at all.
    fn keep(&mut self, name: Name, bytes: &[u8], writes: &WriteGate) -> Result<(), Refusal>;

    /// Reads `bytes` bytes from `offset`, fewer at the end.
    fn part(&self, name: Name, offset: u64, bytes: u64) -> Result<Vec<u8>, Refusal>;

    /// Where it lies as a file of the platform, if it does.
    fn path(&self, name: Name) -> Option<PathBuf>;
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use sync_core::id::Digest;

    use super::{Files, Folder, Name, Packed};
    use crate::host::WriteGate;

    type Open = fn(&Path) -> Box<dyn Files>;

    const STORES: [Open; 2] = [
        |place| Box::new(Folder::open(place).expect("a folder")),
        |place| Box::new(Packed::open(&place.join("pictures.db")).expect("a database")),
    ];

    /// A gate that lets so many writes pass.
    fn gate(passes: usize) -> WriteGate {
        let left = AtomicUsize::new(passes);
        let take = move |n: usize| n.checked_sub(1);
        Arc::new(move || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok())
    }

    #[test]
    fn a_picture_is_there_whole_or_not_at_all_wherever_a_device_dies() {
        let picture: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let name = Name { hash: Digest::of(&picture), thumbnail: false };
        for open in STORES {
            for passes in 0..4 {
                let place = tempfile::tempdir().expect("a folder");
                let stored = open(place.path()).keep(name, &picture, &gate(passes));
                let mut files = open(place.path());
                let there = files.has(name).expect("readable");
                assert!(there || stored.is_err(), "kept with {passes} writes is there");
                files.keep(name, &picture, &gate(9)).expect("the next start goes on");
                assert_eq!(files.part(name, 0, u64::MAX).expect("readable"), picture);
            }
        }
    }

    #[test]
    fn parts_are_cut_alike_in_files_and_rows() {
        let picture: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[1]).collect();
        let name = Name { hash: Digest::of(&picture), thumbnail: true };
        for open in STORES {
            let place = tempfile::tempdir().expect("a folder");
            let mut files = open(place.path());
            files.keep(name, &picture, &gate(9)).expect("kept");
            assert!(!files.has(Name { thumbnail: false, ..name }).expect("readable"));
            for (from, to) in [(0, 10), (70_000, 80_000), (99_990, 100_000)] {
                let part = files.part(name, from as u64, (to - from) as u64).expect("readable");
                assert_eq!(part, picture[from..to]);
            }
            assert_eq!(files.part(name, 99_000, 5_000).expect("readable").len(), 1_000);
            assert_eq!(files.part(name, 100_000, 5_000).expect("readable").len(), 0);
        }
    }
}
