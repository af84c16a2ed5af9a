//! The two languages of the panel and the letters: words from `locales/`, and how money, numbers and times are written in
//! each. Does not know pages or letters; what they say is in the `.ftl` files.

mod format;
mod moment;
#[cfg(test)]
mod tests;

use std::borrow::{Borrow, Cow};
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

pub use format::currency_mark;
pub use moment::{Left, Moment};

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "ru",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static RU: LanguageIdentifier = langid!("ru");
static EN: LanguageIdentifier = langid!("en");

/// A language of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Russian: the first language.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The code as HTML and the store write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best match for an `Accept-Language` header; Russian when neither is asked for.
    pub fn negotiate(accept: &str) -> Self {
        let mut best = (Self::Ru, 0.0);
        for part in accept.split(',') {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
            if let Some(lang) = Self::parse(tag.split('-').next().unwrap_or_default())
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Ru => &RU,
            Self::En => &EN,
        }
    }
}

/// How one page speaks: its language, the shop's time zone, and the time at which it is made.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// The language.
    pub lang: Lang,
    /// The shop's zone.
    pub zone: Tz,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Voice {
    /// The words for a key.
    pub fn t(&self, key: &str) -> String {
        LOCALES.lookup(self.lang.id(), key)
    }

    /// The words for a key that may be missing: a code of Ozon's that we have no word for.
    pub fn maybe(&self, key: &str) -> Option<String> {
        // Falls back to Russian when only English lacks it; the tests keep the two equal.
        LOCALES.try_lookup(self.lang.id(), key)
    }

    /// The words for a key that counts something: `$count` chooses the plural, `$n` is the number as written.
    pub fn n(&self, key: &str, count: impl Borrow<u64>) -> String {
        let count: u64 = *count.borrow();
        let args = HashMap::from([
            (Cow::Borrowed("count"), FluentValue::from(count)),
            (Cow::Borrowed("n"), FluentValue::from(self.number(count))),
        ]);
        LOCALES.lookup_with_args(self.lang.id(), key, &args)
    }

    /// The words for a key with one thing named in them.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers and templates hand over values and references alike"
    )]
    pub fn with(&self, key: &str, name: &'static str, value: impl ToString) -> String {
        self.fill(key, &[(name, value.to_string())])
    }

    /// The words for a key with several things named in them.
    pub fn fill(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let args = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(value.clone())))
            .collect();
        LOCALES.lookup_with_args(self.lang.id(), key, &args)
    }

    /// The name of a status of Ozon's; an unknown code as it is.
    pub fn ozon_status(&self, code: &str) -> String {
        self.ozon_word("ozon-status", code).unwrap_or_else(|| self.with("ozon-status-unknown", "code", code))
    }

    /// The name of a substatus of Ozon's; an unknown code as it is.
    pub fn ozon_substatus(&self, code: &str) -> String {
        self.ozon_word("ozon-substatus", code).unwrap_or_else(|| code.to_owned())
    }

    /// The name of a substatus where it says more than its status does.
    pub fn ozon_finer(&self, status: &str, substatus: &str) -> Option<String> {
        let finer = self.ozon_substatus(substatus);
        (finer.to_lowercase() != self.ozon_status(status).to_lowercase()).then_some(finer)
    }

    /// Who cancelled, by Ozon's word for that (API section 3.4); a new word as it is.
    pub fn ozon_initiator(&self, told: &str) -> String {
        let code = match told.trim().to_lowercase().as_str() {
            "продавец" => "seller",
            "клиент" | "покупатель" => "client",
            "ozon" => "ozon",
            "система" => "system",
            "служба доставки" => "delivery",
            _ => return told.to_owned(),
        };
        self.ozon_word("ozon-initiator", code).unwrap_or_else(|| told.to_owned())
    }

    /// A word for a code of Ozon's. Codes come from outside, so only what looks like a key is looked up.
    pub fn ozon_word(&self, family: &str, code: &str) -> Option<String> {
        let plain = !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !plain {
            return None;
        }
        self.maybe(&format!("{family}-{}", code.replace('_', "-").to_ascii_lowercase()))
    }
}
