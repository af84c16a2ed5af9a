//! Money and numbers as people write them in each language.

use domain::{Currency, Money};

use super::{Lang, Voice};

/// Between groups of digits and before a currency's sign: narrow, and never broken.
const NARROW: char = '\u{202f}';

impl Voice {
    /// A whole number with its thousands apart.
    pub fn number(&self, number: u64) -> String {
        grouped(&number.to_string(), self.lang)
    }

    /// An amount with its currency's sign: `1 530,00 ₽`, in English `₽1,530.00`.
    pub fn money(&self, money: &Money) -> String {
        let sign = if money.minor < 0 { "−" } else { "" };
        let minor = money.minor.unsigned_abs();
        let (whole, part) = (grouped(&(minor / 100).to_string(), self.lang), minor % 100);
        let mark = currency_mark(&money.currency);
        match self.lang {
            Lang::Ru => format!("{sign}{whole},{part:02}{NARROW}{mark}"),
            Lang::En if mark.chars().count() > 1 => format!("{sign}{mark}{NARROW}{whole}.{part:02}"),
            Lang::En => format!("{sign}{mark}{whole}.{part:02}"),
        }
    }
}

/// The sign of a currency; its code where we know none.
pub fn currency_mark(currency: &Currency) -> &str {
    match currency.code() {
        "RUB" => "₽",
        "BYN" => "Br",
        "KZT" => "₸",
        "EUR" => "€",
        "USD" => "$",
        "CNY" => "¥",
        other => other,
    }
}

fn grouped(digits: &str, lang: Lang) -> String {
    let separator = if lang == Lang::Ru { NARROW } else { ',' };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}
