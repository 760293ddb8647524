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

/// The fixtures of this repository.
#[must_use]
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// The app, where it is built.
#[must_use]
pub fn built_app() -> Option<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mobile-bindings/app/dist");
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
            runtime: Runtime::new()?,
            server: None,
            networks: Vec::new(),
        })
    }

    /// Seeds a folder, keeps the passwords of accounts that it made.
    fn found(folder: &Path, clock: ServerClock, fixtures: &Path) -> Result<Self, CommandError> {
        let mut town = Self::empty(folder, clock)?;
        on_postgres(&folder.join("server"))?;
        let seeded = town.runtime.block_on(seed::run(&folder.join("server"), fixtures))?;
        town.accounts = seeded.into_iter().map(|it| (it.username.clone(), it)).collect();
        Ok(town)
    }

    /// A town whose server runs in this process, with a clock that can be set.
    pub fn inside(folder: &Path, clock: ServerClock) -> Result<Self, CommandError> {
        Self::of_zone(folder, clock, &fixtures())
    }

    /// A town of another zone than the one of this repository, read from a folder of data.
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
    pub fn stored(folder: &Path, clock: ServerClock) -> Result<Self, CommandError> {
        let mut town = Self::empty(folder, clock)?;
        town.start_inside()?;
        Ok(town)
    }

    /// A town on a folder that was one before, with the passwords of then.
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
    pub fn process(folder: &Path, listen: &str) -> Result<Self, CommandError> {
        let mut town = Self::found(folder, ServerClock::System, &fixtures())?;
        listen.clone_into(&mut town.listen);
        town.start_process()?;
        Ok(town)
    }

    fn start_inside(&mut self) -> Result<(), CommandError> {
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let data = self.folder.join("server");
        let options = Options { clock: self.clock.clone(), ..Options::new(data, listen) };
        let running = self.runtime.block_on(start::start(options))?;
        self.moved(format!("http://{}", running.address));
        self.server = Some(Server::Inside(running));
        Ok(())
    }

    fn start_process(&mut self) -> Result<(), CommandError> {
        let mut command = Command::new(program("zhicha")?);
        command.args(["serve", "--listen", &self.listen, "--data"]).arg(self.folder.join("server"));
        if let Some(app) = built_app() {
            command.arg("--app").arg(app);
        }
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let said = child.stderr.take().ok_or(std::io::Error::other("no output"))?;
        let mut lines = BufReader::new(said).lines();
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
    pub fn kill_and_restart(&mut self) -> Result<(), CommandError> {
        self.kill()?;
        self.start_process()
    }

    /// Ends the server at once, as a power cut does.
    pub fn kill(&mut self) -> Result<(), CommandError> {
        if let Some(Server::Process(mut child)) = self.server.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Reads other reference data into a server that is a process, as after an update, and starts it again.
    pub fn publish(&mut self, fixtures: &Path) -> Result<(), CommandError> {
        self.kill()?;
        self.runtime.block_on(seed::run(&self.folder.join("server"), fixtures))?;
        self.start_process()
    }

    /// A phone on a folder as it is, on a network of this town.
    pub fn phone_in(&mut self, folder: &Path) -> Result<Phone, sync_core::Refusal> {
        let seed = self.networks.len() as u64 * 7919 + 17;
        let network = Network::new(self.address.clone(), seed);
        self.networks.push(network.clone());
        Phone::open(folder, self.clock.clone(), network)
    }

    /// A phone for a person, signed in and enrolled, with an empty folder of its own.
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

/// A program of this workspace: beside this one, or one folder above for tests.
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
