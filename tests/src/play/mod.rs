//! The loop from plan to closure, played by real devices against a real server.
//!
//! `visit` is the authority's side up to the signatures, `rectification` what follows the notice, `orders` what cannot
//! wait for it, and the papers.
//! Each step says what happened and fails with a refusal when the product did not do what it promises.

mod office;
pub mod orders;
mod rectification;
mod visit;

use std::collections::{BTreeMap, BTreeSet};

use device::NoticeView;
use sync_core::domain::account::Role;
use sync_core::domain::enterprise::Enterprise;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{BlobHash, HazardId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal};

use crate::phone::Phone;
use crate::photo::{self, Scene};
use crate::town::Town;
use crate::weather::Weather;

/// Attempts to synchronise before a step is given up; each is a real exchange.
const ATTEMPTS: usize = 4_000;

/// The papers to which the steps lead.
const PLAYED: [PaperKind; 7] = [
    PaperKind::InspectionPlan,
    PaperKind::VisitNotice,
    PaperKind::InspectionRecord,
    PaperKind::MeasureDecision,
    PaperKind::RectificationNotice,
    PaperKind::RecheckOpinion,
    PaperKind::ProofOfService,
];

/// How large pictures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// 12 megapixels, as a phone takes them.
    Phone,
    /// Small ones, where a test is about something else.
    Small,
}

/// The hazards of the visit.
#[derive(Clone, Copy, Debug)]
pub struct Hazards {
    /// A blocked passage: replied, rechecked, closed.
    pub passage: HazardId,
    /// Extinguishers: fixed on the spot.
    pub extinguishers: HazardId,
    /// Battery store: graded differently, extended, overdue in the end.
    pub battery: HazardId,
    /// Signs: the first recheck fails.
    pub signs: HazardId,
}

/// A visit in progress.
pub struct Play<'t> {
    /// The town.
    pub town: &'t mut Town,
    /// Plans, decides, closes.
    pub supervisor: Phone,
    /// Another supervisor of the department, who did not plan the visit.
    pub deputy: Phone,
    /// Leads the visit.
    pub wang: Phone,
    /// The second officer.
    pub li: Phone,
    /// Account of the officer who is revoked.
    pub third: String,
    /// The inspected enterprise's safety officer.
    pub enterprise: Phone,
    /// The inspected enterprise.
    pub place: Enterprise,
    /// The visit.
    pub inspection: InspectionId,
    /// Its hazards.
    pub hazards: Hazards,
    /// Photos by what they are called in the play.
    pub photos: BTreeMap<&'static str, BlobHash>,
    pictures: Pictures,
    say: Box<dyn FnMut(&str) + 't>,
}

impl std::fmt::Debug for Play<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Play").field("inspection", &self.inspection).finish_non_exhaustive()
    }
}

fn fresh<T>(make: impl Fn([u8; 16]) -> T) -> T {
    make(server::config::entropy().unwrap_or_default())
}

/// A step did not do what it should; `what` says which.
pub(crate) fn missed(what: &str) -> Refusal {
    Refusal::new(Code::Malformed).detail(format!("the play went wrong: {what}"))
}

/// Fails a step unless something holds.
pub(crate) fn expect(holds: bool, what: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(missed(what)) }
}

/// Fails a step unless it was refused with this code.
pub(crate) fn expect_refused<T>(outcome: Result<T, Refusal>, code: Code) -> Result<(), Refusal> {
    match outcome {
        Err(refusal) if refusal.code == code => Ok(()),
        Err(refusal) => Err(missed(&format!("{code} expected, refused with {refusal}"))),
        Ok(_) => Err(missed(&format!("{code} expected, was accepted"))),
    }
}

impl<'t> Play<'t> {
    /// Hands phones to a supervisor, two inspectors and an enterprise, all signed in and enrolled.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn new(
        town: &'t mut Town,
        pictures: Pictures,
        say: impl FnMut(&str) + 't,
    ) -> Result<Self, Refusal> {
        let of = |town: &Town, role: Role| -> Vec<String> {
            let mine = |it: &&server::usecase::seed::Seeded| {
                let department = it.person.department.as_ref();
                it.person.role == role && department.is_none_or(|it| it.as_str() == "yingji")
            };
            town.accounts.values().filter(mine).map(|it| it.username.clone()).collect()
        };
        let first = |names: Vec<String>, n: usize| names.get(n).cloned().ok_or(missed("people"));
        let inspectors = of(town, Role::Inspector);
        let supervisor = town.phone(&first(of(town, Role::Supervisor), 0)?)?;
        let deputy = town.phone(&first(of(town, Role::Supervisor), 1)?)?;
        let wang = town.phone(&first(inspectors.clone(), 0)?)?;
        let li = town.phone(&first(inspectors.clone(), 1)?)?;
        let third = first(inspectors, 2)?;
        let battery = |it: &&Enterprise| it.sectors.iter().any(|sector| sector.as_str() == "LB");
        let known = supervisor.device.catalogue().enterprises.iter().find(battery).cloned();
        let place = known.ok_or(missed("an enterprise with a battery store"))?;
        let account = town.accounts.values().find(|it| it.person.enterprise == Some(place.id));
        let account = account.map(|it| it.username.clone()).ok_or(missed("its account"))?;
        let enterprise = town.phone(&account)?;
        Ok(Self {
            town,
            supervisor,
            deputy,
            wang,
            li,
            third,
            enterprise,
            place,
            inspection: fresh(InspectionId::from_entropy),
            hazards: Hazards {
                passage: fresh(HazardId::from_entropy),
                extinguishers: fresh(HazardId::from_entropy),
                battery: fresh(HazardId::from_entropy),
                signs: fresh(HazardId::from_entropy),
            },
            photos: BTreeMap::new(),
            pictures,
            say: Box::new(say),
        })
    }

    /// Plays everything.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn whole(&mut self) -> Result<(), Refusal> {
        self.plan()?;
        self.visit_without_signal()?;
        self.return_in_a_storm()?;
        self.decide_and_sign()?;
        let notice = self.notice()?;
        self.answer(notice)?;
        self.recheck(notice)?;
        self.close(notice)?;
        self.quarantine()?;
        let kinds: BTreeSet<PaperKind> = self.papers()?.into_iter().map(|it| it.row.kind).collect();
        PLAYED.iter().try_for_each(|kind| expect(kinds.contains(kind), kind.name()))
    }

    fn tell(&mut self, line: impl AsRef<str>) {
        (self.say)(line.as_ref());
    }

    fn draw(&self, scene: Scene, seed: u64) -> Vec<u8> {
        match self.pictures {
            Pictures::Phone => photo::take(scene, seed),
            Pictures::Small => photo::draw(scene, seed, 320, 240, 80),
        }
    }

    /// The stream of the visit.
    #[must_use]
    pub const fn visit(&self) -> StreamId {
        StreamId::inspection(self.inspection)
    }

    fn photo(&self, name: &str) -> Result<BlobHash, Refusal> {
        self.photos.get(name).copied().ok_or_else(|| missed(name))
    }
}

/// Synchronises until a phone shows what is awaited.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn until(
    phone: &mut Phone,
    what: &str,
    shows: impl Fn(&Phone) -> Result<bool, Refusal>,
) -> Result<usize, Refusal> {
    for attempt in 1..=ATTEMPTS {
        phone.sync()?;
        if shows(phone)? {
            return Ok(attempt);
        }
    }
    Err(missed(what))
}

/// Synchronises until nothing of the phone's own waits; gives the attempts that it took.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn deliver(phone: &mut Phone) -> Result<usize, Refusal> {
    until(phone, "the outbox did not empty", |phone| Ok(phone.device.outbox()?.waiting() == 0))
}

/// One phone of a team shows what it has of a visit, the other one takes it over, without a network.
///
/// # Errors
/// What either device refuses, or a [`Refusal`] that names what was missed.
pub fn meet(from: &mut Phone, to: &mut Phone, visit: InspectionId) -> Result<(), Refusal> {
    let mut imported = None;
    for frame in from.device.hand_over(visit)? {
        imported = to.device.take_over(&frame)?.imported;
    }
    let imported = imported.ok_or_else(|| missed("everything that was shown"))?;
    expect(imported.refused == 0, "everything that was shown holds")
}

/// The only notice that a phone knows of this enterprise's visit.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn notice_of(phone: &Phone, id: NoticeId) -> Result<NoticeView, Refusal> {
    let now = phone.device.now()?;
    phone.device.notice(&StreamId::notice(id), now)?.ok_or_else(|| missed("the notice"))
}

/// Turns the weather over several phones.
pub fn turn(phones: [&Phone; 2], weather: Weather) {
    for phone in phones {
        phone.network.turn(weather);
    }
}
