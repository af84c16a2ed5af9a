//! A change that makes the settings of a cabinet as others are: those of an older version, or of another cabinet.

use domain::settings::Fault as SettingFault;
use domain::{CabinetId, Settings};
use serde_json::{Map, Value, json};
use storage::settings::ApplyError;

use crate::panel::faults::Fault;
use crate::state::AppState;

/// The change from the settings of now to others, in the keys that are taken; a row of the map has a key of its own. A row
/// that the others do not have becomes an empty one, which means the same.
pub(crate) fn patch(now: &Settings, others: &Settings, takes: impl Fn(&str) -> bool) -> Value {
    let (Ok(Value::Object(now)), Ok(Value::Object(others))) =
        (serde_json::to_value(now), serde_json::to_value(others))
    else {
        // Settings are plain values of our own: writing them as JSON cannot fail.
        return json!({});
    };
    let mut patch = Map::new();
    for (key, value) in &others {
        if key != "status_map" {
            if takes(key) {
                patch.insert(key.clone(), value.clone());
            }
            continue;
        }
        let nothing = Map::new();
        let rows = |all: &Value| all.as_object().unwrap_or(&nothing).clone();
        let (mine, theirs) = (now.get(key).map(rows).unwrap_or_default(), rows(value));
        let codes = mine.keys().chain(theirs.keys()).filter(|code| takes(&format!("{key}.{code}")));
        let rows_of = codes.map(|code| (code.clone(), theirs.get(code).cloned().unwrap_or_default()));
        patch.insert(key.clone(), Value::Object(rows_of.collect()));
    }
    Value::Object(patch)
}

/// The change without what is wrong with it: those keys stay as they are now.
fn without(mut patch: Value, faults: &[SettingFault], now: &Settings) -> Value {
    let now = serde_json::to_value(now).unwrap_or_default();
    for fault in faults {
        match fault.key.split_once('.') {
            // This family is replaced whole, so what stays must be in it.
            Some((family @ "on_cancel", leaf)) => patch[family][leaf] = now[family][leaf].clone(),
            Some((family, leaf)) => {
                if let Some(rows) = patch.get_mut(family).and_then(Value::as_object_mut) {
                    rows.remove(leaf);
                }
            }
            None => {
                if let Some(keys) = patch.as_object_mut() {
                    keys.remove(&fault.key);
                }
            }
        }
    }
    patch
}

/// A change as far as it can be made.
pub(crate) struct Possible {
    pub(crate) patch: Value,
    /// The settings that it would lead to.
    pub(crate) after: Settings,
    /// The keys that it leaves alone, since they name what there no longer is, or what this cabinet never had.
    pub(crate) gone: Vec<String>,
}

/// What of a change can be made in a cabinet.
pub(crate) async fn possible(
    state: &AppState,
    id: CabinetId,
    now: &Settings,
    patch: Value,
) -> Result<Possible, Fault> {
    let faults = match state.store.proposed_settings(id, &patch).await {
        Ok(after) => return Ok(Possible { patch, after, gone: Vec::new() }),
        Err(ApplyError::Store(error)) => return Err(error.into()),
        Err(ApplyError::Faults(faults)) => faults,
    };
    let patch = without(patch, &faults, now);
    match state.store.proposed_settings(id, &patch).await {
        Ok(after) => Ok(Possible { patch, after, gone: faults.into_iter().map(|f| f.key).collect() }),
        Err(ApplyError::Store(error)) => Err(error.into()),
        // Something else went away between the two questions.
        Err(ApplyError::Faults(_)) => Err(Fault::Store(storage::Error::Raced)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::tests::{shop, stored};
    use super::*;
    use chrono_tz::Europe::Moscow;
    use domain::StatusId;
    use domain::settings::{CancelAct, apply_patch};

    fn applied(now: &Settings, patch: &Value) -> Result<Settings, Vec<SettingFault>> {
        apply_patch(now, patch, &shop(), Moscow)
    }

    #[test]
    fn settings_become_as_the_others_are_to_the_second() {
        let then = stored();
        let mut now = stored();
        now.also_awaiting_deliver = true;
        now.load_from += chrono::Duration::seconds(61);
        now.seller_delivery.last_mile = Some(StatusId(3));
        now.status_map.insert("delivered".into(), None);
        now.status_map.insert("ship_failed".into(), Some(StatusId(2)));
        let mut after = applied(&now, &patch(&now, &then, |_| true)).expect("all of it exists");
        assert_eq!(after.status_map.remove("ship_failed"), Some(None), "a row that was not there is empty");
        assert_eq!(after, then);
    }

    #[test]
    fn only_what_is_taken_changes() {
        let mut others = stored();
        others.also_awaiting_deliver = true;
        others.load_barcode = false;
        others.status_map.insert("delivered".into(), Some(StatusId(2)));
        let now = stored();
        let taken = patch(&now, &others, |key| key == "load_barcode");
        let after = applied(&now, &taken).expect("all of it exists");
        assert_eq!(after, Settings { load_barcode: false, ..now.clone() });
        let row = patch(&now, &others, |key| key == "status_map.delivered");
        let after = applied(&now, &row).expect("all of it exists");
        assert_eq!(after.mapped("delivered"), Some(StatusId(2)));
        assert!(!after.also_awaiting_deliver);
    }

    #[test]
    fn what_is_gone_stays_as_it_is_and_the_rest_is_changed() {
        let now = stored();
        let mut others = stored();
        others.source_id = domain::SourceId(99);
        others.status_map.insert("delivered".into(), Some(StatusId(99)));
        others.status_map.insert("delivering".into(), Some(StatusId(2)));
        others.on_cancel.in_work = CancelAct::Status(StatusId(99));
        others.on_cancel.shipped = CancelAct::Status(StatusId(7));
        others.seller_delivery.delivered = Some(StatusId(99));
        let wished = patch(&now, &others, |_| true);
        let faults = applied(&now, &wished).expect_err("four are gone");
        assert_eq!(faults.len(), 4);
        let after = applied(&now, &without(wished, &faults, &now)).expect("the rest exists");
        assert_eq!((after.source_id, after.seller_delivery), (now.source_id, now.seller_delivery));
        assert_eq!(after.mapped("delivered"), now.mapped("delivered"));
        assert_eq!(after.mapped("delivering"), Some(StatusId(2)));
        assert_eq!(after.on_cancel.in_work, now.on_cancel.in_work);
        assert_eq!(after.on_cancel.shipped, CancelAct::Status(StatusId(7)));
    }
}
