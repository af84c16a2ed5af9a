//! An amount with its currency, in every form that Ozon writes it (API section 3.4). Does not calculate.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::decode::{FromScalar, scalar};

/// No real amount is larger; what is larger is an error of somebody.
const MOST: i64 = 1_000_000_000_000;

/// An amount in a currency's main units (roubles, not kopecks).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Money {
    /// In main units, without trailing zeros: `1530.0000` and `1530` are the same.
    pub amount: Decimal,
    /// ISO 4217 code (`RUB`, `BYN`, `KZT`, `CNY`, …) in upper case; `None` where the answer did not say.
    pub currency: Option<String>,
}

impl Money {
    /// An amount within sense: not negative, not above 10¹². Trailing zeros are dropped, the currency is put in upper case.
    pub fn new(amount: Decimal, currency: Option<&str>) -> Option<Self> {
        if amount.is_sign_negative() && !amount.is_zero() || amount > Decimal::from(MOST) {
            return None;
        }
        Some(Self { amount: amount.normalize().abs(), currency: currency.and_then(currency_code) })
    }

    /// The same amount; where its currency was not said, this one.
    #[must_use]
    pub(crate) fn or_in(mut self, currency: Option<&str>) -> Self {
        if self.currency.is_none() {
            self.currency = currency.and_then(currency_code);
        }
        self
    }
}

fn currency_code(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_uppercase())
}

/// An optional amount: an object `{amount, currency}`, a text, or a number. `None` where there is no readable amount.
pub(crate) fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    deserializer.deserialize_any(MoneyVisitor)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Object {
    #[serde(deserialize_with = "scalar")]
    amount: Option<Decimal>,
    #[serde(deserialize_with = "scalar")]
    currency: Option<String>,
    #[serde(deserialize_with = "scalar")]
    currency_code: Option<String>,
}

struct MoneyVisitor;

impl<'de> Visitor<'de> for MoneyVisitor {
    type Value = Option<Money>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Decimal::from_text(text).and_then(|amount| Money::new(amount, None)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Money::new(Decimal::from(number), None))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Money::new(Decimal::from(number), None))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Decimal::from_fraction(number).and_then(|amount| Money::new(amount, None)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        let object = Object::deserialize(MapAccessDeserializer::new(fields))?;
        let currency = object.currency.or(object.currency_code);
        Ok(object.amount.and_then(|amount| Money::new(amount, currency.as_deref())))
    }
}

#[cfg(test)]
mod tests {

    use serde::Deserialize;

    use super::{Money, money};

    #[derive(Deserialize)]
    struct Priced {
        #[serde(deserialize_with = "money")]
        price: Option<Money>,
    }

    fn read(json: &str) -> Option<(String, Option<String>)> {
        let priced: Priced = serde_json::from_str(&format!(r#"{{"price":{json}}}"#)).unwrap();
        priced.price.map(|money| (money.amount.to_string(), money.currency))
    }

    #[test]
    fn an_amount_is_read_from_an_object_a_text_or_a_number() {
        let roubles = Some("RUB".to_owned());
        assert_eq!(
            read(r#"{"amount":"1530.00","currency":"RUB"}"#),
            Some(("1530".to_owned(), roubles.clone()))
        );
        assert_eq!(
            read(r#"{"amount":12.5,"currency":" rub ","units":1}"#),
            Some(("12.5".to_owned(), roubles.clone()))
        );
        assert_eq!(read(r#"{"amount":0,"currency_code":"RUB"}"#), Some(("0".to_owned(), roubles)));
        assert_eq!(read(r#""1530.0000""#), Some(("1530".to_owned(), None)));
        assert_eq!(read("2500"), Some(("2500".to_owned(), None)));
        assert_eq!(read("0.29"), Some(("0.29".to_owned(), None)));
    }

    #[test]
    fn what_cannot_be_an_amount_is_none() {
        for json in [
            "null",
            "true",
            "[]",
            "{}",
            r#""""#,
            r#""free""#,
            "-1",
            r#"{"amount":null,"currency":"RUB"}"#,
            r#"{"amount":"-0.01","currency":"RUB"}"#,
            "1e13",
            "1000000000001",
            r#""79228162514264337593543950336""#,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
