//! Anybody can send to the address that Ozon pushes to: nothing of it panics, overflows the stack or is believed by half.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{PushError, PushMessage};

const FIELDS: [&str; 24] = [
    "time",
    "seller_id",
    "products",
    "in_process_at",
    "warehouse_id",
    "shipment_date",
    "tpl_integration_type",
    "is_express",
    "tracking_number",
    "delivery_date_begin",
    "delivery_date_end",
    "old_state",
    "new_state",
    "changed_state_date",
    "reason",
    "new_cutoff_date",
    "old_cutoff_date",
    "new_delivery_date_begin",
    "new_delivery_date_end",
    "old_delivery_date_begin",
    "old_delivery_date_end",
    "uuid",
    "items",
    "",
];

/// Every message about a posting has these names, so that each meets every reader.
fn message(kind: &str) -> Value {
    json!({
        "message_type": kind, "posting_number": "24219509-0020-1", "seller_id": 15, "warehouse_id": 18_850_503_335_000_i64,
        "products": [{ "sku": 147_451_959, "offer_id": "A", "quantity": 2 }],
        "in_process_at": "2026-01-26T06:56:36.294Z", "shipment_date": "2026-01-27T06:00:00Z", "is_express": false,
        "tpl_integration_type": "non_integrated", "tracking_number": "", "old_state": "posting_created",
        "new_state": "posting_canceled", "changed_state_date": "2026-01-26T07:00:00Z",
        "reason": { "id": 0, "message": "" }, "new_cutoff_date": "2026-01-28T06:00:00Z",
        "new_delivery_date_begin": "2026-02-01T00:00:00Z", "time": "2026-01-26T06:56:36Z"
    })
}

fn kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "TYPE_PING",
        "TYPE_NEW_POSTING",
        "TYPE_POSTING_CANCELLED",
        "TYPE_STATE_CHANGED",
        "TYPE_CUTOFF_DATE_CHANGED",
        "TYPE_DELIVERY_DATE_CHANGED",
        "TYPE_STOCKS_CHANGED",
    ])
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("9999-12-31T23:59:59.999999900Z")),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,12}", inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Everything that can be asked of a message that was read.
fn use_up(message: &PushMessage) {
    let _ = (message.posting_number(), message.seller_id(), message.event_key(), format!("{message:?}"));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(message) = PushMessage::from_bytes(&bytes) {
            use_up(&message);
        }
    }

    #[test]
    fn random_bytes_inside_a_message_never_panic(
        kind in kind(), at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 1..9),
    ) {
        let mut body = message(kind).to_string().into_bytes();
        let at = at.index(body.len());
        let end = (at + bytes.len()).min(body.len());
        body.splice(at..end, bytes);
        if let Ok(message) = PushMessage::from_bytes(&body) {
            use_up(&message);
        }
    }

    #[test]
    fn a_message_cut_anywhere_is_refused(kind in kind(), at in any::<prop::sample::Index>()) {
        let body = message(kind).to_string().into_bytes();
        let cut = &body[..at.index(body.len())];
        prop_assert_eq!(PushMessage::from_bytes(cut), Err(PushError::NotJson));
    }

    #[test]
    fn a_field_of_any_shape_costs_only_itself(
        kind in kind(), name in prop::sample::select(FIELDS.to_vec()), value in any_json(),
    ) {
        let mut body = message(kind);
        body[name] = value;
        let read = PushMessage::from_json(&body.to_string());
        prop_assert!(read.is_ok(), "{:?}", read);
        let read = read.unwrap();
        use_up(&read);
        let is_of_posting = !["TYPE_PING", "TYPE_STOCKS_CHANGED"].contains(&kind);
        prop_assert_eq!(read.posting_number(), is_of_posting.then_some("24219509-0020-1"));
    }

    #[test]
    fn a_number_of_any_length_never_panics(kind in kind(), digits in "-?[0-9]{1,400}", power in "([eE][+-]?[0-9]{1,6})?") {
        let body = message(kind).to_string();
        for name in ["seller_id", "warehouse_id"] {
            let place = format!("\"{name}\":");
            let begin = body.find(&place).unwrap() + place.len();
            let end = begin + body[begin..].find([',', '}']).unwrap();
            let body = format!("{}{digits}{power}{}", &body[..begin], &body[end..]);
            if let Ok(message) = PushMessage::from_json(&body) {
                use_up(&message);
            }
        }
    }
}

#[test]
fn a_body_nested_without_end_is_read_past_or_refused() {
    const DEEP: usize = 200_000;
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}0{}", open.repeat(DEEP), close.repeat(DEEP));
        assert_eq!(PushMessage::from_json(&open.repeat(DEEP)), Err(PushError::NotJson));
        let bare = PushMessage::from_json(&deep).unwrap_err();
        assert!(matches!(bare, PushError::NotJson | PushError::Missing("message_type")), "{bare}");
        for name in ["products", "reason", "seller_id", "posting_number", "message_type", "unknown"] {
            let body = format!(r#"{{"{name}":{deep},"message_type":"TYPE_PING"}}"#);
            if let Ok(message) = PushMessage::from_json(&body) {
                assert_eq!(message, PushMessage::Ping { time: None }, "{name}");
            }
        }
    }
}

#[test]
fn a_number_that_no_posting_bears_is_refused() {
    let of = |number: &str| {
        let body = json!({ "message_type": "TYPE_STATE_CHANGED", "posting_number": number }).to_string();
        PushMessage::from_json(&body)
    };
    assert_eq!(of(" 1-1-1 ").unwrap().posting_number(), Some("1-1-1"));
    for number in ["", " ", "1 1", "1\u{0}1", "1\n1", &"1".repeat(101)] {
        assert_eq!(of(number), Err(PushError::Missing("posting_number")), "{number:?}");
    }
}

#[test]
fn broken_characters_do_not_cost_the_message() {
    let body = [
        br#"{"message_type":"TYPE_STATE_CHANGED","posting_number":"1-1-1","new_state":""#.to_vec(),
        b"\xff\xfe".to_vec(),
        br#""}"#.to_vec(),
    ]
    .concat();
    assert_eq!(PushMessage::from_bytes(&body).unwrap().posting_number(), Some("1-1-1"));
}
