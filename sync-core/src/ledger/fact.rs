//! One fact: signed bytes, their name and their reading.

use minicbor::bytes::{ByteSlice, ByteVec};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::canonical;
use super::stream::StreamId;
use crate::cbor;
use crate::id::{DeviceId, Digest, FactId, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::ClockReading;

/// Version of the body's shape.
const VERSION: u8 = 1;
/// What every signature over a fact starts with.
const DOMAIN: &[u8] = b"zhicha fact v1\0";

/// Signature algorithm with its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Suite {
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5), `r ‖ s` of 32 bytes each, low `s` only.
    #[n(1)]
    P256,
    /// Ed25519 (RFC 8032): the server's own facts and receipts.
    #[n(2)]
    Ed25519,
    /// SM2 with SM3 (GB/T 32918): reserved, refused by this build.
    #[n(3)]
    Sm2,
}

/// Signs with a key that stays where it is: a phone's key store, or the server's key file.
pub trait Signer {
    /// The algorithm.
    fn suite(&self) -> Suite;
    /// Signs a message; the digest of the suite is part of signing.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal>;
}

/// Checks signatures.
pub trait Verifier: Send + Sync {
    /// Refuses with `signature_invalid`, `signature_malleable` or `suite_unknown`.
    fn verify(
        &self,
        suite: Suite,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal>;
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Body {
    /// Version of this shape.
    #[n(0)]
    pub version: u8,
    /// Algorithm of the signature.
    #[n(1)]
    pub suite: Suite,
    /// Kind of statement.
    #[n(2)]
    pub kind: u16,
    /// Whether a reader that does not know the kind must not guess a status.
    #[n(3)]
    pub critical: bool,
    /// The file it belongs to.
    #[n(4)]
    pub stream: StreamId,
    /// Who states it.
    #[n(5)]
    pub author: PersonId,
    /// On which device.
    #[n(6)]
    pub device: DeviceId,
    /// Place in the device's chain, from 1.
    #[n(7)]
    pub seq: u64,
    /// The [link](Fact::link) of the fact before it in the chain.
    #[n(8)]
    pub prev: Option<Digest>,
    /// The device's clocks.
    #[n(9)]
    pub clock: ClockReading,
    /// The statement.
    #[n(10)]
    pub statement: ByteVec,
}

/// Body and signature as they travel and are stored.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Sealed<'b> {
    #[b(0)]
    body: &'b ByteSlice,
    #[b(1)]
    signature: &'b ByteSlice,
}

/// Who states something, on which device, at which place of its chain, and when.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// Who.
    pub author: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// Place in the device's chain.
    pub seq: u64,
    /// The [link](Fact::link) of the fact before it.
    pub prev: Option<Digest>,
    /// The device's clocks.
    pub clock: ClockReading,
}

/// What can be stated, as far as signing needs to know it.
pub trait Content: Sized {
    /// The stable number of its kind.
    fn kind(&self) -> u16;
    /// The stream that it belongs to; none for an unknown kind, whose fact says it.
    fn stream(&self) -> Option<StreamId>;
    /// Its canonical bytes.
    fn to_bytes(&self) -> Vec<u8>;
    /// Reads the bytes of a kind; an unknown kind is kept as bytes.
    ///
    /// # Errors
    /// `malformed` when the bytes are no statement of a known kind.
    fn from_bytes(kind: u16, bytes: &[u8]) -> Result<Self, Refusal>;
    /// Checks form and bounds.
    ///
    /// # Errors
    /// The code of the first field that does not fit, with the field.
    fn validate(&self) -> Result<(), Refusal>;
}

/// A fact that was read: its bytes are canonical and its statement is well-formed. Whether the
/// signature holds is asked with [`Fact::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<S> {
    /// Its name: the digest of the signed body.
    pub id: FactId,
    /// The body.
    pub body: Body,
    /// What it states.
    pub statement: S,
    bytes: Vec<u8>,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl<S: Content> Fact<S> {
    /// States something: checks form, encodes, signs.
    ///
    /// # Errors
    /// The refusal of the form, `kind_unknown` for a kind without a stream, `too_large` for more than
    /// [`limits::FACT_BYTES`], or what the signer refuses.
    pub fn state(statement: S, stamp: Stamp, signer: &dyn Signer) -> Result<Self, Refusal> {
        statement.validate()?;
        let stream = statement.stream().ok_or(Refusal::new(Code::KindUnknown))?;
        let body = Body {
            version: VERSION,
            suite: signer.suite(),
            kind: statement.kind(),
            critical: true,
            stream,
            author: stamp.author,
            device: stamp.device,
            seq: stamp.seq,
            prev: stamp.prev,
            clock: stamp.clock,
            statement: statement.to_bytes().into(),
        };
        Self::sign(body, statement, signer)
    }

    /// Signs a body that is already put together.
    ///
    /// # Errors
    /// `too_large` for more than [`limits::FACT_BYTES`], or what the signer refuses.
    pub fn sign(body: Body, statement: S, signer: &dyn Signer) -> Result<Self, Refusal> {
        let signed = cbor::to_vec(&body);
        let signature = signer.sign(&message(&signed))?;
        let bytes = cbor::to_vec(&Sealed {
            body: signed.as_slice().into(),
            signature: signature.as_slice().into(),
        });
        if bytes.len() > limits::FACT_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("fact"));
        }
        Ok(Self { id: Digest::of(&signed), body, statement, bytes, signed, signature })
    }

    /// Reads foreign bytes: bounded, canonical, well-formed, of the stream it claims.
    ///
    /// # Errors
    /// `too_large`, `not_canonical`, `malformed`, `version_unsupported`, `wrong_stream`, or the refusal of the
    /// statement's form.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > limits::FACT_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("fact"));
        }
        canonical::check(bytes)?;
        let Sealed { body: signed, signature } = cbor::from_slice(bytes)?;
        canonical::check(signed)?;
        let body: Body = cbor::from_slice(signed)?;
        if body.version != VERSION {
            return Err(Refusal::new(Code::VersionUnsupported).field("fact"));
        }
        canonical::check(&body.statement)?;
        let statement = S::from_bytes(body.kind, &body.statement)?;
        statement.validate()?;
        if statement.stream().is_some_and(|stream| stream != body.stream) {
            return Err(Refusal::new(Code::WrongStream).field("stream"));
        }
        Ok(Self {
            id: Digest::of(signed),
            body,
            statement,
            bytes: bytes.to_vec(),
            signed: signed.to_vec(),
            signature: signature.to_vec(),
        })
    }

    /// Checks the signature with the author's key.
    ///
    /// # Errors
    /// `signature_invalid`, `signature_malleable` or `suite_unknown`.
    pub fn verify(&self, verifier: &dyn Verifier, key: &[u8]) -> Result<(), Refusal> {
        verifier.verify(self.body.suite, key, &message(&self.signed), &self.signature)
    }

    /// What the next fact of the chain names: the digest of the bytes, signature included. Whoever
    /// signs the next fact thereby vouches for every byte of this one.
    #[must_use]
    pub fn link(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    /// Whether this fact names `before` as the one before it in the same chain. If the signature of
    /// this fact holds, then `before` is byte for byte what the same device put there.
    #[must_use]
    pub fn vouches_for(&self, before: &Self) -> bool {
        self.body.prev == Some(before.link())
            && self.body.seq == before.body.seq + 1
            && self.body.device == before.body.device
            && self.body.author == before.body.author
            && self.body.suite == before.body.suite
    }

    /// The bytes as they travel and are stored.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn message(signed: &[u8]) -> Vec<u8> {
    [DOMAIN, signed].concat()
}
