//! Every field of the official examples that is used, against the example itself.

use chrono::{DateTime, Utc};
use contract::Specification;
use serde_json::Value;

use super::Posting;
use crate::methods::{GetPosting, ListPostings, ListUnfulfilled, Method};

/// The fields that are decoded under the name and in the shape that Ozon gives them.
const AS_THEY_ARE: [&str; 31] = [
    "posting_number",
    "status",
    "order_id",
    "order_number",
    "substatus",
    "previous_substatus",
    "delivery_method",
    "delivery_schema",
    "tpl_integration_type",
    "integration_type_flow",
    "tracking_number",
    "in_process_at",
    "shipment_date",
    "shipment_date_without_delay",
    "delivering_date",
    "fact_delivery_date",
    "cancellation",
    "customer",
    "addressee",
    "analytics_data",
    "legal_info",
    "is_express",
    "is_multibox",
    "multi_box_qty",
    "container",
    "sorting_center",
    "parent_posting_number",
    "available_actions",
    "external_order",
    "is_click_and_collect",
    "destination_place_name",
];
const AS_THEY_ARE_TOO: [&str; 2] = ["courier", "pickup_code_verified_at"];
/// The fields that are compared one by one below.
const RESHAPED: [&str; 7] = [
    "products",
    "financial_data",
    "barcodes",
    "requirements",
    "prr_option",
    "related_postings",
    "delivery_price",
];

fn same(at: &str, raw: &Value, decoded: &Value) {
    match (raw, decoded) {
        (Value::Null, decoded) => assert!(decoded.is_null(), "{at}: {decoded} out of nothing"),
        (Value::Object(_), Value::Object(fields)) => {
            for (name, value) in fields {
                same(&format!("{at}.{name}"), &raw[name], value);
            }
        }
        (Value::Array(raw), Value::Array(decoded)) => {
            assert_eq!(raw.len(), decoded.len(), "{at}");
            for (raw, decoded) in raw.iter().zip(decoded) {
                same(at, raw, decoded);
            }
        }
        (Value::Number(raw), Value::Number(decoded)) => {
            assert_eq!(raw.as_f64(), decoded.as_f64(), "{at}");
        }
        (Value::Number(raw), Value::String(decoded)) => assert_eq!(&raw.to_string(), decoded, "{at}"),
        (Value::String(raw), Value::String(decoded)) => match raw.parse::<DateTime<Utc>>() {
            Ok(time) => assert_eq!(Ok(time), decoded.parse(), "{at}"),
            Err(_) => assert_eq!(raw, decoded, "{at}"),
        },
        (raw, decoded) => assert_eq!(raw, decoded, "{at}"),
    }
}

/// An amount and its currency, whichever way they are written.
fn money(raw: &Value, currency: &Value) -> Option<(f64, String)> {
    let (amount, currency) =
        if raw.is_object() { (&raw["amount"], &raw["currency"]) } else { (raw, currency) };
    let amount = amount.as_f64().or_else(|| amount.as_str()?.parse().ok())?;
    Some((amount, currency.as_str().unwrap_or_default().to_owned()))
}

fn read_money(money: Option<&crate::money::Money>) -> Option<(f64, String)> {
    let money = money?;
    let amount = money.amount.to_string().parse().unwrap();
    Some((amount, money.currency.clone().unwrap_or_default()))
}

fn compare(raw: &Value, posting: &Posting) {
    let decoded = serde_json::to_value(posting).unwrap();
    let fields = decoded.as_object().unwrap();
    let listed = AS_THEY_ARE.len() + AS_THEY_ARE_TOO.len() + RESHAPED.len();
    assert_eq!(fields.len(), listed, "a field is not compared here");
    for name in AS_THEY_ARE.iter().chain(&AS_THEY_ARE_TOO) {
        same(name, &raw[name], &fields[*name]);
    }
    products(raw, posting);
    financial(raw, posting);
    let barcode = |name: &str| {
        let text = raw["barcodes"][name].as_str();
        text.filter(|text| !text.is_empty() && *text != "0").map(str::to_owned)
    };
    let read = posting.barcodes.clone().unwrap_or_default();
    assert_eq!(read.upper, barcode("upper_barcode"));
    assert_eq!(read.lower, barcode("lower_barcode"));
    assert_eq!(read.scanit.as_deref(), raw["scanit"].as_str());
    let demands = raw["requirements"].as_object().unwrap();
    let read = posting.requirements.clone().unwrap_or_default().0;
    for (name, skus) in demands {
        let skus: Vec<String> =
            skus.as_array().unwrap().iter().map(|sku| sku.to_string().replace('"', "")).collect();
        let kind = name.strip_prefix("products_requiring_").unwrap();
        let read: Vec<String> = read.get(kind).into_iter().flatten().map(i64::to_string).collect();
        assert_eq!(read, skus, "{name}");
    }
    let prr = &raw["prr_option"];
    let code = prr.as_str().or(prr["code"].as_str()).filter(|code| !code.is_empty());
    assert_eq!(posting.prr_option.as_ref().and_then(|prr| prr.code.as_deref()), code);
    assert_eq!(
        serde_json::to_value(&posting.related_postings).unwrap(),
        raw["related_postings"]["related_posting_numbers"]
    );
    assert_eq!(read_money(posting.delivery_price.as_ref()), money(&raw["delivery_price"], &Value::Null));
}

fn products(raw: &Value, posting: &Posting) {
    let raw = raw["products"].as_array().unwrap();
    assert_eq!(raw.len(), posting.products.len());
    for (raw, product) in raw.iter().zip(&posting.products) {
        assert_eq!(product.offer_id.as_deref(), raw["offer_id"].as_str());
        assert_eq!(product.sku, raw["sku"].as_i64());
        assert_eq!(product.name.as_deref(), raw["name"].as_str());
        assert_eq!(Some(u64::from(product.quantity)), raw["quantity"].as_u64());
        assert_eq!(product.product_color.as_deref(), raw["product_color"].as_str());
        assert_eq!(read_money(Some(&product.price)), money(&raw["price"], &raw["currency_code"]));
        let grams = raw["dimensions"]["weight"]
            .as_str()
            .map(|grams| grams.parse::<f64>().unwrap())
            .or_else(|| Some((raw["weight"].as_f64()? * 1000.0).round()));
        let read = product.weight_grams.map(|grams| grams.to_string().parse().unwrap());
        assert_eq!(read, grams);
    }
}

fn financial(raw: &Value, posting: &Posting) {
    let raw = &raw["financial_data"];
    let Some(read) = &posting.financial_data else {
        assert!(raw.is_null());
        return;
    };
    assert_eq!(read.cluster_from.as_deref(), raw["cluster_from"].as_str());
    assert_eq!(read.cluster_to.as_deref(), raw["cluster_to"].as_str());
    let raw = raw["products"].as_array().unwrap();
    let read = read.products.as_ref().unwrap();
    assert_eq!(raw.len(), read.len());
    for (raw, product) in raw.iter().zip(read) {
        let account = if raw["currency_code"].is_string() {
            &raw["currency_code"]
        } else {
            &raw["commission"]["currency"]
        };
        assert_eq!(product.product_id, raw["product_id"].as_i64());
        assert_eq!(product.quantity, raw["quantity"].as_i64());
        assert_eq!(read_money(product.price.as_ref()), money(&raw["price"], account));
        assert_eq!(read_money(product.old_price.as_ref()), money(&raw["old_price"], account));
        assert_eq!(
            read_money(product.customer_price.as_ref()),
            money(&raw["customer_price"], &raw["customer_currency_code"])
        );
        assert_eq!(serde_json::to_value(&product.actions).unwrap(), raw["actions"]);
    }
}

#[test]
fn the_official_examples_of_lists_lose_no_field_that_is_used() {
    let Some(specification) = Specification::load() else {
        return;
    };
    for path in [ListPostings::PATH, ListUnfulfilled::PATH] {
        let examples = specification.example_answers(path);
        assert!(!examples.is_empty(), "{path} has no example");
        for example in examples {
            let page = ListPostings::decode(&example.to_string()).unwrap();
            assert_eq!(page.cursor, example["cursor"].as_str().unwrap());
            assert_eq!(page.has_next, example["has_next"].as_bool().unwrap());
            assert_eq!(page.count, example["count"].as_i64());
            let raw = example["postings"].as_array().unwrap();
            assert_eq!(raw.len(), page.items.len());
            for (raw, listed) in raw.iter().zip(&page.items) {
                compare(raw, listed.decoded.as_ref().unwrap());
                assert_eq!(&serde_json::from_str::<Value>(listed.raw.get()).unwrap(), raw);
            }
        }
    }
}

#[test]
fn the_official_example_of_one_posting_loses_no_field_that_is_used() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let examples = specification.example_answers(GetPosting::PATH);
    assert!(!examples.is_empty());
    for example in examples {
        let listed = GetPosting::decode(&example.to_string()).unwrap();
        compare(&example["result"], &listed.decoded.unwrap());
    }
}

#[test]
fn a_full_posting_of_either_shape_loses_no_field_that_is_used() {
    for raw in [super::tests::listed(), super::tests::got()] {
        let mut raw = raw;
        // The comparison reads an SKU as a number only.
        raw["products"][1]["sku"] = 1002.into();
        compare(&raw, &Posting::from_json(&raw.to_string()).unwrap());
    }
}
