//! One product of a posting: without it there is no order line, so it must be readable.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decode::{part, scalar};
use crate::money::{Money, money};

/// More pieces of one product in one posting are an error of somebody.
const MOST_PIECES: u32 = 1_000_000;

/// What was bought and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Product {
    /// The seller's article; `None` or empty only where there is an SKU.
    pub offer_id: Option<String>,
    /// Ozon's identifier, above 0; `None` only where there is an article.
    pub sku: Option<i64>,
    /// Name.
    pub name: Option<String>,
    /// Pieces.
    pub quantity: u32,
    /// Of one piece, the seller's promotions taken off.
    pub price: Money,
    /// Grams of one piece, whichever unit the method writes (kilograms in the lists).
    pub weight_grams: Option<Decimal>,
    /// Colour; only the lists say it.
    pub product_color: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wire {
    #[serde(deserialize_with = "scalar")]
    offer_id: Option<String>,
    #[serde(deserialize_with = "scalar")]
    sku: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
    #[serde(deserialize_with = "scalar")]
    quantity: Option<u32>,
    #[serde(deserialize_with = "money")]
    price: Option<Money>,
    #[serde(deserialize_with = "scalar")]
    currency_code: Option<String>,
    #[serde(deserialize_with = "scalar")]
    weight: Option<Decimal>,
    #[serde(deserialize_with = "part")]
    dimensions: Option<Dimensions>,
    #[serde(deserialize_with = "scalar")]
    product_color: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dimensions {
    #[serde(deserialize_with = "scalar")]
    weight: Option<Decimal>,
}

impl TryFrom<Wire> for Product {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let has_offer = wire.offer_id.as_deref().is_some_and(|offer| !offer.trim().is_empty());
        let sku = wire.sku.filter(|sku| *sku > 0);
        if !has_offer && sku.is_none() {
            return Err("neither an SKU nor an article");
        }
        let quantity = wire.quantity.filter(|pieces| *pieces <= MOST_PIECES).ok_or("no sensible quantity")?;
        let price = wire.price.ok_or("no sensible price")?.or_in(wire.currency_code.as_deref());
        let kilograms = wire.weight.and_then(|weight| weight.checked_mul(Decimal::ONE_THOUSAND));
        let grams = wire.dimensions.and_then(|dimensions| dimensions.weight);
        Ok(Self {
            offer_id: wire.offer_id,
            sku,
            name: wire.name,
            quantity,
            price,
            weight_grams: grams
                .or(kilograms)
                .filter(|weight| *weight >= Decimal::ZERO)
                .map(|weight| weight.normalize()),
            product_color: wire.product_color,
        })
    }
}
