//! What the engine works on: own items that the server lacks, and what came from it.

use sync_core::id::{Digest, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::sync::{Change, Download, OwnFact, OwnPush, Upload, Work};
use sync_core::wire::exchange::DraftPush;
use sync_core::{Code, Refusal, limits};

use crate::Device;
use crate::changes::parts_of;
use crate::files::Name;
use crate::host::Reading;
use crate::states::Heard;
use crate::store::state;

/// Bytes of own items in one exchange before packing. Content that cannot be packed tighter must still
/// fit with room for everything else, or the whole push would be refused each time.
const PUSH_BYTES: usize = limits::EXCHANGE_BYTES / 2;
/// The smallest page of own items and of others': one item always goes.
const LEAST_PAGE: usize = 8 * 1024;
/// An exchange that was lost after so long was too long for the line; one that was lost at once says nothing.
const LONG_MS: i64 = 5_000;

impl Device {
    /// A page of work: the journals become changes first. What cannot go holds back nothing else; why it
    /// cannot comes with the page.
    pub(crate) fn work(&mut self) -> Result<(Work, Option<Refusal>), Refusal> {
        let mut held_back = None;
        for inspection in self.store.journalled()? {
            match self.commit_journal(inspection) {
                Ok(_) => {}
                Err(it) if matches!(it.code, Code::DeviceStore | Code::DeviceFull) => {
                    return Err(it);
                }
                Err(refusal) => held_back = Some(refusal),
            }
        }
        let limit = limits::PUSH_ITEMS / 2;
        let page = self.page()?;
        let mut room = PUSH_BYTES.min(page);
        let mut first = true;
        let mut fits = |bytes: &[u8]| {
            room = room.saturating_sub(bytes.len());
            std::mem::take(&mut first) || room > 0
        };
        let unsent = self.store.unsent_facts(limit + 1)?;
        let changes = self.store.unsent_changes(limit + 1)?;
        let (facts_waiting, changes_waiting) = (unsent.len(), changes.len());
        let facts: Vec<OwnFact> = unsent
            .into_iter()
            .take(limit)
            .take_while(|row| fits(&row.bytes))
            .map(|row| OwnFact { id: row.id, bytes: row.bytes })
            .collect();
        let changes: Vec<_> =
            changes.into_iter().take(limit).take_while(|(_, _, bytes)| fits(bytes)).collect();
        let more_changes = changes_waiting > changes.len();
        let (drafts, more_changes) = match self.pushes(changes) {
            Ok(drafts) => (drafts, more_changes),
            // A key store that is locked stops what is not signed yet, and nothing else.
            Err(refusal) => {
                held_back = Some(refusal);
                (Vec::new(), false)
            }
        };
        let uploads = self.store.uploads(limit)?.into_iter();
        let more = facts_waiting > facts.len() || more_changes;
        let work = Work {
            device: self.id()?,
            cursor: self.store.value("cursor")?.unwrap_or_default(),
            server_key: self.store.value("server_key")?.unwrap_or_default(),
            facts,
            drafts,
            more,
            max_bytes: limits::PULL_BYTES.min(page),
            uploads: uploads
                .map(|row| Upload {
                    hash: row.hash,
                    bytes: row.bytes,
                    offset: row.sent,
                    begun: row.begun,
                    turned_away: row.refusal.is_some(),
                })
                .collect(),
            downloads: self.downloads()?,
            catalogue: self.store.catalogue()?.map(|bytes| Digest::of(&bytes)),
        };
        Ok((work, held_back))
    }

    /// Bytes of own items and of others' that an exchange carries at most on this line.
    fn page(&self) -> Result<usize, Refusal> {
        let kept = self.store.value("page")?.and_then(|bytes| bytes.try_into().ok());
        let page = kept.map(u32::from_be_bytes).and_then(|page| usize::try_from(page).ok());
        Ok(page.unwrap_or(PUSH_BYTES))
    }

    /// Makes pages smaller after an exchange that the line did not carry to its end, larger after one that
    /// it did.
    pub(crate) fn fit_pages(&mut self, answered: bool, took_ms: i64) -> Result<(), Refusal> {
        let page = self.page()?;
        let fitting = if answered {
            (page * 4).min(PUSH_BYTES)
        } else if took_ms >= LONG_MS {
            (page.min(limits::PULL_BYTES) / 4).max(LEAST_PAGE)
        } else {
            page
        };
        if fitting == page {
            return Ok(());
        }
        let fitting = u32::try_from(fitting).unwrap_or(u32::MAX);
        self.store.put_values(&[("page", fitting.to_be_bytes().to_vec())])
    }

    /// Changes by draft, each draft with one signature over its last change.
    fn pushes(
        &self,
        changes: Vec<(InspectionId, Digest, Vec<u8>)>,
    ) -> Result<Vec<OwnPush>, Refusal> {
        let mut by_draft: std::collections::BTreeMap<InspectionId, Vec<(Digest, Vec<u8>)>> =
            std::collections::BTreeMap::new();
        for (inspection, id, bytes) in changes {
            by_draft.entry(inspection).or_default().push((id, bytes));
        }
        by_draft
            .into_iter()
            .map(|(inspection, changes)| {
                let last = changes.last().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
                let message = DraftPush::signed_message(inspection, last);
                let signature = self.host.keys.sign(&message)?.into();
                let ids = changes.iter().map(|(id, _)| *id).collect();
                let changes = changes.into_iter().map(|(_, bytes)| bytes.into()).collect();
                Ok(OwnPush { ids, push: DraftPush { inspection, changes, signature } })
            })
            .collect()
    }

    /// Small pictures of every notice that is known here, so that a recheck without signal sees what
    /// was found, and of the visits under way.
    fn downloads(&mut self) -> Result<Vec<Download>, Refusal> {
        let (mut downloads, mut here) = (Vec::new(), Vec::new());
        for hash in self.photos_under_way()? {
            if !self.has_photo(hash)? && self.store.no_thumbnail(hash)?.is_none() {
                downloads.push(Download { hash, thumbnail: true });
            }
        }
        for hash in self.store.wanted()? {
            if self.has_photo(hash)? || self.store.no_thumbnail(hash)?.is_some() {
                here.push(hash);
            } else {
                downloads.push(Download { hash, thumbnail: true });
            }
        }
        self.store.found(&here)?;
        Ok(downloads)
    }

    pub(crate) fn apply(&mut self, changes: Vec<Change>) -> Result<(), Refusal> {
        // A colleague's change is judged against a draft that holds everything of one's own.
        let mut admitted = Vec::new();
        for change in &changes {
            match change {
                Change::Draft { inspection, bytes, .. }
                    if !self.store.has_change(Digest::of(bytes))? =>
                {
                    admitted.push((*inspection, bytes.clone()));
                }
                Change::Downloaded { hash, thumbnail, bytes } => {
                    let name = Name { hash: *hash, thumbnail: *thumbnail };
                    self.files.keep(name, bytes, &self.host.writes)?;
                }
                _ => {}
            }
        }
        let admitted = self.judge(admitted)?;
        let Reading { monotonic_ms, boot, .. } = self.host.clock.read();
        let heard = changes.iter().find_map(|change| match change {
            Change::Beacon(beacon) => Some(Heard { beacon: *beacon, monotonic_ms, boot }),
            _ => None,
        });
        self.store.apply(&changes, &admitted, heard.as_ref())?;
        self.changes.extend(changes.iter().flat_map(parts_of));
        if changes.iter().any(|change| matches!(change, Change::Catalogue(_))) {
            self.let_old_catalogues_go()?;
            self.load_catalogue()?;
        }
        Ok(())
    }

    /// Shows colleagues' changes to the guard; what it refuses is left out.
    fn judge(
        &self,
        changes: Vec<(InspectionId, Vec<u8>)>,
    ) -> Result<Vec<(InspectionId, Vec<u8>)>, Refusal> {
        let mut drafts = std::collections::BTreeMap::new();
        let mut good = Vec::new();
        for (inspection, bytes) in changes {
            let draft = match drafts.entry(inspection) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(self.draft(inspection)?)
                }
            };
            if draft.admit(&bytes).is_ok() {
                good.push((inspection, bytes));
            }
        }
        Ok(good)
    }
}

impl Device {
    /// Whether the server holds every photo of a sealed record of this device.
    pub fn is_delivered(&self, inspection: InspectionId) -> Result<bool, Refusal> {
        let case = self.case(&StreamId::inspection(inspection))?;
        let Some(seal) = case.seal() else { return Ok(false) };
        if seal.place.is_none() {
            return Ok(false);
        }
        for hash in &seal.body.manifest {
            match self.store.blob_state(*hash)? {
                // A colleague's photo: its receipt is the colleague's to show.
                None => {}
                Some(known) if known == state::AT_SERVER || known == state::FETCHED => {}
                Some(_) => return Ok(false),
            }
        }
        Ok(true)
    }
}
