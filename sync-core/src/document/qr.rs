//! The code on a paper, by which anybody can ask whether it is genuine.

use qrcodegen::{QrCode as Made, QrCodeEcc};

use crate::id::Digest;

/// The squares of a QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    /// Squares on a side.
    pub size: usize,
    /// Which are dark, row by row.
    pub dark: Vec<bool>,
}

impl QrCode {
    /// The dark squares as runs: row, column, how many.
    #[must_use]
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (place, _) in self.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (row, column) = (place / self.size, place % self.size);
            match runs.last_mut() {
                Some((at, from, length)) if *at == row && *from + *length == column => *length += 1,
                _ => runs.push((row, column, 1)),
            }
        }
        runs
    }
}

/// Where a paper is checked: below the address of the server that everybody reaches.
#[must_use]
pub fn check_address(server: &str, digest: Digest) -> String {
    format!("{}/check/{}", server.trim_end_matches('/'), digest.hex())
}

/// A text as a QR code; none for a text that is too long for one.
#[must_use]
pub fn qr(text: &str) -> Option<QrCode> {
    let made = Made::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = made.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let dark = dark.map(|(x, y)| made.get_module(x, y)).collect();
    Some(QrCode { size: usize::try_from(size).ok()?, dark })
}
