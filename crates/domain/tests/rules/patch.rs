//! A right change of settings: every key, merged leaf by leaf.

use chrono::NaiveTime;
use chrono_tz::Europe::Moscow;
use domain::settings::{CancelAct, Directory, Every, OrderDate, PostingNumberTo, Settings, apply_patch};
use domain::{CustomerId, DeliveryMethodId, PaymentMethodId, SourceId, StatusId};
use serde_json::{Value, json};

use crate::shop::*;

pub fn directory() -> Directory {
    Directory {
        statuses: (1..=10).map(StatusId).collect(),
        sources: [SourceId(1), SourceId(2)].into(),
        customers: [CustomerId(5)].into(),
        delivery_methods: [DeliveryMethodId(1), DeliveryMethodId(3)].into(),
        payment_methods: [PaymentMethodId(1), PaymentMethodId(4)].into(),
        seen_codes: ["teleported".to_owned()].into(),
    }
}

fn after(patch: &Value) -> Settings {
    apply_patch(&on_install(), patch, &directory(), Moscow).expect("the change is right")
}

#[test]
fn an_empty_change_changes_nothing() {
    assert_eq!(after(&json!({})), on_install());
}

#[test]
fn settings_read_back_from_their_own_file_and_apply_to_themselves() {
    let written = serde_json::to_value(on_install()).expect("settings are JSON");
    assert_eq!(serde_json::from_value::<Settings>(written.clone()).expect("reads"), on_install());
    assert_eq!(after(&written), on_install());
}

#[test]
fn a_settings_file_has_the_keys_of_the_settings_table() {
    let written = serde_json::to_value(on_install()).expect("settings are JSON");
    let mut keys: Vec<&str> = written.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "also_awaiting_deliver",
            "also_box_changes",
            "customer_id",
            "delivery_method_id",
            "load_barcode",
            "load_from",
            "mark_paid_when_delivered",
            "notify_new_orders",
            "notify_status_changes",
            "on_cancel",
            "order_date",
            "payment_method_id",
            "posting_number_to",
            "schedule",
            "seller_delivery",
            "send_track_numbers",
            "source_id",
            "status_map",
        ]
    );
    assert_eq!(written["schedule"], json!({"enabled": true, "every": {"minutes": 5}, "at": "06:00"}));
    assert_eq!(written["on_cancel"], json!({"before_work": 8, "in_work": "flag", "shipped": "flag"}));
    assert_eq!(written["customer_id"], Value::Null);
    assert_eq!(written["load_from"], json!("2026-10-24T09:00:00Z"));
    assert_eq!(written["seller_delivery"], json!({"delivering": null, "last_mile": null, "delivered": null}));
}

#[test]
fn row_01_and_row_02_the_schedule_is_merged_leaf_by_leaf_and_every_replaced_whole() {
    let s = after(&json!({"schedule": {"enabled": false}}));
    assert!(!s.schedule.enabled);
    assert_eq!(s.schedule.every, Every::Minutes(5));
    let s = after(&json!({"schedule": {"every": {"days": 2}}}));
    assert!(s.schedule.enabled);
    assert_eq!(s.schedule.every, Every::Days(2), "not minutes and days at once");
    let s = after(&json!({"schedule": {"every": {"hours": 168}, "at": "23:59"}}));
    assert_eq!(s.schedule.every, Every::Hours(168));
    assert_eq!(s.schedule.at, NaiveTime::from_hms_opt(23, 59, 0).expect("a time"));
}

#[test]
fn row_03_and_row_07_take_ids_of_the_shop() {
    let s = after(&json!({"source_id": 2, "delivery_method_id": 3, "payment_method_id": 4}));
    assert_eq!(s.source_id, SourceId(2));
    assert_eq!(s.delivery_method_id, DeliveryMethodId(3));
    assert_eq!(s.payment_method_id, PaymentMethodId(4));
}

#[test]
fn row_04_takes_a_customer_or_null() {
    let s = after(&json!({"customer_id": 5}));
    assert_eq!(s.customer_id, Some(CustomerId(5)));
    let s = apply_patch(&s, &json!({"customer_id": null}), &directory(), Moscow).expect("right");
    assert_eq!(s.customer_id, None);
}

#[test]
fn row_05_and_row_06_take_their_words() {
    let s = after(&json!({"posting_number_to": "customer_name", "order_date": "imported"}));
    assert_eq!(s.posting_number_to, PostingNumberTo::CustomerName);
    assert_eq!(s.order_date, OrderDate::Imported);
    let back = json!({"posting_number_to": "order_number", "order_date": "placed"});
    assert_eq!(apply_patch(&s, &back, &directory(), Moscow).expect("right"), on_install());
}

#[test]
fn every_switch_can_be_turned() {
    type Switch = (&'static str, fn(&Settings) -> bool);
    let switches: [Switch; 7] = [
        ("also_awaiting_deliver", |s| s.also_awaiting_deliver),
        ("also_box_changes", |s| s.also_box_changes),
        ("notify_new_orders", |s| s.notify_new_orders),
        ("load_barcode", |s| s.load_barcode),
        ("mark_paid_when_delivered", |s| s.mark_paid_when_delivered),
        ("notify_status_changes", |s| s.notify_status_changes),
        ("send_track_numbers", |s| s.send_track_numbers),
    ];
    for (key, value) in switches {
        for on in [true, false] {
            assert_eq!(value(&after(&json!({ key: on }))), on, "{key}");
        }
    }
    let s = on_install();
    let on: Vec<&str> = switches.iter().filter(|(_, value)| value(&s)).map(|(key, _)| *key).collect();
    assert_eq!(on, ["also_box_changes", "load_barcode", "mark_paid_when_delivered"], "as on install");
}

#[test]
fn row_12_the_status_map_is_merged_by_code() {
    let s = after(&json!({"status_map": {
        "delivered": 2, "delivering": null, "posting_in_pickup_point": 3, "teleported": 4, "ship_failed": 7,
    }}));
    assert_eq!(s.mapped("delivered"), Some(StatusId(2)));
    assert_eq!(s.mapped("delivering"), None);
    assert!(s.status_map.contains_key("delivering"));
    assert_eq!(s.mapped("posting_in_pickup_point"), Some(StatusId(3)));
    assert_eq!(s.mapped("teleported"), Some(StatusId(4)));
    assert_eq!(s.mapped("ship_failed"), Some(StatusId(7)));
    assert_eq!(s.mapped("awaiting_deliver"), Some(PACKED), "what was not named stays");
}

#[test]
fn row_15_is_merged_leaf_by_leaf() {
    let s = after(&json!({"seller_delivery": {"delivering": 4}}));
    let s =
        apply_patch(&s, &json!({"seller_delivery": {"delivered": 6}}), &directory(), Moscow).expect("right");
    assert_eq!(s.seller_delivery.delivering, Some(SENT));
    assert_eq!(s.seller_delivery.delivered, Some(DELIVERED));
    let s = apply_patch(&s, &json!({"seller_delivery": {"delivering": null}}), &directory(), Moscow);
    assert_eq!(s.expect("right").seller_delivery.delivering, None);
}

#[test]
fn on_cancel_is_replaced_whole() {
    let s = after(&json!({"on_cancel": {"before_work": 10, "in_work": 7, "shipped": "flag"}}));
    assert_eq!(s.on_cancel.before_work, RETURNED);
    assert_eq!(s.on_cancel.in_work, CancelAct::Status(DISPUTED));
    assert_eq!(s.on_cancel.shipped, CancelAct::FLAG);
}

#[test]
fn load_from_takes_a_time_or_a_day_of_the_shop() {
    assert_eq!(after(&json!({"load_from": "2026-11-01"})).load_from, utc("2026-10-31T21:00:00Z"));
    let at = after(&json!({"load_from": "2026-11-01T03:00:00+03:00"})).load_from;
    assert_eq!(at, utc("2026-11-01T00:00:00Z"));
}

#[test]
fn load_from_takes_a_day_whose_midnight_the_daylight_change_skips() {
    // In Beirut the clocks go forward at midnight.
    let day = json!({"load_from": "2026-03-29"});
    let s = apply_patch(&on_install(), &day, &directory(), chrono_tz::Asia::Beirut).expect("right");
    assert_eq!(s.load_from, utc("2026-03-28T22:00:00Z"));
}
