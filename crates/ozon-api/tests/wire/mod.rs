//! A server that answers with given bytes, for what no proper server would do.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What to do with one request; the last one of a script is repeated.
#[derive(Clone)]
pub enum Reaction {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// The connection is closed without a byte.
    Close,
    /// Nothing, for so long.
    Silence(Duration),
    /// These bytes again and again, until nobody reads.
    Endless(Vec<u8>, Vec<u8>),
}

/// A whole answer with its length.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Reaction {
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    Reaction::Bytes([head.as_bytes(), body].concat())
}

pub fn json(body: &str) -> Reaction {
    answer("200 OK", "Content-Type: application/json\r\n", body.as_bytes())
}

/// The server and the requests that it has seen, head and body.
pub struct Server {
    pub base_url: String,
    seen: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub async fn start(script: Vec<Reaction>) -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), script).await
    }

    /// The server at an address that is known before it is there.
    pub async fn start_at(address: SocketAddr, script: Vec<Reaction>) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, script) = (Arc::clone(&log), script.clone());
                tokio::spawn(async move { serve(stream, &log, &script).await });
            }
        });
        Self { base_url, seen, task }
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(mut stream: TcpStream, log: &Mutex<Vec<String>>, script: &[Reaction]) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let call = {
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(request);
        log.len() - 1
    };
    match script.get(call).or(script.last()) {
        Some(Reaction::Bytes(bytes)) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
        Some(Reaction::Silence(time)) => tokio::time::sleep(*time).await,
        Some(Reaction::Endless(head, piece)) => {
            let _ = stream.write_all(head).await;
            while stream.write_all(piece).await.is_ok() {}
        }
        Some(Reaction::Close) | None => {}
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let told: usize = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .unwrap_or(0);
        if body.len() >= told {
            return Some(text);
        }
    }
}
