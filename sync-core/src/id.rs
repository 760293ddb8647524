//! Names of things. Every id is validated when it is made and never a bare string again.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::refusal::{Code, Refusal};

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("format" = "uuid")))]
        pub struct $name(#[cbor(with = "minicbor::bytes")] [u8; 16]);

        impl $name {
            /// Makes an id from 16 bytes of entropy, in the form of a random UUID (RFC 9562, version 4).
            #[must_use]
            pub fn from_entropy(entropy: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(entropy).into_uuid().into_bytes())
            }

            /// Takes 16 bytes that already are an id.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes of the id.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                uuid::Uuid::try_parse(text)
                    .map(|id| Self(id.into_bytes()))
                    .map_err(|_| Refusal::new(Code::IdMalformed).field(stringify!($name)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

uuid_id! {
    /// An inspection: one planned or performed visit.
    InspectionId,
    /// A hazard found during an inspection.
    HazardId,
    /// A rectification notice. Random, so that an outsider learns nothing from it.
    NoticeId,
    /// An enterprise or another inspected place.
    EnterpriseId,
    /// A person with an account.
    PersonId,
    /// An enrolled device.
    DeviceId,
    /// A session of somebody who signed in.
    SessionId,
    /// A series of document numbers within one year.
    SeriesId,
}

macro_rules! code_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
        #[cbor(transparent)]
        #[serde(transparent)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = "^[A-Za-z0-9._-]{1,32}$")))]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Checks a code that was decoded: 1 to 32 characters of `A-Z a-z 0-9 . _ -`.
            ///
            /// # Errors
            /// [`Code::IdMalformed`].
            pub fn validate(&self) -> Result<(), Refusal> {
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
                if self.0.is_empty() || self.0.len() > 32 || !self.0.chars().all(plain) {
                    return Err(Refusal::new(Code::IdMalformed).field(stringify!($name)));
                }
                Ok(())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                let code = Self(text.to_owned());
                code.validate()?;
                Ok(code)
            }
        }
    )+};
}

code_id! {
    /// A department with or without enforcement power, such as `yingji`.
    DepartmentId,
    /// A street of the zone, by its division code.
    StreetCode,
    /// A checklist pack, by the sector code of the action plan.
    SectorCode,
    /// A check item within a pack.
    ItemCode,
}

/// A digest with the name of its algorithm: one algorithm byte and 32 bytes.
///
/// Text form `sha256:<64 hex digits>`; CBOR form a byte string of 33 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("pattern" = "^sha256:[0-9a-f]{64}$")))]
pub struct Digest(#[cbor(with = "minicbor::bytes")] [u8; 33]);

/// Algorithm byte of SHA-256 (FIPS 180-4). 2 is kept for SM3 (GB/T 32905).
const SHA256: u8 = 1;

impl Digest {
    /// Digests `bytes` with SHA-256.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_sha256(sha2::Sha256::digest(bytes).into())
    }

    /// Wraps a finished SHA-256 value.
    #[must_use]
    pub fn from_sha256(value: [u8; 32]) -> Self {
        let mut all = [SHA256; 33];
        for (to, from) in all.iter_mut().skip(1).zip(value) {
            *to = from;
        }
        Self(all)
    }

    /// Reads the 33 stored bytes, refusing an algorithm that is unknown here.
    ///
    /// # Errors
    /// [`Code::IdMalformed`] for another length, [`Code::SuiteUnknown`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        let digest: Self =
            Self(bytes.try_into().map_err(|_| Refusal::new(Code::IdMalformed).field("digest"))?);
        digest.validate()?;
        Ok(digest)
    }

    /// Checks that the algorithm byte is known.
    ///
    /// # Errors
    /// [`Code::SuiteUnknown`].
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.0.first() == Some(&SHA256) {
            return Ok(());
        }
        Err(Refusal::new(Code::SuiteUnknown).field("digest"))
    }

    /// Algorithm byte and value.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 33] {
        &self.0
    }

    /// The value as 64 hex digits, without the algorithm: the name of a stored file.
    #[must_use]
    pub fn hex(&self) -> String {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
        self.0.iter().skip(1).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let malformed = || Refusal::new(Code::IdMalformed).field("digest");
        let hex = text.strip_prefix("sha256:").unwrap_or(text).as_bytes();
        if hex.len() != 64 {
            return Err(malformed());
        }
        let mut value = [0u8; 32];
        for (to, pair) in value.iter_mut().zip(hex.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| malformed())?;
            if pair.bytes().any(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(malformed());
            }
            *to = u8::from_str_radix(pair, 16).map_err(|_| malformed())?;
        }
        Ok(Self::from_sha256(value))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Names a fact: the digest of its signed bytes.
pub type FactId = Digest;

/// Names a photo or another file: the digest of its bytes.
pub type BlobHash = Digest;
