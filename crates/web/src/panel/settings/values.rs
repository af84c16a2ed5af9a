//! The form of the settings by the names of its fields, and a form as a change of the settings. One set of values serves
//! both what is stored and what was typed, so that a refused form comes back as it was.

use std::collections::{BTreeSet, HashMap};

use chrono::DateTime;
use chrono_tz::Tz;
use domain::Settings;
use domain::push::Step;
use domain::settings::{CancelAct, Every, OrderDate, PostingNumberTo};
use serde_json::{Map, Value, json};

use super::origin::Origin;

/// The form's fields by their names.
pub(crate) struct Values(HashMap<String, String>);

impl Values {
    /// As typed.
    pub(crate) fn typed(fields: HashMap<String, String>) -> Self {
        Self(fields)
    }

    /// As stored.
    pub(crate) fn stored(settings: &Settings, zone: Tz) -> Self {
        let (count, unit) = match settings.schedule.every {
            Every::Minutes(n) => (n, "minutes"),
            Every::Hours(n) => (n, "hours"),
            Every::Days(n) => (n, "days"),
        };
        let act = |act: CancelAct| match act {
            CancelAct::Flag(_) => "flag".to_owned(),
            CancelAct::Status(id) => id.to_string(),
        };
        let number_to = match settings.posting_number_to {
            PostingNumberTo::OrderNumber => "order_number",
            PostingNumberTo::CustomerName => "customer_name",
        };
        let date = match settings.order_date {
            OrderDate::Placed => "placed",
            OrderDate::Imported => "imported",
        };
        let mut values = HashMap::from(
            [
                ("every_count", count.to_string()),
                ("every_unit", unit.to_owned()),
                ("at", settings.schedule.at.format("%H:%M").to_string()),
                ("source_id", settings.source_id.to_string()),
                ("customer_id", settings.customer_id.map(|id| id.to_string()).unwrap_or_default()),
                ("posting_number_to", number_to.to_owned()),
                ("order_date", date.to_owned()),
                ("delivery_method_id", settings.delivery_method_id.to_string()),
                ("payment_method_id", settings.payment_method_id.to_string()),
                ("load_from", day(settings, zone)),
                ("cancel_before_work", settings.on_cancel.before_work.to_string()),
                ("cancel_in_work", act(settings.on_cancel.in_work)),
                ("cancel_shipped", act(settings.on_cancel.shipped)),
            ]
            .map(|(key, value)| (key.to_owned(), value)),
        );
        for (key, on) in [
            ("schedule_enabled", settings.schedule.enabled),
            ("also_awaiting_deliver", settings.also_awaiting_deliver),
            ("also_box_changes", settings.also_box_changes),
            ("notify_new_orders", settings.notify_new_orders),
            ("notify_status_changes", settings.notify_status_changes),
            ("load_barcode", settings.load_barcode),
            ("send_track_numbers", settings.send_track_numbers),
            ("mark_paid_when_delivered", settings.mark_paid_when_delivered),
        ] {
            if on {
                values.insert(key.to_owned(), "true".to_owned());
            }
        }
        let delivery = &settings.seller_delivery;
        for (step, status) in [
            (Step::Delivering, delivery.delivering),
            (Step::LastMile, delivery.last_mile),
            (Step::Delivered, delivery.delivered),
        ] {
            values.insert(step.setting().to_owned(), status.map(|id| id.to_string()).unwrap_or_default());
        }
        for (code, id) in &settings.status_map {
            values.insert(format!("map.{code}"), id.map(|id| id.to_string()).unwrap_or_default());
        }
        Self(values)
    }

    /// As stored, to the second: for what is saved without having been seen in the form, where a moment is only a day.
    pub(crate) fn exactly(settings: &Settings, zone: Tz) -> Self {
        let mut values = Self::stored(settings, zone);
        values.0.insert("load_from".to_owned(), settings.load_from.to_rfc3339());
        values
    }

    /// With where they come from.
    pub(crate) fn with_origin(mut self, origin: Origin) -> Self {
        self.0.insert("origin".to_owned(), origin.to_string());
        self
    }

    /// Where they come from.
    pub(crate) fn origin(&self) -> Option<Origin> {
        self.text("origin").parse().ok()
    }

    /// What somebody typed into a form that showed `shown`, over what is stored `now`: a field that was not touched is as it
    /// is now, one that was touched stays as it was typed.
    pub(crate) fn over(self, shown: &Self, now: &Self) -> Self {
        let touched = |key: &&String| self.text(key) != shown.text(key);
        let keys: BTreeSet<&String> = self.0.keys().chain(shown.0.keys()).collect();
        let mut fields = now.0.clone();
        for key in keys.into_iter().filter(touched) {
            // A switch that is off is no field at all.
            match self.0.get(key) {
                Some(typed) => fields.insert(key.clone(), typed.clone()),
                None => fields.remove(key),
            };
        }
        Self(fields)
    }

    /// The day of `load_from`, as the form shows it.
    pub(crate) fn load_day(&self, zone: Tz) -> String {
        let text = self.text("load_from");
        let exact = DateTime::parse_from_rfc3339(text);
        exact.map_or_else(|_| text.to_owned(), |at| at.with_timezone(&zone).format("%Y-%m-%d").to_string())
    }

    /// Every field by its name, to be sent again as it is.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let mut fields: Vec<_> = self.0.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        fields.sort();
        fields
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.0.get(key).map(|text| text.trim()).unwrap_or_default()
    }

    pub(crate) fn on(&self, key: &str) -> bool {
        self.text(key) == "true"
    }

    /// A number where it is one; otherwise the text, which the settings' own check refuses with its reason.
    fn number(&self, key: &str) -> Value {
        let text = self.text(key);
        text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
    }

    /// The customer that is chosen.
    pub(crate) fn customer(&self) -> Option<i64> {
        self.text("customer_id").parse().ok()
    }

    /// The change of the settings that the form asks for.
    pub(crate) fn patch(&self, before: &Settings, zone: Tz) -> Value {
        let or_null = |key: &str| if self.text(key).is_empty() { Value::Null } else { self.number(key) };
        let unit = match self.text("every_unit") {
            unit @ ("hours" | "days") => unit,
            _ => "minutes",
        };
        // An empty row that was never there is no row: the form shows every code that could have one.
        let is_row =
            |code: &str, key: &str| !self.text(key).is_empty() || before.status_map.contains_key(code);
        let map: Map<String, Value> = self
            .0
            .keys()
            .filter_map(|key| Some((key.strip_prefix("map.")?, key)))
            .filter(|(code, key)| is_row(code, key))
            .map(|(code, key)| (code.to_owned(), or_null(key)))
            .collect();
        let mut patch = json!({
            "schedule": {
                "enabled": self.on("schedule_enabled"),
                "every": { unit: self.number("every_count") },
                "at": self.text("at"),
            },
            "source_id": self.number("source_id"),
            "customer_id": or_null("customer_id"),
            "posting_number_to": self.text("posting_number_to"),
            "order_date": self.text("order_date"),
            "delivery_method_id": self.number("delivery_method_id"),
            "payment_method_id": self.number("payment_method_id"),
            "also_awaiting_deliver": self.on("also_awaiting_deliver"),
            "also_box_changes": self.on("also_box_changes"),
            "notify_new_orders": self.on("notify_new_orders"),
            "notify_status_changes": self.on("notify_status_changes"),
            "load_barcode": self.on("load_barcode"),
            "seller_delivery": {
                "delivering": or_null(Step::Delivering.setting()),
                "last_mile": or_null(Step::LastMile.setting()),
                "delivered": or_null(Step::Delivered.setting()),
            },
            "send_track_numbers": self.on("send_track_numbers"),
            "mark_paid_when_delivered": self.on("mark_paid_when_delivered"),
            "status_map": map,
            "on_cancel": {
                "before_work": self.number("cancel_before_work"),
                "in_work": self.number("cancel_in_work"),
                "shipped": self.number("cancel_shipped"),
            },
        });
        // The form shows a day where a moment is stored; a day that was not touched must not move the moment.
        if self.text("load_from") != day(before, zone) {
            patch["load_from"] = Value::from(self.text("load_from"));
        }
        patch
    }
}

fn day(settings: &Settings, zone: Tz) -> String {
    settings.load_from.with_timezone(&zone).format("%Y-%m-%d").to_string()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use chrono::Utc;
    use chrono_tz::Europe::Moscow;
    use domain::settings::{Directory, Installed, apply_patch};
    use domain::{DeliveryMethodId, PaymentMethodId, SourceId, StatusId};

    pub(crate) fn stored() -> Settings {
        let status = StatusId;
        let shop = Installed {
            source: SourceId(1),
            delivery_method: DeliveryMethodId(1),
            payment_method: PaymentMethodId(1),
            new: status(1),
            in_work: status(9),
            packed: status(2),
            sent: status(3),
            at_pickup_point: status(4),
            delivered: status(5),
            disputed: status(6),
            cancelled: status(7),
            returned: status(8),
        };
        let added: DateTime<Utc> = "2026-11-23T11:05:00Z".parse().expect("a literal time");
        Settings::on_install(&shop, added)
    }

    pub(crate) fn shop() -> Directory {
        Directory {
            statuses: (1..=9).map(StatusId).collect(),
            sources: [SourceId(1)].into(),
            delivery_methods: [DeliveryMethodId(1)].into(),
            payment_methods: [PaymentMethodId(1)].into(),
            ..Directory::default()
        }
    }

    #[test]
    fn a_form_sent_back_as_it_was_changes_nothing() {
        let before = stored();
        let mut values = Values::stored(&before, Moscow);
        // The form has a field for every code, also for those that have no row.
        values.0.insert("map.ship_failed".into(), String::new());
        let patch = values.patch(&before, Moscow);
        assert_eq!(apply_patch(&before, &patch, &shop(), Moscow), Ok(before));
    }

    #[test]
    fn settings_sent_on_unseen_keep_their_second_and_their_origin_and_the_form_shows_the_day() {
        let before = stored();
        let mut after = before.clone();
        after.load_from = "2026-10-01T04:05:06Z".parse().expect("a literal time");
        let values = Values::exactly(&after, Moscow).with_origin(Origin::Version(7));
        assert_eq!(apply_patch(&before, &values.patch(&before, Moscow), &shop(), Moscow), Ok(after));
        assert_eq!(values.origin(), Some(Origin::Version(7)));
        assert_eq!(values.load_day(Moscow), "2026-10-01");
        let typed = Values::typed(HashMap::from([("load_from".to_owned(), "скоро".to_owned())]));
        assert_eq!((typed.load_day(Moscow).as_str(), typed.origin()), ("скоро", None));
    }

    #[test]
    fn what_was_touched_stays_and_what_was_not_is_as_somebody_else_has_stored_it() {
        let shown = Values::stored(&stored(), Moscow);
        let mut theirs = stored();
        theirs.also_awaiting_deliver = true;
        theirs.schedule.every = Every::Hours(3);
        theirs.status_map.insert("delivered".into(), Some(StatusId(2)));
        let mut typed = Values::stored(&stored(), Moscow);
        typed.0.insert("map.ship_failed".into(), String::new());
        typed.0.insert("map.delivered".into(), "4".into());
        typed.0.insert("at".into(), "07:30".into());
        typed.0.remove("load_barcode");
        let both = typed.over(&shown, &Values::stored(&theirs, Moscow));
        let after =
            apply_patch(&theirs, &both.patch(&theirs, Moscow), &shop(), Moscow).expect("all is right");
        let mut wanted = theirs;
        wanted.status_map.insert("delivered".into(), Some(StatusId(4)));
        wanted.schedule.at = chrono::NaiveTime::from_hms_opt(7, 30, 0).expect("a literal time");
        wanted.load_barcode = false;
        assert_eq!(after, wanted);
    }

    #[test]
    fn what_is_typed_becomes_the_setting() {
        let before = stored();
        let mut values = Values::stored(&before, Moscow);
        values.0.insert("every_count".into(), "2".into());
        values.0.insert("every_unit".into(), "hours".into());
        values.0.insert("also_awaiting_deliver".into(), "true".into());
        values.0.remove("load_barcode");
        values.0.insert("map.delivered".into(), String::new());
        values.0.insert("cancel_in_work".into(), "7".into());
        values.0.insert("load_from".into(), "2026-01-01".into());
        let after =
            apply_patch(&before, &values.patch(&before, Moscow), &shop(), Moscow).expect("all is right");
        assert_eq!(after.schedule.every, Every::Hours(2));
        assert!(after.also_awaiting_deliver && !after.load_barcode);
        assert_eq!(after.status_map.get("delivered"), Some(&None));
        assert_eq!(after.on_cancel.in_work, CancelAct::Status(StatusId(7)));
        assert_eq!(Some(after.load_from), "2025-12-31T21:00:00Z".parse().ok());
    }

    #[test]
    fn nonsense_is_refused_at_its_own_field() {
        let before = stored();
        let mut values = Values::stored(&before, Moscow);
        values.0.insert("every_count".into(), "пять".into());
        values.0.insert("at".into(), "25:99".into());
        values.0.insert("source_id".into(), "99".into());
        values.0.insert("load_from".into(), "скоро".into());
        values.0.insert("map.delivered".into(), "99".into());
        let faults =
            apply_patch(&before, &values.patch(&before, Moscow), &shop(), Moscow).expect_err("five faults");
        let mut keys: Vec<_> = faults.iter().map(|f| f.key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["load_from", "schedule.at", "schedule.every", "source_id", "status_map.delivered"]);
    }
}
