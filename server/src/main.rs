//! Reads what to do and does it.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::Parser as _;
use server::clock::ServerClock;
use server::config::{Cli, Command, Import, Seed, Serve};
use server::error::CommandError;
use server::{start, telemetry, usecase};

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(serve) => run(serve_until_stopped(serve)),
        Command::Seed(seed) => run(seed_and_tell(seed)),
        Command::Import(import) => run(import_and_tell(import)),
        Command::Casefile(casefile) => run(start::case_file(casefile)),
        Command::Restored(data) => run(start::restored(data.data)),
        Command::ThumbnailWorker { pack, thumbnail, at, len } => {
            server::thumbnails::work(&pack, &thumbnail, at, len).map_err(CommandError::from)
        }
        Command::Demo { words } => beside("demo".as_ref(), &words),
        Command::Beside(words) => {
            let (name, rest) =
                words.split_first().map_or((OsStr::new(""), &[][..]), |(name, rest)| (name, rest));
            beside(name, rest)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&format!("zhicha: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(work: impl Future<Output = Result<(), CommandError>>) -> Result<(), CommandError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

async fn serve_until_stopped(serve: Serve) -> Result<(), CommandError> {
    telemetry::start(serve.log_json);
    let options = start::Options::new(serve.data.data, serve.listen);
    let running = start::start(start::Options {
        app: serve.app,
        public_address: serve.public_address,
        trusted_proxies: serve.trusted_proxies,
        ..options
    })
    .await?;
    tell(&format!("直查服务器已启动：http://{}/", running.address));
    stop_signal().await?;
    running.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn seed_and_tell(seed: Seed) -> Result<(), CommandError> {
    if let Some(url) = &seed.database {
        server::config::note_database(&seed.data.data, url)?;
    }
    let seeding = usecase::seed::run(&seed.data.data, &seed.fixtures).await?;
    let lines: Vec<String> = seeding
        .accounts
        .iter()
        .map(|account| format!("{}\t{}\t{}", account.username, account.password, account.title))
        .collect();
    match seed.passwords {
        Some(path) => {
            use std::io::Write as _;
            server::config::private_file(&path)?.write_all((lines.join("\n") + "\n").as_bytes())?;
        }
        None => lines.iter().for_each(|line| tell(line)),
    }
    seeding.refused.iter().for_each(|row| tell(&row.to_string()));
    // Everything else is there; whoever started this has to know all the same.
    match seeding.refused.len() {
        0 => Ok(()),
        rows => Err(CommandError::Rows(rows)),
    }
}

async fn import_and_tell(import: Import) -> Result<(), CommandError> {
    let Import { data, files, dry_run } = import;
    let now = ServerClock::System.now();
    let imported = usecase::import::run(&data.data, &files, now, dry_run).await?;
    if imported.changes.is_empty() {
        tell("没有任何变化");
        return Ok(());
    }
    for change in &imported.changes {
        tell(&format!("{} {}", change.how.title(), change.what));
    }
    match imported.touched.as_slice() {
        [] => tell("没有未办结的案件引用这些条款"),
        cases => cases.iter().for_each(|case| tell(&format!("涉及未办结案件：{case}"))),
    }
    if dry_run {
        tell("以上只是预览，没有导入");
    } else {
        tell(&format!("已导入，版本 {}；重新启动服务器后生效", imported.version));
    }
    Ok(())
}

/// Starts the program of this name beside this one; it says itself why it failed.
fn beside(name: &OsStr, words: &[OsString]) -> Result<(), CommandError> {
    let name = name.to_string_lossy();
    let program = std::env::current_exe()?
        .with_file_name(format!("zhicha-{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let missing = format!("no command {name}: {} is not built", program.display());
        return Err(std::io::Error::other(missing).into());
    }
    let mut command = std::process::Command::new(program);
    command.args(words);
    // In the place of this one, so that whatever ends this process ends that one.
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut command).into());
    #[cfg(not(unix))]
    std::process::exit(command.status()?.code().unwrap_or(1));
}

#[expect(clippy::print_stderr, reason = "a person started this in a terminal")]
fn tell(line: &str) {
    eprintln!("{line}");
}
