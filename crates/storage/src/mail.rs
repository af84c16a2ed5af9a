//! How letters are sent: the shop's mail server, and to whom. The password is kept encrypted.

use chrono::{DateTime, Utc};
use entities::{mail_settings, news};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::outbox;
use crate::people;
use crate::rotation::hold_key;
use crate::text::clean;

/// The one row.
const ROW: i64 = 1;
pub(crate) const PURPOSE: &str = "mail password";

/// How letters are sent, without the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Name or address of the SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `tls`, `start_tls` or `plain`.
    pub security: String,
    /// Login, where the server asks for one.
    pub login: Option<String>,
    /// From whom.
    pub sender: String,
    /// The administrator's addresses.
    pub recipients: Vec<String>,
    /// `ru` or `en`.
    pub language: String,
    /// A certificate authority of the shop's own, PEM.
    pub extra_root: Option<String>,
}

/// What is stored.
#[derive(Clone, Debug)]
pub struct StoredMail {
    /// The settings.
    pub settings: MailSettings,
    /// Whether a password is kept.
    pub has_password: bool,
    /// When they were changed.
    pub changed_at: DateTime<Utc>,
}

/// What becomes of the password when the settings change.
#[derive(Clone, Debug)]
pub enum Password {
    /// It stays.
    Keep,
    /// It is forgotten.
    Forget,
    /// A new one.
    New(SecretString),
}

impl TryFrom<mail_settings::Model> for StoredMail {
    type Error = Error;
    fn try_from(row: mail_settings::Model) -> Result<Self> {
        let recipients = serde_json::from_str(&row.recipients)
            .map_err(|e| Error::Corrupt(format!("the recipients of letters: {e}")))?;
        Ok(Self {
            has_password: row.password.is_some(),
            changed_at: instant(row.changed_at),
            settings: MailSettings {
                host: row.host,
                port: u16::try_from(row.port).unwrap_or(0),
                security: row.security,
                login: row.login,
                sender: row.sender,
                recipients,
                language: row.language,
                extra_root: row.extra_root,
            },
        })
    }
}

impl Store {
    /// How letters are sent; `None` while that is not set up.
    pub async fn mail(&self) -> Result<Option<StoredMail>> {
        let row = mail_settings::Entity::find_by_id(ROW).one(&self.db).await?;
        row.map(StoredMail::try_from).transpose()
    }

    /// The password, decrypted.
    ///
    /// # Errors
    /// [`Error::WrongSecretKey`] when it was encrypted with another key.
    pub async fn mail_password(&self) -> Result<Option<SecretString>> {
        let row = mail_settings::Entity::find_by_id(ROW).one(&self.db).await?;
        row.and_then(|row| row.password).map(|sealed| self.key.open(PURPOSE, &sealed)).transpose()
    }

    /// Sets up how letters are sent.
    pub async fn set_mail(
        &self,
        settings: &MailSettings,
        password: &Password,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.change_mail(&|_| true, settings, password, actor, now).await
    }

    /// The same, only while what is kept is still `before`: what somebody changes must be what they saw.
    ///
    /// # Errors
    /// [`Error::Refused`] with `mail_changed` when another change came first.
    pub async fn set_mail_over(
        &self,
        before: Option<&MailSettings>,
        settings: &MailSettings,
        password: &Password,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.change_mail(&|kept| kept == before, settings, password, actor, now).await
    }

    async fn change_mail(
        &self,
        may: &(dyn Fn(Option<&MailSettings>) -> bool + Sync),
        settings: &MailSettings,
        password: &Password,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        use mail_settings::Column as C;
        let sealed = match password {
            Password::New(password) => Some(self.key.seal(PURPOSE, password)?),
            Password::Keep | Password::Forget => None,
        };
        let sealed = &sealed;
        self.write(|tx, _| {
            Box::pin(async move {
                if sealed.is_some() {
                    hold_key(tx, &self.key).await?;
                }
                let kept = mail_settings::Entity::find_by_id(ROW).lock_exclusive().one(tx).await?;
                // What cannot be read must not keep anyone from putting it right.
                let kept = kept.and_then(|row| StoredMail::try_from(row).ok());
                if !may(kept.as_ref().map(|kept| &kept.settings)) {
                    return Err(Error::Refused("mail_changed"));
                }
                let row = mail_settings::ActiveModel {
                    id: Set(ROW),
                    host: Set(clean(&settings.host)),
                    port: Set(i32::from(settings.port)),
                    security: Set(clean(&settings.security)),
                    login: Set(settings.login.as_deref().map(clean)),
                    password: Set(sealed.clone()),
                    sender: Set(clean(&settings.sender)),
                    recipients: Set(serde_json::to_string(&settings.recipients)
                        .map_err(|e| Error::Corrupt(e.to_string()))?),
                    language: Set(clean(&settings.language)),
                    extra_root: Set(settings.extra_root.as_deref().map(clean)),
                    changed_at: Set(micros(now)),
                };
                let mut again = OnConflict::column(C::Id);
                again.update_columns([
                    C::Host,
                    C::Port,
                    C::Security,
                    C::Login,
                    C::Sender,
                    C::Recipients,
                    C::Language,
                    C::ExtraRoot,
                    C::ChangedAt,
                ]);
                if !matches!(password, Password::Keep) {
                    again.update_column(C::Password);
                }
                mail_settings::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
                people::note(tx, actor, "mail.set", &settings.host, "", now).await
            })
        })
        .await?;
        // What waited for it is due now.
        self.wake_letters(now).await
    }

    /// Sends no letters any more: what was to be told goes, and letters that wait are taken back. One that somebody is
    /// sending at this moment may still go.
    pub async fn forget_mail(&self, actor: &str, now: DateTime<Utc>) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                mail_settings::Entity::delete_by_id(ROW).exec(tx).await?;
                news::Entity::delete_many().exec(tx).await?;
                outbox::take_letters_back(tx, now).await?;
                people::note(tx, actor, "mail.forget", "mail", "", now).await
            })
        })
        .await
    }
}

/// Whether letters can be sent at all: without it nothing is written that nobody could send.
pub(crate) async fn is_set_up<C: ConnectionTrait>(db: &C) -> Result<bool> {
    Ok(mail_settings::Entity::find_by_id(ROW).one(db).await?.is_some())
}
