//! Who works on the store: clerks that state what is owed, and phones that state and push.

use sync_core::act::notice::{Countersigned, ExtensionDecision, ExtensionRequest, Recheck};
use sync_core::act::{Fact, Statement};
use sync_core::calendar::Calendars;
use sync_core::case::Case;
use sync_core::case::act::Context;
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::notice::{DocumentNumber, Notice, Service};
use sync_core::domain::term::Term;
use sync_core::id::{FactId, HazardId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::rules::due::{Owed, due};
use sync_core::rules::gates;
use sync_core::testing::builders::hazard_id;
use sync_core::testing::cast::{ENTERPRISE, Who, department};
use sync_core::testing::histories::Dice;
use sync_core::testing::statements;
use sync_core::testing::world::SERVER;
use sync_core::time::Timestamp;

use super::store::{Claim, Job, Store, state};

/// A clerk of one server, at what it is doing.
pub(crate) struct Clerk {
    pub(crate) calendars: Calendars,
    /// Whether it has had every visit looked at that rests on other calendars.
    pub(crate) marked: bool,
    /// What it has read and not written yet.
    pub(crate) job: Option<Job>,
    pub(crate) stated: u64,
    pub(crate) id: u8,
}

impl Clerk {
    pub(crate) fn fact(&mut self, now: Timestamp, statement: Statement) -> Fact {
        self.stated += 1;
        state(SERVER, self.id, self.stated, now, statement)
    }

    /// Reads what waits and says what is owed.
    pub(crate) fn read(&mut self, store: &mut Store) {
        // Once after each start: calendars may have come while it was down.
        if !self.marked {
            self.marked = true;
            store.pending = true;
        }
        if !store.pending {
            return;
        }
        let owed = due(&store.case, &self.calendars, store.now).owed;
        let mut job = Job {
            expected: store.looked_at(),
            facts: Vec::new(),
            claims: Vec::new(),
            marks: false,
        };
        for owed in owed {
            let statement = match owed {
                Owed::Notice(items) => {
                    let serial = store.last_number + 1;
                    job.claims.push(Claim::Number(serial));
                    let mut id = [0x22; 16];
                    id[..8].copy_from_slice(&(self.stated + 1).to_be_bytes());
                    id[8] = self.id;
                    let number = DocumentNumber {
                        area: "枣高".to_owned(),
                        series: "应急责改".to_owned(),
                        year: 2026,
                        serial,
                    };
                    let notice = Notice {
                        id: NoticeId::from_bytes(id),
                        number,
                        enterprise: ENTERPRISE,
                        department: department(),
                        officers: Vec::new(),
                        issued_on: store.now.date(),
                        items,
                    };
                    // A stream that nobody has written yet is relied on, too.
                    job.expected.insert(StreamId::notice(notice.id), 0);
                    Statement::NoticeIssued(notice)
                }
                Owed::Deadline(it) => {
                    job.claims.push(Claim::Deadline(it.hazard, it.cause));
                    Statement::DeadlineAssigned(it)
                }
                Owed::Recount(it) => Statement::DeadlineRecounted(it),
                // They are drawn with reference data, of which there is none here.
                Owed::Papers(..) => continue,
                other => panic!("owed: {other:?}"),
            };
            let fact = self.fact(store.now, statement);
            job.facts.push(fact);
        }
        self.job = Some(job);
    }

    /// Dies: what was not written is gone. It may come back with the calendars of an import.
    pub(crate) fn die(&mut self, imported: Option<&Calendars>) {
        (self.job, self.marked) = (None, false);
        if let Some(calendars) = imported {
            self.calendars = calendars.clone();
        }
    }
}

/// A phone with what it has stated and has no receipt for.
pub(crate) struct Phone {
    pub(crate) person: Person,
    pub(crate) seq: u64,
    pub(crate) outbox: Option<Fact>,
    /// The push that the server has judged and not written yet.
    pub(crate) judged: Option<Job>,
    pub(crate) acknowledged: Vec<FactId>,
}

impl Phone {
    pub(crate) fn new(who: Who) -> Self {
        let (seq, acknowledged) = (0, Vec::new());
        Self { person: who.person(), seq, outbox: None, judged: None, acknowledged }
    }

    /// States something that this person may state now, as the phone knows the case.
    pub(crate) fn state(&mut self, dice: &mut Dice, store: &Store, zone: &Catalogue) {
        let Some(notice) = store.case.notices().next().map(|it| it.body.id) else { return };
        let hazard = hazard_id(dice.one(&[1, 2]));
        let Some(statement) = wish(dice, &self.person, &store.case, (notice, hazard)) else {
            return;
        };
        let context = Context::new(&self.person, store.now, zone.into());
        if gates::check(&statement, &store.case, &context).is_ok() {
            self.seq += 1;
            self.outbox = Some(state(self.person.id, 1, self.seq, store.now, statement));
        }
    }

    /// The server reads a push and asks the gates. What is known already is acknowledged.
    pub(crate) fn push(&mut self, store: &Store, zone: &Catalogue) {
        let Some(fact) = &self.outbox else { return };
        if store.known.contains(&fact.id) {
            self.acknowledged.push(fact.id);
            self.outbox = None;
            return;
        }
        let context = Context::new(&self.person, store.now, zone.into());
        if gates::check(&fact.statement, &store.case, &context).is_err() {
            self.outbox = None;
            return;
        }
        let facts = vec![fact.clone()];
        self.judged =
            Some(Job { expected: store.looked_at(), facts, claims: Vec::new(), marks: true });
    }

    /// The server writes what it has judged; the answer may be lost.
    pub(crate) fn written(&mut self, store: &mut Store, is_lost: bool) {
        let Some(job) = self.judged.take() else { return };
        // What another push of the same has written meanwhile is not written again.
        let known = job.facts.iter().all(|it| store.known.contains(&it.id));
        if !known && !store.write(&job) {
            return;
        }
        if !is_lost {
            self.acknowledged.extend(self.outbox.take().map(|it| it.id));
        }
    }
}

/// What a person would state next about a hazard of the notice.
pub(crate) fn wish(
    dice: &mut Dice,
    person: &Person,
    case: &Case,
    (notice, hazard): (NoticeId, HazardId),
) -> Option<Statement> {
    let known = case.hazard(hazard)?;
    let of = |who: Who| person.id == who.id();
    if of(Who::Safety) {
        return Some(if known.service().is_none() {
            Statement::NoticeServed(Service::agreed(notice, "张某"))
        } else {
            let term = Term::natural(10);
            let reason = "配件到货延迟".to_owned();
            Statement::ExtensionRequested(ExtensionRequest { notice, hazard, term, reason })
        });
    }
    if of(Who::Supervisor) {
        let asked = known.last::<ExtensionRequest>()?.fact;
        return Some(Statement::ExtensionDecided(ExtensionDecision {
            notice,
            hazard,
            request: asked,
            granted: Some(Term::natural(7)),
            reason: "情况属实".to_owned(),
        }));
    }
    if of(Who::Second) {
        let statement = known.last::<Recheck>()?.fact;
        let hazard = Some(hazard);
        return Some(Statement::Countersigned(Countersigned { notice, hazard, statement }));
    }
    let Statement::Rechecked(mut it) = statements::recheck(false, &[]) else { return None };
    (it.notice, it.hazard) = (notice, hazard);
    it.new_term = Some(dice.one(&[Term::natural(7), Term::working(5)]));
    Some(Statement::Rechecked(it))
}
