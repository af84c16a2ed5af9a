//! How a posting travels: method, courier, container, promised times. Not who receives it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::decode::scalar;
use crate::money::{Money, money};

/// The delivery method and the warehouse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryMethod {
    /// Identifier of the method.
    #[serde(deserialize_with = "scalar")]
    pub id: Option<i64>,
    /// Its name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
    /// Identifier of the warehouse.
    #[serde(deserialize_with = "scalar")]
    pub warehouse_id: Option<i64>,
    /// The warehouse's name.
    #[serde(deserialize_with = "scalar")]
    pub warehouse: Option<String>,
    /// The delivery service's name.
    #[serde(deserialize_with = "scalar")]
    pub tpl_provider: Option<String>,
    /// Identifier of the delivery service.
    #[serde(deserialize_with = "scalar")]
    pub tpl_provider_id: Option<i64>,
}

/// Where it goes, how it is paid and when it is promised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnalyticsData {
    /// Region of delivery; empty for Ozon's own logistics.
    #[serde(deserialize_with = "scalar")]
    pub region: Option<String>,
    /// City of delivery; empty for Ozon's own logistics.
    #[serde(deserialize_with = "scalar")]
    pub city: Option<String>,
    /// `PVZ`, `Courier` and so on.
    #[serde(deserialize_with = "scalar")]
    pub delivery_type: Option<String>,
    /// How the customer pays, in Russian.
    #[serde(deserialize_with = "scalar")]
    pub payment_type_group_name: Option<String>,
    /// Name of the warehouse that sends.
    #[serde(deserialize_with = "scalar")]
    pub warehouse: Option<String>,
    /// Identifier of the warehouse that sends.
    #[serde(deserialize_with = "scalar")]
    pub warehouse_id: Option<i64>,
    /// The delivery service's name.
    #[serde(deserialize_with = "scalar")]
    pub tpl_provider: Option<String>,
    /// Identifier of the delivery service.
    #[serde(deserialize_with = "scalar")]
    pub tpl_provider_id: Option<i64>,
    /// Whether a company buys.
    #[serde(deserialize_with = "scalar")]
    pub is_legal: Option<bool>,
    /// Whether the customer has Ozon's subscription.
    #[serde(deserialize_with = "scalar")]
    pub is_premium: Option<bool>,
    /// Begin of the promised window.
    #[serde(deserialize_with = "scalar")]
    pub delivery_date_begin: Option<DateTime<Utc>>,
    /// End of the promised window.
    #[serde(deserialize_with = "scalar")]
    pub delivery_date_end: Option<DateTime<Utc>>,
    /// Begin of the window that the customer chose.
    #[serde(deserialize_with = "scalar")]
    pub client_delivery_date_begin: Option<DateTime<Utc>>,
    /// End of the window that the customer chose.
    #[serde(deserialize_with = "scalar")]
    pub client_delivery_date_end: Option<DateTime<Utc>>,
}

/// A container of a sorting centre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Container {
    /// `BOX` or `PALLET`.
    #[serde(deserialize_with = "scalar")]
    pub cargo_type: Option<String>,
    /// Its day, as Ozon writes it.
    #[serde(deserialize_with = "scalar")]
    pub container_date: Option<String>,
    /// Its identifier.
    #[serde(deserialize_with = "scalar")]
    pub container_id: Option<i64>,
    /// Its number.
    #[serde(deserialize_with = "scalar")]
    pub container_number: Option<i64>,
}

/// A sorting centre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SortingCenter {
    /// Its code.
    #[serde(deserialize_with = "scalar")]
    pub code: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
}

/// The courier; Ozon leaves the phone empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Courier {
    /// Name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
    /// Phone.
    #[serde(deserialize_with = "scalar")]
    pub phone: Option<String>,
    /// The car's model.
    #[serde(deserialize_with = "scalar")]
    pub car_model: Option<String>,
    /// The car's number.
    #[serde(deserialize_with = "scalar")]
    pub car_number: Option<String>,
}

/// Loading and lifting (ПРР) that the customer ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PrrOption {
    /// Which, as Ozon names it.
    pub code: Option<String>,
    /// What the customer pays for it; only `/v3/posting/fbs/get` says it.
    pub price: Option<Money>,
    /// To which floor; only `/v3/posting/fbs/get` says it.
    pub floor: Option<String>,
}

impl PrrOption {
    fn if_any(code: Option<String>, price: Option<Money>, floor: Option<String>) -> Option<Self> {
        let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        (said(&code) || said(&floor) || price.is_some()).then_some(Self { code, price, floor })
    }
}

/// A text in the lists, an object in `/v3/posting/fbs/get`; `None` where nothing was ordered.
pub(super) fn prr_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PrrOption>, D::Error> {
    deserializer.deserialize_any(PrrVisitor)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PrrObject {
    #[serde(deserialize_with = "scalar")]
    code: Option<String>,
    #[serde(deserialize_with = "money")]
    price: Option<Money>,
    #[serde(deserialize_with = "scalar")]
    currency_code: Option<String>,
    #[serde(deserialize_with = "scalar")]
    floor: Option<String>,
}

struct PrrVisitor;

impl<'de> Visitor<'de> for PrrVisitor {
    type Value = Option<PrrOption>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, code: &str) -> Result<Self::Value, E> {
        Ok(PrrOption::if_any(Some(code.to_owned()), None, None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
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
        let object = PrrObject::deserialize(MapAccessDeserializer::new(fields))?;
        let currency = object.currency_code;
        let price = object.price.map(|price| price.or_in(currency.as_deref()));
        Ok(PrrOption::if_any(object.code, price, object.floor))
    }
}
