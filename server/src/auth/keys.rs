//! Secrets of the exchange, all derived from one secret of the server.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use sync_core::id::{DeviceId, PersonId};
use sync_core::ledger::fact::{Signer, Suite};
use sync_core::ledger::suites::ServerSigner;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::{Beacon, Timestamp};

/// The server's signature, the proof in beacons, the seal of cursors.
pub struct Keys {
    signer: ServerSigner,
    beacon: hmac::Key,
    nonce: hmac::Key,
    cursor: LessSafeKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Derives everything from the secret of the server: the same secret gives the same keys.
    pub fn derive(secret: &[u8; 32]) -> Result<Self, Refusal> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = |label: &str| -> Result<[u8; 32], Refusal> {
            let tag = hmac::sign(&root, label.as_bytes());
            tag.as_ref().try_into().map_err(|_| Refusal::new(Code::KeyUnavailable))
        };
        let cursor = UnboundKey::new(&CHACHA20_POLY1305, &derived("zhicha cursor seal v1")?)
            .map_err(|_| Refusal::new(Code::KeyUnavailable))?;
        Ok(Self {
            signer: ServerSigner::from_secret(&derived("zhicha server signature v1")?),
            beacon: hmac::Key::new(hmac::HMAC_SHA256, &derived("zhicha beacon v1")?),
            nonce: hmac::Key::new(hmac::HMAC_SHA256, &derived("zhicha cursor nonce v1")?),
            cursor: LessSafeKey::new(cursor),
        })
    }

    /// The key that the server's facts and receipts verify with.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.signer.public_key()
    }

    /// What a device is told about the time.
    #[must_use]
    pub fn beacon(&self, device: DeviceId, at: Timestamp) -> Beacon {
        Beacon { at, tag: self.tag(device, at) }
    }

    /// Whether this server said so to this device.
    #[must_use]
    pub fn is_genuine(&self, device: DeviceId, beacon: &Beacon) -> bool {
        // The tag is short and stands in signed records for every reader: comparing it in constant
        // time would hide nothing.
        self.tag(device, beacon.at) == beacon.tag
    }

    fn tag(&self, device: DeviceId, at: Timestamp) -> [u8; 8] {
        let message = [device.as_bytes().as_slice(), &at.as_millis().to_be_bytes()].concat();
        let mut tag = [0; 8];
        for (to, from) in tag.iter_mut().zip(hmac::sign(&self.beacon, &message).as_ref()) {
            *to = *from;
        }
        tag
    }

    /// Seals a cursor for one person. The nonce follows from the content, so that the same place
    /// has the same bytes, and nothing is told by them but that.
    pub fn seal_cursor(&self, person: PersonId, plain: &[u8]) -> Result<Vec<u8>, Refusal> {
        let message = [person.as_bytes().as_slice(), plain].concat();
        let tag = hmac::sign(&self.nonce, &message);
        let nonce: Vec<u8> = tag.as_ref().iter().copied().take(NONCE_LEN).collect();
        let mut sealed = plain.to_vec();
        self.cursor
            .seal_in_place_append_tag(nonce_of(&nonce)?, Aad::from(person.as_bytes()), &mut sealed)
            .map_err(|_| invalid())?;
        Ok([nonce, sealed].concat())
    }

    /// Opens a cursor that was sealed for this person.
    pub fn open_cursor(&self, person: PersonId, sealed: &[u8]) -> Result<Vec<u8>, Refusal> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or_else(invalid)?;
        let mut plain = sealed.to_vec();
        let opened = self
            .cursor
            .open_in_place(nonce_of(nonce)?, Aad::from(person.as_bytes()), &mut plain)
            .map_err(|_| invalid())?;
        Ok(opened.to_vec())
    }
}

fn nonce_of(bytes: &[u8]) -> Result<Nonce, Refusal> {
    Nonce::try_assume_unique_for_key(bytes).map_err(|_| invalid())
}

fn invalid() -> Refusal {
    Refusal::new(Code::CursorInvalid)
}

impl Signer for Keys {
    fn suite(&self) -> Suite {
        self.signer.suite()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.signer.sign(message)
    }
}
