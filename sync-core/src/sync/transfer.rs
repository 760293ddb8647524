//! Files, one after the other: small ones first, each in parts from the server's offset. A failing
//! file holds back no other.

use std::collections::VecDeque;

use super::answer;
use super::effect::{Change, Effect, ServerRequest, SyncProgress};
use super::engine::{Engine, Phase, Repeat, Then};
use super::input::{Download, Upload, Work};
use crate::refusal::{Code, Disposition, Refusal};
use crate::time::Timestamp;
use crate::wire::api::Uploaded;

/// Files in a row that may be turned away on the way before the round ends; the next one begins with
/// others.
const TURNED_AWAY: usize = 8;

/// A file on its way.
#[derive(Clone, Copy, Debug)]
pub(super) enum File {
    Up(Upload, ServerOffset),
    Down(Download),
}

/// How well the server's offset of a file is known in this round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServerOffset {
    /// What the device remembers.
    Assumed,
    /// The server is being asked.
    Asked,
    /// The server said so.
    Known,
}

/// What is left of a round.
#[derive(Debug, Default)]
pub(super) struct FileQueue {
    up: VecDeque<Upload>,
    down: VecDeque<Download>,
    server_key: Vec<u8>,
    /// Why the last file was passed over that has to be tried again.
    passed_over: Option<Refusal>,
    /// How many were turned away in a row.
    turned_away: usize,
}

impl Engine {
    /// Small files first: a signature is there before a dozen photos are. What was turned away the last time
    /// comes after everything else.
    pub(super) fn queue_files(&mut self, work: &Work) {
        let uploads = work.uploads.iter();
        let mut up: Vec<Upload> =
            uploads.map(|file| from(*file, file.offset).unwrap_or(*file)).collect();
        up.sort_by_key(|file| (file.turned_away, file.bytes, file.hash));
        self.files = FileQueue {
            up: up.into(),
            down: work.downloads.iter().copied().collect(),
            server_key: work.server_key.clone(),
            ..FileQueue::default()
        };
    }

    pub(super) fn next_file(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.files.turned_away < TURNED_AWAY {
            if let Some(upload) = self.files.up.pop_front() {
                return self.transfer(now, File::Up(upload, ServerOffset::Assumed), false, effects);
            }
            if let Some(download) = self.files.down.pop_front() {
                return self.transfer(now, File::Down(download), false, effects);
            }
        }
        match self.files.passed_over.take() {
            Some(refusal) => self.rest(now, refusal, effects),
            None => self.finish(now, effects),
        }
    }

    pub(super) fn transfer(
        &mut self,
        now: Timestamp,
        file: File,
        renewed: bool,
        effects: &mut Vec<Effect>,
    ) {
        let (file, call) = match file {
            File::Up(upload, ServerOffset::Assumed | ServerOffset::Asked) if upload.begun => {
                let Upload { hash, offset, .. } = upload;
                (
                    File::Up(upload, ServerOffset::Asked),
                    ServerRequest::Put { hash, offset, bytes: 0 },
                )
            }
            File::Up(upload, _) => {
                let Upload { hash, bytes, offset, .. } = upload;
                let bytes = self.parts.of(bytes.saturating_sub(offset));
                (file, ServerRequest::Put { hash, offset, bytes })
            }
            File::Down(Download { hash, thumbnail }) => {
                (file, ServerRequest::Get { hash, thumbnail })
            }
        };
        let request = self.send(call, effects);
        self.phase = Phase::Transferring { request, file, renewed, since: now };
    }

    pub(super) fn transferred(
        &mut self,
        times: (Timestamp, Timestamp),
        file: File,
        renewed: bool,
        (status, body): (u16, Vec<u8>),
        effects: &mut Vec<Effect>,
    ) {
        let (_, now) = times;
        if status != 200 {
            return match self.problem(status, &body) {
                Ok(_) if status == 401 && !renewed => self.renew(Repeat::Transfer(file), effects),
                // The sender is refused, not the file.
                Ok(refusal) if status == 401 => self.refused(now, status, refusal, effects),
                Ok(refusal) => match file {
                    File::Up(upload, server_offset) => {
                        self.upload_refused(now, upload, server_offset, refusal, effects);
                    }
                    File::Down(download) => self.none_to_fetch(now, download, refusal, effects),
                },
                Err(foreign) => self.turned_away(now, file, (status, foreign), effects),
            };
        }
        let read = match file {
            File::Up(upload, server_offset) => (self.readers.upload)(&body)
                .map(|it| self.uploaded(times, (upload, server_offset), it, effects)),
            File::Down(download) => {
                let key = &self.files.server_key;
                answer::file(self.verifier.as_ref(), key, download, &body).map(|bytes| {
                    self.files.turned_away = 0;
                    let Download { hash, thumbnail } = download;
                    let came = Change::Downloaded { hash, thumbnail, bytes };
                    self.commit(vec![came], Then::FileQueue, effects);
                })
            }
        };
        if read.is_none() {
            self.turned_away(now, file, (status, answer::foreign(status, &body)), effects);
        }
    }

    /// The line did not carry a request to its end.
    pub(super) fn transfer_lost(&mut self, file: File) {
        if let File::Up(upload, ServerOffset::Assumed | ServerOffset::Known) = file {
            self.parts.lost(self.parts.of(upload.bytes.saturating_sub(upload.offset)));
        }
    }

    fn uploaded(
        &mut self,
        (since, now): (Timestamp, Timestamp),
        (upload, server_offset): (Upload, ServerOffset),
        Uploaded { received, complete, receipt }: Uploaded,
        effects: &mut Vec<Effect>,
    ) {
        self.files.turned_away = 0;
        let Upload { hash, bytes, offset, .. } = upload;
        if server_offset == ServerOffset::Asked && !complete {
            let Some(known) = from(upload, received) else { return self.next_file(now, effects) };
            return self.transfer(now, File::Up(known, ServerOffset::Known), false, effects);
        }
        if complete || received > offset {
            self.retry.succeeded();
            self.parts.passed(received.saturating_sub(offset), since, now);
        }
        effects.push(Effect::Report(SyncProgress::Uploading { hash, sent: received, bytes }));
        if !complete && received > offset && received < bytes {
            let rest = Upload { offset: received, begun: false, ..upload };
            self.files.up.push_front(rest);
        }
        let mut changes = vec![Change::Uploaded { hash, offset: received, complete }];
        changes.extend(receipt.filter(|_| complete).map(Change::FileReceipt));
        self.commit(changes, Then::FileQueue, effects);
    }

    fn upload_refused(
        &mut self,
        now: Timestamp,
        upload: Upload,
        server_offset: ServerOffset,
        refusal: Refusal,
        effects: &mut Vec<Effect>,
    ) {
        self.files.turned_away = 0;
        let hash = upload.hash;
        match refusal.code {
            // The server names its offset: go on from there, once.
            Code::BlobOffset => {
                let at = refusal.detail.as_deref().and_then(|detail| detail.parse().ok());
                let upload = at.and_then(|at| from(upload, at));
                match upload.filter(|_| server_offset == ServerOffset::Assumed) {
                    Some(upload) => {
                        self.transfer(now, File::Up(upload, ServerOffset::Known), false, effects);
                    }
                    None => self.next_file(now, effects),
                }
            }
            // Its fact is not there yet; it stays in the outbox for the next round.
            Code::BlobUnexpected => self.next_file(now, effects),
            // This file alone: the others have their turn first.
            Code::StorageFailed => {
                self.files.passed_over = Some(refusal);
                self.next_file(now, effects);
            }
            // Others are to be brought to their end first.
            Code::PartsFull => {
                self.files.passed_over = Some(refusal.clone());
                let turned_away = Change::UploadTurnedAway { hash, refusal };
                self.commit(vec![turned_away], Then::FileQueue, effects);
            }
            // The sender is refused, not the file.
            Code::NotSignedIn | Code::AccountDisabled | Code::TokenReused => {
                self.rest(now, refusal, effects);
            }
            code if code.disposition() == Disposition::Retry => self.rest(now, refusal, effects),
            _ => {
                let refused = Change::UploadRefused { hash, refusal };
                self.commit(vec![refused], Then::FileQueue, effects);
            }
        }
    }

    /// The server has no small picture. Of one that it cannot make it is not asked again; others may be
    /// there in the next round.
    fn none_to_fetch(
        &mut self,
        now: Timestamp,
        Download { hash, .. }: Download,
        refusal: Refusal,
        effects: &mut Vec<Effect>,
    ) {
        self.files.turned_away = 0;
        match refusal.code {
            Code::BlobNotImage | Code::BlobTorn | Code::BlobUndecodable => {
                self.commit(vec![Change::NoThumbnail { hash, refusal }], Then::FileQueue, effects);
            }
            _ => self.next_file(now, effects),
        }
    }

    /// Something on the way answered. It may be about this file alone, so the others have their turn.
    fn turned_away(
        &mut self,
        now: Timestamp,
        file: File,
        (status, refusal): (u16, Refusal),
        effects: &mut Vec<Effect>,
    ) {
        self.files.passed_over = Some(refusal.clone());
        if let File::Up(upload, server_offset) = file {
            let part = self.parts.of(upload.bytes.saturating_sub(upload.offset));
            if self.parts.shrink(part) && status == 413 && server_offset != ServerOffset::Asked {
                return self.transfer(now, File::Up(upload, ServerOffset::Known), false, effects);
            }
        }
        self.files.turned_away += 1;
        match file {
            File::Up(Upload { hash, .. }, _) => {
                let turned_away = Change::UploadTurnedAway { hash, refusal };
                self.commit(vec![turned_away], Then::FileQueue, effects);
            }
            File::Down(_) => self.next_file(now, effects),
        }
    }
}

/// A file from the server's offset. A server that has all bytes without having checked them checks
/// when the last byte comes again.
fn from(upload: Upload, at: u64) -> Option<Upload> {
    let last = upload.bytes.checked_sub(1)?;
    (at <= upload.bytes).then_some(Upload { offset: at.min(last), ..upload })
}
