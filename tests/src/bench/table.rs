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
    pub met: bool,
}

impl Line {
    /// A figure with its bound.
    #[must_use]
    pub fn new(job: &'static str, found: String, bound: &'static str, met: bool) -> Self {
        Self { job, found, bound, met }
    }
}

/// The table as text; the last column says whether each bound is kept.
#[must_use]
pub fn text(lines: &[Line]) -> String {
    let head = ["| job | measured | bound | kept |".to_owned(), "|---|---|---|---|".to_owned()];
    let rows = lines.iter().map(|Line { job, found, bound, met }| {
        format!("| {job} | {found} | {bound} | {} |", if *met { "yes" } else { "NO" })
    });
    head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// The middle one of several figures.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
