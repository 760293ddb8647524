//! A server with the seeded zone: in this process with a clock that can be set, or as a process of
//! its own that can be killed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use server::clock::ServerClock;
use server::error::CommandError;
use server::start::{self, Options, Running};
use server::usecase::seed::{self, Seeded};
use tokio::runtime::Runtime;

use crate::phone::Phone;
use crate::weather::Network;

/// This repository: as cargo names it when it runs a program, else the folder around the working directory that has the
/// fixtures. What is compiled in comes last, since it may be the folder of another clone that shares the folder of builds.
#[must_use]
pub fn repository() -> PathBuf {
    let by_cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(|it| PathBuf::from(it).join(".."));
    let around = || {
        let here = std::env::current_dir().ok()?;
        here.ancestors().find(|it| it.join("fixtures/towns").is_dir()).map(Path::to_path_buf)
    };
    let compiled_in = || Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    by_cargo.or_else(around).unwrap_or_else(compiled_in)
}

/// The fixtures of this repository.
#[must_use]
pub fn fixtures() -> PathBuf {
    repository().join("fixtures")
}

/// The app, where it is built.
#[must_use]
pub fn built_app() -> Option<PathBuf> {
    let built = repository().join("mobile-bindings/app/dist");
    built.join("index.html").exists().then_some(built)
}

/// A server with people.
pub struct Town {
    /// Accounts with their passwords, by user name.
    pub accounts: BTreeMap<String, Seeded>,
    /// The time in this town.
    pub clock: ServerClock,
    /// Where the server listens, as the beginning of an address.
    pub address: String,
    /// Where a server that is a process is told to listen.
    listen: String,
    folder: PathBuf,
    /// Where the server keeps its data.
    data: PathBuf,
    /// How often the data were put back.
    restores: usize,
    runtime: Runtime,
    server: Option<Server>,
    networks: Vec<Network>,
}

enum Server {
    Inside(Running),
    Process(Child),
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Notes a new database at the PostgreSQL that tests are to run on, if they are.
fn on_postgres(data: &Path) -> Result<(), CommandError> {
    let Ok(server) = std::env::var("ZHICHA_TEST_POSTGRES") else { return Ok(()) };
    if server::config::database(data)?.is_none() {
        let name = u64::from_le_bytes(server::config::entropy()?);
        server::config::note_database(data, &format!("{server}/zhicha_{name:x}"))?;
    }
    Ok(())
}

impl Town {
    /// A town without a server, on a folder as it is.
    fn empty(folder: &Path, clock: ServerClock) -> Result<Self, CommandError> {
        Ok(Self {
            accounts: BTreeMap::new(),
            clock,
            address: String::new(),
            listen: String::new(),
            folder: folder.to_owned(),
            data: folder.join("server"),
            restores: 0,
            runtime: Runtime::new()?,
            server: None,
            networks: Vec::new(),
        })
    }

    /// Seeds a folder, keeps the passwords of accounts that it made.
    fn found(folder: &Path, clock: ServerClock, fixtures: &Path) -> Result<Self, CommandError> {
        let mut town = Self::empty(folder, clock)?;
        on_postgres(&town.data)?;
        let seeded = town.runtime.block_on(seed::run(&town.data, fixtures))?;
        town.accounts = seeded.accounts.into_iter().map(|it| (it.username.clone(), it)).collect();
        Ok(town)
    }

    /// A town whose server runs in this process, with a clock that can be set.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn inside(folder: &Path, clock: ServerClock) -> Result<Self, CommandError> {
        Self::of_zone(folder, clock, &fixtures())
    }

    /// A town of another zone than the one of this repository, read from a folder of data.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn of_zone(
        folder: &Path,
        clock: ServerClock,
        fixtures: &Path,
    ) -> Result<Self, CommandError> {
        let mut town = Self::found(folder, clock, fixtures)?;
        town.start_inside()?;
        Ok(town)
    }

    /// A town whose server's data are there already; nothing is seeded and no password is known.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn stored(folder: &Path, clock: ServerClock) -> Result<Self, CommandError> {
        let mut town = Self::empty(folder, clock)?;
        town.start_inside()?;
        Ok(town)
    }

    /// A town on a folder that was one before, with the passwords of then.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn again(
        folder: &Path,
        clock: ServerClock,
        accounts: BTreeMap<String, Seeded>,
    ) -> Result<Self, CommandError> {
        let mut town = Self::found(folder, clock, &fixtures())?;
        town.accounts = accounts;
        town.start_inside()?;
        Ok(town)
    }

    /// A town whose server is a process of its own, at an address or a free port.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn process(folder: &Path, listen: &str) -> Result<Self, CommandError> {
        let mut town = Self::found(folder, ServerClock::System, &fixtures())?;
        listen.clone_into(&mut town.listen);
        town.start_process()?;
        Ok(town)
    }

    fn start_inside(&mut self) -> Result<(), CommandError> {
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let data = self.data.clone();
        // Papers name it, and are the same whichever port is free today.
        let public_address = Some("https://zhicha.example".to_owned());
        let clock = self.clock.clone();
        let options = Options { clock, public_address, ..Options::new(data, listen) };
        let running = self.runtime.block_on(start::start(options))?;
        self.moved(format!("http://{}", running.address));
        self.server = Some(Server::Inside(running));
        Ok(())
    }

    /// Copies the data folder of a server that is a process as a power cut would leave it.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn back_up(&mut self, to: &Path) -> Result<(), CommandError> {
        self.kill()?;
        copy(&self.data, to)?;
        self.start_process()
    }

    /// Starts the process of the server over a copy of its data in a new folder; `announced` as by an operator who says so.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn restore(&mut self, from: &Path, announced: bool) -> Result<(), CommandError> {
        self.kill()?;
        self.restores += 1;
        self.data = self.folder.join(format!("server-{}", self.restores));
        copy(from, &self.data)?;
        if announced {
            Command::new(program("zhicha")?)
                .args(["restored", "--data"])
                .arg(&self.data)
                .status()?;
        }
        self.start_process()
    }

    /// Where the server keeps its data.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    fn start_process(&mut self) -> Result<(), CommandError> {
        let mut command = Command::new(program("zhicha")?);
        command.args(["serve", "--listen", &self.listen, "--data"]).arg(&self.data);
        if let Some(app) = built_app() {
            command.arg("--app").arg(app);
        }
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let output = child.stderr.take().ok_or(std::io::Error::other("no output"))?;
        let mut lines = BufReader::new(output).lines();
        let mut before = Vec::new();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let address = line.split_once("http://").map(|(_, rest)| rest.to_owned());
            before.extend(address.is_none().then_some(line));
            address
        });
        let Some(address) = address else {
            child.wait()?;
            return Err(std::io::Error::other(before.join("\n")).into());
        };
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        self.moved(format!("http://{}", address.trim_end_matches('/')));
        self.server = Some(Server::Process(child));
        Ok(())
    }

    fn moved(&mut self, address: String) {
        self.address = address;
        for network in &self.networks {
            network.redirect(self.address.clone());
        }
    }

    /// Ends the server at once, as a power cut does, and starts it again on the same data, where it was
    /// told to listen at first.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn kill_and_restart(&mut self) -> Result<(), CommandError> {
        self.kill()?;
        self.start_process()
    }

    /// Ends the server at once, as a power cut does.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn kill(&mut self) -> Result<(), CommandError> {
        if let Some(Server::Process(mut child)) = self.server.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Reads other reference data into a server that is a process, as after an update, and starts it again.
    ///
    /// # Errors
    /// `CommandError` when folder, data or server fail.
    pub fn publish(&mut self, fixtures: &Path) -> Result<(), CommandError> {
        self.kill()?;
        self.runtime.block_on(seed::run(&self.data, fixtures))?;
        self.start_process()
    }

    /// A phone on a folder as it is, on a network of this town.
    ///
    /// # Errors
    /// What the device refuses.
    pub fn phone_in(&mut self, folder: &Path) -> Result<Phone, sync_core::Refusal> {
        let seed = self.networks.len() as u64 * 7919 + 17;
        let network = Network::new(self.address.clone(), seed);
        self.networks.push(network.clone());
        Phone::open(folder, self.clock.clone(), network)
    }

    /// A phone for a person, signed in and enrolled, with an empty folder of its own.
    ///
    /// # Errors
    /// What device or server refuse.
    pub fn phone(&mut self, username: &str) -> Result<Phone, sync_core::Refusal> {
        let folder = self.folder.join(format!("phone-{username}-{}", self.networks.len()));
        let mut phone = self.phone_in(&folder)?;
        let password = self.accounts.get(username).map(|it| it.password.clone());
        phone.device.sign_in(username, &password.unwrap_or_default())?;
        phone.device.enrol(&format!("{username}的手机"))?;
        phone.sync()?;
        Ok(phone)
    }

    /// The application of a server inside of this process.
    #[must_use]
    pub fn app(&self) -> Option<&server::state::App> {
        match &self.server {
            Some(Server::Inside(running)) => Some(&running.app),
            Some(Server::Process(_)) | None => None,
        }
    }

    /// Runs something on the server's runtime.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The process id of a server of its own.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        match &self.server {
            Some(Server::Process(child)) => Some(child.id()),
            Some(Server::Inside(_)) | None => None,
        }
    }

    /// Waits until the server's process ends.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn wait(&mut self) -> std::io::Result<()> {
        match &mut self.server {
            Some(Server::Process(child)) => child.wait().map(drop),
            Some(Server::Inside(_)) | None => Ok(()),
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        match self.server.take() {
            Some(Server::Inside(running)) => self.runtime.block_on(running.stop()),
            Some(Server::Process(mut child)) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            None => {}
        }
    }
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// A program of this workspace: beside this one, or one folder above for tests.
///
/// # Errors
/// The error of the operating system; `NotFound` where the program is not.
pub fn program(name: &str) -> std::io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|path| path.exists())
        .ok_or_else(|| {
            std::io::Error::other(format!("{name} is not built: cargo build --workspace"))
        })
}
