//! Whatever Ozon may one day write: nothing panics, and one odd posting costs nothing but itself.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Posting;
use super::tests::{got, listed};
use crate::methods::{GetPosting, ListPostings, Method};
use crate::push::PushMessage;

const ESSENTIAL: [&str; 3] = ["posting_number", "status", "products"];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("9999-12-31T23:59:59.999999900Z")),
        Just(json!("2026-02-29T24:61:61Z")),
        Just(json!("-0.00")),
        Just(json!("")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,12}", inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The pointers of everything inside a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => return,
    };
    for (name, child) in children {
        let at = format!("{at}/{name}");
        pointers(child, &at, found);
        found.push(at);
    }
}

fn mutated(mut posting: Value, place: prop::sample::Index, value: Value) -> Value {
    let mut places = Vec::new();
    pointers(&posting, "", &mut places);
    *posting.pointer_mut(place.get::<String>(&places)).unwrap() = value;
    posting
}

proptest! {
    #[test]
    fn an_optional_field_of_any_shape_never_loses_the_posting(
        place in any::<prop::sample::Index>(), value in any_json(), from_list in any::<bool>(),
    ) {
        let mut posting = if from_list { listed() } else { got() };
        let fields = posting.as_object_mut().unwrap();
        let optional: Vec<String> =
            fields.keys().filter(|name| !ESSENTIAL.contains(&name.as_str())).cloned().collect();
        fields[place.get::<String>(&optional)] = value;
        let decoded = Posting::from_json(&posting.to_string());
        prop_assert!(decoded.is_ok(), "{:?}", decoded);
        prop_assert_eq!(decoded.unwrap().products.len(), 2);
    }

    #[test]
    fn an_optional_field_at_any_depth_never_loses_the_posting(
        place in any::<prop::sample::Index>(), value in any_json(), from_list in any::<bool>(),
    ) {
        let mut posting = if from_list { listed() } else { got() };
        let mut places = Vec::new();
        pointers(&posting, "", &mut places);
        places.retain(|place| !ESSENTIAL.iter().any(|name| place.starts_with(&format!("/{name}"))));
        *posting.pointer_mut(place.get::<String>(&places)).unwrap() = value;
        let decoded = Posting::from_json(&posting.to_string());
        prop_assert!(decoded.is_ok(), "{:?}", decoded);
    }

    #[test]
    fn an_odd_posting_never_loses_its_page(
        place in any::<prop::sample::Index>(), value in any_json(), wrapped in any::<bool>(),
    ) {
        let odd = mutated(listed(), place, value);
        let page = json!({ "cursor": "c", "has_next": true, "postings": [listed(), odd, got()] });
        let body = if wrapped { json!({ "result": page }) } else { page };
        let page = ListPostings::decode(&body.to_string()).unwrap();
        prop_assert_eq!(page.items.len(), 3);
        prop_assert!(page.items[0].decoded.is_ok());
        prop_assert!(page.items[2].decoded.is_ok());
        prop_assert_eq!(serde_json::from_str::<Value>(page.items[1].raw.get()).unwrap(), odd);
    }

    #[test]
    fn a_member_that_is_no_posting_never_loses_its_page(odd in any_json()) {
        let body = json!({ "cursor": "", "has_next": false, "postings": [odd, listed()] });
        let page = ListPostings::decode(&body.to_string()).unwrap();
        prop_assert!(page.items[0].decoded.is_err());
        prop_assert!(page.items[1].decoded.is_ok());
    }

    #[test]
    fn no_text_makes_the_decoders_panic(text in any::<String>(), value in any_json()) {
        for json in [text, value.to_string()] {
            let _ = Posting::from_json(&json);
            let _ = ListPostings::decode(&json);
            let _ = GetPosting::decode(&json);
            let _ = PushMessage::from_json(&json);
        }
    }

    #[test]
    fn a_body_cut_anywhere_is_refused(at in any::<prop::sample::Index>()) {
        let body = json!({ "cursor": "c", "has_next": true, "postings": [listed()] }).to_string();
        let mut end = at.index(body.len());
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        prop_assert!(ListPostings::decode(&body[..end]).is_err());
        prop_assert!(GetPosting::decode(&body[..end]).is_err());
    }
}
