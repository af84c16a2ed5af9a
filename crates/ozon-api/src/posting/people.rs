//! Who buys and who receives. Their particulars are personal data, so `Debug` hides them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::decode::{part, scalar};

/// The customer.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// Identifier.
    #[serde(deserialize_with = "scalar")]
    pub customer_id: Option<i64>,
    /// Name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
    /// A substitute number; may be empty although there is a name.
    #[serde(deserialize_with = "scalar")]
    pub phone: Option<String>,
    /// E-mail; only the lists say it.
    #[serde(deserialize_with = "scalar")]
    pub customer_email: Option<String>,
    /// Where to deliver.
    #[serde(deserialize_with = "part")]
    pub address: Option<Address>,
}

/// Where to deliver.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street, house and flat.
    #[serde(deserialize_with = "scalar")]
    pub address_tail: Option<String>,
    /// City.
    #[serde(deserialize_with = "scalar")]
    pub city: Option<String>,
    /// What the customer adds for the courier.
    #[serde(deserialize_with = "scalar")]
    pub comment: Option<String>,
    /// Country.
    #[serde(deserialize_with = "scalar")]
    pub country: Option<String>,
    /// District.
    #[serde(deserialize_with = "scalar")]
    pub district: Option<String>,
    /// Region.
    #[serde(deserialize_with = "scalar")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(deserialize_with = "scalar")]
    pub zip_code: Option<String>,
    /// The delivery service's code of its pick-up point.
    #[serde(deserialize_with = "scalar")]
    pub provider_pvz_code: Option<String>,
    /// Ozon's code of the pick-up point.
    #[serde(deserialize_with = "scalar")]
    pub pvz_code: Option<String>,
    /// Degrees north.
    #[serde(deserialize_with = "scalar")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(deserialize_with = "scalar")]
    pub longitude: Option<f64>,
}

/// The recipient.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Addressee {
    /// Name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
    /// A substitute number; only `/v3/posting/fbs/get` says it.
    #[serde(deserialize_with = "scalar")]
    pub phone: Option<String>,
    /// Extension to dial after the number; only `/v3/posting/fbs/get` says it.
    #[serde(deserialize_with = "scalar")]
    pub pin: Option<String>,
}

macro_rules! hide {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(hidden)"))
            }
        })+
    };
}

hide!(Customer, Address, Addressee);
