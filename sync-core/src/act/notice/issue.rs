//! 出具责令限期整改指令书: the server issues the notice once the record is signed, or repeats the one that an officer issued
//! on the spot.

use crate::act::site_order;
use crate::act::state;
use crate::act::visit::IssuedOnSite;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::catalogue::Colleague;
use crate::domain::hazard::{Hazard, Measure};
use crate::domain::inspection::Plan;
use crate::domain::notice::{DocumentNumber, Notice, NoticeItem, OfficerLine};
use crate::domain::papers::PaperKind;
use crate::id::{Digest, FactId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::refusal::Code;
use crate::time::{CivilDate, Timestamp};

impl Act for Notice {
    const KIND: u16 = 20;
    const NAME: &'static str = "notice.issued";
    const TITLE: &'static str = "出具责令限期整改指令书";
    const BY_SERVER: bool = true;
    const PAPERS: &'static [PaperKind] = &[PaperKind::RectificationNotice];

    fn about(&self) -> About {
        About::stream(StreamId::notice(self.id))
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, _case: &Case, _context: &Context<'_>, unmet: &mut Unmet) {
        unmet.require(false, Code::ServerOnly);
    }

    fn tell(&self) -> Telling {
        let photos = self.items.iter().flat_map(|item| &item.photos);
        Telling::of(Self::TITLE).words(self.number.to_string()).photos(photos)
    }
}

impl Notice {
    /// The notice of a visit with these hazards, as the server and an officer on the spot issue it alike.
    #[must_use]
    pub fn of_visit(
        case: &Case,
        plan: &Plan,
        colleagues: &[Colleague],
        items: Vec<NoticeItem>,
        (id, number, issued_on): (NoticeId, DocumentNumber, CivilDate),
    ) -> Self {
        Self {
            id,
            number,
            enterprise: plan.enterprise,
            department: plan.department.clone(),
            officers: Self::officers_of(case, colleagues),
            issued_on,
            items,
        }
    }

    /// The officers of a visit as its papers name them: those of the team with a certificate who were there.
    #[must_use]
    pub fn officers_of(case: &Case, colleagues: &[Colleague]) -> Vec<OfficerLine> {
        let team = case.plan().into_iter().flat_map(|plan| &plan.body.team);
        let there = team.filter(|id| case.has_arrived(**id));
        let line = |id| {
            let known = colleagues.iter().find(|it| it.id == id)?;
            let certificate = known.certificate.clone()?;
            Some(OfficerLine { id, name: known.name.clone(), certificate })
        };
        there.filter_map(|id| line(*id)).collect()
    }
}

impl Case {
    /// A notice, from the moment at which it was issued: by the server, or on the spot before the server has repeated it.
    #[must_use]
    pub fn notice(&self, id: NoticeId) -> Option<Of<'_, Notice>> {
        let by_server = self.first(About::stream(StreamId::notice(id)));
        by_server.or_else(|| self.issued_on_site().find(|it| it.body.id == id))
    }

    /// Every notice that was issued in this case.
    pub fn notices(&self) -> impl Iterator<Item = Of<'_, Notice>> {
        self.every().chain(self.unrepeated())
    }

    /// When a notice was issued: on the spot, or by the server.
    #[must_use]
    pub fn issued_at(&self, notice: Of<'_, Notice>) -> Timestamp {
        let on_site = self.issued_on_site().find(|it| it.body.id == notice.body.id);
        on_site.map_or(notice.at, |it| it.at)
    }

    /// Notices as officers issued them on the spot.
    fn issued_on_site(&self) -> impl Iterator<Item = Of<'_, Notice>> {
        self.every::<IssuedOnSite>().map(|it| Of {
            about: About::stream(StreamId::notice(it.body.notice.id)),
            fact: it.fact,
            by: it.by,
            device: it.device,
            wall: it.wall,
            seq: it.seq,
            at: it.at,
            place: it.place,
            body: &it.body.notice,
        })
    }

    /// The notice that a fact issued or repeats.
    #[must_use]
    pub fn issued_by(&self, fact: FactId) -> Option<Of<'_, Notice>> {
        self.issued_on_site().chain(self.every()).find(|it| it.fact == fact)
    }

    /// The paper of a notice that was shown and signed where it was issued on the spot.
    #[must_use]
    pub fn shown_paper(&self, id: NoticeId) -> Option<Digest> {
        self.every::<IssuedOnSite>().find(|it| it.body.notice.id == id).map(|it| it.body.paper)
    }

    /// Notices from the spot that the server has not repeated in the stream that the enterprise reads.
    pub fn unrepeated(&self) -> impl Iterator<Item = Of<'_, Notice>> {
        self.issued_on_site().filter(|it| self.first::<Notice>(it.about).is_none())
    }

    /// Whether another notice orders everything that this one orders and counts in its place: it was served first, or
    /// issued first.
    #[must_use]
    pub fn is_doubled(&self, id: NoticeId) -> bool {
        let mut items = self.notice(id).into_iter().flat_map(|it| &it.body.items);
        let counts = |item: &NoticeItem| {
            self.hazard(item.hazard).is_none_or(|hazard| hazard.is_ordered_by(id))
        };
        self.notice(id).is_some() && !items.any(counts)
    }
}

/// A notice that the server issued by itself, not one that it repeats from the spot.
pub(in crate::act) fn issued_by_server(case: &Case, id: NoticeId) -> Option<Of<'_, Notice>> {
    let on_site = case.shown_paper(id).is_some();
    case.first(About::stream(StreamId::notice(id))).filter(|_| !on_site)
}

/// The hazards of the record and of each supplement that carry all their signatures: what can be ordered.
pub fn signed(case: &Case) -> impl Iterator<Item = &Vec<Hazard>> {
    let record = case.seal().filter(|_| state::is_signed(case)).map(|it| &it.body.hazards);
    let supplements = case.supplements().filter(|it| state::is_confirmed(case, *it));
    record.into_iter().chain(supplements.map(|it| &it.body.hazards))
}

/// What a notice orders of recorded hazards: each with its term, those that were fixed on the spot left out.
#[must_use]
pub fn items_of(case: &Case, hazards: &[Hazard]) -> Vec<NoticeItem> {
    let item = |hazard: &Hazard| match hazard.measure {
        Measure::FixedOnSpot { .. } => None,
        Measure::Rectify { term } => Some(NoticeItem {
            hazard: hazard.id,
            description: hazard.description.clone(),
            place: hazard.place.clone(),
            basis: hazard.basis.clone(),
            grade: hazard.grade,
            criterion: hazard.criterion.clone(),
            term,
            photos: hazard.photos.clone(),
            site_order: site_order::ordered(case, hazard.id).cloned(),
        }),
    };
    hazards.iter().filter_map(item).collect()
}
