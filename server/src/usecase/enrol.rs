//! Devices: enrolled with proof that they hold their key, revoked from a time on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sync_core::domain::account::{Device, Person, Role};
use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::{Suite, Verifier as _};
use sync_core::ledger::suites::SoftVerifier;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api::{Challenge, DeviceRow, Enrol, Enrolled, Revoke, enrol_message};

use crate::config;
use crate::state::App;
use crate::store::devices::{self, Labelled};
use crate::store::sessions;

/// How long a challenge can be answered.
const CHALLENGE_MS: i64 = 5 * 60_000;

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// What the device key has to sign.
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

/// Enrols a device of this person.
pub async fn enrol(app: &App, person: &Person, body: Enrol) -> Result<Enrolled, Refusal> {
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
    let (digest, now) = (Digest::of(body.challenge.as_bytes()), app.clock.now());
    let id: [u8; 16] = config::entropy().map_err(unavailable)?;
    let device = Device {
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
    if !app.write(move |db| Box::pin(async move { devices::add(db, &labelled).await })).await? {
        return Err(Refusal::new(Code::AlreadyExists).field("public_key"));
    }
    app.refresh_directory().await?;
    Ok(Enrolled { device, server_key: URL_SAFE_NO_PAD.encode(app.shared.keys.public_key()) })
}

/// The devices of a person; an administrator sees all.
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
pub async fn revoke(
    app: &App,
    person: &Person,
    device: DeviceId,
    body: Revoke,
) -> Result<(), Refusal> {
    require_reason(&body)?;
    let directory = app.shared.directory.snapshot();
    let known = directory.devices.get(&device).map(|known| known.device.person);
    let allowed = person.role == Role::Administrator || known == Some(person.id);
    let Some(owner) = known.filter(|_| allowed) else {
        return Err(Refusal::new(Code::NotFound));
    };
    let ended = app.write(move |db| {
        Box::pin(async move {
            devices::revoke(db, device, body.from, &body.reason).await?;
            sessions::revoke_all(db, owner).await
        })
    });
    app.ended.note(&ended.await?, app.clock.now());
    app.refresh_directory().await
}

/// A revocation says why.
pub fn require_reason(body: &Revoke) -> Result<(), Refusal> {
    if body.reason.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
    }
    limits::text("reason", &body.reason, limits::TEXT_CHARS)
}
