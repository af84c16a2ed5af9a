//! The site under test, with a token of each role.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::Value;
use storage::cabinets::{Cabinet, NewCabinet};
use storage::{Role, Store};
use sync::{Clock, Desk};
use web::{AppState, WebConfig};

use crate::shape::Shapes;

/// A running site.
pub struct Site {
    pub desk: Desk,
    base: String,
    client: reqwest::Client,
    secrets: [(Role, String); 3],
    shapes: Arc<Shapes>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Site {
    /// The site over a store, by the machine's clock; `ozon` is the API address that cabinets may have.
    pub async fn start(store: Store, ozon: &str) -> Self {
        Self::start_at(store, ozon, Clock::system()).await
    }

    /// The same by another clock.
    pub async fn start_at(store: Store, ozon: &str, clock: Clock) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let desk = Desk::new(store.clone(), sync::Config::default(), clock);
        let mut secrets = Vec::new();
        for role in [Role::Viewer, Role::Manager, Role::Admin] {
            secrets.push((role, store.add_token(role.word(), role, desk.now()).await.unwrap().1));
        }
        let config = WebConfig {
            public_url: None,
            api_urls: vec![ozon.to_owned(), "http://127.0.0.1:9".to_owned()],
            mail_servers: web::MailServers::default(),
            time_zone: chrono_tz::Europe::Moscow,
            version: "0.0.0",
            networks: web::Networks::default(),
            demo: None,
        };
        let state = AppState::new(store, desk.clone(), config);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let site = web::router(state).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, site).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let specification = client.get(format!("{base}/api/v1/openapi.json")).send().await.unwrap();
        let specification: Value = serde_json::from_str(&specification.text().await.unwrap()).unwrap();
        let shapes = Arc::new(Shapes::of(specification));
        Self { desk, base, client, secrets: secrets.try_into().unwrap(), shapes }
    }

    /// The specification that the site serves.
    pub fn specification(&self) -> &Value {
        self.shapes.specification()
    }

    /// A request to an address under `/api/v1`, not yet sent.
    pub fn request(&self, method: &Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.clone(), format!("{}/api/v1{path}", self.base))
    }

    /// A POST to an address outside the API, not yet sent.
    pub fn raw(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.base)).header("content-type", "application/json")
    }

    /// The whole address of a path.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Posts bytes to an address outside the API.
    pub async fn post_raw(&self, path: &str, body: Vec<u8>) -> reqwest::Response {
        self.raw(path).body(body).send().await.unwrap()
    }

    /// A request with a role's token, not yet sent.
    pub fn as_role(&self, role: Role, method: &Method, path: &str) -> reqwest::RequestBuilder {
        let (_, secret) = self.secrets.iter().find(|(r, _)| *r == role).unwrap();
        self.request(method, path).bearer_auth(secret)
    }

    /// Sends a request and holds the answer against the specification.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, url) = (request.method().clone(), request.url().clone());
        let answer = self.client.execute(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        if status.is_client_error() || status.is_server_error() {
            assert_eq!(kind, "application/problem+json", "{method} {url}: {text}");
            assert_eq!(body["status"], status.as_u16(), "{method} {url}: {text}");
        }
        assert!(
            !status.is_server_error() || status == StatusCode::BAD_GATEWAY,
            "{method} {url}: {status} {text}"
        );
        let path = url.path().strip_prefix("/api/v1").unwrap();
        self.shapes.check(&method, path, status, kind, &body);
        Answer { status, headers, body }
    }

    /// Reads, as the administrator.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.as_role(Role::Admin, &Method::GET, path)).await
    }

    /// Reads with another role.
    pub async fn get_as(&self, role: Role, path: &str) -> Answer {
        self.send(self.as_role(role, &Method::GET, path)).await
    }

    /// Sends JSON, as the administrator.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(json(self.as_role(Role::Admin, &method, path), &body)).await
    }

    /// Sends nothing but the request, as the administrator.
    pub async fn act(&self, method: Method, path: &str) -> Answer {
        self.send(self.as_role(Role::Admin, &method, path)).await
    }

    /// Every row of a list, page by page.
    pub async fn all_pages(&self, path: &str, limit: usize) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut rows = Vec::new();
        let mut address = format!("{path}{joint}limit={limit}");
        loop {
            let page = self.get(&address).await.ok();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit);
            rows.extend(items.iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return rows };
            assert_eq!(items.len(), limit, "a page that is not the last one is full");
            address = format!("{path}{joint}limit={limit}&cursor={next}");
        }
    }
}

impl Answer {
    /// The body of an answer that says yes.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// The body of an answer with this status.
    pub fn with(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The ids of the rows of a list.
    pub fn ids(self) -> Vec<i64> {
        self.ok()["items"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    }
}

/// A request with a JSON body.
pub fn json(request: reqwest::RequestBuilder, body: &Value) -> reqwest::RequestBuilder {
    request.header("content-type", "application/json").body(body.to_string())
}

/// A cabinet, added to the store.
pub async fn cabinet(store: &Store, client_id: &str, api_url: &str, at: DateTime<Utc>) -> Cabinet {
    let new = NewCabinet {
        name: format!("Cabinet {client_id}"),
        client_id: client_id.to_owned(),
        api_key: SecretString::from("a-key-for-tests"),
        api_url: api_url.to_owned(),
    };
    store.add_cabinet(new, at, "a test").await.unwrap()
}

/// An instant of the tests.
pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}
