//! Arguments, environment and secrets.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use sync_core::id::InspectionId;

/// 直查 Zhicha: offline-first field inspection for work-safety authorities.
#[derive(Debug, Parser)]
#[command(name = "zhicha", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves phones, browsers and offices.
    Serve(Serve),
    /// Reads departments, enterprises, people, checklists and calendars from a folder, and prints a
    /// password for each new account.
    Seed(Seed),
    /// Imports law documents, texts, criteria, penalties, default terms, checklists and calendars from files of YAML or
    /// JSON: all of them or none. Prints what changes and which open cases cite it. A server that runs takes it over
    /// when it is started again.
    Import(Import),
    /// Writes the whole case of a visit into one file: its papers with cover and index, photos as they were taken, the
    /// signed facts, and how to verify them.
    Casefile(Casefile),
    /// Tells every device that the store was restored from a backup: they send everything of their
    /// own again.
    Restored(Data),
    /// Plays a whole inspection with real devices on a bad network, and stays up with people to log in as.
    #[command(disable_help_flag = true)]
    Demo {
        /// Words for the demonstration; `zhicha demo --help` shows them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<OsString>,
    },
    /// Makes a small picture; started by the server itself with little memory.
    #[command(hide = true)]
    ThumbnailWorker {
        /// The pack of the original.
        pack: PathBuf,
        /// Where the small directory goes.
        thumbnail: PathBuf,
        /// Where in the pack the original begins.
        at: u64,
        /// How long it is.
        len: u64,
    },
    /// Anything else is a program beside this one: `zhicha archive` starts `zhicha-archive`.
    #[command(external_subcommand)]
    Beside(Vec<OsString>),
}

/// Which case to write, and where.
#[derive(Clone, Debug, Args)]
pub struct Casefile {
    /// Where the data are.
    #[command(flatten)]
    pub data: Data,
    /// The visit, by its id.
    pub inspection: InspectionId,
    /// The file to make; one that is there is not touched.
    pub file: PathBuf,
    /// The address at which everybody reaches the server, for the codes on papers.
    #[arg(long, env = "ZHICHA_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,
}

/// Where the data are.
#[derive(Clone, Debug, Args)]
pub struct Data {
    /// Folder of the database, the files and the keys.
    #[arg(long, env = "ZHICHA_DATA", default_value = "data")]
    pub data: PathBuf,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where the data are.
    #[command(flatten)]
    pub data: Data,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "ZHICHA_LISTEN", default_value = "127.0.0.1:8790")]
    pub listen: SocketAddr,
    /// Folder of the built app; without it the interface is served alone.
    #[arg(long, env = "ZHICHA_APP")]
    pub app: Option<PathBuf>,
    /// Address or network of a proxy that says in `X-Forwarded-For` who asks, such as `127.0.0.1` or `10.0.0.0/8`; several
    /// are separated by commas. What anybody else says there counts for nothing.
    #[arg(long, env = "ZHICHA_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// The address at which everybody reaches the server, for the codes on papers, such as `https://zhicha.example`; the
    /// address it listens on unless said.
    #[arg(long, env = "ZHICHA_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,
    /// Logs as JSON, one object a line.
    #[arg(long, env = "ZHICHA_LOG_JSON")]
    pub log_json: bool,
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| address()).map_err(|error| error.to_string())
}

/// What to read.
#[derive(Clone, Debug, Args)]
pub struct Seed {
    /// Where the data are.
    #[command(flatten)]
    pub data: Data,
    /// Folder with `towns`, `checklists`, `laws` and `calendars`.
    #[arg(long, default_value = "fixtures")]
    pub fixtures: PathBuf,
    /// Address of a PostgreSQL database instead of SQLite in the folder, such as
    /// `postgres://zhicha:secret@localhost/zhicha`. Noted in the folder, for every later start.
    #[arg(long, env = "ZHICHA_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// File for the passwords instead of the terminal; made readable for its owner alone.
    #[arg(long)]
    pub passwords: Option<PathBuf>,
}

/// What to import.
#[derive(Clone, Debug, Args)]
pub struct Import {
    /// Where the data are.
    #[command(flatten)]
    pub data: Data,
    /// The files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Only prints what would change.
    #[arg(long)]
    pub dry_run: bool,
}

/// The file that names the database; it may hold a password.
const DATABASE: &str = "database.url";

/// Fresh bytes from the machine.
///
/// # Errors
/// The error of the machine's source of randomness.
pub fn entropy<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}

/// The server's secret, made at the first start and readable for its owner alone. Every key is
/// derived from it; whoever copies it can sign in the server's name.
///
/// # Errors
/// The error of the file system; also for a file that does not hold 32 bytes.
pub fn secret(data: &Path) -> std::io::Result<[u8; 32]> {
    let path = data.join("server.secret");
    match fs::read(&path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            std::io::Error::other(format!("{} does not hold 32 bytes", path.display()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let secret = entropy()?;
            let mut file = private_file(&path)?;
            file.write_all(&secret)?;
            file.sync_all()?;
            fs::File::open(data)?.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

/// The database that a data folder names; none is SQLite in the folder.
///
/// # Errors
/// The error of the file system.
pub fn database(data: &Path) -> std::io::Result<Option<String>> {
    match fs::read_to_string(data.join(DATABASE)) {
        Ok(url) => Ok(Some(url.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Notes the database of a data folder. One that is noted already stays: the records lie there.
///
/// # Errors
/// The error of the file system; also when the folder has another database already.
pub fn note_database(data: &Path, url: &str) -> std::io::Result<()> {
    fs::create_dir_all(data)?;
    match database(data)? {
        Some(noted) if noted == url => Ok(()),
        Some(_) => Err(std::io::Error::other("the data folder names another database")),
        None if data.join("zhicha.db").exists() => {
            Err(std::io::Error::other("the data folder holds a database of its own"))
        }
        None => private_file(&data.join(DATABASE))?.write_all(url.as_bytes()),
    }
}

/// Makes a new file that only its owner can read.
///
/// # Errors
/// The error of the file system; `AlreadyExists` for a file that is there.
pub fn private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
