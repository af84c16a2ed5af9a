//! One value that is a text, a number or a truth: int64 as text, numbers as texts, null and `""`. No objects, no lists.

use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What can be read from a plain JSON value; `None` where the value is not one of these.
pub(crate) trait FromScalar: Sized {
    fn from_text(text: &str) -> Option<Self>;

    fn from_whole(_number: i64) -> Option<Self> {
        None
    }

    fn from_fraction(_number: f64) -> Option<Self> {
        None
    }

    fn from_truth(_truth: bool) -> Option<Self> {
        None
    }
}

impl FromScalar for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn from_whole(number: i64) -> Option<Self> {
        Some(number.to_string())
    }

    fn from_fraction(number: f64) -> Option<Self> {
        Some(number.to_string())
    }
}

impl FromScalar for i64 {
    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }

    fn from_whole(number: i64) -> Option<Self> {
        Some(number)
    }

    fn from_fraction(number: f64) -> Option<Self> {
        // Beyond 2^53 a fraction no longer names one whole number.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            Some(number as i64)
        } else {
            None
        }
    }
}

impl FromScalar for u32 {
    fn from_text(text: &str) -> Option<Self> {
        i64::from_text(text).and_then(Self::from_whole)
    }

    fn from_whole(number: i64) -> Option<Self> {
        number.try_into().ok()
    }

    fn from_fraction(number: f64) -> Option<Self> {
        i64::from_fraction(number).and_then(Self::from_whole)
    }
}

impl FromScalar for bool {
    fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    fn from_whole(number: i64) -> Option<Self> {
        match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn from_truth(truth: bool) -> Option<Self> {
        Some(truth)
    }
}

impl FromScalar for f64 {
    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn from_whole(number: i64) -> Option<Self> {
        #[expect(clippy::cast_precision_loss, reason = "coordinates are far below 2^53")]
        Some(number as f64)
    }

    fn from_fraction(number: f64) -> Option<Self> {
        Some(number).filter(|number| number.is_finite())
    }
}

impl FromScalar for Decimal {
    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::from_str_exact(text)
            .or_else(|_| Self::from_scientific(text))
            .ok()
            .map(|number| number.normalize())
    }

    fn from_whole(number: i64) -> Option<Self> {
        Some(Self::from(number))
    }

    fn from_fraction(number: f64) -> Option<Self> {
        // The shortest text that names this fraction is what stood in the JSON, up to 15 digits.
        Self::from_text(&number.to_string())
    }
}

/// An optional field that may hold anything.
pub(crate) fn scalar<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromScalar,
{
    deserializer.deserialize_any(ScalarVisitor(PhantomData))
}

/// An optional list of plain values; those that cannot be read are left out. `None` where it is not a list.
pub(crate) fn scalars<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromScalar,
{
    let items: Option<Vec<Scalar<T>>> = super::part::list(deserializer)?;
    Ok(items.map(|items| items.into_iter().filter_map(|item| item.0).collect()))
}

/// A plain value inside a list or a map.
#[derive(Debug)]
pub(crate) struct Scalar<T>(pub(crate) Option<T>);

impl<'de, T: FromScalar> Deserialize<'de> for Scalar<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(Self)
    }
}

struct ScalarVisitor<T>(PhantomData<T>);

impl<'de, T: FromScalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::from_text(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::from_whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).ok().and_then(T::from_whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::from_fraction(number))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(T::from_truth(truth))
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

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
