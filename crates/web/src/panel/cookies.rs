//! The cookies that the panel sets. Their values are words of our own and tokens, never what people typed.

use std::fmt;

use axum::http::{HeaderMap, HeaderValue, header};

use crate::state::WebConfig;

/// Who is signed in.
pub(crate) const SESSION: &str = "vygruzka_session";
/// Who told the right password and owes a one-time code.
pub(crate) const SIGN_IN: &str = "vygruzka_sign_in";
/// What was just done.
pub(crate) const FLASH: &str = "flash";
/// Over https only this very host can have set a cookie that is named so.
const OWN: &str = "__Host-";
/// How long a sign-in lasts.
pub(crate) const SESSION_DAYS: i64 = 30;

const DAY: i64 = 24 * 3600;

/// The name that a cookie of a sign-in comes back with.
pub(crate) fn told(name: &str, config: &WebConfig) -> String {
    if config.is_https() { format!("{OWN}{name}") } else { name.to_owned() }
}

/// A cookie for the whole site, for this site's own pages only.
pub(crate) struct SetCookie {
    name: &'static str,
    value: String,
    max_age: i64,
    for_scripts: bool,
    https: bool,
}

impl SetCookie {
    /// A cookie that lives so many seconds.
    pub(crate) fn new(name: &'static str, value: &str, max_age: i64) -> Self {
        Self { name, value: value.to_owned(), max_age, for_scripts: false, https: false }
    }

    /// Takes a cookie away.
    pub(crate) fn gone(name: &'static str) -> Self {
        Self::new(name, "", 0)
    }

    /// Takes the cookie of a sign-in away.
    pub(crate) fn ended(name: &'static str, config: &WebConfig) -> Self {
        Self { https: config.is_https(), ..Self::gone(name) }
    }

    /// The cookie of a sign-in.
    pub(crate) fn session(token: &str, config: &WebConfig) -> Self {
        Self { https: config.is_https(), ..Self::new(SESSION, token, SESSION_DAYS * DAY) }
    }

    /// The cookie of a sign-in that waits for its code; the store lets it wait as long.
    pub(crate) fn sign_in(token: &str, config: &WebConfig) -> Self {
        Self { https: config.is_https(), ..Self::new(SIGN_IN, token, 600) }
    }

    /// A preference, kept for a year; the theme switch of the page's own script writes the same cookie.
    pub(crate) fn preference(name: &'static str, value: &str, config: &WebConfig) -> Self {
        Self { for_scripts: true, https: config.is_https(), ..Self::new(name, value, 365 * DAY) }
    }
}

impl fmt::Display for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.https && !self.for_scripts { OWN } else { "" };
        write!(f, "{prefix}{}={}; Path=/; Max-Age={}; SameSite=Lax", self.name, self.value, self.max_age)?;
        if !self.for_scripts {
            f.write_str("; HttpOnly")?;
        }
        if self.https {
            f.write_str("; Secure")?;
        }
        Ok(())
    }
}

/// Adds a cookie to an answer.
pub(crate) fn put(headers: &mut HeaderMap, cookie: &SetCookie) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, value);
    }
}
