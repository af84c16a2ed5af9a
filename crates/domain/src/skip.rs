//! Why a posting made no order.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// The reason for which a stored posting has no order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum SkipReason {
    /// First seen after assembly while `also_awaiting_deliver` is off (settings row 8).
    AlsoAwaitingDeliverOff,
    /// First seen in a status in which no order begins: on its way, delivered, disputed, cancelled.
    FirstSeenTooLate,
    /// In a status that is not in Ozon's documentation as we know it.
    UnknownStatus,
    /// After assembly, and older than `load_from`.
    OlderThanLoadFrom,
    /// Closed, and older than `load_from`: "Архив", counted nowhere.
    Archive,
    /// A part of a posting that has an order, while `also_box_changes` is off (settings row 9).
    PartOfPosting,
    /// Ozon's answer could not be read; it is kept as it came.
    Undecodable,
}

impl SkipReason {
    /// The settings key that kept the posting out, where a setting did.
    pub fn setting(self) -> Option<&'static str> {
        match self {
            Self::AlsoAwaitingDeliverOff => Some("also_awaiting_deliver"),
            Self::PartOfPosting => Some("also_box_changes"),
            Self::OlderThanLoadFrom | Self::Archive => Some("load_from"),
            Self::FirstSeenTooLate | Self::UnknownStatus | Self::Undecodable => None,
        }
    }
}
