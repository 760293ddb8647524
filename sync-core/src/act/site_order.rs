//! How an order on the spot stands. Never stored: asked of a case.

use serde::Serialize;

use super::notice::Dismissed;
use super::state::{self, HazardState};
use super::visit::MeasureOrdered;
use crate::case::{About, Case};
use crate::domain::site_measure::SiteOrder;
use crate::id::HazardId;

/// State of an order on the spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Ordered; nothing of it waits for a consent.
    Ordered,
    /// What was stopped stays stopped.
    Stopped,
    /// The enterprise asked to go on and nobody has decided.
    ResumptionRequested,
    /// The authority consented to going on.
    Resumed,
    /// The hazard was fixed before the officers left: the record that says so ends the order.
    Fixed,
    /// The hazard was dismissed, and the order with it.
    Withdrawn,
}

impl OrderState {
    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ordered => "已责令",
            Self::Stopped => "停止中",
            Self::ResumptionRequested => "申请恢复，待审批",
            Self::Resumed => "已同意恢复",
            Self::Fixed => "当场整改，已解除",
            Self::Withdrawn => "已随隐患撤销",
        }
    }
}

/// An order on the spot with its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OrderStatus {
    /// The order.
    pub order: SiteOrder,
    /// What is ordered, in words.
    pub words: String,
    /// Its state.
    pub state: OrderState,
    /// The state in words.
    pub title: String,
}

/// What was ordered on the spot because of a hazard: as the notice repeats it, before a notice as it was stated.
#[must_use]
pub fn ordered(case: &Case, hazard: HazardId) -> Option<&SiteOrder> {
    let item = case.hazard(hazard).and_then(|it| it.item);
    if let Some(item) = item {
        return item.site_order.as_ref();
    }
    let about = About::hazard(case.plan()?.about.stream, hazard);
    case.first::<MeasureOrdered>(about).map(|it| &it.body.order)
}

/// How the order because of a hazard stands; none where nothing was ordered on the spot.
#[must_use]
pub fn status(case: &Case, hazard: HazardId) -> Option<OrderStatus> {
    let order = ordered(case, hazard)?.clone();
    let hazard = case.hazard(hazard);
    let state = match hazard {
        Some(it) if it.first::<Dismissed>().is_some() => OrderState::Withdrawn,
        Some(it) if state::of_hazard(&it) == HazardState::FixedOnSpot => OrderState::Fixed,
        _ if !order.needs_consent() => OrderState::Ordered,
        Some(it) if it.item.is_some() && !it.is_stopped() => OrderState::Resumed,
        Some(it) if it.pending_resumption().is_some() => OrderState::ResumptionRequested,
        _ => OrderState::Stopped,
    };
    Some(OrderStatus { words: order.words(), title: state.title().to_owned(), order, state })
}
