//! What the phones of a team hand to each other without a network: the facts and draft changes of one visit, with the
//! server's word for the devices that signed them.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::codec;
use super::exchange::DraftPush;
use crate::cbor;
use crate::id::{DeviceId, InspectionId, PersonId};
use crate::ledger::fact::{Suite, Verifier};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// Version of these shapes.
const VERSION: u8 = 1;
/// What every signature over a certificate starts with.
const DOMAIN: &[u8] = b"zhicha device v1\0";

/// The server's word for whose a device is and with which key it signs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceCertificate {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// Whose it is.
    #[n(1)]
    pub person: PersonId,
    /// Its public key.
    #[n(2)]
    pub key: ByteVec,
    /// The server's Ed25519 signature over [`DeviceCertificate::signed_message`].
    #[n(3)]
    pub signature: ByteVec,
}

impl DeviceCertificate {
    /// What the server signs: a domain string, the device, its person and its key.
    #[must_use]
    pub fn signed_message(device: DeviceId, person: PersonId, key: &[u8]) -> Vec<u8> {
        [DOMAIN, device.as_bytes(), person.as_bytes(), key].concat()
    }

    /// Whether the server signed it.
    #[must_use]
    pub fn holds(&self, verifier: &dyn Verifier, server_key: &[u8]) -> bool {
        let message = Self::signed_message(self.device, self.person, &self.key);
        verifier.verify(Suite::Ed25519, server_key, &message, &self.signature).is_ok()
    }
}

/// What one phone hands over of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
    /// Version of this shape.
    #[n(0)]
    pub version: u8,
    /// The visit.
    #[n(1)]
    pub inspection: InspectionId,
    /// Every device that signed something in it.
    #[n(2)]
    pub devices: Vec<DeviceCertificate>,
    /// Facts as they were signed.
    #[n(3)]
    pub facts: Vec<ByteVec>,
    /// Draft changes, each push as its device signed it, with that device.
    #[n(4)]
    pub drafts: Vec<DraftPush>,
}

impl Bundle {
    /// A bundle of nothing.
    #[must_use]
    pub fn new(inspection: InspectionId) -> Self {
        let (devices, facts, drafts) = (Vec::new(), Vec::new(), Vec::new());
        Self { version: VERSION, inspection, devices, facts, drafts }
    }

    /// The bytes that travel.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        codec::pack(self)
    }

    /// Reads what came.
    ///
    /// # Errors
    /// What [`codec::unpack`] refuses, `malformed`, `version_unsupported`, [`Code::TooMany`] for more items than a
    /// visit can have.
    pub fn unpack(bytes: &[u8]) -> Result<Self, Refusal> {
        let bundle: Self = cbor::from_slice(&codec::unpack(bytes)?)?;
        if bundle.version != VERSION {
            return Err(Refusal::new(Code::VersionUnsupported).field("bundle"));
        }
        let changes: usize = bundle.drafts.iter().map(|push| push.changes.len()).sum();
        let items = bundle.devices.len() + bundle.facts.len() + changes;
        limits::count("bundle", items, limits::DRAFT_CHANGES + limits::PUSH_ITEMS)?;
        Ok(bundle)
    }
}
