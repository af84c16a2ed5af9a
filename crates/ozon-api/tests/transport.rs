//! The client against servers that misbehave below the level of Ozon's answers.

mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::DateTime;
use ozon_api::methods::{GetPosting, GetRoles, ListCancellationRequests, ListPostings, Roles};
use ozon_api::{
    Answer, Broken, Client, ClientOptions, Credentials, Error, ErrorKind, Limits, RetryPolicy, SetupError,
};
use wire::{Reaction, Server, answer, json};

const KEY: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const ROLES: &str = r#"{"expires_at":"2027-01-01T00:00:00Z","roles":[]}"#;

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

fn credentials() -> Credentials {
    Credentials { client_id: "100500".to_owned(), api_key: KEY.into() }
}

fn client(options: ClientOptions) -> Client {
    Client::new(&credentials(), options).expect("the options are right")
}

async fn roles(server: &Server) -> Result<Answer<Roles>, Error> {
    client(options(&server.base_url)).call(&GetRoles {}).await
}

async fn refusal(script: Vec<Reaction>) -> (Error, usize) {
    let server = Server::start(script).await;
    let error = roles(&server).await.expect_err("the server never answers properly");
    (error, server.requests().len())
}

#[tokio::test]
async fn a_request_bears_the_account_the_key_and_a_json_body() {
    let server = Server::start(vec![json(ROLES)]).await;
    roles(&server).await.expect("it is answered");
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").expect("a head and a body");
    let head = head.to_lowercase();
    assert!(head.starts_with("post /v1/roles http/1.1"), "{head}");
    assert!(head.contains("client-id: 100500"), "{head}");
    assert!(head.contains(&format!("api-key: {KEY}")), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(head.contains(concat!("user-agent: vygruzka/", env!("CARGO_PKG_VERSION"))), "{head}");
    assert!(head.contains("accept-encoding: gzip"), "{head}");
    assert_eq!(body, "{}");
}

#[tokio::test]
async fn the_time_of_ozons_clock_is_told_where_it_is_one() {
    let at = "Date: Mon, 23 Nov 2026 08:00:00 GMT\r\n";
    let server = Server::start(vec![
        answer("200 OK", at, ROLES.as_bytes()),
        answer("200 OK", "Date: soon\r\n", ROLES.as_bytes()),
        json(ROLES),
    ])
    .await;
    let dated = roles(&server).await.expect("it is answered").meta.dated;
    assert_eq!(dated.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-23T08:00:00+00:00"));
    assert_eq!(roles(&server).await.expect("it is answered").meta.dated, None);
    assert_eq!(roles(&server).await.expect("it is answered").meta.dated, None);
}

#[tokio::test]
async fn a_base_address_with_a_path_is_kept() {
    let server = Server::start(vec![json(ROLES)]).await;
    let client = client(options(&format!("{}/proxy/", server.base_url)));
    client.call(&GetRoles {}).await.expect("it is answered");
    assert!(server.requests()[0].starts_with("POST /proxy/v1/roles "));
}

#[tokio::test]
async fn an_outage_is_outlived() {
    let server =
        Server::start(vec![answer("502 Bad Gateway", "", b"<html>502</html>"), Reaction::Close, json(ROLES)])
            .await;
    let answer = roles(&server).await.expect("the third attempt is answered");
    assert_eq!(answer.meta.attempts, 3);
    assert!(answer.value.expires_at.is_some());
}

#[tokio::test]
async fn what_is_wrong_below_the_answers_is_told_apart_after_all_attempts() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"expires_at\":".to_vec();
    let cut_chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"exp".to_vec();
    let broken = |reason| ErrorKind::BrokenAnswer { reason };
    for (reaction, kind) in [
        (answer("200 OK", "", b""), broken(Broken::Empty)),
        (answer("200 OK", "", b" \n"), broken(Broken::Empty)),
        (answer("204 No Content", "", b""), broken(Broken::Empty)),
        (answer("200 OK", "", b"<html>hello</html>"), broken(Broken::NotJson)),
        (json(r#"{"expires_at":"#), broken(Broken::NotJson)),
        (json("{}"), broken(Broken::MissingList)),
        (Reaction::Bytes(cut), broken(Broken::Cut)),
        (Reaction::Bytes(cut_chunk), broken(Broken::Cut)),
        (answer("500 Internal Server Error", "", b"{}"), ErrorKind::Outage { status: 500 }),
        (answer("503 Service Unavailable", "", b""), ErrorKind::Outage { status: 503 }),
    ] {
        let (error, attempts) = refusal(vec![reaction]).await;
        assert_eq!(error.kind, kind);
        assert_eq!(attempts, 3, "{error}");
        assert_eq!(error.method, "/v1/roles");
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn a_closed_connection_and_a_missing_server_are_the_network() {
    let (error, attempts) = refusal(vec![Reaction::Close]).await;
    assert_eq!((error.code(), attempts), ("network", 3), "{error}");
    let (error, attempts) = refusal(vec![Reaction::Bytes(b"nonsense\r\n\r\n".to_vec())]).await;
    assert_eq!((error.code(), attempts), ("network", 3), "{error}");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let gone = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let error = client(options(&gone)).call(&GetRoles {}).await.expect_err("nobody is there");
    assert_eq!(error.code(), "network", "{error}");
}

#[tokio::test]
async fn a_slow_answer_is_given_up_in_time() {
    let server = Server::start(vec![Reaction::Silence(Duration::from_mins(1)), json(ROLES)]).await;
    let client =
        client(ClientOptions { request_timeout: Duration::from_millis(200), ..options(&server.base_url) });
    let answer = client.call(&GetRoles {}).await.expect("the second attempt is quick");
    assert_eq!(answer.meta.attempts, 2);
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up_in_time() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n".to_vec();
    let server = Server::start(vec![Reaction::Endless(head, b"1\r\n \r\n".to_vec())]).await;
    let client = client(ClientOptions {
        request_timeout: Duration::from_millis(200),
        retry: RetryPolicy::never(),
        ..options(&server.base_url)
    });
    let error = client.call(&GetRoles {}).await.expect_err("it never ends");
    assert_eq!(error.kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn all_attempts_together_end_in_time() {
    let server = Server::start(vec![Reaction::Silence(Duration::from_mins(1))]).await;
    let client = client(ClientOptions {
        retry: RetryPolicy {
            attempts: 1_000,
            base: Duration::from_millis(1),
            max: Duration::from_millis(50),
            total: Duration::from_millis(700),
        },
        request_timeout: Duration::from_millis(300),
        ..options(&server.base_url)
    });
    let begin = Instant::now();
    let error = client.call(&GetRoles {}).await.expect_err("nobody answers");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(begin.elapsed() < Duration::from_millis(1_500), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn an_answer_larger_than_the_bound_is_not_read_to_its_end() {
    let chunk = [b"1000\r\n".to_vec(), vec![b' '; 0x1000], b"\r\n".to_vec()].concat();
    let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let told = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{".to_vec();
    for reaction in [Reaction::Endless(endless, chunk), Reaction::Bytes(told)] {
        let server = Server::start(vec![reaction]).await;
        let client = client(ClientOptions { max_answer_bytes: 100_000, ..options(&server.base_url) });
        let error = client.call(&GetRoles {}).await.expect_err("it is too large");
        assert_eq!(error.kind, ErrorKind::TooLarge { limit: 100_000 });
        assert_eq!(server.requests().len(), 1, "it would be as large again");
    }
}

/// 200,000 zeros.
fn packed_zeros() -> Vec<u8> {
    let head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\x4a\xeb\x9f\xce\x0c\xfe\x40\x01";
    let tail = b"\xaf\x01\x94\x7d\x23\x36\x40\x0d\x03\x00";
    [&head[..], &[0; 193], tail].concat()
}

/// [`ROLES`].
const PACKED_ROLES: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\xad\x28\xc8\x2c\x4a\x2d\x8e\x4f\x2c\x51\xb2\x52\x32\x32\x30\x32\xd7\x35\x30\x04\xa2\x10\x03\x03\x2b\x30\x8a\x52\xd2\x51\x2a\xca\xcf\x49\x2d\x56\xb2\x8a\x8e\xad\x05\x00\x95\x00\x84\x79\x30\x00\x00\x00";

#[tokio::test]
async fn a_packed_answer_is_read() {
    let server = Server::start(vec![answer("200 OK", "Content-Encoding: gzip\r\n", PACKED_ROLES)]).await;
    let answer = roles(&server).await.expect("it is unpacked");
    assert!(answer.value.expires_at.is_some());
}

#[tokio::test]
async fn the_bound_holds_for_the_unpacked_answer() {
    let server = Server::start(vec![answer("200 OK", "Content-Encoding: gzip\r\n", &packed_zeros())]).await;
    let client = client(ClientOptions { max_answer_bytes: 10_000, ..options(&server.base_url) });
    let error = client.call(&GetRoles {}).await.expect_err("it is too large");
    assert_eq!(error.kind, ErrorKind::TooLarge { limit: 10_000 });
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_here() {
    let elsewhere = Server::start(vec![json(ROLES)]).await;
    let location = format!("Location: {}/v1/roles\r\n", elsewhere.base_url);
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"] {
        let (error, attempts) = refusal(vec![answer(status, &location, b"")]).await;
        assert_eq!(error.kind, ErrorKind::BrokenAnswer { reason: Broken::Redirect });
        assert_eq!(attempts, 1);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn the_key_is_in_no_text_even_where_the_server_echoes_it() {
    let body = format!(r#"{{"code":3,"message":"bad header Api-Key: {KEY}"}}"#);
    let headers = format!("x-o3-trace-id: trace-{KEY}\r\n");
    let (error, attempts) = refusal(vec![answer("400 Bad Request", &headers, body.as_bytes())]).await;
    assert_eq!(error.code(), "rejected");
    assert_eq!(attempts, 1);
    let client = client(options("http://127.0.0.1:1"));
    for text in [
        error.to_string(),
        format!("{error:?}"),
        format!("{client:?}"),
        format!("{:?}", credentials()),
        format!("{:?}", options("http://127.0.0.1:1")),
    ] {
        assert!(!text.contains(KEY), "{text}");
    }
    assert!(error.to_string().contains("bad header"), "{error}");
}

#[tokio::test]
async fn a_refusal_for_good_is_not_repeated_and_keeps_its_trace() {
    let body = br#"{"code":7,"message":"Invalid Api-Key, please contact support","details":[]}"#;
    let (error, attempts) = refusal(vec![answer("403 Forbidden", "x-o3-trace-id: abc123\r\n", body)]).await;
    assert_eq!(error.code(), "key_invalid");
    assert_eq!(attempts, 1);
    assert_eq!(error.trace_id.as_deref(), Some("abc123"));
    assert!(!error.is_transient());
    assert!(error.to_string().ends_with("(/v1/roles, trace abc123)"), "{error}");
}

#[tokio::test]
async fn an_error_page_of_any_size_is_told_by_its_status() {
    let head = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 99999999999\r\n\r\n<".to_vec();
    let (error, _) = refusal(vec![Reaction::Bytes(head)]).await;
    assert_eq!(error.kind, ErrorKind::Outage { status: 502 });
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let server =
        Server::start(vec![answer("429 Too Many Requests", "Retry-After: 1\r\n", b"{}"), json(ROLES)]).await;
    let begin = Instant::now();
    let answer = roles(&server).await.expect("the second attempt is answered");
    assert_eq!(answer.meta.attempts, 2);
    assert!(begin.elapsed() >= Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_the_callers_to_decide() {
    let server = Server::start(vec![answer("429 Too Many Requests", "Retry-After: 300\r\n", b"{}")]).await;
    let client = client(options(&server.base_url));
    let begin = Instant::now();
    let error = client.call(&GetRoles {}).await.expect_err("it is closed");
    assert_eq!(error.kind, ErrorKind::RateLimited { retry_after: Some(Duration::from_mins(5)) });
    let error = client.call(&GetRoles {}).await.expect_err("it is still closed");
    assert!(
        matches!(error.kind, ErrorKind::RateLimited { retry_after: Some(wait) } if wait > Duration::from_secs(290))
    );
    assert_eq!(server.requests().len(), 1, "the closed method is left alone");
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn another_account_is_not_held_up() {
    let server =
        Server::start(vec![answer("429 Too Many Requests", "Retry-After: 300\r\n", b"{}"), json(ROLES)])
            .await;
    let first = client(options(&server.base_url));
    first.call(&GetRoles {}).await.expect_err("it is closed");
    let second = first
        .for_account(&Credentials { client_id: "200".to_owned(), api_key: "other".into() })
        .expect("the credentials are right");
    assert_eq!((first.client_id(), second.client_id()), ("100500", "200"));
    second.call(&GetRoles {}).await.expect("it is another account");
    let request = server.requests().remove(1).to_lowercase();
    assert!(request.contains("client-id: 200") && request.contains("api-key: other"), "{request}");
}

#[tokio::test]
async fn the_answer_is_as_old_as_the_request_of_its_own_attempt() {
    let server = Server::start(vec![
        answer("500 Internal Server Error", "", b""),
        answer("200 OK", "x-o3-trace-id: t2\r\n", ROLES.as_bytes()),
    ])
    .await;
    // Each look at the clock is a second later, with digits beyond the microsecond.
    let second = AtomicI64::new(1_800_000_000);
    let clock = move || {
        DateTime::from_timestamp(second.fetch_add(1, Ordering::Relaxed), 123_456_789).expect("in range")
    };
    let client = client(ClientOptions { clock: Arc::new(clock), ..options(&server.base_url) });
    let answer = client.call(&GetRoles {}).await.expect("the second attempt is answered");
    assert_eq!(answer.meta.trace_id.as_deref(), Some("t2"));
    assert_eq!(answer.meta.attempts, 2);
    assert_eq!(
        answer.meta.requested_at,
        DateTime::from_timestamp(1_800_000_001, 123_456_000).expect("in range")
    );
}

#[tokio::test]
async fn broken_characters_in_a_name_cost_nothing() {
    let body = [
        br#"{"result":{"posting_number":"1-1-1","status":"delivered","products":[],"order_number":""#
            .to_vec(),
        b"\xff\xfe".to_vec(),
        br#""}}"#.to_vec(),
    ]
    .concat();
    let server = Server::start(vec![answer("200 OK", "", &body)]).await;
    let answer = client(options(&server.base_url)).call(&GetPosting::new("1-1-1")).await.expect("it is read");
    assert_eq!(answer.value.decoded.expect("it is a posting").posting_number, "1-1-1");
}

#[tokio::test]
async fn pages_that_go_in_a_circle_are_given_and_then_refused() {
    let page = |cursor: &str| json(&format!(r#"{{"has_next":true,"cursor":"{cursor}","postings":[{{}}]}}"#));
    let now = chrono::Utc::now();
    for (script, given) in
        [(vec![page("a"), page("b"), page("a")], 3), (vec![page("a"), page("a")], 2), (vec![page("")], 1)]
    {
        let server = Server::start(script).await;
        let mut pages = client(options(&server.base_url)).pages(ListPostings::of_period(now, now));
        for _ in 0..given {
            pages.next().await.expect("there is a page").expect("it is whole");
        }
        let error = pages.next().await.expect("it does not just end").expect_err("it goes in a circle");
        assert_eq!(error.kind, ErrorKind::BrokenAnswer { reason: Broken::CursorRepeated });
        assert!(pages.next().await.is_none());
        assert_eq!(server.requests().len(), given);
    }
}

#[tokio::test]
async fn requests_for_cancellation_are_read_to_the_empty_last_page() {
    let page =
        |id: u32, items: &str| json(&format!(r#"{{"result":[{items}],"last_id":{id},"counter":"2"}}"#));
    let one = |id: u32| page(id, &format!(r#"{{"cancellation_id":{id},"posting_number":"1-1-{id}"}}"#));
    let server = Server::start(vec![one(7), one(9), page(9, "")]).await;
    let mut pages = client(options(&server.base_url)).pages(ListCancellationRequests::default());
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        ids.extend(page.expect("it is whole").value.items.iter().map(|request| request.cancellation_id));
    }
    assert_eq!(ids, [7, 9]);
    let sent = server.requests();
    let after: Vec<bool> = sent.iter().map(|request| request.contains("last_id")).collect();
    assert_eq!(after, [false, true, true]);
    assert!(sent[2].contains(r#""last_id":9"#), "{}", sent[2]);
}

#[test]
fn only_usable_addresses_and_credentials_make_a_client() {
    let made = |base_url: &str, client_id: &str, key: &str| {
        let credentials = Credentials { client_id: client_id.to_owned(), api_key: key.into() };
        Client::new(&credentials, options(base_url)).map(|_| ())
    };
    for base_url in ["", "api-seller.ozon.ru", "ftp://host", "file:///etc/passwd", "http://"] {
        assert_eq!(made(base_url, "1", "k"), Err(SetupError::BadBaseUrl), "{base_url}");
    }
    for client_id in ["", " ", "1\r\nHost: x", "один"] {
        assert_eq!(made("http://localhost", client_id, "k"), Err(SetupError::BadClientId), "{client_id:?}");
    }
    for key in ["", "a b", "k\n", "ключ"] {
        let outcome = made("http://localhost", "1", key);
        assert_eq!(outcome, if key == "k\n" { Ok(()) } else { Err(SetupError::BadApiKey) }, "{key:?}");
    }
    assert_eq!(made(ozon_api::BASE_URL, "1", "k"), Ok(()), "TLS can be set up here");
}
