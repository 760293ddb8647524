//! Several requests in a row that the app sends itself: signing in, enrolling, a synchronisation.
//!
//! The device is not locked while a request is on the network and nothing calls into the app. An app that stops
//! asking for the next request has cancelled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use device::{ItemState, Progress, TransportLost};
use sync_core::id::BlobHash;

use crate::device::held;
use crate::{Device, DeviceError, HttpAnswer, HttpCall, SyncReport};

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

/// How far a synchronisation is.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct SyncStep {
    /// How far the files are.
    pub files: Tally,
    /// What the run did so far, and why it waits if it does.
    pub report: SyncReport,
    /// Whether the run has come to rest: everything is done, or it waits for the network or a person.
    pub done: bool,
}

/// Requests in a row, one after the other. What was done stays done; a synchronisation that was left is gone on with
/// by the next one, in this process or another.
#[derive(uniffi::Object)]
pub struct Requests {
    device: Arc<Device>,
    kind: Mutex<Kind>,
}

enum Kind {
    Sync(Box<Run>),
    Conversation(device::Conversation),
}

struct Run {
    sync: device::Synchronisation,
    files: Files,
    done: bool,
}

impl std::fmt::Debug for Requests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Requests")
    }
}

#[uniffi::export]
impl Requests {
    /// The next request; none when all is done. Asked again without an answer in between, the request before counts
    /// as lost.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] when the key store has to be unlocked,
    /// the reason of a store that cannot be read or written.
    pub fn next_request(&self) -> Result<Option<HttpCall>, DeviceError> {
        let mut kind = held(&self.kind);
        let request = self.device.with(|device| match &mut *kind {
            Kind::Sync(it) => {
                let Run { sync, files, done } = it.as_mut();
                let request = device.next_request(sync, &mut |progress| files.follow(progress))?;
                *done = request.is_none();
                Ok(request)
            }
            Kind::Conversation(conversation) => device.conversation_request(conversation),
        })?;
        Ok(request.map(HttpCall::from))
    }

    /// Takes the answer to the last request, whatever its status.
    ///
    /// # Errors
    /// The refusal that the server sent to a sign-in, an enrolment or a question, `network_foreign` for an answer that
    /// is not its own, the reason of a store that cannot be written.
    pub fn take_answer(&self, answer: HttpAnswer) -> Result<(), DeviceError> {
        let HttpAnswer { status, body } = answer;
        self.answered(Ok(device::HttpResponse { status, body }))
    }

    /// No answer came: the request may or may not have arrived. `detail` is what the platform said.
    ///
    /// # Errors
    /// [`DeviceError::NetworkLost`] for anything but a synchronisation, which goes on by itself;
    /// [`DeviceError::Closed`] after [`Device::shut`].
    pub fn no_answer(&self, detail: String) -> Result<(), DeviceError> {
        self.answered(Err(TransportLost { detail: Some(detail).filter(|it| !it.is_empty()) }))
    }

    /// How far a synchronisation is.
    pub fn step(&self) -> SyncStep {
        match &*held(&self.kind) {
            Kind::Sync(it) => {
                SyncStep { files: it.files.tally(), report: it.sync.report().into(), done: it.done }
            }
            Kind::Conversation(_) => SyncStep::default(),
        }
    }

    /// What the server said to [`Device::begin_office`], as JSON.
    pub fn answer(&self) -> String {
        match &*held(&self.kind) {
            Kind::Sync(_) => String::new(),
            Kind::Conversation(conversation) => {
                String::from_utf8_lossy(conversation.answer()).into_owned()
            }
        }
    }
}

impl Requests {
    pub(crate) fn of(device: Arc<Device>, conversation: device::Conversation) -> Self {
        Self { device, kind: Mutex::new(Kind::Conversation(conversation)) }
    }

    pub(crate) fn sync(device: Arc<Device>) -> Result<Self, DeviceError> {
        let (sync, outbox) = device.with(|device| Ok((device.begin_sync()?, device.outbox()?)))?;
        let waiting = outbox.files.into_iter().filter(|file| file.state == ItemState::OnlyHere);
        let files = waiting
            .map(|file| (file.hash, Sent { from: file.sent, at: file.sent, of: file.bytes }));
        let run = Run { sync, files: Files(files.collect()), done: false };
        Ok(Self { device, kind: Mutex::new(Kind::Sync(Box::new(run))) })
    }

    fn answered(
        &self,
        answer: Result<device::HttpResponse, TransportLost>,
    ) -> Result<(), DeviceError> {
        let mut kind = held(&self.kind);
        self.device.with(|device| match &mut *kind {
            Kind::Sync(it) => device.take_answer(&mut it.sync, answer),
            Kind::Conversation(conversation) => {
                device.take_conversation_answer(conversation, answer)
            }
        })
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
    fn follow(&mut self, progress: &Progress) {
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
