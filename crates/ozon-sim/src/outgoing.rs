//! Owns an answer as it goes over the wire: status, body, headers. Does not know its meaning.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use crate::refusal::Refusal;
use crate::wire::Breaker;

/// What goes back over the wire.
pub(crate) struct Outgoing {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: &'static str,
    /// Seconds for `Retry-After`.
    pub(crate) retry_after: Option<u64>,
    /// For `Ratelimit-Remaining`.
    pub(crate) remaining: Option<u32>,
}

impl Outgoing {
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Self {
        Self { status, body, content_type: "application/json", retry_after: None, remaining: None }
    }

    pub(crate) fn refusal(refusal: &Refusal) -> Self {
        Self {
            retry_after: refusal.retry_after,
            // Ozon sends what is left with a refusal of the limiter too: nothing.
            remaining: refusal.retry_after.map(|_| 0),
            ..Self::json(refusal.http, refusal.body())
        }
    }

    /// `cut`: half of the body under the whole length, then the connection breaks.
    pub(crate) fn respond(self, cut: bool, breaker: Breaker) -> Response {
        let length = self.body.len();
        let body = if cut {
            let half = Bytes::from(self.body).slice(..length / 2);
            let pieces = futures::stream::unfold(Some(half), move |half| {
                let breaker = breaker.clone();
                async move {
                    let Some(half) = half else {
                        // Time for the first half to leave.
                        tokio::time::sleep(Duration::from_millis(30)).await;
                        breaker.break_off();
                        let error = io::Error::from(io::ErrorKind::ConnectionReset);
                        return Some((Err(error), None));
                    };
                    Some((Ok(half), None))
                }
            });
            Body::from_stream(pieces)
        } else {
            Body::from(self.body)
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CONTENT_LENGTH, length.into());
        if let Ok(trace) = HeaderValue::from_str(&format!("{:032x}", rand::random::<u128>())) {
            headers.insert("x-o3-trace-id", trace);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(remaining) = self.remaining {
            headers.insert("ratelimit-remaining", remaining.into());
        }
        response
    }
}
