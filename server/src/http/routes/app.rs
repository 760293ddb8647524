//! The files of the app, as they were built. They are the same for everyone and say nothing of anyone.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use sync_core::refusal::{Code, Refusal};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::http::problem::ProblemResponse;
use crate::state::App;

/// Scripts and WebAssembly of this server alone, pictures that the page made itself.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";
/// Files under this folder have names that change with their content.
const NAMED_BY_CONTENT: &str = "assets/";

/// Bytes that a file system takes as the name of a file.
const LONGEST_NAME: usize = 255;

/// `GET /`: the app where there is one, or the description of the interface.
pub async fn front(State(app): State<App>) -> Redirect {
    Redirect::temporary(if app.app.is_some() { "/app/" } else { "/docs" })
}

/// `GET /app/`
pub async fn index(State(app): State<App>, request: Request) -> Response {
    give(&app, "index.html", request).await
}

/// `GET /app/{*file}`. What is not UTF-8 is the name of no file.
pub async fn file(
    State(app): State<App>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    match name {
        Ok(Path(name)) => give(&app, &name, request).await,
        Err(_) => missing(),
    }
}

fn missing() -> Response {
    ProblemResponse(Refusal::new(Code::NotFound)).into_response()
}

async fn give(app: &App, name: &str, mut request: Request) -> Response {
    let (Some(folder), Ok(uri)) = (&app.app, format!("/{name}").parse::<Uri>()) else {
        return missing();
    };
    // The file system would say that it has no room for such a name, which is no fault of the server.
    if name.split('/').any(|part| part.len() > LONGEST_NAME) {
        return missing();
    }
    *request.uri_mut() = uri;
    let mut whole = Request::new(axum::body::Body::empty());
    (*whole.method_mut(), *whole.uri_mut()) = (request.method().clone(), request.uri().clone());
    whole.headers_mut().clone_from(request.headers());
    whole.headers_mut().remove(header::RANGE);
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(mut answer) = files.clone().oneshot(request).await;
    // As with photos: ranges of which a file has none are answered with the whole file.
    if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        let Ok(all) = files.oneshot(whole).await;
        answer = all;
    }
    if answer.status().is_client_error() {
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
