//! A forgotten password strands nobody: what is only on the phone is delivered after a reset.

use e2e::office::OfficeClient;
use e2e::play::{Pictures, Play, deliver};
use e2e::town::Town;
use e2e::weather::Weather;
use serde_json::json;
use server::clock::ServerClock;
use sync_core::Code;
use sync_core::domain::account::Role;

const NEW: &str = "绿水青山 2026 年";

#[test]
fn a_phone_with_unsent_work_signs_in_after_a_reset_and_delivers() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    play.visit_without_signal().expect("a visit");
    let person = play.wang.device.person().expect("a person").id;
    let named = |role: Option<Role>| {
        let mut all = play.town.accounts.values();
        let is = |it: &&server::usecase::seed::Seeded| match role {
            Some(role) => it.person.role == role,
            None => it.person.id == person,
        };
        all.find(is).expect("an account").username.clone()
    };
    let (username, administrator) = (named(None), named(Some(Role::Administrator)));
    let unsent = play.wang.device.standing().expect("a standing").waiting;
    assert!(unsent > 0);

    let office = OfficeClient::of(play.town, &administrator);
    let reason = json!({ "reason": "本人忘记密码" });
    let reset = office.post(&format!("/api/v1/accounts/{person}/password"), &reason);
    let code = reset.json["code"].as_str().expect("a code").to_owned();
    // The session of the phone has ended with the old password. Nothing is lost by it.
    play.wang.network.turn(Weather::Fair);
    assert!(play.wang.sync().expect("a synchronisation").sign_in_needed);
    assert_eq!(play.wang.device.standing().expect("a standing").waiting, unsent);

    let once = OfficeClient::with_password(&play.town.address, &username, &code);
    assert_eq!(once.post("/api/v1/password", &json!({ "new": NEW })).status, 200);
    let again = play.wang.device.sign_in(&username, &code).expect_err("a code works once");
    assert_eq!(again.code, Code::WrongPassword);
    play.wang.device.sign_in(&username, NEW).expect("signed in");
    deliver(&mut play.wang).expect("delivered");
    assert_eq!(play.wang.device.standing().expect("a standing").waiting, 0);
}
