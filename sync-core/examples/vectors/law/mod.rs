//! Who may do what, when: one table per statement, written by hand from the law of the loop.
//!
//! A line says for which people at which stages a condition does not hold. Every line that fits counts, the first one
//! is what people are told; where none fits, the statement is let through. A kind of statement is a file with the
//! statements as someone would make them and their tables.

mod capture;
mod conditions;
mod names;
mod notice;
mod numbers;
mod paper;
mod visit;

use sync_core::act::Statement;
use sync_core::refusal::Code;
use sync_core::testing::cast::Who;
use sync_core::testing::stages::Stage;
use sync_core::testing::world::World;

/// `(code, people, stages)`; see [`names`] for how both are written.
type Line = (&'static str, &'static str, &'static str);

/// A statement as someone would make it in this world, with its table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) statement: Statement,
    table: Vec<Line>,
}

/// Every statement that is asked about.
pub(crate) fn rows(world: &World) -> Vec<Row> {
    [visit::rows(world), notice::rows(world), capture::rows(), numbers::rows(world), paper::rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// A statement that people make. Nothing else is said of a case with a critical fact of an unknown kind.
fn row(name: &'static str, statement: Statement, parts: &[&[Line]]) -> Row {
    let table = parts.iter().flat_map(|part| part.iter().copied()).map(|(code, who, stages)| {
        assert!(Code::ALL.iter().any(|it| it.name() == code), "{name}: no code {code}");
        (code, who, stages)
    });
    Row { name, statement, table: table.collect() }
}

/// A statement that only the server makes, whoever tries and whatever the case holds.
fn by_server(name: &'static str, statement: Statement) -> Row {
    row(name, statement, &[&[("server_only", "*", "*")]])
}

impl Row {
    /// Every condition that does not hold for someone at a stage, what people are told first; or `ok`.
    pub(crate) fn verdict(&self, who: Who, stage: Stage) -> String {
        let fits = |(_, people, stages): &&Line| {
            names::hold(people, who.name()) && names::hold(stages, stage.name())
        };
        let mut codes: Vec<&str> = Vec::new();
        for (code, ..) in self.table.iter().filter(fits) {
            if !codes.contains(code) {
                codes.push(code);
            }
        }
        let unreadable = stage == Stage::Foreign && codes != ["server_only"];
        match codes.as_slice() {
            _ if unreadable => "newer_app_needed".to_owned(),
            [] => "ok".to_owned(),
            codes => codes.join(" "),
        }
    }
}
