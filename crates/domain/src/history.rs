//! What happened to an order and why: the why-journal.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::ids::UserId;
use crate::ozon_status::Stage;
use crate::push::NotTold;
use crate::warehouse_rules::PlaceKind;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Actor {
    /// Ozon, as read in a load.
    Ozon,
    /// Vygruzka by a rule of the settings.
    Rule,
    /// A person in the panel.
    User {
        /// Who.
        id: UserId,
        /// The e-mail address at that time.
        name: String,
    },
    /// A program with a REST token.
    Token {
        /// The token's name.
        name: String,
    },
    /// Someone at the command line.
    Command,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    /// The order came into being.
    Created,
    /// Ozon's status or substatus.
    OzonStatus,
    /// The shop's status.
    Status,
    /// The mark of payment.
    Paid,
    /// The track number.
    TrackNumber,
    /// The lines and the total.
    Lines,
    /// "Отгрузить до".
    ShipBy,
    /// When it was placed.
    PlacedAt,
    /// A flag was put up or taken away.
    Flags,
    /// The bound customer.
    Customer,
    /// The person who works it.
    Manager,
    /// How it is delivered.
    DeliveryMethod,
    /// How it is paid.
    PaymentMethod,
    /// The recipient, address or phone.
    Recipient,
    /// The barcodes of the label.
    Barcodes,
    /// Boxes and container.
    Boxes,
    /// Anything else that Ozon says of the delivery.
    Delivery,
    /// The comment of the shop's people.
    AdminComment,
    /// What was, or was not, told to Ozon.
    Push,
    /// A customer's request to cancel.
    CancellationRequest,
    /// The source and the methods that a new order got.
    Assigned,
    /// What names the customer and the recipient was erased.
    Persons,
}

/// Why it happened, in a form that each language can put into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Reason {
    /// Ozon's own data changed.
    OzonChanged,
    /// First seen in a status in which orders begin.
    FirstSeen {
        /// Ozon's status then.
        ozon_status: String,
    },
    /// By `also_awaiting_deliver`.
    AlsoAwaitingDeliver {
        /// Ozon's status then.
        ozon_status: String,
    },
    /// A person asked for it.
    ByHand,
    /// A person undid what was done to several orders.
    Undone,
    /// By `status_map`.
    StatusMap {
        /// The row: Ozon's status or substatus.
        row: String,
    },
    /// The row of `status_map` is empty, so the status stays.
    NoRowInStatusMap {
        /// The row.
        row: String,
    },
    /// By `mark_paid_when_delivered`.
    MarkPaidWhenDelivered,
    /// By `on_cancel`.
    OnCancel {
        /// How far the order had come.
        stage: Stage,
        /// Ozon's reason in words.
        reason: Option<String>,
        /// Ozon's initiator in words.
        initiator: Option<String>,
    },
    /// Ozon went a step back (as from arbitration, or when packing failed).
    StepBack,
    /// Ozon shows a status after a final cancellation: noted, nothing changes.
    AfterCancellation,
    /// By `load_barcode`.
    LoadBarcode,
    /// By `also_box_changes`: the posting was split.
    Split {
        /// The part that came into being.
        part: String,
        /// What is in it.
        goods: String,
    },
    /// By `also_box_changes`: a part of a posting that has an order.
    PartOf {
        /// That posting.
        parent: String,
    },
    /// `also_box_changes` is off: noted, and nothing else.
    OnlyNoted,
    /// The settings changed, and a person applied the change to the orders that there were.
    SettingsChanged {
        /// The key, with dots.
        key: String,
    },
    /// Ozon says otherwise than a person did; the person's value stands.
    PersonsValueStands,
    /// Ozon was told and shows it.
    Told {
        /// The settings key that asked for it.
        setting: String,
        /// Ozon's answer.
        answer: Option<String>,
        /// Ozon's trace id of the call.
        trace_id: Option<String>,
    },
    /// Ozon was not told, or refused.
    NotTold {
        /// The settings key that asked for it.
        setting: String,
        /// Why not.
        why: NotTold,
        /// Ozon's own words.
        answer: Option<String>,
        /// Ozon's trace id of the call.
        trace_id: Option<String>,
    },
    /// A customer of realFBS asks to cancel, or the request is decided.
    CancellationRequest {
        /// Silence counts as approval from then on.
        decide_by: Option<DateTime<Utc>>,
    },
    /// Ozon shows what our own push brought about: the map does not act.
    OwnPush,
    /// Something waits to be told to Ozon, so the map does not act meanwhile.
    PushWaits {
        /// The row of the map that would have acted.
        row: String,
    },
    /// By a rule of the warehouse or of the delivery method, instead of the cabinet's settings.
    WarehouseRule {
        /// Whose rule.
        of: PlaceKind,
        /// The settings that it spoke instead of.
        settings: Vec<String>,
    },
    /// By the installation's rule: personal data goes so many days after the end.
    ErasedAfter {
        /// How many.
        days: u32,
    },
}

/// One line of an order's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Our time, UTC.
    pub at: DateTime<Utc>,
    /// Ozon's time of it, where Ozon told.
    pub ozon_at: Option<DateTime<Utc>>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub field: Field,
    /// Before; statuses, managers and methods by their id, money as decimal text.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
    /// Why.
    pub reason: Reason,
}
