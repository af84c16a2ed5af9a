//! What a handler answers when it cannot do what was asked, and how every refusal becomes a page in words.

use std::io::ErrorKind;

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::routes::Page;
use super::view::fault::FaultPage;
use super::view::{Link, Section};
use super::visitor::Guest;
use crate::state::AppState;

/// Why a page cannot be shown or an act cannot be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// There is no such page, or no such row.
    #[error("not found")]
    NotFound,
    /// The role may not.
    #[error("forbidden")]
    Forbidden,
    /// The address or form makes no sense.
    #[error("bad request")]
    BadRequest,
    /// The store did not do it.
    #[error(transparent)]
    Store(storage::Error),
    /// As many exports as we make at once are under way.
    #[error("too many exports at once")]
    Crowded,
    /// A page could not be written.
    #[error(transparent)]
    Render(#[from] askama::Error),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// A task of ours ended before its time.
    #[error(transparent)]
    Task(#[from] tokio::task::JoinError),
}

impl From<storage::Error> for Fault {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::NotFound => Self::NotFound,
            storage::Error::BadCursor => Self::BadRequest,
            other => Self::Store(other),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Store(storage::Error::Busy | storage::Error::Raced) | Self::Crowded => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Store(storage::Error::Full) => StatusCode::INSUFFICIENT_STORAGE,
            Self::File(error) if error.kind() == ErrorKind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Store(_) | Self::Render(_) | Self::File(_) | Self::Task(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        if status.is_server_error() && !matches!(self, Self::Crowded) {
            tracing::error!("a page could not be served: {self}");
        }
        // The page itself is written by `in_words`, which knows the visitor's language.
        let mut answer = status.into_response();
        if matches!(self, Self::Forbidden) {
            answer.extensions_mut().insert(ByRole);
        }
        if matches!(self, Self::Crowded) {
            answer.extensions_mut().insert(ByExports);
        }
        answer
    }
}

/// Marks a refusal by role, to be told from a request of another site.
#[derive(Clone, Copy)]
struct ByRole;

/// Marks a refusal because of other exports, to be told from a busy database.
#[derive(Clone, Copy)]
struct ByExports;

/// Turns every refusal that has no page of its own into one, in the visitor's language. A page that htmx asked for in
/// the background gets a note at its top instead, and stays as it is.
pub(crate) async fn in_words(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let guest = Guest::from_request_parts(&mut parts, &state).await.unwrap_or_else(|never| match never {});
    let by_htmx = parts.headers.contains_key("hx-request");
    let answer = next.run(Request::from_parts(parts, body)).await;
    let status = answer.status();
    let is_page = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !(status.is_client_error() || status.is_server_error())
        || is_page
        || answer.headers().contains_key("hx-redirect")
    {
        return answer;
    }
    let v = guest.v;
    let key = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "404",
        StatusCode::FORBIDDEN if answer.extensions().get::<ByRole>().is_some() => "403",
        StatusCode::FORBIDDEN => "csrf",
        StatusCode::PAYLOAD_TOO_LARGE => "413",
        StatusCode::SERVICE_UNAVAILABLE if answer.extensions().get::<ByExports>().is_some() => "exports",
        StatusCode::SERVICE_UNAVAILABLE => "503",
        StatusCode::INSUFFICIENT_STORAGE => "507",
        s if s.is_server_error() => "500",
        _ => "400",
    };
    if key == "400" {
        // What axum says about a request it could not read helps only those who build it. What follows the first colon may be
        // what a person typed.
        let told = to_bytes(answer.into_body(), 2000).await.unwrap_or_default();
        let told = String::from_utf8_lossy(&told);
        tracing::debug!(%status, "refused: {}", told.split(':').next().unwrap_or_default());
    }
    let title = v.t(&format!("fault-{key}-title"));
    let text = v.t(&format!("fault-{key}-text"));
    let mut page = if by_htmx {
        (status, Html(format!("<p class=\"flash bad\"><span>{title}. {text}</span></p>"))).into_response()
    } else {
        let page = FaultPage {
            frame: guest.frame(&state, Section::Outside),
            v,
            status: status.as_u16(),
            title,
            text,
            link: Link { href: Page::Orders.to_string(), text: v.t("fault-to-orders") },
        };
        match page.render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(_) => status.into_response(),
        }
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    if by_htmx {
        let headers = page.headers_mut();
        headers.insert("hx-retarget", HeaderValue::from_static("#flash"));
        headers.insert("hx-reswap", HeaderValue::from_static("innerHTML"));
        headers.insert("hx-reselect", HeaderValue::from_static("p"));
    }
    page
}
