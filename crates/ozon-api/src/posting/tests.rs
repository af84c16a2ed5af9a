use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Posting, PrrOption};
use crate::codes::{IntegrationTypeFlow, Status, TplIntegrationType};
use crate::money::Money;

/// A posting as the v4 lists write it, with every field that is used.
pub(super) fn listed() -> Value {
    json!({
        "posting_number": "0700-0001-1",
        "status": "awaiting_packaging",
        "substatus": "posting_created",
        "order_id": 700_001,
        "order_number": "0700-0001",
        "delivery_method": { "id": 11, "name": "Courier", "warehouse_id": 12, "warehouse": "Main", "tpl_provider": "Us", "tpl_provider_id": 13 },
        "delivery_schema": "rfbs",
        "tpl_integration_type": "non_integrated",
        "integration_type_flow": "hybrid_non_integrated",
        "tracking_number": "",
        "in_process_at": "2026-05-01T08:00:00Z",
        "shipment_date": "2026-05-02T12:00:00.123Z",
        "shipment_date_without_delay": "2026-05-03T12:00:00.123456Z",
        "delivering_date": null,
        "cancellation": { "cancel_reason_id": 0, "cancel_reason": "", "cancellation_type": "", "cancellation_initiator": "",
            "cancelled_after_ship": false, "affect_cancellation_rating": false },
        "customer": { "customer_id": 5, "name": "Buyer", "phone": "+70000000000", "customer_email": "b@example.org",
            "address": { "address_tail": "1", "city": "City", "comment": "doorbell", "country": "Land", "district": "D", "region": "R",
                "zip_code": "100000", "provider_pvz_code": "P1", "pvz_code": 42, "latitude": 55.5, "longitude": 37.5 } },
        "addressee": { "name": "Receiver" },
        "products": [
            { "offer_id": "A-1", "sku": 1001, "name": "Thing", "quantity": 2, "price": { "amount": "100.50", "currency": "RUB" },
              "weight": 0.42, "product_color": "red" },
            { "offer_id": "A-2", "sku": "1002", "name": "Other", "quantity": 1, "price": { "amount": "7", "currency": "RUB" } }
        ],
        "financial_data": { "cluster_from": "A", "cluster_to": "B", "products": [
            { "product_id": 1001, "quantity": 2, "price": 100.5, "old_price": 120, "actions": ["sale"],
              "customer_price": { "amount": "90.10", "currency": "BYN" }, "commission": { "amount": 0, "currency": "RUB", "percent": 1 } } ] },
        "barcodes": { "upper_barcode": "%101%", "lower_barcode": "2020" },
        "scanit": "SCAN1",
        "analytics_data": { "region": "R", "city": "C", "delivery_type": "Courier", "payment_type_group_name": "Card", "warehouse": "Main",
            "warehouse_id": 12, "tpl_provider": "Us", "tpl_provider_id": 13, "is_legal": true, "is_premium": false,
            "delivery_date_begin": "2026-05-05T08:00:00Z", "delivery_date_end": "2026-05-06T08:00:00Z",
            "client_delivery_date_begin": "2026-05-07T08:00:00Z", "client_delivery_date_end": "2026-05-08T08:00:00Z" },
        "legal_info": { "company_name": "Firm", "inn": "7700000000", "kpp": "770000000" },
        "is_express": false, "is_multibox": true, "multi_box_qty": 3,
        "container": { "cargo_type": "BOX", "container_date": "2026-05-02", "container_id": 9, "container_number": 4 },
        "sorting_center": { "code": "SC", "name": "Centre" },
        "parent_posting_number": "",
        "available_actions": ["ship", "cancel"],
        "requirements": { "products_requiring_gtd": ["1001"], "products_requiring_country": [], "products_requiring_new": [1002] },
        "prr_option": "lift",
        "external_order": { "is_external": true, "platform_name": "Other shop" },
        "is_click_and_collect": false,
        "destination_place_name": "Point",
        "pickup_code_verified_at": "2026-05-09T08:00:00Z"
    })
}

/// The same posting as `/v3/posting/fbs/get` writes it.
pub(super) fn got() -> Value {
    let mut posting = listed();
    let more = json!({
        "previous_substatus": "posting_split_pending",
        "fact_delivery_date": "2026-05-04T10:00:00Z",
        "delivery_price": "150.00",
        "addressee": { "name": "Receiver", "phone": "+79990000000", "pin": "123" },
        "courier": { "name": "Driver", "phone": "", "car_model": "Van", "car_number": "A001" },
        "prr_option": { "code": "lift", "price": "50.00", "currency_code": "RUB", "floor": "3" },
        "related_postings": { "related_posting_numbers": ["0700-0001-2"] },
        "products": [
            { "offer_id": "A-1", "sku": 1001, "name": "Thing", "quantity": 2, "price": "100.5000", "currency_code": "RUB",
              "dimensions": { "height": "1.00", "length": "2.00", "width": "3.00", "weight": "420" } },
            { "offer_id": "A-2", "sku": 1002, "name": "Other", "quantity": 1, "price": "7.0000", "currency_code": "RUB" }
        ],
        "financial_data": { "cluster_from": "A", "cluster_to": "B", "products": [
            { "product_id": 1001, "quantity": 2, "price": 100.5, "old_price": 120, "actions": ["sale"], "currency_code": "RUB",
              "customer_price": 90.1, "customer_currency_code": "BYN", "commission_amount": 0 } ] }
    });
    for (name, value) in more.as_object().unwrap() {
        posting[name] = value.clone();
    }
    posting
}

fn decode(posting: &Value) -> Posting {
    Posting::from_json(&posting.to_string()).unwrap()
}

fn refusal(posting: &Value) -> (Option<String>, String) {
    let error = Posting::from_json(&posting.to_string()).unwrap_err();
    (error.posting_number, error.reason)
}

fn with(path: &str, value: Value) -> Value {
    let mut posting = listed();
    *posting.pointer_mut(path).unwrap() = value;
    posting
}

#[test]
fn both_shapes_of_the_same_posting_say_the_same() {
    let listed = decode(&listed());
    let got = decode(&got());
    assert_eq!(listed.products[0].weight_grams, Some(Decimal::from(420)));
    assert_eq!(listed.products[0].price.amount.to_string(), "100.5");
    assert_eq!(
        got.products
            .iter()
            .map(|product| (
                &product.offer_id,
                product.sku,
                product.quantity,
                &product.price,
                product.weight_grams
            ))
            .collect::<Vec<_>>(),
        listed
            .products
            .iter()
            .map(|product| (
                &product.offer_id,
                product.sku,
                product.quantity,
                &product.price,
                product.weight_grams
            ))
            .collect::<Vec<_>>()
    );
    assert_eq!(got.financial_data, listed.financial_data);
    let financial = &got.financial_data.unwrap().products.unwrap()[0];
    let roubles = |amount: &str| Money::new(amount.parse().unwrap(), Some("RUB"));
    assert_eq!(financial.price, roubles("100.5"));
    assert_eq!(financial.old_price, roubles("120"));
    assert_eq!(financial.customer_price, Money::new("90.1".parse().unwrap(), Some("byn")));
}

#[test]
fn every_field_of_a_full_posting_is_read() {
    let posting = serde_json::to_value(decode(&got())).unwrap();
    let missing: Vec<_> = posting
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, value)| value.is_null())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(missing, ["delivering_date"]);
    let posting = decode(&got());
    assert_eq!(posting.status, Status::AwaitingPackaging);
    assert_eq!(posting.tpl_integration_type, Some(TplIntegrationType::NonIntegrated));
    assert_eq!(posting.integration_type_flow, Some(IntegrationTypeFlow::HybridNonIntegrated));
    assert_eq!(posting.barcodes.unwrap().scanit.as_deref(), Some("SCAN1"));
    assert_eq!(posting.related_postings, Some(vec!["0700-0001-2".to_owned()]));
    assert_eq!(
        posting.prr_option,
        Some(PrrOption {
            code: Some("lift".to_owned()),
            price: Money::new(Decimal::from(50), Some("RUB")),
            floor: Some("3".to_owned()),
        })
    );
    let requirements = posting.requirements.unwrap().0;
    assert_eq!(
        requirements.into_iter().collect::<Vec<_>>(),
        [("gtd".to_owned(), vec![1001]), ("new".to_owned(), vec![1002])]
    );
}

#[test]
fn what_a_change_of_status_looks_at_is_read_from_both_shapes() {
    for raw in [listed(), got()] {
        let mut raw = raw;
        raw["parent_posting_number"] = json!("0700-0001-0");
        raw["cancellation"]["cancellation_type"] = json!("client");
        let posting = decode(&raw);
        assert_eq!(posting.parent_posting_number.as_deref(), Some("0700-0001-0"));
        assert_eq!(posting.multi_box_qty, Some(3));
        assert_eq!(posting.container.unwrap().container_id, Some(9));
        assert_eq!(posting.cancellation.unwrap().cancellation_type.as_deref(), Some("client"));
        assert_eq!(posting.available_actions, Some(vec!["ship".to_owned(), "cancel".to_owned()]));
    }
}

#[test]
fn what_only_one_posting_says_is_read() {
    let posting = decode(&got());
    let addressee = posting.addressee.unwrap();
    assert_eq!(addressee.phone.as_deref(), Some("+79990000000"));
    assert_eq!(addressee.pin.as_deref(), Some("123"));
    assert_eq!(posting.delivery_price, Money::new(Decimal::from(150), None));
    for (raw, read) in [(json!(""), None), (json!(99.5), Money::new("99.5".parse().unwrap(), None))] {
        let mut posting = got();
        posting["delivery_price"] = raw;
        assert_eq!(decode(&posting).delivery_price, read);
    }
    for (raw, read) in [
        (
            json!({ "related_posting_numbers": ["2-2-1", null, 5] }),
            Some(vec!["2-2-1".to_owned(), "5".to_owned()]),
        ),
        (json!({ "related_posting_numbers": [] }), Some(Vec::new())),
        (json!({ "related_posting_numbers": null }), None),
        (json!(["2-2-1"]), None),
        (Value::Null, None),
    ] {
        let mut posting = got();
        posting["related_postings"] = raw;
        assert_eq!(decode(&posting).related_postings, read);
    }
}

#[test]
fn an_empty_text_is_said_and_a_missing_one_is_not() {
    assert_eq!(decode(&listed()).tracking_number.as_deref(), Some(""));
    assert_eq!(decode(&with("/tracking_number", Value::Null)).tracking_number, None);
    let mut posting = listed();
    posting.as_object_mut().unwrap().remove("tracking_number");
    assert_eq!(decode(&posting).tracking_number, None);
}

#[test]
fn barcodes_before_packing_are_none() {
    let mut posting = with("/barcodes", json!({ "upper_barcode": "0", "lower_barcode": "" }));
    posting["scanit"] = Value::Null;
    assert_eq!(decode(&posting).barcodes, None);
    posting["scanit"] = json!("S");
    assert_eq!(decode(&posting).barcodes.unwrap().scanit.as_deref(), Some("S"));
    posting["scanit"] = json!("");
    posting["barcodes"]["scanit"] = json!("T");
    assert_eq!(decode(&posting).barcodes.unwrap().scanit.as_deref(), Some("T"));
}

#[test]
fn empty_demands_and_an_empty_prr_option_are_none() {
    assert_eq!(decode(&with("/requirements", json!({ "products_requiring_gtd": [] }))).requirements, None);
    for empty in [
        json!(""),
        json!({ "code": "", "price": "", "currency_code": "RUB", "floor": "" }),
        json!(7),
        Value::Null,
    ] {
        assert_eq!(decode(&with("/prr_option", empty)).prr_option, None);
    }
}

#[test]
fn an_unknown_status_is_kept_as_its_text() {
    let posting = decode(&with("/status", json!("awaiting_moon")));
    assert_eq!(posting.status, Status::Other("awaiting_moon".to_owned()));
}

#[test]
fn a_posting_without_its_number_is_refused() {
    for number in [
        Value::Null,
        json!(""),
        json!("  "),
        json!({}),
        json!("with space"),
        json!("line\nbreak"),
        json!("9".repeat(101)),
    ] {
        let (found, reason) = refusal(&with("/posting_number", number));
        assert_eq!(found, None);
        assert!(reason.contains("posting_number"), "{reason}");
    }
}

#[test]
fn a_posting_without_a_status_or_products_is_refused_by_its_number() {
    for (path, value, word) in [
        ("/status", Value::Null, "status"),
        ("/status", json!(""), "status"),
        ("/products", Value::Null, "products"),
        ("/products", json!({}), "products"),
        ("/products/1", Value::Null, "product 2 is not an object"),
        ("/products/1/quantity", Value::Null, "product 2 has no sensible quantity"),
        ("/products/0/quantity", json!(-1), "product 1 has no sensible quantity"),
        ("/products/0/quantity", json!("-1"), "quantity"),
        ("/products/0/quantity", json!(1.5), "quantity"),
        ("/products/0/quantity", json!(1_000_001), "quantity"),
        ("/products/0/quantity", json!(u64::MAX), "quantity"),
        ("/products/0/price", Value::Null, "price"),
        ("/products/0/price", json!({ "amount": "", "currency": "RUB" }), "price"),
        ("/products/0/price/amount", json!("-5"), "price"),
        ("/products/0/price/amount", json!("1e20"), "price"),
    ] {
        let (found, reason) = refusal(&with(path, value.clone()));
        assert_eq!(found.as_deref(), Some("0700-0001-1"), "{path} {value}");
        assert!(reason.contains(word), "{path} {value}: {reason}");
    }
}

#[test]
fn a_product_needs_an_sku_or_an_article() {
    let mut posting = with("/products/0/offer_id", Value::Null);
    assert_eq!(decode(&posting).products[0].sku, Some(1001));
    for sku in [json!("no number"), json!(0), json!(-5), Value::Null] {
        posting["products"][0]["sku"] = sku;
        assert!(refusal(&posting).1.contains("neither an SKU nor an article"));
    }
    posting["products"][0]["offer_id"] = json!("A-1");
    assert_eq!(decode(&posting).products[0].sku, None);
}

#[test]
fn a_quantity_as_text_is_a_quantity() {
    assert_eq!(decode(&with("/products/0/quantity", json!("12"))).products[0].quantity, 12);
    assert_eq!(decode(&with("/products/0/quantity", json!(3.0))).products[0].quantity, 3);
}

#[test]
fn the_number_is_found_in_a_posting_that_cannot_be_read_at_all() {
    let twice = r#"{"posting_number":"1-1-1","status":"delivered","status":"delivering","products":[]}"#;
    let error = Posting::from_json(twice).unwrap_err();
    assert_eq!(error.posting_number.as_deref(), Some("1-1-1"));
    for json in ["", "null", "[]", "\"text\"", "{", "[\"1-1-1\"]"] {
        assert_eq!(Posting::from_json(json).unwrap_err().posting_number, None, "{json}");
    }
}

#[test]
fn a_cut_emoji_in_a_name_costs_nothing() {
    let json = listed().to_string().replace("Thing", r"Thing \ud83d");
    let posting = Posting::from_json(&json).unwrap();
    assert_eq!(posting.products[0].name.as_deref(), Some("Thing \u{fffd}"));
}

#[test]
fn people_are_not_printed() {
    let text = format!("{:?}", decode(&got()));
    for secret in ["Buyer", "Receiver", "+7000", "b@example.org", "doorbell"] {
        assert!(!text.contains(secret), "{secret} is printed");
    }
}
