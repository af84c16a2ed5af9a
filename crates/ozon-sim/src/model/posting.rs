//! Owns a posting as it stands in the cabinet, with its goods, buyer and history.
//! Does not move it (see `machine`) and does not show it (see `api`).

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cabinet::Route;
use super::change::ChangeKind;
use super::vocabulary::{DeliveryType, Flow, Status};

/// The cargo place that a posting of Ozon's own delivery was put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) id: i64,
    pub(crate) number: u32,
    pub(crate) made_on: NaiveDate,
}

/// Money in minor units (kopecks).
pub(crate) type Minor = i64;

/// One line of goods.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) sku: i64,
    pub(crate) offer_id: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) color: Arc<str>,
    pub(crate) quantity: u32,
    pub(crate) price: Minor,
    pub(crate) old_price: Minor,
    pub(crate) customer_price: Minor,
    pub(crate) weight_grams: u32,
    /// Height, length, width in millimetres.
    pub(crate) size: [u32; 3],
    /// Needs a mandatory mark before shipping.
    pub(crate) is_marked: bool,
}

/// Who bought and where to; only realFBS postings show it (API section 3.5).
#[derive(Debug, Clone)]
pub(crate) struct Buyer {
    pub(crate) customer_id: i64,
    pub(crate) name: Arc<str>,
    /// Substitute number; may be empty.
    pub(crate) phone: Arc<str>,
    /// Extension of the substitute number.
    pub(crate) pin: Option<Arc<str>>,
    pub(crate) email: Arc<str>,
    pub(crate) address: Arc<Address>,
}

/// Where the buyer is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address {
    pub(crate) tail: String,
    pub(crate) city: String,
    pub(crate) region: String,
    pub(crate) district: String,
    pub(crate) zip: String,
    pub(crate) comment: String,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
}

/// A buyer that is a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalEntity {
    /// Name with its legal form.
    pub company_name: String,
    /// Ten digits.
    pub inn: String,
    /// Nine digits.
    pub kpp: String,
}

/// Who cancelled; decides type and initiator of the cancellation block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canceller {
    /// The buyer (`client`, «Клиент»).
    Customer,
    /// Ozon (`ozon`, «Ozon»).
    Ozon,
    /// The seller (`seller`, «Продавец»).
    Seller,
    /// Ozon's automatic rules (`system`, «Система»).
    System,
    /// The carrier (`delivery`, «Служба доставки»).
    Delivery,
}

impl Canceller {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Customer, Self::Ozon, Self::Seller, Self::System, Self::Delivery];

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Customer => "client",
            Self::Ozon => "ozon",
            Self::Seller => "seller",
            Self::System => "system",
            Self::Delivery => "delivery",
        }
    }

    pub(crate) fn initiator(self) -> &'static str {
        match self {
            Self::Customer => "Клиент",
            Self::Ozon => "Ozon",
            Self::Seller => "Продавец",
            Self::System => "Система",
            Self::Delivery => "Служба доставки",
        }
    }

    /// The reason given when none is named: Ozon's number and our words for it.
    pub(crate) fn usual_reason(self) -> (i64, &'static str) {
        match self {
            Self::Customer => (501, "Покупатель передумал"),
            Self::Ozon => (507, "Отменено площадкой"),
            Self::Seller => (352, "Товара нет в наличии"),
            Self::System => (508, "Истекло время сборки"),
            Self::Delivery => (667, "Служба доставки потеряла отправление"),
        }
    }
}

/// The cancellation block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cancellation {
    /// Who.
    pub by: Canceller,
    /// Ozon's number of the reason.
    pub reason_id: i64,
    /// The reason in words.
    pub reason: String,
    /// Packed already.
    pub after_ship: bool,
}

/// One moment of a posting's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// Virtual time, UTC.
    pub at: DateTime<Utc>,
    /// Status from then on.
    pub status: Status,
    /// Substatus from then on.
    pub substatus: Cow<'static, str>,
    /// What happened.
    pub event: Cow<'static, str>,
}

/// A change of the shown JSON that the truth knows nothing of; for hostile shapes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Override {
    /// Merge patch (RFC 7396): null removes a field.
    Merge(Value),
    /// Puts a value (null too) at a JSON pointer whose parent exists.
    At {
        /// JSON pointer (RFC 6901) into the posting.
        pointer: String,
        /// Any JSON.
        value: Value,
    },
}

/// A posting.
#[expect(clippy::struct_field_names, reason = "they are Ozon's names")]
#[derive(Debug, Clone)]
pub(crate) struct Posting {
    /// Id of creation: orders postings of one instant.
    pub(crate) id: i64,
    pub(crate) posting_number: Arc<str>,
    pub(crate) order_number: Arc<str>,
    pub(crate) order_id: i64,
    pub(crate) parent: Option<Arc<str>>,
    pub(crate) related: Vec<Arc<str>>,
    pub(crate) delivery_type: DeliveryType,
    pub(crate) flow: Flow,
    pub(crate) route: Arc<Route>,
    pub(crate) currency: Arc<str>,
    pub(crate) status: Status,
    pub(crate) substatus: Cow<'static, str>,
    pub(crate) previous_substatus: Cow<'static, str>,
    pub(crate) in_process_at: DateTime<Utc>,
    pub(crate) shipment_date: Option<DateTime<Utc>>,
    pub(crate) shipment_date_without_delay: Option<DateTime<Utc>>,
    pub(crate) delivering_date: Option<DateTime<Utc>>,
    pub(crate) delivery_window: (DateTime<Utc>, DateTime<Utc>),
    pub(crate) status_changed_at: DateTime<Utc>,
    pub(crate) lines: Vec<Line>,
    pub(crate) cancellation: Option<Arc<Cancellation>>,
    pub(crate) buyer: Option<Buyer>,
    pub(crate) legal: Option<Arc<LegalEntity>>,
    pub(crate) tracking_number: Arc<str>,
    /// Moves that were taken and are not seen yet, in the order of their coming.
    pub(crate) moves_under_way: Vec<ChangeKind>,
    pub(crate) container: Option<Container>,
    pub(crate) is_packed: bool,
    pub(crate) is_express: bool,
    pub(crate) is_multibox: bool,
    pub(crate) boxes: u32,
    pub(crate) is_premium: bool,
    pub(crate) payment: &'static str,
    pub(crate) city_to: &'static str,
    pub(crate) history: Vec<HistoryEntry>,
    pub(crate) overrides: Vec<Override>,
}

impl Posting {
    /// Puts the posting into a status at an instant; everything that follows from it is set too.
    pub(crate) fn enter(
        &mut self,
        status: Status,
        substatus: impl Into<Cow<'static, str>>,
        at: DateTime<Utc>,
        event: impl Into<Cow<'static, str>>,
    ) {
        let substatus = substatus.into();
        self.previous_substatus = std::mem::replace(&mut self.substatus, substatus);
        self.status = status;
        self.status_changed_at = at;
        if !self.is_packed && self.is_packed_by_status() {
            self.is_packed = true;
            if self.is_multibox {
                // After packing the flag falls and the number of boxes stands (API section 3.5).
                self.is_multibox = false;
                self.boxes = self.boxes.max(2);
            }
        }
        if matches!(self.status, Status::Delivering | Status::Delivered) && self.delivering_date.is_none() {
            self.delivering_date = Some(at);
        }
        if self.delivery_type == DeliveryType::Aggregator
            && self.tracking_number.is_empty()
            && matches!(self.status, Status::AwaitingDeliver | Status::Delivering)
        {
            self.tracking_number = format!("OZP{:011}", self.id.rem_euclid(100_000_000_000)).into();
        }
        if self.substatus == "posting_in_carriage" && self.container.is_none() {
            let number = u32::try_from(self.id.rem_euclid(100)).map_or(1, |rest| rest + 1);
            self.container = Some(Container { id: self.id + 700_000_000, number, made_on: at.date_naive() });
        }
        self.note(at, event);
    }

    /// Writes the present status into the history.
    pub(crate) fn note(&mut self, at: DateTime<Utc>, event: impl Into<Cow<'static, str>>) {
        self.history.push(HistoryEntry {
            at,
            status: self.status.clone(),
            substatus: self.substatus.clone(),
            event: event.into(),
        });
    }

    fn is_packed_by_status(&self) -> bool {
        matches!(
            self.status,
            Status::AwaitingRegistration
                | Status::AcceptanceInProgress
                | Status::AwaitingDeliver
                | Status::Arbitration
                | Status::ClientArbitration
                | Status::Delivering
                | Status::DriverPickup
                | Status::Delivered
                | Status::NotAccepted
        )
    }

    /// The label's barcodes; Ozon shows `"0"` before packing.
    pub(crate) fn barcode(&self) -> String {
        if self.is_packed { format!("%1%{}", self.id) } else { "0".to_owned() }
    }

    /// The new label barcode of October 2026.
    pub(crate) fn scanit(&self) -> Option<String> {
        self.is_packed.then(|| format!("ii{:015}", self.id))
    }

    /// Commission and payout are nought before delivery (API section 3.5).
    pub(crate) fn is_settled(&self) -> bool {
        self.status == Status::Delivered
    }
}
