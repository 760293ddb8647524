//! The same through the router.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::{Extension, Router};
use server::http::caller::Caller;
use server::http::routes;
use sync_core::domain::account::{Person, Role};
use sync_core::refusal::Code;
use sync_core::wire::api_office::{HazardPage, QuarantinePage};
use sync_core::wire::codec;
use sync_core::wire::exchange::{Outcome, Response};
use sync_core::wire::problem::Problem;
use tower::ServiceExt as _;

use crate::world::{Hand, MORNING, Zone, plan};

fn router(zone: &Zone, person: &Person) -> Router {
    let caller = Caller { person: person.clone(), now: MORNING };
    routes::office().layer(Extension(caller)).with_state(Arc::clone(&zone.exchange))
}

async fn ask(router: Router, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn post(path: &str, body: Vec<u8>) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/json");
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn an_exchange_travels_packed_and_a_bomb_is_refused() {
    let mut supervisor = Hand::new(1, Role::Supervisor);
    let (one, two) = (Hand::new(2, Role::Inspector), Hand::new(3, Role::Inspector));
    let zone = Zone::new(&[&supervisor, &one, &two]).await;
    let planned = supervisor.state(plan(1, &[&one, &two]), MORNING);
    let body = codec::pack(&supervisor.request(&[planned], Vec::new()));
    let router = router(&zone, &supervisor.person);
    let (status, body) = ask(router.clone(), post("/sync/v1/exchange", body)).await;
    assert_eq!(status, StatusCode::OK);
    let answer: Response = codec::from_slice(&codec::unpack(&body).unwrap()).unwrap();
    assert_eq!(answer.verdicts[0].outcome, Outcome::Accepted);

    let bomb = codec::pack(&minicbor::bytes::ByteVec::from(vec![0; 64 * 1024 * 1024]));
    let (status, body) = ask(router.clone(), post("/sync/v1/exchange", bomb)).await;
    let problem: Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, problem.code), (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge));
    let (status, _) = ask(router, post("/sync/v1/exchange", b"zc\x01 nonsense".to_vec())).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_enterprise_reaches_no_list_and_no_quarantine() {
    let supervisor = Hand::new(1, Role::Supervisor);
    let enterprise = Hand::new(2, Role::Enterprise);
    let zone = Zone::new(&[&supervisor, &enterprise]).await;
    let (desk, outside) = (router(&zone, &supervisor.person), router(&zone, &enterprise.person));
    let visit = crate::world::inspection(1);
    for path in ["/api/v1/hazards", "/api/v1/quarantine", "/api/v1/reports/weekly"] {
        assert_eq!(ask(outside.clone(), get(path)).await.0, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(ask(desk.clone(), get(path)).await.0, StatusCode::OK, "{path}");
    }
    let path = format!("/api/v1/cases/inspection/{visit}");
    assert_eq!(ask(outside, get(&path)).await.0, StatusCode::NOT_FOUND);
    let (_, body) = ask(desk.clone(), get("/api/v1/hazards?overdue=true&limit=3&state=closed")).await;
    assert_eq!(serde_json::from_slice::<HazardPage>(&body).unwrap().total, 0);
    let (_, body) = ask(desk.clone(), get("/api/v1/quarantine?judged=true")).await;
    assert!(serde_json::from_slice::<QuarantinePage>(&body).unwrap().rows.is_empty());
    assert_eq!(ask(desk, get("/api/v1/hazards?colour=red")).await.0, StatusCode::BAD_REQUEST);
}
