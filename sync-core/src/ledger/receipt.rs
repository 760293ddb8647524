//! What the server adds when it takes a fact over: its place and time, signed once it is on disk.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::fact::{Suite, Verifier};
use crate::cbor;
use crate::id::FactId;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Place and time of one fact.
///
/// Places count within the fact's stream, from 1 and without gaps, so that they tell a reader of
/// one stream nothing about others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
pub struct Receipt {
    /// The fact.
    #[n(0)]
    pub fact: FactId,
    /// Its place within its stream.
    #[n(1)]
    pub place: u64,
    /// Server time when it was taken over.
    #[n(2)]
    pub at: Timestamp,
}

/// Receipts with one signature of the server over all of them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReceiptPage {
    /// CBOR of the receipts, as signed.
    #[n(0)]
    pub receipts: ByteVec,
    /// Ed25519 signature over [`ReceiptPage::signed_message`].
    #[n(1)]
    pub signature: ByteVec,
}

impl ReceiptPage {
    /// Makes a page; `sign` is the server's signature over a message.
    ///
    /// # Errors
    /// What `sign` refuses.
    pub fn new(
        receipts: &[Receipt],
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, Refusal>,
    ) -> Result<Self, Refusal> {
        let receipts = cbor::to_vec(&receipts);
        let signature = sign(&Self::signed_message(&receipts))?;
        Ok(Self { receipts: receipts.into(), signature: signature.into() })
    }

    /// What the server signs: a domain string and the receipts.
    #[must_use]
    pub fn signed_message(receipts: &[u8]) -> Vec<u8> {
        let mut message = b"zhicha receipts v1\0".to_vec();
        message.extend(receipts);
        message
    }

    /// Checks the signature and reads the receipts.
    ///
    /// # Errors
    /// `signature_invalid` or `malformed`.
    pub fn open(&self, verifier: &dyn Verifier, key: &[u8]) -> Result<Vec<Receipt>, Refusal> {
        let message = Self::signed_message(&self.receipts);
        verifier.verify(Suite::Ed25519, key, &message, &self.signature)?;
        cbor::from_slice(&self.receipts)
    }
}
