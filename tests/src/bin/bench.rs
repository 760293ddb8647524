//! `make bench`: every job beside its floor, one table with ratios.

use std::path::Path;
use std::process::ExitCode;

use e2e::bench::{hostile, jobs, table};
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
        named => measure(named),
    };
    match done {
        Ok(met) if met => ExitCode::SUCCESS,
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

/// Runs the jobs that are named, or all.
fn measure(named: &[&str]) -> Result<bool, Refusal> {
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    let folder = tempfile::tempdir().map_err(failed)?;
    let folder = folder.path();
    let mut lines = Vec::new();
    for job in ["crowd", "photos", "fresh", "thirty", "fields", "hostile"] {
        if !named.is_empty() && !named.contains(&job) {
            continue;
        }
        say(job);
        match job {
            "crowd" => lines.extend(jobs::crowd_online(&runtime, folder, 100)?),
            "photos" => lines.extend(jobs::photos(&runtime, folder)?),
            "fresh" => lines.extend(jobs::fresh_phone(&runtime, folder)?),
            "hostile" => lines.extend(hostile::hostile(&runtime, folder)?),
            "thirty" => lines.push(jobs::thirty_changed(folder)?),
            _ => lines.push(jobs::different_fields()?),
        }
    }
    say(&table::text(&lines));
    Ok(lines.iter().all(|line| line.met))
}
