//! The jobs. Each is run in turn with its floor, several times; the middle ratio counts.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use sync_core::Refusal;
use sync_core::act::Statement;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, EditSession, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{DeviceId, Digest, HazardId, InspectionId, PersonId};
use sync_core::wire::codec;
use sync_core::wire::exchange::{Outcome, Response};

use super::crowd::{self, HAZARDS, Member};
use super::stage::{Stage, of_process};
use super::table::{Line, median};
use crate::office::OfficeClient;
use crate::photo::{self, Scene};
use crate::play::missed;

/// Inspections of a day.
const VISITS: usize = 12;
/// Runs of each job and its floor: a crowd takes a fifth of a second, and single figures vary by half.
const RUNS: usize = 7;
/// Photos of each device in the photo job.
const PHOTOS: usize = 120;

/// A floor server in a process of its own.
struct Floor {
    child: Child,
    address: String,
}

impl Floor {
    fn start(folder: &Path) -> Result<Self, Refusal> {
        let failed = |error: std::io::Error| missed(&error.to_string());
        std::fs::create_dir_all(folder).map_err(failed)?;
        let own = std::env::current_exe().map_err(failed)?;
        let mut child = Command::new(own)
            .arg("floor")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or_else(|| missed("the floor"))?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)
            .map_err(failed)?;
        Ok(Self { child, address: format!("http://{}", line.trim()) })
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Method, address, token and body of a request.
type Sent = (reqwest::Method, String, String, Vec<u8>);

/// Sends the requests of all senders at once, those of one sender one after the other; gives the seconds until all are answered.
fn at_once(
    runtime: &tokio::runtime::Runtime,
    senders: Vec<Vec<Sent>>,
) -> Result<(f64, Vec<Vec<u8>>), Refusal> {
    let client = reqwest::Client::builder().no_proxy().build().map_err(|_| missed("a client"))?;
    let started = Instant::now();
    let answers = runtime.block_on(async {
        let mut tasks = Vec::new();
        for requests in senders {
            let client = client.clone();
            tasks.push(tokio::spawn(async move {
                let mut bodies = Vec::new();
                for (method, url, token, body) in requests {
                    let answer =
                        client.request(method, url).bearer_auth(token).body(body).send().await;
                    let answer = answer.and_then(reqwest::Response::error_for_status).ok()?;
                    bodies.push(answer.bytes().await.ok()?.to_vec());
                }
                Some(bodies)
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.ok().flatten()?);
        }
        Some(all)
    });
    let seconds = started.elapsed().as_secs_f64();
    Ok((seconds, answers.ok_or_else(|| missed("an answer"))?))
}

fn all_accepted(answers: &[Vec<u8>], items: usize) -> Result<(), Refusal> {
    let mut accepted = 0;
    for packed in answers {
        let response: Response = sync_core::cbor::from_slice(&codec::unpack(packed)?)?;
        let good = response.verdicts.iter().filter(|it| it.outcome == Outcome::Accepted);
        accepted += good.count();
    }
    if accepted == items { Ok(()) } else { Err(missed("not all were accepted")) }
}

/// 100 devices come online at once, each with a day's work without photos.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn crowd_online(
    runtime: &tokio::runtime::Runtime,
    folder: &Path,
    devices: usize,
) -> Result<Vec<Line>, Refusal> {
    let (mut ratios, mut seconds, mut floors, mut bytes) = (vec![], vec![], vec![], 0);
    for run in 0..RUNS {
        let floor = Floor::start(&folder.join(format!("floor-{run}")))?;
        let mut stage = Stage::set(&folder.join(format!("crowd-{run}")), devices, VISITS)?;
        let days = stage.days()?;
        bytes = days.iter().map(|day| day.packed.len()).max().unwrap_or_default();
        let items: usize = days.iter().map(|day| day.items).sum();
        let post = |url: String, token: &str, body: &[u8]| {
            vec![(reqwest::Method::POST, url, token.to_owned(), body.to_vec())]
        };
        let plain = days
            .iter()
            .map(|day| post(format!("{}/records", floor.address), "", &day.json))
            .collect();
        let (bare, _) = at_once(runtime, plain)?;
        let url = format!("{}/sync/v1/exchange", stage.town.address);
        let ours = days.iter().zip(&stage.members);
        let ours =
            ours.map(|(day, it)| post(url.clone(), it.office.token(), &day.packed)).collect();
        let (took, answers) = at_once(runtime, ours)?;
        all_accepted(&answers, items)?;
        ratios.push(took / bare);
        seconds.push(took);
        floors.push(bare);
    }
    let ratio = median(ratios);
    Ok(vec![
        Line::new(
            "100 devices at once, a day's work each",
            format!(
                "{ratio:.2} × floor ({:.0} ms / {:.0} ms)",
                median(seconds) * 1e3,
                median(floors) * 1e3
            ),
            "3.5 × floor",
            ratio <= 3.5,
        ),
        Line::new(
            "bytes up per device-day",
            format!("{:.1} KB", bytes as f64 / 1e3),
            "30 KB",
            bytes < 30_000,
        ),
    ])
}

/// 10 devices upload 120 photos of 190 KB each.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn photos(runtime: &tokio::runtime::Runtime, folder: &Path) -> Result<Vec<Line>, Refusal> {
    let (mut ratios, mut seconds, mut floors, mut wire, mut memory) =
        (vec![], vec![], vec![], vec![], 0);
    for run in 0..RUNS {
        let floor = Floor::start(&folder.join(format!("photo-floor-{run}")))?;
        let mut stage = Stage::set(&folder.join(format!("photos-{run}")), 10, 1)?;
        let pictures = announce(&mut stage)?;
        let size: usize = pictures.iter().flatten().map(Vec::len).sum();
        let put = |url: String, token: &str, body: &[u8]| {
            (reqwest::Method::PUT, url, token.to_owned(), body.to_vec())
        };
        let plain = pictures
            .iter()
            .map(|mine| {
                mine.iter().map(|it| put(format!("{}/photos", floor.address), "", it)).collect()
            })
            .collect();
        let (bare, _) = at_once(runtime, plain)?;
        let address = stage.town.address.clone();
        let ours = pictures
            .iter()
            .zip(&stage.members)
            .map(|(mine, member)| {
                let url =
                    |it: &[u8]| format!("{address}/sync/v1/blobs/{}?offset=0", Digest::of(it));
                mine.iter().map(|it| put(url(it), member.office.token(), it)).collect()
            })
            .collect();
        let before = loopback_bytes();
        let (took, _) = at_once(runtime, ours)?;
        wire.push((loopback_bytes() - before) as f64 / size as f64);
        memory = memory.max(stage.town.pid().map_or(0, |pid| of_process(pid, "VmHWM:")));
        ratios.push(took / bare);
        seconds.push(took);
        floors.push(bare);
    }
    let (ratio, wire, memory) = (median(ratios), median(wire), memory as f64 / 1024.0);
    Ok(vec![
        Line::new(
            "10 devices, 120 photos of 190 KB each",
            format!("{ratio:.2} × floor ({:.2} s / {:.2} s)", median(seconds), median(floors)),
            "1.6 × floor",
            ratio <= 1.6,
        ),
        Line::new(
            "bytes on the wire for the photos",
            format!("{:+.2} %", (wire - 1.0) * 100.0),
            "within 1 %",
            (wire - 1.0).abs() < 0.01,
        ),
        Line::new("server memory at its peak", format!("{memory:.0} MB"), "150 MB", memory < 150.0),
    ])
}

/// Draws photos, and has the facts that announce them taken over.
fn announce(stage: &mut Stage) -> Result<Vec<Vec<Vec<u8>>>, Refusal> {
    let base = photo::draw(Scene::Blocked, 3, 1280, 960, 60);
    let mut all = Vec::new();
    for (n, (member, visits)) in stage.members.iter_mut().zip(&stage.visits).enumerate() {
        let Some(visit) = visits.first().copied() else { continue };
        let mine: Vec<Vec<u8>> = (0..PHOTOS).map(|k| sized(&base, n * PHOTOS + k)).collect();
        let arrival = sync_core::act::visit::Arrival {
            inspection: visit,
            certificate_shown: true,
            plate: None,
            fix: None,
        };
        let mut facts = vec![member.state(Statement::Arrived(arrival))?];
        for bytes in &mine {
            facts.push(member.state(crowd::captured(visit, bytes))?);
        }
        let packed = member.request(&facts, Vec::new());
        member.exchange(packed)?;
        all.push(mine);
    }
    Ok(all)
}

/// The base picture with bytes of its own at the end, 190 KB in all.
fn sized(base: &[u8], n: usize) -> Vec<u8> {
    let mut bytes = base.to_vec();
    let mut state = n as u64 * 2 + 1;
    while bytes.len() < 190_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(190_000);
    bytes.extend((n as u64).to_le_bytes());
    bytes
}

fn loopback_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/net/dev").unwrap_or_default();
    let line = text.lines().find_map(|line| line.trim().strip_prefix("lo:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// A fresh phone with 5,000 records, and one that has them already.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn fresh_phone(runtime: &tokio::runtime::Runtime, folder: &Path) -> Result<Vec<Line>, Refusal> {
    let devices = 5_000usize.div_ceil(VISITS * (HAZARDS + 1));
    let floor = Floor::start(&folder.join("fresh-floor"))?;
    let mut stage = Stage::set(&folder.join("fresh"), devices, VISITS)?;
    for (day, member) in stage.days()?.into_iter().zip(&mut stage.members) {
        member.exchange(day.packed)?;
        let post =
            (reqwest::Method::POST, format!("{}/records", floor.address), String::new(), day.json);
        at_once(runtime, vec![vec![post]])?;
    }
    let (mut ratios, mut bytes, mut items, mut seconds, mut floors) =
        (vec![], 0, 0, vec![], vec![]);
    let office = stage.supervisor.office.clone();
    for _ in 0..RUNS {
        let started = Instant::now();
        let plain = OfficeClient::anonymous(&floor.address).get("/records");
        let bare = started.elapsed().as_secs_f64();
        if plain.json.as_array().is_none_or(|it| it.len() < 5_000) {
            return Err(missed("the floor's records"));
        }
        let mut fresh = Member::enrol(office.clone())?;
        let started = Instant::now();
        (_, bytes, items) = fresh.pull()?;
        let took = started.elapsed().as_secs_f64();
        ratios.push(took / bare);
        seconds.push(took);
        floors.push(bare);
        stage.supervisor = fresh;
    }
    let idle = stage.supervisor.request(&[], Vec::new());
    let up = idle.len();
    let (answer, down) = stage.supervisor.exchange(idle)?;
    let ratio = median(ratios);
    let records = devices * VISITS * (HAZARDS + 1);
    Ok(vec![
        Line::new(
            "a fresh phone with 5,000 records",
            format!(
                "{ratio:.2} × floor ({:.0} ms / {:.0} ms), {:.2} MB, {records} records in {items} items",
                median(seconds) * 1e3,
                median(floors) * 1e3,
                bytes as f64 / 1e6
            ),
            "2 × floor, 2 MB",
            ratio <= 2.0 && bytes < 2_000_000,
        ),
        Line::new(
            "resync of 5,000 records, nothing changed",
            format!("1 request, {up} B up, {down} B down"),
            "1 request, 1 KB each way",
            up < 1_000 && down < 1_000 && !answer.more && answer.items.is_empty(),
        ),
    ])
}

/// 30 of 1,000 inspections changed: 20 at the server, 10 on the phone.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn thirty_changed(folder: &Path) -> Result<Line, Refusal> {
    let mut stage = Stage::set(&folder.join("thirty"), 1, 1_000)?;
    let [mine, colleague] = stage.members.as_mut_slice() else { return Err(missed("two members")) };
    let Some(visits) = stage.visits.first() else { return Err(missed("visits")) };
    let one_edit = |member: &Member, inspection: InspectionId| {
        let edits = crowd::edits(member, 1);
        let last = edits.last().cloned().into_iter().collect::<Vec<_>>();
        let nonce = server::config::entropy().unwrap_or_default();
        let session = EditSession::new(member.person.id, member.device, nonce);
        let changes = Draft::new(inspection)?.commit(session, &last)?;
        member.push(inspection, changes)
    };
    let theirs = visits.iter().take(20).map(|it| one_edit(colleague, *it));
    let theirs = theirs.collect::<Result<Vec<_>, _>>()?;
    let packed = colleague.request(&[], theirs);
    colleague.exchange(packed)?;
    let own = visits.iter().skip(20).take(10).map(|it| one_edit(mine, *it));
    let own = own.collect::<Result<Vec<_>, _>>()?;
    let packed = mine.request(&[], own);
    let up = packed.len();
    let (answer, down) = mine.exchange(packed)?;
    let got = answer.items.len();
    Ok(Line::new(
        "30 changed of 1,000",
        format!("1 request, {} B in all, {got} changes came", up + down),
        "1 request, 12 KB in all",
        up + down < 12_000 && got == 20 && !answer.more,
    ))
}

/// Two devices edit different fields of 200 hazards without seeing each other.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn different_fields() -> Result<Line, Refusal> {
    let visit = InspectionId::from_bytes([4; 16]);
    let (one, two) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let ids: Vec<HazardId> = (0..200u8).map(|n| HazardId::from_entropy([n; 16])).collect();
    let add = |hazard: &HazardId| Edit::AddHazard {
        hazard: *hazard,
        draft: HazardDraft {
            item: None,
            description: "原描述".to_owned(),
            place: "原位置".to_owned(),
            basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: one,
        },
    };
    let set = |field: HazardField| {
        move |hazard: &HazardId| Edit::SetHazard { hazard: *hazard, field: field.clone() }
    };
    let session = |person, n| EditSession::new(person, DeviceId::from_bytes([n; 16]), [n; 16]);
    let mut first = Draft::new(visit)?;
    first.commit(session(one, 1), &ids.iter().map(add).collect::<Vec<_>>())?;
    let mut second = Draft::open(visit, first.changes().iter().map(Vec::as_slice))?;
    let places = ids.iter().map(set(HazardField::Place("新位置".to_owned())));
    let texts = ids.iter().map(set(HazardField::Description("新描述".to_owned())));
    first.commit(session(one, 1), &places.collect::<Vec<_>>())?;
    for change in second.commit(session(two, 2), &texts.collect::<Vec<_>>())? {
        first.admit(&change)?;
    }
    let view = first.view();
    let both = view.hazards.values().filter(|it| {
        let place = it.place.as_ref().and_then(|it| it.shown()).map(String::as_str);
        let text = it.description.as_ref().and_then(|it| it.shown()).map(String::as_str);
        place == Some("新位置") && text == Some("新描述")
    });
    let merged = both.count();
    Ok(Line::new(
        "different fields of 200 records, offline",
        format!("both edits of {merged} kept"),
        "200",
        merged == 200,
    ))
}
