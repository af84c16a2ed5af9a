//! Owns the truth view: what a posting is, for comparison with what a client made of it.
//! Independent of the answers' shapes.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::actions::available_actions;
use super::posting::{Cancellation, HistoryEntry, LegalEntity, Posting};
use super::vocabulary::{DeliveryType, Flow, Status};

/// A posting as it stands in the cabinet; overrides of its JSON are not in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields bear Ozon's names and mean the same")]
pub struct PostingTruth {
    pub posting_number: String,
    pub order_number: String,
    pub order_id: i64,
    pub parent_posting_number: Option<String>,
    pub related_posting_numbers: Vec<String>,
    pub delivery_type: DeliveryType,
    pub flow: Flow,
    pub status: Status,
    pub substatus: String,
    pub in_process_at: DateTime<Utc>,
    pub shipment_date: Option<DateTime<Utc>>,
    pub delivering_date: Option<DateTime<Utc>>,
    /// The instant that `last_changed_status_date` selects by.
    pub status_changed_at: DateTime<Utc>,
    pub delivery_date_begin: DateTime<Utc>,
    pub delivery_date_end: DateTime<Utc>,
    pub warehouse_id: i64,
    pub warehouse: String,
    pub delivery_method_id: i64,
    pub provider_id: i64,
    pub currency: String,
    pub lines: Vec<LineTruth>,
    /// Price times quantity over all lines, in minor units.
    pub total_minor: i64,
    pub cancellation: Option<Cancellation>,
    pub buyer: Option<BuyerTruth>,
    pub legal: Option<LegalEntity>,
    pub tracking_number: String,
    /// Number of the cargo place, once the posting is in a carriage.
    pub container_number: Option<u32>,
    /// Boxes of the posting, as `multi_box_qty` shows them after packing.
    pub boxes: u32,
    pub is_express: bool,
    pub is_packed: bool,
    pub available_actions: Vec<String>,
    /// The shown JSON is overridden, so answers differ from this view.
    pub is_overridden: bool,
    pub history: Vec<HistoryEntry>,
}

/// A line of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields bear Ozon's names and mean the same")]
pub struct LineTruth {
    pub sku: i64,
    pub offer_id: String,
    pub name: String,
    pub quantity: u32,
    /// Price of one piece in minor units.
    pub price_minor: i64,
}

/// The buyer of a realFBS posting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuyerTruth {
    /// Full name.
    pub name: String,
    /// Substitute number, may be empty.
    pub phone: String,
    /// Extension of the number.
    pub pin: Option<String>,
    /// City of delivery, may be empty.
    pub city: String,
    /// Rest of the address.
    pub address_tail: String,
}

impl PostingTruth {
    pub(crate) fn of(posting: &Posting) -> Self {
        let lines: Vec<LineTruth> = posting
            .lines
            .iter()
            .map(|line| LineTruth {
                sku: line.sku,
                offer_id: line.offer_id.to_string(),
                name: line.name.to_string(),
                quantity: line.quantity,
                price_minor: line.price,
            })
            .collect();
        Self {
            posting_number: posting.posting_number.to_string(),
            order_number: posting.order_number.to_string(),
            order_id: posting.order_id,
            parent_posting_number: posting.parent.as_deref().map(str::to_owned),
            related_posting_numbers: posting.related.iter().map(ToString::to_string).collect(),
            delivery_type: posting.delivery_type.clone(),
            flow: posting.flow.clone(),
            status: posting.status.clone(),
            substatus: posting.substatus.to_string(),
            in_process_at: posting.in_process_at,
            shipment_date: posting.shipment_date,
            delivering_date: posting.delivering_date,
            status_changed_at: posting.status_changed_at,
            delivery_date_begin: posting.delivery_window.0,
            delivery_date_end: posting.delivery_window.1,
            warehouse_id: posting.route.warehouse.id,
            warehouse: posting.route.warehouse.name.clone(),
            delivery_method_id: posting.route.method.id,
            provider_id: posting.route.method.provider_id,
            currency: posting.currency.to_string(),
            total_minor: lines.iter().map(|line| line.price_minor * i64::from(line.quantity)).sum(),
            lines,
            cancellation: posting.cancellation.as_deref().cloned(),
            buyer: posting.buyer.as_ref().map(|buyer| BuyerTruth {
                name: buyer.name.to_string(),
                phone: buyer.phone.to_string(),
                pin: buyer.pin.as_deref().map(str::to_owned),
                city: buyer.address.city.clone(),
                address_tail: buyer.address.tail.clone(),
            }),
            legal: posting.legal.as_deref().cloned(),
            tracking_number: posting.tracking_number.to_string(),
            container_number: posting.container.map(|container| container.number),
            boxes: posting.boxes,
            is_express: posting.is_express,
            is_packed: posting.is_packed,
            available_actions: available_actions(posting).into_iter().map(str::to_owned).collect(),
            is_overridden: !posting.overrides.is_empty(),
            history: posting.history.clone(),
        }
    }
}
