//! A synchronisation that the app pulls along, one request at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use device::{ItemState, Progress};
use sync_core::id::BlobHash;

use crate::device::held;
use crate::host::carry;
use crate::{Device, DeviceError, SyncReport, Transport};

/// How many photos and bytes of this run are at the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct Tally {
    /// Files that waited when the run began.
    pub files: u32,
    /// How many of them are whole at the server.
    pub files_done: u32,
    /// Bytes that waited when the run began.
    pub bytes: u64,
    /// How many of them are at the server.
    pub bytes_done: u64,
}

/// What one request brought.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SyncStep {
    /// How far the files are.
    pub files: Tally,
    /// What the run did so far, and why it waits if it does.
    pub report: SyncReport,
    /// Whether the run has come to rest: everything is done, or it waits for the network or a person.
    pub done: bool,
}

/// A synchronisation under way. Whoever stops asking for the next step has stopped it: what was done
/// stays done, and another run goes on from there, in this process or the next.
#[derive(uniffi::Object)]
pub struct SyncRun {
    device: Arc<Device>,
    transport: Arc<dyn Transport>,
    run: Mutex<(device::SyncRun, Files)>,
}

impl std::fmt::Debug for SyncRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SyncRun")
    }
}

#[uniffi::export]
impl SyncRun {
    /// Sends the next request and keeps what the answer brought. The device can be used meanwhile.
    pub fn step(&self) -> Result<SyncStep, DeviceError> {
        let mut guard = held(&self.run);
        let (run, files) = &mut *guard;
        let request =
            self.device.inner().next_request(run, &mut |progress| files.hear(progress))?;
        let done = request.is_none();
        let answer = request.map(|request| carry(self.transport.as_ref(), request));
        answer.map_or(Ok(()), |answer| self.device.inner().take_answer(run, answer))?;
        Ok(SyncStep { files: files.tally(), report: run.report().into(), done })
    }
}

impl SyncRun {
    pub(crate) fn begin(
        device: Arc<Device>,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, DeviceError> {
        let (run, outbox) = {
            let mut inner = device.inner();
            (inner.begin_sync()?, inner.outbox()?)
        };
        let waiting = outbox.files.into_iter().filter(|file| file.state == ItemState::OnlyHere);
        let files = waiting
            .map(|file| (file.hash, Sent { from: file.sent, at: file.sent, of: file.bytes }));
        let run = Mutex::new((run, Files(files.collect())));
        Ok(Self { device, transport, run })
    }
}

/// How far each file was when the run began and is now.
struct Files(BTreeMap<BlobHash, Sent>);

struct Sent {
    from: u64,
    at: u64,
    of: u64,
}

impl Files {
    fn hear(&mut self, progress: &Progress) {
        if let Progress::Uploading { hash, sent, .. } = progress
            && let Some(file) = self.0.get_mut(hash)
        {
            file.at = *sent;
        }
    }

    fn tally(&self) -> Tally {
        let whole = self.0.values().filter(|file| file.at == file.of).count();
        Tally {
            files: u32::try_from(self.0.len()).unwrap_or(u32::MAX),
            files_done: u32::try_from(whole).unwrap_or(u32::MAX),
            bytes: self.0.values().map(|file| file.of.saturating_sub(file.from)).sum(),
            bytes_done: self.0.values().map(|file| file.at.saturating_sub(file.from)).sum(),
        }
    }
}
