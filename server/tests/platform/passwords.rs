//! Passwords and what is signed in with them: changed, reset, listed, ended, bounded.

use sync_core::refusal::Code;
use sync_core::wire::api::{Challenge, Refresh, Session};
use sync_core::wire::api_accounts::{
    AccountReason, AuditKind, AuditPage, ChangePassword, PasswordChanged, PasswordReset,
    SessionEnded, SessionRow,
};

use crate::visit::{Hand, enrol, key, planned};
use crate::world::{Answer, MINUTE, Zone};

const NEW: &str = "绿水青山 2026 年";
const HOUR: i64 = 60 * MINUTE;

async fn change(zone: &Zone, token: &str, old: Option<&str>, new: &str) -> Answer {
    let body = ChangePassword { old: old.map(str::to_owned), new: new.to_owned() };
    zone.post("/api/v1/password", token, &body).await
}

async fn renew(zone: &Zone, session: &Session) -> Answer {
    let body = Refresh { refresh_token: session.refresh_token.clone(), proof: None };
    zone.post("/api/v1/session/refresh", "", &body).await
}

async fn reset(zone: &Zone, name: &str) -> PasswordReset {
    let token = zone.token("administrator").await;
    let path = format!("/api/v1/accounts/{}/password", zone.person(name).id);
    zone.post(&path, &token, &AccountReason { reason: "本人忘记密码".to_owned() }).await.read()
}

#[tokio::test]
async fn a_person_changes_the_own_password_and_every_other_session_ends() {
    let zone = Zone::open().await;
    let (here, there) = (zone.sign_in("inspector").await, zone.sign_in("inspector").await);
    let old = zone.password("inspector");
    for wrong in [None, Some(""), Some("not the old one")] {
        let refused = change(&zone, &here.access_token, wrong, NEW).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (403, Code::OldPasswordWrong));
    }
    for unfit in ["short", "inspector", "password123", "long\u{200b}enough", &"x".repeat(129)] {
        let refused = change(&zone, &here.access_token, Some(old), unfit).await;
        assert_eq!(refused.code(), Code::PasswordUnfit, "{unfit}");
    }
    assert_eq!(renew(&zone, &there).await.status, 200, "what is refused ends nothing");
    let changed: PasswordChanged = change(&zone, &here.access_token, Some(old), NEW).await.read();
    assert_eq!(changed.ended, 1);
    assert_eq!(zone.get("/api/v1/me", &there.access_token).await.code(), Code::NotSignedIn);
    assert_eq!(renew(&zone, &there).await.code(), Code::NotSignedIn);
    assert_eq!(renew(&zone, &here).await.status, 200);
    assert_eq!(zone.try_sign_in("inspector", old).await.code(), Code::WrongPassword);
    assert_eq!(zone.try_sign_in("inspector", NEW).await.status, 200);
}

#[tokio::test]
async fn guesses_at_the_old_password_count_as_guesses() {
    let zone = Zone::open().await;
    let token = zone.token("inspector").await;
    for _ in 0..5 {
        assert_eq!(change(&zone, &token, Some("x"), NEW).await.code(), Code::OldPasswordWrong);
    }
    let right = zone.password("inspector");
    let waits = change(&zone, &token, Some(right), NEW).await;
    assert_eq!(waits.code(), Code::TooManyAttempts);
    assert_eq!(waits.headers["retry-after"], "5");
    assert_eq!(zone.try_sign_in("inspector", right).await.code(), Code::TooManyAttempts);
}

#[tokio::test]
async fn a_code_for_a_forgotten_password_signs_in_once_and_only_to_set_a_new_one() {
    let zone = Zone::open().await;
    let before = zone.sign_in("inspector").await;
    let PasswordReset { code, .. } = reset(&zone, "inspector").await;
    // The old password and what was signed in with it have ended.
    assert_eq!(zone.get("/api/v1/me", &before.access_token).await.code(), Code::NotSignedIn);
    let old = zone.password("inspector");
    assert_eq!(zone.try_sign_in("inspector", old).await.code(), Code::WrongPassword);
    let session: Session = zone.try_sign_in("inspector", &code).await.read();
    assert!(session.set_password);
    assert_eq!(zone.try_sign_in("inspector", &code).await.code(), Code::WrongPassword);
    for path in ["/api/v1/me", "/api/v1/devices", "/api/v1/hazards", "/api/v1/sessions"] {
        let refused = zone.get(path, &session.access_token).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (401, Code::PasswordChangeNeeded));
    }
    assert_eq!(renew(&zone, &session).await.code(), Code::PasswordChangeNeeded);
    assert_eq!(
        change(&zone, &session.access_token, None, "short").await.code(),
        Code::PasswordUnfit
    );
    assert_eq!(change(&zone, &session.access_token, None, NEW).await.status, 200);
    // The session goes on as any other.
    let renewed: Session = renew(&zone, &session).await.read();
    assert!(!renewed.set_password);
    assert_eq!(zone.get("/api/v1/me", &renewed.access_token).await.status, 200);
    // A new password is asked for the old one again.
    let again = change(&zone, &renewed.access_token, None, "another long one").await;
    assert_eq!(again.code(), Code::OldPasswordWrong);
    assert_eq!(zone.try_sign_in("inspector", NEW).await.status, 200);
    let auditor = zone.token("auditor").await;
    let audit: AuditPage = zone.get("/api/v1/audit?limit=500", &auditor).await.read();
    let row = audit.rows.iter().find(|row| row.kind == AuditKind::PasswordReset).unwrap();
    assert_eq!(row.detail.as_deref(), Some("本人忘记密码"));
    assert!(!format!("{audit:?}").contains(&code));
}

#[tokio::test]
async fn a_code_ends_after_three_days_and_with_the_next_one() {
    let zone = Zone::open().await;
    let first = reset(&zone, "inspector").await;
    let second = reset(&zone, "inspector").await;
    assert_eq!(zone.try_sign_in("inspector", &first.code).await.code(), Code::WrongPassword);
    zone.later(72 * HOUR - 1);
    let session: Session = zone.try_sign_in("inspector", &second.code).await.read();
    // Another reset ends what was signed in with a code.
    let third = reset(&zone, "inspector").await;
    let ended = change(&zone, &session.access_token, None, NEW).await;
    assert_eq!(ended.code(), Code::NotSignedIn);
    zone.later(72 * HOUR);
    assert_eq!(zone.try_sign_in("inspector", &third.code).await.code(), Code::WrongPassword);
}

#[tokio::test]
async fn a_password_is_reset_by_another_administrator_with_a_reason() {
    let zone = Zone::open().await;
    let token = zone.token("administrator").await;
    let of = |name| format!("/api/v1/accounts/{}/password", zone.person(name).id);
    let reason = AccountReason { reason: "本人忘记密码".to_owned() };
    let mute = AccountReason { reason: String::new() };
    assert_eq!(zone.post(&of("inspector"), &token, &mute).await.code(), Code::ReasonNeeded);
    assert_eq!(zone.post(&of("administrator"), &token, &reason).await.code(), Code::SamePerson);
    let auditor = zone.token("auditor").await;
    assert_eq!(zone.post(&of("inspector"), &auditor, &reason).await.code(), Code::RoleNotAllowed);
    assert_eq!(zone.try_sign_in("inspector", zone.password("inspector")).await.status, 200);
}

#[tokio::test]
async fn a_phone_with_unsent_work_delivers_after_a_reset() {
    let zone = Zone::open().await;
    let mut phone = Hand::new(&zone, "supervisor", 1).await;
    let first = Hand::new(&zone, "inspector", 2).await;
    let second = Hand::new(&zone, "second", 3).await;
    let unsent = phone.state(planned(&[&first, &second]));
    let PasswordReset { code, .. } = reset(&zone, "supervisor").await;
    let session: Session = zone.try_sign_in("supervisor", &code).await.read();
    assert_eq!(change(&zone, &session.access_token, None, NEW).await.status, 200);
    let session: Session = zone.try_sign_in("supervisor", NEW).await.read();
    phone.token = session.access_token;
    let answer = phone.exchange(&zone, &[unsent]).await;
    assert_eq!(answer.verdicts[0].outcome, sync_core::wire::exchange::Outcome::Accepted);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_no_other() {
    let zone = Zone::open().await;
    let (here, there) = (zone.sign_in("inspector").await, zone.sign_in("inspector").await);
    assert_eq!(zone.post("/api/v1/session/end", &here.access_token, &()).await.status, 200);
    for answer in [renew(&zone, &here).await, zone.get("/api/v1/me", &here.access_token).await] {
        assert_eq!(answer.code(), Code::NotSignedIn);
    }
    let zone = zone.restart().await;
    assert_eq!(zone.get("/api/v1/me", &here.access_token).await.code(), Code::NotSignedIn);
    assert_eq!(zone.get("/api/v1/me", &there.access_token).await.status, 200);
}

#[tokio::test]
async fn a_person_sees_and_ends_the_own_sessions_and_nobody_elses() {
    let zone = Zone::open().await;
    let (there, stranger) = (zone.sign_in("inspector").await, zone.sign_in("second").await);
    zone.later(MINUTE);
    let here = zone.sign_in("inspector").await;
    let list = async |session: &Session| {
        zone.get("/api/v1/sessions", &session.access_token).await.read::<Vec<SessionRow>>()
    };
    let rows = list(&here).await;
    let current: Vec<bool> = rows.iter().map(|row| row.current).collect();
    assert_eq!(current, [true, false]);
    assert!(rows.iter().all(|row| row.address.as_deref() == Some("127.0.0.1")));
    let path = format!("/api/v1/sessions/{}/end", rows[1].id);
    let other = zone.post(&path, &stranger.access_token, &()).await;
    assert_eq!(other.code(), Code::NotFound);
    let ended: SessionEnded = zone.post(&path, &here.access_token, &()).await.read();
    assert_eq!(ended.session, rows[1].id);
    assert_eq!(zone.post(&path, &here.access_token, &()).await.code(), Code::NotFound);
    assert_eq!(renew(&zone, &there).await.code(), Code::NotSignedIn);
    assert_eq!(list(&here).await.len(), 1);
}

#[tokio::test]
async fn of_many_sessions_of_a_person_the_oldest_ends() {
    let zone = Zone::open().await;
    let other = zone.sign_in("second").await;
    let mut sessions = Vec::new();
    for _ in 0..18 {
        sessions.push(zone.sign_in("inspector").await);
        zone.later(1_000);
    }
    for (number, session) in sessions.iter().enumerate() {
        let code = zone.get("/api/v1/me", &session.access_token).await;
        assert_eq!(code.status == 200, number >= 2, "session {number}");
    }
    assert_eq!(renew(&zone, &sessions[1]).await.code(), Code::NotSignedIn);
    assert_eq!(renew(&zone, &sessions[2]).await.status, 200);
    assert_eq!(renew(&zone, &other).await.status, 200);
}

#[tokio::test]
async fn a_device_is_enrolled_with_a_password_that_was_given_a_short_time_ago() {
    let zone = Zone::open().await;
    let session = zone.sign_in("inspector").await;
    zone.later(9 * MINUTE);
    let renewed: Session = renew(&zone, &session).await.read();
    assert_eq!(enrol(&zone, &renewed.access_token, &key(1)).await.status, 201);
    zone.later(6 * MINUTE);
    // The token is good for everything else.
    let challenge = zone.post("/api/v1/devices/challenge", &renewed.access_token, &()).await;
    challenge.read::<Challenge>();
    let stale = enrol(&zone, &renewed.access_token, &key(2)).await;
    assert_eq!((stale.status.as_u16(), stale.code()), (403, Code::FreshSignInNeeded));
    let again: Session = renew(&zone, &renewed).await.read();
    assert_eq!(enrol(&zone, &again.access_token, &key(2)).await.code(), Code::FreshSignInNeeded);
    let fresh = zone.token("inspector").await;
    assert_eq!(enrol(&zone, &fresh, &key(2)).await.status, 201);
}

#[tokio::test]
async fn a_person_has_a_bounded_number_of_devices_that_are_not_revoked() {
    let most = u8::try_from(sync_core::limits::DEVICES).unwrap();
    let zone = Zone::open().await;
    let mut token = zone.token("inspector").await;
    let mut devices = Vec::new();
    for seed in 1..=most {
        let enrolled: sync_core::wire::api::Enrolled =
            enrol(&zone, &token, &key(seed)).await.read();
        devices.push(enrolled.device.id);
    }
    assert_eq!(enrol(&zone, &token, &key(most + 1)).await.code(), Code::TooManyDevices);
    let other = zone.token("second").await;
    assert_eq!(enrol(&zone, &other, &key(most + 2)).await.status, 201);
    let body =
        sync_core::wire::api::Revoke { from: zone.clock.now(), reason: "换新手机".to_owned() };
    let path = format!("/api/v1/devices/{}/revoke", devices[0]);
    assert_eq!(zone.post(&path, &token, &body).await.status, 200);
    token = zone.token("inspector").await;
    assert_eq!(enrol(&zone, &token, &key(most + 1)).await.status, 201);
}
