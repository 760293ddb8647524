//! What the server's streams may hold: an independent fold that asks the gates of the core about every fact, in the order
//! in which the server took them over.

use std::collections::{BTreeMap, BTreeSet};

use server::auth::keys::Keys;
use server::store::quarantine::{Judgement, QuarantineRow};
use sync_core::act::paper::IssuedPaper;
use sync_core::act::streams::{Audience, readers};
use sync_core::act::{Admitted, Capture, Fact, Statement, visit};
use sync_core::calendar::Calendars;
use sync_core::case::Case;
use sync_core::case::act::{Context, Photos};
use sync_core::case::fold::{extend, fold};
use sync_core::domain::account::{Person, Role};
use sync_core::domain::catalogue::{Catalogue, Colleague};
use sync_core::draft::{Draft, Sessions};
use sync_core::id::{BlobHash, DeviceId, FactId, InspectionId, PersonId};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::ledger::suites::SoftVerifier;
use sync_core::limits::CLOCK_AHEAD_MS;
use sync_core::refusal::{Code, Disposition};
use sync_core::rules::due::{Owed, due};
use sync_core::rules::{authority, gates};
use sync_core::time::Timestamp;

use super::cast::{Phone, catalogue};
use super::world::contains;

/// A change as it lies in the store.
pub(crate) struct NewChange {
    pub(crate) stream: StreamId,
    pub(crate) at: Timestamp,
    pub(crate) author: PersonId,
    pub(crate) device: DeviceId,
    pub(crate) bytes: Vec<u8>,
}

/// Everything that the server may hold, folded by itself.
pub(crate) struct Model {
    people: BTreeMap<PersonId, Person>,
    devices: BTreeMap<DeviceId, (PersonId, Vec<u8>)>,
    keys: Keys,
    /// What gates ask of the zone.
    pub(crate) zone: Catalogue,
    /// The facts of each stream, by place.
    pub(crate) streams: BTreeMap<StreamId, Vec<Admitted>>,
    /// The visit that a stream belongs to.
    roots: BTreeMap<StreamId, StreamId>,
    cases: BTreeMap<StreamId, Case>,
    numbers: BTreeMap<(DeviceId, u64), FactId>,
    /// Who announced a photo in which stream.
    announced: BTreeMap<BlobHash, BTreeSet<(StreamId, PersonId)>>,
    pub(crate) brought: BTreeSet<(BlobHash, PersonId)>,
    pub(crate) drafts: BTreeMap<InspectionId, Draft>,
    /// What the actors of a draft said of themselves.
    sessions: BTreeMap<InspectionId, Sessions>,
    /// Acceptances that were answered with success: by whom and when.
    pub(crate) acceptances: BTreeSet<(PersonId, Timestamp)>,
    /// How many facts rest on a pardon.
    pub(crate) pardoned: usize,
}

impl Model {
    pub(crate) fn new(phones: &[Phone], keys: Keys) -> Self {
        Self {
            people: phones.iter().map(|it| (it.person.id, it.person.clone())).collect(),
            devices: phones
                .iter()
                .map(|it| (it.device, (it.person.id, it.signer.public_key())))
                .collect(),
            keys,
            zone: Catalogue {
                colleagues: phones.iter().filter_map(|it| Colleague::of(&it.person)).collect(),
                ..catalogue()
            },
            streams: BTreeMap::new(),
            roots: BTreeMap::new(),
            cases: BTreeMap::new(),
            numbers: BTreeMap::new(),
            announced: BTreeMap::new(),
            brought: BTreeSet::new(),
            drafts: BTreeMap::new(),
            sessions: BTreeMap::new(),
            acceptances: BTreeSet::new(),
            pardoned: 0,
        }
    }

    /// Notes that a notice belongs to a visit, for good.
    pub(crate) fn link(&mut self, notice: StreamId, visit: StreamId) {
        let known = *self.roots.entry(notice).or_insert(visit);
        assert_eq!(known, visit, "a notice changed its visit");
    }

    fn root(&self, stream: StreamId) -> StreamId {
        self.roots.get(&stream).copied().unwrap_or(stream)
    }

    /// The case of a stream, as somebody sees it: an enterprise its notice alone.
    pub(crate) fn case(&self, person: &Person, stream: StreamId) -> Case {
        if person.role == Role::Enterprise {
            return fold(self.streams.get(&stream).into_iter().flatten());
        }
        self.cases.get(&self.root(stream)).cloned().unwrap_or_default()
    }

    pub(crate) fn whole_case(&self, stream: StreamId) -> Option<&Case> {
        self.cases.get(&self.root(stream))
    }

    /// Whether a person may read a stream now.
    pub(crate) fn may_read(&self, person: &Person, stream: StreamId) -> bool {
        let Some(case) = self.whole_case(stream) else { return false };
        let own: BTreeSet<Audience> = authority::reads(person).into_iter().collect();
        !readers(stream, case).is_disjoint(&own)
    }

    /// Whether a word stands in a fact that a person may read.
    pub(crate) fn may_read_word(&self, person: &Person, word: &[u8]) -> bool {
        let mut readable =
            self.streams.iter().filter(|(stream, _)| self.may_read(person, **stream));
        readable.any(|(_, facts)| facts.iter().any(|it| contains(it.fact.bytes(), word)))
    }

    /// Whether a person may be given the bytes of a photo.
    pub(crate) fn may_see(&self, person: &Person, blob: &BlobHash) -> bool {
        let at = || self.announced.get(blob).into_iter().flatten();
        let brought =
            |stream| at().any(|it| it.0 == stream && self.brought.contains(&(*blob, it.1)));
        self.brought.contains(&(*blob, person.id))
            || at().any(|(stream, _)| self.is_shown(person, *stream, blob, brought))
    }

    fn is_shown(
        &self,
        person: &Person,
        stream: StreamId,
        blob: &BlobHash,
        is_brought: impl Fn(StreamId) -> bool,
    ) -> bool {
        let case = self.whole_case(stream);
        case.is_some_and(|case| {
            authority::may_fetch_blob(person, case, blob, |about| is_brought(about.stream))
        })
    }

    /// Takes over what the server took over at one instant. In which order within it is not known: any that the rules
    /// permit will do.
    pub(crate) fn take_over(
        &mut self,
        mut facts: Vec<Admitted>,
        judged: &[QuarantineRow],
    ) -> Result<(), String> {
        while !facts.is_empty() {
            let checked = facts.iter().map(|it| self.check(it, judged));
            let checked: Vec<Result<bool, String>> = checked.collect();
            let Some(next) = checked.iter().position(Result::is_ok) else {
                let what = facts.first().map(|it| format!("{:?}", it.fact.statement));
                return Err(format!("{:?} {what:?}", checked.into_iter().next()));
            };
            self.pardoned += usize::from(checked.into_iter().nth(next) == Some(Ok(true)));
            self.extend(facts.remove(next));
        }
        Ok(())
    }

    fn extend(&mut self, it: Admitted) {
        let stream = it.fact.body.stream;
        let root = self.root(stream);
        extend(self.cases.entry(root).or_default(), &it.fact, it.receipt);
        self.numbers.insert((it.fact.body.device, it.fact.seq()), it.fact.id);
        if let Statement::Captured(Capture { photo, .. }) = &it.fact.statement {
            let who = (stream, it.fact.body.author);
            self.announced.entry(photo.blob).or_default().insert(who);
        }
        self.streams.entry(stream).or_default().push(it);
    }

    /// Whether a fact may be there, and whether that rests on a pardon.
    fn check(&self, it: &Admitted, judged: &[QuarantineRow]) -> Result<bool, String> {
        let (fact, Receipt { at, place, .. }) = (&it.fact, it.receipt.unwrap());
        let places = self.streams.get(&fact.body.stream).map_or(0, Vec::len) as u64;
        if place != places + 1 {
            return Err(format!("place {place} behind {places}"));
        }
        if fact.body.device == self.keys.identity().1 {
            return self.check_own(fact, at).map(|()| false);
        }
        let Some((owner, key)) = self.devices.get(&fact.body.device) else {
            return Err("a device that nobody enrolled".to_owned());
        };
        let author = &self.people[owner];
        if fact.body.author != author.id {
            return Err("an author who does not own the device".to_owned());
        }
        fact.verify(&SoftVerifier, key).map_err(|it| it.to_string())?;
        if fact.statement.is_by_server() || matches!(fact.statement, Statement::Unknown { .. }) {
            return Err("a kind that nobody may bring".to_owned());
        }
        let unmet = self.unmet(fact, author, at);
        if unmet.is_empty() { Ok(false) } else { self.pardon(fact, author, unmet, judged) }
    }

    /// What the server stated itself: it owed exactly that.
    fn check_own(&self, fact: &Fact, at: Timestamp) -> Result<(), String> {
        fact.verify(&SoftVerifier, &self.keys.public_key()).map_err(|it| it.to_string())?;
        let case = self.whole_case(fact.body.stream).cloned().unwrap_or_default();
        let owed = due(&case, &Calendars::default(), at).owed;
        let plan = case.plan().map(|it| (it.body.enterprise, it.body.department.clone()));
        let is_owed = match &fact.statement {
            Statement::NoticeIssued(notice) => {
                plan == Some((notice.enterprise, notice.department.clone()))
                    && owed.contains(&Owed::Notice(notice.items.clone()))
            }
            Statement::DeadlineAssigned(it) => owed.contains(&Owed::Deadline(it.clone())),
            Statement::PapersIssued(it) => owed.iter().any(|owed| match owed {
                Owed::Papers(stream, names) => {
                    *stream == it.stream
                        && it.papers.iter().map(IssuedPaper::name).eq(names.iter().copied())
                }
                _ => false,
            }),
            Statement::DeadlineRecounted(it) => owed.contains(&Owed::Recount(it.clone())),
            _ => false,
        };
        if is_owed { Ok(()) } else { Err("the server did not owe it".to_owned()) }
    }

    /// The conditions that do not hold.
    fn unmet(&self, fact: &Fact, author: &Person, at: Timestamp) -> BTreeSet<Code> {
        let mut unmet = BTreeSet::new();
        let mut require = |holds: bool, code: Code| {
            if !holds {
                unmet.insert(code);
            }
        };
        let clock = fact.clock();
        let proved = self.keys.proved(fact.body.device, &clock);
        let ahead = clock.wall.as_millis() > at.as_millis() + CLOCK_AHEAD_MS;
        require(author.revoked_at.is_none_or(|revoked| revoked > at), Code::AuthorRevoked);
        require(!ahead || proved.is_some(), Code::ClockAhead);
        require(fact.trace.is_some(), Code::FieldMissing);
        let number = (fact.body.device, fact.seq());
        require(self.numbers.get(&number).is_none_or(|id| *id == fact.id), Code::ChainBroken);
        let case = self.case(author, fact.body.stream);
        let there = self.there(fact.body.stream);
        let elsewhere = self.elsewhere(fact, author);
        let photos = Photos { there: Some(&there), flawed: None, elsewhere: Some(&elsewhere) };
        let stated = authority::stated_at(&clock, proved, at);
        let context =
            Context::new(author, at, (&self.zone).into()).stated_at(stated).with_photos(photos);
        unmet.extend(gates::unmet(&fact.statement, &case, &context).codes());
        unmet
    }

    /// The photos of a case that were brought by whoever announced them there.
    fn there(&self, stream: StreamId) -> BTreeSet<BlobHash> {
        let root = self.root(stream);
        let brought = |blob: &BlobHash, it: &(StreamId, PersonId)| {
            self.root(it.0) == root && self.brought.contains(&(*blob, it.1))
        };
        let all = self.announced.iter();
        all.filter(|(blob, at)| at.iter().any(|it| brought(blob, it)))
            .map(|(blob, _)| *blob)
            .collect()
    }

    /// The photo of a capture, where it belongs to another case that the author knows.
    fn elsewhere(&self, fact: &Fact, author: &Person) -> BTreeSet<BlobHash> {
        let Statement::Captured(Capture { photo, .. }) = &fact.statement else {
            return BTreeSet::new();
        };
        let root = self.root(fact.body.stream);
        let others = self.announced.get(&photo.blob).into_iter().flatten();
        let mut others = others.filter(|(stream, _)| self.root(*stream) != root);
        let brought = |stream: StreamId| {
            let at = self.announced.get(&photo.blob).into_iter().flatten();
            at.clone().any(|it| it.0 == stream && self.brought.contains(&(photo.blob, it.1)))
        };
        let known = others.any(|(stream, who)| {
            *who == author.id || self.is_shown(author, *stream, &photo.blob, brought)
        });
        known.then_some(photo.blob).into_iter().collect()
    }

    /// Whether a supervisor of the department whose stream it is, and nobody else, passed over just these conditions.
    fn pardon(
        &self,
        fact: &Fact,
        author: &Person,
        unmet: BTreeSet<Code>,
        judged: &[QuarantineRow],
    ) -> Result<bool, String> {
        let row = judged.iter().find(|row| row.item == fact.id);
        let Some(Judgement::Accepted(ruling)) = row.map(|row| &row.judgement) else {
            return Err(format!("nobody accepted it although {unmet:?}"));
        };
        if !self.acceptances.contains(&(ruling.by, ruling.at)) {
            return Err("an acceptance that nobody gave".to_owned());
        }
        let judge = &self.people[&ruling.by];
        let case = self.whole_case(fact.body.stream);
        let of_visit = case.and_then(Case::plan).map(|it| it.body.department.clone());
        let planned = match &fact.statement {
            Statement::Planned(plan) => Some(plan.department.clone()),
            _ => None,
        };
        let department = of_visit.or(planned).or_else(|| author.department.clone());
        let may = judge.role == Role::Supervisor && judge.id != author.id;
        // What belongs to no department may be judged in any.
        if !may || (department.is_some() && judge.department != department) {
            return Err(format!("accepted by {} of {:?}", judge.name, judge.department));
        }
        let pardonable = |code: &Code| {
            code.disposition() == Disposition::Quarantine && *code != Code::KindUnknown
        };
        match unmet.iter().find(|code| !pardonable(code)) {
            Some(code) => Err(format!("accepted although {code}")),
            None => Ok(true),
        }
    }

    /// Takes over a change: of its own author and device, by a member of the team, and one that every phone admits.
    pub(crate) fn take_change(&mut self, change: &NewChange, accepted: bool) -> Result<(), String> {
        let owner = self.devices.get(&change.device).map(|it| it.0);
        if owner != Some(change.author) {
            return Err("a change by somebody who does not own the device".to_owned());
        }
        let (author, inspection) =
            (&self.people[&change.author], change.stream.as_inspection().unwrap());
        let case = self.whole_case(change.stream).cloned().unwrap_or_default();
        let sealed = case.seal().map(|it| it.at);
        // What a push seals it may bring, too; such a draft is kept and not merged.
        let sealing = sealed.is_some_and(|at| at <= change.at);
        let may = visit::may_write_draft(author, &case).map_err(|it| it.code).or_else(|code| {
            let same_push = code == Code::AlreadySealed && sealed == Some(change.at);
            if same_push || accepted { Ok(()) } else { Err(code) }
        });
        may.map_err(|code| format!("a change although {code}"))?;
        let sessions = self.sessions.entry(inspection).or_insert_with(|| Sessions::new(inspection));
        let session = sessions.of(&change.bytes).map_err(|it| it.to_string())?;
        if (session.person, session.device) != (change.author, change.device) {
            return Err("a change in somebody else's name".to_owned());
        }
        if sealing {
            return Ok(());
        }
        let draft =
            self.drafts.entry(inspection).or_insert_with(|| Draft::new(inspection).unwrap());
        draft.admit(&change.bytes).map(drop).map_err(|it| it.to_string())
    }

    /// The facts that a person's devices are given in the end.
    pub(crate) fn readable(&self, person: &Person) -> BTreeSet<FactId> {
        let streams = self.streams.iter().filter(|(stream, _)| self.may_read(person, **stream));
        streams.flat_map(|(_, facts)| facts.iter().map(|it| it.fact.id)).collect()
    }

    /// The notices of a visit.
    pub(crate) fn notices(&self, visit: StreamId) -> Vec<StreamId> {
        let linked = self.roots.iter().filter(|(_, root)| **root == visit);
        let notice = |it: &(&StreamId, &StreamId)| it.0.kind == StreamKind::Notice;
        linked.filter(notice).map(|(stream, _)| *stream).collect()
    }
}

/// A fact with its receipt, as the store says.
pub(crate) fn admitted(place: u64, at: Timestamp, bytes: &[u8]) -> Admitted {
    let fact = Fact::decode(bytes).expect("what is stored can be read");
    let receipt = Some(Receipt { fact: fact.id, place, at });
    Admitted { fact, receipt }
}
