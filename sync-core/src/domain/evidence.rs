//! Photos and the claims that a device makes about them at the shutter.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{BlobHash, HazardId};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// Degrees times ten million in WGS-84, never converted before storing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct Position {
    /// Latitude, north positive.
    #[cfg_attr(feature = "schema", schemars(range(min = -limits::LATITUDE_E7, max = limits::LATITUDE_E7)))]
    #[n(0)]
    pub lat_e7: i32,
    /// Longitude, east positive.
    #[cfg_attr(feature = "schema", schemars(range(min = -limits::LONGITUDE_E7, max = limits::LONGITUDE_E7)))]
    #[n(1)]
    pub lon_e7: i32,
}

impl Position {
    /// Checks that it is a place on earth.
    ///
    /// # Errors
    /// [`Code::FieldMalformed`], with the field.
    pub fn validate(&self) -> Result<(), Refusal> {
        let within = |field, value: i32, most: i32| {
            if (-most..=most).contains(&value) {
                Ok(())
            } else {
                Err(Refusal::new(Code::FieldMalformed).field(field))
            }
        };
        within("lat_e7", self.lat_e7, limits::LATITUDE_E7)?;
        within("lon_e7", self.lon_e7, limits::LONGITUDE_E7)
    }
}

/// A position fix as the platform reported it. It is graded by people, never used to block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct Fix {
    /// Where.
    #[n(0)]
    pub position: Position,
    /// Radius of 68 % confidence, in decimetres.
    #[n(1)]
    pub accuracy_dm: u32,
    /// Where the fix came from.
    #[n(2)]
    pub source: FixSource,
    /// Whether the platform says that another program set the position.
    #[n(3)]
    pub mock: bool,
}

/// Where a fix came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum FixSource {
    /// Satellites.
    #[n(0)]
    Satellite,
    /// Wi-Fi or cells.
    #[n(1)]
    Network,
    /// A receiver outside of the phone.
    #[n(2)]
    External,
}

/// How the bytes came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Source {
    /// Taken in the app, hashed at the shutter.
    #[n(0)]
    Camera,
    /// Taken from a file: shown as 非现场拍摄.
    #[n(1)]
    Import,
    /// Drawn on the screen: a handwritten signature, or marks on the copy of a photo.
    #[n(2)]
    Drawing,
}

/// What a photo is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Purpose {
    /// The hazard as found.
    #[n(0)]
    Found,
    /// Fixed on the spot, before the officers left.
    #[n(1)]
    FixedOnSpot,
    /// What the enterprise did.
    #[n(2)]
    Rectified,
    /// What the recheck saw.
    #[n(3)]
    Recheck,
    /// A signature or a refusal to sign.
    #[n(4)]
    Signature,
}

impl Purpose {
    /// Whether such a photo shows the state after rectification.
    #[must_use]
    pub const fn is_after(self) -> bool {
        matches!(self, Self::FixedOnSpot | Self::Rectified | Self::Recheck)
    }
}

/// One photo with its claims. The fact that carries it is signed at the shutter.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Photo {
    /// Digest of the original bytes.
    #[n(0)]
    pub blob: BlobHash,
    /// Size of the original in bytes.
    #[n(1)]
    pub bytes: u64,
    /// Width in pixels, as captured.
    #[n(2)]
    pub width: u32,
    /// Height in pixels, as captured.
    #[n(3)]
    pub height: u32,
    /// What it is for.
    #[n(4)]
    pub purpose: Purpose,
    /// The hazard it shows; a signature has none.
    #[n(5)]
    pub hazard: Option<HazardId>,
    /// How the bytes came to be.
    #[n(6)]
    pub source: Source,
    /// Position fix, where there was one.
    #[n(7)]
    pub fix: Option<Fix>,
    /// The photo on whose copy was drawn; the original stays as it is.
    #[n(8)]
    #[serde(default)]
    pub derived_from: Option<BlobHash>,
}

impl Photo {
    /// Checks form and bounds.
    ///
    /// # Errors
    /// `Code::SuiteUnknown` for a digest, [`Code::BlobEmpty`], [`Code::TooLarge`], [`Code::FieldMalformed`]
    /// for impossible sides and for a position that is not on earth.
    pub fn validate(&self) -> Result<(), Refusal> {
        self.fix.map_or(Ok(()), |fix| fix.position.validate())?;
        self.blob.validate()?;
        self.derived_from.as_ref().map_or(Ok(()), BlobHash::validate)?;
        if self.bytes == 0 {
            return Err(Refusal::new(Code::BlobEmpty).field("bytes"));
        }
        if self.bytes > limits::BLOB_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("bytes"));
        }
        let pixels = u64::from(self.width) * u64::from(self.height);
        if pixels == 0
            || pixels > limits::PHOTO_PIXELS
            || self.width.max(self.height) > limits::PHOTO_SIDE
        {
            return Err(Refusal::new(Code::FieldMalformed).field("width"));
        }
        Ok(())
    }
}
