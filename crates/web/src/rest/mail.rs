//! `/mail`: how letters to the administrator are sent. The password is taken and never given back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use letters::post::MailField;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use storage::mail::{MailSettings, StoredMail};
use sync::TrialError;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Body;
use super::caller::Caller;
use super::problem::{Answer, Kind, Problem, WrongValue};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;
use crate::mail::{self, Wrong};
use crate::mail_servers::line_for;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_mail, set_mail, forget_mail)).routes(routes!(send_trial_letter))
}

/// How letters are sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mail)]
struct MailView {
    /// Name or address of the mail server.
    host: String,
    /// Its port.
    port: u16,
    /// `tls`, `start_tls` or `plain`.
    security: String,
    /// Login, where the server asks for one.
    login: Option<String>,
    /// Whether a password is kept.
    has_password: bool,
    /// From whom.
    sender: String,
    /// The administrator's addresses.
    recipients: Vec<String>,
    /// `ru` or `en`.
    language: String,
    /// A certificate authority of the shop's own, PEM.
    extra_root: Option<String>,
    /// Since when it is so.
    changed_at: Time,
}

impl From<StoredMail> for MailView {
    fn from(stored: StoredMail) -> Self {
        let settings = stored.settings;
        Self {
            host: settings.host,
            port: settings.port,
            security: settings.security,
            login: settings.login,
            has_password: stored.has_password,
            sender: settings.sender,
            recipients: settings.recipients,
            language: settings.language,
            extra_root: settings.extra_root,
            changed_at: Time(stored.changed_at),
        }
    }
}

/// How letters are to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMail {
    /// Name or address of the mail server.
    #[schema(max_length = 253)]
    host: String,
    /// Its port.
    #[schema(minimum = 1)]
    port: u16,
    /// `tls`, `start_tls`, or `plain` for a server on this machine.
    #[serde(default = "tls")]
    security: String,
    /// Login, where the server asks for one.
    login: Option<String>,
    /// The password; left out, the one that is kept stays, if server and login stay.
    password: Option<String>,
    /// From whom: an address, perhaps with a name before it.
    sender: String,
    /// The administrator's addresses, 1 to 20.
    recipients: Vec<String>,
    /// `ru` or `en`.
    #[serde(default = "russian")]
    language: String,
    /// A certificate authority of the shop's own, PEM.
    extra_root: Option<String>,
}

fn tls() -> String {
    "tls".to_owned()
}

fn russian() -> String {
    "ru".to_owned()
}

/// What the mail server said to a trial letter.
#[derive(Serialize, ToSchema)]
#[schema(as = TrialLetter)]
struct TrialView {
    /// Its own words.
    answer: String,
}

fn not_set_up() -> Problem {
    Problem::new(Kind::NotFound, "Mail is not set up.")
}

/// How letters are sent.
#[utoipa::path(get, path = "/mail", tag = "mail",
    responses((status = 200, description = "The mail settings", body = MailView),
        (status = 404, description = "Mail is not set up")))]
async fn get_mail(caller: Caller, State(state): State<AppState>) -> Answer<Json<MailView>> {
    caller.must_be_allowed(Act::ChangeMail)?;
    Ok(Json(state.store.mail().await?.ok_or_else(not_set_up)?.into()))
}

/// Sets up how letters are sent; all of it at once.
#[utoipa::path(put, path = "/mail", tag = "mail", request_body = NewMail,
    responses((status = 200, description = "The mail settings as they are now", body = MailView)))]
async fn set_mail(
    caller: Caller,
    State(state): State<AppState>,
    Body(new): Body<NewMail>,
) -> Answer<Json<MailView>> {
    caller.must_be_allowed(Act::ChangeMail)?;
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    let settings = MailSettings {
        host: new.host,
        port: new.port,
        security: new.security,
        login: filled(new.login),
        sender: new.sender,
        recipients: new.recipients,
        language: new.language,
        extra_root: filled(new.extra_root),
    };
    let password = filled(new.password).map(SecretString::from);
    let wrong = mail::save(&state, &settings, password, None, &caller.signature()).await?;
    if let Some(problem) = refused(&wrong, &settings.host) {
        return Err(problem);
    }
    Ok(Json(state.store.mail().await?.ok_or_else(not_set_up)?.into()))
}

/// Every value that is wrong, in one problem.
fn refused(wrong: &[Wrong], host: &str) -> Option<Problem> {
    let mut values = wrong.iter().map(|wrong| {
        let (key, allowed) = allowed(*wrong);
        let mut allowed = allowed.to_owned();
        if *wrong == Wrong::NotListed {
            allowed = format!("{allowed}; to allow this one write `{}` there", line_for(host));
        }
        let key = key.to_owned();
        WrongValue { detail: format!("`{key}` must be {allowed}"), key, allowed }
    });
    let first = values.next()?;
    let problem = Problem::value(&first.key, &first.allowed);
    Some(values.fold(problem, Problem::naming))
}

fn allowed(wrong: Wrong) -> (&'static str, &'static str) {
    match wrong {
        Wrong::Field(MailField::Host) => ("host", "the name or the address of a mail server"),
        Wrong::Field(MailField::Port) => ("port", "a number from 1 to 65535"),
        Wrong::Field(MailField::Security) => {
            ("security", "tls or start_tls; plain only without a login, or for a server on this machine")
        }
        Wrong::Field(MailField::Sender) => ("sender", "one e-mail address in Latin letters"),
        Wrong::Field(MailField::Recipients) => ("recipients", "1 to 20 e-mail addresses in Latin letters"),
        Wrong::Field(MailField::ExtraRoot) => ("extra_root", "certificates in PEM"),
        Wrong::NotListed => ("host", "a server that the configuration lists"),
        Wrong::Password => ("password", "given for this login at this server"),
        Wrong::Language => ("language", "ru or en"),
    }
}

/// Sends no letters any more, and forgets the password.
#[utoipa::path(delete, path = "/mail", tag = "mail", responses((status = 204, description = "It is done")))]
async fn forget_mail(caller: Caller, State(state): State<AppState>) -> Answer<StatusCode> {
    caller.must_be_allowed(Act::ChangeMail)?;
    state.store.forget_mail(&caller.signature(), state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a trial letter at once.
#[utoipa::path(post, path = "/mail/trial", tag = "mail",
    responses((status = 200, description = "It is sent", body = TrialView),
        (status = 404, description = "Mail is not set up"),
        (status = 502, description = "The mail server did not take it; `code` says why")))]
async fn send_trial_letter(caller: Caller, State(state): State<AppState>) -> Answer<Json<TrialView>> {
    caller.must_be_allowed(Act::ChangeMail)?;
    match state.desk.send_trial_letter().await {
        Ok(answer) => Ok(Json(TrialView { answer })),
        Err(TrialError::NotSetUp) => Err(not_set_up()),
        Err(TrialError::Store(error)) => Err(error.into()),
        Err(TrialError::Post(error)) => {
            Err(Problem::new(Kind::Mail, error.to_string()).coded(error.trouble.to_string()))
        }
    }
}
