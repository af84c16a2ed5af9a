//! Owns `/v2/fbs/posting/…`: track numbers and the seller's moves. Does not judge them.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{DELIVERED, DELIVERING, LAST_MILE, TRACKING_NUMBER_SET};
use crate::model::change::{Asked, ChangeKind};
use crate::model::seller;
use crate::model::world::World;
use crate::refusal::Refusal;

/// `None` for a method that changes no posting item by item.
pub(crate) fn kind_of(path: &str) -> Option<ChangeKind> {
    match path {
        TRACKING_NUMBER_SET => Some(ChangeKind::TrackNumber),
        DELIVERING => Some(ChangeKind::Delivering),
        LAST_MILE => Some(ChangeKind::LastMile),
        DELIVERED => Some(ChangeKind::Delivered),
        _ => None,
    }
}

/// Every item by itself: one refused does not keep the others back. `demanded` asks for each
/// posting whether a fault wants it refused.
pub(crate) fn change(
    world: &mut World,
    client_id: &str,
    kind: ChangeKind,
    body: &Value,
    delay: TimeDelta,
    mut demanded: impl FnMut(&str) -> Option<String>,
) -> Result<Value, Refusal> {
    let items = items(kind, body)?;
    let mut results = Vec::with_capacity(items.len());
    for asked in items {
        let demanded = demanded(asked.posting_number);
        let refusal =
            seller::ask(world, client_id, asked, demanded, delay).map_err(|_| Refusal::internal())?;
        results.push(json!({
            "error": refusal.as_ref().map_or_else(|| no_error(kind), |word| json!(word)),
            "posting_number": asked.posting_number,
            "result": refusal.is_none(),
        }));
    }
    Ok(json!({ "result": results }))
}

/// Ozon's examples have an empty text for track numbers and an empty list for moves.
fn no_error(kind: ChangeKind) -> Value {
    if kind == ChangeKind::TrackNumber { json!("") } else { json!([]) }
}

fn items(kind: ChangeKind, body: &Value) -> Result<Vec<Asked<'_>>, Refusal> {
    if kind != ChangeKind::TrackNumber {
        let numbers = body["posting_number"].as_array().into_iter().flatten();
        let asked = |number| Asked { posting_number: number, kind, value: None };
        return Ok(numbers.filter_map(Value::as_str).map(asked).collect());
    }
    let items = body["tracking_numbers"].as_array().into_iter().flatten();
    items
        .map(|item| {
            let value = item["tracking_number"].as_str().filter(|number| !number.is_empty());
            let value = value.ok_or_else(|| {
                Refusal::invalid(
                    "invalid FbsPostingTrackingNumberSetRequest.TrackingNumbers.TrackingNumber: value length must be at least 1 runes",
                )
            })?;
            Ok(Asked { posting_number: item["posting_number"].as_str().unwrap_or(""), kind, value: Some(value) })
        })
        .collect()
}
