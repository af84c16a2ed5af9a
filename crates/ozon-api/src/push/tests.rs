use chrono::{DateTime, Utc};
use contract::Specification;
use serde_json::{Value, json};

use super::{PushError, PushMessage};

fn example(specification: &Specification, kind: &str) -> (Value, PushMessage) {
    let (_, raw) = specification.push_examples().into_iter().find(|(name, _)| name == kind).unwrap();
    let message = PushMessage::from_json(&raw.to_string()).unwrap();
    (raw, message)
}

fn time(raw: &Value) -> Option<DateTime<Utc>> {
    Some(raw.as_str()?.parse().unwrap())
}

#[test]
fn the_official_messages_about_fbs_postings_lose_no_field() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let (raw, message) = example(&specification, "TYPE_PING");
    assert_eq!(message, PushMessage::Ping { time: time(&raw["time"]) });

    let (raw, message) = example(&specification, "TYPE_NEW_POSTING");
    assert_eq!(message.posting_number(), raw["posting_number"].as_str());
    assert_eq!(message.seller_id(), raw["seller_id"].as_i64());
    let PushMessage::NewPosting(new) = message else { panic!("{message:?}") };
    assert_eq!(new.in_process_at, time(&raw["in_process_at"]));
    assert_eq!(new.warehouse_id, raw["warehouse_id"].as_i64());
    assert_eq!(new.shipment_date, time(&raw["shipment_date"]));
    assert_eq!(new.tpl_integration_type.unwrap().as_str(), raw["tpl_integration_type"]);
    assert_eq!(new.is_express, raw["is_express"].as_bool());
    assert_eq!(new.tracking_number.as_deref(), raw["tracking_number"].as_str());
    assert_eq!(new.delivery_date_begin, time(&raw["delivery_date_begin"]));
    assert_eq!(new.delivery_date_end, time(&raw["delivery_date_end"]));
    assert_eq!(new.products[0].sku, raw["products"][0]["sku"].as_i64());
    assert_eq!(new.products[0].offer_id.as_deref(), raw["products"][0]["offer_id"].as_str());
    assert_eq!(new.products[0].quantity, raw["products"][0]["quantity"].as_i64());

    let (raw, message) = example(&specification, "TYPE_POSTING_CANCELLED");
    assert_eq!(message.posting_number(), raw["posting_number"].as_str());
    assert_eq!(message.seller_id(), raw["seller_id"].as_i64());
    let PushMessage::PostingCancelled(cancelled) = message else { panic!("{message:?}") };
    assert_eq!(cancelled.old_state.as_deref(), raw["old_state"].as_str());
    assert_eq!(cancelled.new_state.as_deref(), raw["new_state"].as_str());
    assert_eq!(cancelled.changed_state_date, time(&raw["changed_state_date"]));
    assert_eq!(cancelled.reason_id, raw["reason"]["id"].as_i64());
    assert_eq!(cancelled.reason.as_deref(), raw["reason"]["message"].as_str());
    assert_eq!(cancelled.warehouse_id, raw["warehouse_id"].as_i64());
    assert_eq!(cancelled.products[0].sku, raw["products"][0]["sku"].as_i64());
    assert_eq!(cancelled.products[0].quantity, raw["products"][0]["quantity"].as_i64());

    let (raw, message) = example(&specification, "TYPE_STATE_CHANGED");
    assert_eq!(message.posting_number(), raw["posting_number"].as_str());
    assert_eq!(message.seller_id(), raw["seller_id"].as_i64());
    let PushMessage::StateChanged(changed) = message else { panic!("{message:?}") };
    assert_eq!(changed.new_state.as_deref(), raw["new_state"].as_str());
    assert_eq!(changed.changed_state_date, time(&raw["changed_state_date"]));
    assert_eq!(changed.warehouse_id, raw["warehouse_id"].as_i64());

    let (raw, message) = example(&specification, "TYPE_CUTOFF_DATE_CHANGED");
    assert_eq!(message.posting_number(), raw["posting_number"].as_str());
    assert_eq!(message.seller_id(), raw["seller_id"].as_i64());
    let PushMessage::CutoffDateChanged(changed) = message else { panic!("{message:?}") };
    assert_eq!(changed.new_cutoff_date, time(&raw["new_cutoff_date"]));
    assert_eq!(changed.old_cutoff_date, time(&raw["old_cutoff_date"]));
    assert_eq!(changed.warehouse_id, raw["warehouse_id"].as_i64());

    let (raw, message) = example(&specification, "TYPE_DELIVERY_DATE_CHANGED");
    assert_eq!(message.posting_number(), raw["posting_number"].as_str());
    assert_eq!(message.seller_id(), raw["seller_id"].as_i64());
    let PushMessage::DeliveryDateChanged(changed) = message else { panic!("{message:?}") };
    assert_eq!(changed.new_delivery_date_begin, time(&raw["new_delivery_date_begin"]));
    assert_eq!(changed.new_delivery_date_end, time(&raw["new_delivery_date_end"]));
    assert_eq!(changed.old_delivery_date_begin, time(&raw["old_delivery_date_begin"]));
    assert_eq!(changed.old_delivery_date_end, time(&raw["old_delivery_date_end"]));
    assert_eq!(changed.warehouse_id, raw["warehouse_id"].as_i64());
}

#[test]
fn every_other_official_message_is_kept_by_its_type() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let mut others = 0;
    for (kind, raw) in specification.push_examples() {
        let message = PushMessage::from_json(&raw.to_string()).unwrap();
        if let PushMessage::Other { message_type, seller_id } = &message {
            others += 1;
            assert_eq!(message_type, &kind);
            let said = raw["seller_id"].as_i64().or_else(|| raw["seller_id"].as_str()?.parse().ok());
            assert_eq!(*seller_id, said, "{kind}");
            assert_eq!(message.event_key(), None);
        }
    }
    assert!(others > 10);
}

#[test]
fn a_message_with_empty_times_is_read() {
    let message = json!({ "message_type": "TYPE_NEW_POSTING", "posting_number": "1-1-1", "in_process_at": "", "products": null, "seller_id": "15" });
    let PushMessage::NewPosting(new) = PushMessage::from_json(&message.to_string()).unwrap() else {
        panic!()
    };
    assert_eq!((new.in_process_at, new.seller_id, new.products.len()), (None, Some(15), 0));
}

#[test]
fn a_message_that_says_nothing_is_refused() {
    let read = |json: &str| PushMessage::from_json(json).unwrap_err();
    for json in ["", "[]", "null", "{", "\"TYPE_PING\""] {
        assert_eq!(read(json), PushError::NotJson, "{json}");
    }
    assert_eq!(read("{}"), PushError::Missing("message_type"));
    assert_eq!(read(r#"{"message_type":" "}"#), PushError::Missing("message_type"));
    for kind in
        ["NEW_POSTING", "POSTING_CANCELLED", "STATE_CHANGED", "CUTOFF_DATE_CHANGED", "DELIVERY_DATE_CHANGED"]
    {
        let json = format!(r#"{{"message_type":"TYPE_{kind}","posting_number":null}}"#);
        assert_eq!(read(&json), PushError::Missing("posting_number"), "{kind}");
    }
}

#[test]
fn the_same_event_has_the_same_key_and_another_has_another() {
    let key = |state: &str, time: &str| {
        let message = json!({ "message_type": "TYPE_STATE_CHANGED", "posting_number": "1-1-1", "new_state": state, "changed_state_date": time });
        PushMessage::from_json(&message.to_string()).unwrap().event_key().unwrap()
    };
    let first = key("posting_delivered", "2026-01-01T00:00:00Z");
    assert_eq!(first, key("posting_delivered", "2026-01-01T00:00:00.000Z"));
    assert_ne!(first, key("posting_delivered", "2026-01-01T00:00:01Z"));
    assert_ne!(first, key("posting_received", "2026-01-01T00:00:00Z"));
}
