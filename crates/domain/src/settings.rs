//! A cabinet's order settings (design: the settings table), their defaults, and how a change is checked.

mod patch;

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{CustomerId, DeliveryMethodId, PaymentMethodId, SourceId, StatusId};
use crate::ozon_status::{OzonStatus, Stage};
pub use crate::schedule::Every;
pub use patch::{Directory, Fault, KEYS, Problem, apply_patch};

/// The settings of one cabinet. The field names are the keys of settings files and of REST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Rows 1 and 2: when orders are loaded by themselves.
    pub schedule: Schedule,
    /// Row 3: the source of loaded orders.
    pub source_id: SourceId,
    /// Row 4: the customer of every order, or `null` for one each of Ozon's customers.
    pub customer_id: Option<CustomerId>,
    /// Row 5: where Ozon's posting number is shown.
    pub posting_number_to: PostingNumberTo,
    /// Row 6: which instant is the order's date.
    pub order_date: OrderDate,
    /// Row 7: delivery method of loaded orders.
    pub delivery_method_id: DeliveryMethodId,
    /// Row 7: payment method of loaded orders.
    pub payment_method_id: PaymentMethodId,
    /// Row 8: also make orders of postings first seen after assembly.
    pub also_awaiting_deliver: bool,
    /// Row 9: follow changes of boxes.
    pub also_box_changes: bool,
    /// Row 10: a letter about new orders.
    pub notify_new_orders: bool,
    /// Row 11: keep the label's barcodes on the order.
    pub load_barcode: bool,
    /// Row 12: the shop's status for each status (or mappable substatus) of Ozon.
    pub status_map: BTreeMap<String, Option<StatusId>>,
    /// Row 13: mark as paid what Ozon delivered.
    pub mark_paid_when_delivered: bool,
    /// Row 14: a letter about status changes.
    pub notify_status_changes: bool,
    /// Row 15: statuses that move the posting at Ozon.
    pub seller_delivery: SellerDelivery,
    /// Row 16: pass track numbers to Ozon.
    pub send_track_numbers: bool,
    /// What a cancellation at Ozon does, by how far the order has come.
    pub on_cancel: OnCancel,
    /// Older postings (by `in_process_at`) make no order unless they are still in an initial status.
    pub load_from: DateTime<Utc>,
}

/// Rows 1 and 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Load by itself.
    pub enabled: bool,
    /// How often.
    pub every: Every,
    /// Time of day in the shop's zone, for intervals in days.
    #[serde(with = "hours_and_minutes")]
    pub at: NaiveTime,
}

/// Row 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostingNumberTo {
    /// It is the order's number.
    OrderNumber,
    /// It stands in the customer's name; the number comes from the shop's template.
    CustomerName,
}

/// Row 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderDate {
    /// When it was placed at Ozon.
    Placed,
    /// When it was loaded here.
    Imported,
}

/// Row 15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerDelivery {
    /// Sends "Доставляется".
    pub delivering: Option<StatusId>,
    /// Sends "Последняя миля".
    pub last_mile: Option<StatusId>,
    /// Sends "Доставлено".
    pub delivered: Option<StatusId>,
}

/// What a cancellation does to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CancelAct {
    /// Only a flag is put up: `"flag"`.
    Flag(FlagWord),
    /// The order moves to this status.
    Status(StatusId),
}

/// The word `"flag"` of a settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagWord {
    /// `"flag"`.
    Flag,
}

impl CancelAct {
    /// Put up a flag.
    pub const FLAG: Self = Self::Flag(FlagWord::Flag);
}

/// `on_cancel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCancel {
    /// Nobody has worked on it: it moves to this status.
    pub before_work: StatusId,
    /// Packed or taken to work.
    pub in_work: CancelAct,
    /// Already with the carrier.
    pub shipped: CancelAct,
}

impl OnCancel {
    /// The act for a stage.
    pub fn act(&self, stage: Stage) -> CancelAct {
        match stage {
            Stage::BeforeWork => CancelAct::Status(self.before_work),
            Stage::InWork => self.in_work,
            Stage::Shipped => self.shipped,
        }
    }
}

/// The rows of the shop that defaults refer to; they exist on install.
#[derive(Clone, Copy, Debug)]
pub struct Installed {
    /// Source "Ozon".
    pub source: SourceId,
    /// "Доставка Ozon".
    pub delivery_method: DeliveryMethodId,
    /// "Оплата через Ozon".
    pub payment_method: PaymentMethodId,
    /// Новый.
    pub new: StatusId,
    /// В обработке.
    pub in_work: StatusId,
    /// Собран.
    pub packed: StatusId,
    /// Отправлен.
    pub sent: StatusId,
    /// В пункте выдачи.
    pub at_pickup_point: StatusId,
    /// Доставлен.
    pub delivered: StatusId,
    /// Спор.
    pub disputed: StatusId,
    /// Отменён.
    pub cancelled: StatusId,
    /// Возвращён.
    pub returned: StatusId,
}

/// How far back the first load makes orders, before the cabinet was added.
const FIRST_LOAD_DAYS: i64 = 30;

impl Settings {
    /// The defaults on install, for a cabinet added at that time.
    pub fn on_install(shop: &Installed, cabinet_added_at: DateTime<Utc>) -> Self {
        let row = |status: &OzonStatus| {
            let id = match status {
                OzonStatus::AwaitingVerification
                | OzonStatus::AwaitingApprove
                | OzonStatus::AwaitingPackaging => shop.new,
                OzonStatus::AwaitingRegistration
                | OzonStatus::AcceptanceInProgress
                | OzonStatus::AwaitingDeliver => shop.packed,
                OzonStatus::DriverPickup | OzonStatus::Delivering | OzonStatus::SentBySeller => shop.sent,
                OzonStatus::Delivered => shop.delivered,
                OzonStatus::Arbitration | OzonStatus::ClientArbitration | OzonStatus::NotAccepted => {
                    shop.disputed
                }
                OzonStatus::CancelledFromSplitPending => shop.cancelled,
                OzonStatus::Cancelled | OzonStatus::Other(_) => return None,
            };
            Some((status.code().to_owned(), Some(id)))
        };
        let mut status_map: BTreeMap<_, _> = OzonStatus::KNOWN.iter().filter_map(row).collect();
        status_map.insert("posting_in_pickup_point".to_owned(), Some(shop.at_pickup_point));
        status_map.insert("posting_returned_to_warehouse".to_owned(), Some(shop.returned));
        Self {
            schedule: Schedule {
                enabled: true,
                every: Every::Minutes(5),
                at: NaiveTime::MIN + Duration::hours(6),
            },
            source_id: shop.source,
            customer_id: None,
            posting_number_to: PostingNumberTo::OrderNumber,
            order_date: OrderDate::Placed,
            delivery_method_id: shop.delivery_method,
            payment_method_id: shop.payment_method,
            also_awaiting_deliver: false,
            also_box_changes: true,
            notify_new_orders: false,
            load_barcode: true,
            status_map,
            mark_paid_when_delivered: true,
            notify_status_changes: false,
            seller_delivery: SellerDelivery::default(),
            send_track_numbers: false,
            on_cancel: OnCancel {
                before_work: shop.cancelled,
                in_work: CancelAct::FLAG,
                shipped: CancelAct::FLAG,
            },
            load_from: cabinet_added_at - Duration::days(FIRST_LOAD_DAYS),
        }
    }

    /// The row of `status_map` that speaks for a posting: its substatus where that has a status of its own, else its
    /// status. The map acts when this row changes (settings row 12).
    pub fn status_row<'a>(&self, status: &'a OzonStatus, substatus: Option<&'a str>) -> &'a str {
        match substatus {
            Some(sub) if matches!(self.status_map.get(sub), Some(Some(_))) => sub,
            _ => status.code(),
        }
    }

    /// The shop's status that a row leads to; `None` when the row is empty or missing: the status stays.
    pub fn mapped(&self, row: &str) -> Option<StatusId> {
        self.status_map.get(row).copied().flatten()
    }

    /// Every status of the shop that these settings name, with the key that names it.
    pub fn statuses_named(&self) -> Vec<(String, StatusId)> {
        let mut named: Vec<_> = self
            .status_map
            .iter()
            .filter_map(|(row, id)| id.map(|id| (format!("status_map.{row}"), id)))
            .collect();
        named.push(("on_cancel.before_work".to_owned(), self.on_cancel.before_work));
        for (key, act) in
            [("on_cancel.in_work", self.on_cancel.in_work), ("on_cancel.shipped", self.on_cancel.shipped)]
        {
            if let CancelAct::Status(id) = act {
                named.push((key.to_owned(), id));
            }
        }
        let delivery = &self.seller_delivery;
        for (key, id) in [
            ("delivering", delivery.delivering),
            ("last_mile", delivery.last_mile),
            ("delivered", delivery.delivered),
        ] {
            named.extend(id.map(|id| (format!("seller_delivery.{key}"), id)));
        }
        named
    }
}

/// `"HH:MM"`.
mod hours_and_minutes {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
    pub fn serialize<S: Serializer>(time: &NaiveTime, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&time.format("%H:%M"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(serde::de::Error::custom)
    }
}
