//! Inspected places: enterprises with a credit code, and places without one.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{EnterpriseId, SectorCode, StreetCode};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// 统一社会信用代码 (GB 32100-2015): 18 characters with a check character.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(transparent)]
#[serde(transparent)]
pub struct CreditCode(String);

/// The 31 characters of the standard; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Reads a code, putting letters into upper case first, and checks its last character.
    ///
    /// # Errors
    /// [`Code::CreditCodeInvalid`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let code = Self(text.trim().to_ascii_uppercase());
        code.validate()?;
        Ok(code)
    }

    /// Checks a code that was decoded.
    ///
    /// # Errors
    /// [`Code::CreditCodeInvalid`].
    pub fn validate(&self) -> Result<(), Refusal> {
        let invalid = || Refusal::new(Code::CreditCodeInvalid).field("credit_code");
        let values: Vec<usize> = self
            .0
            .bytes()
            .map(|byte| ALPHABET.iter().position(|known| *known == byte))
            .collect::<Option<_>>()
            .ok_or_else(invalid)?;
        let (Some((check, body)), 18) = (values.split_last(), values.len()) else {
            return Err(invalid());
        };
        // Weight of the character at position i (from 0) is 3^i mod 31.
        let (sum, _) = body
            .iter()
            .fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
        if *check == (31 - sum % 31) % 31 { Ok(()) } else { Err(invalid()) }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An enterprise or another place that is inspected.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Enterprise {
    /// Which enterprise.
    #[n(0)]
    pub id: EnterpriseId,
    /// Registered name.
    #[n(1)]
    pub name: String,
    /// Credit code; a construction site or a household has none.
    #[n(2)]
    pub credit_code: Option<CreditCode>,
    /// Street of the zone.
    #[n(3)]
    pub street: StreetCode,
    /// Sectors whose checklists apply.
    #[n(4)]
    pub sectors: Vec<SectorCode>,
    /// Address.
    #[n(5)]
    pub address: String,
    /// 主要负责人 or 法定代表人.
    #[n(6)]
    pub principal: String,
    /// Risk class A to D, from which the yearly frequency follows.
    #[n(7)]
    pub risk_class: RiskClass,
    /// Position in WGS-84, where known.
    #[n(8)]
    pub position: Option<super::evidence::Position>,
}

/// Supervision class of an enterprise, A lowest risk to D highest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(index_only)]
pub enum RiskClass {
    /// Lowest.
    #[n(0)]
    A,
    /// Low.
    #[n(1)]
    B,
    /// Raised.
    #[n(2)]
    C,
    /// Highest.
    #[n(3)]
    D,
}

impl Enterprise {
    /// Checks form and bounds.
    ///
    /// # Errors
    /// The code of the first field that is wrong: `Code::FieldMissing`, `Code::FieldTooLong` or
    /// `Code::FieldMalformed` for a text, `Code::FieldMalformed` for a position that is not on earth,
    /// `Code::IdMalformed` for a code, [`Code::CreditCodeInvalid`].
    pub fn validate(&self) -> Result<(), Refusal> {
        limits::text("name", &self.name, limits::NAME_CHARS)?;
        limits::text("address", &self.address, limits::NAME_CHARS)?;
        limits::optional_text("principal", &self.principal, limits::NAME_CHARS)?;
        self.position.map_or(Ok(()), |it| it.validate())?;
        self.street.validate()?;
        self.sectors.iter().try_for_each(SectorCode::validate)?;
        self.credit_code.as_ref().map_or(Ok(()), CreditCode::validate)
    }
}
