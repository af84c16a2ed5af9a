//! What is written in the configuration: addresses, proxies, and names that nothing reads.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::Findings;
use crate::config::Config;

/// Networks that are not the Internet; a proxy outside them is rarely one's own.
const PRIVATE: [&str; 7] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
];
/// Domains at which Ozon answers.
const OZON: &str = "ozon.ru";

pub(super) fn look(config: &Config, findings: &mut Findings) {
    let before = findings.problems;
    for name in &config.strangers {
        findings.problem(format!(
            "the variable {name} is none of ours and changes nothing; correct its name or remove it"
        ));
    }
    for network in &config.networks.proxies {
        if is_too_wide(network) {
            findings.problem(format!(
                "trusted_proxies has {network}, so strangers can name any address as theirs; name your proxy alone"
            ));
        }
    }
    for url in &config.api_urls {
        if let Some(what) = fault_of_api(url) {
            findings.problem(format!("api_urls has {url}: {what}"));
        }
    }
    if let Some(at) = config.metrics_listen.filter(|at| is_public(at.ip())) {
        findings.problem(format!(
            "metrics_listen is {at}, an address of the Internet; figures are told there without a password, so choose an inner one"
        ));
    }
    match &config.public_url {
        Some(url) if url.scheme() == "http" && !is_this_machine(url) => findings.problem(format!(
            "public_url {url} is not https: passwords would cross the network in the clear; put a proxy with https before the panel"
        )),
        None if !config.listen.ip().is_loopback() => findings.problem(
            "public_url is not set, although the panel is open to the network; set it to the https address of your proxy",
        ),
        _ if findings.problems == before => findings.fine("the configuration holds together"),
        _ => {}
    }
    findings.fine(format!("the panel listens on {}", config.listen));
    findings.fine(format!("the shop's time zone is {}", config.time_zone));
}

/// Whether the panel is meant for others than this machine.
pub(super) fn is_open(config: &Config) -> bool {
    !config.listen.ip().is_loopback() || config.public_url.as_ref().is_some_and(|url| !is_this_machine(url))
}

/// What is wrong with an address to which Api-Keys are sent.
pub(super) fn fault_of_api(url: &str) -> Option<&'static str> {
    let url = Url::parse(url).ok()?;
    if is_this_machine(&url) {
        return None;
    }
    if url.scheme() != "https" {
        return Some("it is not https, so Api-Keys would cross the network in the clear; use https");
    }
    let is_ozons = url.domain().is_some_and(|name| name == OZON || name.ends_with(&format!(".{OZON}")));
    (!is_ozons)
        .then_some("it is not Ozon's, and Api-Keys would be sent there; use https://api-seller.ozon.ru")
}

/// Whether an address is this very machine, as of a simulator.
pub(super) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(at)) => at.is_loopback(),
        Some(Host::Ipv6(at)) => at.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn private() -> impl Iterator<Item = IpNet> {
    PRIVATE.iter().filter_map(|text| text.parse().ok())
}

/// One address may be anywhere; a network must be inside a private one.
fn is_too_wide(network: &IpNet) -> bool {
    network.prefix_len() < network.max_prefix_len() && !private().any(|inner| inner.contains(network))
}

fn is_public(at: IpAddr) -> bool {
    !at.is_unspecified() && !private().any(|inner| inner.contains(&at)) && !at.is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(toml: &str) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("vygruzka.toml");
        std::fs::write(&file, toml).expect("is written");
        let config = Config::read(Some(&file)).expect("it can be read");
        let mut findings = Findings::default();
        look(&config, &mut findings);
        findings.said.retain(|line| line.starts_with("PROBLEM"));
        findings.said
    }

    #[test]
    fn the_defaults_are_fine() {
        assert_eq!(said(""), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_is_wrong_is_named_and_told_what_to_do() {
        for (toml, key, advice) in [
            ("public_url = 'http://shop.example.ru'", "public_url", "https"),
            ("listen = '0.0.0.0:8080'", "public_url is not set", "proxy"),
            ("trusted_proxies = ['0.0.0.0/0']", "0.0.0.0/0", "name your proxy"),
            ("trusted_proxies = ['8.8.0.0/16']", "8.8.0.0/16", "name your proxy"),
            ("api_urls = ['http://api-seller.ozon.ru']", "not https", "use https"),
            ("api_urls = ['https://api-seller.ozon.ru.example.com']", "not Ozon's", "api-seller.ozon.ru"),
            ("metrics_listen = '8.8.8.8:9464'", "metrics_listen", "inner"),
        ] {
            let said = said(toml);
            assert_eq!(said.len(), 1, "{toml}: {said:?}");
            assert!(said[0].contains(key) && said[0].contains(advice), "{toml}: {said:?}");
        }
    }

    #[test]
    fn what_is_right_is_not_blamed() {
        for toml in [
            "trusted_proxies = ['10.0.0.0/8', '203.0.113.7', '::1/128']",
            "api_urls = ['http://127.0.0.1:8090', 'https://api-seller.ozon.ru']",
            "listen = '0.0.0.0:8080'\npublic_url = 'https://shop.example.ru'",
            "metrics_listen = '0.0.0.0:9464'",
        ] {
            assert_eq!(said(toml), Vec::<String>::new(), "{toml}");
        }
    }
}
