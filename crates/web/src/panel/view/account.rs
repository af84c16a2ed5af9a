//! One's own account, and the second factor of one's sign-in.

use askama::Template;

use super::Frame;
use crate::panel::qr::Qr;
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// One's own account.
#[derive(Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The address to sign in with.
    pub email: String,
    /// Role in words.
    pub role: String,
    /// The second factor, where one acts.
    pub factor: Option<Factor>,
    /// Where one is signed in.
    pub sessions: Vec<SessionRow>,
    /// What is wrong with the present password.
    pub present_fault: Option<String>,
    /// What is wrong with the new one.
    pub new_fault: Option<String>,
    /// What is wrong with the password that an act on the second factor asks for.
    pub factor_fault: Option<String>,
    /// Recovery codes that were just made: shown this once.
    pub codes: Vec<String>,
}

/// A second factor that acts.
pub struct Factor {
    /// Since when.
    pub since: Moment,
    /// Recovery codes that nobody has used.
    pub codes_left: u64,
}

/// A place where one is signed in.
pub struct SessionRow {
    /// Its name for the form; opens nothing.
    pub id: String,
    /// Browser and system.
    pub device: String,
    /// Since when.
    pub begun: Moment,
    /// Last used.
    pub seen: Moment,
    /// It is the one that looks.
    pub is_this: bool,
}

impl AccountPage {
    /// There are sessions besides this one.
    pub fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_this)
    }
}

/// A second factor that is being set up.
#[derive(Template)]
#[template(path = "second-factor.html")]
pub struct SecondFactorPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The secret in groups, to be typed.
    pub secret: String,
    /// The secret as a picture.
    pub qr: Option<Qr>,
    /// What is wrong with the code.
    pub fault: Option<String>,
}

#[cfg(test)]
impl AccountPage {
    /// Plain, with a second factor, with everything that can be wrong, and with codes.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let session = |is_this: bool| SessionRow {
            id: "0a1b".into(),
            device: if is_this { "Firefox, Windows".into() } else { v.t("device-unknown") },
            begun: v.when(&v.now),
            seen: v.ago(&v.now),
            is_this,
        };
        let page = |factor: Option<u64>, bad: bool, others: bool| Self {
            frame: Frame::sample(v, Section::Outside),
            v,
            email: "olga@example.com".into(),
            role: v.t("role-admin"),
            factor: factor.map(|codes_left| Factor { since: v.when(&v.now), codes_left }),
            sessions: if others { vec![session(true), session(false)] } else { vec![session(true)] },
            present_fault: bad.then(|| v.t("fault-password-wrong")),
            new_fault: bad.then(|| v.t("fault-password-length")),
            factor_fault: bad.then(|| v.t("fault-password-wrong")),
            codes: if factor == Some(10) { vec!["abcd-efgh-jkmn-pqrs".into(); 10] } else { Vec::new() },
        };
        vec![
            ("account", page(None, false, false)),
            ("account-faults", page(None, true, true)),
            ("account-factor", page(Some(2), true, true)),
            ("account-codes", page(Some(10), false, true)),
        ]
    }
}

#[cfg(test)]
impl SecondFactorPage {
    /// New, and with a wrong code.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let page = |fault: Option<String>| Self {
            frame: Frame::sample(v, super::Section::Outside),
            v,
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
            qr: Qr::of("otpauth://totp/example"),
            fault,
        };
        vec![("second-factor", page(None)), ("second-factor-fault", page(Some(v.t("fault-code-wrong"))))]
    }
}
