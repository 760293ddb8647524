//! `zhicha demo`: starts the server with the seeded zone, plays the loop with real devices on a bad
//! network, prints each step, and stays up with people to log in as.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::{Parser, Subcommand};
use e2e::phone::Phone;
use e2e::play::orders::GivenPaper;
use e2e::play::{Pictures, Play};
use e2e::town::Town;
use e2e::weather::Network;
use server::clock::ServerClock;
use sync_core::domain::account::Role;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::Edit;
use sync_core::id::{InspectionId, PersonId};
use sync_core::{Code, Refusal};

/// Edits that a phone writes before it is killed.
const KILLED_AFTER: usize = 60;
/// Check items that the killed phone writes to, over and over.
const ITEMS: usize = 25;

/// Plays a whole inspection with real devices on a bad network, prints each step, and stays up with people
/// to log in as.
#[derive(Debug, Parser)]
#[command(name = "zhicha demo", bin_name = "zhicha demo", version, disable_help_subcommand = true)]
struct Demo {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "ZHICHA_LISTEN", default_value = "127.0.0.1:8790")]
    listen: SocketAddr,
    /// Ends after the play and deletes what it made.
    #[arg(long)]
    once: bool,
    /// What the demonstration starts itself.
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Writes on a phone until it is killed.
    #[command(hide = true)]
    WriteUntilKilled {
        /// The phone.
        folder: PathBuf,
        /// The visit.
        inspection: InspectionId,
    },
}

fn main() -> ExitCode {
    let demo = Demo::parse();
    let done = match &demo.part {
        Some(Part::WriteUntilKilled { folder, inspection }) => {
            write_until_killed(folder, *inspection).map_err(Stop::Play)
        }
        None => demonstrate(&demo),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            say(&stop.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Why the demonstration ended early.
enum Stop {
    /// The machine or the server.
    Start(String),
    /// A step of the play.
    Play(Refusal),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start(why) => write!(f, "演示没有开始：{why}"),
            Self::Play(refusal) => write!(f, "演示中断：{}（{refusal}）", refusal.code.sentence()),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Play(refusal)
    }
}

#[expect(clippy::print_stdout, reason = "a person watches this in a terminal")]
fn say(line: &str) {
    println!("{line}");
    let _ = std::io::stdout().flush();
}

fn stopped(error: impl std::fmt::Display) -> Stop {
    Stop::Start(error.to_string())
}

fn failed(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::StorageFailed).detail(error.to_string())
}

fn demonstrate(demo: &Demo) -> Result<(), Stop> {
    // Before anything is made: an address in use is the usual reason.
    TcpListener::bind(demo.listen).map_err(|error| {
        let other = "换一个地址再试：zhicha demo --listen 127.0.0.1:0";
        Stop::Start(format!("不能使用地址 {}（{error}）。{other}", demo.listen))
    })?;
    let folder = std::env::temp_dir().join(format!("zhicha-demo-{}", std::process::id()));
    say("直查演示：一次无信号的检查，从下达任务到销号");
    say("　 正在准备：数据库、66家企业、98个账号、169条检查事项……");
    let mut town = Town::process(&folder, &demo.listen.to_string()).map_err(stopped)?;
    say(&format!("　 服务器已启动：{}", town.address));
    let (people, papers) = {
        let mut play = Play::new(&mut town, Pictures::Phone, say)?;
        play.plan()?;
        play.visit_without_signal()?;
        kill_a_phone(&mut play)?;
        play.return_in_a_storm()?;
        play.decide_and_sign()?;
        let notice = play.notice()?;
        play.answer(notice)?;
        play.recheck(notice)?;
        play.close(notice)?;
        play.quarantine()?;
        play.leave_a_task()?;
        let people = [&play.wang, &play.li, &play.supervisor, &play.enterprise];
        (people.map(|phone| phone.device.person().map(|person| person.id)), play.papers()?)
    };
    say("演示完成：每一步都由真实的设备、真实的服务器和真实的文件完成。");
    if demo.once {
        return std::fs::remove_dir_all(&folder).map_err(stopped);
    }
    show_papers(&town, &folder, papers).map_err(stopped)?;
    show_people(&town, people)?;
    say(&format!(
        "接口文档：{}/docs　数据目录：{}　按 Ctrl-C 结束",
        town.address,
        folder.display()
    ));
    if e2e::town::built_app().is_some() {
        say("在浏览器中打开，以上面任一人登录（再看另一人：换一个无痕窗口）：");
        say(&format!("{}/", town.address));
    } else {
        say("浏览器应用没有编译，现在只有接口；用 make run 启动就有应用。接口文档：");
        say(&format!("{}/docs", town.address));
    }
    town.wait().map_err(stopped)
}

/// Writes every paper of the case into a folder, and says where each is and where it can be checked.
fn show_papers(town: &Town, folder: &Path, papers: Vec<GivenPaper>) -> std::io::Result<()> {
    let folder = folder.join("papers");
    std::fs::create_dir_all(&folder)?;
    say(&format!("{}份文书（PDF，附核验地址；任何人打开核验地址，只看到真伪）：", papers.len()));
    for (n, GivenPaper { row, pdf }) in papers.into_iter().enumerate() {
        let file = folder.join(format!("{:02}-{}.pdf", n + 1, row.title));
        std::fs::write(&file, pdf)?;
        let number = row.number.unwrap_or_default();
        say(&format!("　 {}　{number}", file.display()));
        say(&format!("　 　 {}/check/{}", town.address, row.digest));
    }
    Ok(())
}

/// The five people of the story: name, password, and what to open first.
fn show_people(
    town: &Town,
    [lead, second, supervisor, enterprise]: [Result<PersonId, Refusal>; 4],
) -> Result<(), Refusal> {
    let first = |id: PersonId| town.accounts.values().find(move |it| it.person.id == id);
    let coordinator = town.accounts.values().find(|it| it.person.role == Role::Coordinator);
    let shown = [
        ("带队检查员", first(lead?), "“任务”：有一次待出发的检查，可以从头查到封存"),
        ("第二检查员", first(second?), "“任务”：同一次检查，登记到达后两人一起记录"),
        ("部门负责人", first(supervisor?), "“今日”：一处隐患提请撤销，等待批准"),
        ("安委办协调员", coordinator, "“概览”：全区隐患的数量和进度"),
        ("被查企业", first(enterprise?), "“整改通知”：两处隐患待整改，可以提交整改报告"),
    ];
    say("五个人可以登录（岗位　姓名　用户名　密码　先打开什么）：");
    for (post, account, screen) in shown {
        let account = account.ok_or(Refusal::new(Code::NotFound).field("account"))?;
        let (name, username, password) =
            (&account.person.name, &account.username, &account.password);
        say(&format!("　 {post}　{name}　{username}　{password}　先打开{screen}"));
    }
    Ok(())
}

/// Lets another process write on an officer's phone, kills it in the middle, and looks at what is
/// there: nothing that the phone had called saved may be missing.
fn kill_a_phone(play: &mut Play<'_>) -> Result<(), Refusal> {
    let folder = play.wang.folder().to_owned();
    let clock = ServerClock::System;
    let placeholder = folder.with_extension("aside");
    let away = Phone::open(&placeholder, clock.clone(), play.wang.network.clone())?;
    drop(std::mem::replace(&mut play.wang, away));
    let saved = saved_before_the_kill(&folder, play.inspection).map_err(failed)?;
    let network = play.wang.network.clone();
    play.wang = Phone::open(&folder, clock, network)?;
    let view = play.wang.device.inspection(play.inspection)?.ok_or(Code::NotFound)?;
    for (item, note) in saved.iter().rev().take(ITEMS) {
        let answer = view.draft.answers.get(&item.parse()?);
        let shown = answer.and_then(|it| it.note.as_ref()).and_then(|it| it.shown());
        let at_least = shown.and_then(|it| it.parse::<usize>().ok()) >= Some(*note);
        if !at_least {
            return Err(Refusal::new(Code::DeviceStore).detail(format!("{item} lost")));
        }
    }
    say(&format!("　 一部手机写入时被强制结束：已提示保存的{}次输入全部还在", saved.len()));
    Ok(())
}

fn saved_before_the_kill(
    folder: &Path,
    inspection: InspectionId,
) -> std::io::Result<Vec<(String, usize)>> {
    let own: PathBuf = std::env::current_exe()?;
    let mut writer = Command::new(own)
        .arg("write-until-killed")
        .arg(folder)
        .arg(inspection.to_string())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = writer.stdout.take().ok_or(std::io::Error::other("no output"))?;
    let saved = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| {
            let (item, note) = line.split_once(' ')?;
            Some((item.to_owned(), note.parse().ok()?))
        })
        .take(KILLED_AFTER)
        .collect();
    writer.kill()?;
    writer.wait()?;
    Ok(saved)
}

/// The other process: answers items without end and says each time what is saved.
fn write_until_killed(folder: &Path, inspection: InspectionId) -> Result<(), Refusal> {
    let mut phone = Phone::open(folder, ServerClock::System, Network::new(String::new(), 1))?;
    for n in 0.. {
        let item = format!("DEMO-{:02}", n % ITEMS);
        let note = n.to_string();
        let edit = Edit::Answer { item: item.parse()?, verdict: Verdict::Pass, note };
        phone.device.edit(inspection, edit)?;
        say(&format!("{item} {n}"));
    }
    Ok(())
}
