//! The second half of an exchange: what is new for a reader since the cursor.

use std::collections::{BTreeSet, HashMap, HashSet};

use minicbor::bytes::ByteVec;
use sync_core::act::Fact;
use sync_core::act::streams::Audience;
use sync_core::domain::account::{Person, Role};
use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::receipt::Receipt;
use sync_core::limits;
use sync_core::rules::authority;
use sync_core::wire::exchange::Item;

use super::cursor::{Cursor, CursorState, Mark};
use super::lost;
use crate::store::drafts::StoredChange;
use crate::store::feed::{Entry, FeedRow, Range};
use crate::store::integrity::Integrity;
use crate::store::ledger::StoredFact;
use crate::store::quarantine::{Judgement, QuarantineRow};
use crate::store::streams::{StreamKey, StreamRow};
use crate::store::{Db, StoreError, drafts, feed, ledger, quarantine, streams};

/// Who reads, and what it has just sent.
#[derive(Debug)]
pub struct Reader<'a> {
    /// Who.
    pub person: &'a Person,
    /// On which device.
    pub device: DeviceId,
    /// Items that this very request brought: they are not sent back.
    pub brought: &'a HashSet<Digest>,
    /// Whether what is stored is what was taken over.
    pub integrity: &'a Integrity,
    /// Most bytes wanted; with none the page is empty and says that more may wait.
    pub max_bytes: usize,
}

/// What is new.
#[derive(Debug)]
pub struct FeedPage {
    /// The items, each once.
    pub items: Vec<Item>,
    /// The devices that stated the facts among them.
    pub devices: BTreeSet<DeviceId>,
    /// The next cursor.
    pub cursor: Cursor,
    /// Whether more is waiting.
    pub more: bool,
}

/// Most rows of a feed that are read at once.
const ROWS: usize = 512;
/// Fewest rows that are read at once.
const ROWS_FEWEST: usize = 16;
/// About what a range of a stream brings, in bytes.
const RANGE_BYTES: usize = 1024;

/// The audiences of a person, those first that are granted first: a stream that several of them
/// may see is sent for the first one only.
#[must_use]
pub fn audiences(person: &Person) -> Vec<String> {
    let mut audiences = authority::reads(person);
    audiences.sort_by_key(|audience| match audience {
        Audience::Person(_) => 0,
        Audience::Leads(_) => 1,
        Audience::Department(_) => 2,
        Audience::Enterprise(_) | Audience::Office => 3,
    });
    audiences.iter().map(ToString::to_string).collect()
}

/// Reads one page.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn page(
    db: &mut Db,
    reader: &Reader<'_>,
    state: &CursorState,
    epoch: [u8; 16],
) -> Result<FeedPage, StoreError> {
    let audiences = audiences(reader.person);
    let mut marks = marks(db, &audiences, state).await?;
    let mut lost = lost::marks(state, &audiences);
    let mut budget = Budget::new(reader.max_bytes);
    if budget.is_spent() {
        marks.extend(lost);
        let (items, devices) = (Vec::new(), BTreeSet::new());
        return Ok(FeedPage {
            items,
            devices,
            cursor: Cursor { epoch, marks, told: None },
            more: true,
        });
    }
    let mut items = lost::take_back(db, &mut lost, &audiences).await?;
    let mut devices = BTreeSet::new();
    budget.take(64 * items.len());
    let mut sent = HashSet::new();
    let mut stopped = false;
    for index in 0..marks.len() {
        let earlier = audiences.get(..index).unwrap_or_default();
        let Some(mark) = marks.get_mut(index) else { break };
        loop {
            let limit = budget.rows();
            let mut rows = feed::after(db, &mark.audience, mark.position, limit).await?;
            let read = rows.len();
            rows.truncate(budget.worth(&rows));
            let full = read >= limit || rows.len() < read;
            let wanted = Wanted { reader, earlier, mark };
            let batch = Batch::load(db, &wanted, &rows).await?;
            let facts = batch.facts.values().flatten();
            devices.extend(facts.map(|fact| fact.device).filter(|it| *it != reader.device));
            for row in &rows {
                if budget.is_spent() {
                    stopped = true;
                    break;
                }
                (mark.position, mark.row) = (row.position, Some(row.tag));
                batch.collect(row, reader, &mut sent, &mut items, &mut budget);
            }
            if stopped || !full {
                break;
            }
        }
        if stopped {
            break;
        }
    }
    let more = stopped || !lost.is_empty();
    marks.extend(lost);
    Ok(FeedPage { items, devices, cursor: Cursor { epoch, marks, told: None }, more })
}

async fn marks(
    db: &mut Db,
    audiences: &[String],
    state: &CursorState,
) -> Result<Vec<Mark>, StoreError> {
    let known: HashMap<&str, &Mark> = match state {
        CursorState::Continued(cursor) => {
            cursor.marks.iter().map(|mark| (mark.audience.as_str(), mark)).collect()
        }
        CursorState::Fresh | CursorState::Restart => HashMap::new(),
    };
    let fresh: Vec<&str> =
        audiences.iter().map(String::as_str).filter(|name| !known.contains_key(name)).collect();
    let tops = if fresh.is_empty() { HashMap::new() } else { feed::tops(db, &fresh).await? };
    Ok(audiences
        .iter()
        .map(|audience| match known.get(audience.as_str()) {
            Some(mark) => (*mark).clone(),
            None => Mark {
                audience: audience.clone(),
                position: 0,
                own_until: tops.get(audience).copied().unwrap_or_default(),
                row: None,
            },
        })
        .collect())
}

/// How much more fits into the page.
struct Budget {
    items: usize,
    bytes: usize,
}

impl Budget {
    fn new(max_bytes: usize) -> Self {
        Self { items: limits::PAGE_ITEMS, bytes: max_bytes.min(limits::PAGE_BYTES) }
    }

    /// How many rows of a feed are worth state.
    fn rows(&self) -> usize {
        (self.bytes / RANGE_BYTES).clamp(ROWS_FEWEST, ROWS)
    }

    /// How many of these rows are worth looking up: more than fit would be looked up in vain.
    fn worth(&self, rows: &[FeedRow]) -> usize {
        let mut ranges = 0;
        let within = rows.iter().take_while(|row| {
            let before = ranges;
            ranges += row.entry.ranges().len().max(1);
            before == 0 || before * RANGE_BYTES < self.bytes
        });
        within.count()
    }

    fn is_spent(&self) -> bool {
        self.items == 0 || self.bytes == 0
    }

    fn take(&mut self, bytes: usize) {
        self.items = self.items.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// Which rows of one feed the reader wants.
struct Wanted<'a> {
    reader: &'a Reader<'a>,
    earlier: &'a [String],
    mark: &'a Mark,
}

impl Wanted<'_> {
    /// The places of streams that a row brings to this reader.
    fn of<'r>(
        &'r self,
        row: &'r FeedRow,
        streams: &'r HashMap<StreamKey, StreamRow>,
    ) -> impl Iterator<Item = &'r Range> {
        // A row stays in the feed when its stream is lost to the audience: it brings nothing then.
        let held = |stream: Option<&StreamRow>| {
            stream.is_some_and(|row| row.audiences.contains(&self.mark.audience))
        };
        let own = row.device == Some(self.reader.device) && row.position > self.mark.own_until;
        let changes = matches!(row.entry, Entry::Changes(_));
        row.entry.ranges().iter().filter(move |range| {
            let stream = streams.get(&range.stream);
            let elsewhere =
                stream.is_some_and(|row| self.earlier.iter().any(|it| row.audiences.contains(it)));
            let frozen = changes && stream.is_some_and(|row| row.sealed);
            held(stream) && !own && !elsewhere && !frozen
        })
    }
}

/// What a batch of rows points at.
#[derive(Default)]
struct Batch {
    facts: HashMap<StreamKey, Vec<StoredFact>>,
    changes: HashMap<StreamKey, Vec<StoredChange>>,
    judged: HashMap<Digest, QuarantineRow>,
    links: HashMap<StreamKey, Vec<StreamKey>>,
}

impl Batch {
    async fn load(db: &mut Db, wanted: &Wanted<'_>, rows: &[FeedRow]) -> Result<Self, StoreError> {
        let mut batch = Self::default();
        if rows.is_empty() {
            return Ok(batch);
        }
        let streams = needed_streams(db, rows).await?;
        let (mut facts, mut changes, mut judged) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            match row.entry {
                Entry::Facts(_) => facts.extend(wanted.of(row, &streams)),
                Entry::Changes(_) => changes.extend(wanted.of(row, &streams)),
                Entry::Judged(item) => judged.push(item),
                Entry::Gone(_) => {}
            }
        }
        batch.links = links(db, wanted.reader, &streams).await?;
        for fact in ledger::ranges(db, &facts, wanted.reader.integrity).await? {
            batch.facts.entry(fact.stream).or_default().push(fact);
        }
        for change in drafts::ranges(db, &changes).await? {
            batch.changes.entry(change.stream).or_default().push(change);
        }
        let found = quarantine::find(db, &judged).await?.items;
        batch.judged = found.into_iter().map(|row| (row.item, row)).collect();
        for facts in batch.facts.values_mut() {
            facts.sort_by_key(|fact| fact.place);
        }
        for changes in batch.changes.values_mut() {
            changes.sort_by_key(|change| change.place);
        }
        Ok(batch)
    }

    fn collect(
        &self,
        row: &FeedRow,
        reader: &Reader<'_>,
        sent: &mut HashSet<Digest>,
        items: &mut Vec<Item>,
        budget: &mut Budget,
    ) {
        match &row.entry {
            Entry::Facts(ranges) => {
                for link in
                    ranges.iter().filter_map(|it| Some((it.stream, self.links.get(&it.stream)?)))
                {
                    items.extend(link.1.iter().filter_map(|with| link_item(link.0, *with)));
                    budget.take(64 * link.1.len());
                }
                let found = ranges.iter().flat_map(|it| within(&self.facts, it, |row| row.place));
                for fact in found.filter(|fact| !reader.brought.contains(&fact.id)) {
                    if sent.insert(fact.id) {
                        let bytes = given(fact, reader.person);
                        budget.take(bytes.len());
                        items.extend(fact_item(fact, bytes));
                    }
                }
            }
            Entry::Changes(ranges) => {
                let found = ranges.iter().flat_map(|it| within(&self.changes, it, |row| row.place));
                for change in found.filter(|change| !reader.brought.contains(&change.id)) {
                    if sent.insert(change.id) {
                        budget.take(change.bytes.len());
                        items.extend(change_item(change));
                    }
                }
            }
            Entry::Judged(item) => {
                items.extend(self.judged.get(item).and_then(judged_item));
                budget.take(64);
            }
            Entry::Gone(key) => {
                items.extend(key.stream().map(|stream| Item::Gone { stream }));
                budget.take(64);
            }
        }
    }
}

/// The rows of streams that the choice depends on.
async fn needed_streams(
    db: &mut Db,
    rows: &[FeedRow],
) -> Result<HashMap<StreamKey, StreamRow>, StoreError> {
    let keys: BTreeSet<StreamKey> =
        rows.iter().flat_map(|row| row.entry.ranges()).map(|range| range.stream).collect();
    let keys: Vec<StreamKey> = keys.into_iter().collect();
    streams::load(db, &keys).await
}

/// What the streams are linked with, as far as this reader may read both. An enterprise is told of no link: its side
/// of a case stands alone.
async fn links(
    db: &mut Db,
    reader: &Reader<'_>,
    streams: &HashMap<StreamKey, StreamRow>,
) -> Result<HashMap<StreamKey, Vec<StreamKey>>, StoreError> {
    if reader.person.role == Role::Enterprise {
        return Ok(HashMap::new());
    }
    let named = streams.values().flat_map(|row| &row.links);
    let more: BTreeSet<StreamKey> =
        named.copied().filter(|key| !streams.contains_key(key)).collect();
    let more: Vec<StreamKey> = more.into_iter().collect();
    let more = streams::load(db, &more).await?;
    let audiences = audiences(reader.person);
    let readable = |key: &StreamKey| {
        let row = streams.get(key).or_else(|| more.get(key));
        row.is_some_and(|row| audiences.iter().any(|it| row.audiences.contains(it)))
    };
    let links_of = |row: &StreamRow| row.links.iter().copied().filter(|it| readable(it)).collect();
    let linked = streams.iter().map(|(key, row)| (*key, links_of(row)));
    Ok(linked.filter(|(_, links): &(_, Vec<StreamKey>)| !links.is_empty()).collect())
}

/// The rows at the places of a range.
fn within<'r, T>(
    rows: &'r HashMap<StreamKey, Vec<T>>,
    range: &Range,
    place: impl Fn(&T) -> u64,
) -> impl Iterator<Item = &'r T> {
    let rows = rows.get(&range.stream).map(Vec::as_slice).unwrap_or_default();
    let from = rows.partition_point(|row| place(row) < range.first);
    let until = rows.partition_point(|row| place(row) <= range.last);
    rows.get(from..until).unwrap_or_default().iter()
}

/// The bytes of a fact as this reader may have them.
fn given(stored: &StoredFact, reader: &Person) -> Vec<u8> {
    let knows = |fact: &Fact| authority::knows_trace(reader, fact.body.author);
    match Fact::decode(&stored.bytes) {
        Ok(fact) if !knows(&fact) => fact.without_trace(),
        _ => stored.bytes.clone(),
    }
}

fn fact_item(fact: &StoredFact, bytes: Vec<u8>) -> Option<Item> {
    let place = fact.place;
    if !fact.whole {
        return Some(Item::Damaged { stream: fact.stream.stream()?, place });
    }
    let receipt = Receipt { fact: fact.id, place, at: fact.at };
    Some(Item::Fact { receipt, bytes: ByteVec::from(bytes) })
}

fn link_item(stream: StreamKey, with: StreamKey) -> Option<Item> {
    Some(Item::Link { stream: stream.stream()?, with: with.stream()? })
}

fn change_item(change: &StoredChange) -> Option<Item> {
    Some(Item::Change {
        inspection: change.stream.stream()?.as_inspection()?,
        bytes: ByteVec::from(change.bytes.clone()),
        by: change.author,
    })
}

fn judged_item(row: &QuarantineRow) -> Option<Item> {
    let (accepted, decision) = match &row.judgement {
        Judgement::Waiting => return None,
        // What a supplement holds is in the record of the visit.
        Judgement::Accepted(decision) | Judgement::Supplemented(decision) => (true, decision),
        Judgement::Rejected(decision) => (false, decision),
    };
    Some(Item::Judged {
        item: row.item,
        accepted,
        reason: decision.reason.clone(),
        at: decision.at,
    })
}
