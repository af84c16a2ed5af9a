//! Owns the sending of push messages over HTTP, in the background of a running simulator. Holds
//! the world only to take what is due and to write down what came of it.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::journal::PushTry;
use super::verdict::{PushFault, Received, judge};
use crate::handle::Handle;

/// How often the queue is looked at, in real time.
const TICK: Duration = Duration::from_millis(20);

/// More of an answer is not read.
const MAX_ANSWER: usize = 64 * 1024;

/// How push messages are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushSettings {
    /// Call any address, not only those of the loopback.
    pub any_address: bool,
    /// Milliseconds of real time that an answer is waited for.
    pub timeout_millis: u64,
}

impl Default for PushSettings {
    fn default() -> Self {
        Self { any_address: false, timeout_millis: 5_000 }
    }
}

/// `None` where the system cannot make one.
pub(crate) fn client() -> Option<Client> {
    // The program chooses its provider once; a second choice is refused, and that is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .http1_only()
        .tcp_nodelay(true)
        // A kept connection would fail after a receiver's restart through no fault of its own.
        .pool_max_idle_per_host(0)
        .build();
    client.inspect_err(|error| tracing::error!(%error, "push messages cannot be sent")).ok()
}

/// Sends what is due until it is stopped.
pub(crate) async fn run(handle: Handle, stop: CancellationToken) {
    handle.resume_pushes();
    let mut sending = JoinSet::new();
    loop {
        for (client_id, delivery) in handle.take_due_pushes() {
            let handle = handle.clone();
            sending.spawn(async move {
                let tried = handle.call(&delivery.url, &delivery.message, delivery.is_ping).await;
                handle.push_tried(&client_id, &delivery, tried);
            });
        }
        let is_idle = sending.is_empty() && !handle.has_push_urls();
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = sending.join_next(), if !sending.is_empty() => {}
            () = tokio::time::sleep(TICK), if !is_idle => {}
            () = handle.url_registered(), if is_idle => {}
        }
    }
}

/// What came back, before it is judged.
struct Answer {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

/// One call of a URL, judged; the virtual time is the caller's to write.
pub(crate) async fn call(
    client: Option<&Client>,
    settings: PushSettings,
    url: &str,
    message: &Value,
    is_ping: bool,
) -> PushTry {
    let start = Instant::now();
    let called = match (client, target(url, settings)) {
        (Some(client), Ok(url)) => post(client, url, message, settings).await,
        (None, _) => Err((PushFault::RequestError, "there is no HTTP client".to_owned())),
        (_, Err(reason)) => Err((PushFault::RequestError, reason.to_owned())),
    };
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let at = chrono::DateTime::UNIX_EPOCH;
    match called {
        Ok(Answer { status, content_type, body }) => {
            let received = Received { status, content_type: &content_type, body: &body };
            let fault = judge(received, is_ping);
            let answer = String::from_utf8_lossy(&body).chars().take(1_000).collect();
            PushTry { at, status: Some(status), answer, millis, fault }
        }
        Err((fault, answer)) => PushTry { at, status: None, answer, millis, fault: Some(fault) },
    }
}

/// The URL, if it may be called.
fn target(url: &str, settings: PushSettings) -> Result<Url, &'static str> {
    let url = Url::parse(url).map_err(|_| "this is no URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("only http and https are called");
    }
    let host = url.host_str().unwrap_or("");
    let is_loopback = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_loopback || settings.any_address {
        Ok(url)
    } else {
        Err("only addresses of the loopback are called")
    }
}

async fn post(
    client: &Client,
    url: Url,
    message: &Value,
    settings: PushSettings,
) -> Result<Answer, (PushFault, String)> {
    let fault = |error: reqwest::Error| {
        let fault = if error.is_timeout() { PushFault::RequestTimeout } else { PushFault::RequestError };
        (fault, error.to_string())
    };
    let request = client
        .post(url)
        .timeout(Duration::from_millis(settings.timeout_millis))
        .header("content-type", "application/json")
        .body(message.to_string());
    let mut response = request.send().await.map_err(fault)?;
    let status = response.status().as_u16();
    let content_type = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    let content_type = content_type.unwrap_or("").to_owned();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(fault)? {
        let room = MAX_ANSWER - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == MAX_ANSWER {
            break;
        }
    }
    Ok(Answer { status, content_type, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loopback_is_called_unless_told_otherwise() {
        let any = PushSettings { any_address: true, ..PushSettings::default() };
        for (url, by_default, when_told) in [
            ("http://127.0.0.1:8080/push", true, true),
            ("https://[::1]/push", true, true),
            ("http://localhost/push", true, true),
            ("http://127.0.0.1.shop.example/push", false, true),
            ("http://192.168.0.7/push", false, true),
            ("https://shop.example/push", false, true),
            ("ftp://127.0.0.1/push", false, false),
            ("push", false, false),
        ] {
            assert_eq!(target(url, PushSettings::default()).is_ok(), by_default, "{url}");
            assert_eq!(target(url, any).is_ok(), when_told, "{url}");
        }
    }
}
