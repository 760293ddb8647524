//! Devices: a key proves itself once, and trust ends where it is ended.

use sync_core::act::Fact;
use sync_core::refusal::Code;
use sync_core::wire::api::{DeviceRow, Refresh, Revoke};
use sync_core::wire::exchange::{Item, Outcome, Response};

use crate::visit::{Hand, challenge, enrol, key, planned, proof};
use crate::world::{MINUTE, MORNING, Zone};

#[tokio::test]
async fn a_device_that_holds_its_key_is_enrolled_once() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    assert_eq!(enrol(&zone, &token, &key(1)).await.status, 201);
    assert_eq!(enrol(&zone, &token, &key(1)).await.code(), Code::AlreadyExists);
    assert_eq!(enrol(&zone, &token, &key(2)).await.status, 201);
    let devices: Vec<DeviceRow> = zone.get("/api/v1/devices", &token).await.read();
    assert_eq!(devices.len(), 2);
    let other = zone.token("second").await;
    assert!(zone.get("/api/v1/devices", &other).await.read::<Vec<DeviceRow>>().is_empty());
    let administrator = zone.token("administrator").await;
    let all: Vec<DeviceRow> = zone.get("/api/v1/devices", &administrator).await.read();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn a_proof_counts_once_for_its_person_its_key_and_five_minutes() {
    let zone = Zone::open().await;
    let (token, other) = (zone.token("inspector").await, zone.token("second").await);
    let path = "/api/v1/devices";
    let words = challenge(&zone, &token).await;
    // Signed by another key, and over other words.
    let mut wrong = proof(&words, &key(1));
    wrong.public_key = proof(&words, &key(2)).public_key;
    assert_eq!(zone.post(path, &token, &wrong).await.code(), Code::ProofInvalid);
    let mut wrong = proof("other words", &key(1));
    wrong.challenge = words.clone();
    assert_eq!(zone.post(path, &token, &wrong).await.code(), Code::ProofInvalid);
    // Asked for by somebody else, or by nobody.
    assert_eq!(zone.post(path, &other, &proof(&words, &key(1))).await.code(), Code::ProofInvalid);
    let invented = proof("invented", &key(1));
    assert_eq!(zone.post(path, &token, &invented).await.code(), Code::ProofInvalid);
    // Right, and right again.
    assert_eq!(zone.post(path, &token, &proof(&words, &key(1))).await.status, 201);
    assert_eq!(zone.post(path, &token, &proof(&words, &key(2))).await.code(), Code::ProofInvalid);
    // Too late.
    let words = challenge(&zone, &token).await;
    zone.later(5 * MINUTE);
    assert_eq!(zone.post(path, &token, &proof(&words, &key(3))).await.code(), Code::ProofInvalid);
    let devices: Vec<DeviceRow> = zone.get(path, &token).await.read();
    assert_eq!(devices.len(), 1);
}

#[tokio::test]
async fn a_device_is_revoked_by_its_person_or_an_administrator_and_is_unknown_to_others() {
    let zone = Zone::open().await;
    let hand = Hand::new(&zone, "inspector", 1).await;
    let path = format!("/api/v1/devices/{}/revoke", hand.device);
    let body = Revoke { from: MORNING, reason: "手机遗失".to_owned() };
    let mute = Revoke { from: MORNING, reason: " ".to_owned() };
    for stranger in ["second", "supervisor", "auditor", "enterprise"] {
        let token = zone.token(stranger).await;
        assert_eq!(zone.post(&path, &token, &body).await.code(), Code::NotFound, "{stranger}");
    }
    assert_eq!(zone.post(&path, &hand.token, &mute).await.code(), Code::ReasonNeeded);
    assert_eq!(zone.post(&path, &hand.token, &body).await.status, 200);
    // Whoever has the phone has its session, too: that has ended at once.
    assert_eq!(zone.get("/api/v1/me", &hand.token).await.code(), Code::NotSignedIn);
    let token = zone.token("inspector").await;
    let devices: Vec<DeviceRow> = zone.get("/api/v1/devices", &token).await.read();
    assert_eq!(devices[0].revoked_at, Some(MORNING));
    let administrator = zone.token("administrator").await;
    assert_eq!(zone.post(&path, &administrator, &body).await.status, 200);
}

/// Whether an answer holds nothing but facts of this very device.
fn only_own(answer: &Response, hand: &Hand) -> bool {
    answer.items.iter().all(|item| match item {
        Item::Fact { bytes, .. } => Fact::decode(bytes).unwrap().body.device == hand.device,
        _ => false,
    })
}

#[tokio::test]
async fn a_revoked_device_hands_over_into_quarantine_and_is_told_nothing_new() {
    let zone = Zone::open().await;
    let mut supervisor = Hand::new(&zone, "supervisor", 1).await;
    let session = zone.sign_in("supervisor").await;
    let mut first = Hand::new(&zone, "inspector", 2).await;
    let second = Hand::new(&zone, "second", 3).await;
    supervisor.say(&zone, vec![planned(&[&first, &second])]).await;
    assert!(!first.exchange(&zone, &[]).await.items.is_empty());
    let unsent = supervisor.state(planned(&[&second, &first]));
    let body = Revoke { from: MORNING, reason: "手机遗失".to_owned() };
    for device in [supervisor.device, first.device] {
        let path = format!("/api/v1/devices/{device}/revoke");
        let administrator = zone.token("administrator").await;
        assert_eq!(zone.post(&path, &administrator, &body).await.status, 200);
    }
    supervisor.token = zone.token("supervisor").await;
    first.token = zone.token("inspector").await;
    let answer = supervisor.exchange(&zone, &[unsent]).await;
    let Outcome::Quarantined(refusal) = &answer.verdicts[0].outcome else {
        panic!("{:?}", answer.verdicts)
    };
    assert_eq!(refusal.code, Code::DeviceRevoked);
    assert!(only_own(&answer, &supervisor));
    assert!(first.exchange(&zone, &[]).await.items.is_empty());
    let refresh = Refresh { refresh_token: session.refresh_token, proof: None };
    let renewed = zone.post("/api/v1/session/refresh", "", &refresh).await;
    assert_eq!(renewed.code(), Code::NotSignedIn);
}

#[tokio::test]
async fn a_revoked_person_hands_over_into_quarantine_and_is_told_nothing_new() {
    let zone = Zone::open().await;
    let mut supervisor = Hand::new(&zone, "supervisor", 1).await;
    let second = Hand::new(&zone, "second", 3).await;
    let first = Hand::new(&zone, "inspector", 2).await;
    supervisor.say(&zone, vec![planned(&[&first, &second])]).await;
    let unsent = supervisor.state(planned(&[&second, &first]));
    let path = format!("/api/v1/accounts/{}/revoke", supervisor.person);
    let body = Revoke { from: MORNING, reason: "调离".to_owned() };
    let administrator = zone.token("administrator").await;
    assert_eq!(zone.post(&path, &administrator, &body).await.status, 200);
    let answer = supervisor.exchange(&zone, &[unsent]).await;
    let Outcome::Quarantined(refusal) = &answer.verdicts[0].outcome else {
        panic!("{:?}", answer.verdicts)
    };
    assert_eq!(refusal.code, Code::AuthorRevoked);
    assert!(only_own(&answer, &supervisor));
    // Signing in again works for the same end.
    let token = zone.token("supervisor").await;
    assert_eq!(zone.get("/api/v1/quarantine", &token).await.code(), Code::AccountDisabled);
}
