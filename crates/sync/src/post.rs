//! How the desk reaches the shop's mail server: the settings as the mail server wants them, a trial letter, and whether the
//! server lets us in.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use letters::post::{self, Envelope, Login, MailServer, PostError, Security};
use letters::{Letter, render};
use storage::mail::MailSettings;
use voice::{Lang, Voice};

use crate::desk::Desk;

/// How letters are sent, and in which language.
pub(crate) struct Mail {
    pub(crate) server: MailServer,
    language: Lang,
}

impl Mail {
    pub(crate) fn voice(&self, zone: Tz, now: DateTime<Utc>) -> Voice {
        Voice { lang: self.language, zone, now }
    }
}

/// Why a trial letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// Mail is not set up.
    #[error("mail is not set up")]
    NotSetUp,
    /// The mail server did not take it.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store did not tell how.
    #[error(transparent)]
    Store(#[from] storage::Error),
}

/// The settings as the mail server wants them.
pub fn mail_server(settings: &MailSettings, password: Option<secrecy::SecretString>) -> MailServer {
    let login = settings.login.clone().filter(|name| !name.is_empty());
    MailServer {
        host: settings.host.clone(),
        port: settings.port,
        security: settings.security.parse().unwrap_or(Security::Tls),
        login: login.map(|name| Login { name, password: password.unwrap_or_default() }),
        sender: settings.sender.clone(),
        recipients: settings.recipients.clone(),
        extra_root: settings.extra_root.clone(),
    }
}

impl Desk {
    /// How letters are sent now; `None` while mail is not set up.
    pub(crate) async fn mail(&self) -> storage::Result<Option<Mail>> {
        let Some(stored) = self.store.mail().await? else { return Ok(None) };
        let password = self.store.mail_password().await?;
        let language = Lang::parse(&stored.settings.language).unwrap_or_default();
        Ok(Some(Mail { server: mail_server(&stored.settings, password), language }))
    }

    /// Sends a trial letter at once, past the outbox, and gives back the server's own words.
    ///
    /// # Errors
    /// [`TrialError`], with the server's own words where it refused.
    pub async fn send_trial_letter(&self) -> Result<String, TrialError> {
        let mail = self.mail().await?.ok_or(TrialError::NotSetUp)?;
        let now = self.now();
        let words =
            render(&Letter::Trial, mail.voice(self.store.zone(), now), self.config.public_url.as_ref())
                .map_err(|error| storage::Error::Corrupt(error.to_string()))?;
        let id = format!("vygruzka-trial-{}", now.timestamp_micros());
        let said = post::send(&mail.server, &words, &Envelope { id: &id, date: now }, async || true).await?;
        Ok(said.unwrap_or_default().answer)
    }

    /// Connects and logs in at the mail server, and sends nothing; `false` while mail is not set up.
    ///
    /// # Errors
    /// As [`Self::send_trial_letter`].
    pub async fn knock_at_mail_server(&self) -> Result<bool, TrialError> {
        let Some(mail) = self.mail().await? else { return Ok(false) };
        post::knock(&mail.server).await?;
        Ok(true)
    }
}
