//! What a person (or a program with a token) does to an order.

use chrono::{DateTime, Utc};

use crate::history::{Actor, Field, HistoryEntry, Reason};
use crate::ids::StatusId;
use crate::order::Order;

/// One act on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Move it to a status.
    SetStatus(StatusId),
    /// Set or take the mark of payment.
    SetPaid(bool),
    /// Write the shop's comment.
    SetComment(String),
}

/// The order after an act, with the history of it; an act that changes nothing leaves no trace.
pub fn decide(order: &Order, act: Act, actor: &Actor, now: DateTime<Utc>) -> Option<(Order, HistoryEntry)> {
    let mut after = order.clone();
    let (field, old, new) = match act {
        Act::SetStatus(id) => {
            after.moved_by_hand = true;
            let old = std::mem::replace(&mut after.status_id, id);
            if old == id {
                return None;
            }
            (Field::Status, old.to_string(), id.to_string())
        }
        Act::SetPaid(paid) => {
            if order.paid == paid {
                return None;
            }
            after.paid = paid;
            after.paid_at = paid.then_some(now);
            after.paid_by_hand = true;
            (Field::Paid, order.paid.to_string(), paid.to_string())
        }
        Act::SetComment(text) => {
            if order.admin_comment == text {
                return None;
            }
            let old = std::mem::replace(&mut after.admin_comment, text.clone());
            (Field::AdminComment, old, text)
        }
    };
    let entry = HistoryEntry {
        at: now,
        ozon_at: None,
        actor: actor.clone(),
        field,
        old: Some(old),
        new: Some(new),
        reason: Reason::ByHand,
    };
    Some((after, entry))
}
