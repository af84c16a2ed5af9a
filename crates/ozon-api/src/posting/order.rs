//! What surrounds the order: labels, cancellation, the buying company, demands of marking. Not people, not delivery.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::decode::{Scalar, scalar, scalars};

/// What is scanned off the label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Barcodes {
    /// The upper one.
    #[serde(rename = "upper_barcode", deserialize_with = "barcode")]
    pub upper: Option<String>,
    /// The lower one.
    #[serde(rename = "lower_barcode", deserialize_with = "barcode")]
    pub lower: Option<String>,
    /// The newer `ScanIt` code, printed since October 2026.
    #[serde(deserialize_with = "barcode")]
    pub scanit: Option<String>,
}

impl Barcodes {
    /// `None` where nothing can be scanned.
    pub(super) fn if_any(self) -> Option<Self> {
        (self.upper.is_some() || self.lower.is_some() || self.scanit.is_some()).then_some(self)
    }
}

/// Before packing Ozon writes `0` or nothing (API section 3.5): both are no barcode.
pub(super) fn barcode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = scalar(deserializer)?;
    Ok(text.filter(|text| !matches!(text.trim(), "" | "0")))
}

/// Why and by whom a posting was cancelled; empty texts and 0 where it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cancellation {
    /// Identifier of the reason; 0 for none.
    #[serde(deserialize_with = "scalar")]
    pub cancel_reason_id: Option<i64>,
    /// The reason, in Russian.
    #[serde(deserialize_with = "scalar")]
    pub cancel_reason: Option<String>,
    /// `seller`, `client`, `customer`, `ozon`, `system` or `delivery`.
    #[serde(deserialize_with = "scalar")]
    pub cancellation_type: Option<String>,
    /// Who began it, in Russian.
    #[serde(deserialize_with = "scalar")]
    pub cancellation_initiator: Option<String>,
    /// Whether it was already packed.
    #[serde(deserialize_with = "scalar")]
    pub cancelled_after_ship: Option<bool>,
    /// Whether it lowers the seller's rating.
    #[serde(deserialize_with = "scalar")]
    pub affect_cancellation_rating: Option<bool>,
}

/// The buying company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegalInfo {
    /// Its name.
    #[serde(deserialize_with = "scalar")]
    pub company_name: Option<String>,
    /// Taxpayer number (ИНН).
    #[serde(deserialize_with = "scalar")]
    pub inn: Option<String>,
    /// Registration reason code (КПП).
    #[serde(deserialize_with = "scalar")]
    pub kpp: Option<String>,
}

/// An order that came from another platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalOrder {
    /// Whether it did.
    #[serde(deserialize_with = "scalar")]
    pub is_external: Option<bool>,
    /// Which platform.
    #[serde(deserialize_with = "scalar")]
    pub platform_name: Option<String>,
}

/// The siblings of a split posting.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RelatedPostings {
    #[serde(deserialize_with = "scalars")]
    pub(super) related_posting_numbers: Option<Vec<String>>,
}

/// What must be told of products before packing: the kind of demand, and the SKUs that it is made of.
///
/// A kind is the field's name after `products_requiring_`: `gtd`, `country`, `mandatory_mark`, `jw_uin`, `rnpt`,
/// `change_country`, `imei`, `weight`, and whatever Ozon adds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Requirements(pub BTreeMap<String, Vec<i64>>);

impl Requirements {
    /// `None` where nothing is demanded.
    pub(super) fn if_any(self) -> Option<Self> {
        (!self.0.is_empty()).then_some(self)
    }
}

impl<'de> Deserialize<'de> for Requirements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RequirementsVisitor)
    }
}

/// A list of SKUs, whatever else it may be.
#[derive(Deserialize)]
#[serde(transparent)]
struct Skus(#[serde(deserialize_with = "scalars")] Option<Vec<i64>>);

struct RequirementsVisitor;

impl<'de> Visitor<'de> for RequirementsVisitor {
    type Value = Requirements;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut found = BTreeMap::new();
        while let Some(Scalar(name)) = fields.next_key::<Scalar<String>>()? {
            let Skus(skus) = fields.next_value()?;
            let kind = name.as_deref().and_then(|name| name.strip_prefix("products_requiring_"));
            if let (Some(kind), Some(skus)) = (kind, skus)
                && !skus.is_empty()
            {
                found.insert(kind.to_owned(), skus);
            }
        }
        Ok(Requirements(found))
    }
}
