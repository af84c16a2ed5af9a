//! Letters: whether the settings are whole and the server lets us in.

use storage::mail::{MailSettings, StoredMail};
use sync::Desk;

use super::Findings;
use crate::failure::Failure;

pub(super) async fn look(desk: &Desk, findings: &mut Findings) -> Result<(), Failure> {
    let Some(stored) = desk.store().mail().await? else {
        findings.fine("mail is not set up, so no letters are sent");
        return Ok(());
    };
    let gaps = gaps(&stored);
    for gap in &gaps {
        findings.problem(format!("mail: {gap}; fill it in on the panel's page \"Mail\""));
    }
    if gaps.is_empty() {
        match desk.knock_at_mail_server().await {
            Ok(_) => findings.fine("the mail server lets us in"),
            Err(error) => findings.problem(format!("letters cannot be sent; {error}")),
        }
    }
    Ok(())
}

/// What is missing in the settings, or would carry the password in the clear.
fn gaps(stored: &StoredMail) -> Vec<&'static str> {
    let MailSettings { host, sender, recipients, login, security, .. } = &stored.settings;
    let has_login = login.as_ref().is_some_and(|login| !login.trim().is_empty());
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|at| at.is_loopback());
    let mut gaps = Vec::new();
    let mut gap = |is: bool, what| {
        if is {
            gaps.push(what);
        }
    };
    gap(host.trim().is_empty(), "the server is not named");
    gap(sender.trim().is_empty(), "the sender is empty");
    gap(recipients.iter().all(|to| to.trim().is_empty()), "there is no recipient");
    gap(has_login && !stored.has_password, "there is a login without a password");
    gap(!has_login && stored.has_password, "there is a password without a login");
    gap(
        has_login && security == "plain" && !is_here,
        "the password crosses the network in the clear, so choose TLS",
    );
    gaps
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;

    fn whole() -> StoredMail {
        let settings = MailSettings {
            host: "smtp.example.ru".to_owned(),
            port: 465,
            security: "tls".to_owned(),
            login: Some("shop".to_owned()),
            sender: "shop@example.ru".to_owned(),
            recipients: vec!["owner@example.ru".to_owned()],
            language: "ru".to_owned(),
            extra_root: None,
        };
        StoredMail { settings, has_password: true, changed_at: Utc::now() }
    }

    #[test]
    fn whole_settings_have_no_gap_and_each_gap_is_named() {
        assert!(gaps(&whole()).is_empty());
        let with = |change: fn(&mut StoredMail)| {
            let mut mail = whole();
            change(&mut mail);
            gaps(&mail)
        };
        assert_eq!(with(|mail| mail.settings.sender.clear()), ["the sender is empty"]);
        assert_eq!(with(|mail| mail.settings.recipients.clear()), ["there is no recipient"]);
        assert_eq!(with(|mail| mail.settings.host.clear()), ["the server is not named"]);
        assert_eq!(with(|mail| mail.has_password = false), ["there is a login without a password"]);
        assert_eq!(with(|mail| mail.settings.login = None), ["there is a password without a login"]);
        let plain = with(|mail| mail.settings.security = "plain".to_owned());
        assert!(plain.len() == 1 && plain[0].contains("TLS"), "{plain:?}");
    }
}
