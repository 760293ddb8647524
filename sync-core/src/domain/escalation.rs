//! How much pressure is put on an open hazard.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Step of the escalation ladder.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Escalation {
    /// 提醒.
    #[n(0)]
    Reminder,
    /// 通报.
    #[n(1)]
    Circular,
    /// 约谈.
    #[n(2)]
    Interview,
    /// 曝光.
    #[n(3)]
    Exposure,
    /// 挂牌督办.
    #[n(4)]
    Listing,
    /// 立案.
    #[n(5)]
    Filing,
    /// 移送.
    #[n(6)]
    Referral,
}

impl Escalation {
    /// Every step, ascending.
    pub const ALL: &[Self] = &[
        Self::Reminder,
        Self::Circular,
        Self::Interview,
        Self::Exposure,
        Self::Listing,
        Self::Filing,
        Self::Referral,
    ];

    /// Whether it is prepared without the enterprise: a case that is filed, or handed to another organ.
    #[must_use]
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::Filing | Self::Referral)
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Circular => "circular",
            Self::Interview => "interview",
            Self::Exposure => "exposure",
            Self::Listing => "listing",
            Self::Filing => "filing",
            Self::Referral => "referral",
        }
    }

    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Reminder => "提醒",
            Self::Circular => "通报",
            Self::Interview => "约谈",
            Self::Exposure => "曝光",
            Self::Listing => "挂牌督办",
            Self::Filing => "立案",
            Self::Referral => "移送",
        }
    }
}
