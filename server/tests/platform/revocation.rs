//! Trust that ends only ends earlier, and two administrators restore who was revoked by mistake.

use serde_json::json;
use sync_core::refusal::Code;
use sync_core::time::Timestamp;
use sync_core::wire::api::{AccountRow, DeviceRow, Revoke};
use sync_core::wire::api_accounts::{AccountReason, AuditKind, AuditPage};

use crate::visit::{Hand, enrol, key};
use crate::world::{Answer, MINUTE, MORNING, Zone};

fn from(millis: i64) -> Revoke {
    Revoke { from: MORNING.plus_millis(millis), reason: "手机遗失".to_owned() }
}

const NEVER: Timestamp = Timestamp::from_millis(253_370_764_800_000);

#[tokio::test]
async fn the_end_of_a_device_only_gets_earlier_whoever_says_it() {
    let zone = Zone::open().await;
    let hand = Hand::new(&zone, "inspector", 1).await;
    let administrator = zone.token("administrator").await;
    let path = format!("/api/v1/devices/{}/revoke", hand.device);
    assert_eq!(zone.post(&path, &administrator, &from(0)).await.status, 200);
    let owner = zone.token("inspector").await;
    let never = Revoke { from: NEVER, reason: "找到了".to_owned() };
    for later in [from(1), from(MINUTE), never] {
        for token in [&owner, &administrator] {
            let refused = zone.post(&path, token, &later).await;
            assert_eq!((refused.status.as_u16(), refused.code()), (409, Code::RevokedEarlier));
        }
    }
    let shown = async || zone.get("/api/v1/devices", &owner).await.read::<Vec<DeviceRow>>();
    assert_eq!(shown().await[0].revoked_at, Some(MORNING));
    assert_eq!(zone.get("/api/v1/me", &owner).await.status, 200, "what is refused ends nothing");
    assert_eq!(zone.post(&path, &administrator, &from(-MINUTE)).await.status, 200);
    let owner = zone.token("inspector").await;
    let devices: Vec<DeviceRow> = zone.get("/api/v1/devices", &owner).await.read();
    assert_eq!(devices[0].revoked_at, Some(MORNING.plus_millis(-MINUTE)));
    // The key of a revoked device stays revoked; a new key is another device.
    assert_eq!(enrol(&zone, &owner, &key(1)).await.code(), Code::AlreadyExists);
    assert_eq!(enrol(&zone, &owner, &key(2)).await.status, 201);
    // What was said before stands in the audit.
    let audit: AuditPage = zone.get("/api/v1/audit?limit=500", &administrator).await.read();
    let ends = audit.rows.iter().filter(|row| row.kind == AuditKind::DeviceRevoked);
    let details: Vec<_> = ends.map(|row| row.detail.as_deref().unwrap()).collect();
    assert_eq!(details, ["自 2026-11-23 08:59 起：手机遗失", "自 2026-11-23 09:00 起：手机遗失"]);
}

async fn add_administrator(zone: &Zone, token: &str, name: &str) -> AccountRow {
    let body = json!({
        "username": name, "password": "long enough", "name": name, "role": "administrator",
        "department": null, "enterprise": null, "certificate": null,
    });
    zone.post("/api/v1/accounts", token, &body).await.read()
}

async fn revoke(zone: &Zone, token: &str, person: impl ToString, body: &Revoke) -> Answer {
    zone.post(&format!("/api/v1/accounts/{}/revoke", person.to_string()), token, body).await
}

async fn sign_in(zone: &Zone, name: &str) -> String {
    let session: sync_core::wire::api::Session = zone.try_sign_in(name, "long enough").await.read();
    session.access_token
}

#[tokio::test]
async fn the_end_of_a_person_only_gets_earlier() {
    let zone = Zone::open().await;
    let administrator = zone.token("administrator").await;
    let person = zone.person("inspector").id;
    assert_eq!(revoke(&zone, &administrator, person, &from(MINUTE)).await.status, 200);
    for later in [MINUTE + 1, 60 * MINUTE] {
        let refused = revoke(&zone, &administrator, person, &from(later)).await;
        assert_eq!(refused.code(), Code::RevokedEarlier);
    }
    assert_eq!(revoke(&zone, &administrator, person, &from(0)).await.status, 200);
    assert_eq!(zone.person("inspector").revoked_at, Some(MORNING));
    let refused = revoke(&zone, &administrator, person, &from(MINUTE)).await;
    assert_eq!(refused.code(), Code::RevokedEarlier);
}

#[tokio::test]
async fn nobody_ends_the_last_administrator_or_the_own_account() {
    let zone = Zone::open().await;
    let first = zone.token("administrator").await;
    let own = zone.person("administrator").id;
    assert_eq!(revoke(&zone, &first, own, &from(0)).await.code(), Code::SamePerson);
    let other = add_administrator(&zone, &first, "deputy").await;
    let second = sign_in(&zone, "deputy").await;
    // Whoever ends tomorrow is none that is left.
    assert_eq!(revoke(&zone, &second, own, &from(24 * 60 * MINUTE)).await.status, 200);
    let last = revoke(&zone, &first, other.person.id, &from(0)).await;
    assert_eq!(last.code(), Code::LastAdministrator);
    let third = add_administrator(&zone, &second, "third").await;
    assert_eq!(revoke(&zone, &second, third.person.id, &from(0)).await.status, 200);
    assert_eq!(
        revoke(&zone, &first, other.person.id, &from(0)).await.code(),
        Code::LastAdministrator
    );
}

#[tokio::test]
async fn two_administrators_who_end_each_other_at_once_leave_one() {
    let zone = Zone::open().await;
    let first = zone.token("administrator").await;
    let own = zone.person("administrator").id;
    let other = add_administrator(&zone, &first, "deputy").await;
    let second = sign_in(&zone, "deputy").await;
    let body = from(0);
    let both = futures_util::future::join(
        revoke(&zone, &first, other.person.id, &body),
        revoke(&zone, &second, own, &body),
    );
    let (one, two) = both.await;
    let done = [one, two].iter().filter(|answer| answer.status == 200).count();
    assert_eq!(done, 1);
}

#[tokio::test]
async fn a_person_who_was_revoked_by_mistake_is_restored_by_two_administrators() {
    let zone = Zone::open().await;
    let first = zone.token("administrator").await;
    add_administrator(&zone, &first, "deputy").await;
    let second = sign_in(&zone, "deputy").await;
    let person = zone.person("inspector").id;
    let propose = format!("/api/v1/accounts/{person}/restore");
    let confirm = format!("{propose}/confirm");
    let reason = AccountReason { reason: "停用时选错了人".to_owned() };
    let mute = AccountReason { reason: " ".to_owned() };
    assert_eq!(zone.post(&propose, &first, &reason).await.code(), Code::NotRevoked);
    assert_eq!(revoke(&zone, &first, person, &from(0)).await.status, 200);
    assert_eq!(zone.post(&propose, &first, &mute).await.code(), Code::ReasonNeeded);
    assert_eq!(zone.post(&confirm, &second, &()).await.code(), Code::NotFound);
    assert_eq!(zone.post(&propose, &first, &reason).await.status, 200);
    assert_eq!(zone.post(&propose, &second, &reason).await.code(), Code::AlreadyExists);
    assert_eq!(zone.post(&confirm, &first, &()).await.code(), Code::SamePerson);
    let accounts: Vec<AccountRow> = zone.get("/api/v1/accounts", &second).await.read();
    let shown = accounts.iter().find(|row| row.person.id == person).unwrap();
    assert_eq!(shown.restore_proposed.as_ref().unwrap().reason, reason.reason);
    let token = zone.token("inspector").await;
    assert_eq!(zone.get("/api/v1/hazards", &token).await.code(), Code::AccountDisabled);
    assert_eq!(zone.post(&confirm, &second, &()).await.status, 200);
    assert_eq!(zone.get("/api/v1/hazards", &token).await.status, 200);
    assert_eq!(zone.post(&confirm, &second, &()).await.code(), Code::NotFound);
    let audit: AuditPage = zone.get("/api/v1/audit?limit=500", &first).await.read();
    for kind in [AuditKind::PersonRevoked, AuditKind::RestoreProposed, AuditKind::PersonRestored] {
        assert_eq!(audit.rows.iter().filter(|row| row.kind == kind).count(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_proposal_counts_a_week_for_the_revocation_that_it_knew_and_while_its_author_holds_the_role()
 {
    let zone = Zone::open().await;
    let first = zone.token("administrator").await;
    let deputy = add_administrator(&zone, &first, "deputy").await;
    let second = sign_in(&zone, "deputy").await;
    let person = zone.person("inspector").id;
    let propose = format!("/api/v1/accounts/{person}/restore");
    let confirm = format!("{propose}/confirm");
    let reason = AccountReason { reason: "停用时选错了人".to_owned() };
    assert_eq!(revoke(&zone, &first, person, &from(0)).await.status, 200);
    // Revoked again meanwhile.
    assert_eq!(zone.post(&propose, &first, &reason).await.status, 200);
    assert_eq!(revoke(&zone, &first, person, &from(-MINUTE)).await.status, 200);
    assert_eq!(zone.post(&confirm, &second, &()).await.code(), Code::NotFound);
    // Its author was revoked.
    assert_eq!(zone.post(&propose, &second, &reason).await.status, 200);
    assert_eq!(revoke(&zone, &first, deputy.person.id, &from(0)).await.status, 200);
    assert_eq!(zone.post(&confirm, &first, &()).await.code(), Code::NotFound);
    // Nobody restores the own account, not even before it ends.
    let third = add_administrator(&zone, &first, "third").await;
    let own = format!("/api/v1/accounts/{}/restore", third.person.id);
    let token = sign_in(&zone, "third").await;
    assert_eq!(revoke(&zone, &first, third.person.id, &from(60 * MINUTE)).await.status, 200);
    assert_eq!(zone.post(&own, &token, &reason).await.code(), Code::SamePerson);
    // Too late.
    add_administrator(&zone, &first, "fourth").await;
    let fourth = format!("/api/v1/accounts/{}/restore", deputy.person.id);
    assert_eq!(zone.post(&fourth, &first, &reason).await.status, 200);
    zone.later(7 * 24 * 60 * MINUTE);
    let token = sign_in(&zone, "fourth").await;
    let late = zone.post(&format!("{fourth}/confirm"), &token, &()).await;
    assert_eq!(late.code(), Code::NotFound);
}
