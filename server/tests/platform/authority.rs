//! Who may call what: the table is the law, and every cell of it is tried.

use server::http;
use server::http::caller::Access;
use sync_core::domain::account::Role;
use sync_core::refusal::Code;
use sync_core::wire::api::Revoke;

use crate::world::{MORNING, Zone, of_role, send};

const UUID: &str = "7a1086dc-2237-4db6-b2c2-36e58ec4cd02";

const SIGN_OUT: &str = "/api/v1/session/end";

/// A path of a row with parameters of the right form.
fn path(row: &str) -> String {
    let digest = format!("sha256:{}", "ab".repeat(32));
    let row = row.replace("{kind}", "rectification_notice");
    let hashes = ["{hash}", "{item}"].iter().fold(row, |it, of| it.replace(of, &digest));
    ["{id}", "{device}", "{person}", "{session}"]
        .iter()
        .fold(hashes, |path, of| path.replace(of, UUID))
}

/// The refusal of the guard, if it was one.
async fn guarded(zone: &Zone, method: &str, row: &str, token: &str) -> Option<Code> {
    let answer = send(zone.request(method, &path(row), token)).await;
    if answer.status.is_success() {
        return None;
    }
    let code = answer.code();
    matches!(code, Code::NotSignedIn | Code::RoleNotAllowed | Code::AccountDisabled).then_some(code)
}

#[tokio::test]
async fn every_route_lets_through_whom_the_table_names_and_nobody_else() {
    let zone = Zone::open().await;
    let mut callers = vec![(None, String::new())];
    for role in Role::ALL {
        callers.push((Some(*role), zone.token(of_role(*role)).await));
    }
    let mut cells = 0;
    for row in http::matrix() {
        for (role, token) in &callers {
            let expected = match (row.access.allows(*role), role) {
                (true, _) => None,
                (false, None) => Some(Code::NotSignedIn),
                (false, Some(_)) => Some(Code::RoleNotAllowed),
            };
            // Signing out ends the session with which it is tried.
            let fresh = match role {
                Some(role) if row.path == SIGN_OUT => zone.token(of_role(*role)).await,
                _ => token.clone(),
            };
            let found = guarded(&zone, row.method, row.path, &fresh).await;
            assert_eq!(found, expected, "{row:?} {role:?}");
            cells += 1;
        }
    }
    assert_eq!(cells, http::matrix().len() * (Role::ALL.len() + 1));
}

#[test]
fn an_enterprise_reaches_no_route_of_the_authorities() {
    let open: Vec<&str> = http::matrix()
        .iter()
        .filter(|row| row.access != Access::Public && row.access.allows(Some(Role::Enterprise)))
        .map(|row| row.path)
        .collect();
    let expected = [
        "/api/v1/me",
        "/api/v1/session/end",
        "/api/v1/sessions",
        "/api/v1/sessions/{session}/end",
        "/api/v1/password",
        "/api/v1/devices",
        "/api/v1/devices/challenge",
        "/api/v1/devices",
        "/api/v1/devices/{device}/revoke",
        "/sync/v1/exchange",
        "/sync/v1/blobs/{hash}",
        "/sync/v1/blobs/{hash}",
        "/sync/v1/blobs/{hash}/thumbnail",
        "/api/v1/cases/notice/{id}",
        "/api/v1/cases/notice/{id}/papers",
        "/api/v1/cases/notice/{id}/papers/{kind}/{hash}",
    ];
    assert_eq!(open, expected);
}

#[tokio::test]
async fn what_is_not_in_the_table_does_not_exist() {
    let zone = Zone::open().await;
    let token = zone.token("administrator").await;
    for path in
        ["/app", "/api", "/api/v1/session/", "/api/v1/plans", "/sync/v1/blobs", "/docs/../me"]
    {
        assert_eq!(zone.get(path, &token).await.code(), Code::NotFound, "{path}");
    }
    for (method, path) in
        [("DELETE", "/api/v1/accounts"), ("POST", "/health"), ("PATCH", "/api/v1/me")]
    {
        let answer = send(zone.request(method, path, &token)).await;
        assert_eq!(answer.code(), Code::MethodNotAllowed, "{method} {path}");
    }
}

#[tokio::test]
async fn a_revoked_person_hands_over_and_does_nothing_else_at_once() {
    let zone = Zone::open().await;
    let (token, administrator) = (zone.token("inspector").await, zone.token("administrator").await);
    let revoke = format!("/api/v1/accounts/{}/revoke", zone.person("inspector").id);
    let body = Revoke { from: MORNING, reason: "调离".to_owned() };
    assert_eq!(zone.post(&revoke, &administrator, &body).await.status, 200);
    for row in http::matrix() {
        let may = row.access.allows(Some(Role::Inspector));
        if row.access == Access::Public || !may {
            continue;
        }
        let expected = (!row.handover).then_some(Code::AccountDisabled);
        let fresh = match row.path {
            SIGN_OUT => zone.token("inspector").await,
            _ => token.clone(),
        };
        assert_eq!(guarded(&zone, row.method, row.path, &fresh).await, expected, "{row:?}");
    }
    let handed_over: Vec<_> =
        http::matrix().iter().filter(|it| it.handover).map(|it| it.path).collect();
    let expected = [
        "/api/v1/me",
        "/api/v1/session/end",
        "/api/v1/password",
        "/sync/v1/exchange",
        "/sync/v1/blobs/{hash}",
    ];
    assert_eq!(handed_over, expected);
}
