//! The shape of the settings for the specification alone; `domain::Settings` is what is read and written. A test holds
//! the two together.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::effect::EffectView;
use crate::rest::wire::Time;

/// The order settings of a cabinet.
#[derive(ToSchema)]
#[schema(as = Settings)]
#[expect(dead_code, reason = "describes a shape and is never made")]
pub struct SettingsShape {
    /// When orders are loaded by themselves.
    schedule: ScheduleShape,
    /// The source of loaded orders.
    source_id: i64,
    /// The customer of every order, or null for one each of Ozon's customers.
    customer_id: Option<i64>,
    /// Where Ozon's posting number is shown.
    posting_number_to: PostingNumberToShape,
    /// Which instant is the order's date.
    order_date: OrderDateShape,
    /// Delivery method of loaded orders.
    delivery_method_id: i64,
    /// Payment method of loaded orders.
    payment_method_id: i64,
    /// Also make orders of postings first seen after assembly.
    also_awaiting_deliver: bool,
    /// Follow changes of boxes.
    also_box_changes: bool,
    /// A letter about new orders.
    notify_new_orders: bool,
    /// Keep the label's barcodes on the order.
    load_barcode: bool,
    /// The shop's status for each status (or mappable substatus) of Ozon; null: the order's status stays.
    status_map: BTreeMap<String, Option<i64>>,
    /// Mark as paid what Ozon delivered.
    mark_paid_when_delivered: bool,
    /// A letter about status changes.
    notify_status_changes: bool,
    /// Statuses of the shop that move the posting at Ozon; null: nothing is sent.
    seller_delivery: SellerDeliveryShape,
    /// Pass track numbers to Ozon.
    send_track_numbers: bool,
    /// What a cancellation at Ozon does, by how far the order has come.
    on_cancel: OnCancelShape,
    /// Older postings make no order unless they are still in an initial status.
    load_from: Time,
}

/// What a change of the settings is answered with.
#[derive(ToSchema)]
#[schema(as = ChangedSettings)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes a shape and is never made")]
pub enum ChangeAnswerShape {
    /// All settings as they are now.
    Settings(SettingsShape),
    /// What the change would do; with `dry_run`.
    Effect(EffectView),
}

/// When orders are loaded by themselves.
#[derive(ToSchema)]
#[schema(as = Schedule)]
#[expect(dead_code, reason = "describes a shape and is never made")]
struct ScheduleShape {
    /// Load by itself.
    enabled: bool,
    /// How often.
    every: EveryShape,
    /// Time of day in the shop's zone, for intervals in days.
    #[schema(example = "06:00", pattern = "^[0-2][0-9]:[0-5][0-9]$")]
    at: String,
}

/// An interval: one of the keys.
#[derive(ToSchema)]
#[schema(as = Every, rename_all = "snake_case")]
#[expect(dead_code, reason = "describes a shape and is never made")]
enum EveryShape {
    /// Minutes, 1 to 1440.
    Minutes(u32),
    /// Hours, 1 to 168.
    Hours(u32),
    /// Days, 1 to 31.
    Days(u32),
}

/// Where Ozon's posting number is shown.
#[derive(ToSchema)]
#[schema(as = PostingNumberTo, rename_all = "snake_case")]
#[expect(dead_code, reason = "describes a shape and is never made")]
enum PostingNumberToShape {
    /// It is the order's number.
    OrderNumber,
    /// It stands in the customer's name.
    CustomerName,
}

/// Which instant is the order's date.
#[derive(ToSchema)]
#[schema(as = OrderDate, rename_all = "snake_case")]
#[expect(dead_code, reason = "describes a shape and is never made")]
enum OrderDateShape {
    /// When it was placed at Ozon.
    Placed,
    /// When it was loaded here.
    Imported,
}

/// Statuses of the shop that move the posting at Ozon.
#[derive(ToSchema)]
#[schema(as = SellerDelivery)]
#[expect(dead_code, reason = "describes a shape and is never made")]
struct SellerDeliveryShape {
    /// Sends "Доставляется".
    delivering: Option<i64>,
    /// Sends "Последняя миля".
    last_mile: Option<i64>,
    /// Sends "Доставлено".
    delivered: Option<i64>,
}

/// What a cancellation at Ozon does.
#[derive(ToSchema)]
#[schema(as = OnCancel)]
#[expect(dead_code, reason = "describes a shape and is never made")]
struct OnCancelShape {
    /// Nobody has worked on it: it moves to this status.
    before_work: i64,
    /// Packed or taken to work.
    in_work: CancelActShape,
    /// Already with the carrier.
    shipped: CancelActShape,
}

/// `"flag"`, or the id of the status that the order moves to.
#[derive(ToSchema)]
#[schema(as = CancelAct)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes a shape and is never made")]
enum CancelActShape {
    /// Only a flag is put up.
    Flag(FlagWordShape),
    /// The order moves to this status.
    Status(i64),
}

/// The word.
#[derive(ToSchema)]
#[schema(as = FlagWord, rename_all = "snake_case")]
#[expect(dead_code, reason = "describes a shape and is never made")]
enum FlagWordShape {
    /// `"flag"`.
    Flag,
}
