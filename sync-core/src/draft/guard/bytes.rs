//! The first look at a change: its container, header and columns, without expanding a single
//! run length. Linear in the input and without allocation that grows with declared counts.
//!
//! The layout is that of the Automerge binary format, version 1: magic bytes, checksum, chunk type,
//! length; then dependencies, actor, sequence, first counter, time, message, other actors, column
//! headers, columns.

use sha2::Digest as _;

use super::refuse;
use crate::limits;
use crate::refusal::{Code, Refusal};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk type of a change that is not compressed; documents, bundles and compressed changes have others.
const CHANGE: u8 = 1;
/// Changes that one change may follow directly.
pub(super) const DEPS: usize = 64;
/// Writers that one change may name: those of all values that it puts its own over.
const ACTORS: u64 = 1_024;
/// Highest counter or number in any column.
const HIGHEST: u64 = 1 << 24;
const SHORTEST: usize = 40;

/// Column names: id in the upper bits, type in the lowest three.
mod column {
    pub(super) const OBJECT_ACTOR: u64 = 0x01;
    pub(super) const OBJECT_COUNTER: u64 = 0x02;
    pub(super) const KEY: u64 = 0x15;
    pub(super) const INSERT: u64 = 0x34;
    pub(super) const ACTION: u64 = 0x42;
    pub(super) const VALUE_META: u64 = 0x56;
    pub(super) const VALUE_RAW: u64 = 0x57;
    pub(super) const PRED_COUNT: u64 = 0x70;
    pub(super) const PRED_ACTOR: u64 = 0x71;
    pub(super) const PRED_COUNTER: u64 = 0x73;
}

/// How the values of a column are written.
#[derive(Clone, Copy)]
enum Kind {
    Number,
    Text,
    Delta,
}

/// What a run-length column amounts to.
#[derive(Clone, Copy, Default)]
struct Rows {
    count: u64,
    sum: u64,
}

/// Refuses what is not one plain, bounded change; gives the number of its operations.
pub(super) fn check(raw: &[u8]) -> Result<usize, Refusal> {
    if raw.len() > limits::CHANGE_BYTES {
        return Err(Refusal::new(Code::ChangeTooLarge));
    }
    if raw.len() < SHORTEST {
        return Err(refuse("too short"));
    }
    let mut rest = Cursor(raw);
    if rest.take(4)? != MAGIC {
        return Err(refuse("magic"));
    }
    let checksum = rest.take(4)?;
    if !sha2::Sha256::digest(rest.0).starts_with(checksum) {
        return Err(refuse("checksum"));
    }
    if rest.take(1)? != [CHANGE] {
        return Err(refuse("chunk type"));
    }
    if rest.unsigned()? != rest.0.len() as u64 {
        return Err(refuse("length"));
    }
    header(&mut rest)?;
    columns(&mut rest)
}

fn header(rest: &mut Cursor<'_>) -> Result<(), Refusal> {
    let deps = rest.at_most(DEPS as u64)?;
    rest.take(deps * 32)?;
    actor(rest)?;
    rest.at_most(limits::DRAFT_CHANGES as u64)?;
    rest.at_most(HIGHEST)?;
    rest.signed()?; // time, a claim that nothing reads
    if rest.unsigned()? != 0 {
        return Err(refuse("message"));
    }
    let others = rest.at_most(ACTORS)?;
    (0..others).try_for_each(|_| actor(rest))
}

fn actor(rest: &mut Cursor<'_>) -> Result<(), Refusal> {
    if rest.unsigned()? != 16 {
        return Err(refuse("actor"));
    }
    rest.take(16).map(drop)
}

fn columns(rest: &mut Cursor<'_>) -> Result<usize, Refusal> {
    let count = rest.at_most(16)?;
    let mut specs: Vec<(u64, u64)> = Vec::new();
    for _ in 0..count {
        let spec = (rest.unsigned()?, rest.unsigned()?);
        if specs.last().is_some_and(|last| last.0 >= spec.0) {
            return Err(refuse("column order"));
        }
        specs.push(spec);
    }
    let (mut operations, mut preds, mut values, mut raw) = (0, Rows::default(), 0, 0);
    let mut most_rows = 0;
    let mut pred_rows = [0, 0];
    for (name, len) in specs {
        let data = rest.take(len)?;
        let rows = match name {
            column::OBJECT_ACTOR | column::OBJECT_COUNTER => runs(data, Kind::Number)?.count,
            column::KEY => runs(data, Kind::Text)?.count,
            column::INSERT => flags(data)?,
            column::ACTION => {
                operations = runs(data, Kind::Number)?.count;
                operations
            }
            column::VALUE_META => {
                let rows = runs(data, Kind::Number)?;
                values = value_bytes(data)?;
                rows.count
            }
            column::VALUE_RAW => {
                raw = data.len() as u64;
                0
            }
            column::PRED_COUNT => {
                preds = runs(data, Kind::Number)?;
                preds.count
            }
            column::PRED_ACTOR => {
                pred_rows[0] = runs(data, Kind::Number)?.count;
                0
            }
            column::PRED_COUNTER => {
                pred_rows[1] = runs(data, Kind::Delta)?.count;
                0
            }
            _ => return Err(refuse("column")),
        };
        most_rows = most_rows.max(rows);
    }
    if !rest.0.is_empty() {
        return Err(refuse("more than a change"));
    }
    let bounded = (1..=limits::CHANGE_OPS as u64).contains(&operations) && most_rows <= operations;
    if !bounded || values != raw || pred_rows != [preds.sum, preds.sum] {
        return Err(refuse("rows"));
    }
    usize::try_from(operations).map_err(|_| refuse("rows"))
}

/// Rows and sum of a run-length column: a positive run repeats one value, a negative one lists
/// values, zero stands before a run of nothing.
fn runs(data: &[u8], kind: Kind) -> Result<Rows, Refusal> {
    let mut rest = Cursor(data);
    let mut rows = Rows::default();
    let mut running = 0i64;
    while !rest.0.is_empty() {
        let run = rest.signed()?;
        let (listed, times) = match run {
            0 => {
                rows.add(rest.unsigned()?, 0)?;
                continue;
            }
            run if run > 0 => (1, run.unsigned_abs()),
            run => (run.unsigned_abs(), 1),
        };
        if listed > data.len() as u64 {
            return Err(refuse("run"));
        }
        for _ in 0..listed {
            let value = rest.value(kind, &mut running, times)?;
            rows.add(times, value)?;
        }
    }
    Ok(rows)
}

impl Rows {
    fn add(&mut self, times: u64, value: u64) -> Result<(), Refusal> {
        self.count = self.count.saturating_add(times);
        self.sum = self.sum.saturating_add(value.saturating_mul(times));
        if self.count > 4 * limits::CHANGE_OPS as u64 { Err(refuse("run")) } else { Ok(()) }
    }
}

/// Rows of a column of flags: lengths of alternating runs.
fn flags(data: &[u8]) -> Result<u64, Refusal> {
    let mut rest = Cursor(data);
    let mut rows = Rows::default();
    while !rest.0.is_empty() {
        rows.add(rest.unsigned()?, 0)?;
    }
    Ok(rows.count)
}

/// Bytes that the value column must have: each meta number holds a length above four type bits.
fn value_bytes(data: &[u8]) -> Result<u64, Refusal> {
    let mut rest = Cursor(data);
    let mut bytes = 0u64;
    while !rest.0.is_empty() {
        let run = rest.signed()?;
        if run == 0 {
            rest.unsigned()?;
            continue;
        }
        let (listed, times) =
            if run > 0 { (1, run.unsigned_abs()) } else { (run.unsigned_abs(), 1) };
        for _ in 0..listed {
            bytes = bytes.saturating_add((rest.unsigned()? >> 4).saturating_mul(times));
        }
    }
    Ok(bytes)
}

/// What is left to read.
struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, len: u64) -> Result<&'b [u8], Refusal> {
        let len = usize::try_from(len).map_err(|_| refuse("cut short"))?;
        let (taken, rest) = self.0.split_at_checked(len).ok_or_else(|| refuse("cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// LEB128 without sign, in its shortest form.
    fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { Err(refuse("number")) } else { Ok(value) };
            }
        }
        Err(refuse("number"))
    }

    /// LEB128 with sign, of at most 56 bits.
    fn signed(&mut self) -> Result<i64, Refusal> {
        let mut value = 0i64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                return Ok(if negative { value | (-1i64 << (shift + 7)) } else { value });
            }
        }
        Err(refuse("number"))
    }

    fn at_most(&mut self, limit: u64) -> Result<u64, Refusal> {
        let value = self.unsigned()?;
        if value > limit { Err(refuse("number too large")) } else { Ok(value) }
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        self.take(1)?.first().copied().ok_or_else(|| refuse("cut short"))
    }

    /// One value of a column, and its number where it has one.
    fn value(&mut self, kind: Kind, running: &mut i64, times: u64) -> Result<u64, Refusal> {
        match kind {
            Kind::Number => self.at_most(HIGHEST),
            Kind::Text => {
                let len = self.unsigned()?;
                self.take(len).map(|_| 0)
            }
            Kind::Delta => {
                let step = self.signed()?;
                let times = i64::try_from(times).map_err(|_| refuse("run"))?;
                *running = step
                    .checked_mul(times)
                    .and_then(|moved| running.checked_add(moved))
                    .filter(|at| (0..=1 << 24).contains(at))
                    .ok_or_else(|| refuse("counter"))?;
                Ok(0)
            }
        }
    }
}
