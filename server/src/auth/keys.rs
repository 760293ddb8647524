//! Secrets of the exchange, all derived from one secret of the server.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use sync_core::id::{BlobHash, DeviceId, Digest, PersonId};
use sync_core::ledger::fact::{Signer, Suite};
use sync_core::ledger::suites::ServerSigner;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::{Beacon, SignedClock, Timestamp};

/// The server's signature, the proof in beacons, the seal of cursors.
pub struct Keys {
    signer: ServerSigner,
    beacon: hmac::Key,
    nonce: hmac::Key,
    stored: [u8; 32],
    cursor: LessSafeKey,
    files: hmac::Key,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Derives everything from the secret of the server: the same secret gives the same keys.
    ///
    /// # Errors
    /// [`Code::KeyUnavailable`] when a key cannot be made of it, which does not happen with 32 bytes.
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
            stored: derived("zhicha stored facts v1")?,
            cursor: LessSafeKey::new(cursor),
            files: hmac::Key::new(hmac::HMAC_SHA256, &derived("zhicha file receipts v1")?),
        })
    }

    /// Under which ids the server states: they follow from its public key.
    #[must_use]
    pub fn identity(&self) -> (PersonId, DeviceId) {
        let digest = Digest::of(&self.public_key());
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(digest.as_bytes().iter().skip(1)) {
            *to = *from;
        }
        (PersonId::from_entropy(id), DeviceId::from_entropy(id))
    }

    /// The key that the server's facts and receipts verify with.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.signer.public_key()
    }

    /// The server's time, signed for a device.
    #[must_use]
    pub fn beacon(&self, device: DeviceId, at: Timestamp) -> Beacon {
        Beacon { at, tag: self.tag(device, at) }
    }

    /// The instant after which a device read its clocks for certain: the time of the beacon that it held, if this
    /// server gave that beacon to this device. Nothing else that a beacon says may be believed.
    #[must_use]
    pub fn proved(&self, device: DeviceId, clock: &SignedClock) -> Option<Timestamp> {
        // The tag is short and stands in signed records for every reader: comparing it in constant
        // time would hide nothing.
        let genuine = |beacon: &Beacon| self.tag(device, beacon.at) == beacon.tag;
        clock.beacon.filter(genuine).map(|beacon| beacon.at)
    }

    /// The key that seals what is stored.
    #[must_use]
    pub const fn stored(&self) -> &[u8; 32] {
        &self.stored
    }

    fn tag(&self, device: DeviceId, at: Timestamp) -> [u8; 8] {
        let message = [device.as_bytes().as_slice(), &at.as_millis().to_be_bytes()].concat();
        let mut tag = [0; 8];
        for (to, from) in tag.iter_mut().zip(hmac::sign(&self.beacon, &message).as_ref()) {
            *to = *from;
        }
        tag
    }

    /// The receipt of a file that a person has brought within an epoch.
    #[must_use]
    pub fn file_receipt(&self, person: PersonId, epoch: [u8; 16], file: BlobHash) -> Vec<u8> {
        let message = [person.as_bytes().as_slice(), &epoch, file.as_bytes()].concat();
        [file.as_bytes().as_slice(), hmac::sign(&self.files, &message).as_ref()].concat()
    }

    /// The file that a receipt of this server names, if it was given to this person within this epoch.
    #[must_use]
    pub fn receipted_file(
        &self,
        person: PersonId,
        epoch: [u8; 16],
        receipt: &[u8],
    ) -> Option<BlobHash> {
        let (file, tag) = receipt.split_at_checked(Digest::of(&[]).as_bytes().len())?;
        let message = [person.as_bytes().as_slice(), &epoch, file].concat();
        hmac::verify(&self.files, &message, tag).ok()?;
        Digest::from_bytes(file).ok()
    }

    /// Seals a cursor for one person. The nonce follows from the content, so that the same place
    /// has the same bytes, and nothing is told by them but that.
    ///
    /// # Errors
    /// [`Code::CursorInvalid`] when it cannot be sealed, which only its length could cause.
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
    ///
    /// # Errors
    /// [`Code::CursorInvalid`] for bytes that this server did not seal for this person.
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
