//! What the engine works on: own items that the server lacks, and what came from it.

use sync_core::id::{Digest, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::sync::{
    Change, Download, HeldCatalogue, OwnFact, OwnPush, PageSize, Passage, Upload, Work,
};
use sync_core::wire::exchange::DraftPush;
use sync_core::{Code, Refusal, cbor, limits};

use crate::Device;
use crate::changes::{Changed, parts_of};
use crate::files::Name;
use crate::host::Reading;
use crate::sign::LastBeacon;
use crate::store::{FILE_RECEIPT, OwnKeys, state};

/// Where it is noted how large pages are.
const PAGES: &str = "pages";
/// Where it is noted how many bytes of a file one request carries.
const PART: &str = "part";

impl Device {
    /// A page of work, after journals became changes. What cannot be sent holds back nothing else; the reason
    /// comes with the page.
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
        let page = self.pages()?.bytes();
        let mut room = page;
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
        let carried = self.carried(&mut fits)?;
        let (own, more_changes) = match self.pushes(changes) {
            Ok(drafts) => (drafts, more_changes),
            // A key store that is locked stops what is not signed yet, and nothing else.
            Err(refusal) => {
                held_back = Some(refusal);
                (Vec::new(), false)
            }
        };
        let drafts = carried.into_iter().chain(own).collect();
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
            catalogue: HeldCatalogue {
                digest: self.store.catalogue_digest()?,
                parts: self.store.held_parts()?,
                coming: self.store.coming()?,
            },
            file_receipt: self.store.value(FILE_RECEIPT)?,
        };
        Ok((work, held_back))
    }

    /// Draft changes that colleagues handed over, as they signed them.
    fn carried(&self, fits: &mut impl FnMut(&[u8]) -> bool) -> Result<Vec<OwnPush>, Refusal> {
        let unsent = self.store.unsent_pushes()?.into_iter();
        let fitting = unsent.take_while(|(_, push)| push.changes.iter().all(|it| fits(it)));
        Ok(fitting.map(|(ids, push)| OwnPush { ids, push }).collect())
    }

    /// How large pages are on this line.
    fn pages(&self) -> Result<PageSize, Refusal> {
        let stored = self.store.value(PAGES)?;
        Ok(stored.and_then(|bytes| cbor::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Fits the next pages to what became of an exchange.
    pub(crate) fn fit_pages(&mut self, passage: Passage) -> Result<(), Refusal> {
        let pages = self.pages()?;
        let fitting = pages.after(passage);
        if fitting == pages {
            return Ok(());
        }
        self.store.put_values(&[(PAGES, cbor::to_vec(&fitting))])
    }

    /// How many bytes of a file one request carried at most on this line, noted by the last run.
    pub(crate) fn part_bytes(&self) -> Result<Option<u64>, Refusal> {
        let stored = self.store.value(PART)?.and_then(|bytes| bytes.try_into().ok());
        Ok(stored.map(u64::from_be_bytes))
    }

    /// Notes for later runs how many bytes of a file one request carries at most on this line.
    pub(crate) fn note_part_bytes(&mut self, bytes: u64) -> Result<(), Refusal> {
        self.store.put_values(&[(PART, bytes.to_be_bytes().to_vec())])
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
                Ok(OwnPush {
                    ids,
                    push: DraftPush { inspection, changes, signature, device: None },
                })
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
        let last_beacon = changes.iter().find_map(|change| match change {
            Change::Beacon(beacon) => Some(LastBeacon { beacon: *beacon, monotonic_ms, boot }),
            _ => None,
        });
        let own = self.own_keys()?;
        self.store.apply(&changes, &admitted, last_beacon.as_ref(), own)?;
        self.changes.extend(changes.iter().flat_map(parts_of));
        if changes.iter().any(|it| parts_of(it).contains(&Changed::Catalogue)) {
            self.let_old_catalogues_go()?;
            self.load_catalogue()?;
        }
        Ok(())
    }

    /// The keys with which what comes from the server and from this device verifies.
    fn own_keys(&self) -> Result<OwnKeys, Refusal> {
        let server = self.store.value("server_key")?.unwrap_or_default();
        let person = self.person().ok().map(|person| person.id);
        let own = self.id().ok().zip(person);
        let device = own.map(|(device, person)| (device, person, self.host.keys.public_key()));
        Ok(OwnKeys { server, device })
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
    /// Whether the server holds every photo of a sealed record and of its supplements, and no hazard of this person is
    /// outside of them.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as [`Code::DeviceStore`], or of stored bytes that
    /// do not decode.
    pub fn is_delivered(&self, inspection: InspectionId) -> Result<bool, Refusal> {
        let case = self.case(&StreamId::inspection(inspection))?;
        let Some(seal) = case.seal() else { return Ok(false) };
        let here = seal.place.is_none() || case.supplements().any(|it| it.place.is_none());
        if here || !self.outside(inspection)?.is_empty() {
            return Ok(false);
        }
        let supplemented = case.supplements().flat_map(|it| &it.body.manifest);
        for hash in seal.body.manifest.iter().chain(supplemented) {
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
