//! Events of security: each is noted with what it tells, and a chain that was touched is noticed.

use serde_json::json;
use sync_core::refusal::Code;
use sync_core::wire::api::{AccountRow, Refresh, Revoke, Session};
use sync_core::wire::api_accounts::{AuditKind, AuditPage, AuditRow};

use crate::database::tamper;
use crate::visit::{Hand, arrived};
use crate::world::{MINUTE, MORNING, Zone};

async fn page(zone: &Zone, query: &str) -> AuditPage {
    let token = zone.token("auditor").await;
    zone.get(&format!("/api/v1/audit{query}"), &token).await.read()
}

/// Everything of a kind, the oldest first.
async fn of(zone: &Zone, kind: AuditKind) -> Vec<AuditRow> {
    let all = page(zone, "?limit=500").await;
    assert_eq!((all.broken.as_slice(), all.next), ([].as_slice(), None));
    all.rows.into_iter().rev().filter(|row| row.kind == kind).collect()
}

#[tokio::test]
async fn what_is_done_to_accounts_devices_and_sessions_is_noted_with_who_whom_and_where() {
    let zone = Zone::open().await;
    let hand = Hand::new(&zone, "inspector", 1).await;
    let administrator = zone.token("administrator").await;
    let by = zone.person("administrator").id;
    let body = json!({
        "username": "newcomer", "password": "long enough", "name": "新人", "role": "inspector",
        "department": "yingji", "enterprise": null, "certificate": null,
    });
    let added: AccountRow = zone.post("/api/v1/accounts", &administrator, &body).await.read();
    let revoke = Revoke { from: MORNING, reason: "手机遗失".to_owned() };
    for path in [
        format!("/api/v1/devices/{}/revoke", hand.device),
        format!("/api/v1/accounts/{}/revoke", added.person.id),
    ] {
        assert_eq!(zone.post(&path, &administrator, &revoke).await.status, 200);
    }
    let first = zone.sign_in("inspector").await;
    let refresh = |token: &str| Refresh { refresh_token: token.to_owned(), proof: None };
    let path = "/api/v1/session/refresh";
    let second: Session = zone.post(path, "", &refresh(&first.refresh_token)).await.read();
    let third: Session = zone.post(path, "", &refresh(&second.refresh_token)).await.read();
    drop(third);
    let reused = zone.post(path, "", &refresh(&first.refresh_token)).await;
    assert_eq!(reused.code(), Code::TokenReused);
    let office = zone.token("coordinator").await;
    assert_eq!(zone.get("/api/v1/reports/overdue?format=csv", &office).await.status, 200);

    let inspector = zone.person("inspector").id;
    for (kind, who, about, detail) in [
        (AuditKind::SignedIn, Some(inspector), None, None),
        (AuditKind::DeviceEnrolled, Some(inspector), Some(hand.device.to_string()), Some("手机")),
        (AuditKind::AccountAdded, Some(by), Some(added.person.id.to_string()), None),
        (
            AuditKind::DeviceRevoked,
            Some(by),
            Some(hand.device.to_string()),
            Some("自 2026-11-23 09:00 起：手机遗失"),
        ),
        (
            AuditKind::PersonRevoked,
            Some(by),
            Some(added.person.id.to_string()),
            Some("自 2026-11-23 09:00 起：手机遗失"),
        ),
        (AuditKind::TokenReused, Some(inspector), None, None),
        (
            AuditKind::ReportGiven,
            Some(zone.person("coordinator").id),
            Some("overdue".to_owned()),
            Some("csv"),
        ),
    ] {
        let rows = of(&zone, kind).await;
        let row = rows.first().unwrap_or_else(|| panic!("{kind:?}"));
        assert_eq!((row.who, row.about.as_ref()), (who, about.as_ref()), "{kind:?}");
        assert_eq!(row.address.as_deref(), Some("127.0.0.1"), "{kind:?}");
        assert!(detail.is_none() || row.detail.as_deref() == detail, "{row:?}");
        assert_eq!((row.title.as_str(), row.at), (kind.title(), MORNING));
    }
    let revoked = of(&zone, AuditKind::PersonRevoked).await;
    assert_eq!(revoked[0].about_name.as_deref(), Some("新人"));
    assert_eq!(revoked[0].who_name.as_deref(), Some(zone.person("administrator").name.as_str()));
}

/// Does everything that is noted, each by whoever may.
async fn do_everything(zone: &Zone) {
    let mut hand = Hand::new(zone, "inspector", 1).await;
    // Nobody planned this visit.
    let fact = hand.state(arrived());
    hand.exchange(zone, std::slice::from_ref(&fact)).await;
    let (supervisor, first) = (zone.token("supervisor").await, zone.token("administrator").await);
    let post = async |path: &str, token: &str, body: serde_json::Value| {
        let answer = zone.post(path, token, &body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer
    };
    let held = format!("/api/v1/quarantine/{}", fact.id);
    post(&held, &supervisor, json!({ "accept": false, "reason": "计划外" })).await;
    let office = zone.token("coordinator").await;
    assert_eq!(zone.get("/api/v1/reports/overdue?format=csv", &office).await.status, 200);
    let added = json!({
        "username": "deputy", "password": "long enough", "name": "副手", "role": "administrator",
        "department": null, "enterprise": null, "certificate": null,
    });
    post("/api/v1/accounts", &first, added).await;
    let deputy: Session = zone.try_sign_in("deputy", "long enough").await.read();
    let second = deputy.access_token;
    let revoke = json!({ "from": MORNING, "reason": "手机遗失" });
    post(&format!("/api/v1/devices/{}/revoke", hand.device), &first, revoke.clone()).await;
    let person = format!("/api/v1/accounts/{}", zone.person("inspector").id);
    post(&format!("{person}/revoke"), &first, revoke).await;
    post(&format!("{person}/restore"), &first, json!({ "reason": "选错了人" })).await;
    post(&format!("{person}/restore/confirm"), &second, json!(null)).await;
    post(&format!("{person}/password"), &first, json!({ "reason": "忘记密码" })).await;
    let own = zone.token("second").await;
    let change = json!({ "old": zone.password("second"), "new": "绿水青山 2026 年" });
    post("/api/v1/password", &own, change).await;
    post("/api/v1/session/end", &own, json!(null)).await;
    let session = zone.sign_in("expert").await;
    let refresh = |token: &str| json!({ "refresh_token": token });
    let path = "/api/v1/session/refresh";
    let next: Session = post(path, "", refresh(&session.refresh_token)).await.read();
    post(path, "", refresh(&next.refresh_token)).await;
    let reused = zone.post(path, "", &refresh(&session.refresh_token)).await;
    assert_eq!(reused.code(), Code::TokenReused);
    for _ in 0..10 {
        zone.try_sign_in("assistant", "x").await;
        zone.later(MINUTE);
    }
}

#[tokio::test]
async fn whatever_is_noted_says_from_which_address_it_was_asked() {
    let proxy = "127.0.0.1/32".parse().unwrap();
    let zone = Zone::with(|options| options.trusted_proxies = vec![proxy]).await;
    do_everything(&zone).await;
    let rows = page(&zone, "?limit=500").await.rows;
    let missing = |kind: &&AuditKind| !rows.iter().any(|row| row.kind == **kind);
    let missing: Vec<_> = AuditKind::ALL.iter().filter(missing).collect();
    assert!(missing.is_empty(), "this test does not cause {missing:?}");
    let nowhere: Vec<_> =
        rows.iter().filter(|row| row.address.as_deref() != Some("127.0.0.1")).collect();
    assert!(nowhere.is_empty(), "{nowhere:#?}");
}

#[tokio::test]
async fn failures_of_one_name_and_address_are_counted_in_one_row_per_hour() {
    let zone = Zone::open().await;
    for _ in 0..5 {
        zone.try_sign_in("inspector", "x").await;
    }
    zone.later(30 * MINUTE);
    zone.try_sign_in("inspector", "x").await;
    zone.later(30 * MINUTE);
    zone.try_sign_in("inspector", "x").await;
    let rows = of(&zone, AuditKind::SignInFailed).await;
    let seen: Vec<_> = rows.iter().map(|row| (row.times, row.at, row.last_at)).collect();
    let half = MORNING.plus_millis(30 * MINUTE);
    let whole = MORNING.plus_millis(60 * MINUTE);
    assert_eq!(seen, [(6, MORNING, half), (1, whole, whole)]);
    assert_eq!(rows[0].about.as_deref(), Some("inspector"));
}

#[tokio::test]
async fn many_names_from_one_address_take_few_rows() {
    let zone = Zone::open().await;
    for number in 0..50 {
        zone.try_sign_in(&format!("guess{number}"), "x").await;
    }
    let rows = of(&zone, AuditKind::SignInFailed).await;
    assert!(rows.len() <= 33, "{}", rows.len());
    assert_eq!(rows.iter().map(|row| row.times).sum::<u64>(), 50);
}

#[tokio::test]
async fn a_person_who_signs_in_again_and_again_takes_few_rows() {
    let zone = Zone::open().await;
    for _ in 0..20 {
        zone.sign_in("inspector").await;
    }
    let rows = of(&zone, AuditKind::SignedIn).await;
    let own = rows.iter().filter(|row| row.who == Some(zone.person("inspector").id));
    let times: Vec<u64> = own.map(|row| row.times).collect();
    assert_eq!((times.len(), times.iter().sum::<u64>()), (16, 20));
}

#[tokio::test]
async fn pages_follow_one_another_and_hold_every_row_once() {
    let zone = Zone::open().await;
    for number in 0..7 {
        zone.try_sign_in(&format!("guess{number}"), "x").await;
    }
    let whole = page(&zone, "").await;
    let token = zone.token("auditor").await;
    // The second auditor's session is the newest event.
    let (mut rows, mut after) = (Vec::new(), format!("&after={}", whole.rows[0].place + 1));
    loop {
        let path = format!("/api/v1/audit?limit=2{after}");
        let part: AuditPage = zone.get(&path, &token).await.read();
        assert!(part.broken.is_empty() && part.rows.len() <= 2);
        rows.extend(part.rows);
        let Some(next) = part.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(rows, whole.rows);
    assert_eq!(rows.last().unwrap().place, 1);
    let places: Vec<u64> = rows.iter().map(|row| row.place).collect();
    assert!(places.windows(2).all(|pair| pair[0] == pair[1] + 1), "{places:?}");
}

#[tokio::test]
async fn a_row_that_was_changed_left_out_or_put_between_is_noticed() {
    // Places: 1 the auditor, 2 first, 3 inspector, 4 third.
    for (change, broken) in [
        ("UPDATE audit SET about = 'second' WHERE place = 2", 2),
        ("UPDATE audit SET address = '192.0.2.1' WHERE place = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE place = 2", 2),
        ("UPDATE audit SET times = 1 WHERE place = 3", 3),
        ("UPDATE audit SET last_at = last_at - 1 WHERE place = 3", 3),
        ("DELETE FROM audit WHERE place = 2", 3),
        ("DELETE FROM audit WHERE place = 1", 2),
        ("DELETE FROM audit WHERE place = 4", 4),
        ("UPDATE audit SET place = 9 WHERE place = 3", 4),
    ] {
        let zone = Zone::open().await;
        let token = zone.token("auditor").await;
        for name in ["first", "inspector", "inspector", "third"] {
            zone.try_sign_in(name, "x").await;
        }
        let seen: AuditPage = zone.get("/api/v1/audit", &token).await.read();
        assert_eq!((seen.rows.len(), seen.broken.len()), (4, 0));
        assert_eq!(tamper(&zone.running.app.pool, change, &[]).await, 1, "{change}");
        let seen: AuditPage = zone.get("/api/v1/audit", &token).await.read();
        assert_eq!(seen.broken, [broken], "{change}");
        assert_eq!(zone.running.app.shared.integrity.damaged(), 1, "{change}");
    }
}

#[tokio::test]
async fn the_audit_is_for_administrators_and_auditors() {
    let zone = Zone::open().await;
    for name in ["inspector", "supervisor", "coordinator", "enterprise"] {
        let token = zone.token(name).await;
        assert_eq!(zone.get("/api/v1/audit", &token).await.code(), Code::RoleNotAllowed);
    }
    let token = zone.token("administrator").await;
    assert_eq!(zone.get("/api/v1/audit", &token).await.status, 200);
    for query in ["?limit=many", "?after=-1", "?unknown=1"] {
        let path = format!("/api/v1/audit{query}");
        assert_eq!(zone.get(&path, &token).await.code(), Code::FieldMalformed, "{query}");
    }
}
