//! The number of an officer's certificate behind a name, and where such numbers stand in a text.

use std::ops::Range;

const OPENS: &str = "（执法证号 ";
const CLOSES: &str = "）";

/// The number as it is printed behind a name.
#[must_use]
pub fn number(certificate: &str) -> String {
    format!("{OPENS}{certificate}{CLOSES}")
}

/// Where numbers stand in a text: no line is broken within one of them.
#[must_use]
pub fn numbers(text: &str) -> Vec<Range<usize>> {
    let within = |(from, _): (usize, &str)| {
        let length = text.get(from..)?.find(CLOSES)?;
        Some(from..from + length + CLOSES.len())
    };
    text.match_indices(OPENS).filter_map(within).collect()
}
