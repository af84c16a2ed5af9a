//! Owns a receiver of push messages for the tests: answers as it is told and keeps what came.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// How everything but pings is answered.
#[derive(Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
    pub delay: Duration,
}

impl Reply {
    pub fn good() -> Self {
        Self::json(200, &json!({"result": true}))
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, content_type: "application/json", body: body.to_string(), delay: Duration::ZERO }
    }
}

#[derive(Clone)]
struct Shared {
    received: Arc<Mutex<Vec<Value>>>,
    reply: Arc<Mutex<Reply>>,
    ping_reply: Arc<Mutex<Reply>>,
}

pub struct Receiver {
    pub address: SocketAddr,
    shared: Shared,
    task: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    assert_eq!(headers["content-type"], "application/json");
    let message: Value = serde_json::from_str(&body).unwrap();
    let is_ping = message["message_type"] == "TYPE_PING";
    shared.received.lock().unwrap().push(message);
    let reply = if is_ping { &shared.ping_reply } else { &shared.reply };
    let reply = reply.lock().unwrap().clone();
    tokio::time::sleep(reply.delay).await;
    (StatusCode::from_u16(reply.status).unwrap(), [("content-type", reply.content_type)], reply.body)
}

impl Receiver {
    pub async fn start() -> Self {
        let ping = json!({"version": "1.0", "name": "Desk", "time": "2026-11-23T12:00:00Z"});
        let shared = Shared {
            received: Arc::default(),
            reply: Arc::new(Mutex::new(Reply::good())),
            ping_reply: Arc::new(Mutex::new(Reply::json(200, &ping))),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(receive).with_state(shared.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, shared, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}/push/a-token", self.address)
    }

    pub fn reply(&self, reply: Reply) {
        *self.shared.reply.lock().unwrap() = reply;
    }

    pub fn reply_to_ping(&self, reply: Reply) {
        *self.shared.ping_reply.lock().unwrap() = reply;
    }

    pub fn received(&self) -> Vec<Value> {
        self.shared.received.lock().unwrap().clone()
    }

    pub fn types(&self) -> Vec<String> {
        self.received().iter().map(|m| m["message_type"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until so many messages have come.
    pub async fn count(&self, count: usize) {
        until(|| self.received().len() >= count).await;
        assert_eq!(self.received().len(), count);
    }
}

/// Waits in real time for what happens in the background.
pub async fn until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "it does not come");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Long enough for the sender to look several times.
pub async fn a_while() {
    tokio::time::sleep(Duration::from_millis(120)).await;
}
