//! Owns a seller's cabinet: its key, company, warehouses and delivery methods. Not its postings.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::vocabulary::DeliveryType;

/// A role of an API key: its name and the methods (or prefixes of paths) that it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// As in the cabinet: `Admin`, `Posting FBS`, …
    pub name: String,
    /// Whole paths (`/v4/posting/fbs/list`) or prefixes (`/v4/posting`).
    pub methods: Vec<String>,
}

impl Role {
    /// A role by its name and methods.
    pub fn new(name: impl Into<String>, methods: &[&str]) -> Self {
        Self { name: name.into(), methods: methods.iter().map(|&method| method.to_owned()).collect() }
    }

    /// The role that opens everything of orders.
    pub fn admin() -> Self {
        Self::new(
            "Admin",
            &[
                "/v1/notification",
                "/v1/posting",
                "/v1/roles",
                "/v1/seller/info",
                "/v2/conditional-cancellation",
                "/v2/delivery-method/list",
                "/v2/fbs/posting",
                "/v2/posting",
                "/v2/warehouse/list",
                "/v3/posting",
                "/v4/posting",
            ],
        )
    }

    /// The role that reads postings and changes nothing.
    pub fn read_only() -> Self {
        Self::new(
            "Admin read only",
            &[
                "/v1/roles",
                "/v1/seller/info",
                "/v2/conditional-cancellation/list",
                "/v2/delivery-method/list",
                "/v2/warehouse/list",
                "/v3/posting/fbs/get",
                "/v4/posting/fbs/list",
                "/v4/posting/fbs/unfulfilled/list",
            ],
        )
    }

    /// A prefix matches whole path segments only.
    pub(crate) fn opens(&self, path: &str) -> bool {
        self.methods.iter().any(|method| {
            path.strip_prefix(method.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// A warehouse of the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warehouse {
    /// Ozon's id of the warehouse.
    pub id: i64,
    /// As the seller named it.
    pub name: String,
    /// City, for the address and the delivery cluster.
    pub city: String,
    /// Street and house.
    pub address: String,
    /// realFBS: the seller or his carrier delivers.
    pub is_rfbs: bool,
}

/// A delivery method of a warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryMethod {
    /// Ozon's id of the method.
    pub id: i64,
    /// As shown in the cabinet.
    pub name: String,
    /// The warehouse it belongs to.
    pub warehouse_id: i64,
    /// Who delivers.
    pub delivery_type: DeliveryType,
    /// Id of the delivery service.
    pub provider_id: i64,
    /// Name of the delivery service.
    pub provider: String,
    /// Delivered within hours.
    #[serde(default)]
    pub is_express: bool,
}

/// What a cabinet is made from. Everything but the credentials has a sensible default.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CabinetSettings {
    /// `Client-Id`: a number as text.
    pub client_id: String,
    /// `Api-Key`. Never shown by `Debug`, never answered by the control interface.
    #[serde(skip_serializing)]
    pub api_key: String,
    /// The company's name.
    #[serde(default = "default_company")]
    pub company: String,
    /// Currency of the account.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// When the key expires; 90 days from the virtual now when absent.
    #[serde(default)]
    pub key_expires_at: Option<DateTime<Utc>>,
    /// Roles of the key.
    #[serde(default = "default_roles")]
    pub roles: Vec<Role>,
    /// Warehouses; three of them when empty.
    #[serde(default)]
    pub warehouses: Vec<Warehouse>,
    /// Delivery methods; seven of them when empty, every delivery type among them.
    #[serde(default)]
    pub delivery_methods: Vec<DeliveryMethod>,
}

fn default_company() -> String {
    "ООО «Северный прилавок»".to_owned()
}

fn default_currency() -> String {
    "RUB".to_owned()
}

fn default_roles() -> Vec<Role> {
    vec![Role::admin()]
}

impl fmt::Debug for CabinetSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CabinetSettings")
            .field("client_id", &self.client_id)
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}

impl CabinetSettings {
    /// A cabinet in roubles with three warehouses and all delivery types.
    pub fn new(client_id: impl Into<String>, api_key: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            api_key: api_key.into(),
            company: default_company(),
            currency: default_currency(),
            key_expires_at: None,
            roles: default_roles(),
            warehouses: Vec::new(),
            delivery_methods: Vec::new(),
        }
    }
}

/// A cabinet as it stands.
pub(crate) struct Cabinet {
    pub(crate) client_id: Arc<str>,
    pub(crate) api_key: String,
    pub(crate) key_expires_at: DateTime<Utc>,
    pub(crate) key_deactivated: bool,
    pub(crate) roles: Vec<Role>,
    pub(crate) company: String,
    pub(crate) currency: Arc<str>,
    pub(crate) warehouses: Vec<Arc<Warehouse>>,
    pub(crate) methods: Vec<Arc<Route>>,
    pub(crate) created_at: DateTime<Utc>,
}

/// A delivery method together with its warehouse.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: DeliveryMethod,
    pub(crate) warehouse: Arc<Warehouse>,
}

impl Cabinet {
    /// The Client-Id as the number that push messages carry.
    pub(crate) fn seller_id(&self) -> i64 {
        self.client_id.parse().unwrap_or(0)
    }

    /// Methods whose warehouse is not named get the first warehouse.
    pub(crate) fn new(settings: CabinetSettings, now: DateTime<Utc>) -> Self {
        let warehouses =
            if settings.warehouses.is_empty() { default_warehouses() } else { settings.warehouses };
        let methods = if settings.delivery_methods.is_empty() {
            default_methods(&warehouses)
        } else {
            settings.delivery_methods
        };
        let warehouses: Vec<_> = warehouses.into_iter().map(Arc::new).collect();
        let methods = methods
            .into_iter()
            .filter_map(|method| {
                let warehouse = warehouses
                    .iter()
                    .find(|warehouse| warehouse.id == method.warehouse_id)
                    .or_else(|| warehouses.first())?;
                Some(Arc::new(Route { warehouse: Arc::clone(warehouse), method }))
            })
            .collect();
        Self {
            client_id: settings.client_id.into(),
            api_key: settings.api_key,
            key_expires_at: settings.key_expires_at.unwrap_or_else(|| now + chrono::TimeDelta::days(90)),
            key_deactivated: false,
            roles: settings.roles,
            company: settings.company,
            currency: settings.currency.into(),
            warehouses,
            methods,
            created_at: now - chrono::TimeDelta::days(420),
        }
    }
}

fn default_warehouses() -> Vec<Warehouse> {
    let warehouse = |id, name: &str, city: &str, address: &str, is_rfbs| Warehouse {
        id,
        name: name.to_owned(),
        city: city.to_owned(),
        address: address.to_owned(),
        is_rfbs,
    };
    vec![
        warehouse(1_020_004_870_110_000, "Основной склад", "Москва", "Складочный проезд, 14, стр. 3", false),
        warehouse(1_020_004_870_220_000, "Склад Север", "Санкт-Петербург", "ул. Портовая, 9", true),
        warehouse(1_020_004_870_330_000, "Мастерская", "Казань", "ул. Гончарная, 27", true),
    ]
}

fn default_methods(warehouses: &[Warehouse]) -> Vec<DeliveryMethod> {
    let at = |index: usize| warehouses.get(index).or(warehouses.first()).map_or(0, |w| w.id);
    let method = |id, name: &str, warehouse_id, delivery_type, provider_id, provider: &str| DeliveryMethod {
        id,
        name: name.to_owned(),
        warehouse_id,
        delivery_type,
        provider_id,
        provider: provider.to_owned(),
        is_express: false,
    };
    let mut methods = vec![
        method(
            1_020_005_000_110_010,
            "Доставка Ozon, основной склад",
            at(0),
            DeliveryType::Ozon,
            24,
            "Доставка Ozon",
        ),
        method(
            1_020_005_000_110_020,
            "Доставка Ozon, мастерская",
            at(2),
            DeliveryType::Ozon,
            24,
            "Доставка Ozon",
        ),
        method(
            1_020_005_000_220_010,
            "Свой курьер по городу",
            at(1),
            DeliveryType::NonIntegrated,
            0,
            "Самостоятельная доставка",
        ),
        method(
            1_020_005_000_220_020,
            "Курьерская служба «Верста»",
            at(1),
            DeliveryType::ThirdPartyTracking,
            51,
            "Верста",
        ),
        method(1_020_005_000_330_010, "Партнёры Ozon", at(2), DeliveryType::Aggregator, 138, "Ozon Партнёр"),
        method(
            1_020_005_000_330_020,
            "Экспресс до двери",
            at(2),
            DeliveryType::Aggregator,
            139,
            "Ozon Экспресс",
        ),
        method(1_020_005_000_220_030, "Почта по стране", at(1), DeliveryType::Hybryd, 57, "Почтовая служба"),
    ];
    methods[5].is_express = true;
    methods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_opens_by_whole_segments_of_the_path() {
        let role = Role::new("Posting FBS", &["/v4/posting", "/v1/seller/info"]);
        assert!(role.opens("/v4/posting/fbs/list"));
        assert!(role.opens("/v1/seller/info"));
        assert!(!role.opens("/v4/postings"));
        assert!(!role.opens("/v3/posting/fbs/get"));
    }

    #[test]
    fn a_cabinets_debug_form_has_no_key() {
        let settings = CabinetSettings::new("1", "very-secret");
        assert!(!format!("{settings:?}").contains("very-secret"));
    }
}
