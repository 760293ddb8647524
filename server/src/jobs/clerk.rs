//! The clerk states what the server owes: notices with their numbers, deadlines. It works from the
//! marks that admission leaves in the same transaction as the facts, so it resumes wherever it was
//! stopped, and several clerks over one store state everything once. When nothing waits it freezes the
//! reports of weeks that are over.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::notice::DeadlineAssigned;
use sync_core::act::numbers::NumbersLeased;
use sync_core::act::paper::{IssuedPaper, PaperName, PapersIssued};
use sync_core::act::state;
use sync_core::document;
use sync_core::domain::notice::{Notice, NoticeItem};
use sync_core::domain::numbers::{Lease, Series};
use sync_core::id::{Digest, NoticeId};
use sync_core::ledger::fact::Stamp;
use sync_core::ledger::stream::StreamId;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::due::{self, Owed};
use sync_core::rules::numbering;
use sync_core::time::{CivilDate, SignedClock, Timestamp};

use crate::admission::dossier::{Dossier, Dossiers};
use crate::admission::load::Loaded;
use crate::auth::entropy::{self, EntropySource};
use crate::auth::keys::Keys;
use crate::clock::ServerClock;
use crate::directory::Directory;
use crate::held_visit::{Found, Held, judge_row};
use crate::jobs::serials::Serials;
use crate::jobs::{freeze, recounting};
use crate::projection;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::numbers::{self, DeadlineClaim, LeasedBlock};
use crate::store::papers::GivenPaper;
use crate::store::quarantine::{QuarantineRow, Ruling, Verdict};
use crate::store::set_aside::{self, SetAside};
use crate::store::streams::{self, StreamKey};
use crate::store::writer::{WriteJob, Written};

/// How long exchanges come first, one after the other, before the clerk works beside them.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the clerk asks what follows from what it has just stated.
const ROUNDS: usize = 8;
/// Streams that are looked at together.
const BATCH: i64 = 256;

/// States everything that is due and refreshes the rows of the lists. Returns how many facts
/// it stated, papers aside. Nothing that can be stated is left when it returns.
///
/// # Errors
/// [`Code::StorageFailed`] when the store fails, [`Code::ServerBusy`] when streams move faster than they are
/// worked on.
pub async fn run_once(
    shared: &Shared,
    now: Timestamp,
    entropy: EntropySource,
) -> Result<usize, Refusal> {
    recounting::mark(shared).await?;
    let (mut stated, mut in_vain) = (0, 0);
    loop {
        shared.turns.quiet(PATIENCE).await;
        let round = round(shared, now, entropy).await?;
        stated += round.stated;
        if round.looked_at == 0 {
            return Ok(stated);
        }
        in_vain = if round.settled == 0 { in_vain + 1 } else { 0 };
        if in_vain == IN_VAIN {
            let left = one_by_one(shared, now, entropy).await?;
            stated += left.stated;
            if left.settled == 0 {
                return Err(Refusal::new(Code::ServerBusy));
            }
            in_vain = 0;
        }
    }
}

/// Works whenever something was written, until the server stops. Exchanges come first: the clerk
/// waits for a short while or until none is running.
pub async fn run(shared: Arc<Shared>, clock: ServerClock, pause: Duration) {
    let mut pending = shared.writer.pending();
    let mut freeze_at = None;
    loop {
        pending.mark_unchanged();
        if let Err(refusal) = work(&shared, clock.now(), &mut freeze_at).await {
            tracing::error!(%refusal, "the clerk could not finish and will try again");
            tokio::time::sleep(pause.max(Duration::from_secs(1))).await;
            continue;
        }
        let wait = match next_look(&shared, clock.now()).await {
            Ok(wait) => wait,
            Err(refusal) => {
                tracing::error!(%refusal, "the clerk does not know when to look again");
                LOOK
            }
        };
        tokio::select! {
            changed = pending.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(wait) => {}
        }
        tokio::time::sleep(pause).await;
    }
}

/// Does what waits, then freezes what can be frozen; `freeze_at` is when there can be more of that, none at first.
///
/// # Errors
/// When something could not be read or written: all of it is tried again.
pub async fn work(
    shared: &Shared,
    now: Timestamp,
    freeze_at: &mut Option<Timestamp>,
) -> Result<(), Refusal> {
    run_once(shared, now, entropy::system_entropy).await?;
    if freeze_at.is_none_or(|at| at <= now) {
        freeze::weeks(shared, now).await?;
        *freeze_at = Some(freeze::next_at(now));
    }
    Ok(())
}

/// How long the clerk waits at the most before it asks whether the time of something has come: the server's clock may
/// be set while it waits.
const LOOK: Duration = Duration::from_mins(1);

/// How long it is until the time of something comes.
async fn next_look(shared: &Shared, now: Timestamp) -> Result<Duration, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let over = freeze::next_at(now);
    let at = streams::next_look(&mut db).await?.map_or(over, |at| at.min(over));
    let left = u64::try_from(at.as_millis().saturating_sub(now.as_millis())).unwrap_or_default();
    Ok(LOOK.min(Duration::from_millis(left)))
}

/// Rounds in a row in which everything moved while it was looked at.
const IN_VAIN: usize = 16;

/// What was looked at, and what came of it.
#[derive(Default)]
struct Round {
    looked_at: usize,
    settled: usize,
    stated: usize,
    /// What jobs rested on that were not written since it was not so any more.
    stale: Vec<BTreeMap<StreamKey, i64>>,
}

async fn round(shared: &Shared, now: Timestamp, entropy: EntropySource) -> Result<Round, Refusal> {
    look(shared, &pending(shared, now).await?, now, entropy).await
}

async fn pending(shared: &Shared, now: Timestamp) -> Result<Vec<StreamKey>, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    Ok(streams::pending(&mut db, now, BATCH).await?)
}

/// Looks at each dossier alone after all of them together came to nothing: one that claims what it cannot have takes
/// the numbers of the others with it. What is not written although nothing of it has moved is set aside.
async fn one_by_one(
    shared: &Shared,
    now: Timestamp,
    entropy: EntropySource,
) -> Result<Round, Refusal> {
    let mut all = Round::default();
    for key in pending(shared, now).await? {
        let round = look(shared, &[key], now, entropy).await?;
        all.settled += round.settled;
        all.stated += round.stated;
        for expected in round.stale {
            let keys: Vec<StreamKey> = expected.keys().copied().collect();
            let job = WriteJob { expected, ..aside(&keys, Code::StorageFailed, now) };
            all.settled += usize::from(shared.writer.write(job).await? == Written::Durable);
        }
    }
    Ok(all)
}

/// How long a dossier that was set aside rests before the clerk looks at it again: what was in the way may be gone.
const REST_MS: i64 = 10 * 60 * 1000;

/// Sets a dossier aside of which nothing can be written but that.
fn aside(keys: &[StreamKey], code: Code, now: Timestamp) -> WriteJob {
    let refusal = Refusal::new(code);
    let again = now.plus_millis(REST_MS);
    tracing::error!(stream = ?keys.first(), %refusal, "a dossier is set aside");
    WriteJob {
        set_aside: keys.first().map(|stream| SetAside { stream: *stream, since: now, refusal }),
        postponed: keys.iter().map(|key| (*key, again)).collect(),
        ..WriteJob::default()
    }
}

/// Looks at the dossiers of streams. One that can be neither read nor written is set aside and holds up no other one.
async fn look(
    shared: &Shared,
    keys: &[StreamKey],
    now: Timestamp,
    entropy: EntropySource,
) -> Result<Round, Refusal> {
    if keys.is_empty() {
        return Ok(Round::default());
    }
    let directory = shared.directory.snapshot();
    let (Found { loaded, held, unread }, last, known_aside) = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let found = Found::load(&mut db, keys, true, &shared.integrity).await?;
        let last = numbers::all_last(&mut db).await?;
        let aside = set_aside::streams(&mut db).await?;
        (found, last, aside.into_iter().collect())
    };
    let keys = Arc::clone(&shared.keys);
    let serials = Serials::after(last);
    let clerk = Clerk { keys, directory, now, entropy, serials, aside: known_aside, held };
    let jobs = shared.turns.run(move || clerk.work(loaded)).await?;
    let mut round = Round { looked_at: jobs.len() + unread.len(), ..Round::default() };
    // Handed over in order, since numbers follow one another; awaited together, as one group.
    let written = jobs.into_iter().map(|(job, stated)| async move {
        let expected = job.expected.clone();
        (shared.writer.write(job).await, stated, expected)
    });
    let written = futures_util::future::join_all(written).await;
    let (mut failed, count) = (Vec::new(), written.len());
    for (outcome, stated, expected) in written {
        match outcome {
            Ok(Written::Durable) => {
                round.settled += 1;
                round.stated += stated;
            }
            Ok(Written::Stale) => round.stale.push(expected),
            Err(error) => failed.push((error, expected)),
        }
    }
    // Where nothing at all can be written it is the store, and everything is tried again.
    if count > 1 && failed.len() == count {
        return Err(failed.pop().map_or(Refusal::new(Code::StorageFailed), |(it, _)| it.into()));
    }
    for key in unread {
        shared.writer.write(aside(&[key], Code::RecordDamaged, now)).await?;
        round.settled += 1;
    }
    for (_, expected) in failed {
        let keys: Vec<StreamKey> = expected.keys().copied().collect();
        shared.writer.write(aside(&keys, Code::StorageFailed, now)).await?;
        round.settled += 1;
    }
    Ok(round)
}

/// The series of all departments, of this year and, before it begins, of the next one.
fn series_in_use(directory: &Directory, now: Timestamp) -> BTreeSet<Series> {
    let years = [now.date(), now.date().plus_days(31)].map(CivilDate::year);
    let of_year =
        |year| directory.departments.iter().filter_map(move |it| numbering::series(it, year).ok());
    years.into_iter().flat_map(of_year).collect()
}

struct Clerk {
    keys: Arc<Keys>,
    directory: Arc<Directory>,
    now: Timestamp,
    entropy: EntropySource,
    serials: Serials,
    aside: HashSet<StreamKey>,
    held: Held,
}

impl Clerk {
    /// One job for each dossier: what is due, its rows in the lists, and the mark taken away. A dossier for which
    /// something cannot be stated is set aside with the reason and holds up no other one.
    fn work(mut self, loaded: Loaded) -> Vec<(WriteJob, usize)> {
        loaded.by_dossier().into_iter().filter_map(|loaded| self.look_at(&loaded)).collect()
    }

    fn look_at(&mut self, loaded: &Loaded) -> Option<(WriteJob, usize)> {
        let mut dossiers = Dossiers::open(loaded, self.now);
        let case = &dossiers.cases().next()?.case;
        let mut job = WriteJob::default();
        // What is owed in a case that lacks a fact, or holds one that this build does not know, nobody can say, and
        // somebody has to look at it.
        let known = state::require_known(case);
        let stated = known.and_then(|()| self.state_all(&mut dossiers, &mut job));
        let mut rested = None;
        if let Err(refusal) = &stated {
            let refusal = refusal.clone();
            // Drops what was begun: numbers are free again, facts were never written.
            self.serials.give_back(&job.numbers);
            dossiers = Dossiers::open(loaded, self.now);
            job = WriteJob::default();
            let stream = dossiers.cases().next()?.keys().next()?;
            tracing::error!(?stream, %refusal, "a dossier is set aside");
            job.set_aside = Some(SetAside { stream, since: self.now, refusal });
            rested = Some(self.now.plus_millis(REST_MS));
        } else if !self.aside.is_empty() {
            let keys = dossiers.cases().flat_map(Dossier::keys);
            job.resumed = keys.filter(|key| self.aside.contains(key)).collect();
        }
        // A statement made now may set the time of the next look.
        let case = &dossiers.cases().next()?.case;
        let look_again = due::due(case, &self.directory.calendars, self.now).look_again;
        dossiers.settle(rested.into_iter().chain(look_again).min());
        for dossier in dossiers.cases() {
            projection::rows(dossier, &self.directory, &mut job.projection);
        }
        self.settle_held(&dossiers, &mut job);
        dossiers.close(&mut job, None);
        Some((job, stated.unwrap_or_default()))
    }

    /// What was taken over when it came again, and what came after a seal and a supplement of its author holds, needs no
    /// judgement.
    fn settle_held(&self, dossiers: &Dossiers, job: &mut WriteJob) {
        let mut settle = |row: &QuarantineRow, verdict, reason: &str| {
            let by = Ruling { by: row.author, at: self.now, reason: reason.to_owned() };
            judge_row(job, &self.directory, row, verdict, by);
        };
        for dossier in dossiers.cases() {
            let mut settled = BTreeSet::new();
            for row in dossier.keys().flat_map(|key| self.held.taken_over(key, dossier)) {
                settled.insert(row.item);
                settle(row, Verdict::Accept, "再次送达时已采纳");
            }
            let rows = dossier.keys().flat_map(|key| self.held.supplemented(key, &dossier.case));
            for row in rows.filter(|row| !settled.contains(&row.item)) {
                settle(row, Verdict::Supplement, "已纳入补充检查记录");
            }
        }
    }

    /// States what is owed, and what is owed once that is stated: a notice has its paper. Returns how many facts these
    /// were, papers aside.
    fn state_all(&mut self, dossiers: &mut Dossiers, job: &mut WriteJob) -> Result<usize, Refusal> {
        let mut stated = 0;
        for _ in 0..ROUNDS {
            let Some(dossier) = dossiers.cases().next() else { break };
            let owed = due::due(&dossier.case, &self.directory.calendars, self.now).owed;
            if owed.is_empty() {
                break;
            }
            stated += owed.iter().filter(|it| !matches!(it, Owed::Papers(..))).count();
            owed.into_iter().try_for_each(|owed| self.state(owed, dossiers, job))?;
        }
        Ok(stated)
    }

    fn state(
        &mut self,
        owed: Owed,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        match owed {
            Owed::Notice(items) => self.issue(items, dossiers, job),
            Owed::Repeat(notice) => {
                let key = StreamKey::notice(notice.id);
                self.add(Statement::NoticeIssued(notice), key, dossiers).map(drop)
            }
            Owed::Deadline(assigned) => self.assign(assigned, dossiers, job),
            Owed::Papers(stream, names) => {
                let parts = names.chunks(limits::PAPERS);
                parts.into_iter().try_for_each(|it| self.issue_papers(stream, it, dossiers, job))
            }
            Owed::Recount(recounted) => {
                let key = StreamKey::notice(recounted.notice);
                self.add(Statement::DeadlineRecounted(recounted), key, dossiers).map(drop)
            }
            Owed::Void(voided) => {
                let key = StreamKey::from(StreamId::numbers(voided.series.id()));
                self.add(Statement::NumbersVoided(voided), key, dossiers).map(drop)
            }
            Owed::Lease { request, device, person, asked } => {
                // A series that no department has any more gives nobody numbers.
                if !series_in_use(&self.directory, self.now).contains(&asked.series) {
                    return Err(Refusal::new(Code::DepartmentNoPower));
                }
                let block = self.serials.block(asked.series, &mut job.numbers);
                let key = StreamKey::from(StreamId::numbers(block.series.id()));
                let leased = NumbersLeased { request, device, person, block: block.clone() };
                let fact = self.add(Statement::NumbersLeased(leased), key, dossiers)?;
                job.leases.push(LeasedBlock { device, lease: Lease { fact, block } });
                Ok(())
            }
        }
    }

    fn issue(
        &mut self,
        items: Vec<NoticeItem>,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        let Some(case) = dossiers.cases().next().map(|it| &it.case) else { return Ok(()) };
        let Some(plan) = case.plan() else { return Ok(()) };
        let stream = plan.about.stream;
        let department = self.directory.department(&plan.body.department);
        let department = department.ok_or(Refusal::new(Code::DepartmentNoPower))?;
        let series = numbering::series(department, self.now.date().year())?;
        let number = self.serials.next(series, &mut job.numbers);
        let named = (NoticeId::from_entropy((self.entropy)()?), number, self.now.date());
        let colleagues = self.directory.zone().colleagues;
        let notice = Notice::of_visit(case, plan.body, colleagues, items, named);
        let key = StreamKey::notice(notice.id);
        dossiers.link(StreamKey::from(stream), key);
        self.add(Statement::NoticeIssued(notice), key, dossiers).map(drop)
    }

    /// Issues papers: each is given its number, its digest is stated, its bytes are kept in the same write.
    fn issue_papers(
        &mut self,
        stream: StreamId,
        names: &[PaperName],
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        let Some(case) = dossiers.cases().next().map(|it| &it.case) else { return Ok(()) };
        let directory = Arc::clone(&self.directory);
        let sources = directory.sources(case);
        let (mut papers, mut given) = (Vec::new(), Vec::new());
        for name in names.iter().copied() {
            let (kind, fact) = name;
            let series = document::series(case, name, &sources);
            let number = series.map(|it| self.serials.next(it, &mut job.numbers));
            let known = number.as_ref().or_else(|| case.paper_number(name));
            let drawn = document::with_number(case, name, known, &sources);
            let drawn = drawn.ok_or(Refusal::new(Code::RecordDamaged))?;
            let (digest, content) = (drawn.digest(), Some(drawn.canonical()));
            papers.push(IssuedPaper { kind, fact, digest, number });
            given.push(GivenPaper { digest, stream: stream.into(), fact, content });
        }
        job.projection.papers.extend(given);
        let issued = Statement::PapersIssued(PapersIssued { stream, papers });
        self.add(issued, stream.into(), dossiers).map(drop)
    }

    fn assign(
        &self,
        assigned: DeadlineAssigned,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        let (hazard, cause) = (assigned.hazard, assigned.cause);
        let key = StreamKey::notice(assigned.notice);
        let fact = self.add(Statement::DeadlineAssigned(assigned), key, dossiers)?;
        job.deadlines.push(DeadlineClaim { hazard, cause, fact });
        Ok(())
    }

    /// Signs a statement of the server and adds it to its stream. The server's facts are numbered
    /// by their places and name the fact before them in the same stream: a chain of the server as
    /// a whole would tell every reader how busy it is with others.
    fn add(
        &self,
        statement: Statement,
        key: StreamKey,
        dossiers: &mut Dossiers,
    ) -> Result<Digest, Refusal> {
        let (place, prev) = dossiers.end(key);
        let (author, device) = self.keys.identity();
        let clock = SignedClock { wall: self.now, monotonic_ms: 0, boot: [0; 8], beacon: None };
        let stamp = Stamp { author, device, seq: place + 1, prev, clock, salt: [0; 16] };
        let fact = Fact::state(statement, stamp, self.keys.as_ref())?;
        dossiers.add(key, &fact);
        Ok(fact.id)
    }
}
