//! The interface's description, for programs and for people.

use axum::Json;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use serde_json::Value;

use crate::http::openapi;

/// `GET /openapi.json`
pub async fn openapi() -> Json<Value> {
    Json(openapi::document())
}

/// `GET /docs`
pub async fn page() -> Html<&'static str> {
    Html(include_str!("../docs/page.html"))
}

/// `GET /docs/page.js`
pub async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../docs/page.js"))
}

/// `GET /docs/page.css`
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../docs/page.css"))
}
