//! Owns postings made to measure: what a draft leaves open is generated. Does not store them.

use std::str::FromStr as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

use super::generator::Generator;
use super::options::GeneratorOptions;
use crate::model::cabinet::Cabinet;
use crate::model::machine::ActError;
use crate::model::posting::{LegalEntity, Line, Override, Posting};
use crate::model::vocabulary::{DeliveryType, Flow, Status};

/// A posting to be added; every field may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PostingDraft {
    /// Seed of what is left open; the posting's id of creation when nought.
    pub seed: u64,
    /// `0105259411-0854-2`; generated when absent.
    pub posting_number: Option<String>,
    /// The posting number without its last part when absent.
    pub order_number: Option<String>,
    /// Number of the order.
    pub order_id: Option<i64>,
    /// Ozon's own delivery when absent.
    pub delivery_type: Option<DeliveryType>,
    /// The usual one of the delivery type when absent.
    pub flow: Option<Flow>,
    /// A delivery method of the cabinet; decides the delivery type when that is absent.
    pub delivery_method_id: Option<i64>,
    /// `awaiting_packaging` when absent.
    pub status: Option<Status>,
    /// The first one of the status when absent.
    pub substatus: Option<String>,
    /// The virtual now when absent.
    pub in_process_at: Option<DateTime<Utc>>,
    /// When the status was last changed.
    pub status_changed_at: Option<DateTime<Utc>>,
    /// Deadline of packing.
    pub shipment_date: Option<DateTime<Utc>>,
    /// The posting has no shipment date.
    pub without_shipment_date: bool,
    /// Goods; one to four lines are generated when empty.
    pub lines: Vec<LineDraft>,
    /// The buyer's name, for realFBS.
    pub buyer_name: Option<String>,
    /// The substitute number, for realFBS.
    pub buyer_phone: Option<String>,
    /// A company buys; nobody else does when absent.
    pub legal: Option<LegalEntity>,
    /// Express delivery.
    pub is_express: Option<bool>,
    /// In several boxes: before packing the flag is shown, afterwards the number of boxes.
    pub multi_box_qty: Option<u32>,
    /// Track number.
    pub tracking_number: Option<String>,
    /// Changes of the shown JSON.
    pub overrides: Vec<Override>,
}

/// A line of goods to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineDraft {
    /// Ozon's id of the goods.
    pub sku: i64,
    /// The seller's article.
    pub offer_id: String,
    /// Any text.
    pub name: String,
    /// One when absent.
    #[serde(default = "one")]
    pub quantity: u32,
    /// Decimal text: `"1530.00"`.
    pub price: String,
}

fn one() -> u32 {
    1
}

impl LineDraft {
    fn line(&self) -> Result<Line, ActError> {
        let price = Decimal::from_str(&self.price)
            .ok()
            .and_then(|price| price.checked_mul(Decimal::ONE_HUNDRED))
            .filter(Decimal::is_integer)
            .and_then(|minor| minor.to_i64())
            .ok_or_else(|| ActError::WrongPrice(self.price.clone()))?;
        Ok(Line {
            sku: self.sku,
            offer_id: self.offer_id.as_str().into(),
            name: self.name.as_str().into(),
            color: "".into(),
            quantity: self.quantity,
            price,
            old_price: price,
            customer_price: price,
            weight_grams: 500,
            size: [100, 200, 150],
            is_marked: false,
        })
    }
}

impl PostingDraft {
    /// A draft with a number of its own.
    pub fn numbered(posting_number: impl Into<String>) -> Self {
        Self { posting_number: Some(posting_number.into()), ..Self::default() }
    }

    pub(crate) fn build(
        &self,
        cabinet: &Cabinet,
        id: i64,
        now: DateTime<Utc>,
        is_taken: impl Fn(&str) -> bool,
    ) -> Result<Posting, ActError> {
        let options = GeneratorOptions {
            seed: if self.seed == 0 { id.unsigned_abs() } else { self.seed },
            legal_share: 0.0,
            without_shipment_date_share: 0.0,
            ..GeneratorOptions::default()
        };
        let route = match self.delivery_method_id {
            None => None,
            Some(wanted) => Some(
                cabinet
                    .methods
                    .iter()
                    .find(|route| route.method.id == wanted)
                    .ok_or(ActError::NoDeliveryMethod)?,
            ),
        };
        let kind = self
            .delivery_type
            .clone()
            .or_else(|| route.map(|route| route.method.delivery_type.clone()))
            .unwrap_or(DeliveryType::Ozon);
        let at = self.in_process_at.unwrap_or(now);
        let status = self.status.clone().unwrap_or(Status::AwaitingPackaging);
        let mut posting =
            Generator::new(cabinet, &options, now)?.one(at, Some(kind), Some(&status), is_taken);
        if let Some(route) = route {
            posting.route = Arc::clone(route);
            posting.is_express = route.method.is_express;
        }
        if let Some(number) = &self.posting_number {
            posting.posting_number = number.as_str().into();
            posting.order_number = number.rsplit_once('-').map_or(number.as_str(), |(order, _)| order).into();
        }
        if let Some(number) = &self.order_number {
            posting.order_number = number.as_str().into();
        }
        posting.order_id = self.order_id.unwrap_or(posting.order_id);
        posting.flow = self.flow.clone().unwrap_or(posting.flow);
        if let Some(substatus) = &self.substatus {
            posting.substatus = substatus.clone().into();
        }
        posting.status_changed_at = self.status_changed_at.unwrap_or(posting.status_changed_at);
        if self.without_shipment_date {
            posting.shipment_date = None;
            posting.shipment_date_without_delay = None;
        } else if self.shipment_date.is_some() {
            posting.shipment_date = self.shipment_date;
            posting.shipment_date_without_delay = self.shipment_date;
        }
        if !self.lines.is_empty() {
            posting.lines = self.lines.iter().map(LineDraft::line).collect::<Result<_, _>>()?;
        }
        if let Some(buyer) = &mut posting.buyer {
            if let Some(name) = &self.buyer_name {
                buyer.name = name.as_str().into();
            }
            if let Some(phone) = &self.buyer_phone {
                buyer.phone = phone.as_str().into();
            }
        }
        posting.legal = self.legal.clone().map(Arc::new);
        posting.is_express = self.is_express.unwrap_or(posting.is_express);
        if let Some(boxes) = self.multi_box_qty {
            posting.boxes = boxes.max(1);
            posting.is_multibox = boxes > 1 && !posting.is_packed;
        }
        if let Some(number) = &self.tracking_number {
            posting.tracking_number = number.as_str().into();
        }
        posting.overrides.clone_from(&self.overrides);
        Ok(posting)
    }
}
