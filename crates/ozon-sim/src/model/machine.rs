//! Owns the acts that change one posting. Splits, which make new postings, are in `division`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::course;
use super::posting::{Cancellation, Canceller, Override, Posting};
use super::vocabulary::Status;
use std::sync::Arc;

/// Why an act was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// No cabinet has this Client-Id.
    #[error("no cabinet {0}")]
    NoCabinet(String),
    /// The cabinet has no such posting.
    #[error("no posting {0}")]
    NoPosting(String),
    /// The cabinet has one already.
    #[error("posting {0} is there already")]
    PostingExists(String),
    /// The posting's status forbids it.
    #[error("a posting in status {0} cannot do that")]
    WrongStatus(Status),
    /// The posting has no line with this SKU.
    #[error("the posting has no goods with sku {0}")]
    NoLine(i64),
    /// More than there is, or nothing at all.
    #[error("the quantities do not fit the posting")]
    WrongQuantity,
    /// The cabinet has no delivery method that fits.
    #[error("the cabinet has no delivery method for that")]
    NoDeliveryMethod,
    /// Only the buyer of a realFBS posting asks to cancel what is packed.
    #[error("only realFBS postings have cancellation requests")]
    NotRealFbs,
    /// One of the posting's requests waits for the seller already.
    #[error("cancellation request {0} waits for the seller already")]
    RequestExists(i64),
    /// The cabinet has no URL of this id.
    #[error("no url {0}")]
    NoUrl(i64),
    /// The cabinet has no push message of this id, or its URL is gone.
    #[error("no push message {0}")]
    NoPush(u64),
    /// A price is not a decimal number with at most two digits after the point.
    #[error("{0} is not a price")]
    WrongPrice(String),
}

/// Goods of a package or of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Ozon's id of the goods.
    pub sku: i64,
    /// How many.
    pub quantity: u32,
}

/// Something that happens to a posting. In scenario files and control requests the form is
/// `{"kind": "cancel", "by": "customer"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// One step on the usual course of its delivery type.
    Advance,
    /// Straight into a status, unknown ones too, without asking whether it is possible.
    SetStatus {
        /// Any word.
        status: Status,
        /// The first one of the status when absent.
        #[serde(default)]
        substatus: Option<String>,
    },
    /// Cancels with the cancellation block.
    Cancel {
        /// Who.
        by: Canceller,
        /// The usual one of the canceller when absent.
        #[serde(default)]
        reason_id: Option<i64>,
        /// Words of the reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// The buyer of a packed realFBS posting asks to cancel it; the seller decides.
    RequestCancellation {
        /// Words of the reason; the buyer's usual ones when absent.
        #[serde(default)]
        reason: Option<String>,
        /// Seconds of silence that approve it; two days when absent.
        #[serde(default)]
        auto_approve_after_seconds: Option<u32>,
    },
    /// Packs in several packages: the first keeps the number, the others get new ones.
    ShipInPackages {
        /// One package of everything when empty.
        #[serde(default)]
        packages: Vec<Vec<Piece>>,
    },
    /// Divides without packing: the source becomes `cancelled_from_split_pending`.
    Split {
        /// Two halves when empty.
        #[serde(default)]
        parts: Vec<Vec<Piece>>,
    },
    /// Leaves so many of a line; nought removes the line. The status stays.
    ReduceQuantity {
        /// The line.
        sku: i64,
        /// What is left.
        quantity: u32,
    },
    /// Moves the deadline of packing; the status and its instant stay.
    MoveShipmentDate {
        /// `null` takes the date away.
        to: Option<DateTime<Utc>>,
    },
    /// Moves the promised window of delivery; the status and its instant stay.
    MoveDeliveryDate {
        /// Beginning of the window.
        begin: DateTime<Utc>,
        /// Its end.
        end: DateTime<Utc>,
    },
    /// Sets or changes the track number; the status stays.
    SetTrackingNumber {
        /// Any text.
        tracking_number: String,
    },
    /// Changes the shown JSON only.
    Patch {
        /// How.
        #[serde(rename = "override")]
        change: Override,
        /// Also counts as a change of status, so that an incremental reading sees it.
        #[serde(default)]
        touch: bool,
    },
}

/// Does an act on one posting. `Split` and a `ShipInPackages` of several packages are not done
/// here but in `division`, a `RequestCancellation` in `cancelling`.
pub(crate) fn perform(posting: &mut Posting, act: &Act, at: DateTime<Utc>) -> Result<(), ActError> {
    match act {
        Act::Advance => {
            let (status, substatus) =
                course::next(&posting.delivery_type, &posting.flow, &posting.status, &posting.substatus)
                    .ok_or_else(|| ActError::WrongStatus(posting.status.clone()))?;
            posting.enter(status, substatus, at, "advanced");
        }
        Act::SetStatus { status, substatus } => {
            let substatus = substatus.clone().unwrap_or_else(|| status.first_substatus().to_owned());
            if *status == Status::Cancelled && posting.cancellation.is_none() {
                return perform(
                    posting,
                    &Act::Cancel { by: Canceller::Ozon, reason_id: None, reason: None },
                    at,
                );
            }
            if *status != Status::Cancelled {
                posting.cancellation = None;
            }
            posting.enter(status.clone(), substatus, at, "status set");
        }
        Act::Cancel { by, reason_id, reason } => cancel(posting, *by, *reason_id, reason.as_deref(), at)?,
        Act::ShipInPackages { .. } => pack(posting, at)?,
        Act::Split { .. } => return Err(ActError::WrongQuantity),
        Act::RequestCancellation { .. } => return Err(ActError::NotRealFbs),
        Act::ReduceQuantity { sku, quantity } => reduce(posting, *sku, *quantity, at)?,
        Act::MoveShipmentDate { to } => {
            posting.shipment_date = *to;
            posting.note(at, "shipment date moved");
        }
        Act::MoveDeliveryDate { begin, end } => {
            posting.delivery_window = (*begin, *end);
            posting.note(at, "delivery date moved");
        }
        Act::SetTrackingNumber { tracking_number } => {
            posting.tracking_number = tracking_number.as_str().into();
            posting.note(at, "track number set");
        }
        Act::Patch { change, touch } => {
            posting.overrides.push(change.clone());
            if *touch {
                posting.status_changed_at = at;
            }
            posting.note(at, "shown JSON overridden");
        }
    }
    Ok(())
}

fn cancel(
    posting: &mut Posting,
    by: Canceller,
    reason_id: Option<i64>,
    reason: Option<&str>,
    at: DateTime<Utc>,
) -> Result<(), ActError> {
    if posting.status.is_final() {
        return Err(ActError::WrongStatus(posting.status.clone()));
    }
    let (usual_id, usual_reason) = by.usual_reason();
    posting.cancellation = Some(Arc::new(Cancellation {
        by,
        reason_id: reason_id.unwrap_or(usual_id),
        reason: reason.unwrap_or(usual_reason).to_owned(),
        after_ship: posting.is_packed,
    }));
    posting.enter(Status::Cancelled, "posting_canceled", at, "cancelled");
    Ok(())
}

/// Packs everything in one package.
pub(crate) fn pack(posting: &mut Posting, at: DateTime<Utc>) -> Result<(), ActError> {
    if posting.status != Status::AwaitingPackaging {
        return Err(ActError::WrongStatus(posting.status.clone()));
    }
    let (status, substatus) = course::course(&posting.delivery_type, &posting.flow)
        .get(1)
        .cloned()
        .ok_or_else(|| ActError::WrongStatus(posting.status.clone()))?;
    posting.enter(status, substatus, at, "packed");
    Ok(())
}

fn reduce(posting: &mut Posting, sku: i64, quantity: u32, at: DateTime<Utc>) -> Result<(), ActError> {
    let index = posting.lines.iter().position(|line| line.sku == sku).ok_or(ActError::NoLine(sku))?;
    let is_last = posting.lines.len() == 1;
    if quantity >= posting.lines[index].quantity || (quantity == 0 && is_last) {
        return Err(ActError::WrongQuantity);
    }
    if quantity == 0 {
        posting.lines.remove(index);
    } else {
        posting.lines[index].quantity = quantity;
    }
    posting.note(at, "quantity reduced");
    Ok(())
}
