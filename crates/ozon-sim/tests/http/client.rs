//! Owns the tests' client: plain HTTP, no knowledge of the answers.

use std::sync::Once;

use ozon_sim::{CabinetSettings, Config, Limits, POSTING_LIST, Running, Simulator};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub const CLIENT_ID: &str = "100500";
pub const API_KEY: &str = "a-key-of-tests";

/// 2026-11-23, noon.
pub const NOW: &str = "2026-11-23T12:00:00Z";

#[expect(clippy::struct_field_names, reason = "they are the headers' names")]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    pub client_id: Option<String>,
    pub api_key: Option<String>,
}

pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl Client {
    pub fn new(simulator: &Running) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        Self {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            base_url: simulator.base_url(),
            client_id: Some(CLIENT_ID.to_owned()),
            api_key: Some(API_KEY.to_owned()),
        }
    }

    pub async fn post_raw(&self, path: &str, body: String) -> Result<Answered, reqwest::Error> {
        let mut request = self
            .http
            .post(format!("{}{path}", self.base_url))
            .header("content-type", "application/json")
            .body(body);
        if let Some(client_id) = &self.client_id {
            request = request.header("Client-Id", client_id);
        }
        if let Some(api_key) = &self.api_key {
            request = request.header("Api-Key", api_key);
        }
        let response = request.send().await?;
        Ok(Answered {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
        })
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answered {
        self.post_raw(path, body.to_string()).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answered {
        let url = format!("{}{path}", self.base_url);
        let response = self.http.get(url).send().await.unwrap();
        Answered {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub async fn delete(&self, path: &str) -> Answered {
        let url = format!("{}{path}", self.base_url);
        let response = self.http.delete(url).send().await.unwrap();
        Answered {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// All pages of a list.
    pub async fn pages(&self, path: &str, request: &Value) -> Vec<Value> {
        let mut request = request.clone();
        let mut pages = Vec::new();
        loop {
            let answered = self.post(path, &request).await;
            assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
            let page = answered.json();
            request["cursor"] = page["cursor"].clone();
            let has_next = page["has_next"].as_bool().unwrap();
            pages.push(page);
            if !has_next {
                return pages;
            }
            assert!(pages.len() < 2_000, "the list has no end");
        }
    }

    /// Numbers of all postings of a list, in its order.
    pub async fn numbers(&self, path: &str, request: &Value) -> Vec<String> {
        numbers(&self.pages(path, request).await)
    }
}

pub fn numbers(pages: &[Value]) -> Vec<String> {
    pages
        .iter()
        .flat_map(|page| page["postings"].as_array().unwrap())
        .map(|posting| posting["posting_number"].as_str().unwrap().to_owned())
        .collect()
}

/// A list of a year up to the tests' now.
pub fn list_request() -> Value {
    json!({"filter": {"since": "2025-11-24T00:00:00Z", "to": NOW}, "limit": 100})
}

pub fn unfulfilled_request() -> Value {
    json!({
        "filter": {"cutoff_from": "2026-06-01T00:00:00Z", "cutoff_to": "2027-03-01T00:00:00Z"},
        "limit": 100,
    })
}

pub fn with_all(mut request: Value) -> Value {
    request["with"] = json!({
        "analytics_data": true, "barcodes": true, "financial_data": true, "legal_info": true,
    });
    request
}

/// A simulator with one empty cabinet, its clock standing at noon, no limits.
pub async fn simulator() -> Running {
    let mut config = Config { limits: Limits::lifted(), ..Config::default() };
    config.clock.at = Some(NOW.parse().unwrap());
    config.clock.frozen = true;
    let simulator = Simulator::start(config).await.unwrap();
    simulator.handle().add_cabinet(CabinetSettings::new(CLIENT_ID, API_KEY));
    simulator
}

/// The first page of the list without anything special.
pub async fn first_page(client: &Client) -> Answered {
    client.post(POSTING_LIST, &list_request()).await
}
