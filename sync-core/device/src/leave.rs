//! Leaving a device to the next person.

use std::fs;
use std::io::{ErrorKind, Result as IoResult};
use std::path::Path;

use sync_core::{Code, Refusal};

use crate::Device;
use crate::files::FOLDERS;

/// Names of the store and of what SQLite puts beside it.
const STORE: [&str; 2] = ["device.db", "device.db-journal"];

impl Device {
    /// Removes everything of this person from the device's folder. Refused, with the device as it was, while
    /// something is unsent. The key stays with its key store.
    ///
    /// # Errors
    /// What [`Device::may_erase`] refuses, [`Code::DeviceStore`] when files cannot be removed.
    pub fn sign_out(self, folder: &Path) -> Result<(), (Option<Box<Self>>, Refusal)> {
        if let Err(refusal) = self.may_erase() {
            return Err((Some(Box::new(self)), refusal));
        }
        drop(self);
        erase(folder)
            .map_err(|error| (None, Refusal::new(Code::DeviceStore).detail(error.to_string())))
    }
}

/// The store is removed first: photos without it belong to nobody.
fn erase(folder: &Path) -> IoResult<()> {
    let gone = |done: IoResult<()>| match done {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    for name in STORE {
        gone(fs::remove_file(folder.join(name)))?;
    }
    for name in FOLDERS {
        gone(fs::remove_dir_all(folder.join(name)))?;
    }
    Ok(())
}
