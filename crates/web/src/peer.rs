//! Whose request it is: the address behind the proxies that we trust, and whether it is one of Ozon's.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Networks that the configuration names.
#[derive(Clone, Debug)]
pub struct Networks {
    /// Push messages are taken from these only; empty: from anywhere.
    pub push: Vec<IpNet>,
    /// Proxies that are believed about whom they speak for.
    pub proxies: Vec<IpNet>,
}

impl Default for Networks {
    /// Messages from anywhere; only a proxy on this very machine is believed.
    fn default() -> Self {
        let loopback = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        let widths = [8, 128];
        let proxies = loopback.into_iter().zip(widths).filter_map(|(at, width)| IpNet::new(at, width).ok());
        Self { push: Vec::new(), proxies: proxies.collect() }
    }
}

impl Networks {
    /// The address that a request comes from. What `X-Forwarded-For` says is believed from the right, as far as trusted
    /// proxies wrote it.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = canonical(peer);
        let told = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let mut hops: Vec<&str> = told.flat_map(|list| list.split(',')).collect();
        while self.proxies.iter().any(|network| network.contains(&client)) {
            match hops.pop().and_then(|hop| hop.trim().parse::<IpAddr>().ok()) {
                Some(before) => client = canonical(before),
                None => break,
            }
        }
        client
    }

    /// Whether push messages may come from there.
    pub fn may_push(&self, client: IpAddr) -> bool {
        self.push.is_empty() || self.push.iter().any(|network| network.contains(&client))
    }
}

/// An IPv4 address is one, however it is written.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn at(text: &str) -> IpAddr {
        text.parse().expect("a literal address")
    }

    fn forwarded(text: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(text));
        headers
    }

    fn ozons() -> Networks {
        let push = ["195.34.21.0/24", "185.73.192.0/22"].map(|n| n.parse().expect("a literal network"));
        Networks { push: push.into(), ..Networks::default() }
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_nobody_else() {
        let networks = ozons();
        assert_eq!(networks.client(at("127.0.0.1"), &forwarded("195.34.21.9")), at("195.34.21.9"));
        assert_eq!(networks.client(at("::ffff:127.0.0.1"), &forwarded("195.34.21.9")), at("195.34.21.9"));
        assert_eq!(networks.client(at("8.8.8.8"), &forwarded("195.34.21.9")), at("8.8.8.8"));
        // What the sender wrote itself stands to the left of what the proxy added.
        assert_eq!(networks.client(at("127.0.0.1"), &forwarded("195.34.21.9, 8.8.8.8")), at("8.8.8.8"));
        assert_eq!(networks.client(at("127.0.0.1"), &forwarded("nonsense")), at("127.0.0.1"));
    }

    #[test]
    fn only_the_configured_networks_may_push() {
        let networks = ozons();
        assert!(networks.may_push(at("195.34.21.9")) && networks.may_push(at("185.73.195.255")));
        assert!(!networks.may_push(at("185.73.196.0")) && !networks.may_push(at("::1")));
        assert!(Networks::default().may_push(at("8.8.8.8")));
    }
}
