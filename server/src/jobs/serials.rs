//! The last number of every series, and the numbers that the clerk takes after it. Whoever writes first has them: a write
//! that took what another one took is tried again.

use std::collections::HashMap;

use sync_core::domain::notice::DocumentNumber;
use sync_core::domain::numbers::{NumberBlock, Series};
use sync_core::rules::numbering;

use crate::store::numbers::LastNumbers;

/// The numbers of one look at the dossiers.
#[derive(Debug)]
pub(super) struct Serials {
    last: HashMap<Series, u32>,
    unknown: u32,
}

impl Serials {
    /// After the numbers that are taken.
    pub(super) fn after(LastNumbers { known, unknown }: LastNumbers) -> Self {
        Self { last: known, unknown }
    }

    /// The next number of a series.
    pub(super) fn next(&mut self, series: Series, taken: &mut Vec<NumberBlock>) -> DocumentNumber {
        let number = numbering::next(&series, self.last(&series));
        self.take(NumberBlock { series, first: number.serial, last: number.serial }, taken);
        number
    }

    /// The next block of a series for a device.
    pub(super) fn block(&mut self, series: Series, taken: &mut Vec<NumberBlock>) -> NumberBlock {
        let last = self.last(&series);
        let block = numbering::block(series, last);
        self.take(block.clone(), taken);
        block
    }

    /// Numbers of a dossier that is set aside are free again, the last one first.
    pub(super) fn give_back(&mut self, taken: &[NumberBlock]) {
        for block in taken.iter().rev() {
            self.last.insert(block.series.clone(), block.first.saturating_sub(1));
        }
    }

    fn last(&self, series: &Series) -> u32 {
        self.last.get(series).copied().unwrap_or(self.unknown)
    }

    fn take(&mut self, block: NumberBlock, taken: &mut Vec<NumberBlock>) {
        self.last.insert(block.series.clone(), block.last);
        taken.push(block);
    }
}
