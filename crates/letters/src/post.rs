//! Hands letters to the shop's mail server, and sorts what it answers. Knows no queue: whoever sends decides when to try
//! again.

mod server;

use std::error::Error;
use std::time::Duration;
use std::{fmt, io};

use chrono::{DateTime, Utc};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

pub use server::{Login, MailField, MailServer, Security};

use crate::Rendered;

/// How long a server may take for an answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(15);
/// How long one of its addresses may take to be connected with; then the next one is tried.
const ADDRESS_WITHIN: Duration = Duration::from_secs(5);
/// How long all of them may take, with the greeting and the encryption.
const OPENS_WITHIN: Duration = Duration::from_secs(30);
/// How long it may look at a whole letter before it answers (RFC 5321, section 4.5.3.2.6): who hangs up earlier sends again
/// what the server then takes twice.
const TAKES_WITHIN: Duration = Duration::from_mins(10);

/// Why a letter was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Trouble {
    /// Mail is not set up, or not so that anything could be sent.
    MailNotSetUp,
    /// Nobody answers at the address.
    MailUnreachable,
    /// The connection cannot be encrypted, or the certificate is not to be trusted.
    MailTls,
    /// The login or the password is refused.
    MailLogin,
    /// The server does not send for this address.
    MailSender,
    /// It takes letters for none of the addresses.
    MailRecipients,
    /// It does not take this letter.
    MailRejected,
    /// It asks for another try later.
    MailLater,
    /// The connection broke, or the answer makes no sense, before the letter was handed over.
    MailBroken,
    /// The letter was handed over, and the server did not say whether it has it.
    MailUnanswered,
}

impl Trouble {
    /// Whether the same letter would be refused again whatever is set up.
    pub fn is_final(self) -> bool {
        self == Self::MailRejected
    }

    /// Whether somebody has to change something before another try makes sense.
    pub fn needs_hand(self) -> bool {
        matches!(
            self,
            Self::MailNotSetUp | Self::MailTls | Self::MailLogin | Self::MailSender | Self::MailRecipients
        )
    }
}

/// Why a letter was not taken, with the server's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mail server: {answer}")]
pub struct PostError {
    /// The kind of trouble.
    pub trouble: Trouble,
    /// What the server said, or the system of the connection to it. Never holds the password.
    pub answer: String,
}

impl PostError {
    fn new(trouble: Trouble, answer: impl Into<String>) -> Self {
        Self { trouble, answer: answer.into() }
    }

    /// An error of a stage in which a refusal for good means `refused`.
    fn of(error: &lettre::transport::smtp::Error, refused: Trouble) -> Self {
        let trouble = match error.status().map(|code| code.to_string()) {
            // 421 and the like: whatever was asked, the server has no time now.
            Some(code) if code.starts_with('4') => Trouble::MailLater,
            Some(_) => refused,
            None if refused == Trouble::MailTls && is_about_tls(error) => Trouble::MailTls,
            None if error.is_client() => refused,
            None => Trouble::MailBroken,
        };
        Self::new(trouble, words(error))
    }
}

/// What caused an error, the nearest first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// The handshake failed: the library tells that as a broken connection, with what broke it inside.
fn is_about_tls(error: &lettre::transport::smtp::Error) -> bool {
    error.is_tls()
        || causes(error).any(|cause| {
            let broke = cause.downcast_ref::<io::Error>();
            broke.is_some_and(|broke| broke.kind() == io::ErrorKind::InvalidData)
        })
}

/// The server's own words, code first; of a broken connection the words of what broke it.
fn words(error: &lettre::transport::smtp::Error) -> String {
    match (error.status(), causes(error).last()) {
        (Some(code), Some(said)) => format!("{code} {said}"),
        (None, Some(said)) => said.to_string(),
        (_, None) => error.to_string(),
    }
}

/// What is sent beside the text.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The same for the same letter, however often it is sent: mailboxes show one that comes twice only once.
    pub id: &'a str,
    /// When the letter was written.
    pub date: DateTime<Utc>,
}

/// What became of a letter that the server took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The server's own words, with those about recipients whom it refused.
    pub answer: String,
    /// The recipients that the server puts off for now, as they were given: the letter is to be sent to them later.
    pub put_off: Vec<String>,
}

/// Sends one letter to all recipients.
///
/// `before` is asked when the server is ready for the text; where it answers `false`, nothing is sent and the end is
/// `None`.
///
/// # Errors
/// [`PostError`] when no recipient's letter was taken. A recipient who is refused beside others is named in the words.
pub async fn send(
    server: &MailServer,
    letter: &Rendered,
    envelope: &Envelope<'_>,
    before: impl AsyncFnOnce() -> bool,
) -> Result<Option<Taken>, PostError> {
    let (sender, recipients) = server.people()?;
    let message = message(&sender, &recipients, letter, envelope)?;
    let mut connection = connect(server, &sender).await?;
    let mail = Mail::new(Some(sender.email.clone()), Vec::new());
    staged(connection.command(mail), Trouble::MailSender).await?;
    let (mut taken, mut refused, mut put_off) = (0, Vec::new(), Vec::new());
    for (recipient, given) in recipients.iter().zip(&server.recipients) {
        let asked = Rcpt::new(recipient.email.clone(), Vec::new());
        match staged(connection.command(asked), Trouble::MailRecipients).await {
            Ok(_) => taken += 1,
            Err(error) if error.trouble == Trouble::MailBroken => return Err(error),
            Err(error) => {
                refused.push(format!("{}: {}", recipient.email, error.answer));
                if error.trouble == Trouble::MailLater {
                    put_off.push(given.clone());
                }
            }
        }
    }
    if taken == 0 {
        leave(connection);
        // One who may be written to later is reason enough to try again.
        let trouble = if put_off.is_empty() { Trouble::MailRecipients } else { Trouble::MailLater };
        return Err(PostError::new(trouble, refused.join("; ")));
    }
    if !before().await {
        leave(connection);
        return Ok(None);
    }
    staged(connection.command(Data), Trouble::MailRejected).await?;
    let said = match within(TAKES_WITHIN, connection.message(&message), Trouble::MailRejected).await {
        Err(error) if error.trouble == Trouble::MailBroken => {
            return Err(PostError { trouble: Trouble::MailUnanswered, ..error });
        }
        other => other?,
    };
    leave(connection);
    let answer = format!("{} {}", said.code(), said.message().collect::<Vec<_>>().join(" "));
    let answer = std::iter::once(answer).chain(refused).collect::<Vec<_>>().join("; ");
    Ok(Some(Taken { answer, put_off }))
}

/// Says goodbye, and lets nobody wait for the answer: a server that is silent then must not hold up what comes next.
fn leave(mut connection: AsyncSmtpConnection) {
    tokio::spawn(async move { tokio::time::timeout(ANSWERS_WITHIN, connection.abort()).await });
}

/// Connects, encrypts and logs in, and sends nothing.
///
/// # Errors
/// [`PostError`] when one of these fails.
pub async fn knock(server: &MailServer) -> Result<(), PostError> {
    let (sender, _) = server.people()?;
    leave(connect(server, &sender).await?);
    Ok(())
}

async fn connect(server: &MailServer, sender: &Mailbox) -> Result<AsyncSmtpConnection, PostError> {
    let hello = ClientId::Domain(sender.email.domain().to_owned());
    let tls = match server.security {
        Security::Plain => None,
        Security::Tls | Security::StartTls => Some(tls(server)?),
    };
    let at_once = tls.clone().filter(|_| server.security == Security::Tls);
    let address = (server.host.as_str(), server.port);
    let is_encrypting = at_once.is_some();
    let opening = AsyncSmtpConnection::connect_tokio1(address, Some(ADDRESS_WITHIN), &hello, at_once, None);
    let mut connection = match tokio::time::timeout(OPENS_WITHIN, opening).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) if is_encrypting && is_about_tls(&error) => {
            return Err(PostError::new(Trouble::MailTls, words(&error)));
        }
        // A server that refuses at its door takes nothing from anyone now.
        Ok(Err(error)) if error.status().is_some() => {
            return Err(PostError::of(&error, Trouble::MailUnreachable));
        }
        Ok(Err(error)) => return Err(PostError::new(Trouble::MailUnreachable, words(&error))),
        Err(_) => return Err(silent(Trouble::MailUnreachable)),
    };
    if let Some(tls) = tls.filter(|_| server.security == Security::StartTls) {
        staged(connection.starttls(tls, &hello), Trouble::MailTls).await?;
    }
    if let Some(login) = &server.login {
        let known = Credentials::new(login.name.clone(), login.password.expose_secret().to_owned());
        let ways = [Mechanism::Plain, Mechanism::Login];
        staged(connection.auth(&ways, &known), Trouble::MailLogin).await?;
    }
    Ok(connection)
}

fn tls(server: &MailServer) -> Result<TlsParameters, PostError> {
    let broken = |error: lettre::transport::smtp::Error| PostError::new(Trouble::MailTls, words(&error));
    let mut wanted = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.extra_root {
        wanted = wanted.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(broken)?);
    }
    wanted.build_rustls().map_err(broken)
}

fn silent(trouble: Trouble) -> PostError {
    PostError::new(trouble, "no answer in time")
}

/// One question with its answer.
async fn staged<T>(
    asked: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
    refused: Trouble,
) -> Result<T, PostError> {
    within(ANSWERS_WITHIN, asked, refused).await
}

async fn within<T>(
    limit: Duration,
    asked: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
    refused: Trouble,
) -> Result<T, PostError> {
    match tokio::time::timeout(limit, asked).await {
        Ok(answer) => answer.map_err(|error| PostError::of(&error, refused)),
        Err(_) => Err(silent(Trouble::MailBroken)),
    }
}

fn message(
    sender: &Mailbox,
    recipients: &[Mailbox],
    letter: &Rendered,
    envelope: &Envelope<'_>,
) -> Result<Vec<u8>, PostError> {
    let mut builder = lettre::Message::builder()
        .from(sender.clone())
        .subject(letter.subject.clone())
        .date(envelope.date.into())
        .message_id(Some(format!("<{}@{}>", envelope.id, sender.email.domain())))
        .header(AutoSubmitted);
    for recipient in recipients {
        builder = builder.to(recipient.clone());
    }
    let built =
        builder.multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()));
    built
        .map(|message| message.formatted())
        .map_err(|error| PostError::new(Trouble::MailRejected, error.to_string()))
}

/// Tells other programs that no person wrote this, so that none of them answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
