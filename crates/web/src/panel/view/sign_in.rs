//! Sign-in, and the first administrator.

use askama::Template;

use super::Frame;
use crate::panel::routes::Page;
use voice::Voice;

/// Sign-in.
#[derive(Template)]
#[template(path = "sign-in.html")]
pub struct SignInPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What was typed.
    pub email: String,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub fault: Option<String>,
    /// The password of a demonstration.
    pub demo_password: Option<String>,
    /// There is no user yet.
    pub no_user_yet: bool,
}

/// The second step of a sign-in.
#[derive(Template)]
#[template(path = "sign-in-code.html")]
pub struct SignInCodePage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub fault: Option<String>,
}

#[cfg(test)]
impl SignInCodePage {
    /// Empty, and with a fault.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let page = |fault: Option<String>| {
            let mut frame = Frame::sample(v, super::Section::Outside);
            frame.person = None;
            Self { frame, v, next: "/orders".into(), fault }
        };
        vec![("sign-in-code", page(None)), ("sign-in-code-refused", page(Some(v.t("sign-in-code-refused"))))]
    }
}

/// The first administrator.
#[derive(Template)]
#[template(path = "set-up.html")]
pub struct SetUpPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// This very address.
    pub action: String,
    /// What was typed.
    pub email: String,
    /// What is wrong with the address.
    pub email_fault: Option<String>,
    /// What is wrong with the password.
    pub password_fault: Option<String>,
}

#[cfg(test)]
impl SignInPage {
    /// Empty, with a fault, in a demonstration.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let page = |fault: Option<String>, demo: bool| {
            let mut frame = Frame::sample(v, super::Section::Outside);
            frame.person = None;
            frame.demo = demo;
            Self {
                frame,
                v,
                email: fault.as_ref().map_or_else(String::new, |_| "olga@example.com".into()),
                next: "/orders".into(),
                no_user_yet: fault.is_some(),
                fault,
                demo_password: demo.then(|| "kfw3-9dkq".into()),
            }
        };
        vec![("sign-in", page(None, true)), ("sign-in-refused", page(Some(v.t("sign-in-refused")), false))]
    }
}

#[cfg(test)]
impl SetUpPage {
    /// With every fault.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let mut frame = Frame::sample(v, super::Section::Outside);
        frame.person = None;
        vec![(
            "set-up",
            Self {
                frame,
                v,
                action: Page::SetUp("abc".into()).to_string(),
                email: "olga".into(),
                email_fault: Some(v.t("fault-email")),
                password_fault: Some(v.t("fault-password-short")),
            },
        )]
    }
}
