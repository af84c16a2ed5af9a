//! The whole site: any request to any address, by anybody. Whatever comes, the server neither panics nor calls it its own fault.
//!
//! The first byte chooses the address, the second who asks and how, then three lines: what stands in the address's places,
//! the query, and the body.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use chrono::{DateTime, Utc};
use domain::posting::{Customer, Details, Product};
use domain::{Currency, Money, OzonStatus, Posting, PostingNumber};
use libfuzzer_sys::fuzz_target;
use storage::intake::{Arrival, Arrived, ShownBy};
use storage::people::Role;
use tower::ServiceExt;

/// A request takes less, but for those that ask Ozon or a mail server and those that hash a password: they are given up, or
/// most of the time would be spent on waiting.
const PATIENCE: Duration = Duration::from_millis(200);

struct Site {
    runtime: tokio::runtime::Runtime,
    router: Router,
    addresses: Vec<String>,
    /// Nobody, a viewer, a manager, an administrator.
    sessions: [String; 4],
    tokens: [String; 4],
    _folder: tempfile::TempDir,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a literal time")
}

fn posting() -> Posting {
    Posting {
        number: PostingNumber::new("98105259411-0854-2").expect("a number"),
        status: OzonStatus::AwaitingPackaging,
        substatus: Some("posting_created".into()),
        products: vec![Product {
            offer_id: "SK-58".into(),
            sku: Some(160_249_683),
            name: "Кружка".into(),
            quantity: 2,
            price: Money { minor: 153_000, currency: Currency::RUB },
            old_price: None,
            customer_price: None,
            weight_grams: None,
            color: None,
        }],
        details: Details { in_process_at: Some(now()), ..Details::default() },
        customer: Some(Customer {
            id: Some(111),
            name: Some("Пётр Ёлкин".into()),
            phone: Some("+79031234567".into()),
            email: None,
            address: None,
        }),
        recipient: None,
        related: None,
    }
}

async fn set_up(folder: &std::path::Path) -> (Router, [String; 4], [String; 4], Vec<String>) {
    let store = storage::Store::open(&storage::Config {
        database_url: format!("sqlite://{}", folder.join("site.db").display()),
        secret_key: None,
        zone: chrono_tz::Europe::Moscow,
    })
    .await
    .expect("a store");
    store.migrate().await.expect("is made");
    let (mut sessions, mut tokens) = ([const { String::new() }; 4], [const { String::new() }; 4]);
    for (at, role) in [Role::Viewer, Role::Manager, Role::Admin].into_iter().enumerate() {
        let user =
            store.add_user(&format!("{at}@example.com"), "no hash", role, now()).await.expect("a user");
        let life = chrono::Duration::days(10_000);
        sessions[at + 1] = store.open_session(user.id, "fuzz", now(), life).await.expect("a session");
        tokens[at + 1] = store.add_token(&format!("fuzz {at}"), role, now()).await.expect("a token").1;
    }
    let cabinet = storage::cabinets::NewCabinet {
        name: "Дом".into(),
        client_id: "836977".into(),
        api_key: "a-key".to_owned().into(),
        api_url: "http://127.0.0.1:9".into(),
    };
    let cabinet = store.add_cabinet(cabinet, now(), "fuzz").await.expect("a cabinet").id;
    let raw = serde_json::to_string(&posting()).expect("plain values");
    let arrived = Arrived { raw, number: posting().number, posting: Ok(posting()) };
    let arrival = Arrival { cabinet, shown_by: ShownBy::List, read_at: now(), postings: vec![arrived] };
    store.take_in(&arrival, now(), false).await.expect("an order");
    let hook = store.hook_secret(cabinet).await.expect("an address for messages");
    let desk = sync::Desk::new(store.clone(), sync::Config::default(), sync::Clock::of(now));
    let config = web::WebConfig {
        public_url: None,
        api_urls: vec!["http://127.0.0.1:9".into()],
        mail_servers: web::MailServers::default(),
        time_zone: chrono_tz::Europe::Moscow,
        networks: web::Networks::default(),
        version: "0.0.0",
        demo: None,
    };
    let router = web::router(web::AppState::new(store, desk, config));
    let request = Request::get("/api/v1/openapi.json").body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let text = to_bytes(answer.into_body(), 10_000_000).await.expect("a specification");
    let specification: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let mut addresses = vec![format!("/hooks/ozon/{hook}"), "/hooks/ozon/{id}".to_owned()];
    // The stream of changes does not end.
    addresses
        .extend(web::fuzzing::addresses().iter().filter(|at| **at != "/live").map(|at| (*at).to_owned()));
    for (path, item) in specification["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            addresses.push(format!("{} /api/v1{path}", method.to_uppercase()));
        }
    }
    (router, sessions, tokens, addresses)
}

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let (router, sessions, tokens, addresses) = runtime.block_on(set_up(folder.path()));
    Site { runtime, router, addresses, sessions, tokens, _folder: folder }
});

/// Fills the places of an address.
fn filled(pattern: &str, with: &str) -> String {
    let mut path = String::new();
    for (at, part) in pattern.split(['{', '}']).enumerate() {
        path.push_str(if at % 2 == 1 { with } else { part });
    }
    path
}

fn request(input: &[u8]) -> Option<Request<Body>> {
    let [which, who, rest @ ..] = input else { return None };
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    let place = std::str::from_utf8(lines.next()?).ok()?;
    let query = std::str::from_utf8(lines.next()?).ok()?;
    let body = lines.next()?.to_vec();
    let address = SITE.addresses[usize::from(*which) % SITE.addresses.len()].as_str();
    let asks = usize::from(who & 3);
    let (method, pattern) =
        address.split_once(' ').unwrap_or((if who & 4 == 0 { "GET" } else { "POST" }, address));
    let path = filled(pattern, if place.is_empty() { "1" } else { place });
    let uri = if query.is_empty() { path } else { format!("{path}?{query}") };
    let kind = match (pattern.starts_with("/api") || pattern.starts_with("/hooks"), who & 8) {
        (true, 0) => "application/json",
        (true, _) => "text/plain",
        (false, 0) => "application/x-www-form-urlencoded",
        (false, _) => "multipart/form-data; boundary=x",
    };
    Request::builder()
        .method(method)
        .uri(uri)
        .header(header::COOKIE, format!("vygruzka_session={}; flash={place}", SITE.sessions[asks]))
        .header(header::AUTHORIZATION, format!("Bearer {}", SITE.tokens[asks]))
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .ok()
}

fuzz_target!(|input: &[u8]| {
    let Some(request) = request(input) else { return };
    let told = format!("{} {}", request.method(), request.uri());
    let asked = async {
        let answer = SITE.router.clone().oneshot(request).await.expect("the site answers");
        let status = answer.status();
        let _ = to_bytes(answer.into_body(), 20_000_000).await;
        status
    };
    let answered = SITE.runtime.block_on(async { tokio::time::timeout(PATIENCE, asked).await });
    if let Ok(status) = answered {
        assert_ne!(status.as_u16(), 500, "{told}");
    }
});
