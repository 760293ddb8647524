//! Devices: enrolled with proof that they hold their key, revoked from a time on.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sync_core::domain::account::{EnrolledDevice, Person, Role};
use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::{Signer as _, Suite, Verifier as _};
use sync_core::ledger::suites::SoftVerifier;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::Timestamp;
use sync_core::wire::api::{Challenge, DeviceRow, Enrol, Enrolled, Revoke, enrol_message};
use sync_core::wire::api_accounts::AuditKind;
use sync_core::wire::bundle::DeviceCertificate;

use crate::auth::tokens::Access;
use crate::config;
use crate::state::App;
use crate::store::audit::Event;
use crate::store::devices::{self, Labelled};
use crate::store::sessions;

/// How long after the password was given a device can be enrolled: a token alone enrols none.
const FRESH_MS: i64 = 15 * 60_000;
/// How long a challenge can be answered.
const CHALLENGE_MS: i64 = 5 * 60_000;

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// What the device key has to sign.
///
/// # Errors
/// [`Code::StorageFailed`].
pub async fn challenge(app: &App, person: &Person) -> Result<Challenge, Refusal> {
    let bytes: [u8; 32] = config::entropy().map_err(unavailable)?;
    let challenge = URL_SAFE_NO_PAD.encode(bytes);
    let (digest, now, person) = (Digest::of(challenge.as_bytes()), app.clock.now(), person.id);
    let ends_at = now.plus_millis(CHALLENGE_MS);
    app.write(move |db| {
        Box::pin(async move { devices::add_challenge(db, digest, person, now, ends_at).await })
    })
    .await?;
    Ok(Challenge { challenge })
}

/// Enrols a device of this person, who gave the password a short time ago.
///
/// # Errors
/// The code of a field that is wrong, [`Code::ProofInvalid`] for a signature or challenge that does not hold,
/// [`Code::FreshSignInNeeded`], [`Code::TooManyDevices`], [`Code::AlreadyExists`] for a key that is enrolled,
/// [`Code::StorageFailed`].
pub async fn enrol(
    app: &App,
    (person, address): (&Person, IpAddr),
    access: Access,
    body: Enrol,
) -> Result<Enrolled, Refusal> {
    let now = app.clock.now();
    if access.password_at.plus_millis(FRESH_MS) <= now {
        return Err(Refusal::new(Code::FreshSignInNeeded));
    }
    limits::text("label", &body.label, limits::NAME_CHARS)?;
    let bytes = |text: &str, field: &'static str| {
        URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::new(Code::FieldMalformed).field(field))
    };
    let public_key = bytes(&body.public_key, "public_key")?;
    let signature = bytes(&body.signature, "signature")?;
    if public_key.len() != 33 {
        return Err(Refusal::new(Code::FieldMalformed).field("public_key"));
    }
    SoftVerifier
        .verify(Suite::P256, &public_key, &enrol_message(&body.challenge), &signature)
        .map_err(|_| Refusal::new(Code::ProofInvalid))?;
    let digest = Digest::of(body.challenge.as_bytes());
    let id: [u8; 16] = config::entropy().map_err(unavailable)?;
    let device = EnrolledDevice {
        id: DeviceId::from_entropy(id),
        person: person.id,
        public_key,
        from: now,
        revoked_at: None,
    };
    let labelled = Labelled { device: device.clone(), label: body.label };
    let owner = person.id;
    let taken = app
        .write(move |db| {
            Box::pin(async move { devices::take_challenge(db, digest, owner, now).await })
        })
        .await?;
    if !taken {
        return Err(Refusal::new(Code::ProofInvalid).field("challenge"));
    }
    let event = Event::new(AuditKind::DeviceEnrolled, now, address).by(owner);
    let event = event.about(labelled.device.id).detail(&labelled.label);
    app.write_with_event(event, move |db| {
        Box::pin(async move {
            let taken = Refusal::new(Code::AlreadyExists).field("public_key");
            if devices::trusted(&mut *db, owner, now).await? >= limits::DEVICES as u64 {
                return Ok(Err(Refusal::new(Code::TooManyDevices)));
            }
            Ok(devices::add(db, &labelled).await?.then_some(()).ok_or(taken))
        })
    })
    .await?;
    app.refresh_directory().await?;
    let message = DeviceCertificate::signed_message(device.id, device.person, &device.public_key);
    let certificate = URL_SAFE_NO_PAD.encode(app.shared.keys.sign(&message)?);
    let server_key = URL_SAFE_NO_PAD.encode(app.shared.keys.public_key());
    Ok(Enrolled { device, server_key, certificate })
}

/// The devices of a person; an administrator sees all.
///
/// # Errors
/// [`Code::StorageFailed`].
pub async fn list(app: &App, person: &Person) -> Result<Vec<DeviceRow>, Refusal> {
    let mut db = app.pool.acquire().await.map_err(unavailable)?;
    let all = matches!(person.role, Role::Administrator | Role::Auditor);
    let devices = devices::all(&mut db).await?;
    Ok(devices
        .into_iter()
        .filter(|it| all || it.device.person == person.id)
        .map(|it| DeviceRow {
            id: it.device.id,
            label: it.label,
            enrolled_at: it.device.from,
            revoked_at: it.device.revoked_at,
        })
        .collect())
}

/// Ends the trust in a device: by its person or an administrator. Every session of its person ends
/// with it: whoever holds the device may hold one of them.
///
/// # Errors
/// [`Code::ReasonNeeded`], [`Code::NotFound`] for a device that is not the caller's, [`Code::RevokedEarlier`],
/// [`Code::StorageFailed`].
pub async fn revoke(
    app: &App,
    (person, address): (&Person, IpAddr),
    device: DeviceId,
    body: Revoke,
) -> Result<(), Refusal> {
    require_reason(&body.reason)?;
    let directory = app.shared.directory.snapshot();
    let known = directory.devices.get(&device).map(|known| known.device.person);
    let allowed = person.role == Role::Administrator || known == Some(person.id);
    let Some(owner) = known.filter(|_| allowed) else {
        return Err(Refusal::new(Code::NotFound));
    };
    let event = Event::new(AuditKind::DeviceRevoked, app.clock.now(), address).by(person.id);
    let event = event.about(device).detail(revoked_from(body.from, &body.reason));
    let ended = app.write_with_event(event, move |db| {
        Box::pin(async move {
            let Some(revoked_at) = devices::revoked_at(&mut *db, device).await? else {
                return Ok(Err(Refusal::new(Code::NotFound)));
            };
            if let Err(refusal) = authority::may_end_from(revoked_at, body.from) {
                return Ok(Err(refusal));
            }
            devices::revoke(&mut *db, device, body.from, &body.reason).await?;
            sessions::revoke_others(db, owner, None).await.map(Ok)
        })
    });
    app.ended.note(&ended.await?, app.clock.now());
    app.refresh_directory().await
}

/// From when and why, as the audit says it.
pub(super) fn revoked_from(from: Timestamp, reason: &str) -> String {
    format!("自 {from} 起：{reason}")
}

/// A revocation says why.
///
/// # Errors
/// [`Code::ReasonNeeded`], or the code of a text that is too long or malformed.
pub fn require_reason(reason: &str) -> Result<(), Refusal> {
    if !sync_core::text::is_visible(reason) {
        return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
    }
    limits::text("reason", reason, limits::TEXT_CHARS)
}
