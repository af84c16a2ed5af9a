//! Lists, filters, pages and single postings.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use ozon_sim::{
    Behaviour, DELIVERY_METHOD_LIST, DeliveryType, EqualAtBorders, GeneratorOptions, POSTING_GET,
    POSTING_LIST, PostingDraft, PostingTruth, SELLER_INFO, Status, UNFULFILLED_LIST, WAREHOUSE_LIST,
};
use serde_json::{Value, json};

use crate::client::{
    CLIENT_ID, Client, NOW, list_request, numbers, simulator, unfulfilled_request, with_all,
};

#[tokio::test]
async fn all_pages_together_have_every_posting_once_in_order() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let options = GeneratorOptions {
        equal_at_borders: Some(EqualAtBorders { page: 100, run: 12 }),
        ..GeneratorOptions::seeded(4)
    };
    simulator.handle().generate(CLIENT_ID, 730, &options).unwrap();
    let truth = simulator.handle().posting_numbers(CLIENT_ID);
    for limit in [100, 7, 1] {
        let mut request = list_request();
        request["limit"] = json!(limit);
        assert_eq!(client.numbers(POSTING_LIST, &request).await, truth);
    }
    let mut backwards = list_request();
    backwards["sort_dir"] = json!("desc");
    let mut reversed = truth;
    reversed.reverse();
    assert_eq!(client.numbers(POSTING_LIST, &backwards).await, reversed);
}

#[tokio::test]
async fn every_filter_agrees_with_the_truth() {
    type Holds = fn(&PostingTruth) -> bool;
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    handle.generate(CLIENT_ID, 600, &GeneratorOptions::seeded(11)).unwrap();
    let truths = handle.truths(CLIENT_ID);
    let some = truths[300].clone();
    let cases: Vec<(Value, Holds)> = vec![
        (json!({"statuses": ["delivering", "cancelled"]}), |p| {
            matches!(p.status, Status::Delivering | Status::Cancelled)
        }),
        (json!({"integration_type_flow": ["3pl_tracking"]}), |p| p.flow.as_str() == "3pl_tracking"),
        (json!({"provider_ids": ["24", "138"]}), |p| [24, 138].contains(&p.provider_id)),
        (
            json!({"last_changed_status_date": {"from": "2026-11-20T00:00:00Z", "to": "2026-11-22T00:00:00Z"}}),
            |p| {
                let from: DateTime<Utc> = "2026-11-20T00:00:00Z".parse().unwrap();
                let to: DateTime<Utc> = "2026-11-22T00:00:00Z".parse().unwrap();
                (from..=to).contains(&p.status_changed_at)
            },
        ),
        (json!({"last_changed_status_date": {"from": "2026-11-22T00:00:00Z"}}), |p| {
            p.status_changed_at >= "2026-11-22T00:00:00Z".parse::<DateTime<Utc>>().unwrap()
        }),
        (json!({"warehouse_ids": [1_020_004_870_220_000_i64]}), |p| p.warehouse_id == 1_020_004_870_220_000),
        (json!({"delivery_method_ids": ["1020005000330020"]}), |p| {
            p.delivery_method_id == 1_020_005_000_330_020
        }),
        (json!({"statuses": [], "order_id": 0}), |_| true),
        (json!({"is_blr_traceable": true}), |_| false),
    ];
    for (filter, holds) in cases {
        let mut request = list_request();
        for (name, value) in filter.as_object().unwrap() {
            request["filter"][name] = value.clone();
        }
        let expected: Vec<String> =
            truths.iter().filter(|truth| holds(truth)).map(|truth| truth.posting_number.clone()).collect();
        assert_eq!(client.numbers(POSTING_LIST, &request).await, expected, "{filter}");
    }
    let mut by_order = list_request();
    by_order["filter"]["order_numbers"] = json!([some.order_number, "no-such"]);
    let expected: Vec<_> = truths
        .iter()
        .filter(|truth| truth.order_number == some.order_number)
        .map(|truth| truth.posting_number.clone())
        .collect();
    assert_eq!(client.numbers(POSTING_LIST, &by_order).await, expected);
    let mut by_id = list_request();
    by_id["filter"]["order_id"] = json!(some.order_id);
    assert_eq!(client.numbers(POSTING_LIST, &by_id).await, expected);
}

#[tokio::test]
async fn since_and_to_select_by_the_start_of_processing_with_both_ends() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    for (number, at) in [
        ("1-0001-1", "2026-11-01T09:59:59Z"),
        ("1-0002-1", "2026-11-01T10:00:00Z"),
        ("1-0003-1", "2026-11-02T10:00:00Z"),
        ("1-0004-1", "2026-11-02T10:00:01Z"),
    ] {
        let draft =
            PostingDraft { in_process_at: Some(at.parse().unwrap()), ..PostingDraft::numbered(number) };
        simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
    }
    let request = json!({
        "filter": {"since": "2026-11-01T10:00:00Z", "to": "2026-11-02T10:00:00Z"}, "limit": 100,
    });
    assert_eq!(client.numbers(POSTING_LIST, &request).await, ["1-0002-1", "1-0003-1"]);
}

#[tokio::test]
async fn the_unfulfilled_list_counts_orders_by_cutoff_and_leaves_out_what_has_none() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    let options = GeneratorOptions { without_shipment_date_share: 0.2, ..GeneratorOptions::seeded(5) };
    handle.generate(CLIENT_ID, 700, &options).unwrap();
    let mut open: Vec<_> = handle
        .truths(CLIENT_ID)
        .into_iter()
        .filter(|truth| truth.status.is_unfulfilled() && truth.shipment_date.is_some())
        .collect();
    open.sort_by_key(|truth| truth.shipment_date);
    assert!(handle.truths(CLIENT_ID).iter().any(|t| t.shipment_date.is_none()));
    let mut request = unfulfilled_request();
    request["limit"] = json!(60);
    let pages = client.pages(UNFULFILLED_LIST, &request).await;
    for page in &pages {
        assert_eq!(page["count"], json!(open.len()));
    }
    let listed = numbers(&pages);
    let sorted = |list: Vec<String>| list.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(listed.len(), open.len());
    assert_eq!(sorted(listed), sorted(open.iter().map(|t| t.posting_number.clone()).collect()));
    let cutoffs: Vec<String> = pages
        .iter()
        .flat_map(|page| page["postings"].as_array().unwrap())
        .map(|posting| posting["shipment_date"].as_str().unwrap().to_owned())
        .collect();
    assert!(cutoffs.is_sorted());

    request["filter"]["statuses"] = json!(["awaiting_packaging"]);
    let packing = open.iter().filter(|t| t.status == Status::AwaitingPackaging);
    assert_eq!(client.numbers(UNFULFILLED_LIST, &request).await.len(), packing.count());

    let by_delivering = json!({
        "filter": {"delivering_date_from": "2026-11-01T00:00:00Z", "delivering_date_to": NOW},
        "limit": 100,
    });
    let from: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().unwrap();
    let handed_over = open.iter().filter(|truth| truth.delivering_date.is_some_and(|at| at >= from)).count();
    assert!(handed_over > 0);
    assert_eq!(client.numbers(UNFULFILLED_LIST, &by_delivering).await.len(), handed_over);
}

#[tokio::test]
async fn parts_that_are_not_asked_for_are_null() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    simulator.handle().generate(CLIENT_ID, 30, &GeneratorOptions::seeded(2)).unwrap();
    let parts = ["analytics_data", "barcodes", "financial_data", "legal_info"];
    let bare = client.post(POSTING_LIST, &list_request()).await.json();
    let full = client.post(POSTING_LIST, &with_all(list_request())).await.json();
    for part in parts {
        assert_eq!(bare["postings"][0][part], Value::Null);
        assert!(full["postings"][0][part].is_object());
    }
    let mut one = list_request();
    one["with"] = json!({"barcodes": true});
    let one = client.post(POSTING_LIST, &one).await.json();
    assert!(one["postings"][0]["barcodes"].is_object());
    assert_eq!(one["postings"][0]["financial_data"], Value::Null);
}

#[tokio::test]
async fn a_posting_looks_in_the_list_and_alone_as_ozon_shows_it() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let draft = PostingDraft {
        delivery_type: Some(DeliveryType::NonIntegrated),
        lines: vec![
            serde_json::from_value(
                json!({"sku": 77, "offer_id": "A-1", "name": "Лампа", "quantity": 3, "price": "1530.50"}),
            )
            .unwrap(),
        ],
        buyer_name: Some("Зоя Ветрова".to_owned()),
        buyer_phone: Some("+79580000001".to_owned()),
        ..PostingDraft::numbered("0105259411-0854-2")
    };
    simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
    let listed = client.post(POSTING_LIST, &with_all(list_request())).await.json();
    let listed = &listed["postings"][0];
    assert_eq!(listed["order_number"], "0105259411-0854");
    assert_eq!(listed["products"][0]["price"], json!({"amount": "1530.50", "currency": "RUB"}));
    assert_eq!(listed["addressee"], json!({"name": "Зоя Ветрова"}));
    assert_eq!(listed["customer"]["phone"], "+79580000001");
    assert_eq!(listed["financial_data"]["products"][0]["payout"], json!(0.0));
    assert_eq!(listed["barcodes"]["upper_barcode"], "0");
    assert_eq!(listed["in_process_at"], NOW);
    let alone = client.post(POSTING_GET, &json!({"posting_number": "0105259411-0854-2"})).await.json();
    let alone = &alone["result"];
    assert_eq!(alone["products"][0]["price"], "1530.5000");
    assert_eq!(alone["products"][0]["currency_code"], "RUB");
    assert_eq!(alone["addressee"]["phone"], "+79580000001");
    assert_eq!(alone["addressee"]["pin"].as_str().unwrap().len(), 5);
    assert_eq!(alone["customer"].get("customer_email"), None);
    assert_eq!(alone["related_postings"], Value::Null);
}

#[tokio::test]
async fn buyers_of_ozons_own_delivery_are_not_shown() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let options =
        GeneratorOptions { delivery_types: vec![DeliveryType::Ozon], ..GeneratorOptions::seeded(3) };
    simulator.handle().generate(CLIENT_ID, 50, &options).unwrap();
    let page = client.post(POSTING_LIST, &with_all(list_request())).await.json();
    for posting in page["postings"].as_array().unwrap() {
        assert_eq!(posting["customer"], Value::Null);
        assert_eq!(posting["addressee"], Value::Null);
        assert_eq!(posting["analytics_data"]["city"], "");
    }
}

#[tokio::test]
async fn available_actions_follow_type_and_status() {
    let simulator = simulator().await;
    let cases = [
        (DeliveryType::NonIntegrated, Status::AwaitingDeliver, "non_int_delivering", true),
        (DeliveryType::NonIntegrated, Status::AwaitingDeliver, "set_track_number", true),
        (DeliveryType::ThirdPartyTracking, Status::AwaitingDeliver, "set_track_number", true),
        (DeliveryType::ThirdPartyTracking, Status::AwaitingDeliver, "non_int_delivering", false),
        (DeliveryType::Aggregator, Status::AwaitingDeliver, "set_track_number", false),
        (DeliveryType::Ozon, Status::AwaitingDeliver, "set_track_number", false),
        (DeliveryType::Ozon, Status::AwaitingPackaging, "ship", true),
        (DeliveryType::Ozon, Status::Delivered, "cancel", false),
        (DeliveryType::NonIntegrated, Status::Cancelled, "cancel", false),
        (DeliveryType::Ozon, Status::Arbitration, "awaiting_delivery", true),
    ];
    for (kind, status, action, is_there) in cases {
        let draft = PostingDraft {
            delivery_type: Some(kind.clone()),
            status: Some(status.clone()),
            ..PostingDraft::default()
        };
        let number = simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
        let actions = simulator.handle().truth(CLIENT_ID, &number).unwrap().available_actions;
        assert_eq!(actions.iter().any(|a| a == action), is_there, "{kind} {status} {action}: {actions:?}");
    }
}

#[tokio::test]
async fn warehouses_and_methods_come_in_pages_and_the_company_by_name() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let mut request = json!({"limit": 2});
    let first = client.post(WAREHOUSE_LIST, &request).await.json();
    assert_eq!(first["warehouses"].as_array().unwrap().len(), 2);
    assert_eq!(first["has_next"], true);
    request["cursor"] = first["cursor"].clone();
    let second = client.post(WAREHOUSE_LIST, &request).await.json();
    assert_eq!(second["warehouses"].as_array().unwrap().len(), 1);
    assert_eq!(second["has_next"], false);
    let methods = client
        .post(DELIVERY_METHOD_LIST, &json!({"limit": 100, "filter": {"provider_ids": ["51", "57"]}}))
        .await
        .json();
    assert_eq!(methods["delivery_methods"].as_array().unwrap().len(), 2);
    let company = client.post(SELLER_INFO, &json!({})).await.json();
    assert_eq!(company["company"]["currency"], "RUB");
}

#[tokio::test]
async fn the_wrapper_quirk_puts_the_list_into_result() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    simulator.handle().generate(CLIENT_ID, 5, &GeneratorOptions::seeded(1)).unwrap();
    simulator.handle().set_behaviour(Behaviour { result_wrapper: true, ..Behaviour::default() });
    let page = client.post(POSTING_LIST, &list_request()).await.json();
    assert_eq!(page.as_object().unwrap().len(), 1);
    assert_eq!(page["result"]["postings"].as_array().unwrap().len(), 5);
    assert_eq!(page["result"]["has_next"], false);
}

#[tokio::test]
async fn two_cabinets_do_not_see_each_others_postings() {
    let simulator = simulator().await;
    let handle = simulator.handle();
    handle.add_cabinet(ozon_sim::CabinetSettings::new("200600", "other-key"));
    handle.generate(CLIENT_ID, 10, &GeneratorOptions::seeded(1)).unwrap();
    handle.generate("200600", 20, &GeneratorOptions::seeded(2)).unwrap();
    let mut client = Client::new(&simulator);
    assert_eq!(client.numbers(POSTING_LIST, &list_request()).await.len(), 10);
    client.client_id = Some("200600".to_owned());
    client.api_key = Some("other-key".to_owned());
    assert_eq!(client.numbers(POSTING_LIST, &list_request()).await.len(), 20);
    client.client_id = Some(CLIENT_ID.to_owned());
    assert_eq!(client.post(POSTING_LIST, &list_request()).await.status, 403);
}

#[tokio::test]
async fn a_change_moves_a_posting_into_the_incremental_window() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    let options = GeneratorOptions { statuses: vec![Status::AwaitingDeliver], ..GeneratorOptions::seeded(1) };
    let chosen = handle.generate(CLIENT_ID, 50, &options).unwrap()[20].clone();
    let watermark = handle.now() + TimeDelta::seconds(1);
    handle.advance_clock(TimeDelta::seconds(5));
    handle.advance(CLIENT_ID, &chosen).unwrap();
    let mut request = list_request();
    request["filter"]["last_changed_status_date"] = json!({"from": watermark});
    assert_eq!(client.numbers(POSTING_LIST, &request).await, [chosen]);
}
