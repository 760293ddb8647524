//! Signing in and renewing: stolen tokens end a session, lost answers do not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::hmac;
use serde_json::{Value, json};
use server::auth::tokens::Access;
use sync_core::ledger::fact::Signer as _;
use sync_core::refusal::Code;
use sync_core::wire::api::{DeviceProof, Refresh, Session, refresh_message};

use crate::visit::Hand;
use crate::world::{Answer, MINUTE, MORNING, Zone};

async fn renew(zone: &Zone, token: &str) -> Answer {
    let body = Refresh { refresh_token: token.to_owned(), proof: None };
    zone.post("/api/v1/session/refresh", "", &body).await
}

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_and_its_successor_goes_on() {
    let zone = Zone::open().await;
    let mut session = zone.sign_in("inspector").await;
    assert_eq!(session.person.id, zone.person("inspector").id);
    for _ in 0..5 {
        zone.later(20 * MINUTE);
        let next: Session = renew(&zone, &session.refresh_token).await.read();
        assert_ne!(next.refresh_token, session.refresh_token);
        assert_eq!(zone.get("/api/v1/me", &next.access_token).await.status, 200);
        session = next;
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_within_a_minute() {
    let zone = Zone::open().await;
    let session = zone.sign_in("inspector").await;
    let first: Session = renew(&zone, &session.refresh_token).await.read();
    zone.later(MINUTE);
    let again: Session = renew(&zone, &session.refresh_token).await.read();
    assert_eq!(again.refresh_token, first.refresh_token);
    let next: Session = renew(&zone, &first.refresh_token).await.read();
    assert_eq!(zone.get("/api/v1/me", &next.access_token).await.status, 200);
}

async fn renew_by(zone: &Zone, token: &str, device: &Hand) -> Answer {
    let signature = device.signer.sign(&refresh_message(token)).unwrap();
    let proof = DeviceProof { device: device.device, signature: URL_SAFE_NO_PAD.encode(signature) };
    let body = Refresh { refresh_token: token.to_owned(), proof: Some(proof) };
    zone.post("/api/v1/session/refresh", "", &body).await
}

const SECOND: i64 = 1_000;
const HOUR: i64 = 60 * MINUTE;

#[tokio::test]
async fn a_lost_answer_is_given_again_to_the_same_device_however_late() {
    let zone = Zone::open().await;
    let phone = Hand::new(&zone, "inspector", 7).await;
    for later in [SECOND, 61 * SECOND, 301 * SECOND, 3 * HOUR, 30 * 24 * HOUR] {
        let session = zone.sign_in("inspector").await;
        let lost: Session = renew_by(&zone, &session.refresh_token, &phone).await.read();
        zone.later(later);
        let again: Session = renew_by(&zone, &session.refresh_token, &phone).await.read();
        assert_eq!(again.refresh_token, lost.refresh_token, "after {later} ms");
        assert_eq!(zone.get("/api/v1/me", &again.access_token).await.status, 200);
        let next: Session = renew_by(&zone, &again.refresh_token, &phone).await.read();
        assert_ne!(next.refresh_token, again.refresh_token);
    }
}

#[tokio::test]
async fn a_token_in_the_hands_of_another_device_ends_the_session() {
    let zone = Zone::open().await;
    let phone = Hand::new(&zone, "inspector", 7).await;
    let tablet = Hand::new(&zone, "inspector", 8).await;
    let stranger = Hand::new(&zone, "second", 9).await;
    for (other, later) in
        [(Some(&tablet), SECOND), (Some(&tablet), HOUR), (Some(&stranger), HOUR), (None, HOUR)]
    {
        for current in [false, true] {
            let session = zone.sign_in("inspector").await;
            let owner: Session = renew_by(&zone, &session.refresh_token, &phone).await.read();
            zone.later(later);
            let token = if current { &owner.refresh_token } else { &session.refresh_token };
            let thief = match other {
                Some(other) => renew_by(&zone, token, other).await,
                None => renew(&zone, token).await,
            };
            // A key store that is locked proves nothing: the newest token alone goes on.
            let unproved = other.is_none_or(|it| it.person != phone.person);
            if current && unproved {
                assert_eq!(thief.status, 200);
                continue;
            }
            assert_eq!(thief.code(), Code::TokenReused);
            let after = renew_by(&zone, &owner.refresh_token, &phone).await;
            assert_eq!(after.code(), Code::NotSignedIn);
        }
    }
}

#[tokio::test]
async fn a_token_used_after_the_grace_time_ends_the_session_for_thief_and_owner() {
    let zone = Zone::open().await;
    let session = zone.sign_in("inspector").await;
    let other = zone.sign_in("inspector").await;
    let owner: Session = renew(&zone, &session.refresh_token).await.read();
    zone.later(MINUTE + 1);
    assert_eq!(renew(&zone, &session.refresh_token).await.code(), Code::TokenReused);
    assert_eq!(renew(&zone, &owner.refresh_token).await.code(), Code::NotSignedIn);
    for token in [&session.access_token, &owner.access_token] {
        assert_eq!(zone.get("/api/v1/me", token).await.code(), Code::NotSignedIn);
    }
    // A restart does not let them in again.
    let zone = zone.restart().await;
    assert_eq!(zone.get("/api/v1/me", &owner.access_token).await.code(), Code::NotSignedIn);
    assert_eq!(zone.get("/api/v1/me", &other.access_token).await.status, 200);
    // Another session of the same person is another matter.
    assert_eq!(renew(&zone, &other.refresh_token).await.status, 200);
}

#[tokio::test]
async fn a_token_two_steps_old_ends_the_session_at_once() {
    let zone = Zone::open().await;
    let first = zone.sign_in("inspector").await;
    let second: Session = renew(&zone, &first.refresh_token).await.read();
    let third: Session = renew(&zone, &second.refresh_token).await.read();
    assert_eq!(renew(&zone, &first.refresh_token).await.code(), Code::TokenReused);
    assert_eq!(renew(&zone, &third.refresh_token).await.code(), Code::NotSignedIn);
}

#[tokio::test]
async fn renewing_many_times_at_once_never_signs_an_honest_phone_out() {
    let zone = Zone::open().await;
    let mut session = zone.sign_in("inspector").await;
    for _ in 0..10 {
        let all = (0..8).map(|_| renew(&zone, &session.refresh_token));
        let all: Vec<Session> =
            futures_util::future::join_all(all).await.iter().map(Answer::read).collect();
        assert!(all.iter().all(|it| it.refresh_token == all[0].refresh_token));
        session = all.into_iter().next().unwrap();
    }
    assert_eq!(renew(&zone, &session.refresh_token).await.status, 200);
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_after_ninety_days() {
    let zone = Zone::open().await;
    let session = zone.sign_in("inspector").await;
    let zone = zone.restart().await;
    assert_eq!(zone.get("/api/v1/me", &session.access_token).await.status, 200);
    let next: Session = renew(&zone, &session.refresh_token).await.read();
    zone.later(90 * 24 * 60 * MINUTE);
    assert_eq!(renew(&zone, &next.refresh_token).await.code(), Code::NotSignedIn);
}

#[tokio::test]
async fn garbage_is_no_refresh_token_and_ends_nothing() {
    let zone = Zone::open().await;
    let session = zone.sign_in("inspector").await;
    for text in ["", "x", "Zm9v", "AAAAAAAAAAAAAAAAAAAAAA", "不是令牌"] {
        assert_eq!(renew(&zone, text).await.code(), Code::NotSignedIn, "{text}");
    }
    assert_eq!(renew(&zone, &session.refresh_token).await.status, 200);
}

#[tokio::test]
async fn a_wrong_name_is_answered_like_a_wrong_password() {
    let zone = Zone::open().await;
    let name = zone.try_sign_in("nobody", "x").await;
    let password = zone.try_sign_in("inspector", "x").await;
    let long = zone.try_sign_in("inspector", &"x".repeat(257)).await;
    assert_eq!(name.code(), Code::WrongPassword);
    assert_eq!((name.status, &name.body), (password.status, &password.body));
    assert_eq!((long.status, &long.body), (password.status, &password.body));
}

#[tokio::test]
async fn who_guesses_waits_longer_each_time_and_is_told_the_seconds_that_are_left() {
    let zone = Zone::open().await;
    let right = zone.password("inspector");
    for _ in 0..5 {
        assert_eq!(zone.try_sign_in("inspector", "x").await.code(), Code::WrongPassword);
    }
    for seconds in [5, 10, 20] {
        for left in [seconds, seconds - seconds / 2] {
            let waits = zone.try_sign_in("inspector", right).await;
            assert_eq!(waits.code(), Code::TooManyAttempts);
            assert_eq!(waits.headers["retry-after"].to_str().unwrap(), left.to_string());
            zone.later(seconds * 500);
        }
        assert_eq!(zone.try_sign_in("inspector", "x").await.code(), Code::WrongPassword);
    }
    // Nobody else behind the same address waits.
    assert_eq!(zone.try_sign_in("second", zone.password("second")).await.status, 200);
    zone.later(40 * SECOND);
    assert_eq!(zone.try_sign_in(" INSPECTOR", right).await.status, 200);
    assert_eq!(zone.try_sign_in("inspector", "x").await.code(), Code::WrongPassword);
}

#[tokio::test]
async fn of_many_guesses_at_once_few_are_looked_at() {
    let zone = Zone::open().await;
    let guesses = (0..60).map(|_| zone.try_sign_in("inspector", "x"));
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|it| it.code() == Code::WrongPassword).count();
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn an_access_token_works_ten_minutes() {
    let zone = Zone::open().await;
    let session = zone.sign_in("inspector").await;
    assert_eq!(session.access_until, MORNING.plus_millis(10 * MINUTE));
    zone.later(10 * MINUTE - 1);
    assert_eq!(zone.get("/api/v1/me", &session.access_token).await.status, 200);
    zone.later(1);
    assert_eq!(zone.get("/api/v1/me", &session.access_token).await.code(), Code::NotSignedIn);
}

/// A token with the server's own key, whatever it says.
fn forged(zone: &Zone, header: &Header, claims: &Value) -> String {
    let secret = std::fs::read(zone.folder.path().join("data/server.secret")).unwrap();
    let root = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let key = hmac::sign(&root, b"zhicha access token v1");
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(key.as_ref())).unwrap()
}

#[tokio::test]
async fn a_token_that_differs_in_one_claim_is_refused() {
    let zone = Zone::open().await;
    let now = MORNING.as_millis() / 1000;
    let claims = json!({
        "iss": "zhicha", "aud": "zhicha-api", "sub": zone.person("inspector").id, "sid": "AAAAAAAAAAAAAAAAAAAAAA",
        "iat": now, "nbf": now, "exp": now + 600,
    });
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    let good = forged(&zone, &header, &claims);
    assert_eq!(zone.get("/api/v1/me", &good).await.status, 200);
    let nobody = "7a1086dc-2237-4db6-b2c2-36e58ec4cd02";
    let mut bad = vec![String::from("x"), good.replace('.', ""), format!("{good}A")];
    for (claim, value) in [
        ("iss", json!("other")),
        ("aud", json!("other")),
        ("aud", json!(["other"])),
        ("sub", json!(nobody)),
        ("sid", json!("AA")),
        ("exp", json!(now)),
        ("exp", json!((now + 600).to_string())),
        ("nbf", json!(now + 1)),
        ("nbf", json!("0")),
        ("scope", json!("other")),
    ] {
        let mut claims = claims.clone();
        claims[claim] = value;
        bad.push(forged(&zone, &header, &claims));
    }
    for claim in ["iss", "aud", "sub", "sid", "exp", "nbf"] {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(claim);
        bad.push(forged(&zone, &header, &claims));
    }
    for typ in [None, Some("JWT".to_owned())] {
        bad.push(forged(&zone, &Header { typ, ..header.clone() }, &claims));
    }
    let stronger = Header { alg: Algorithm::HS512, ..header.clone() };
    bad.push(forged(&zone, &stronger, &claims));
    // {"alg":"none","typ":"at+jwt"}
    let body = good.split('.').nth(1).unwrap();
    bad.push(format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}."));
    for token in bad {
        assert_eq!(zone.get("/api/v1/me", &token).await.code(), Code::NotSignedIn, "{token}");
    }
}

#[tokio::test]
async fn a_token_with_any_character_changed_is_refused() {
    let zone = Zone::open().await;
    let tokens = &zone.running.app.tokens;
    let person = zone.person("inspector").id;
    let access = Access { person, family: [7; 16], password_at: MORNING, only_password: false };
    let (token, _) = tokens.access(access, MORNING).unwrap();
    assert_eq!(tokens.read(&token, MORNING).unwrap(), access);
    // The last character of the signature carries two bits that say nothing.
    for at in 0..token.len() - 1 {
        for other in ['A', 'Q', 'g', '.'] {
            let mut changed: Vec<char> = token.chars().collect();
            if changed[at] == other {
                continue;
            }
            changed[at] = other;
            let changed: String = changed.into_iter().collect();
            assert!(tokens.read(&changed, MORNING).is_err(), "{changed}");
        }
    }
}
