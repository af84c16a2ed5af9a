//! The mail settings: where letters go, a trial letter, and what letters look like.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use letters::post::MailField;
use letters::{Letter, render};
use serde::Deserialize;
use storage::mail::MailSettings;
use sync::TrialError;
use voice::{Lang, Voice};

use super::exchange::told;
use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::seen;
use super::view::mail::{LetterKind, LetterPage, LetterShown, MailForm, MailPage};
use super::view::overtaken::Overtaken;
use super::view::settings::Change;
use super::view::{Choice, Section};
use super::visitor::{Visitor, go};
use super::wish::Wish;
use crate::access::Act;
use crate::mail::{self, Wrong};
use crate::mail_servers::line_for;
use crate::state::AppState;

/// A letter is a page of its own within ours: it may have its own style and nothing else.
const LETTER_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'";

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    host: String,
    port: String,
    security: String,
    login: String,
    password: String,
    sender: String,
    recipients: String,
    language: String,
    extra_root: String,
    /// The mark of what the form showed.
    seen: Option<String>,
}

impl Typed {
    fn stored(settings: &MailSettings) -> Self {
        Self {
            host: settings.host.clone(),
            port: settings.port.to_string(),
            security: settings.security.clone(),
            login: settings.login.clone().unwrap_or_default(),
            password: String::new(),
            sender: settings.sender.clone(),
            recipients: settings.recipients.join("\n"),
            language: settings.language.clone(),
            extra_root: settings.extra_root.clone().unwrap_or_default(),
            seen: None,
        }
    }

    /// What an empty form begins with.
    fn fresh(v: Voice, administrator: &str) -> Self {
        Self {
            port: "465".to_owned(),
            security: "tls".to_owned(),
            recipients: administrator.to_owned(),
            language: v.lang.code().to_owned(),
            ..Self::default()
        }
    }

    fn settings(&self) -> MailSettings {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let each = self.recipients.split([',', ';', '\n']);
        MailSettings {
            host: self.host.trim().to_owned(),
            port: self.port.trim().parse().unwrap_or(0),
            security: self.security.clone(),
            login: filled(&self.login),
            sender: self.sender.trim().to_owned(),
            recipients: each.filter_map(filled).collect(),
            language: self.language.clone(),
            extra_root: filled(&self.extra_root),
        }
    }
}

/// What an act has just told.
#[derive(Default)]
struct Told {
    good: Option<String>,
    bad: Vec<String>,
    overtaken: Option<Overtaken>,
}

pub(crate) async fn show(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    visitor.must(Act::ChangeMail)?;
    page(&visitor, &state, None, &[], Told::default()).await
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    typed: Option<Typed>,
    wrong: &[Wrong],
    told: Told,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let stored = state.store.mail().await?;
    let shown = typed
        .or_else(|| stored.as_ref().map(|stored| Typed::stored(&stored.settings)))
        .unwrap_or_else(|| Typed::fresh(v, &visitor.user.email));
    let status = if told.overtaken.is_some() {
        StatusCode::CONFLICT
    } else if !wrong.is_empty() || !told.bad.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    // A form that was refused for something else still shows what it showed.
    let kept = || mail::mark(stored.as_ref());
    let seen = shown.seen.clone().filter(|_| told.overtaken.is_none()).unwrap_or_else(kept);
    let page = MailPage {
        frame: visitor.frame_of(state, Section::Mail).await?,
        v,
        is_set_up: stored.is_some(),
        changed_at: stored.as_ref().map(|stored| v.when_exactly(&stored.changed_at)),
        seen,
        overtaken: told.overtaken,
        form: form(v, &shown, stored.is_some_and(|stored| stored.has_password), wrong),
        good: told.good,
        bad: told.bad,
        letters: kinds(v),
    };
    visitor.page_with(status, &page)
}

fn form(v: Voice, typed: &Typed, has_password: bool, wrong: &[Wrong]) -> MailForm {
    let fault = |of: Wrong, key: &str| wrong.contains(&of).then(|| v.t(key));
    let field = |of: MailField, key: &str| fault(Wrong::Field(of), key);
    MailForm {
        host: typed.host.clone(),
        host_fault: field(MailField::Host, "fault-mail-host").or_else(|| {
            let line = || v.with("fault-mail-not-listed", "line", line_for(&typed.host));
            wrong.contains(&Wrong::NotListed).then(line)
        }),
        port: typed.port.clone(),
        port_fault: field(MailField::Port, "fault-mail-port"),
        security: mail::securities()
            .map(|code| {
                Choice::new(code, v.ozon_word("mail-security", code).unwrap_or_default(), &typed.security)
            })
            .collect(),
        security_fault: field(MailField::Security, "fault-mail-security"),
        login: typed.login.clone(),
        has_password,
        password_fault: fault(Wrong::Password, "fault-mail-password"),
        sender: typed.sender.clone(),
        sender_fault: field(MailField::Sender, "fault-mail-sender"),
        recipients: typed.recipients.clone(),
        recipients_fault: field(MailField::Recipients, "fault-mail-recipients"),
        language: Lang::ALL
            .map(|lang| Choice::new(lang.code(), v.t(&format!("language-{}", lang.code())), &typed.language))
            .into(),
        extra_root: typed.extra_root.clone(),
        extra_root_fault: field(MailField::ExtraRoot, "fault-mail-root"),
    }
}

/// The letters that there are, each with a subject for an example and the page that shows it.
fn kinds(v: Voice) -> Vec<LetterKind> {
    let samples = Letter::samples(v.now);
    let mut before = "";
    let each = samples.iter().zip(0..).filter_map(|(letter, at)| {
        // Of several samples of a kind the first names it.
        let is_first = std::mem::replace(&mut before, letter.kind()) != letter.kind();
        let name = v.ozon_word("mail-kind", letter.kind())?;
        Some(LetterKind {
            href: Page::Letter(at).to_string(),
            name: is_first.then_some(name),
            example: render(letter, v, None).ok()?.subject,
        })
    });
    each.collect()
}

/// Keeps the settings.
pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeMail)?;
    let password = Some(typed.password.clone()).filter(|text| !text.is_empty());
    let settings = typed.settings();
    let seen = typed.seen.as_deref();
    let saved = mail::save(&state, &settings, password.map(Into::into), seen, &visitor.user.email).await;
    let (wrong, told) = match saved {
        Ok(wrong) if wrong.is_empty() => return Ok(go(&Page::Mail.to_string(), Done::MailSaved)),
        Ok(wrong) => (wrong, Told::default()),
        Err(storage::Error::Refused("mail_changed")) => {
            let overtaken = Some(overtaken(visitor.v, &state, &typed).await?);
            (Vec::new(), Told { overtaken, ..Told::default() })
        }
        Err(error) => return Err(error.into()),
    };
    page(&visitor, &state, Some(typed), &wrong, told).await
}

/// What somebody else has saved, beside what was typed.
async fn overtaken(v: Voice, state: &AppState, typed: &Typed) -> Result<Overtaken, Fault> {
    let who = seen::by_whom(v, state, &["mail.set", "mail.forget"], None).await?;
    let now = state.store.mail().await?.map(|stored| stored.settings);
    let fields = |settings: &MailSettings| {
        [
            ("mail-host", settings.host.clone()),
            ("mail-port", settings.port.to_string()),
            (
                "mail-security",
                v.ozon_word("mail-security", &settings.security).unwrap_or_else(|| settings.security.clone()),
            ),
            ("mail-login", settings.login.clone().unwrap_or_default()),
            ("mail-root-field", settings.extra_root.as_ref().map(|_| "…".to_owned()).unwrap_or_default()),
            ("mail-sender", settings.sender.clone()),
            ("mail-recipients", settings.recipients.join(", ")),
            ("mail-language", v.maybe(&format!("language-{}", settings.language)).unwrap_or_default()),
        ]
    };
    let nothing = || v.t("value-none");
    let or_nothing = |text: String| if text.is_empty() { nothing() } else { text };
    let kept = now.as_ref().map(fields);
    let each = fields(&typed.settings()).into_iter().enumerate().map(|(at, (label, new))| {
        let old = kept.as_ref().map(|kept| kept[at].1.clone()).unwrap_or_default();
        Change { group: None, label: v.t(label), old: or_nothing(old), new: or_nothing(new) }
    });
    let mine = each.filter(|change| change.old != change.new).collect();
    Ok(Overtaken { told: seen::told(v, who), meanwhile: Vec::new(), mine, theirs: Page::Mail.to_string() })
}

/// Sends a trial letter, or sends no letters any more.
pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeMail)?;
    let v = visitor.v;
    match wish.act.as_str() {
        "trial" => {
            let told = match state.desk.send_trial_letter().await {
                Ok(answer) => {
                    let good = Some(v.with("mail-trial-sent", "answer", answer));
                    Told { good, ..Told::default() }
                }
                Err(TrialError::Store(error)) => return Err(error.into()),
                Err(TrialError::NotSetUp) => return Err(Fault::BadRequest),
                Err(TrialError::Post(error)) => {
                    let (why, advice) = told::trial_not_sent(v, error.trouble.into());
                    let answer = v.with("mail-trial-answer", "answer", &error.answer);
                    Told { bad: vec![format!("{why}. {advice} {answer}")], ..Told::default() }
                }
            };
            page(&visitor, &state, None, &[], told).await
        }
        "forget" => {
            state.store.forget_mail(&visitor.user.email, state.now()).await?;
            Ok(go(&Page::Mail.to_string(), Done::MailForgotten))
        }
        _ => Err(Fault::BadRequest),
    }
}

fn sample(v: Voice, at: i64) -> Result<Letter, Fault> {
    let samples = Letter::samples(v.now);
    usize::try_from(at).ok().and_then(|at| samples.into_iter().nth(at)).ok_or(Fault::NotFound)
}

/// One of the letters as it would arrive, in both languages.
pub(crate) async fn letter(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(at): Path<i64>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeMail)?;
    let v = visitor.v;
    let letter = sample(v, at)?;
    let mut shown = Vec::new();
    for lang in Lang::ALL {
        let words = render(&letter, Voice { lang, ..v }, state.config.public_url.as_ref())?;
        shown.push(LetterShown {
            language: v.t(&format!("language-{}", lang.code())),
            code: lang.code(),
            subject: words.subject,
            text: words.text,
            html: Page::LetterHtml(at).with([("lang", lang.code())]),
        });
    }
    // One's own language first.
    shown.sort_by_key(|letter| letter.code != v.lang.code());
    visitor.page(&LetterPage {
        frame: visitor.frame_of(&state, Section::Mail).await?,
        v,
        shown,
        letters: kinds(v),
    })
}

#[derive(Deserialize)]
pub(crate) struct InLanguage {
    lang: Option<String>,
}

/// The letter's HTML alone, for the frame that shows it.
pub(crate) async fn letter_html(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(at): Path<i64>,
    axum::extract::Query(asked): axum::extract::Query<InLanguage>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeMail)?;
    let lang = asked.lang.as_deref().and_then(Lang::parse).unwrap_or(visitor.v.lang);
    let v = Voice { lang, ..visitor.v };
    let words = render(&sample(v, at)?, v, state.config.public_url.as_ref())?;
    let mut answer = Html(words.html).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LETTER_POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(answer)
}
