//! Numbers of a series: asked for by a device, leased to it in blocks, and what is left of a block declared void.

mod lease_numbers;
mod request_numbers;
mod void_numbers;

use std::collections::BTreeSet;

pub use lease_numbers::NumbersLeased;
pub use request_numbers::NumbersRequested;
pub use void_numbers::NumbersVoided;

use crate::act::streams::Audience;
use crate::case::{Case, Of};
use crate::domain::notice::DocumentNumber;
use crate::domain::numbers::Lease;
use crate::id::{DeviceId, FactId};

/// Numbers in one block.
pub const BLOCK: u32 = 10;
/// A device asks for more when it has this many left or fewer.
pub const LOW: u32 = 4;
/// Numbers that one person is leased within 24 hours at the most.
pub const DAY: u32 = 60;

impl Case {
    /// The blocks that were leased, in the order in which they were.
    pub fn leases(&self) -> impl Iterator<Item = Of<'_, NumbersLeased>> {
        self.every()
    }

    /// What was declared about the rest of a block.
    #[must_use]
    pub fn voided(&self, lease: FactId) -> Option<Of<'_, NumbersVoided>> {
        self.every::<NumbersVoided>().find(|it| it.body.lease == lease)
    }

    /// Requests that the server has not answered yet.
    pub fn open_requests(&self) -> impl Iterator<Item = Of<'_, NumbersRequested>> {
        let answered: BTreeSet<FactId> = self.leases().map(|it| it.body.request).collect();
        self.every::<NumbersRequested>().filter(move |it| !answered.contains(&it.fact))
    }

    /// How a number of the series stands, given those that papers carry.
    #[must_use]
    pub fn standing(&self, number: &DocumentNumber, used: &BTreeSet<DocumentNumber>) -> Standing {
        if used.contains(number) {
            return Standing::Used;
        }
        let Some(lease) = self.leases().find(|it| it.body.block.holds(number)) else {
            return Standing::NotLeased;
        };
        match self.voided(lease.fact) {
            Some(voided) => Standing::Void { reason: voided.body.reason.clone() },
            None => Standing::Held { device: lease.body.device },
        }
    }
}

/// How a number of a series stands. There is no gap without a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A paper carries it.
    Used,
    /// A device holds it and may still issue with it.
    Held {
        /// Which.
        device: DeviceId,
    },
    /// It was never used and will not be.
    Void {
        /// Why.
        reason: String,
    },
    /// No device was given it: the server issues with it, or has not come to it.
    NotLeased,
}

/// The blocks of a device that are not void, ascending.
#[must_use]
pub fn of_device(case: &Case, device: DeviceId) -> Vec<Lease> {
    let own = case.leases().filter(|it| it.body.device == device);
    let usable = own.filter(|it| case.voided(it.fact).is_none());
    let mut leases: Vec<Lease> =
        usable.map(|it| Lease { fact: it.fact, block: it.body.block.clone() }).collect();
    leases.sort_by_key(|it| it.block.first);
    leases
}

/// The free numbers of a device's blocks, ascending, with the lease of each. Those of a block are used in their order, so
/// everything up to the one that was used last is gone.
pub fn free(
    leases: &[Lease],
    last_used: impl Fn(FactId) -> Option<u32>,
) -> impl Iterator<Item = (FactId, DocumentNumber)> {
    leases.iter().flat_map(move |lease| {
        let next = last_used(lease.fact).map_or(lease.block.first, |last| last.saturating_add(1));
        (next..=lease.block.last).map(|serial| (lease.fact, lease.block.series.number(serial)))
    })
}

/// Who may read which device holds which numbers.
pub(super) fn readers(case: &Case) -> BTreeSet<Audience> {
    let of = |it: Of<'_, NumbersRequested>| {
        [
            Audience::Department(it.body.department.clone()),
            Audience::Leads(it.body.department.clone()),
            Audience::Office,
        ]
    };
    case.every::<NumbersRequested>().flat_map(of).collect()
}
