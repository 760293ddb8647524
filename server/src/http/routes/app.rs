//! The files of the app, as they were built. They are the same for everyone and say nothing of anyone.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use sync_core::refusal::{Code, Refusal};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::http::problem::Problem;
use crate::state::App;

/// Scripts and WebAssembly of this server alone, pictures that the page made itself.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";
/// Files under this folder have names that change with their content.
const NAMED_BY_CONTENT: &str = "assets/";

/// `GET /`: the app where there is one, or the description of the interface.
pub async fn front(State(app): State<App>) -> Redirect {
    Redirect::temporary(if app.app.is_some() { "/app/" } else { "/docs" })
}

/// `GET /app/`
pub async fn index(State(app): State<App>, request: Request) -> Response {
    give(&app, "index.html", request).await
}

/// `GET /app/{*file}`
pub async fn file(State(app): State<App>, Path(name): Path<String>, request: Request) -> Response {
    give(&app, &name, request).await
}

async fn give(app: &App, name: &str, mut request: Request) -> Response {
    let missing = || Problem(Refusal::new(Code::NotFound)).into_response();
    let (Some(folder), Ok(uri)) = (&app.app, format!("/{name}").parse::<Uri>()) else {
        return missing();
    };
    *request.uri_mut() = uri;
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(answer) = files.oneshot(request).await;
    if answer.status().as_u16() == 404 {
        return missing();
    }
    let mut answer = answer.map(axum::body::Body::new);
    let keep = if name.starts_with(NAMED_BY_CONTENT) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answer
}
