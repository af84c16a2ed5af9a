//! What every request handler is given: the store, the desk that acts, and the server's configuration.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::Semaphore;
use url::Url;

use crate::health::Readiness;
use crate::mail_servers::MailServers;
use crate::panel::live::hub::Hub;
use crate::panel::throttle::SignInThrottle;
use crate::peer::Networks;

/// More exports at once would leave too few connections to the database for everything else.
pub(crate) const EXPORTS: usize = 4;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Orders on disk.
    pub store: storage::Store,
    /// What loads, checks cabinets and makes orders of postings.
    pub desk: sync::Desk,
    /// How this server is set up.
    pub config: Arc<WebConfig>,
    /// Remembers failed sign-ins.
    pub(crate) throttle: Arc<SignInThrottle>,
    /// Files of orders that may be made at once: each reads for as long as there are orders.
    pub(crate) exports: Arc<Semaphore>,
    /// Pages that stand open and are told what changes.
    pub(crate) hub: Hub,
    /// Whether this process wants new requests.
    pub(crate) readiness: Readiness,
}

/// How this server is set up.
#[derive(Clone)]
pub struct WebConfig {
    /// The address at which people reach the panel; with https the session cookie is `Secure`.
    pub public_url: Option<Url>,
    /// The API addresses that a cabinet may be given in the panel and over REST; the first is the default.
    pub api_urls: Vec<String>,
    /// The mail servers that may be set up in the panel and over REST.
    pub mail_servers: MailServers,
    /// The shop's time zone.
    pub time_zone: Tz,
    /// Whose push messages are taken, and which proxies are believed.
    pub networks: Networks,
    /// Vygruzka's version.
    pub version: &'static str,
    /// Set in a demonstration: the sign-in page then shows these.
    pub demo: Option<Demo>,
}

impl WebConfig {
    /// People reach the panel over https, so cookies are for https alone.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

/// The account of a demonstration, shown on its sign-in page.
#[derive(Clone)]
pub struct Demo {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(store: storage::Store, desk: sync::Desk, config: WebConfig) -> Self {
        Self {
            store,
            desk,
            config: Arc::new(config),
            throttle: Arc::default(),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            hub: Hub::default(),
            readiness: Readiness::default(),
        }
    }

    /// From now on `/readyz` sends whoever asks it elsewhere, and no connection is kept for another request; requests that
    /// come all the same are answered.
    pub fn begin_to_drain(&self) {
        self.readiness.begin_to_drain();
    }

    /// The time now, by the desk's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.desk.now()
    }
}
