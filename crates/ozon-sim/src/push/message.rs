//! Owns the texts of push messages about postings (API section 6). Does not send them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::model::posting::Posting;
use crate::model::vocabulary::Status;

pub(crate) const PING: &str = "TYPE_PING";
const NEW_POSTING: &str = "TYPE_NEW_POSTING";
const POSTING_CANCELLED: &str = "TYPE_POSTING_CANCELLED";
const STATE_CHANGED: &str = "TYPE_STATE_CHANGED";
const CUTOFF_DATE_CHANGED: &str = "TYPE_CUTOFF_DATE_CHANGED";
const DELIVERY_DATE_CHANGED: &str = "TYPE_DELIVERY_DATE_CHANGED";

/// Types that a URL can ask for, with words for the lists.
pub(crate) const TYPES: [(&str, &str); 14] = [
    ("TYPE_NEW_MESSAGE", "Пришло сообщение в чат"),
    ("TYPE_UPDATE_MESSAGE", "Сообщение в чате исправлено"),
    ("TYPE_MESSAGE_READ", "Сообщение в чате прочли"),
    ("TYPE_CHAT_CLOSED", "Чат окончен"),
    (NEW_POSTING, "Поступило отправление"),
    ("TYPE_POSTING_SHIPPED", "Отправление отгружено"),
    (POSTING_CANCELLED, "Отправление отменили"),
    (STATE_CHANGED, "У отправления другой статус"),
    (DELIVERY_DATE_CHANGED, "Перенесена доставка"),
    (CUTOFF_DATE_CHANGED, "Перенесена отгрузка"),
    ("TYPE_CREATE_ITEM", "Создан товар"),
    ("TYPE_UPDATE_ITEM", "Обновлён товар"),
    ("TYPE_CREATE_OR_UPDATE_ITEM", "Создан или обновлён товар"),
    ("TYPE_STOCKS_CHANGED", "Другие остатки на складах"),
];

pub(crate) fn ping(at: DateTime<Utc>) -> Value {
    json!({"message_type": PING, "time": at})
}

pub(crate) fn new_posting(posting: &Posting, seller_id: i64) -> Value {
    let products: Vec<Value> = posting
        .lines
        .iter()
        .map(|line| json!({"sku": line.sku, "offer_id": line.offer_id.as_ref(), "quantity": line.quantity}))
        .collect();
    json!({
        "message_type": NEW_POSTING,
        "posting_number": posting.posting_number.as_ref(),
        "products": products,
        "in_process_at": posting.in_process_at,
        "warehouse_id": posting.route.warehouse.id,
        "shipment_date": date(posting.shipment_date),
        "tpl_integration_type": posting.delivery_type,
        "is_express": posting.is_express,
        "tracking_number": posting.tracking_number.as_ref(),
        "delivery_date_begin": posting.delivery_window.0,
        "delivery_date_end": posting.delivery_window.1,
        "seller_id": seller_id,
    })
}

/// What a change of a posting has to tell.
pub(crate) fn of_change(before: &Posting, after: &Posting, seller_id: i64) -> Vec<Value> {
    let mut messages = Vec::new();
    let mut tell = |message_type: &str, mut message: Value| {
        message["message_type"] = json!(message_type);
        message["posting_number"] = json!(after.posting_number.as_ref());
        message["warehouse_id"] = json!(after.route.warehouse.id);
        message["seller_id"] = json!(seller_id);
        messages.push(message);
    };
    if is_cancelled(after) && !is_cancelled(before) {
        tell(POSTING_CANCELLED, cancelled(before, after));
    } else if let Some(new_state) = state(after).filter(|&new| state(before) != Some(new)) {
        let changed = json!({"new_state": new_state, "changed_state_date": after.status_changed_at});
        tell(STATE_CHANGED, changed);
    }
    if before.shipment_date != after.shipment_date {
        let dates = json!({
            "new_cutoff_date": date(after.shipment_date),
            "old_cutoff_date": date(before.shipment_date),
        });
        tell(CUTOFF_DATE_CHANGED, dates);
    }
    if before.delivery_window != after.delivery_window {
        let dates = json!({
            "new_delivery_date_begin": after.delivery_window.0,
            "new_delivery_date_end": after.delivery_window.1,
            "old_delivery_date_begin": before.delivery_window.0,
            "old_delivery_date_end": before.delivery_window.1,
        });
        tell(DELIVERY_DATE_CHANGED, dates);
    }
    messages
}

fn cancelled(before: &Posting, after: &Posting) -> Value {
    let products: Vec<Value> =
        after.lines.iter().map(|line| json!({"sku": line.sku, "quantity": line.quantity})).collect();
    let reason = after.cancellation.as_deref();
    json!({
        "products": products,
        "old_state": state(before).unwrap_or(""),
        "new_state": "posting_canceled",
        "changed_state_date": after.status_changed_at,
        "reason": {
            "id": reason.map_or(0, |reason| reason.reason_id),
            "message": reason.map_or("", |reason| reason.reason.as_str()),
        },
    })
}

fn is_cancelled(posting: &Posting) -> bool {
    matches!(posting.status, Status::Cancelled | Status::CancelledFromSplitPending)
}

/// Push states are the substatuses, but for those that only the seller's side of Ozon knows.
fn state(posting: &Posting) -> Option<&str> {
    match posting.substatus.as_ref() {
        "posting_split_pending" => Some("posting_created"),
        substatus => substatus.starts_with("posting_").then_some(substatus),
    }
}

/// An absent date is an empty text.
fn date(at: Option<DateTime<Utc>>) -> Value {
    at.map_or_else(|| json!(""), |at| json!(at))
}
