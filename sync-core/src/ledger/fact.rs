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
use crate::time::{Beacon, SignedClock, Timestamp};

/// Version of the body's shape.
pub const VERSION: u8 = 2;
/// What every signature over a fact starts with.
const DOMAIN: &[u8] = b"zhicha fact v2\0";

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
    ///
    /// # Errors
    /// The code of a key that cannot be used now, such as `device_locked` or `key_unavailable`.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal>;
}

/// Checks signatures.
pub trait Verifier: Send + Sync {
    /// Verifies a signature.
    ///
    /// # Errors
    /// `signature_invalid`, `signature_malleable` or `suite_unknown`.
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
    /// The clock on the device's wall, a claim.
    #[n(7)]
    pub wall: Timestamp,
    /// Digest of the bytes of the [`Trace`].
    #[n(8)]
    pub trace: Digest,
    /// The statement.
    #[n(9)]
    pub statement: ByteVec,
}

/// How a fact came about on its device. The signed body names its digest alone: whoever reads only some of what a
/// device states, as an enterprise does, gets the fact without it, and so does not learn how much was stated in
/// between, when the device was started or when it last reached the server. The salt makes the digest say nothing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Trace {
    /// Entropy of this fact.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// Place in the device's chain, from 1.
    #[n(1)]
    pub seq: u64,
    /// The [link](Fact::link) of the fact before it in the chain.
    #[n(2)]
    pub prev: Option<Digest>,
    /// Milliseconds since the device started, which nobody can set.
    #[n(3)]
    pub monotonic_ms: u64,
    /// Names the start of the device that `monotonic_ms` counts from.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub boot: [u8; 8],
    /// The last beacon that the device held.
    #[n(5)]
    pub beacon: Option<Beacon>,
}

/// Body, signature and trace as they travel and are stored.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Sealed<'b> {
    #[b(0)]
    body: &'b ByteSlice,
    #[b(1)]
    signature: &'b ByteSlice,
    #[b(2)]
    trace: Option<&'b ByteSlice>,
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
    pub clock: SignedClock,
    /// Entropy of this fact, for its trace.
    pub salt: [u8; 16],
}

impl Stamp {
    /// How the fact that is stamped comes about.
    #[must_use]
    pub fn trace(&self) -> Trace {
        let SignedClock { monotonic_ms, boot, beacon, .. } = self.clock;
        Trace { salt: self.salt, seq: self.seq, prev: self.prev, monotonic_ms, boot, beacon }
    }
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
    /// How it came about; none where the reader may not know it.
    pub trace: Option<Trace>,
    /// What it states.
    pub statement: S,
    bytes: Vec<u8>,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl<S> Fact<S> {
    /// Place in the device's chain, from 1; 0 where the reader may not know it.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.trace.as_ref().map_or(0, |trace| trace.seq)
    }

    /// The clocks of the device, as far as the reader may know them.
    #[must_use]
    pub fn clock(&self) -> SignedClock {
        let wall = self.body.wall;
        let unknown = SignedClock { wall, monotonic_ms: 0, boot: [0; 8], beacon: None };
        self.trace.as_ref().map_or(unknown, |trace| {
            let Trace { monotonic_ms, boot, beacon, .. } = *trace;
            SignedClock { wall, monotonic_ms, boot, beacon }
        })
    }
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
            wall: stamp.clock.wall,
            trace: Digest::of(&cbor::to_vec(&stamp.trace())),
            statement: statement.to_bytes().into(),
        };
        Self::sign(body, stamp.trace(), statement, signer)
    }

    /// Signs a body that is already put together.
    ///
    /// # Errors
    /// `too_large` for more than [`limits::FACT_BYTES`], or what the signer refuses.
    pub fn sign(
        body: Body,
        trace: Trace,
        statement: S,
        signer: &dyn Signer,
    ) -> Result<Self, Refusal> {
        let signed = cbor::to_vec(&body);
        let signature = signer.sign(&message(&signed))?;
        let bytes = sealed(&signed, &signature, Some(&cbor::to_vec(&trace)));
        if bytes.len() > limits::FACT_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("fact"));
        }
        let (id, trace) = (Digest::of(&signed), Some(trace));
        Ok(Self { id, body, trace, statement, bytes, signed, signature })
    }

    /// Reads foreign bytes: bounded, canonical, in the one form that this build writes, well-formed, of the stream it
    /// claims, with the trace that the body names or with none.
    ///
    /// # Errors
    /// `too_large`, `not_canonical`, `malformed`, `version_unsupported`, `wrong_stream`, or the refusal of the
    /// statement's form.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > limits::FACT_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("fact"));
        }
        canonical::check(bytes)?;
        let Sealed { body: signed, signature, trace } = cbor::from_slice(bytes)?;
        canonical::check(signed)?;
        let body: Body = cbor::from_slice(signed)?;
        if body.version != VERSION {
            return Err(Refusal::new(Code::VersionUnsupported).field("fact"));
        }
        canonical::check(&body.statement)?;
        let statement = S::from_bytes(body.kind, &body.statement)?;
        // A key that nobody knows here, or a null that stands for nothing, would be a second form of the same words.
        let written = sealed(signed, signature, trace.map(|it| &**it));
        if *written != *bytes
            || cbor::to_vec(&body) != **signed
            || statement.to_bytes() != *body.statement
        {
            return Err(Refusal::new(Code::NotCanonical).field("fact"));
        }
        let trace = trace.map(|it| read_trace(it, &body)).transpose()?;
        statement.validate()?;
        if statement.stream().is_some_and(|stream| stream != body.stream) {
            return Err(Refusal::new(Code::WrongStream).field("stream"));
        }
        Ok(Self {
            id: Digest::of(signed),
            body,
            trace,
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

    /// What the next fact of the chain names: the digest of body and signature. Whoever signs the next
    /// fact thereby vouches for every byte of this one.
    #[must_use]
    pub fn link(&self) -> Digest {
        Digest::of(&sealed(&self.signed, &self.signature, None))
    }

    /// The bytes for a reader who may not know how the fact came about.
    #[must_use]
    pub fn without_trace(&self) -> Vec<u8> {
        sealed(&self.signed, &self.signature, None)
    }

    /// Whether this fact names `before` as the one before it in the same chain. If the signature of
    /// this fact holds, then `before` is byte for byte what the same device put there.
    #[must_use]
    pub fn vouches_for(&self, before: &Self) -> bool {
        let follows = |trace: &Trace| trace.prev == Some(before.link());
        self.trace.as_ref().is_some_and(follows)
            && self.seq() == before.seq() + 1
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

/// The bytes of a fact.
fn sealed(signed: &[u8], signature: &[u8], trace: Option<&[u8]>) -> Vec<u8> {
    let trace = trace.map(Into::into);
    cbor::to_vec(&Sealed { body: signed.into(), signature: signature.into(), trace })
}

/// Reads the trace that a body names.
fn read_trace(bytes: &[u8], body: &Body) -> Result<Trace, Refusal> {
    canonical::check(bytes)?;
    let trace: Trace = cbor::from_slice(bytes)?;
    if cbor::to_vec(&trace) != bytes || Digest::of(bytes) != body.trace {
        return Err(Refusal::new(Code::NotCanonical).field("trace"));
    }
    Ok(trace)
}

fn message(signed: &[u8]) -> Vec<u8> {
    [DOMAIN, signed].concat()
}
