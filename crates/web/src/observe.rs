//! What is told of every request: a span for the log, and figures. Both name the route's template, never the path itself: paths
//! and queries hold secrets and what people look for.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Surrounds a request by its span, counts it, and tells its id in the answer.
pub(crate) async fn requests(request: Request, next: Next) -> Response {
    let method = word(request.method());
    let route = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None => "unmatched".to_owned(),
    };
    let id = format!("{:016x}", rand::random::<u64>());
    let span = tracing::info_span!("request", id, method, route);
    let began = Instant::now();
    let mut answer = next.run(request).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), answer.status().as_u16());
    span.in_scope(|| tracing::debug!(status, milliseconds = took.as_millis(), "answered"));
    metrics::histogram!(
        "vygruzka_http_request_seconds", "method" => method, "route" => route.clone()
    )
    .record(took);
    metrics::counter!(
        "vygruzka_http_requests_total",
        "method" => method, "route" => route, "status" => status.to_string()
    )
    .increment(1);
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

/// A method's name; anybody may invent others, and each would be a series of its own.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
