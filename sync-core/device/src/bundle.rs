//! Phones of a team meet without a network: what one of them recorded of a visit becomes known to the others, and reaches
//! the server by whichever of them gets there first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sync_core::act::{Fact, Statement};
use sync_core::id::{DeviceId, Digest, InspectionId, PersonId};
use sync_core::ledger::fact::{Suite, Verifier as _};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::wire::bundle::{Bundle, DeviceCertificate};
use sync_core::wire::exchange::DraftPush;
use sync_core::wire::frames::frames;
use sync_core::{Code, Refusal};

use crate::changes::part_of;
use crate::store::carried::Carried;
use crate::{Changed, Device};

/// Changes that one signature covers: a push has to fit into an exchange beside others.
const PUSH_CHANGES: usize = 64;

/// What a frame brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TakenFrame {
    /// How many frames of its series are here.
    pub here: u64,
    /// How many there are.
    pub of: u64,
    /// With the last one, what came.
    pub imported: Option<Imported>,
}

/// What became of everything that a colleague's phone handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Imported {
    /// The visit.
    pub inspection: InspectionId,
    /// Statements that are new here.
    pub facts: u64,
    /// Draft changes that are new here.
    pub changes: u64,
    /// Draft changes that follow something that is not here yet.
    pub waiting: u64,
    /// Items that do not hold: signed by nobody of the team, or changed on the way.
    pub refused: u64,
}

impl Device {
    /// What this phone knows of a visit and a colleague's may not, as frames to be shown one after the other: own
    /// statements and draft changes, and those of colleagues whose phones it met, whether or not the server has them
    /// already: the one that films them may have no network. Photos stay where they were taken;
    /// their statements name them.
    ///
    /// # Errors
    /// [`Code::NotOnTeam`], that of a key store that does not sign, or of the store.
    pub fn hand_over(&mut self, inspection: InspectionId) -> Result<Vec<String>, Refusal> {
        frames(&self.bundle(inspection)?.pack())
    }

    /// Takes a frame that a colleague's phone shows. With the last one that was missing everything is taken over.
    ///
    /// # Errors
    /// What `Caught::take` refuses of a frame, what `Bundle::unpack` refuses of all of them, [`Code::NotOnTeam`], or
    /// what the store says.
    pub fn take_over(&mut self, frame: &str) -> Result<TakenFrame, Refusal> {
        let whole = self.caught.take(frame)?;
        let (here, of) = self.caught.progress();
        let imported = whole.map(|bytes| self.import(&bytes)).transpose()?;
        Ok(TakenFrame { here: count(here), of: count(of), imported })
    }

    fn bundle(&mut self, inspection: InspectionId) -> Result<Bundle, Refusal> {
        let stream = StreamId::inspection(inspection);
        let team = self.require_team(inspection)?;
        self.commit_journal(inspection)?;
        let (device, own) = (self.id()?, self.person()?.id);
        let mut bundle = Bundle::new(inspection);
        let held = self.store.case_facts(&stream)?.admitted;
        let notices = on_site(held.iter().map(|it| &it.fact));
        let of_visit = |it: &StreamId| *it == stream || notices.contains(it);
        bundle.devices = self.store.certificates()?;
        // A fact of a device for which there is no word of the server proves nothing where it comes.
        let proves = |fact: &Fact| bundle.devices.iter().any(|it| it.device == fact.body.device);
        let team = |fact: &Fact| team.contains(&fact.body.author);
        let here = held.iter().map(|it| &it.fact).filter(|it| of_visit(&it.body.stream));
        let signed = here.filter(|it| it.trace.is_some() && !it.statement.is_by_server());
        let facts = signed.filter(|it| it.body.author == own || (team(it) && proves(it)));
        bundle.facts = facts.map(|it| it.bytes().to_vec().into()).collect();
        let changes = self.store.own_change_bytes(inspection)?;
        for part in changes.chunks(PUSH_CHANGES) {
            let last = part.last().map(Vec::as_slice).unwrap_or_default();
            let message = DraftPush::signed_message(inspection, last);
            let signature = self.host.keys.sign(&message)?.into();
            let changes = part.iter().map(|change| change.clone().into()).collect();
            bundle.drafts.push(DraftPush { inspection, changes, signature, device: Some(device) });
        }
        bundle.drafts.extend(self.store.carried_pushes(inspection)?);
        Ok(bundle)
    }

    /// Takes over a bundle, in whatever order and however often they come. Each item is held to the key of the device
    /// that signed it, the device to the server's word, the person to the team of the visit, and each draft change to
    /// the same guard as one from the server. What does not hold is counted and left out.
    fn import(&mut self, bytes: &[u8]) -> Result<Imported, Refusal> {
        let bundle = Bundle::unpack(bytes)?;
        let inspection = bundle.inspection;
        let team = self.require_team(inspection)?;
        let server_key = self.store.value("server_key")?.unwrap_or_default();
        let mut carried = Carried::default();
        let mut owners = BTreeMap::new();
        for certificate in bundle.devices {
            if certificate.holds(&SoftVerifier, &server_key) && team.contains(&certificate.person) {
                owners.insert(certificate.device, certificate.clone());
                carried.certificates.push(certificate);
            }
        }
        let of_visit = StreamId::inspection(inspection);
        let mut signed = Vec::with_capacity(bundle.facts.len());
        for bytes in &bundle.facts {
            let fact = Fact::decode(bytes).ok().filter(|fact| is_signed(fact, &owners));
            signed.push(match fact {
                Some(fact) if self.is_of_visit(&fact, &of_visit)? => Some(fact),
                _ => None,
            });
        }
        // What was issued on the spot goes on in a stream of its own, which is known here or comes with it.
        let held = self.store.case_facts(&of_visit)?.admitted;
        let come = signed.iter().flatten().filter(|fact| fact.body.stream == of_visit);
        let notices = on_site(held.iter().map(|it| &it.fact).chain(come));
        let belongs = |it: &StreamId| *it == of_visit || notices.contains(it);
        let mut refused = 0;
        for fact in signed {
            match fact.filter(|fact| belongs(&fact.body.stream)) {
                Some(fact) if self.store.has_fact(fact.id)? => {}
                Some(fact) => carried.facts.push(fact),
                None => refused += 1,
            }
        }
        let left = self.take_drafts(&bundle.drafts, inspection, &owners, &mut carried)?;
        refused += left.refused;
        let (facts, changes) = (count(carried.facts.len()), count(carried.changes.len()));
        self.store.carry(inspection, &carried)?;
        let part = part_of(&StreamId::inspection(inspection));
        self.note(&[Changed::Outbox, Changed::Tasks, part]);
        let (waiting, refused) = (count(left.waiting), count(refused));
        Ok(Imported { inspection, facts, changes, waiting, refused })
    }

    /// Whether a colleague's statement can be of this visit, and is one that this build can judge: one of an unknown kind
    /// would stop the whole case here, and one that takes another case's notice would join the two. The author's own phone
    /// brings what is left out.
    fn is_of_visit(&self, fact: &Fact, visit: &StreamId) -> Result<bool, Refusal> {
        match &fact.statement {
            Statement::Unknown { .. } => Ok(false),
            Statement::IssuedOnSite(it) => {
                Ok(!self.store.is_elsewhere(&StreamId::notice(it.notice.id), visit)?)
            }
            _ => Ok(true),
        }
    }

    /// The team of a visit, if this person belongs to it.
    fn require_team(&self, inspection: InspectionId) -> Result<Vec<PersonId>, Refusal> {
        let case = self.case(&StreamId::inspection(inspection))?;
        let team = case.plan().map(|plan| plan.body.team.clone()).unwrap_or_default();
        if team.contains(&self.person()?.id) {
            Ok(team)
        } else {
            Err(Refusal::new(Code::NotOnTeam))
        }
    }

    /// Shows the changes of pushes to the guard until none fits any more: they may follow each other in any order.
    fn take_drafts(
        &self,
        pushes: &[DraftPush],
        inspection: InspectionId,
        owners: &BTreeMap<DeviceId, DeviceCertificate>,
        carried: &mut Carried,
    ) -> Result<Left, Refusal> {
        let mut draft = self.draft(inspection)?;
        let mut left = Left::default();
        let mut open: Vec<(&DeviceCertificate, &[u8])> = Vec::new();
        for push in pushes {
            let Some(owner) = signer(push, inspection, owners) else {
                left.refused += push.changes.len();
                continue;
            };
            carried.pushes.push(push.clone());
            open.extend(push.changes.iter().map(|change| (owner, &***change)));
        }
        loop {
            let before = open.len();
            let mut later = Vec::new();
            for (owner, change) in open {
                if self.store.has_change(Digest::of(change))? {
                    continue;
                }
                let session = draft.session_of(change);
                match session.and_then(|session| {
                    let own = (session.person, session.device) == (owner.person, owner.device);
                    if own { draft.admit(change) } else { Err(Refusal::new(Code::AuthorMismatch)) }
                }) {
                    Ok(_) => carried.changes.push(change.to_vec()),
                    Err(refusal) if refusal.code == Code::ChangeWaiting => {
                        later.push((owner, change));
                    }
                    // An actor that said whose it is in a change that is not here yet.
                    Err(refusal) if refusal.code == Code::ChangeRefused => {
                        later.push((owner, change));
                    }
                    Err(_) => left.refused += 1,
                }
            }
            if later.len() == before || later.is_empty() {
                left.waiting = later.len();
                return Ok(left);
            }
            open = later;
        }
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Changes of a bundle that were not taken over.
#[derive(Default)]
struct Left {
    waiting: usize,
    refused: usize,
}

/// The device of the team that signed a push.
fn signer<'o>(
    push: &DraftPush,
    inspection: InspectionId,
    owners: &'o BTreeMap<DeviceId, DeviceCertificate>,
) -> Option<&'o DeviceCertificate> {
    let owner = owners.get(&push.device?).filter(|_| push.inspection == inspection)?;
    let message = DraftPush::signed_message(inspection, push.changes.last()?);
    let holds = SoftVerifier.verify(Suite::P256, &owner.key, &message, &push.signature);
    holds.is_ok().then_some(owner)
}

/// Whether a fact is what a device of the team signed.
fn is_signed(fact: &Fact, owners: &BTreeMap<DeviceId, DeviceCertificate>) -> bool {
    let owner = owners.get(&fact.body.device).filter(|it| it.person == fact.body.author);
    fact.trace.is_some()
        && !fact.statement.is_by_server()
        && owner.is_some_and(|it| fact.verify(&SoftVerifier, &it.key).is_ok())
}

/// The streams of the notices that were issued on the spot.
fn on_site<'f>(facts: impl Iterator<Item = &'f Fact>) -> BTreeSet<StreamId> {
    let notice = |fact: &Fact| match &fact.statement {
        Statement::IssuedOnSite(it) => Some(StreamId::notice(it.notice.id)),
        _ => None,
    };
    facts.filter_map(notice).collect()
}
