//! One officer's phone: what is known there, and what the gates let through on it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::LazyLock;

use sync_core::Code;
use sync_core::act::visit::{Cosign, PartFinished, Supplement, may_write_draft};
use sync_core::act::{Admitted, Capture, Fact, Statement};
use sync_core::case::Case;
use sync_core::case::act::Context;
use sync_core::case::fold::extend;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::evidence::{Photo, Purpose};
use sync_core::domain::hazard::Grade;
use sync_core::domain::inspection::Part;
use sync_core::domain::term::Term;
use sync_core::draft::{Extract, HazardDraft, MeasureDraft};
use sync_core::id::{HazardId, PersonId};
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::stream::StreamId;
use sync_core::rules::gates;
use sync_core::testing::builders::{INSPECTION, clause, hazard_id, morning, photo, plan};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::world::Phone;

use crate::draft::{Change, Shared};

static ZONE: LazyLock<Catalogue> = LazyLock::new(zone);

/// Whether a person may state something in a case.
pub(crate) fn lets(who: Who, statement: &Statement, case: &Case) -> Result<(), Code> {
    let person = who.person();
    let context = Context::new(&person, morning("2026-11-02"), (&*ZONE).into());
    gates::check(statement, case, &context).map_err(|refusal| refusal.code)
}

/// Who states something, of which kind, in which words.
type Said = (PersonId, u16, Vec<u8>);

thread_local! {
    /// What was signed: the same words of the same person are one fact, however they came about.
    static SIGNED: RefCell<HashMap<Said, Rc<Fact>>> = RefCell::default();
}

/// Signs a statement, as the first of a chain: no gate asks where in a chain a fact stands.
fn sign(who: Who, statement: Statement) -> Result<Rc<Fact>, Code> {
    let said = (who.id(), statement.kind(), statement.to_bytes());
    if let Some(fact) = SIGNED.with_borrow(|signed| signed.get(&said).map(Rc::clone)) {
        return Ok(fact);
    }
    let fact = Phone::new(who.id(), 1).sign(statement, morning("2026-11-02"));
    let fact = Rc::new(fact.map_err(|refusal| refusal.code)?);
    SIGNED.with_borrow_mut(|signed| signed.insert(said, Rc::clone(&fact)));
    Ok(fact)
}

/// One officer's phone.
#[derive(Clone)]
pub(crate) struct Officer {
    pub(crate) who: Who,
    pub(crate) draft: Shared,
    /// How much of what the server has taken over is known here, in its order.
    pub(crate) known: usize,
    /// Facts that are known here without a receipt: own ones and those that a colleague handed over, in the order in which
    /// they became known. They go to the server with the next signal.
    pub(crate) unsent: Vec<Rc<Fact>>,
    /// What all of them amount to.
    pub(crate) case: Rc<Case>,
    /// Every change that was written here or handed over.
    pub(crate) changes: Vec<Change>,
    /// How many of these the server was sent.
    pub(crate) sent: usize,
    pub(crate) recorded: Vec<HazardId>,
}

impl Officer {
    pub(crate) fn new(who: Who, known: &[Admitted], case: &Rc<Case>) -> Self {
        Self {
            who,
            draft: Shared::empty(),
            known: known.len(),
            unsent: Vec::new(),
            case: Rc::clone(case),
            changes: Vec::new(),
            sent: 0,
            recorded: Vec::new(),
        }
    }

    /// Keeps a fact that has no receipt yet.
    pub(crate) fn learn(&mut self, fact: Rc<Fact>) {
        extend(Rc::make_mut(&mut self.case), &fact, None);
        self.unsent.push(fact);
    }

    /// States something if the gate lets it through here.
    pub(crate) fn state(&mut self, statement: Statement) -> Result<(), Code> {
        lets(self.who, &statement, &self.case)?;
        self.learn(sign(self.who, statement)?);
        Ok(())
    }

    pub(crate) fn record(&mut self) -> Result<(), Code> {
        let person = self.who.person();
        may_write_draft(&person, &self.case).map_err(|refusal| refusal.code)?;
        let n = u8::try_from(self.recorded.len()).expect("few");
        let hazard = hazard_id(n + if self.who == Who::Lead { 1 } else { 5 });
        let draft = HazardDraft {
            item: None,
            description: "疏散通道被占用".to_owned(),
            place: "二号仓库".to_owned(),
            basis: clause(),
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: person.id,
        };
        self.changes.extend(self.draft.write(self.who, hazard, draft));
        self.recorded.push(hazard);
        // An officer who has not arrived writes without photos.
        let name = format!("{}{n}", self.who.name());
        let photo = photo(&name, Purpose::Found, Some(hazard));
        let stream = StreamId::inspection(INSPECTION);
        let _ = self.state(Statement::Captured(Capture { stream, photo }));
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> Result<(), Code> {
        let heads = self.draft.read().heads_of(self.who.id());
        if self.case.last_part(self.who.id()).is_some_and(|last| last.body.heads == heads) {
            return Err(Code::AlreadyExists);
        }
        self.state(Statement::PartFinished(PartFinished { inspection: INSPECTION, heads }))
    }

    pub(crate) fn seal(&mut self) -> Result<(), Code> {
        if self.case.seal().is_some() {
            return Err(Code::AlreadySealed);
        }
        let at = morning("2026-11-02");
        let draft = self.draft.read().clone().with_captures(photos(&self.case));
        let mut record = draft.record(at, at, "1".to_owned()).map_err(|refusal| refusal.code)?;
        let team = plan().team.into_iter().filter(|officer| *officer != self.who.id());
        let part = |officer: PersonId| {
            let held = self.case.last_part(officer).filter(|it| draft.holds(&it.body.heads));
            held.map_or_else(
                || Part::without(officer, "没有收到其部分"),
                |part| Part::taken_in(officer, part.fact),
            )
        };
        record.parts = team.map(part).collect();
        record.parts.sort_by_key(|part| part.officer);
        self.state(Statement::Sealed(record))
    }

    /// Signs whatever of the other one's is not signed.
    pub(crate) fn sign(&mut self) -> Result<(), Code> {
        let case = Rc::clone(&self.case);
        let sealed = case.seal().map(|it| it.fact);
        let mut signed = Err(Code::NotSealed);
        for seal in sealed.into_iter().chain(case.supplements().map(|it| it.fact)) {
            let cosign = Statement::Cosigned(Cosign { inspection: INSPECTION, seal });
            signed = self.state(cosign).or(signed);
        }
        signed
    }

    /// Adds what the record does not hold, as the phone does.
    pub(crate) fn supplement(&mut self) -> Result<(), Code> {
        let seal = self.case.seal().ok_or(Code::NotSealed)?.fact;
        let held = self.case.hazards();
        let own = self.recorded.iter().filter(|hazard| !held.contains(hazard)).copied();
        let own: BTreeSet<HazardId> = own.collect();
        if own.is_empty() {
            return Err(Code::FieldMissing);
        }
        let draft = self.draft.read().clone().with_captures(photos(&self.case));
        let out = draft.extract(&own, &BTreeSet::new()).map_err(|refusal| refusal.code)?;
        let Extract { answers, hazards, manifest, draft } = out;
        if hazards.is_empty() {
            return Err(Code::FieldMissing);
        }
        self.state(Statement::Supplemented(Supplement {
            inspection: INSPECTION,
            seal,
            answers,
            hazards,
            manifest,
            catalogue: "1".to_owned(),
            draft,
        }))
    }
}

fn photos(case: &Case) -> Vec<&Photo> {
    case.every::<Capture>().map(|it| &it.body.photo).collect()
}
