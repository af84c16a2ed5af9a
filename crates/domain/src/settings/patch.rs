//! Checking and merging a change of settings: the whole change, or nothing.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::{CancelAct, Every, OnCancel, OrderDate, PostingNumberTo, Settings};
use crate::ids::{CustomerId, DeliveryMethodId, PaymentMethodId, SourceId, StatusId};
use crate::ozon_status::{MAPPABLE_SUBSTATUSES, OzonStatus};
use crate::schedule::local_instant;

/// What exists in the shop, so that a setting cannot name what does not.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Order statuses.
    pub statuses: BTreeSet<StatusId>,
    /// Order sources.
    pub sources: BTreeSet<SourceId>,
    /// The customers that the change names, as far as they exist.
    pub customers: BTreeSet<CustomerId>,
    /// Delivery methods.
    pub delivery_methods: BTreeSet<DeliveryMethodId>,
    /// Payment methods.
    pub payment_methods: BTreeSet<PaymentMethodId>,
    /// Codes of Ozon that we do not know but have seen.
    pub seen_codes: BTreeSet<String>,
}

/// One thing that is wrong with a change of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, with dots.
    pub key: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a key of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such key; these there are.
    UnknownKey {
        /// The keys that would be right in this place.
        allowed: Vec<String>,
    },
    /// The value is not one of those allowed.
    Wrong {
        /// What is allowed, in words or as a list.
        allowed: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::UnknownKey { allowed } => {
                write!(f, "`{}` is not a setting; allowed here: {}", self.key, allowed.join(", "))
            }
            Problem::Wrong { allowed } => write!(f, "`{}` must be {allowed}", self.key),
        }
    }
}

/// Every key of the settings, in the order of their page.
pub const KEYS: &[&str] = &[
    "schedule",
    "source_id",
    "customer_id",
    "posting_number_to",
    "order_date",
    "delivery_method_id",
    "payment_method_id",
    "also_awaiting_deliver",
    "also_box_changes",
    "notify_new_orders",
    "load_barcode",
    "status_map",
    "mark_paid_when_delivered",
    "notify_status_changes",
    "seller_delivery",
    "send_track_numbers",
    "on_cancel",
    "load_from",
];

/// The settings after a change of any subset of keys: merged leaf by leaf, with `schedule.every` and `on_cancel` replaced
/// whole and `status_map` by code. A date without time is the beginning of that day in the shop's zone.
///
/// # Errors
/// Every fault of the change; the settings are then unchanged.
pub fn apply_patch(
    current: &Settings,
    patch: &Value,
    shop: &Directory,
    zone: Tz,
) -> Result<Settings, Vec<Fault>> {
    let mut change = Change { after: current.clone(), faults: Vec::new(), shop, zone };
    match patch {
        Value::Object(keys) => keys.iter().for_each(|(key, value)| change.set(key, value)),
        _ => change.wrong("settings", "a JSON object"),
    }
    if change.faults.is_empty() { Ok(change.after) } else { Err(change.faults) }
}

struct Change<'a> {
    after: Settings,
    faults: Vec<Fault>,
    shop: &'a Directory,
    zone: Tz,
}

impl Change<'_> {
    fn wrong(&mut self, key: &str, allowed: impl Into<String>) {
        self.faults.push(Fault { key: key.to_owned(), problem: Problem::Wrong { allowed: allowed.into() } });
    }

    fn unknown(&mut self, key: &str, allowed: &[&str]) {
        let allowed = allowed.iter().map(|&k| k.to_owned()).collect();
        self.faults.push(Fault { key: key.to_owned(), problem: Problem::UnknownKey { allowed } });
    }

    fn set(&mut self, key: &str, value: &Value) {
        match key {
            "schedule" => self.schedule(value),
            "source_id" => {
                if let Some(id) = self.id(key, value, |shop| ids(&shop.sources, |i| i.0)) {
                    self.after.source_id = SourceId(id);
                }
            }
            "customer_id" if value.is_null() => self.after.customer_id = None,
            "customer_id" => match value.as_i64().map(CustomerId) {
                Some(id) if self.shop.customers.contains(&id) => self.after.customer_id = Some(id),
                _ => self.wrong(key, "null or the id of a customer of the shop"),
            },
            "posting_number_to" => {
                self.after.posting_number_to = match value.as_str() {
                    Some("order_number") => PostingNumberTo::OrderNumber,
                    Some("customer_name") => PostingNumberTo::CustomerName,
                    _ => return self.wrong(key, "\"order_number\" or \"customer_name\""),
                }
            }
            "order_date" => {
                self.after.order_date = match value.as_str() {
                    Some("placed") => OrderDate::Placed,
                    Some("imported") => OrderDate::Imported,
                    _ => return self.wrong(key, "\"placed\" or \"imported\""),
                }
            }
            "delivery_method_id" => {
                if let Some(id) = self.id(key, value, |shop| ids(&shop.delivery_methods, |i| i.0)) {
                    self.after.delivery_method_id = DeliveryMethodId(id);
                }
            }
            "payment_method_id" => {
                if let Some(id) = self.id(key, value, |shop| ids(&shop.payment_methods, |i| i.0)) {
                    self.after.payment_method_id = PaymentMethodId(id);
                }
            }
            "also_awaiting_deliver" => self.switch(key, value, |s| &mut s.also_awaiting_deliver),
            "also_box_changes" => self.switch(key, value, |s| &mut s.also_box_changes),
            "notify_new_orders" => self.switch(key, value, |s| &mut s.notify_new_orders),
            "load_barcode" => self.switch(key, value, |s| &mut s.load_barcode),
            "mark_paid_when_delivered" => self.switch(key, value, |s| &mut s.mark_paid_when_delivered),
            "notify_status_changes" => self.switch(key, value, |s| &mut s.notify_status_changes),
            "send_track_numbers" => self.switch(key, value, |s| &mut s.send_track_numbers),
            "status_map" => self.status_map(value),
            "seller_delivery" => self.seller_delivery(value),
            "on_cancel" => self.on_cancel(value),
            "load_from" => self.load_from(value),
            _ => self.unknown(key, KEYS),
        }
    }

    fn switch(&mut self, key: &str, value: &Value, field: fn(&mut Settings) -> &mut bool) {
        match value.as_bool() {
            Some(on) => *field(&mut self.after) = on,
            None => self.wrong(key, "true or false"),
        }
    }

    fn id(&mut self, key: &str, value: &Value, existing: fn(&Directory) -> Vec<i64>) -> Option<i64> {
        let existing = existing(self.shop);
        let found = value.as_i64().filter(|id| existing.contains(id));
        if found.is_none() {
            self.wrong(key, format!("one of the existing ids: {}", listed(&existing)));
        }
        found
    }

    fn status(&mut self, key: &str, value: &Value) -> Option<StatusId> {
        self.id(key, value, |shop| ids(&shop.statuses, |i| i.0)).map(StatusId)
    }

    fn object<'v>(&mut self, key: &str, value: &'v Value) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.wrong(key, "a JSON object");
        }
        object
    }

    fn schedule(&mut self, value: &Value) {
        let Some(leaves) = self.object("schedule", value) else { return };
        for (leaf, value) in leaves {
            let key = format!("schedule.{leaf}");
            match leaf.as_str() {
                "enabled" => self.switch(&key, value, |s| &mut s.schedule.enabled),
                "every" => match every(value) {
                    Some(every) => self.after.schedule.every = every,
                    None => self
                        .wrong(&key, "one of {\"minutes\": 1..1440}, {\"hours\": 1..168}, {\"days\": 1..31}"),
                },
                "at" => match value.as_str().and_then(|t| NaiveTime::parse_from_str(t, "%H:%M").ok()) {
                    Some(at) => self.after.schedule.at = at,
                    None => self.wrong(&key, "a time of day \"HH:MM\" from 00:00 to 23:59"),
                },
                _ => self.unknown(&key, &["enabled", "every", "at"]),
            }
        }
    }

    fn status_map(&mut self, value: &Value) {
        let Some(rows) = self.object("status_map", value) else { return };
        for (code, value) in rows {
            let key = format!("status_map.{code}");
            let allowed = match OzonStatus::from(code.as_str()) {
                OzonStatus::Cancelled => {
                    self.wrong(&key, "left out: cancellation is ruled by `on_cancel`");
                    continue;
                }
                OzonStatus::Other(code) => {
                    MAPPABLE_SUBSTATUSES.contains(&code.as_str()) || self.shop.seen_codes.contains(&code)
                }
                _ => true,
            };
            if !allowed {
                let rows =
                    OzonStatus::KNOWN.iter().filter(|s| **s != OzonStatus::Cancelled).map(OzonStatus::code);
                let rows: Vec<&str> = rows.chain(MAPPABLE_SUBSTATUSES.iter().copied()).collect();
                self.unknown(&key, &rows);
            } else if value.is_null() {
                self.after.status_map.insert(code.clone(), None);
            } else if let Some(id) = self.status(&key, value) {
                self.after.status_map.insert(code.clone(), Some(id));
            }
        }
    }

    fn seller_delivery(&mut self, value: &Value) {
        let Some(leaves) = self.object("seller_delivery", value) else { return };
        for (leaf, value) in leaves {
            let key = format!("seller_delivery.{leaf}");
            if !["delivering", "last_mile", "delivered"].contains(&leaf.as_str()) {
                self.unknown(&key, &["delivering", "last_mile", "delivered"]);
                continue;
            }
            let id = if value.is_null() { None } else { self.status(&key, value) };
            let rows = &mut self.after.seller_delivery;
            match leaf.as_str() {
                "delivering" => rows.delivering = id,
                "last_mile" => rows.last_mile = id,
                _ => rows.delivered = id,
            }
        }
    }

    fn on_cancel(&mut self, value: &Value) {
        const LEAVES: &[&str] = &["before_work", "in_work", "shipped"];
        let Some(leaves) = self.object("on_cancel", value) else { return };
        for leaf in leaves.keys().filter(|leaf| !LEAVES.contains(&leaf.as_str())) {
            self.unknown(&format!("on_cancel.{leaf}"), LEAVES);
        }
        let nothing = Value::Null;
        let leaf = |name: &str| leaves.get(name).unwrap_or(&nothing);
        let before_work = self.status("on_cancel.before_work", leaf("before_work"));
        let in_work = self.cancel_act("on_cancel.in_work", leaf("in_work"));
        let shipped = self.cancel_act("on_cancel.shipped", leaf("shipped"));
        if let (Some(before_work), Some(in_work), Some(shipped)) = (before_work, in_work, shipped) {
            self.after.on_cancel = OnCancel { before_work, in_work, shipped };
        }
    }

    fn cancel_act(&mut self, key: &str, value: &Value) -> Option<CancelAct> {
        if value.as_str() == Some("flag") {
            return Some(CancelAct::FLAG);
        }
        let known = value.as_i64().map(StatusId).filter(|id| self.shop.statuses.contains(id));
        if known.is_none() {
            let existing = ids(&self.shop.statuses, |i| i.0);
            self.wrong(key, format!("\"flag\" or one of the existing ids: {}", listed(&existing)));
        }
        known.map(CancelAct::Status)
    }

    fn load_from(&mut self, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let instant = DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).ok().or_else(|| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            Some(local_instant(day, NaiveTime::MIN, self.zone))
        });
        match instant {
            Some(instant) => self.after.load_from = instant,
            None => self.wrong("load_from", "a date \"2026-11-23\" or a time \"2026-11-23T00:00:00Z\""),
        }
    }
}

fn every(value: &Value) -> Option<Every> {
    let every: Every = serde_json::from_value(value.clone()).ok()?;
    let fits = match every {
        Every::Minutes(n) => (1..=1440).contains(&n),
        Every::Hours(n) => (1..=168).contains(&n),
        Every::Days(n) => (1..=31).contains(&n),
    };
    fits.then_some(every)
}

fn ids<T: Copy>(set: &BTreeSet<T>, inner: fn(T) -> i64) -> Vec<i64> {
    set.iter().map(|&id| inner(id)).collect()
}

fn listed(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}
