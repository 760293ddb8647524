use sync_core::domain::evidence::{Fix, FixSource, Position};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::term::{DayUnit, Deadline, Term};
use sync_core::time::CivilDate;

#[uniffi::remote(Record)]
pub struct Position {
    pub lat_e7: i32,
    pub lon_e7: i32,
}

#[uniffi::remote(Enum)]
pub enum FixSource {
    Satellite,
    Network,
    External,
}

#[uniffi::remote(Record)]
pub struct Fix {
    pub position: Position,
    pub accuracy_dm: u32,
    pub source: FixSource,
    pub mock: bool,
}

#[uniffi::remote(Enum)]
pub enum Grade {
    General,
    Major,
}

#[uniffi::remote(Record)]
pub struct Clause {
    pub document: String,
    pub clause: String,
}

#[uniffi::remote(Enum)]
pub enum DayUnit {
    Natural,
    Working,
}

#[uniffi::remote(Record)]
pub struct Term {
    pub days: u16,
    pub unit: DayUnit,
}

#[uniffi::remote(Record)]
pub struct Deadline {
    pub date: CivilDate,
    pub start: CivilDate,
    pub term: Term,
    pub calendars: Vec<String>,
    pub skipped: Vec<CivilDate>,
    pub provisional: bool,
}
