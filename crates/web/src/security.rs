//! What protects every answer: headers, the size of requests, and the refusal of requests from other sites.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::observe;
use crate::panel::faults;
use crate::state::{AppState, WebConfig};

/// The most that a request of the panel may hold, bytes.
const LARGEST_REQUEST: usize = 1024 * 1024;

/// The longest time that a request's body may take to arrive.
const LONGEST_REQUEST: Duration = Duration::from_mins(1);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// Protects the panel's pages; every refusal becomes a page in words.
pub(crate) fn for_people(pages: Router<AppState>, state: &AppState) -> Router<AppState> {
    pages
        .layer(RequestBodyLimitLayer::new(LARGEST_REQUEST))
        .layer(csrf(&state.config))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), faults::in_words))
}

/// Puts the headers on everything and compresses what gains from it.
pub(crate) fn for_all(site: Router<AppState>, state: &AppState) -> Router<AppState> {
    site.layer(RequestBodyDeadlineLayer::new(LONGEST_REQUEST))
        .layer(middleware::from_fn_with_state(state.clone(), headers))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(observe::requests))
}

/// Requests that change something must come from our own pages (by `Sec-Fetch-Site`, else `Origin`).
fn csrf(config: &WebConfig) -> CsrfLayer {
    let layer = CsrfLayer::new();
    let Some(url) = &config.public_url else { return layer };
    // A proxy may hand on another Host; the public address is ours in any case.
    match layer.clone().add_trusted_origin(url.origin().ascii_serialization()) {
        Ok(trusting) => trusting,
        Err(error) => {
            tracing::warn!("the public address {url} cannot be an origin: {error}");
            layer
        }
    }
}

async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    set(header::CACHE_CONTROL, "no-store");
    if state.readiness.is_draining() {
        set(header::CONNECTION, "close");
    }
    if state.config.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    answer
}
