//! 现场处理措施: what officers order on the spot, before and beside the notice.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// One thing that is ordered at once.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum SiteMeasure {
    /// 责令立即排除.
    #[n(0)]
    RemoveAtOnce,
    /// 责令从危险区域内撤出作业人员.
    #[n(1)]
    Withdraw,
    /// 责令暂时停产停业.
    #[n(2)]
    StopProduction,
    /// 责令停止使用相关设施、设备.
    #[n(3)]
    StopUse,
}

impl SiteMeasure {
    /// Every measure, ascending.
    pub const ALL: &[Self] =
        &[Self::RemoveAtOnce, Self::Withdraw, Self::StopProduction, Self::StopUse];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RemoveAtOnce => "remove_at_once",
            Self::Withdraw => "withdraw",
            Self::StopProduction => "stop_production",
            Self::StopUse => "stop_use",
        }
    }

    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RemoveAtOnce => "责令立即排除",
            Self::Withdraw => "责令撤出作业人员",
            Self::StopProduction => "责令暂时停产停业",
            Self::StopUse => "责令停止使用",
        }
    }

    /// Whether it lasts until the authority consents to its end.
    #[must_use]
    pub const fn needs_consent(self) -> bool {
        matches!(self, Self::Withdraw | Self::StopProduction | Self::StopUse)
    }
}

/// What is ordered at once because of one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct SiteOrder {
    /// What, ascending, each once.
    #[n(0)]
    pub measures: Vec<SiteMeasure>,
    /// Of what: the workshop, the device, the people.
    #[n(1)]
    pub scope: String,
    /// Why it cannot wait.
    #[n(2)]
    pub reason: String,
    /// On which day.
    #[n(3)]
    pub on: CivilDate,
}

impl SiteOrder {
    /// Checks form and bounds.
    ///
    /// # Errors
    /// [`Code::FieldMissing`] without a measure, [`Code::NotCanonical`] for measures out of order, the code of the text
    /// that is wrong.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.measures.is_empty() {
            return Err(Refusal::new(Code::FieldMissing).field("measures"));
        }
        if !self.measures.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::new(Code::NotCanonical).field("measures"));
        }
        limits::text("scope", &self.scope, limits::NAME_CHARS)?;
        limits::text("reason", &self.reason, limits::NAME_CHARS)
    }

    /// Whether something of it lasts until the authority consents to its end.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.measures.iter().any(|it| it.needs_consent())
    }

    /// What is ordered, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let measures: Vec<&str> = self.measures.iter().map(|it| it.title()).collect();
        format!("{}（{}）", measures.join("、"), self.scope)
    }
}
