//! `make bench`: every job beside its floor, one table with ratios.

use std::path::Path;
use std::process::ExitCode;

use e2e::bench::{jobs, table};
use e2e::floor::Floor;
use sync_core::Refusal;

#[expect(clippy::print_stdout, reason = "a person watches this in a terminal")]
fn say(line: &str) {
    println!("{line}");
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["floor", folder] => serve_floor(Path::new(folder)),
        _ => measure(),
    };
    match done {
        Ok(kept) if kept => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(refusal) => {
            say(&format!("the benchmark stopped: {refusal}"));
            ExitCode::FAILURE
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(sync_core::Code::StorageFailed).detail(error.to_string())
}

/// Serves the floor until it is killed.
fn serve_floor(folder: &Path) -> Result<bool, Refusal> {
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    let floor = runtime.block_on(Floor::start(folder)).map_err(failed)?;
    say(&floor.address.to_string());
    runtime.block_on(std::future::pending())
}

fn measure() -> Result<bool, Refusal> {
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    let folder = tempfile::tempdir().map_err(failed)?;
    let folder = folder.path();
    let mut lines = Vec::new();
    say("1/5 100 devices at once");
    lines.extend(jobs::crowd_online(&runtime, folder, 100)?);
    say("2/5 photos");
    lines.extend(jobs::photos(&runtime, folder)?);
    say("3/5 a fresh phone");
    lines.extend(jobs::fresh_phone(&runtime, folder)?);
    say("4/5 thirty changed of a thousand");
    lines.push(jobs::thirty_changed(folder)?);
    say("5/5 different fields");
    lines.push(jobs::different_fields()?);
    say(&table::text(&lines));
    Ok(lines.iter().all(|line| line.kept))
}
