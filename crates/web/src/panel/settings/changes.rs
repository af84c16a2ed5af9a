//! What changed between two versions of the settings, in words.

use domain::settings::Every;
use domain::{OzonStatus, Settings};
use serde_json::Value;

use super::shop::Shop;
use crate::panel::view::settings::Change;
use voice::Voice;

/// The keys that differ, leaf by leaf but for the rows that are replaced whole.
pub(crate) fn keys(before: &Settings, after: &Settings) -> Vec<String> {
    let (before, after) = (leaves(before), leaves(after));
    let mut keys: Vec<String> = after
        .iter()
        .filter(|(key, value)| before.iter().find(|(k, _)| k == key).map(|(_, v)| v) != Some(value))
        .map(|(key, _)| key.clone())
        .collect();
    keys.extend(
        before.iter().filter(|(key, _)| !after.iter().any(|(k, _)| k == key)).map(|(key, _)| key.clone()),
    );
    keys
}

fn leaves(settings: &Settings) -> Vec<(String, Value)> {
    // Settings are plain values of our own: writing them as JSON cannot fail.
    let Ok(Value::Object(all)) = serde_json::to_value(settings) else { return Vec::new() };
    let mut leaves = Vec::new();
    for (key, value) in all {
        match value {
            Value::Object(inner)
                if matches!(key.as_str(), "schedule" | "status_map" | "on_cancel" | "seller_delivery") =>
            {
                leaves.extend(inner.into_iter().map(|(leaf, value)| (format!("{key}.{leaf}"), value)));
            }
            value => leaves.push((key, value)),
        }
    }
    leaves
}

/// A setting in words.
pub(crate) struct Leaf {
    pub(crate) key: String,
    /// Within its family, where that is a part of its own.
    pub(crate) label: String,
    pub(crate) value: String,
}

/// Words for keys and values.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) v: Voice,
    pub(crate) shop: &'a Shop,
}

impl Words<'_> {
    /// Every change from one version to the next.
    pub(crate) fn between(&self, before: &Settings, after: &Settings) -> Vec<Change> {
        let (old, new) = (leaves(before), leaves(after));
        let value = |all: &[(String, Value)], key: &str| {
            let found = all.iter().find(|(k, _)| k == key).map_or(&Value::Null, |(_, value)| value);
            self.value(key, found)
        };
        let change = |key: String| {
            let (group, label) = self.named(&key);
            Change { group, label, old: value(&old, &key), new: value(&new, &key) }
        };
        keys(before, after).into_iter().map(change).collect()
    }

    /// Every setting that has a say, the rows of the map in the order in which a posting passes them.
    pub(crate) fn whole(&self, settings: &Settings) -> Vec<Leaf> {
        let leaf = |(key, value): (String, Value)| {
            let is_of_part = ["status_map.", "seller_delivery."].iter().any(|family| key.starts_with(family));
            let label = if is_of_part { self.named(&key).1 } else { self.label(&key) };
            Leaf { label, value: self.value(&key, &value), key }
        };
        let passed = |leaf: &Leaf| {
            let code = leaf.key.strip_prefix("status_map.").unwrap_or_default();
            OzonStatus::KNOWN.iter().position(|s| s.code() == code).unwrap_or(usize::MAX)
        };
        // As the form shows it: the hour is for loads that begin once in so many days.
        let is_by_days = matches!(settings.schedule.every, Every::Days(_));
        let told = leaves(settings).into_iter().filter(|(key, _)| is_by_days || key != "schedule.at");
        let mut all: Vec<Leaf> = told.map(leaf).collect();
        all.sort_by_key(passed);
        all
    }

    /// A status or substatus of Ozon's.
    fn code(&self, code: &str) -> String {
        if OzonStatus::from(code).is_known() { self.v.ozon_status(code) } else { self.v.ozon_substatus(code) }
    }

    /// A setting by its key, or by the key of one of its rows.
    pub(crate) fn label(&self, key: &str) -> String {
        match self.named(key) {
            (Some(group), label) => self.v.fill("setting-row", &[("setting", group), ("row", label)]),
            (None, label) => label,
        }
    }

    /// The family that a key is a row of, and its own name.
    fn named(&self, key: &str) -> (Option<String>, String) {
        let v = self.v;
        let own = || v.maybe(&format!("setting-{}", key.replace('.', "-"))).unwrap_or_else(|| key.to_owned());
        match key.split_once('.') {
            Some(("status_map", code)) => (Some(v.t("setting-status_map")), self.code(code)),
            Some(("seller_delivery", _)) => (Some(v.t("settings-seller-delivery")), own()),
            Some(("on_cancel", stage)) => {
                let stage = match stage {
                    "before_work" => v.t("cancel-before-work"),
                    "in_work" => v.t("cancel-in-work"),
                    _ => v.t("cancel-shipped"),
                };
                (Some(v.t("setting-on_cancel")), stage.to_lowercase())
            }
            Some(("schedule", "every")) => (None, v.t("setting-schedule-every")),
            Some(("schedule", "at")) => (None, v.t("setting-schedule-at")),
            Some(("schedule", _)) => (None, v.t("setting-schedule-enabled")),
            _ => (None, own()),
        }
    }

    fn value(&self, key: &str, value: &Value) -> String {
        let v = self.v;
        let named = |list: &[storage::lists::Named]| {
            value.as_i64().and_then(|id| list.iter().find(|n| n.id == id)).map(|n| n.name.clone())
        };
        let status = || {
            let id = value.as_i64().map(domain::StatusId);
            self.shop.statuses.iter().find(|s| Some(s.id) == id).map(|s| s.name.clone())
        };
        let worded = match (key, value) {
            (_, Value::Bool(true)) => Some(v.t("value-on")),
            (_, Value::Bool(false)) => Some(v.t("value-off")),
            ("customer_id", Value::Null) => Some(v.t("customer-each")),
            (key, Value::Null) if key.starts_with("seller_delivery.") => Some(v.t("value-not-sent")),
            (_, Value::Null) => Some(v.t("value-none")),
            ("source_id", _) => named(&self.shop.sources),
            ("delivery_method_id", _) => named(&self.shop.delivery_methods),
            ("payment_method_id", _) => named(&self.shop.payment_methods),
            ("customer_id", _) => {
                let id = value.as_i64().map(domain::CustomerId);
                let found = self.shop.customers.iter().find(|c| Some(c.id) == id);
                found.map(|c| self.shop.customer_name(v, c))
            }
            ("schedule.every", Value::Object(every)) => every.iter().next().map(|(unit, n)| {
                let n = n.as_u64().unwrap_or_default();
                match unit.as_str() {
                    "hours" => v.n("time-hours", n),
                    "days" => v.n("time-days", n),
                    _ => v.n("time-minutes", n),
                }
            }),
            ("load_from", Value::String(text)) => {
                text.parse::<chrono::DateTime<chrono::Utc>>().ok().map(|at| v.dated_shortly(&at))
            }
            ("posting_number_to" | "order_date", Value::String(code)) => {
                v.maybe(&format!("{}-{}", key.replace('_', "-"), code.replace('_', "-")))
            }
            (_, Value::String(word)) if word == "flag" => Some(v.t("value-flag")),
            (key, _)
                if ["status_map.", "on_cancel.", "seller_delivery."]
                    .iter()
                    .any(|family| key.starts_with(family)) =>
            {
                status()
            }
            _ => None,
        };
        // Ids that name nothing any more stand only in older versions.
        let gone = || value.as_i64().map(|id| v.with("value-gone", "id", id));
        worded
            .or_else(gone)
            .unwrap_or_else(|| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }
}
