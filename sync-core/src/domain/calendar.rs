//! Days off and make-up working days, as the State Council's yearly notices say.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::time::CivilDate;

/// Days off and make-up working days of one year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct WorkCalendar {
    /// The year.
    #[n(0)]
    pub year: i16,
    /// Version of this table.
    #[n(1)]
    pub version: String,
    /// Days off, ascending; weekends inside of a holiday included.
    #[n(2)]
    pub holidays: Vec<CivilDate>,
    /// Weekend days that are worked, ascending.
    #[n(3)]
    pub workdays: Vec<CivilDate>,
}
