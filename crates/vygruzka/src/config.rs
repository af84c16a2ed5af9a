//! The configuration: defaults, then a file, then the environment.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use ipnet::IpNet;
use serde::Deserialize;
use storage::SecretKey;
use url::Url;
use web::{MailServers, Networks};

use crate::failure::Failure;
use crate::logging::LogFormat;

/// The defaults, which are the documentation of the keys.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// What the variables of the environment begin with.
pub const PREFIX: &str = "VYGRUZKA_";

/// Every key, in the order of the defaults.
pub const KEYS: &[&str] = &[
    "data_dir",
    "database_url",
    "secret_key",
    "listen",
    "public_url",
    "time_zone",
    "log",
    "log_format",
    "metrics_listen",
    "api_urls",
    "mail_servers",
    "push_networks",
    "trusted_proxies",
    "lease_seconds",
    "drain_seconds",
    "stop_seconds",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    data_dir: PathBuf,
    database_url: String,
    secret_key: String,
    listen: String,
    public_url: String,
    time_zone: String,
    log: String,
    log_format: String,
    metrics_listen: String,
    api_urls: Vec<String>,
    mail_servers: Vec<String>,
    push_networks: Vec<String>,
    trusted_proxies: Vec<String>,
    lease_seconds: u64,
    drain_seconds: u64,
    stop_seconds: u64,
}

/// The configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// See `defaults.toml`.
    pub database_url: String,
    /// See `defaults.toml`.
    pub secret_key: Option<SecretKey>,
    /// See `defaults.toml`.
    pub listen: SocketAddr,
    /// See `defaults.toml`.
    pub public_url: Option<Url>,
    /// See `defaults.toml`.
    pub time_zone: Tz,
    /// See `defaults.toml`.
    pub log: String,
    /// See `defaults.toml`.
    pub log_format: LogFormat,
    /// See `defaults.toml`; `None` is the panel's own address.
    pub metrics_listen: Option<SocketAddr>,
    /// Variables of the environment that begin like ours and are none, by name.
    pub strangers: Vec<String>,
    /// See `defaults.toml`.
    pub api_urls: Vec<String>,
    /// See `defaults.toml`.
    pub mail_servers: MailServers,
    /// See `defaults.toml`: `push_networks` and `trusted_proxies`.
    pub networks: Networks,
    /// See `defaults.toml`.
    pub lease: Duration,
    /// See `defaults.toml`: `drain_seconds` and `stop_seconds`.
    pub stopping: Stopping,
}

/// How the server stops.
#[derive(Clone, Copy, Debug)]
pub struct Stopping {
    /// How long requests are still taken after it was told to end, so that a proxy has time to notice.
    pub drain: Duration,
    /// How long what has begun may then take.
    pub most: Duration,
}

/// A demonstration, or whoever presses Ctrl+C, does not wait.
impl Default for Stopping {
    fn default() -> Self {
        Self { drain: Duration::ZERO, most: Duration::from_secs(10) }
    }
}

impl Config {
    /// Reads it all.
    ///
    /// # Errors
    /// One sentence that names the key and what is allowed.
    pub fn read(file: Option<&Path>) -> Result<Self, Failure> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        let path = file.unwrap_or(Path::new("vygruzka.toml"));
        if file.is_some() || path.is_file() {
            let text = std::fs::read_to_string(path).map_err(|e| {
                Failure::Usage(format!("the configuration file {} cannot be read: {e}", path.display()))
            })?;
            figment = figment.merge(Toml::string(&text));
        }
        let raw: Raw = figment
            .merge(Env::prefixed(PREFIX).only(KEYS))
            .extract()
            .map_err(|e| Failure::Usage(format!("the configuration is wrong: {e}")))?;
        raw.check()
    }
}

impl Raw {
    fn check(self) -> Result<Config, Failure> {
        let wrong = |key: &str, allowed: &str| {
            Failure::Usage(format!("the configuration's `{key}` must be {allowed}"))
        };
        let database_url = if self.database_url.is_empty() {
            format!("sqlite://{}", self.data_dir.join("vygruzka.db").display())
        } else {
            self.database_url
        };
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database_url.starts_with(scheme))
        {
            return Err(wrong(
                "database_url",
                "empty, sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE",
            ));
        }
        let secret_key = match (self.secret_key.is_empty(), SecretKey::from_base64(&self.secret_key)) {
            (true, _) => None,
            (false, Some(key)) => Some(key),
            (false, None) => {
                return Err(wrong("secret_key", "base64 of 32 bytes, as from `openssl rand -base64 32`"));
            }
        };
        let public_url = match (self.public_url.as_str(), Url::parse(&self.public_url)) {
            ("", _) => None,
            (_, Ok(url)) if matches!(url.scheme(), "http" | "https") => Some(url),
            _ => return Err(wrong("public_url", "empty or an http(s) address")),
        };
        let http = |url: &String| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if self.api_urls.is_empty() || !self.api_urls.iter().all(http) {
            return Err(wrong("api_urls", "a list of at least one http(s) address"));
        }
        let mail_servers = MailServers::read(&self.mail_servers).ok_or_else(|| {
            wrong(
                "mail_servers",
                "a list of host names, such as smtp.example.ru or *.example.ru, or networks",
            )
        })?;
        if !(1..=3600).contains(&self.lease_seconds) {
            return Err(wrong("lease_seconds", "a number from 1 to 3600"));
        }
        if self.drain_seconds > 600 {
            return Err(wrong("drain_seconds", "a number from 0 to 600"));
        }
        if !(1..=3600).contains(&self.stop_seconds) {
            return Err(wrong("stop_seconds", "a number from 1 to 3600"));
        }
        let stopping = Stopping {
            drain: Duration::from_secs(self.drain_seconds),
            most: Duration::from_secs(self.stop_seconds),
        };
        let log_format = match self.log_format.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err(wrong("log_format", "text or json")),
        };
        if !crate::logging::is_filter(&self.log) {
            return Err(wrong("log", "error, warn, info, debug, trace, or a filter such as sync=debug,info"));
        }
        let metrics_listen = match self.metrics_listen.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                wrong("metrics_listen", "empty or an address with a port, such as 127.0.0.1:9464")
            })?),
        };
        let networks = Networks {
            push: networks(&self.push_networks)
                .ok_or_else(|| wrong("push_networks", "a list of networks, such as 195.34.21.0/24"))?,
            proxies: networks(&self.trusted_proxies)
                .ok_or_else(|| wrong("trusted_proxies", "a list of networks, such as 10.0.0.0/8"))?,
        };
        Ok(Config {
            listen: self
                .listen
                .parse()
                .map_err(|_| wrong("listen", "an address with a port, such as 127.0.0.1:8080"))?,
            time_zone: self
                .time_zone
                .parse()
                .map_err(|_| wrong("time_zone", "an IANA name, such as Europe/Moscow"))?,
            database_url,
            secret_key,
            public_url,
            log: self.log,
            log_format,
            metrics_listen,
            strangers: strangers(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())),
            api_urls: self.api_urls,
            mail_servers,
            networks,
            lease: Duration::from_secs(self.lease_seconds),
            stopping,
        })
    }
}

/// Names that begin like ours and are none: most likely misspelt. Those of tests are let be.
fn strangers(names: impl Iterator<Item = String>) -> Vec<String> {
    let is_strange = |name: &String| {
        let key = name.strip_prefix(PREFIX).map(str::to_lowercase);
        key.is_some_and(|key| !KEYS.contains(&key.as_str()) && !key.starts_with("test_"))
    };
    let mut found: Vec<String> = names.filter(is_strange).collect();
    found.sort();
    found
}

/// Networks, or single addresses.
fn networks(texts: &[String]) -> Option<Vec<IpNet>> {
    let read = |text: &String| text.parse().ok().or_else(|| text.parse().ok().map(|at: IpAddr| at.into()));
    texts.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(toml: &str) -> Result<Config, Failure> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("vygruzka.toml");
        std::fs::write(&file, toml).expect("the file can be written");
        Config::read(Some(&file))
    }

    #[test]
    fn the_defaults_alone_are_a_configuration() {
        let config = with("").expect("the defaults are right");
        assert_eq!(config.database_url, "sqlite://data/vygruzka.db");
        assert_eq!(config.time_zone, chrono_tz::Europe::Moscow);
    }

    #[test]
    fn a_wrong_value_is_named_with_what_is_allowed() {
        for (toml, key) in [
            ("time_zone = 'Mars'", "time_zone"),
            ("listen = 'here'", "listen"),
            ("secret_key = 'short'", "secret_key"),
            ("database_url = 'mysql://x'", "database_url"),
            ("api_urls = []", "api_urls"),
            ("mail_servers = ['smtp.example.ru:25']", "mail_servers"),
            ("push_networks = ['Ozon']", "push_networks"),
            ("trusted_proxies = ['10.0.0.0/99']", "trusted_proxies"),
            ("drain_seconds = 601", "drain_seconds"),
            ("stop_seconds = 0", "stop_seconds"),
            ("log_format = 'xml'", "log_format"),
            ("log = 'sync=loud'", "log"),
            ("metrics_listen = 'there'", "metrics_listen"),
            ("colour = 'blue'", "colour"),
        ] {
            let said = with(toml).expect_err("it is wrong").to_string();
            assert!(said.contains(key), "{said}");
            assert!(!said.contains("short"), "a secret must not be repeated: {said}");
        }
    }

    #[test]
    fn a_variable_that_is_none_of_ours_is_named() {
        let names = ["VYGRUZKA_LOG", "VYGRUZKA_LISTENS", "VYGRUZKA_TEST_POSTGRES", "PATH"].map(str::to_owned);
        assert_eq!(strangers(names.into_iter()), ["VYGRUZKA_LISTENS"]);
    }
}
