//! What the customer pays for each product. Commission and payout are not read: they are 0 until delivery.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decode::{part, parts, scalar, scalars};
use crate::money::{Money, money};

/// The money side of a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FinancialData {
    /// One entry a product.
    #[serde(deserialize_with = "parts")]
    pub products: Option<Vec<FinancialProduct>>,
    /// Cluster that sends.
    #[serde(deserialize_with = "scalar")]
    pub cluster_from: Option<String>,
    /// Cluster that receives.
    #[serde(deserialize_with = "scalar")]
    pub cluster_to: Option<String>,
}

/// The prices of one product. Where an amount bears no currency of its own, it is the account's, as the entry names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire")]
pub struct FinancialProduct {
    /// SKU, despite its name.
    pub product_id: Option<i64>,
    /// Pieces.
    pub quantity: Option<i64>,
    /// With promotions, without what Ozon pays.
    pub price: Option<Money>,
    /// The crossed-out price.
    pub old_price: Option<Money>,
    /// What the customer pays, Ozon's discount taken off; may be in another currency.
    pub customer_price: Option<Money>,
    /// Names of the promotions.
    pub actions: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "scalar")]
    product_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    quantity: Option<i64>,
    #[serde(deserialize_with = "money")]
    price: Option<Money>,
    #[serde(deserialize_with = "money")]
    old_price: Option<Money>,
    #[serde(deserialize_with = "money")]
    customer_price: Option<Money>,
    #[serde(deserialize_with = "scalars")]
    actions: Option<Vec<String>>,
    #[serde(deserialize_with = "scalar")]
    currency_code: Option<String>,
    #[serde(deserialize_with = "scalar")]
    customer_currency_code: Option<String>,
    #[serde(deserialize_with = "part")]
    commission: Option<Commission>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Commission {
    #[serde(deserialize_with = "scalar")]
    currency: Option<String>,
}

impl From<Wire> for FinancialProduct {
    fn from(wire: Wire) -> Self {
        // The lists name the account's currency only in the commission.
        let account = wire.currency_code.or(wire.commission.and_then(|commission| commission.currency));
        let account = account.as_deref();
        let customer = wire.customer_currency_code.as_deref();
        Self {
            product_id: wire.product_id,
            quantity: wire.quantity,
            price: wire.price.map(|price| price.or_in(account)),
            old_price: wire.old_price.map(|price| price.or_in(account)),
            // Without any price of the customer's Ozon writes 0 and no currency; that says nothing.
            customer_price: wire
                .customer_price
                .map(|price| price.or_in(customer))
                .filter(|price| price.amount != Decimal::ZERO || price.currency.is_some()),
            actions: wire.actions,
        }
    }
}
