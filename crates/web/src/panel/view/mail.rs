//! The mail settings, and letters as they would arrive.

use askama::Template;

use super::overtaken::Overtaken;
use super::{Choice, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The mail settings.
#[derive(Template)]
#[template(path = "mail.html")]
pub struct MailPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Letters can be sent.
    pub is_set_up: bool,
    /// Since when it is as it is.
    pub changed_at: Option<Moment>,
    /// The mark of what the form shows.
    pub seen: String,
    /// What somebody else has saved meanwhile.
    pub overtaken: Option<Overtaken>,
    /// The fields.
    pub form: MailForm,
    /// What went well just now.
    pub good: Option<String>,
    /// What did not.
    pub bad: Vec<String>,
    /// The letters that there are.
    pub letters: Vec<LetterKind>,
}

/// A letter in the list of those that there are.
pub struct LetterKind {
    /// The page that shows it.
    pub href: String,
    /// What it is about; `None` where the one before it is of the same kind.
    pub name: Option<String>,
    /// Its subject, as it may arrive.
    pub example: String,
}

/// The fields, as typed or as stored. Each `…_fault` says what is wrong with its field.
#[derive(Default)]
pub struct MailForm {
    /// Server.
    pub host: String,
    /// Of the server.
    pub host_fault: Option<String>,
    /// Port.
    pub port: String,
    /// Of the port.
    pub port_fault: Option<String>,
    /// How the way is protected.
    pub security: Vec<Choice>,
    /// Of that.
    pub security_fault: Option<String>,
    /// Login.
    pub login: String,
    /// A password is kept; it is never shown.
    pub has_password: bool,
    /// Of the password.
    pub password_fault: Option<String>,
    /// From whom.
    pub sender: String,
    /// Of the sender.
    pub sender_fault: Option<String>,
    /// To whom, one a line.
    pub recipients: String,
    /// Of the recipients.
    pub recipients_fault: Option<String>,
    /// The letters' language.
    pub language: Vec<Choice>,
    /// A certificate authority of the shop's own.
    pub extra_root: String,
    /// Of that.
    pub extra_root_fault: Option<String>,
}

/// A letter in both languages.
#[derive(Template)]
#[template(path = "letter-shown.html")]
pub struct LetterPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The letter, once a language.
    pub shown: Vec<LetterShown>,
    /// The other letters.
    pub letters: Vec<LetterKind>,
}

/// A letter in one language.
pub struct LetterShown {
    /// The language's name.
    pub language: String,
    /// Its code.
    pub code: &'static str,
    /// Subject.
    pub subject: String,
    /// As text.
    pub text: String,
    /// Where its HTML is.
    pub html: String,
}

#[cfg(test)]
impl MailPage {
    /// Not set up, set up, and refused.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let form = |wrong: bool| {
            let fault = |key: &str| wrong.then(|| v.t(key));
            MailForm {
                host: "smtp.example.com".into(),
                host_fault: fault("fault-mail-host"),
                port: "465".into(),
                port_fault: fault("fault-mail-port"),
                security: vec![Choice::new("tls", "TLS", "tls")],
                security_fault: fault("fault-mail-security"),
                login: "desk@example.com".into(),
                has_password: true,
                password_fault: fault("fault-mail-password"),
                sender: "desk@example.com".into(),
                sender_fault: fault("fault-mail-sender"),
                recipients: "olga@example.com\npetr@example.com".into(),
                recipients_fault: fault("fault-mail-recipients"),
                language: vec![Choice::new("ru", v.t("language-ru"), "ru")],
                extra_root: String::new(),
                extra_root_fault: fault("fault-mail-root"),
            }
        };
        let page = |is_set_up: bool, wrong: bool| Self {
            frame: Frame::sample(v, Section::Mail),
            v,
            is_set_up,
            changed_at: is_set_up.then(|| v.when_exactly(&v.now)),
            seen: "0f1e".into(),
            overtaken: None,
            form: form(wrong),
            good: (is_set_up && !wrong).then(|| v.with("mail-trial-sent", "answer", "250 ok")),
            bad: if wrong { vec![v.with("mail-trial-answer", "answer", "535 no")] } else { Vec::new() },
            letters: vec![LetterKind::sample(v)],
        };
        vec![
            ("mail-new", Self { form: MailForm::default(), ..page(false, false) }),
            ("mail", page(true, false)),
            ("mail-refused", page(true, true)),
            ("mail-overtaken", Self { overtaken: Some(Overtaken::sample(v)), ..page(true, false) }),
        ]
    }
}

#[cfg(test)]
impl LetterKind {
    fn sample(v: Voice) -> Self {
        Self {
            href: Page::Letter(0).to_string(),
            name: Some(v.t("mail-kind-new-orders")),
            example: "Ozon: 2".into(),
        }
    }
}

#[cfg(test)]
impl LetterPage {
    /// One letter.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let shown = LetterShown {
            language: v.t("language-ru"),
            code: "ru",
            subject: "Ozon: 2".into(),
            text: "2".into(),
            html: Page::LetterHtml(0).to_string(),
        };
        let letters = vec![LetterKind::sample(v)];
        vec![(
            "letter",
            Self { frame: Frame::sample(v, super::Section::Mail), v, shown: vec![shown], letters },
        )]
    }
}
