//! A zone of 60,000 enterprises: a fresh phone of an officer is ready at once, and what changes travels alone.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use e2e::town::{Town, fixtures};
use serde_json::{Value, json};
use server::clock::ServerClock;
use server::usecase::seed;
use sync_core::domain::enterprise::CreditCode;
use sync_core::id::Digest;

const ENTERPRISES: usize = 60_000;
const STREETS: usize = 12;
/// Streets in which the officer works.
const WORKED: usize = 2;

/// Digits that do not repeat from one number to the next, as those of real registers do not.
fn spread(number: usize) -> [u8; 32] {
    let digest = Digest::of(&number.to_be_bytes());
    digest.as_bytes()[1..].try_into().expect("32 bytes")
}

fn street(number: usize) -> String {
    format!("3704030{:02}", number + 2)
}

fn pick(from: &str, by: u8) -> char {
    from.chars().nth(usize::from(by) % from.chars().count()).expect("a letter")
}

fn credit_code(of: &[u8]) -> String {
    let letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body: String = of.iter().take(9).map(|byte| pick(letters, *byte)).collect();
    let codes = letters.chars().map(|check| format!("91370403{body}{check}"));
    codes.into_iter().find(|it| CreditCode::parse(it).is_ok()).expect("one check fits")
}

fn enterprise(number: usize) -> Value {
    let of = spread(number);
    let named = Digest::of(&number.to_be_bytes()).to_string();
    let hex = named.trim_start_matches("sha256:");
    let id = format!(
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    );
    let name: String = of
        .iter()
        .skip(16)
        .take(3)
        .map(|it| pick("澜栎砚禾徽铄昱衡泽岳嘉润恒泰鑫盛", *it))
        .collect();
    let trade = pick("锂械化建食纺运木电油", of[20]);
    let street = number % STREETS;
    json!({
        "id": id, "name": format!("枣庄高新区{name}{trade}业有限公司"), "credit_code": credit_code(&of[20..]),
        "street": self::street(street), "sectors": ["GM", "ZT"],
        "address": format!("枣庄高新区第{street}街道{}路 {} 号", pick("复元光明长白宁波", of[29]), of[30]),
        "principal": format!("{}{}", pick("郭徐王李张刘陈杨", of[31]), pick("伟芳娜敏静强磊洋", of[28])),
        "risk_class": "C",
        "position": {"lat_e7": 347_800_000 + i64::from(of[1]) * 400, "lon_e7": 1_172_700_000 + i64::from(of[2]) * 400},
    })
}

/// The repository's data with a register of 60,000; gives the place of the town's file too.
fn zone(folder: &Path) -> (PathBuf, Value) {
    let place = folder.join("zone");
    std::fs::create_dir_all(place.join("towns")).expect("a folder");
    for part in ["calendars", "checklists", "laws"] {
        std::os::unix::fs::symlink(fixtures().join(part), place.join(part)).expect("a link");
    }
    let text = std::fs::read(fixtures().join("towns/zaozhuang.json")).expect("a file");
    let mut town: Value = serde_json::from_slice(&text).expect("JSON");
    town["streets"] = (0..STREETS)
        .map(|number| json!({"code": street(number), "name": format!("第{number}街道")}))
        .collect();
    town["enterprises"] = (0..ENTERPRISES).map(enterprise).collect();
    let people = town["people"].as_array_mut().expect("people");
    people.retain(|it| it["username"] == "xulang");
    people[0]["streets"] = (0..WORKED).map(street).collect();
    write(&place, &town);
    (place, town)
}

fn write(place: &Path, town: &Value) {
    std::fs::write(place.join("towns/zaozhuang.json"), town.to_string()).expect("written");
}

#[test]
fn a_fresh_phone_is_ready_at_once_and_a_changed_address_travels_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (place, mut register) = zone(folder.path());
    let clock = ServerClock::System;
    let mut town = Town::of_zone(folder.path(), clock.clone(), &place).expect("a town");
    let mut phone = town.phone("xulang").expect("a phone");
    let _ = phone.network.take_bytes();
    let begun = Instant::now();
    phone.sync().expect("a synchronisation");
    let (took, bytes) = (begun.elapsed(), phone.network.take_bytes());
    let known = phone.device.catalogue();
    assert_eq!(known.enterprises.len(), ENTERPRISES / STREETS * WORKED);
    assert_eq!(known.checklists.len(), 14);
    assert!(known.laws.iter().any(|law| law.id == "AQF"));
    assert!(bytes < 2 * 1024 * 1024, "{bytes} bytes");
    assert!(took < Duration::from_secs(5), "{took:?}");

    phone.sync().expect("a synchronisation");
    let quiet = phone.network.take_bytes();

    let moved = &mut register["enterprises"][STREETS];
    moved["address"] = "枣庄高新区第0街道复元四路 7 号".into();
    let id = moved["id"].as_str().expect("an id").to_owned();
    write(&place, &register);
    drop(town);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(seed::run(&folder.path().join("server"), &place)).expect("read again");
    town = Town::stored(folder.path(), clock).expect("the town again");
    phone.network.redirect(town.address.clone());
    phone.sync().expect("a synchronisation");
    let bytes = phone.network.take_bytes();
    let known = phone.device.catalogue();
    assert_eq!(known.enterprises.len(), ENTERPRISES / STREETS * WORKED);
    let there = known.enterprises.iter().find(|it| it.id.to_string() == id).expect("known");
    assert_eq!(there.address, "枣庄高新区第0街道复元四路 7 号");
    assert!(bytes - quiet < 2048, "{bytes} bytes, of these {quiet} without anything new");
    drop(town);
}
