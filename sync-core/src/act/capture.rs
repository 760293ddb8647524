//! 拍摄照片: a photo with the claims that were signed at the shutter.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::conditions::{of_enterprise, officer, officer_of_notice, open};
use super::hazard::HazardCase;
use super::notice::{Recheck, Reply};
use super::state;
use super::visit::{not_recorded, on_team, records};
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case, Stated};
use crate::domain::evidence::{Photo, Purpose};
use crate::id::{BlobHash, HazardId, NoticeId};
use crate::ledger::stream::{StreamId, StreamKind};
use crate::refusal::{Code, Refusal};

/// A photo was captured.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Capture {
    /// Where it belongs.
    #[n(0)]
    pub stream: StreamId,
    /// The photo.
    #[n(1)]
    pub photo: Photo,
}

impl Act for Capture {
    const KIND: u16 = 3;
    const NAME: &'static str = "photo.captured";
    const TITLE: &'static str = "拍摄照片";

    fn about(&self) -> About {
        About { stream: self.stream, hazard: self.photo.hazard }
    }

    fn form(&self) -> Result<(), Refusal> {
        self.photo.validate()
    }

    /// The first capture of a digest counts.
    fn repeats(&self, earlier: &Self) -> bool {
        self.photo.blob == earlier.photo.blob
    }

    /// Photos of the visit by its team, experts and assistants included, after the seal of hazards that the record does
    /// not hold; photos of the rectification
    /// by the enterprise; photos of the recheck and of the service by officers of the department.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let photo = &self.photo;
        let original = photo.derived_from.is_none_or(|of| first_purpose(case, &of).is_some());
        unmet.require(original, Code::PhotoUnknown);
        // A photo of the state after is taken for this case and for no other one.
        let reused = photo.purpose.is_after() && context.photos.is_elsewhere(&photo.blob);
        unmet.require(!reused, Code::PhotoReused);
        let visit = self.stream.kind == StreamKind::Inspection;
        match (photo.purpose, self.stream.as_notice()) {
            (Purpose::Found | Purpose::FixedOnSpot, _) if visit => {
                records(case, context, unmet);
                not_recorded(case, photo.hazard, unmet);
                unmet.require(photo.hazard.is_some(), Code::HazardUnknown);
            }
            (Purpose::Signature, _) if visit => {
                officer(context, unmet);
                on_team(case, context, unmet);
                unmet.require(case.seal().is_some(), Code::NotSealed);
            }
            (Purpose::Signature, Some(notice)) => {
                let known = case.notice(notice);
                unmet.require(known.is_some(), Code::NoticeNotIssued);
                officer_of_notice(context, known.map(|it| &it.body.department), unmet);
            }
            (Purpose::Rectified, Some(notice)) => {
                of_enterprise(context, case.notice(notice).map(|it| it.body.enterprise), unmet);
                self.of_open_hazard(case, notice, unmet);
            }
            (Purpose::Recheck, Some(notice)) => {
                let known = case.notice(notice);
                unmet.require(known.is_some(), Code::NoticeNotIssued);
                officer_of_notice(context, known.map(|it| &it.body.department), unmet);
                self.of_open_hazard(case, notice, unmet);
            }
            _ => unmet.require(false, Code::WrongStream),
        }
    }

    fn tell(&self) -> Telling {
        let purpose = match self.photo.purpose {
            Purpose::Found => "发现时",
            Purpose::FixedOnSpot => "当场整改后",
            Purpose::Rectified => "整改后",
            Purpose::Recheck => "复查时",
            Purpose::Signature => "签名",
        };
        Telling::of(Self::TITLE).words(purpose).photos([&self.photo.blob])
    }
}

impl Capture {
    fn of_open_hazard(&self, case: &Case, notice: NoticeId, unmet: &mut Unmet) {
        unmet.require(self.photo.hazard.is_some(), Code::HazardUnknown);
        if let Some(hazard) = self.photo.hazard {
            open(case, notice, hazard, unmet);
        }
    }
}

/// What a photo was for when it was first captured in this case. A later capture of the same bytes makes no other
/// photo of it.
#[must_use]
pub fn first_purpose(case: &Case, blob: &BlobHash) -> Option<Purpose> {
    let captures = case.stated().iter().filter_map(Stated::as_act::<Capture>);
    captures.map(|it| &it.body.photo).find(|photo| photo.blob == *blob).map(|it| it.purpose)
}

/// Every photo was captured in this case for this purpose and hazard.
pub(super) fn captured(
    case: &Case,
    photos: &[BlobHash],
    purpose: Purpose,
    hazard: HazardId,
    unmet: &mut Unmet,
) {
    let known = |blob: &BlobHash| {
        let of_hazard = case.every::<Capture>().map(|it| &it.body.photo);
        first_purpose(case, blob) == Some(purpose)
            && of_hazard.into_iter().any(|it| it.blob == *blob && it.hazard == Some(hazard))
    };
    unmet.require(photos.iter().all(known), Code::PhotoUnknown);
}

/// No photo shows again what was shown as found, in an earlier round or at a recheck. A reply may
/// be corrected within its round and show its photos again.
pub(super) fn fresh(hazard: &HazardCase<'_>, photos: &[BlobHash], unmet: &mut Unmet) {
    let found = hazard.item.into_iter().flat_map(|item| &item.photos);
    let round = state::round_photos(hazard);
    let replied = hazard.all::<Reply>().flat_map(|reply| &reply.body.photos);
    let replied = replied.filter(|blob| !round.contains(*blob));
    let rechecked = hazard.all::<Recheck>().flat_map(|recheck| &recheck.body.photos);
    let mut shown = found.chain(replied).chain(rechecked);
    unmet.require(!shown.any(|blob| photos.contains(blob)), Code::PhotoReused);
}
