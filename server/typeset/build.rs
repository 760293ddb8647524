//! Fetches the fonts that the papers are set in, once, by the lock file beside this one.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const PACKAGE: &str = "node_modules/@embedpdf/fonts-sc/fonts";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=fonts/package.json");
    println!("cargo::rerun-if-changed=fonts/package-lock.json");
    match fetch() {
        Ok(folder) => {
            println!("cargo::rustc-env=ZHICHA_FONTS={}", folder.display());
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("cargo::error=the fonts of papers cannot be fetched: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the fonts.
fn fetch() -> Result<PathBuf, String> {
    let place = std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or("not run by cargo")?;
    for name in ["package.json", "package-lock.json"] {
        std::fs::copy(Path::new("fonts").join(name), place.join(name))
            .map_err(|error| format!("{name}: {error}"))?;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let done = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&place)
        .output()
        .map_err(|error| format!("npm is needed, from https://nodejs.org ({error})"))?;
    let folder = place.join(PACKAGE);
    if done.status.success() && folder.join("NotoSansHans-Regular.otf").exists() {
        return Ok(folder);
    }
    Err(String::from_utf8_lossy(&done.stderr).trim().to_owned())
}
