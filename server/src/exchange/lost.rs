//! Streams that a person may not read any more, as after a move to another department: devices remove them.

use std::collections::BTreeSet;

use sync_core::wire::exchange::Item;

use super::cursor::{Cursor, CursorState, Mark};
use crate::store::streams::StreamKey;
use crate::store::{Db, StoreError, feed, streams};

/// Before the name of an audience that was lost and whose streams are not all taken back yet. Its mark says how far the
/// audience was read, and in `own_until` how far that was taken back.
const LOST: char = '-';
/// Rows of a feed that are looked through at once.
const ROWS: usize = 256;

/// Whether a mark is of an audience that was lost: it leads to nothing that is read.
pub(super) fn is_lost(mark: &Mark) -> bool {
    mark.audience.starts_with(LOST)
}

/// The marks of audiences that the reader has no more.
pub(super) fn marks(state: &CursorState, audiences: &[String]) -> Vec<Mark> {
    let CursorState::Continued(Cursor { marks, .. }) = state else { return Vec::new() };
    let lost = |mark: &Mark| match mark.audience.strip_prefix(LOST) {
        Some(_) => Some(mark.clone()),
        None if audiences.contains(&mark.audience) => None,
        None => Some(Mark {
            audience: format!("{LOST}{}", mark.audience),
            position: mark.position,
            own_until: 0,
            row: None,
        }),
    };
    marks.iter().filter_map(lost).collect()
}

/// The streams of some rows that none of the reader's audiences may read, as items that take them back. Marks of
/// feeds that are looked through are removed; with at least one left, more is waiting.
pub(super) async fn take_back(
    db: &mut Db,
    marks: &mut Vec<Mark>,
    audiences: &[String],
) -> Result<Vec<Item>, StoreError> {
    let Some(mark) = marks.first_mut() else { return Ok(Vec::new()) };
    let audience = mark.audience.trim_start_matches(LOST).to_owned();
    let rows = feed::after(db, &audience, mark.own_until, ROWS).await?;
    let read = rows.iter().take_while(|row| row.position <= mark.position);
    let keys: BTreeSet<StreamKey> =
        read.flat_map(|row| row.entry.ranges()).map(|range| range.stream).collect();
    let keys: Vec<StreamKey> = keys.into_iter().collect();
    mark.own_until = rows.last().map_or(mark.position, |row| row.position);
    if rows.len() < ROWS || mark.own_until >= mark.position {
        marks.remove(0);
    }
    let readable = |audience: &String| audiences.contains(audience);
    let gone = streams::load(db, &keys).await?.into_iter().filter_map(|(key, row)| {
        let stream = key.stream()?;
        (!row.audiences.iter().any(readable)).then_some(Item::Gone { stream })
    });
    let mut gone: Vec<Item> = gone.collect();
    gone.sort_by_key(|item| match item {
        Item::Gone { stream } => Some(*stream),
        _ => None,
    });
    Ok(gone)
}
