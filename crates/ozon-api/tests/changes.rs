//! Calls that change something at Ozon are never repeated where Ozon may have taken them.

mod wire;

use std::time::{Duration, Instant};

use ozon_api::methods::{
    ApproveCancellation, Batch, DeleteNotificationUrl, EnableNotificationUrl, GetRoles, Method,
    MoveToDelivered, MoveToDelivering, MoveToLastMile, RejectCancellation, SetNotificationUrl,
    SetTrackingNumbers, TrackingNumber, UpdateNotificationUrl,
};
use ozon_api::{Broken, Client, ClientOptions, Credentials, Error, ErrorKind, Limits, PushType, RetryPolicy};
use wire::{Reaction, Server, answer, json};

const TAKEN: &str = r#"{"result":[{"posting_number":"1-1-1","result":true,"error":[]}]}"#;

fn options(base_url: &str) -> ClientOptions {
    ClientOptions {
        base_url: base_url.to_owned(),
        limits: Limits::unlimited(),
        retry: RetryPolicy {
            attempts: 3,
            base: Duration::from_millis(5),
            max: Duration::from_millis(20),
            total: Duration::from_secs(10),
        },
        request_timeout: Duration::from_secs(5),
        ..ClientOptions::default()
    }
}

fn client(options: ClientOptions) -> Client {
    let credentials = Credentials { client_id: "100500".to_owned(), api_key: "key".into() };
    Client::new(&credentials, options).expect("the options are right")
}

fn delivered() -> MoveToDelivered {
    MoveToDelivered { posting_number: Batch::one("1-1-1".to_owned()) }
}

/// The failure of one call, and the requests that arrived.
async fn failure<M: Method>(request: &M, reaction: Reaction, limits: fn(&mut ClientOptions)) -> (Error, usize)
where
    M::Answer: std::fmt::Debug,
{
    let server = Server::start(vec![reaction]).await;
    let mut options = options(&server.base_url);
    limits(&mut options);
    let error = client(options).call(request).await.expect_err("the server never answers properly");
    (error, server.requests().len())
}

#[tokio::test]
async fn a_change_that_ozon_may_have_taken_is_sent_once() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"result\":".to_vec();
    let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n".to_vec();
    let large = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{".to_vec();
    for (reaction, code) in [
        (answer("500 Internal Server Error", "", b"{}"), "outage"),
        (answer("502 Bad Gateway", "", b"<html>502</html>"), "outage"),
        (answer("503 Service Unavailable", "", b""), "outage"),
        (answer("504 Gateway Timeout", "", b""), "outage"),
        (answer("408 Request Timeout", "", b""), "outage"),
        (Reaction::Close, "network"),
        (Reaction::Bytes(b"nonsense\r\n\r\n".to_vec()), "network"),
        (Reaction::Silence(Duration::from_mins(1)), "timeout"),
        (Reaction::Endless(endless, b"1\r\n \r\n".to_vec()), "timeout"),
        (Reaction::Bytes(cut), "broken_answer"),
        (answer("200 OK", "", b""), "broken_answer"),
        (answer("200 OK", "", b"<html>hello</html>"), "broken_answer"),
        (json("{}"), "broken_answer"),
        (json(r#"{"result":[]}"#), "broken_answer"),
        (Reaction::Bytes(large), "answer_too_large"),
    ] {
        let limits = |options: &mut ClientOptions| options.request_timeout = Duration::from_millis(300);
        let (error, requests) = failure(&delivered(), reaction, limits).await;
        assert_eq!((error.code(), requests), (code, 1), "{error}");
        assert!(error.may_have_been_taken(), "{error}");
    }
}

#[tokio::test]
async fn every_changing_method_keeps_to_it() {
    async fn sent_once<M: Method>(request: M)
    where
        M::Answer: std::fmt::Debug,
    {
        let outage = answer("500 Internal Server Error", "", b"{}");
        let (error, requests) = failure(&request, outage, |_| {}).await;
        assert_eq!((error.code(), requests), ("outage", 1), "{}", M::PATH);
    }
    let number = || Batch::one("1-1-1".to_owned());
    let track = TrackingNumber { posting_number: "1-1-1".to_owned(), tracking_number: "RA1".to_owned() };
    let (comment, url) = (String::new(), "https://example.org/push".to_owned());
    sent_once(SetTrackingNumbers { tracking_numbers: Batch::one(track) }).await;
    sent_once(MoveToDelivering { posting_number: number() }).await;
    sent_once(MoveToLastMile { posting_number: number() }).await;
    sent_once(MoveToDelivered { posting_number: number() }).await;
    sent_once(ApproveCancellation { cancellation_id: 1, comment: comment.clone() }).await;
    sent_once(RejectCancellation { cancellation_id: 1, comment }).await;
    sent_once(SetNotificationUrl { url: url.clone(), types: PushType::OF_POSTINGS.to_vec() }).await;
    sent_once(UpdateNotificationUrl { id: 1, url, types: Vec::new() }).await;
    sent_once(EnableNotificationUrl { id: 1, enabled: true }).await;
    sent_once(DeleteNotificationUrl { id: 1 }).await;
}

#[tokio::test]
async fn a_change_that_ozon_refused_was_not_taken() {
    let body = |code: u8, message: &str| format!(r#"{{"code":{code},"message":"{message}"}}"#);
    for (status, body, code) in [
        ("400 Bad Request", body(3, "value must contain between 1 and 20 items"), "rejected"),
        ("409 Conflict", body(6, "exists"), "rejected"),
        ("404 Not Found", body(5, "POSTING_NOT_FOUND"), "not_found"),
        ("404 Not Found", "404 page not found".to_owned(), "method_gone"),
        ("401 Unauthorized", body(16, "Client-Id and Api-Key headers are required"), "key_missing"),
        ("403 Forbidden", body(7, "Invalid Api-Key, please contact support"), "key_invalid"),
        ("403 Forbidden", body(7, "Api-Key is missing a required role for a method"), "role_missing"),
        ("403 Forbidden", body(7, "Api-Key is restricted to specific IP addresses"), "ip_restricted"),
        ("403 Forbidden", body(7, "Offer not signed"), "offer_not_signed"),
        ("429 Too Many Requests", body(8, "slow down"), "rate_limited"),
    ] {
        let (error, requests) = failure(&delivered(), answer(status, "", body.as_bytes()), |_| {}).await;
        assert_eq!((error.code(), requests), (code, 1), "{error}");
        assert!(!error.may_have_been_taken(), "{error}");
    }
}

#[tokio::test]
async fn a_change_without_a_connection_was_not_taken() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let error =
        client(options(&format!("http://{address}"))).call(&delivered()).await.expect_err("nobody is there");
    assert!(matches!(error.kind, ErrorKind::Network { maybe_sent: false, .. }), "{error:?}");
    assert!(!error.may_have_been_taken());
}

#[tokio::test]
async fn a_change_without_a_connection_is_tried_again_until_somebody_is_there() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let late = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Server::start_at(address, vec![json(TAKEN)]).await
    });
    let retry = RetryPolicy {
        attempts: 100,
        base: Duration::from_millis(20),
        max: Duration::from_millis(50),
        total: Duration::from_secs(10),
    };
    let client = client(ClientOptions { retry, ..options(&format!("http://{address}")) });
    let answer = client.call(&delivered()).await.expect("somebody comes");
    assert!(answer.meta.attempts > 1, "{}", answer.meta.attempts);
    assert!(answer.value[0].taken);
    assert_eq!(late.await.expect("it is there").requests().len(), 1);
}

#[tokio::test]
async fn a_change_that_is_too_much_is_given_back_at_once_and_the_method_is_left_alone() {
    let slow_down = answer("429 Too Many Requests", "Retry-After: 2\r\n", b"{}");
    let server = Server::start(vec![slow_down, json(TAKEN)]).await;
    let client = client(options(&server.base_url));
    let begin = Instant::now();
    let error = client.call(&delivered()).await.expect_err("it is too much");
    assert_eq!(error.kind, ErrorKind::RateLimited { retry_after: Some(Duration::from_secs(2)) });
    let error = client.call(&delivered()).await.expect_err("it is still closed");
    assert!(
        matches!(error.kind, ErrorKind::RateLimited { retry_after: Some(wait) } if wait > Duration::from_secs(1)),
        "{error}"
    );
    assert!(!error.may_have_been_taken());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    assert_eq!(server.requests().len(), 1, "the closed method is left alone");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let answer = client.call(&delivered()).await.expect("it is open again");
    assert_eq!(answer.meta.attempts, 1);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_closed_method_closes_no_other() {
    let slow_down = answer("429 Too Many Requests", "Retry-After: 60\r\n", b"{}");
    let server = Server::start(vec![slow_down, json(TAKEN)]).await;
    let client = client(options(&server.base_url));
    client.call(&delivered()).await.expect_err("it is too much");
    let other = MoveToLastMile { posting_number: Batch::one("1-1-1".to_owned()) };
    client.call(&other).await.expect("it is another method");
}

#[tokio::test]
async fn what_was_taken_in_part_is_told_by_the_item() {
    let body = r#"{"result":[
        {"posting_number":"1-1-1","result":true,"error":[]},
        {"posting_number":"1-1-2","result":false,"error":"TRANSITION_IS_NOT_POSSIBLE"}]}"#;
    let server = Server::start(vec![json(body)]).await;
    let request = MoveToDelivering {
        posting_number: Batch::new(vec!["1-1-1".to_owned(), "1-1-2".to_owned()]).expect("two are a batch"),
    };
    let answer = client(options(&server.base_url)).call(&request).await.expect("it is answered");
    let taken: Vec<bool> = answer.value.iter().map(|outcome| outcome.taken).collect();
    assert_eq!(taken, [true, false]);
    let sent = server.requests().remove(0);
    assert!(sent.starts_with("POST /v2/fbs/posting/delivering "), "{sent}");
    assert!(sent.ends_with(r#"{"posting_number":["1-1-1","1-1-2"]}"#), "{sent}");
}

#[tokio::test]
async fn a_reading_call_is_repeated_as_before() {
    let (error, requests) = failure(&GetRoles {}, answer("200 OK", "", b"<html></html>"), |_| {}).await;
    assert_eq!(error.kind, ErrorKind::BrokenAnswer { reason: Broken::NotJson });
    assert_eq!(requests, 3);
}
