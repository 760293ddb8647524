//! One table of measured figures with their bounds.

/// One figure.
#[derive(Clone, Debug)]
pub struct Line {
    /// What was measured.
    pub job: &'static str,
    /// What was found, in words and units.
    pub found: String,
    /// The bound, in words and units.
    pub bound: &'static str,
    /// Whether the bound is kept.
    pub kept: bool,
}

impl Line {
    /// A figure with its bound.
    #[must_use]
    pub fn new(job: &'static str, found: String, bound: &'static str, kept: bool) -> Self {
        Self { job, found, bound, kept }
    }
}

/// The table as text; the last column says whether each bound is kept.
#[must_use]
pub fn text(lines: &[Line]) -> String {
    let mut text = String::from("| job | measured | bound | kept |\n|---|---|---|---|\n");
    for Line { job, found, bound, kept } in lines {
        let kept = if *kept { "yes" } else { "NO" };
        text += &format!("| {job} | {found} | {bound} | {kept} |\n");
    }
    text
}

/// The middle one of several figures.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
