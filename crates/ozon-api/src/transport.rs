//! One HTTP exchange: a POST out, a bounded body back. Knows neither methods' shapes nor repeats.

use std::error::Error as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::clock::Clock;
use crate::error::{Broken, ErrorKind};
use crate::refusal;

const TRACE_ID: HeaderName = HeaderName::from_static("x-o3-trace-id");
const CLIENT_ID: HeaderName = HeaderName::from_static("client-id");
const API_KEY: HeaderName = HeaderName::from_static("api-key");
const LONGEST_TRACE_ID: usize = 100;

/// Why a client cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The base address is no address, or neither http nor https.
    #[error("the address of the API must begin with http:// or https://")]
    BadBaseUrl,
    /// The Client-Id is empty or cannot stand in a header.
    #[error("the Client-Id is empty or has characters that cannot be sent")]
    BadClientId,
    /// The key is empty or cannot stand in a header.
    #[error("the API key is empty or has characters that cannot be sent")]
    BadApiKey,
    /// TLS could not be set up, for instance because the machine has no root certificates.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(String),
}

/// The two headers that name the account.
#[derive(Clone)]
pub(crate) struct Identity {
    client_id: HeaderValue,
    api_key: HeaderValue,
    secret: SecretString,
}

impl Identity {
    pub(crate) fn new(client_id: &str, api_key: &SecretString) -> Result<Self, SetupError> {
        let client_id = header(client_id).ok_or(SetupError::BadClientId)?;
        let secret = SecretString::from(api_key.expose_secret().trim());
        let mut api_key = header(secret.expose_secret()).ok_or(SetupError::BadApiKey)?;
        api_key.set_sensitive(true);
        Ok(Self { client_id, api_key, secret })
    }

    /// The text without the key, should a server have echoed it.
    pub(crate) fn hide(&self, text: &str) -> String {
        text.replace(self.secret.expose_secret(), "[key]")
    }
}

fn header(text: &str) -> Option<HeaderValue> {
    let text = text.trim();
    let sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    sendable.then(|| HeaderValue::from_str(text).ok()).flatten()
}

/// What the exchange is made with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) connect_timeout: Duration,
    pub(crate) request_timeout: Duration,
    pub(crate) max_answer_bytes: usize,
}

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) trace_id: Option<String>,
    /// What the server's clock said.
    pub(crate) dated: Option<DateTime<Utc>>,
    pub(crate) body: String,
}

/// An exchange that gave no success.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) trace_id: Option<String>,
}

impl From<ErrorKind> for Failure {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, trace_id: None }
    }
}

pub(crate) struct Transport {
    http: reqwest::Client,
    base: String,
    bounds: Bounds,
}

impl Transport {
    pub(crate) fn new(base: &str, user_agent: &str, bounds: Bounds) -> Result<Self, SetupError> {
        let base = Url::parse(base.trim()).map_err(|_| SetupError::BadBaseUrl)?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(SetupError::BadBaseUrl);
        }
        // The program chooses its provider once; a second choice is refused, and that is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(Policy::none())
            // Without it each request waits for a delayed acknowledgement.
            .tcp_nodelay(true)
            .connect_timeout(bounds.connect_timeout)
            .build()
            .map_err(|error| SetupError::Http(root_cause(&error)))?;
        Ok(Self { http, base: base.as_str().trim_end_matches('/').to_owned(), bounds })
    }

    /// Sends the body and reads the answer, all within the time for one request and `remaining`.
    pub(crate) async fn post(
        &self,
        identity: &Identity,
        method: &str,
        body: Vec<u8>,
        remaining: Duration,
        clock: &dyn Clock,
    ) -> Result<Reply, Failure> {
        let limit = self.bounds.request_timeout.min(remaining);
        tokio::time::timeout(limit, self.exchange(identity, method, body, clock))
            .await
            .unwrap_or_else(|_| Err(ErrorKind::Timeout.into()))
    }

    async fn exchange(
        &self,
        identity: &Identity,
        method: &str,
        body: Vec<u8>,
        clock: &dyn Clock,
    ) -> Result<Reply, Failure> {
        let mut response = self
            .http
            .post(format!("{}{method}", self.base))
            .header(CLIENT_ID, identity.client_id.clone())
            .header(API_KEY, identity.api_key.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(body)
            .send()
            .await
            .map_err(|error| of_sending(&error))?;
        let status = response.status();
        let trace_id = text_of(response.headers(), &TRACE_ID)
            .map(|trace| identity.hide(trace).chars().take(LONGEST_TRACE_ID).collect());
        let retry_after = text_of(response.headers(), &RETRY_AFTER)
            .and_then(|header| refusal::retry_after(header, clock.now()));
        let dated = text_of(response.headers(), &DATE)
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
            .map(|date| date.to_utc());
        let body = match self.read(&mut response).await {
            Ok(body) => body,
            // An error is told by its status already; its page may be of any size.
            Err(_) if !status.is_success() => Vec::new(),
            Err(kind) => return Err(Failure { kind, trace_id }),
        };
        // Broken characters in one name must not cost the page.
        let body = String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let kind = if !status.is_success() {
            refusal::classify(status.as_u16(), retry_after, &body, |text| identity.hide(text))
        } else if body.trim().is_empty() {
            ErrorKind::BrokenAnswer { reason: Broken::Empty }
        } else {
            return Ok(Reply { trace_id, dated, body });
        };
        Err(Failure { kind, trace_id })
    }

    /// Reads the body, unpacked, and never more than the bound.
    async fn read(&self, response: &mut reqwest::Response) -> Result<Vec<u8>, ErrorKind> {
        let limit = self.bounds.max_answer_bytes;
        let too_large = ErrorKind::TooLarge { limit };
        let told = response.content_length().unwrap_or(0);
        if told > u64::try_from(limit).unwrap_or(u64::MAX) {
            return Err(too_large);
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > limit => return Err(too_large),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body),
                Err(error) if error.is_timeout() => return Err(ErrorKind::Timeout),
                Err(_) => return Err(ErrorKind::BrokenAnswer { reason: Broken::Cut }),
            }
        }
    }
}

fn of_sending(error: &reqwest::Error) -> ErrorKind {
    if error.is_timeout() {
        return ErrorKind::Timeout;
    }
    ErrorKind::Network { reason: root_cause(error), maybe_sent: !error.is_connect() }
}

/// The innermost cause: the outer ones only say that sending failed.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.source().is_none() {
        return "the request could not be sent".to_owned();
    }
    cause.to_string()
}

fn text_of<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
