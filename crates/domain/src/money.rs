//! Amounts of money: whole minor units with their currency.

use std::fmt;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Decimal places of every currency that Ozon settles in (RUB, BYN, KZT, EUR, USD, CNY and others: all two).
const MINOR_DIGITS: u32 = 2;

/// A currency's three-letter code, such as `RUB`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The Russian rouble: the currency of an order that has no line to tell another.
    pub const RUB: Self = Self(*b"RUB");

    /// Reads a code of three Latin letters, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The code as text.
    pub fn code(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a currency code of three letters"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount in minor units (kopecks, cents) of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// No money, of a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Takes a decimal amount; what is finer than a minor unit is rounded half away from zero.
    /// `None` when the amount is too large to be kept exactly.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Option<Self> {
        let minor = amount
            .round_dp_with_strategy(MINOR_DIGITS, RoundingStrategy::MidpointAwayFromZero)
            .checked_mul(Decimal::from(10_i64.pow(MINOR_DIGITS)))?
            .to_i64()?;
        Some(Self { minor, currency })
    }

    /// The amount as a decimal with two places.
    pub fn decimal(&self) -> Decimal {
        Decimal::new(self.minor, MINOR_DIGITS)
    }

    /// The amount times a count; `None` on overflow.
    pub fn times(&self, count: u32) -> Option<Self> {
        Some(Self { minor: self.minor.checked_mul(i64::from(count))?, currency: self.currency })
    }

    /// The sum of two amounts; `None` on overflow or when the currencies differ.
    pub fn plus(&self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self { minor: self.minor.checked_add(other.minor)?, currency: self.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rub(text: &str) -> Option<Money> {
        Money::from_decimal(text.parse().ok()?, Currency::RUB)
    }

    #[test]
    fn four_decimal_places_of_the_older_method_are_read_as_kopecks() {
        assert_eq!(rub("1530.0000").map(|m| m.minor), Some(153_000));
        assert_eq!(rub("0.005").map(|m| m.minor), Some(1));
    }

    #[test]
    fn an_amount_beyond_the_exact_range_is_refused_and_never_wraps() {
        assert_eq!(rub("79228162514264337593543950335"), None);
        let most = Money { minor: i64::MAX, currency: Currency::RUB };
        assert_eq!(most.times(2), None);
        assert_eq!(most.plus(most), None);
    }

    #[test]
    fn currencies_do_not_add_up() {
        let euro = Currency::parse("eur").map(|currency| Money { minor: 1, currency });
        assert_eq!(euro.and_then(|e| Money::zero(Currency::RUB).plus(e)), None);
        assert_eq!(Currency::parse("₽"), None);
    }
}
