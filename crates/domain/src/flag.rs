//! Marks on an order that ask for a person's attention.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A mark on an order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Flag {
    /// "Отменено в Ozon — не отправлять": cancelled while in work (settings, "Cancellation").
    CancelledInOzon,
    /// "Ожидается возврат": cancelled after it was shipped.
    AwaitingReturn,
    /// Part of the goods was cancelled while the order was in work.
    PartlyCancelled,
    /// "Заявка на отмену — решить до …": a realFBS customer asks to cancel.
    CancellationRequested,
}
