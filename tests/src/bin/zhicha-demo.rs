//! `zhicha demo`: starts the server with the seeded zone, plays the loop with real devices on a bad
//! network, prints each step, and stays up with the accounts to log in.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use e2e::phone::Phone;
use e2e::play::{Pictures, Play};
use e2e::town::Town;
use e2e::weather::Network;
use server::clock::ServerClock;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::Edit;
use sync_core::id::InspectionId;
use sync_core::{Code, Refusal};

/// Edits that a phone writes before it is killed.
const KILLED_AFTER: usize = 60;
/// Check items that the killed phone writes to, over and over.
const ITEMS: usize = 25;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write-until-killed", folder, inspection] => {
            write_until_killed(Path::new(folder), inspection)
        }
        rest => demonstrate(rest),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            say(&format!("演示中断：{}（{refusal}）", refusal.code.sentence()));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a person watches this in a terminal")]
fn say(line: &str) {
    println!("{line}");
    let _ = std::io::stdout().flush();
}

fn failed(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::StorageFailed).detail(error.to_string())
}

/// Arguments: `--once` ends after the play, `--listen ADDRESS` chooses the address.
fn demonstrate(words: &[&str]) -> Result<(), Refusal> {
    let once = words.contains(&"--once");
    let listen = words.iter().position(|word| *word == "--listen");
    let listen = listen.and_then(|at| words.get(at + 1)).copied().unwrap_or("127.0.0.1:8790");
    let folder = std::env::temp_dir().join(format!("zhicha-demo-{}", std::process::id()));
    say("直查演示：一次无信号的检查，从下达任务到销号");
    say("　 正在准备：数据库、66家企业、98个账号、169条检查事项……");
    let mut town = Town::process(&folder, listen).map_err(failed)?;
    say(&format!("　 服务器已启动：{}", town.address));
    {
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
    }
    say("演示完成：每一步都由真实的设备、真实的服务器和真实的文件完成。");
    if once {
        return std::fs::remove_dir_all(&folder).map_err(failed);
    }
    show_accounts(&town);
    if e2e::town::built_app().is_some() {
        say(&format!("在浏览器中打开：{}/　用上面任一账号登录", town.address));
    } else {
        say("应用未构建（需要 Node 与 clang，见 make app），只提供接口");
    }
    say(&format!(
        "接口文档：{}/docs　数据目录：{}　按 Ctrl-C 结束",
        town.address,
        folder.display()
    ));
    town.wait().map_err(failed)
}

fn show_accounts(town: &Town) {
    say("可以登录的账号（用户名　密码　姓名）：");
    let staff = town.accounts.values().filter(|it| it.person.enterprise.is_none());
    let enterprises = town.accounts.values().filter(|it| it.person.enterprise.is_some()).take(3);
    for account in staff.chain(enterprises) {
        say(&format!("　 {}　{}　{}", account.username, account.password, account.title));
    }
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
fn write_until_killed(folder: &Path, inspection: &str) -> Result<(), Refusal> {
    let inspection: InspectionId = inspection.parse()?;
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
