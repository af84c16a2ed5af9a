//! Two servers over one PostgreSQL database are restarted one after the other while requests never cease; and what a
//! server does that is told to stop.
#![cfg(unix)]

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream as Plain};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use storage::lists::NamedList;
use support::Vygruzka;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// How often the proxy asks whether an instance is ready; the drain is longer.
const ASKED_EVERY: Duration = Duration::from_millis(100);

/// A server that goes with the test.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(vygruzka: &Vygruzka, address: SocketAddr) -> Self {
        let mut command = vygruzka.command(&["serve", "--listen", &address.to_string()]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Self { child: command.spawn().expect("the binary starts"), address }
    }

    fn signal(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Waits for its end; how it ended and how long that took.
    fn ended(&mut self, patience: Duration) -> (bool, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the process can be asked") {
                return (status.success(), begun.elapsed());
            }
            assert!(begun.elapsed() < patience, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    async fn is_ready_within(&self, patience: Duration) {
        let begun = Instant::now();
        while !is_ready(self.address).await {
            assert!(begun.elapsed() < patience, "it does not get ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port")
}

async fn is_ready(address: SocketAddr) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer.starts_with("HTTP/1.1 200"))
    };
    matches!(tokio::time::timeout(Duration::from_secs(2), asked).await, Ok(Ok(true)))
}

/// A proxy as small as can be: connections go in turn to instances that were ready when last asked, and to the next one
/// where a connection is refused. Nothing is sent twice.
async fn proxy(instances: [SocketAddr; 2]) -> SocketAddr {
    let ready: Arc<[AtomicBool; 2]> = Arc::default();
    for (at, address) in instances.into_iter().enumerate() {
        let ready = Arc::clone(&ready);
        ready[at].store(is_ready(address).await, Ordering::SeqCst);
        tokio::spawn(async move {
            loop {
                ready[at].store(is_ready(address).await, Ordering::SeqCst);
                tokio::time::sleep(ASKED_EVERY).await;
            }
        });
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let turn = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (ready, first) = (Arc::clone(&ready), turn.fetch_add(1, Ordering::SeqCst));
            tokio::spawn(async move {
                for at in [first % 2, (first + 1) % 2] {
                    if !ready[at].load(Ordering::SeqCst) {
                        continue;
                    }
                    if let Ok(mut server) = TcpStream::connect(instances[at]).await {
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

/// Requests one after the other, reading and writing in turn, each over a connection of its own, until told to end.
async fn ask_on(base: String, token: String, who: usize, ended: Arc<AtomicBool>) -> usize {
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().expect("a client");
    let mut answered = 0;
    while !ended.load(Ordering::SeqCst) {
        let request = if answered % 2 == 0 {
            client.get(format!("{base}/api/v1/orders?limit=5"))
        } else {
            let name = format!("Способ {who}-{answered}");
            client
                .post(format!("{base}/api/v1/delivery-methods"))
                .header("content-type", "application/json")
                .body(json!({ "name": name }).to_string())
        };
        let answer = request.bearer_auth(&token).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("request {answered} was lost: {error:?}"));
        let status = answer.status();
        answer.bytes().await.expect("the answer is whole");
        assert!(status.is_success(), "request {answered}: {status}");
        answered += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_loses_no_request() {
    let Some((vygruzka, database, _folder)) = support::on_postgres().await else { return };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let vygruzka = vygruzka.with("VYGRUZKA_DRAIN_SECONDS", "1").with("VYGRUZKA_LOG", "error");
    let token = vygruzka.done(&["token", "add", "программа", "--role", "admin"], "").trim().to_owned();
    let addresses = [free_address(), free_address()];
    let mut servers = addresses.map(|address| Server::start(&vygruzka, address));
    for server in &servers {
        server.is_ready_within(Duration::from_secs(30)).await;
    }
    let base = format!("http://{}", proxy(addresses).await);
    let ended = Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = (0..4)
        .map(|who| tokio::spawn(ask_on(base.clone(), token.clone(), who, Arc::clone(&ended))))
        .collect();

    for server in &mut servers {
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.signal();
        let (in_order, _) = tokio::task::block_in_place(|| server.ended(Duration::from_secs(20)));
        assert!(in_order);
        *server = Server::start(&vygruzka, server.address);
        server.is_ready_within(Duration::from_secs(30)).await;
        tokio::time::sleep(ASKED_EVERY * 3).await;
    }
    ended.store(true, Ordering::SeqCst);
    let mut answered = Vec::new();
    for one in asking {
        answered.push(one.await.expect("no request is lost"));
    }
    println!("answered over two restarts: {answered:?}");
    assert!(answered.iter().all(|many| *many > 20), "{answered:?}");
    let written: usize = answered.iter().map(|many| many / 2).sum();
    let methods = database.store.named(NamedList::DeliveryMethods).await.expect("answers");
    assert_eq!(methods.len(), written + 1, "what was answered is written, once");
}

/// A request that is never whole, so that its connection stays open; the server has begun with it.
fn never_whole(address: SocketAddr) -> Plain {
    let mut stream = Plain::connect(address).expect("the server listens");
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Sec-Fetch-Site: same-origin\r\nContent-Length: 1000\r\n\r\nemail=";
    stream.write_all(head.as_bytes()).expect("is sent");
    std::thread::sleep(Duration::from_millis(300));
    stream
}

async fn started(drain: &str, stop: &str) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().expect("a folder");
    let vygruzka = Vygruzka::on_sqlite(folder.path())
        .with("VYGRUZKA_DRAIN_SECONDS", drain)
        .with("VYGRUZKA_STOP_SECONDS", stop);
    let server = Server::start(&vygruzka, free_address());
    server.is_ready_within(Duration::from_secs(30)).await;
    (folder, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_says_so_at_once_and_answers_until_the_drain_is_over() {
    let (_folder, mut server) = started("2", "30").await;
    server.signal();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!is_ready(server.address).await);
    let mut stream = Plain::connect(server.address).expect("it still listens");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").expect("is sent");
    let mut answer = String::new();
    // It ends by itself, although nobody asked for that.
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    let (in_order, took) = server.ended(Duration::from_secs(10));
    assert!(in_order && took > Duration::from_secs(1), "{took:?}");
    assert!(Plain::connect(server.address).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_ends_holds_the_stop_for_so_long_and_no_longer() {
    let (_folder, mut server) = started("0", "2").await;
    let _held = never_whole(server.address);
    server.signal();
    let (in_order, took) = server.ended(Duration::from_secs(10));
    assert!(in_order && took > Duration::from_millis(1500), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_at_once() {
    for drain in ["0", "60"] {
        let (_folder, mut server) = started(drain, "60").await;
        let _held = never_whole(server.address);
        server.signal();
        std::thread::sleep(Duration::from_millis(500));
        assert!(server.child.try_wait().expect("the process can be asked").is_none());
        server.signal();
        let (in_order, took) = server.ended(Duration::from_secs(10));
        assert!(in_order && took < Duration::from_secs(3), "{took:?}");
    }
}
