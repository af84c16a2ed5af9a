//! Connections: how many at once, how long one may take to say what it wants, and how they end. What is answered is `web`'s.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// Connections at once; further ones wait. A process may usually have 1024 files open.
const CONNECTIONS: usize = 800;
/// The longest time until a request's headers are here, and that a connection stays open without one.
const HEADERS: Duration = Duration::from_secs(20);

/// Serves until `stop`, then lets the requests that have begun end, however long they take.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    serve_within(HEADERS, listener, router, stop).await;
}

async fn serve_within(
    headers: Duration,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let (open, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // Never closed, so a place is always to be had in the end.
            let place = places.clone().acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, watcher) = (router.clone(), open.watcher());
                tokio::spawn(async move {
                    converse(headers, stream, peer, router, watcher).await;
                    drop(place);
                });
            }
            // One that has gone again costs nothing; where we have too many files open, others must end first.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::error!("a connection cannot be taken: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}

/// Answers what comes over one connection.
async fn converse(headers: Duration, stream: TcpStream, peer: SocketAddr, router: Router, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    let answer = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let request: Request = request.map(Body::new);
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(headers)
        .serve_connection(TokioIo::new(stream), answer);
    // What goes wrong is the other side's affair: it has gone, was too slow, or does not speak HTTP.
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!("a connection ended: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;
    use tokio::time::timeout;

    const SHORT: Duration = Duration::from_millis(500);

    async fn started() -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let router = Router::new()
            .route(
                "/",
                get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
            )
            .route("/slow", get(|| async { tokio::time::sleep(Duration::from_millis(300)).await }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, told) = oneshot::channel();
        let serving = tokio::spawn(serve_within(SHORT, listener, router, async { drop(told.await) }));
        (address, stop, serving)
    }

    #[tokio::test]
    async fn whoever_sends_headers_too_slowly_is_cut_off_and_others_are_served() {
        let (address, _stop, _serving) = started().await;
        let mut slow = TcpStream::connect(address).await.expect("connects");
        slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.expect("is sent");
        let mut other = TcpStream::connect(address).await.expect("connects");
        other.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.expect("is sent");
        let mut said = String::new();
        other.read_to_string(&mut said).await.expect("is answered");
        assert!(said.starts_with("HTTP/1.1 200") && said.ends_with("127.0.0.1"), "{said}");

        let ended = timeout(Duration::from_secs(10), slow.read_to_end(&mut Vec::new())).await;
        ended.expect("the connection ends by itself").expect("in order");
    }

    #[tokio::test]
    async fn a_request_that_has_begun_is_answered_though_the_server_stops() {
        let (address, stop, serving) = started().await;
        let mut asks = TcpStream::connect(address).await.expect("connects");
        asks.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("is sent");
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).expect("is told");
        let mut said = String::new();
        asks.read_to_string(&mut said).await.expect("is answered");
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
        timeout(Duration::from_secs(5), serving).await.expect("ends").expect("in order");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}
