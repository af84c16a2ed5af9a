//! The shop's mail server as it is set up, and what can be wrong with that.

use std::net::IpAddr;

use lettre::message::Mailbox;
use lettre::transport::smtp::client::Certificate;
use secrecy::SecretString;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{PostError, Trouble};

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Security {
    /// Encrypted from the first byte, usually on port 465.
    #[default]
    Tls,
    /// Encrypted after `STARTTLS`, usually on port 587; without it nothing is sent.
    StartTls,
    /// Not encrypted: for a server on this very machine.
    Plain,
}

/// Who we are to the server.
#[derive(Clone, Debug)]
pub struct Login {
    /// The login.
    pub name: String,
    /// The password.
    pub password: SecretString,
}

/// The shop's mail server.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// Login and password, where the server asks for them.
    pub login: Option<Login>,
    /// From whom: an address, perhaps with a name before it.
    pub sender: String,
    /// To whom: the administrator's addresses.
    pub recipients: Vec<String>,
    /// A certificate authority of the shop's own, PEM.
    pub extra_root: Option<String>,
}

/// A part of the settings that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum MailField {
    /// The server's name.
    Host,
    /// Its port.
    Port,
    /// A password would cross the network in the clear.
    Security,
    /// From whom.
    Sender,
    /// To whom.
    Recipients,
    /// The certificate authority.
    ExtraRoot,
}

/// The most addresses that one letter goes to.
const MOST_RECIPIENTS: usize = 20;

impl MailServer {
    /// What is wrong with it, as far as that can be seen without asking the server.
    pub fn faults(&self) -> Vec<MailField> {
        let root_reads = self.extra_root.as_ref().is_none_or(|pem| {
            pem.contains("BEGIN CERTIFICATE") && Certificate::from_pem(pem.as_bytes()).is_ok()
        });
        let recipients = (1..=MOST_RECIPIENTS).contains(&self.recipients.len())
            && self.recipients.iter().all(|r| mailbox(r).is_some());
        [
            (MailField::Host, is_host(&self.host)),
            (MailField::Port, self.port > 0),
            (MailField::Security, self.security != Security::Plain || self.login.is_none() || self.is_here()),
            (MailField::Sender, mailbox(&self.sender).is_some()),
            (MailField::Recipients, recipients),
            (MailField::ExtraRoot, root_reads),
        ]
        .into_iter()
        .filter_map(|(field, right)| (!right).then_some(field))
        .collect()
    }

    /// On this very machine.
    fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|at: IpAddr| at.is_loopback())
    }

    /// From whom and to whom.
    pub(super) fn people(&self) -> Result<(Mailbox, Vec<Mailbox>), PostError> {
        let sender = mailbox(&self.sender);
        let recipients: Option<Vec<Mailbox>> = self.recipients.iter().map(|r| mailbox(r)).collect();
        match (sender, recipients) {
            (Some(sender), Some(recipients)) if !recipients.is_empty() => Ok((sender, recipients)),
            _ => Err(PostError::new(
                Trouble::MailNotSetUp,
                "the addresses of the mail settings cannot be used",
            )),
        }
    }
}

/// An address in letters that every server understands.
fn mailbox(text: &str) -> Option<Mailbox> {
    let read: Mailbox = text.trim().parse().ok()?;
    let plain = |part: &str| part.is_ascii() && !part.is_empty();
    (plain(read.email.user()) && plain(read.email.domain())).then_some(read)
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    !text.is_empty() && text.len() <= 253 && text.chars().all(plain)
}
