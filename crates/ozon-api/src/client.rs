//! Calls methods: pace, attempts, one exchange each, decoding. The shapes are in `methods`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::clock::{Clock, SystemClock, to_the_microsecond};
use crate::error::{Error, ErrorKind};
use crate::limits::{Limiter, Limits};
use crate::methods::Method;
use crate::retry::RetryPolicy;
use crate::transport::{Bounds, Failure, Identity, SetupError, Transport};

/// Ozon's own address.
pub const BASE_URL: &str = "https://api-seller.ozon.ru";

/// What opens a seller's account.
#[derive(Clone)]
pub struct Credentials {
    /// The account's number.
    pub client_id: String,
    /// The key; never printed.
    pub api_key: SecretString,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("api_key", &"[key]")
            .finish()
    }
}

/// How a client behaves.
#[derive(Clone)]
pub struct ClientOptions {
    /// Where the API is; http is for simulators.
    pub base_url: String,
    /// The limiters to share in.
    pub limits: Limits,
    /// How often and how long to repeat.
    pub retry: RetryPolicy,
    /// Tells when a request began.
    pub clock: Arc<dyn Clock>,
    /// Longest time to connect.
    pub connect_timeout: Duration,
    /// Longest time of one attempt, connecting and reading included.
    pub request_timeout: Duration,
    /// Largest answer that is read, unpacked, in bytes.
    pub max_answer_bytes: usize,
    /// How the client names itself.
    pub user_agent: String,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            limits: Limits::shared(),
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            max_answer_bytes: 32 * 1024 * 1024,
            user_agent: concat!("vygruzka/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientOptions")
            .field("base_url", &self.base_url)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// How an answer was come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Ozon's `x-o3-trace-id`.
    pub trace_id: Option<String>,
    /// When the successful attempt's request began, in UTC and whole microseconds: what is true of the answer was true then or later.
    pub requested_at: DateTime<Utc>,
    /// Attempts that it took.
    pub attempts: u32,
    /// The time of the answer by Ozon's clock (its `Date`), in whole seconds.
    pub dated: Option<DateTime<Utc>>,
}

/// What a method answered, and how it was come by.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// How it was come by.
    pub meta: Meta,
}

/// A client of one seller's account. Cheap to clone; clones share connections and pace.
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
    account: Arc<str>,
    identity: Arc<Identity>,
    limits: Limits,
    limiter: Limiter,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("client_id", &self.account).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client; nothing is sent yet.
    ///
    /// # Errors
    /// Where the address, the Client-Id or the key cannot be used, or TLS cannot be set up.
    pub fn new(credentials: &Credentials, options: ClientOptions) -> Result<Self, SetupError> {
        let bounds = Bounds {
            connect_timeout: options.connect_timeout,
            request_timeout: options.request_timeout,
            max_answer_bytes: options.max_answer_bytes,
        };
        let identity = Identity::new(&credentials.client_id, &credentials.api_key)?;
        let transport = Transport::new(&options.base_url, &options.user_agent, bounds)?;
        let client_id = credentials.client_id.trim();
        Ok(Self {
            transport: Arc::new(transport),
            account: client_id.into(),
            identity: Arc::new(identity),
            limiter: options.limits.for_client_id(client_id),
            limits: options.limits,
            retry: options.retry,
            clock: options.clock,
        })
    }

    /// A client of another account over the same connections, with the same options.
    ///
    /// # Errors
    /// Where the Client-Id or the key cannot be used.
    pub fn for_account(&self, credentials: &Credentials) -> Result<Self, SetupError> {
        let client_id = credentials.client_id.trim();
        Ok(Self {
            identity: Arc::new(Identity::new(client_id, &credentials.api_key)?),
            limiter: self.limits.for_client_id(client_id),
            account: client_id.into(),
            ..self.clone()
        })
    }

    /// The account's number.
    pub fn client_id(&self) -> &str {
        &self.account
    }

    /// Calls a method, repeating what may be repeated.
    ///
    /// A call that [changes](Method::CHANGES) something is repeated only where it was never sent, for want of a connection. Any
    /// other failure is given back at once: [`Error::may_have_been_taken`] says whether to look before trying again. A 429 is given
    /// back as well, and so is every later call until the method is open again, so that the caller can do something else meanwhile.
    ///
    /// # Errors
    /// The last attempt's error, once no further attempt is due or its time is over.
    pub async fn call<M: Method>(&self, request: &M) -> Result<Answer<M::Answer>, Error> {
        let body = serde_json::to_vec(request).map_err(|error| {
            of::<M>(
                ErrorKind::Rejected {
                    status: 0,
                    code: None,
                    message: format!("the request cannot be written as JSON: {error}"),
                }
                .into(),
            )
        })?;
        let deadline = Instant::now() + self.retry.total;
        let mut pauses = self.retry.pauses();
        let mut attempt = 0;
        let mut last: Option<Failure> = None;
        loop {
            let closed = self.limiter.closed_for(M::PATH);
            if M::CHANGES && !closed.is_zero() {
                return Err(of::<M>(ErrorKind::RateLimited { retry_after: Some(closed) }.into()));
            }
            if let Err(wait) = self.limiter.ready(M::PATH, deadline).await {
                // Nothing is closed where only too many callers wait for their turn.
                let retry_after = (!wait.is_zero()).then_some(wait);
                let failure = last.unwrap_or_else(|| ErrorKind::RateLimited { retry_after }.into());
                return Err(of::<M>(failure));
            }
            attempt += 1;
            let requested_at = to_the_microsecond(&*self.clock);
            let began = Instant::now();
            let ended = self.attempt::<M>(body.clone(), deadline).await;
            count(
                M::PATH,
                ended.as_ref().map_or_else(|failure| failure.kind.code(), |_| "ok"),
                began.elapsed(),
            );
            let failure = match ended {
                Ok((value, trace_id, dated)) => {
                    tracing::debug!(method = M::PATH, attempt, trace_id, "answered");
                    let meta = Meta { trace_id, requested_at, attempts: attempt, dated };
                    return Ok(Answer { value, meta });
                }
                Err(failure) => failure,
            };
            tracing::warn!(
                method = M::PATH,
                attempt,
                trace_id = failure.trace_id,
                error = failure.kind.code(),
                "{}",
                failure.kind
            );
            if let ErrorKind::RateLimited { retry_after } = failure.kind {
                self.limiter.refused(M::PATH, retry_after);
            }
            let may_be_repeated =
                if M::CHANGES { failure.kind.never_left() } else { failure.kind.is_transient() };
            if !may_be_repeated {
                return Err(of::<M>(failure));
            }
            let Some(pause) = pauses.next() else {
                return Err(of::<M>(failure));
            };
            if Instant::now() + pause >= deadline {
                return Err(of::<M>(failure));
            }
            last = Some(failure);
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt<M: Method>(
        &self,
        body: Vec<u8>,
        deadline: Instant,
    ) -> Result<(M::Answer, Option<String>, Option<DateTime<Utc>>), Failure> {
        let remaining = deadline.saturating_duration_since(Instant::now());
        let reply = self.transport.post(&self.identity, M::PATH, body, remaining, &*self.clock).await?;
        match M::decode(&reply.body) {
            Ok(value) => Ok((value, reply.trace_id, reply.dated)),
            Err(reason) => {
                Err(Failure { kind: ErrorKind::BrokenAnswer { reason }, trace_id: reply.trace_id })
            }
        }
    }
}

/// Counts one attempt. The outcome is `ok` or the error's code.
fn count(method: &'static str, outcome: &'static str, took: Duration) {
    metrics::counter!("vygruzka_ozon_calls_total", "method" => method, "outcome" => outcome).increment(1);
    metrics::histogram!("vygruzka_ozon_call_seconds", "method" => method).record(took);
}

fn of<M: Method>(failure: Failure) -> Error {
    Error { kind: failure.kind, method: M::PATH, trace_id: failure.trace_id }
}
