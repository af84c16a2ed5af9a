//! What every part of a trial knows: the simulator, the cabinets, the shop's statuses, and how servers are asked.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use ozon_sim::Handle;
use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

/// How long a person waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A cabinet on both sides.
#[derive(Clone, Debug)]
pub(crate) struct Cabinet {
    pub(crate) client_id: &'static str,
    pub(crate) name: &'static str,
    /// The store's id.
    pub(crate) id: i64,
    /// The secret of its address for push messages.
    pub(crate) secret: String,
    /// A posting that waits so many hours to be packed must have been seen.
    pub(crate) hours_to_see: i64,
}

/// The shop's statuses that acts move to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statuses {
    pub(crate) in_work: i64,
    pub(crate) sent: i64,
    pub(crate) at_pickup_point: i64,
    pub(crate) delivered: i64,
    pub(crate) cancelled: i64,
}

/// Something of the trial's that can part a sender from its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blow {
    /// A server was killed.
    Kill,
    /// The database fell.
    Fall,
    /// The clock jumped, so that claims and leases were over at once.
    Jump,
}

/// When blows fell, in real time.
#[derive(Debug, Default)]
pub(crate) struct Blows(Vec<(Instant, Blow)>);

impl Blows {
    pub(crate) fn note(&mut self, blow: Blow) {
        self.0.push((Instant::now(), blow));
    }

    /// Whether one fell around a moment: so much before it or after it.
    pub(crate) fn fell(&self, blow: Blow, at: Instant, before: Duration, after: Duration) -> bool {
        let near = |moment: Instant| moment + before >= at && at + after >= moment;
        self.0.iter().any(|(moment, other)| *other == blow && near(*moment))
    }
}

/// The scene.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) sim: Handle,
    pub(crate) cabinets: Vec<Cabinet>,
    pub(crate) statuses: Statuses,
    /// Since then letters tell what happens; simulated time.
    pub(crate) mail_since: DateTime<Utc>,
    pub(crate) servers: Vec<String>,
    pub(crate) token: String,
    pub(crate) http: Client,
}

impl Scene {
    /// A client that carries nothing over from one question to the next: servers come and go.
    pub(crate) fn client() -> Client {
        // The program chooses its provider once; a second choice is refused, and that is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(PATIENCE).build();
        client.expect("a client can be made")
    }

    /// A question with the token, not sent yet.
    pub(crate) fn ask(&self, method: reqwest::Method, server: usize, path: &str) -> RequestBuilder {
        let address = format!("{}/api/v1{path}", self.servers[server]);
        self.http.request(method, address).bearer_auth(&self.token)
    }

    /// What a server answers to a reading; `None` when it does not, or not well.
    pub(crate) async fn read(&self, server: usize, path: &str) -> Option<Value> {
        let answer = self.ask(reqwest::Method::GET, server, path).send().await.ok()?;
        let answer = answer.error_for_status().ok()?.bytes().await.ok()?;
        serde_json::from_slice(&answer).ok()
    }

    pub(crate) fn any_server(&self, chance: &mut StdRng) -> usize {
        chance.random_range(0..self.servers.len())
    }
}

/// One of several, by chance; `None` of none.
pub(crate) fn one<'a, T>(chance: &mut StdRng, of: &'a [T]) -> Option<&'a T> {
    if of.is_empty() { None } else { of.get(chance.random_range(0..of.len())) }
}
