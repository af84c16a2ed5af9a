//! `/v2/delivery-method/list`: the delivery methods of realFBS warehouses.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::directory::{DirectoryPage, Listing, object};
use super::{Method, PageLimit, SortDirection, request};
use crate::codes::TplIntegrationType;
use crate::decode::{Part, list, part, scalar};
use crate::error::Broken;
use crate::pages::Paged;

/// The request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListDeliveryMethods {
    /// Which methods.
    #[serde(skip_serializing_if = "DeliveryMethodFilter::is_empty")]
    pub filter: DeliveryMethodFilter,
    /// Methods on a page.
    pub limit: PageLimit,
    /// Where the page begins; empty for the first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cursor: String,
    /// Which way to sort.
    pub sort_dir: SortDirection,
}

/// Which methods. An empty list filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryMethodFilter {
    /// These, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub delivery_method_ids: Vec<i64>,
    /// Of these delivery services, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub provider_ids: Vec<i64>,
    /// Of these warehouses, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub warehouse_ids: Vec<i64>,
    /// Of these statuses: `NEW`, `EDITED`, `ACTIVE`, `DISABLED`, `WAITING`, `BROKEN`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
}

impl DeliveryMethodFilter {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A delivery method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryMethodEntry {
    /// Its identifier.
    pub id: i64,
    /// Its name.
    pub name: Option<String>,
    /// `ACTIVE`, `DISABLED` and so on.
    pub status: Option<String>,
    /// The warehouse that it serves.
    pub warehouse_id: Option<i64>,
    /// The delivery service.
    pub provider_id: Option<i64>,
    /// Who delivers.
    pub tpl_integration_type: Option<TplIntegrationType>,
    /// Until when an order of the day must be packed, as Ozon writes it.
    pub cutoff: Option<String>,
    /// Minutes for packing an Express order.
    pub sla_cut_in: Option<i64>,
    /// Whether it is of Express.
    pub is_express: Option<bool>,
    /// The template it was made from.
    pub template_id: Option<i64>,
    /// Where parcels are brought: its code.
    pub dropoff_code: Option<String>,
    /// Where parcels are brought: its name.
    pub dropoff_name: Option<String>,
    /// Where parcels are brought: its address.
    pub dropoff_address: Option<String>,
    /// When it was changed.
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "list")]
    delivery_methods: Option<Vec<Part<Entry>>>,
    #[serde(deserialize_with = "scalar")]
    cursor: Option<String>,
    #[serde(deserialize_with = "scalar")]
    has_next: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(deserialize_with = "scalar")]
    id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
    #[serde(deserialize_with = "scalar")]
    status: Option<String>,
    #[serde(deserialize_with = "scalar")]
    warehouse_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    provider_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    tpl_integration_type: Option<TplIntegrationType>,
    #[serde(deserialize_with = "scalar")]
    cutoff: Option<String>,
    #[serde(deserialize_with = "scalar")]
    sla_cut_in: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    is_express: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    template_id: Option<i64>,
    #[serde(deserialize_with = "part")]
    tpl_dropoff_point: Option<Dropoff>,
    #[serde(deserialize_with = "scalar")]
    updated_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dropoff {
    #[serde(deserialize_with = "scalar")]
    code: Option<String>,
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
    #[serde(deserialize_with = "scalar")]
    address: Option<String>,
}

impl Entry {
    fn method(self) -> Option<DeliveryMethodEntry> {
        let dropoff = self.tpl_dropoff_point.unwrap_or_default();
        Some(DeliveryMethodEntry {
            id: self.id?,
            name: self.name,
            status: self.status,
            warehouse_id: self.warehouse_id,
            provider_id: self.provider_id,
            tpl_integration_type: self.tpl_integration_type,
            cutoff: self.cutoff,
            sla_cut_in: self.sla_cut_in,
            is_express: self.is_express,
            template_id: self.template_id,
            dropoff_code: dropoff.code,
            dropoff_name: dropoff.name,
            dropoff_address: dropoff.address,
            updated_at: self.updated_at,
        })
    }
}

impl Method for ListDeliveryMethods {
    const PATH: &'static str = "/v2/delivery-method/list";
    type Answer = DirectoryPage<DeliveryMethodEntry>;

    fn decode(body: &str) -> Result<Self::Answer, Broken> {
        let wire: Wire = object(body)?;
        let listing =
            Listing { entries: wire.delivery_methods, cursor: wire.cursor, has_next: wire.has_next };
        listing.page(Entry::method)
    }
}

impl Paged for ListDeliveryMethods {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn set_cursor(&mut self, cursor: String) {
        self.cursor = cursor;
    }
}
