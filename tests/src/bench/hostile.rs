//! Whoever means harm, beside ten honest phones: every kind of load at once, from one account of each role that can make
//! it and from nobody at all.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sync_core::Refusal;
use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::account::Role;
use sync_core::id::{Digest, InspectionId};
use sync_core::wire::codec;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};

use super::crowd::{self, Member};
use super::stage::{Stage, of_process};
use super::table::Line;
use crate::play::{expect, missed};

/// Honest phones.
const PHONES: usize = 10;
/// Rounds of each, quiet and beside the load: 1,000 requests of each kind.
const ROUNDS: usize = 100;
/// Bytes of a photo.
const PHOTO: usize = 200_000;
/// When whoever is turned away comes back: with 500 connections a thousand times a second.
const AGAIN: Duration = Duration::from_millis(500);
/// Where harm comes from: another address than the phones have.
const ELSEWHERE: &str = "127.0.0.9:0";

/// What the attackers share.
#[derive(Clone)]
struct Attack {
    server: SocketAddr,
    sent: Arc<AtomicU64>,
}

impl Attack {
    async fn connect(&self) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(ELSEWHERE.parse().map_err(std::io::Error::other)?)?;
        socket.connect(self.server).await
    }

    /// Sends bytes and waits until the other side ends or `held` is over.
    async fn hold(&self, bytes: &[u8], held: Duration) -> std::io::Result<()> {
        let mut stream = self.connect().await?;
        stream.write_all(bytes).await?;
        self.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let mut answer = [0; 256];
        let _ = tokio::time::timeout(held, stream.read(&mut answer)).await;
        Ok(())
    }

    /// So many connections that do this again and again.
    fn again(&self, tasks: &mut JoinSet<()>, connections: usize, bytes: Vec<u8>, held: Duration) {
        let bytes = Arc::new(bytes);
        for _ in 0..connections {
            let (attack, bytes) = (self.clone(), Arc::clone(&bytes));
            tasks.spawn(async move {
                let mut again = often();
                loop {
                    again.tick().await;
                    // Whether it is turned away is what is measured.
                    let _ = attack.hold(&bytes, held).await;
                }
            });
        }
    }

    /// So many connections that ask for something and read nothing of it.
    fn unread(&self, tasks: &mut JoinSet<()>, connections: usize, request: Vec<u8>) {
        let request = Arc::new(request);
        for _ in 0..connections {
            let (attack, request) = (self.clone(), Arc::clone(&request));
            tasks.spawn(async move {
                let mut again = often();
                loop {
                    again.tick().await;
                    if let Ok(mut stream) = attack.connect().await {
                        let _ = stream.write_all(&request).await;
                        let held = std::future::pending::<()>();
                        let _ = tokio::time::timeout(Duration::from_mins(1), held).await;
                    }
                }
            });
        }
    }
}

/// The moments at which somebody comes back.
fn often() -> Interval {
    let mut again = tokio::time::interval(AGAIN);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    again
}

/// A request as bytes; `says` is how long its body is, whatever comes of it.
fn request(line: &str, token: &str, says: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: {}\r\ncontent-length: {says}\r\n\r\n",
        codec::CONTENT_TYPE
    );
    [head.as_bytes(), body].concat()
}

/// One round of a phone: a photo is announced, and brought. Gives how long each took.
fn round(
    member: &mut Member,
    visit: InspectionId,
    n: usize,
    seconds: &mut Vec<f64>,
) -> Result<(), Refusal> {
    let mut bytes = vec![u8::try_from(n % 251).unwrap_or_default(); PHOTO];
    let name = [&[0xff, 0xd8, 0xff], &n.to_le_bytes()[..], member.person.id.as_bytes()].concat();
    for (byte, of_name) in bytes.iter_mut().zip(name) {
        *byte = of_name;
    }
    let fact = member.state(crowd::captured(visit, &bytes))?;
    let packed = member.request(std::slice::from_ref(&fact), Vec::new());
    let began = Instant::now();
    member.exchange(packed)?;
    seconds.push(began.elapsed().as_secs_f64());
    let path = format!("/sync/v1/blobs/{}?offset=0", Digest::of(&bytes));
    let began = Instant::now();
    let answer = member.office.send("PUT", &path, bytes, None);
    seconds.push(began.elapsed().as_secs_f64());
    expect(answer.status == 200, "a photo")
}

/// All phones at once, each round after round; gives the 99th percentile of all requests, in milliseconds.
fn p99(members: &mut [Member], visits: &[InspectionId], from: usize) -> Result<f64, Refusal> {
    let all = std::thread::scope(|scope| {
        let phones: Vec<_> = members
            .iter_mut()
            .zip(visits)
            .map(|(member, visit)| {
                scope.spawn(move || {
                    let mut seconds = Vec::new();
                    for n in 0..ROUNDS {
                        round(member, *visit, from + n, &mut seconds)?;
                    }
                    Ok::<_, Refusal>(seconds)
                })
            })
            .collect();
        let joined = phones.into_iter().map(|it| it.join().map_err(|_| missed("a phone"))?);
        joined.collect::<Result<Vec<_>, _>>()
    })?;
    let mut all: Vec<f64> = all.into_iter().flatten().collect();
    all.sort_by(f64::total_cmp);
    Ok(all.get(all.len() * 99 / 100).copied().unwrap_or_default() * 1000.0)
}

/// Every kind of load at once; it goes on until the set is dropped.
fn begin(
    attack: &Attack,
    tasks: &mut JoinSet<()>,
    account: &Member,
    enterprise: &str,
    photo: Digest,
) {
    let own = account.office.token();
    // Requests that are held, by an account of an enterprise.
    attack.again(
        tasks,
        500,
        request("GET /sync/v1/poke", enterprise, 0, &[]),
        Duration::from_secs(5),
    );
    // Photos of which nothing is read.
    let line = format!("GET /sync/v1/blobs/{photo}");
    attack.unread(tasks, 60, request(&line, own, 0, &[]));
    // Exchanges that lack their last byte.
    let body = vec![b'z'; 4 * 1024 * 1024 - 1];
    let exchange = "POST /sync/v1/exchange";
    attack.again(tasks, 20, request(exchange, own, body.len() + 1, &body), Duration::from_secs(20));
    // Headers that do not end, by nobody.
    let headers = [b"GET /health HTTP/1.1\r\nx: ".as_slice(), &vec![b'y'; 30_000]].concat();
    attack.again(tasks, 300, headers, Duration::from_secs(20));
    // Guesses at a password, by nobody.
    let guess = br#"{"username":"hetong","password":"guess-guess-guess"}"#;
    let head = format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        guess.len()
    );
    let guess = [head.as_bytes(), guess].concat();
    attack.again(tasks, 10, guess, Duration::from_secs(5));
}

/// Pushes of visits that nobody planned, one after the other.
async fn unplanned(attack: Attack, mut account: Member) {
    let mut again = often();
    loop {
        again.tick().await;
        for _ in 0..20 {
            let mut id = [0; 16];
            if let Ok(random) = server::config::entropy::<16>() {
                id = random;
            }
            let arrival = Arrival {
                inspection: InspectionId::from_bytes(id),
                certificate_shown: true,
                plate: None,
                fix: None,
            };
            let Ok(fact) = account.state(Statement::Arrived(arrival)) else { continue };
            let packed = account.request(std::slice::from_ref(&fact), Vec::new());
            let bytes =
                request("POST /sync/v1/exchange", account.office.token(), packed.len(), &packed);
            let _ = attack.hold(&bytes, Duration::from_secs(5)).await;
        }
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(it) if it.is_dir() => folder_bytes(&entry.path()),
            Ok(it) => it.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Ten phones, first in quiet, then beside every kind of load at once.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn hostile(runtime: &tokio::runtime::Runtime, folder: &Path) -> Result<Vec<Line>, Refusal> {
    let mut stage = Stage::set(&folder.join("hostile"), PHONES, 1)?;
    let visits: Vec<InspectionId> = stage.visits.iter().flatten().copied().collect();
    for (member, visit) in stage.members.iter_mut().zip(&visits) {
        let arrival =
            Arrival { inspection: *visit, certificate_shown: true, plate: None, fix: None };
        let fact = member.state(Statement::Arrived(arrival))?;
        let packed = member.request(&[fact], Vec::new());
        member.exchange(packed)?;
    }
    let quiet = p99(&mut stage.members, &visits, 0)?;

    // What the readers ask for is as large as a photo may be.
    let member = stage.members.first_mut().ok_or_else(|| missed("a member"))?;
    let visit = visits.first().copied().ok_or_else(|| missed("a visit"))?;
    let large = [&[0xff, 0xd8, 0xff], vec![1; 20 * 1024 * 1024 - 3].as_slice()].concat();
    let fact = member.state(crowd::captured(visit, &large))?;
    let packed = member.request(std::slice::from_ref(&fact), Vec::new());
    member.exchange(packed)?;
    let photo = Digest::of(&large);
    for (n, part) in large.chunks(1024 * 1024).enumerate() {
        let path = format!("/sync/v1/blobs/{photo}?offset={}", n * 1024 * 1024);
        let answer = member.office.send("PUT", &path, part.to_vec(), None);
        expect(answer.status == 200, "a part of a large photo")?;
    }
    let enterprise = stage.office(Role::Enterprise)?;
    let account = stage.another(PHONES + 1)?;

    let pid = stage.town.pid().ok_or_else(|| missed("a server"))?;
    let data = stage.town.data().to_path_buf();
    let server = stage.town.address.trim_start_matches("http://").parse();
    let server = server.map_err(|_| missed("an address"))?;
    let attack = Attack { server, sent: Arc::default() };
    let (before, disk) = (of_process(pid, "VmRSS:"), folder_bytes(&data));
    let mut tasks = JoinSet::new();
    let guard = runtime.enter();
    begin(&attack, &mut tasks, &account, enterprise.token(), photo);
    for _ in 0..4 {
        tasks.spawn(unplanned(attack.clone(), account.clone()));
    }
    drop(guard);
    let loud = p99(&mut stage.members, &visits, ROUNDS)?;
    runtime.block_on(tasks.shutdown());
    let grown = of_process(pid, "VmHWM:").saturating_sub(before) as f64 / 1024.0;
    let honest = (PHONES * ROUNDS * PHOTO) as u64;
    let written = folder_bytes(&data).saturating_sub(disk).saturating_sub(honest) as f64 / 1e6;
    let sent = attack.sent.load(Ordering::Relaxed) as f64 / 1e6;
    Ok(vec![
        Line::new(
            "ten phones beside hostile load, 99th of 100",
            format!("{:.2} x quiet ({loud:.0} ms / {quiet:.0} ms)", loud / quiet),
            "3.0 x",
            loud / quiet <= 3.0,
        ),
        Line::new("server memory under it", format!("+{grown:.0} MB"), "200 MB", grown < 200.0),
        Line::new(
            "disk under it, beside what the phones brought",
            format!("{written:.0} MB for {sent:.0} MB sent"),
            "64 MB",
            written < 64.0,
        ),
    ])
}
