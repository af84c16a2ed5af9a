//! Which mail servers may be set up in the panel and over REST: those that the configuration lists. What a name leads to when
//! a letter is sent, only the name's own server decides.

use std::net::IpAddr;

use ipnet::IpNet;

/// The mail servers that the configuration lists.
#[derive(Clone, Debug)]
pub struct MailServers(Vec<Listed>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Listed {
    /// Addresses.
    Network(IpNet),
    /// One name.
    Name(String),
    /// Every name that ends so, the point included.
    Below(String),
}

impl Default for MailServers {
    /// Only a server on this very machine.
    fn default() -> Self {
        let here = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        let widths = [8, 128];
        let networks = here.into_iter().zip(widths).filter_map(|(at, width)| IpNet::new(at, width).ok());
        let networks = networks.map(|network| Listed::Network(network.trunc()));
        Self(networks.chain([Listed::Name("localhost".to_owned())]).collect())
    }
}

impl MailServers {
    /// Reads names, `*.name` for all names below one, addresses and networks; `None` when one is none of these.
    pub fn read(listed: &[String]) -> Option<Self> {
        listed.iter().map(|text| one(text.trim())).collect::<Option<_>>().map(Self)
    }

    /// Whether letters may be given to this host.
    pub fn allow(&self, host: &str) -> bool {
        if let Ok(address) = host.parse::<IpAddr>() {
            let address = address.to_canonical();
            return self
                .0
                .iter()
                .any(|l| matches!(l, Listed::Network(network) if network.contains(&address)));
        }
        let host = plain(host);
        self.0.iter().any(|listed| match listed {
            Listed::Network(_) => false,
            Listed::Name(name) => *name == host,
            Listed::Below(end) => host.len() > end.len() && host.ends_with(end.as_str()),
        })
    }
}

/// The line of the configuration that would allow a host.
pub(crate) fn line_for(host: &str) -> String {
    format!("mail_servers = [\"{}\"]", plain(host))
}

fn one(text: &str) -> Option<Listed> {
    if let Ok(network) = text.parse::<IpNet>() {
        return Some(Listed::Network(network));
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(Listed::Network(address.to_canonical().into()));
    }
    let name = plain(text);
    let bare = name.strip_prefix("*.").unwrap_or(&name);
    let is_name = !bare.is_empty()
        && bare.len() <= 253
        && bare
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    let below = bare.len() < name.len();
    is_name.then(|| if below { Listed::Below(format!(".{bare}")) } else { Listed::Name(name.clone()) })
}

/// A name as names are compared: in small letters, without the point at its end.
fn plain(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    host.strip_suffix('.').unwrap_or(&host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(listed: &[&str]) -> MailServers {
        let listed: Vec<String> = listed.iter().map(|text| (*text).to_owned()).collect();
        MailServers::read(&listed).expect("a literal list")
    }

    #[test]
    fn a_name_is_itself_and_a_star_is_what_lies_below() {
        let servers = servers(&["smtp.example.ru", "*.example.org"]);
        for host in
            ["smtp.example.ru", "SMTP.Example.RU", "smtp.example.ru.", "mail.example.org", "a.b.example.org"]
        {
            assert!(servers.allow(host), "{host}");
        }
        for host in [
            "example.ru",
            "evil-smtp.example.ru",
            "smtp.example.ru.evil.com",
            "example.org",
            "evilexample.org",
            ".example.org",
            "169.254.169.254",
            "localhost",
            "",
        ] {
            assert!(!servers.allow(host), "{host}");
        }
    }

    #[test]
    fn this_machine_is_meant_however_its_address_is_written_and_other_spellings_mean_nothing() {
        let servers = MailServers::default();
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert!(servers.allow(host), "{host}");
        }
        for host in ["0.0.0.0", "::", "127.1", "2130706433", "0x7f000001", "10.0.0.1", "::ffff:10.0.0.1"] {
            assert!(!servers.allow(host), "{host}");
        }
    }

    #[test]
    fn a_list_that_cannot_be_meant_is_refused() {
        for wrong in [
            "",
            "*",
            "*.",
            "a b",
            "https://smtp.example.ru",
            "smtp.*.ru",
            "10.0.0.0/99",
            "smtp.example.ru:25",
        ] {
            assert!(MailServers::read(&[wrong.to_owned()]).is_none(), "{wrong}");
        }
        assert!(!servers(&[]).allow("localhost"), "an empty list allows none");
    }
}
