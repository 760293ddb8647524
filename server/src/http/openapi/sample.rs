//! Values of the real types, as they may travel.

use serde::Serialize;
use serde_json::Value;
use sync_core::domain::account::{Device, Person, Role};
use sync_core::id::{DeviceId, PersonId};
use sync_core::time::Timestamp;
use sync_core::wire::api::{
    AccountRow, Challenge, DeviceProof, DeviceRow, Enrol, Enrolled, Health, NewAccount, Refresh,
    Revoke, Session, SignIn, Uploaded,
};

pub(super) const AT: Timestamp = Timestamp::from_millis(1_795_392_000_000);
pub(super) const PERSON: PersonId =
    PersonId::from_bytes(*b"\x2d\xd6\x86\xdc\x22\x37\x4d\xb6\xb2\xc2\x36\xe5\x8e\xc4\xcd\x01");
pub(super) const DEVICE: DeviceId =
    DeviceId::from_bytes(*b"\x7a\x10\x86\xdc\x22\x37\x4d\xb6\xb2\xc2\x36\xe5\x8e\xc4\xcd\x02");

pub(super) fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

fn inspector() -> Person {
    Person {
        id: PERSON,
        name: "何桐".to_owned(),
        role: Role::Inspector,
        department: "yingji".parse().ok(),
        enterprise: None,
        certificate: Some("鲁D-0400123".to_owned()),
        from: AT,
        revoked_at: None,
    }
}

fn phone() -> Device {
    Device { id: DEVICE, person: PERSON, public_key: vec![2; 33], from: AT, revoked_at: None }
}

pub(crate) fn health() -> Value {
    value(Health { ok: true, version: env!("CARGO_PKG_VERSION").to_owned(), set_aside: 0 })
}

pub(crate) fn sign_in() -> Value {
    value(SignIn { username: "hetong".to_owned(), password: "……".to_owned() })
}

pub(crate) fn refresh() -> Value {
    let proof = DeviceProof { device: DEVICE, signature: "Zm9v…".to_owned() };
    value(Refresh { refresh_token: "Zm9v…".to_owned(), proof: Some(proof) })
}

pub(crate) fn session() -> Value {
    value(Session {
        access_token: "eyJ…".to_owned(),
        access_until: AT,
        refresh_token: "Zm9v…".to_owned(),
        person: inspector(),
    })
}

pub(crate) fn person() -> Value {
    value(inspector())
}

pub(crate) fn challenge() -> Value {
    value(Challenge { challenge: "c2FtcGxl…".to_owned() })
}

pub(crate) fn enrol() -> Value {
    value(Enrol {
        challenge: "c2FtcGxl…".to_owned(),
        public_key: "AgIC…".to_owned(),
        signature: "MEUC…".to_owned(),
        label: "何桐的手机".to_owned(),
    })
}

pub(crate) fn enrolled() -> Value {
    value(Enrolled { device: phone(), server_key: "q83v…".to_owned() })
}

pub(crate) fn devices() -> Value {
    let label = "何桐的手机".to_owned();
    value([DeviceRow { id: DEVICE, label, enrolled_at: AT, revoked_at: None }])
}

pub(crate) fn revoke() -> Value {
    value(Revoke { from: AT, reason: "手机遗失".to_owned() })
}

pub(crate) fn account() -> Value {
    value(AccountRow { username: "hetong".to_owned(), person: inspector() })
}

pub(crate) fn accounts() -> Value {
    Value::Array(vec![account()])
}

pub(crate) fn new_account() -> Value {
    value(NewAccount {
        username: "hetong".to_owned(),
        password: "……".to_owned(),
        name: "何桐".to_owned(),
        role: Role::Inspector,
        department: "yingji".parse().ok(),
        enterprise: None,
        certificate: Some("鲁D-0400123".to_owned()),
    })
}

pub(crate) fn uploaded() -> Value {
    value(Uploaded { received: 194_560, complete: true })
}
