//! `zhicha archive ADDRESS ZONE PASSWORDS OPEN SETTLED`: fills a running server with cases, for measurements of
//! what people see. `PASSWORDS` is the file that seeding wrote.

use std::path::Path;
use std::process::ExitCode;

use e2e::archive;
use sync_core::{Code, Refusal};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            tell(&refusal.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), Refusal> {
    let [address, zone, passwords, open, settled] = words else {
        return Err(Refusal::new(Code::Malformed).detail("five words are needed"));
    };
    let number = |word: &String| {
        word.parse().map_err(|_| Refusal::new(Code::Malformed).detail("not a number"))
    };
    let passwords = std::fs::read_to_string(passwords)
        .map_err(|error| Refusal::new(Code::Malformed).detail(error.to_string()))?;
    archive::fill(address, Path::new(zone), &passwords, number(open)?, number(settled)?)
}

#[expect(clippy::print_stderr, reason = "a person started this in a terminal")]
fn tell(line: &str) {
    eprintln!("{line}");
}
