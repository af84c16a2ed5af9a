//! Ozon's push messages about FBS and realFBS postings (API section 6). Does not receive them; what to answer is in [`reply`].
//!
//! A message bears no signature, so it is only a hint: read the posting again before believing it.

pub mod reply;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use crate::codes::TplIntegrationType;
use crate::decode::{from_text, part, parts, scalar};
use crate::posting::sensible_number;

/// A push message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PushMessage {
    /// Ozon asks whether we are there.
    Ping {
        /// When it asked.
        time: Option<DateTime<Utc>>,
    },
    /// A posting was made.
    NewPosting(NewPosting),
    /// A posting was cancelled.
    PostingCancelled(PostingCancelled),
    /// A posting changed its state.
    StateChanged(StateChanged),
    /// The deadline to pack moved.
    CutoffDateChanged(CutoffDateChanged),
    /// The promised delivery moved.
    DeliveryDateChanged(DeliveryDateChanged),
    /// A message that is not about FBS postings, or that was not known when this was written.
    Other {
        /// Its type, such as `TYPE_STOCKS_CHANGED`.
        message_type: String,
        /// The account's number, if it says one.
        seller_id: Option<i64>,
    },
}

/// Why a text is not a push message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// It is not a JSON object.
    #[error("the message is not a JSON object")]
    NotJson,
    /// A field is missing without which it says nothing.
    #[error("the message has no {0}")]
    Missing(&'static str),
}

/// `TYPE_NEW_POSTING`.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPosting {
    /// Which posting.
    pub posting_number: String,
    /// The account's number.
    pub seller_id: Option<i64>,
    /// What was bought.
    pub products: Vec<PushProduct>,
    /// When processing began; absent on late payment.
    pub in_process_at: Option<DateTime<Utc>>,
    /// The warehouse.
    pub warehouse_id: Option<i64>,
    /// Recommended deadline to hand it over.
    pub shipment_date: Option<DateTime<Utc>>,
    /// Who delivers.
    pub tpl_integration_type: Option<TplIntegrationType>,
    /// Whether it is an Express delivery.
    pub is_express: Option<bool>,
    /// The track number.
    pub tracking_number: Option<String>,
    /// Begin of the promised window.
    pub delivery_date_begin: Option<DateTime<Utc>>,
    /// End of the promised window.
    pub delivery_date_end: Option<DateTime<Utc>>,
}

/// A product that a message names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PushProduct {
    /// Ozon's identifier.
    #[serde(deserialize_with = "scalar")]
    pub sku: Option<i64>,
    /// The seller's article.
    #[serde(deserialize_with = "scalar")]
    pub offer_id: Option<String>,
    /// Pieces.
    #[serde(deserialize_with = "scalar")]
    pub quantity: Option<i64>,
}

/// `TYPE_POSTING_CANCELLED`.
#[derive(Clone, Debug, PartialEq)]
pub struct PostingCancelled {
    /// Which posting.
    pub posting_number: String,
    /// The account's number.
    pub seller_id: Option<i64>,
    /// What was cancelled.
    pub products: Vec<PushProduct>,
    /// The substatus before.
    pub old_state: Option<String>,
    /// The substatus now.
    pub new_state: Option<String>,
    /// When.
    pub changed_state_date: Option<DateTime<Utc>>,
    /// Why: the reason's identifier.
    pub reason_id: Option<i64>,
    /// Why, in words.
    pub reason: Option<String>,
    /// The warehouse.
    pub warehouse_id: Option<i64>,
}

/// `TYPE_STATE_CHANGED`.
#[derive(Clone, Debug, PartialEq)]
pub struct StateChanged {
    /// Which posting.
    pub posting_number: String,
    /// The account's number.
    pub seller_id: Option<i64>,
    /// The substatus now.
    pub new_state: Option<String>,
    /// When.
    pub changed_state_date: Option<DateTime<Utc>>,
    /// The warehouse.
    pub warehouse_id: Option<i64>,
}

/// `TYPE_CUTOFF_DATE_CHANGED`.
#[derive(Clone, Debug, PartialEq)]
pub struct CutoffDateChanged {
    /// Which posting.
    pub posting_number: String,
    /// The account's number.
    pub seller_id: Option<i64>,
    /// The deadline now.
    pub new_cutoff_date: Option<DateTime<Utc>>,
    /// The deadline before.
    pub old_cutoff_date: Option<DateTime<Utc>>,
    /// The warehouse.
    pub warehouse_id: Option<i64>,
}

/// `TYPE_DELIVERY_DATE_CHANGED`.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryDateChanged {
    /// Which posting.
    pub posting_number: String,
    /// The account's number.
    pub seller_id: Option<i64>,
    /// Begin of the window now.
    pub new_delivery_date_begin: Option<DateTime<Utc>>,
    /// End of the window now.
    pub new_delivery_date_end: Option<DateTime<Utc>>,
    /// Begin of the window before.
    pub old_delivery_date_begin: Option<DateTime<Utc>>,
    /// End of the window before.
    pub old_delivery_date_end: Option<DateTime<Utc>>,
    /// The warehouse.
    pub warehouse_id: Option<i64>,
}

/// The fields of all messages together.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "scalar")]
    message_type: Option<String>,
    #[serde(deserialize_with = "scalar")]
    time: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    posting_number: Option<String>,
    #[serde(deserialize_with = "scalar")]
    seller_id: Option<i64>,
    #[serde(deserialize_with = "parts")]
    products: Option<Vec<PushProduct>>,
    #[serde(deserialize_with = "scalar")]
    in_process_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    warehouse_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    shipment_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    tpl_integration_type: Option<TplIntegrationType>,
    #[serde(deserialize_with = "scalar")]
    is_express: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    tracking_number: Option<String>,
    #[serde(deserialize_with = "scalar")]
    delivery_date_begin: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    delivery_date_end: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    old_state: Option<String>,
    #[serde(deserialize_with = "scalar")]
    new_state: Option<String>,
    #[serde(deserialize_with = "scalar")]
    changed_state_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "part")]
    reason: Option<Reason>,
    #[serde(deserialize_with = "scalar")]
    new_cutoff_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    old_cutoff_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    new_delivery_date_begin: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    new_delivery_date_end: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    old_delivery_date_begin: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    old_delivery_date_end: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reason {
    #[serde(deserialize_with = "scalar")]
    id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    message: Option<String>,
}

impl PushMessage {
    /// Reads a message's body as it arrived; broken characters are replaced.
    ///
    /// # Errors
    /// Those of [`from_json`](Self::from_json).
    pub fn from_bytes(body: &[u8]) -> Result<Self, PushError> {
        Self::from_json(&String::from_utf8_lossy(body))
    }

    /// Reads a message's body.
    ///
    /// # Errors
    /// Where it is no JSON object, has no type, or is about a posting and does not name it.
    pub fn from_json(json: &str) -> Result<Self, PushError> {
        if !json.trim_start().starts_with('{') {
            return Err(PushError::NotJson);
        }
        let wire: Wire = from_text(json).map_err(|_| PushError::NotJson)?;
        let message_type = wire
            .message_type
            .as_deref()
            .map(str::trim)
            .filter(|kind| !kind.is_empty())
            .ok_or(PushError::Missing("message_type"))?
            .to_owned();
        let number = wire
            .posting_number
            .as_deref()
            .and_then(sensible_number)
            .ok_or(PushError::Missing("posting_number"));
        let seller_id = wire.seller_id;
        let warehouse_id = wire.warehouse_id;
        Ok(match message_type.as_str() {
            "TYPE_PING" => Self::Ping { time: wire.time },
            "TYPE_NEW_POSTING" => Self::NewPosting(NewPosting {
                posting_number: number?,
                seller_id,
                products: wire.products.unwrap_or_default(),
                in_process_at: wire.in_process_at,
                warehouse_id,
                shipment_date: wire.shipment_date,
                tpl_integration_type: wire.tpl_integration_type,
                is_express: wire.is_express,
                tracking_number: wire.tracking_number,
                delivery_date_begin: wire.delivery_date_begin,
                delivery_date_end: wire.delivery_date_end,
            }),
            "TYPE_POSTING_CANCELLED" => {
                let reason = wire.reason.unwrap_or_default();
                Self::PostingCancelled(PostingCancelled {
                    posting_number: number?,
                    seller_id,
                    products: wire.products.unwrap_or_default(),
                    old_state: wire.old_state,
                    new_state: wire.new_state,
                    changed_state_date: wire.changed_state_date,
                    reason_id: reason.id,
                    reason: reason.message,
                    warehouse_id,
                })
            }
            "TYPE_STATE_CHANGED" => Self::StateChanged(StateChanged {
                posting_number: number?,
                seller_id,
                new_state: wire.new_state,
                changed_state_date: wire.changed_state_date,
                warehouse_id,
            }),
            "TYPE_CUTOFF_DATE_CHANGED" => Self::CutoffDateChanged(CutoffDateChanged {
                posting_number: number?,
                seller_id,
                new_cutoff_date: wire.new_cutoff_date,
                old_cutoff_date: wire.old_cutoff_date,
                warehouse_id,
            }),
            "TYPE_DELIVERY_DATE_CHANGED" => Self::DeliveryDateChanged(DeliveryDateChanged {
                posting_number: number?,
                seller_id,
                new_delivery_date_begin: wire.new_delivery_date_begin,
                new_delivery_date_end: wire.new_delivery_date_end,
                old_delivery_date_begin: wire.old_delivery_date_begin,
                old_delivery_date_end: wire.old_delivery_date_end,
                warehouse_id,
            }),
            _ => Self::Other { message_type, seller_id },
        })
    }

    /// The posting that it is about.
    pub fn posting_number(&self) -> Option<&str> {
        match self {
            Self::NewPosting(message) => Some(&message.posting_number),
            Self::PostingCancelled(message) => Some(&message.posting_number),
            Self::StateChanged(message) => Some(&message.posting_number),
            Self::CutoffDateChanged(message) => Some(&message.posting_number),
            Self::DeliveryDateChanged(message) => Some(&message.posting_number),
            Self::Ping { .. } | Self::Other { .. } => None,
        }
    }

    /// The account's number, to be compared with the Client-Id.
    pub fn seller_id(&self) -> Option<i64> {
        match self {
            Self::NewPosting(message) => message.seller_id,
            Self::PostingCancelled(message) => message.seller_id,
            Self::StateChanged(message) => message.seller_id,
            Self::CutoffDateChanged(message) => message.seller_id,
            Self::DeliveryDateChanged(message) => message.seller_id,
            Self::Other { seller_id, .. } => *seller_id,
            Self::Ping { .. } => None,
        }
    }

    /// What is the same when Ozon sends the same event again; `None` for a ping and for messages that are not about FBS postings.
    /// Its length is the sender's to choose.
    pub fn event_key(&self) -> Option<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let time = |time: &Option<DateTime<Utc>>| {
            time.map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Micros, true))
        };
        Some(match self {
            Self::NewPosting(message) => format!("new|{}", message.posting_number),
            Self::PostingCancelled(message) => {
                format!("cancelled|{}|{}", message.posting_number, time(&message.changed_state_date))
            }
            Self::StateChanged(message) => format!(
                "state|{}|{}|{}",
                message.posting_number,
                text(&message.new_state),
                time(&message.changed_state_date)
            ),
            Self::CutoffDateChanged(message) => {
                format!("cutoff|{}|{}", message.posting_number, time(&message.new_cutoff_date))
            }
            Self::DeliveryDateChanged(message) => {
                format!("delivery|{}|{}", message.posting_number, time(&message.new_delivery_date_begin))
            }
            Self::Ping { .. } | Self::Other { .. } => return None,
        })
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
