//! 更正文书: a supervisor corrects a paper that was issued.

use sync_core::act::Statement;
use sync_core::act::paper::PaperCorrected;
use sync_core::document::PaperRow;
use sync_core::id::FactId;

use crate::{Device, DeviceError, StreamId};

#[uniffi::export]
impl Device {
    /// A supervisor says what is wrong in an issued paper, as the list of papers gives it, and how it reads rightly. The
    /// server issues a new edition that names the one that it replaces.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn correct_paper(
        &self,
        stream: StreamId,
        row: PaperRow,
        correction: String,
        reason: String,
    ) -> Result<FactId, DeviceError> {
        let stream = stream.into();
        let (paper, fact, replaces) = (row.kind, row.fact, row.digest);
        let corrected = PaperCorrected { stream, paper, fact, replaces, correction, reason };
        self.with(|device| device.state(Statement::PaperCorrected(corrected)))
    }
}
