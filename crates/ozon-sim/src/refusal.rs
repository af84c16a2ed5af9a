//! Owns the error answers in the form of google.rpc.Status. Does not decide when to refuse.

use serde_json::json;

/// An error answer: HTTP status, gRPC code and Ozon's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{http}: {message} (code {code})")]
pub(crate) struct Refusal {
    pub(crate) http: u16,
    pub(crate) code: i32,
    pub(crate) message: String,
    /// Seconds for the `Retry-After` header.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    fn new(http: u16, code: i32, message: impl Into<String>) -> Self {
        Self { http, code, message: message.into(), retry_after: None }
    }

    /// 400, code 3.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, 3, message)
    }

    /// 400, code 9, for what is not in the state that a method needs.
    pub(crate) fn precondition(message: impl Into<String>) -> Self {
        Self::new(400, 9, message)
    }

    /// 409, code 6, for what is there already.
    pub(crate) fn exists(message: impl Into<String>) -> Self {
        Self::new(409, 6, message)
    }

    /// 404, code 5, for what a method did not find.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, 5, message)
    }

    /// 404 for a method that never was or has been switched off.
    pub(crate) fn no_such_method() -> Self {
        Self::new(404, 5, "method is not allowed")
    }

    /// 401, code 16.
    pub(crate) fn no_credentials() -> Self {
        Self::new(401, 16, "Client-Id and Api-Key headers are required")
    }

    /// 403, code 7.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, 7, message)
    }

    /// 413 for a body over the limit; Ozon documents no text for it.
    pub(crate) fn too_large() -> Self {
        Self::new(413, 3, "request body is too large")
    }

    /// 429, code 8, with seconds to wait.
    pub(crate) fn too_many(retry_after: u64) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(429, 8, "You have reached request rate limit per second")
        }
    }

    /// 500, code 13.
    pub(crate) fn internal() -> Self {
        Self::new(500, 13, "internal error")
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        json!({"code": self.code, "message": self.message, "details": []}).to_string().into_bytes()
    }
}
