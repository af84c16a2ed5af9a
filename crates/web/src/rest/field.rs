//! The texts that people's programs fill in, each with what it may hold. Whether a name is free is the store's to say.

use std::borrow::Cow;

use secrecy::SecretString;
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $rule:literal, $most:literal, |$text:ident| $fits:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = &'static str;
            fn try_from(given: String) -> Result<Self, Self::Error> {
                let $text = given.trim();
                // Counted as it was sent: that is what the specification bounds.
                if given.chars().count() <= $most && $fits { Ok(Self($text.to_owned())) } else { Err($rule) }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .max_length(Some($most))
                    .description(Some($rule))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

texts! {
    /// A name in a list.
    Name, "a name has 1 to 200 printable characters", 200, |text| !text.is_empty() && is_one_line(text);
    /// A phone, an address: one line, which may be empty.
    Line, "it is one line of at most 200 printable characters", 200, |text| is_one_line(text);
    /// A remark of several lines.
    Remark, "a comment has at most 5000 characters and no control characters", 5000,
        |text| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    /// `#rrggbb`.
    Color, "a color is written #rrggbb", 7, |text| text.len() == 7
        && text.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    /// An e-mail address.
    Email, "an e-mail address is written name@host", 254, |text| is_visible(text, false)
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    /// Ozon's Client-Id.
    ClientId, "a Client-Id has 1 to 64 letters, digits, dashes or underscores", 64, |text| !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    /// Ozon's Api-Key.
    ApiKey, "an Api-Key has 1 to 200 visible Latin characters without spaces", 200, |text| is_visible(text, true);
}

macro_rules! plain {
    ($($name:ident),*) => {$(
        impl $name {
            /// The text.
            pub fn into_text(self) -> String {
                self.0
            }
        }
    )*};
}
plain!(Name, Remark, Color, Email, ClientId);

/// No control characters, so nothing that breaks a line, a letter's header or PostgreSQL.
fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// One word without white space; it goes into headers as it is when it is Latin alone.
fn is_visible(text: &str, latin: bool) -> bool {
    !text.is_empty()
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && (!latin || c.is_ascii_graphic()))
}

impl Line {
    /// The text, unless it is empty.
    pub fn into_filled(self) -> Option<String> {
        Some(self.0).filter(|text| !text.is_empty())
    }
}

impl ApiKey {
    /// The key, kept from logs.
    pub fn into_secret(self) -> SecretString {
        self.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits<T: TryFrom<String>>(text: &str) -> bool {
        T::try_from(text.to_owned()).is_ok()
    }

    #[test]
    fn a_name_is_trimmed_and_never_empty_or_broken() {
        assert_eq!(Name::try_from("  Ozon ".to_owned()).map(Name::into_text), Ok("Ozon".to_owned()));
        assert!(!fits::<Name>("   ") && !fits::<Name>("a\u{0}b") && !fits::<Name>(&"я".repeat(201)));
        assert!(fits::<Name>(&"я".repeat(200)) && !fits::<Name>(&format!(" {}", "я".repeat(200))));
    }

    #[test]
    fn what_goes_into_a_header_has_nothing_that_breaks_one() {
        assert!(
            fits::<ApiKey>("5e8e-…".trim_end_matches('…'))
                && !fits::<ApiKey>("a b")
                && !fits::<ApiKey>("ключ")
        );
        assert!(fits::<ClientId>("123456") && !fits::<ClientId>("1\r\n2") && !fits::<ClientId>(""));
    }

    #[test]
    fn a_color_has_six_hexadecimal_digits() {
        assert!(fits::<Color>("#3A7bd5"));
        assert!(!fits::<Color>("3a7bd5f") && !fits::<Color>("#3a7bd") && !fits::<Color>("#зеленый"));
    }
}
