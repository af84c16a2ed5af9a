//! A wrong change of settings: the fault names the key and what is allowed, and nothing is changed.

use chrono_tz::Europe::Moscow;
use domain::settings::{Fault, Problem, apply_patch};
use serde_json::{Value, json};

use crate::patch::directory;
use crate::shop::*;

fn faults(patch: &Value) -> Vec<Fault> {
    apply_patch(&on_install(), patch, &directory(), Moscow).expect_err("the change is wrong")
}

/// The one fault of a change, as a person reads it.
fn fault(patch: &Value) -> String {
    let faults = faults(patch);
    assert_eq!(faults.len(), 1, "{patch}: {faults:?}");
    faults[0].to_string()
}

#[test]
fn an_unknown_key_is_named_with_the_keys_that_there_are() {
    let told = fault(&json!({"shedule": {}}));
    assert!(told.starts_with("`shedule` is not a setting; allowed here: schedule, source_id"), "{told}");
    assert!(told.ends_with("on_cancel, load_from"), "{told}");
    let told = fault(&json!({"schedule": {"evry": {"hours": 1}}}));
    assert_eq!(told, "`schedule.evry` is not a setting; allowed here: enabled, every, at");
    let told = fault(&json!({"seller_delivery": {"lastmile": 1}}));
    assert_eq!(
        told,
        "`seller_delivery.lastmile` is not a setting; allowed here: delivering, last_mile, delivered"
    );
}

#[test]
fn row_12_an_unknown_code_is_named_with_the_rows_that_there_are() {
    let told = fault(&json!({"status_map": {"delivred": 1}}));
    assert!(told.starts_with("`status_map.delivred` is not a setting; allowed here: awaiting_verification"));
    assert!(told.contains("posting_in_pickup_point"), "{told}");
    assert!(!told.contains(" cancelled,"), "{told}");
}

#[test]
fn row_12_cancelled_has_no_row_and_the_message_says_who_rules_it() {
    let told = fault(&json!({"status_map": {"cancelled": 8}}));
    assert_eq!(told, "`status_map.cancelled` must be left out: cancellation is ruled by `on_cancel`");
}

#[test]
fn a_switch_takes_only_true_or_false() {
    for key in [
        "also_awaiting_deliver",
        "also_box_changes",
        "notify_new_orders",
        "load_barcode",
        "mark_paid_when_delivered",
        "notify_status_changes",
        "send_track_numbers",
    ] {
        for wrong in [json!("true"), json!(1), json!(null), json!([])] {
            assert_eq!(fault(&json!({ key: wrong })), format!("`{key}` must be true or false"));
        }
    }
    assert_eq!(fault(&json!({"schedule": {"enabled": "on"}})), "`schedule.enabled` must be true or false");
}

#[test]
fn an_id_that_the_shop_does_not_have_is_refused_with_those_it_has() {
    for (key, existing) in
        [("source_id", "1, 2"), ("delivery_method_id", "1, 3"), ("payment_method_id", "1, 4")]
    {
        for wrong in [json!(99), json!("1"), json!(null), json!(1.5)] {
            let told = format!("`{key}` must be one of the existing ids: {existing}");
            assert_eq!(fault(&json!({ key: wrong })), told);
        }
    }
    for wrong in [json!(6), json!("5"), json!(false)] {
        assert_eq!(
            fault(&json!({"customer_id": wrong})),
            "`customer_id` must be null or the id of a customer of the shop"
        );
    }
    let ids = "one of the existing ids: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
    assert_eq!(
        fault(&json!({"status_map": {"delivered": 11}})),
        format!("`status_map.delivered` must be {ids}")
    );
    assert_eq!(
        fault(&json!({"seller_delivery": {"last_mile": 0}})),
        format!("`seller_delivery.last_mile` must be {ids}")
    );
}

#[test]
fn row_02_an_interval_has_one_unit_and_a_sensible_number() {
    for wrong in [
        json!({"minutes": 0}),
        json!({"minutes": 1441}),
        json!({"hours": 169}),
        json!({"days": 32}),
        json!({"minutes": -5}),
        json!({"minutes": 5, "hours": 1}),
        json!({"weeks": 1}),
        json!({}),
        json!(5),
        json!("minutes"),
        json!(null),
    ] {
        assert_eq!(
            fault(&json!({"schedule": {"every": wrong}})),
            "`schedule.every` must be one of {\"minutes\": 1..1440}, {\"hours\": 1..168}, {\"days\": 1..31}"
        );
    }
}

#[test]
fn row_02_a_time_of_day_is_hours_and_minutes() {
    for wrong in [json!("24:00"), json!("06:60"), json!("6"), json!("06:00:00"), json!(600), json!("")] {
        assert_eq!(
            fault(&json!({"schedule": {"at": wrong}})),
            "`schedule.at` must be a time of day \"HH:MM\" from 00:00 to 23:59"
        );
    }
}

#[test]
fn row_05_and_row_06_name_their_words() {
    assert_eq!(
        fault(&json!({"posting_number_to": "recipient"})),
        "`posting_number_to` must be \"order_number\" or \"customer_name\""
    );
    assert_eq!(fault(&json!({"order_date": null})), "`order_date` must be \"placed\" or \"imported\"");
}

#[test]
fn on_cancel_must_be_told_whole() {
    let faults = faults(&json!({"on_cancel": {"before_work": 8}}));
    let keys: Vec<&str> = faults.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(keys, ["on_cancel.in_work", "on_cancel.shipped"]);
    assert!(
        faults[0]
            .to_string()
            .starts_with("`on_cancel.in_work` must be \"flag\" or one of the existing ids: 1, 2")
    );
}

#[test]
fn on_cancel_before_work_takes_a_status_and_no_flag() {
    let told = fault(&json!({"on_cancel": {"before_work": "flag", "in_work": "flag", "shipped": "flag"}}));
    assert!(told.starts_with("`on_cancel.before_work` must be one of the existing ids"), "{told}");
    let odd = json!({"before_work": 8, "in_work": "flag", "shipped": "flag", "x": 1});
    let told = fault(&json!({"on_cancel": odd}));
    assert_eq!(told, "`on_cancel.x` is not a setting; allowed here: before_work, in_work, shipped");
}

#[test]
fn load_from_takes_nothing_but_a_date_or_a_time() {
    for wrong in [json!("yesterday"), json!("2026-13-01"), json!(20_261_101), json!(null), json!("")] {
        assert_eq!(
            fault(&json!({"load_from": wrong})),
            "`load_from` must be a date \"2026-11-23\" or a time \"2026-11-23T00:00:00Z\""
        );
    }
}

#[test]
fn a_value_of_another_kind_is_refused_everywhere_and_never_panics() {
    for key in ["schedule", "status_map", "seller_delivery", "on_cancel"] {
        for wrong in [json!(null), json!(1), json!("x"), json!([1])] {
            assert_eq!(fault(&json!({ key: wrong })), format!("`{key}` must be a JSON object"));
        }
    }
    for wrong in [json!(null), json!([]), json!("settings"), json!(1)] {
        assert_eq!(fault(&wrong), "`settings` must be a JSON object");
    }
}

#[test]
fn a_far_future_or_past_day_never_panics() {
    for text in ["+262142-12-31", "-262143-01-01", "9999-12-31", "0000-01-01", "99999999-01-01"] {
        let _ = apply_patch(&on_install(), &json!({"load_from": text}), &directory(), Moscow);
    }
}

#[test]
fn a_change_with_one_wrong_key_changes_nothing_and_names_every_fault() {
    let faults = faults(&json!({
        "also_awaiting_deliver": true, "source_id": 99, "order_date": "never", "nonsense": 1,
        "status_map": {"delivered": 2, "delivering": 77},
    }));
    let mut keys: Vec<&str> = faults.iter().map(|fault| fault.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["nonsense", "order_date", "source_id", "status_map.delivering"]);
    assert!(faults.iter().any(|fault| matches!(fault.problem, Problem::UnknownKey { .. })));
}
