//! `/v1/seller/info`: whose account it is.

use serde::{Deserialize, Serialize};

use super::Method;
use super::directory::object;
use crate::decode::{part, scalar};
use crate::error::Broken;

/// The request; it has no parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GetSellerInfo {}

/// Whose account it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SellerInfo {
    /// The company.
    pub company: Company,
}

/// The seller's company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Company {
    /// Its name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
    /// Its full name in law.
    #[serde(deserialize_with = "scalar")]
    pub legal_name: Option<String>,
    /// Taxpayer number (ИНН).
    #[serde(deserialize_with = "scalar")]
    pub inn: Option<String>,
    /// Register number (ОГРН).
    #[serde(deserialize_with = "scalar")]
    pub ogrn: Option<String>,
    /// Country.
    #[serde(deserialize_with = "scalar")]
    pub country: Option<String>,
    /// The account's currency, ISO 4217.
    #[serde(deserialize_with = "scalar")]
    pub currency: Option<String>,
    /// Form of ownership.
    #[serde(deserialize_with = "scalar")]
    pub ownership_form: Option<String>,
    /// System of taxation.
    #[serde(deserialize_with = "scalar")]
    pub tax_system: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "part")]
    company: Option<Company>,
}

impl Method for GetSellerInfo {
    const PATH: &'static str = "/v1/seller/info";
    type Answer = SellerInfo;

    fn decode(body: &str) -> Result<SellerInfo, Broken> {
        let wire: Wire = object(body)?;
        let company = wire.company.ok_or(Broken::MissingList)?;
        Ok(SellerInfo { company })
    }
}
