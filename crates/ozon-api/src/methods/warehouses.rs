//! `/v2/warehouse/list`: the warehouses of FBS and realFBS.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::directory::{DirectoryPage, Listing, object};
use super::{Method, PageLimit, request};
use crate::decode::{Part, list, part, scalar, scalars};
use crate::error::Broken;
use crate::pages::Paged;

/// The request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListWarehouses {
    /// Warehouses on a page.
    pub limit: PageLimit,
    /// Where the page begins; empty for the first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cursor: String,
    /// Only these, at most 200; all where empty.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub warehouse_ids: Vec<i64>,
}

/// A warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warehouse {
    /// Its identifier.
    pub warehouse_id: i64,
    /// Its name.
    pub name: Option<String>,
    /// `created`, `disabled` and so on.
    pub status: Option<String>,
    /// Of which kind it is.
    pub warehouse_type: Option<String>,
    /// Whether it is of realFBS.
    pub is_rfbs: Option<bool>,
    /// Whether it is of Express.
    pub is_express: Option<bool>,
    /// Whether it holds bulky goods.
    pub is_kgt: Option<bool>,
    /// Its phone.
    pub phone: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its time zone, such as `UTC+03:00`.
    pub utc: Option<String>,
    /// Days of work: `MONDAY` and so on.
    pub working_days: Option<Vec<String>>,
    /// When it was changed.
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "list")]
    warehouses: Option<Vec<Part<Entry>>>,
    #[serde(deserialize_with = "scalar")]
    cursor: Option<String>,
    #[serde(deserialize_with = "scalar")]
    has_next: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(deserialize_with = "scalar")]
    warehouse_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
    #[serde(deserialize_with = "scalar")]
    status: Option<String>,
    #[serde(deserialize_with = "scalar")]
    warehouse_type: Option<String>,
    #[serde(deserialize_with = "scalar")]
    is_rfbs: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    is_express: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    is_kgt: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    phone: Option<String>,
    #[serde(deserialize_with = "part")]
    address_info: Option<AddressInfo>,
    #[serde(deserialize_with = "scalars")]
    working_days: Option<Vec<String>>,
    #[serde(deserialize_with = "scalar")]
    updated_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AddressInfo {
    #[serde(deserialize_with = "scalar")]
    address: Option<String>,
    #[serde(deserialize_with = "scalar")]
    utc: Option<String>,
}

impl Entry {
    fn warehouse(self) -> Option<Warehouse> {
        let place = self.address_info.unwrap_or_default();
        Some(Warehouse {
            warehouse_id: self.warehouse_id?,
            name: self.name,
            status: self.status,
            warehouse_type: self.warehouse_type,
            is_rfbs: self.is_rfbs,
            is_express: self.is_express,
            is_kgt: self.is_kgt,
            phone: self.phone,
            address: place.address,
            utc: place.utc,
            working_days: self.working_days,
            updated_at: self.updated_at,
        })
    }
}

impl Method for ListWarehouses {
    const PATH: &'static str = "/v2/warehouse/list";
    type Answer = DirectoryPage<Warehouse>;

    fn decode(body: &str) -> Result<Self::Answer, Broken> {
        let wire: Wire = object(body)?;
        let listing = Listing { entries: wire.warehouses, cursor: wire.cursor, has_next: wire.has_next };
        listing.page(Entry::warehouse)
    }
}

impl Paged for ListWarehouses {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn set_cursor(&mut self, cursor: String) {
        self.cursor = cursor;
    }
}
