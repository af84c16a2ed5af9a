//! Mail settings as people and programs give them: what is wrong with them, and keeping them. Sends nothing.

use letters::post::{MailField, Security};
use secrecy::SecretString;
use storage::mail::{MailSettings, Password, StoredMail};
use strum::IntoEnumIterator;
use sync::mail_server;
use voice::Lang;

use crate::panel::seen;
use crate::state::AppState;

/// A part of the settings that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// What the mail server would trip over.
    Field(MailField),
    /// The configuration does not list the server.
    NotListed,
    /// A password is missing, or would go to another server than the one it was given for.
    Password,
    /// Not a language of ours.
    Language,
}

/// The codes of the ways to protect a connection.
pub(crate) fn securities() -> impl Iterator<Item = &'static str> {
    Security::iter().map(Into::into)
}

/// Keeps the settings; without a new password the one that is kept stays, if it is for the same server and login. `seen` is
/// the mark of what a form showed, where they were typed into one.
///
/// # Errors
/// When the store does not keep them; [`storage::Error::Refused`] with `mail_changed` when they are not those that were
/// seen. Settings that are wrong are kept nowhere and named instead.
pub(crate) async fn save(
    state: &AppState,
    settings: &MailSettings,
    password: Option<SecretString>,
    seen: Option<&str>,
    actor: &str,
) -> storage::Result<Vec<Wrong>> {
    let before = state.store.mail().await?;
    if seen.is_some_and(|seen| seen != mark(before.as_ref())) {
        return Err(storage::Error::Refused("mail_changed"));
    }
    let kept = before.as_ref().map(|before| before.settings.clone());
    let mut wrong = Vec::new();
    let password = match (&settings.login, password) {
        (None, _) => Password::Forget,
        (Some(_), Some(new)) => Password::New(new),
        (Some(_), None) => {
            if !before.is_some_and(|before| is_for_the_same(&before, settings)) {
                wrong.push(Wrong::Password);
            }
            Password::Keep
        }
    };
    wrong.extend(mail_server(settings, None).faults().into_iter().map(Wrong::Field));
    if settings.security.parse::<Security>().is_err() && !wrong.contains(&Wrong::Field(MailField::Security)) {
        wrong.push(Wrong::Field(MailField::Security));
    }
    if Lang::parse(&settings.language).is_none() {
        wrong.push(Wrong::Language);
    }
    // What is kept already goes on working; it was allowed when it was set up.
    let is_kept = kept.as_ref().is_some_and(|kept| kept.host == settings.host);
    let is_host = !wrong.contains(&Wrong::Field(MailField::Host));
    if is_host && !is_kept && !state.config.mail_servers.allow(&settings.host) {
        wrong.push(Wrong::NotListed);
    }
    if wrong.is_empty() {
        match seen {
            Some(_) => {
                state.store.set_mail_over(kept.as_ref(), settings, &password, actor, state.now()).await?;
            }
            None => state.store.set_mail(settings, &password, actor, state.now()).await?,
        }
        state.desk.told_something();
    }
    Ok(wrong)
}

/// The mark of what a form shows.
pub(crate) fn mark(kept: Option<&StoredMail>) -> String {
    seen::mark(&kept.map(|kept| (&kept.settings, kept.has_password)))
}

/// Whoever changes the server must know the password: otherwise it could be had by naming a server of one's own.
fn is_for_the_same(before: &StoredMail, now: &MailSettings) -> bool {
    before.has_password && before.settings.host == now.host && before.settings.login == now.login
}
