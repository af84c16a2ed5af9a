//! Answers and requests held against Ozon's specification.

use contract::Specification;
use ozon_sim::{
    CANCELLATION_APPROVE, CANCELLATION_LIST, CANCELLATION_REJECT, DELIVERED, DELIVERING,
    DELIVERY_METHOD_LIST, DeliveryType, Fault, FaultPlan, GeneratorOptions, LAST_MILE, METHODS,
    NOTIFICATION_CHECK, NOTIFICATION_DELETE, NOTIFICATION_ENABLE, NOTIFICATION_LIST, NOTIFICATION_SET,
    NOTIFICATION_UPDATE, POSTING_GET, POSTING_LIST, PUSH_TYPE_LIST, PostingDraft, ROLES, SELLER_INFO, Status,
    TRACKING_NUMBER_SET, UNFULFILLED_LIST, WAREHOUSE_LIST,
};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, list_request, simulator, unfulfilled_request, with_all};

async fn held(specification: &Specification, client: &Client, path: &str, request: &Value) -> Value {
    if let Err(faults) = specification.check_request(path, request) {
        panic!("{path} {request}: {faults:#?}");
    }
    let answered = client.post(path, request).await;
    let body = answered.json();
    if let Err(faults) = specification.check_answer(path, answered.status, &body) {
        panic!("{path} {}: {faults:#?}", answered.status);
    }
    body
}

#[tokio::test]
async fn answers_for_every_status_and_delivery_type_are_as_specified() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    handle.generate(CLIENT_ID, 140, &GeneratorOptions::every_status_and_type(9)).unwrap();
    handle.generate(CLIENT_ID, 260, &GeneratorOptions::seeded(10)).unwrap();
    let splittable = PostingDraft {
        lines: vec![
            serde_json::from_value(
                json!({"sku": 5, "offer_id": "S", "name": "Пара", "quantity": 2, "price": "7.5"}),
            )
            .unwrap(),
        ],
        ..PostingDraft::numbered("7-0001-1")
    };
    handle.add_posting(CLIENT_ID, &splittable).unwrap();
    handle.split(CLIENT_ID, "7-0001-1", Vec::new()).unwrap();
    let mut shown = 0;
    for (path, request) in [
        (POSTING_LIST, list_request()),
        (POSTING_LIST, with_all(list_request())),
        (UNFULFILLED_LIST, with_all(unfulfilled_request())),
    ] {
        let mut request = request;
        loop {
            let page = held(&specification, &client, path, &request).await;
            shown += page["postings"].as_array().unwrap().len();
            if page["has_next"] == json!(false) {
                break;
            }
            request["cursor"] = page["cursor"].clone();
        }
    }
    assert!(shown > 1_000);
    for number in handle.posting_numbers(CLIENT_ID).iter().take(200).chain([&"7-0001-3".to_owned()]) {
        let bare = json!({"posting_number": number});
        held(&specification, &client, POSTING_GET, &bare).await;
        let full = json!({"posting_number": number, "with": {
            "analytics_data": true, "barcodes": true, "financial_data": true, "legal_info": true,
            "product_exemplars": true, "related_postings": true, "translit": true,
        }});
        held(&specification, &client, POSTING_GET, &full).await;
    }
    held(&specification, &client, ROLES, &json!({})).await;
    held(&specification, &client, SELLER_INFO, &json!({})).await;
    held(&specification, &client, WAREHOUSE_LIST, &json!({"limit": 200})).await;
    held(&specification, &client, DELIVERY_METHOD_LIST, &json!({"limit": 100, "sort_dir": "DESC"})).await;
}

#[tokio::test]
async fn refusals_are_as_specified() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let missing = json!({"posting_number": "0-0-0"});
    assert_eq!(held(&specification, &client, POSTING_GET, &missing).await["code"], 5);
    simulator.handle().inject_fault(FaultPlan::next_call(Fault::TooManyRequests { retry_after: 1 }));
    assert_eq!(held(&specification, &client, POSTING_LIST, &list_request()).await["code"], 8);
    simulator.handle().deactivate_key(CLIENT_ID).unwrap();
    assert_eq!(held(&specification, &client, POSTING_LIST, &list_request()).await["code"], 7);
}

/// The strict check and the specification agree on what a request may have.
#[tokio::test]
async fn the_simulator_refuses_the_fields_that_the_specification_does_not_name() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let mut full = with_all(list_request());
    full["translit"] = json!(false);
    full["sort_dir"] = json!("ASC");
    full["cursor"] = json!("");
    full["filter"]["statuses"] = json!(["delivered"]);
    full["filter"]["last_changed_status_date"] =
        json!({"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"});
    full["filter"]["delivery_method_ids"] = json!(["1"]);
    full["filter"]["provider_ids"] = json!(["1"]);
    full["filter"]["warehouse_ids"] = json!(["1"]);
    full["filter"]["order_id"] = json!(1);
    full["filter"]["order_numbers"] = json!(["1"]);
    full["filter"]["is_blr_traceable"] = json!(false);
    full["filter"]["integration_type_flow"] = json!(["ozon"]);
    held(&specification, &client, POSTING_LIST, &full).await;
    for pointer in ["", "/filter", "/with", "/filter/last_changed_status_date"] {
        let mut unknown = full.clone();
        unknown.pointer_mut(pointer).unwrap()["posting_number"] = json!("1");
        assert!(specification.check_request(POSTING_LIST, &unknown).is_err());
        assert_eq!(client.post(POSTING_LIST, &unknown).await.status, 400, "{pointer}");
    }
}

/// Success and every kind of refusal of the changing methods.
#[tokio::test]
async fn answers_to_the_sellers_changes_are_as_specified() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    handle.set_change_delay(chrono::TimeDelta::zero());
    for (number, kind) in [("1-1-1", DeliveryType::NonIntegrated), ("1-2-1", DeliveryType::Ozon)] {
        let draft = PostingDraft {
            delivery_type: Some(kind),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(number)
        };
        handle.add_posting(CLIENT_ID, &draft).unwrap();
    }
    let numbers = json!({"posting_number": ["1-1-1", "1-2-1", "0-0-0", "1-1-1"]});
    for method in [DELIVERING, LAST_MILE, DELIVERED] {
        let body = held(&specification, &client, method, &numbers).await;
        let results: Vec<_> =
            body["result"].as_array().unwrap().iter().map(|item| item["result"].clone()).collect();
        assert_eq!(results, [true, false, false, false], "{method}");
    }
    let tracks = json!({"tracking_numbers": [
        {"posting_number": "1-1-1", "tracking_number": "T-1"},
        {"posting_number": "1-2-1", "tracking_number": "T-2"},
    ]});
    held(&specification, &client, TRACKING_NUMBER_SET, &tracks).await;
    for (path, request) in
        [(DELIVERING, json!({"posting_number": []})), (TRACKING_NUMBER_SET, json!({"tracking_numbers": []}))]
    {
        assert_eq!(held(&specification, &client, path, &request).await["code"], 3);
    }
}

/// For what it answers with nothing the specification has no shape.
async fn held_without_answer(specification: &Specification, client: &Client, path: &str, request: &Value) {
    if let Err(faults) = specification.check_request(path, request) {
        panic!("{path} {request}: {faults:#?}");
    }
    let answered = client.post(path, request).await;
    assert_eq!((answered.status, answered.json()), (200, json!({})), "{path}");
    assert!(specification.check_answer(path, 200, &json!({})).is_err(), "{path} has a shape now");
}

#[tokio::test]
async fn cancellation_requests_are_as_specified() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    let mut ids = Vec::new();
    for number in ["1-1-1", "1-2-1", "1-3-1"] {
        let draft = PostingDraft {
            delivery_type: Some(DeliveryType::ThirdPartyTracking),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(number)
        };
        handle.add_posting(CLIENT_ID, &draft).unwrap();
        ids.push(handle.request_cancellation(CLIENT_ID, number, "Передумал").unwrap());
    }
    let approve = json!({"cancellation_id": ids[0], "comment": "Да"});
    held_without_answer(&specification, &client, CANCELLATION_APPROVE, &approve).await;
    held_without_answer(&specification, &client, CANCELLATION_REJECT, &json!({"cancellation_id": ids[1]}))
        .await;
    for request in [
        json!({"limit": 500}),
        json!({"limit": 1, "last_id": ids[0], "with": {"counter": true}}),
        json!({"limit": 500, "filters": {"state": "ALL", "posting_number": ["1-3-1"],
            "cancellation_initiator": ["CLIENT"]}}),
    ] {
        let page = held(&specification, &client, CANCELLATION_LIST, &request).await;
        assert!(!page["result"].as_array().unwrap().is_empty());
    }
    for request in specification.example_requests(CANCELLATION_LIST) {
        held(&specification, &client, CANCELLATION_LIST, &request).await;
    }
    let missing = json!({"cancellation_id": 1});
    assert_eq!(held(&specification, &client, CANCELLATION_REJECT, &missing).await["code"], 5);
}

/// A posting in every way of being divided, put into boxes and diminished.
#[tokio::test]
async fn divided_and_boxed_postings_are_as_specified() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    let lines = || {
        let line = |sku: i64, quantity: u32| {
            serde_json::from_value(
                json!({"sku": sku, "offer_id": "S", "name": "Пара", "quantity": quantity, "price": "7.5"}),
            )
            .unwrap()
        };
        vec![line(5, 4), line(6, 2)]
    };
    for kind in DeliveryType::ALL {
        for number in ["1", "2", "3"] {
            let draft = PostingDraft {
                delivery_type: Some(kind.clone()),
                lines: lines(),
                multi_box_qty: (*kind == DeliveryType::Aggregator).then_some(3),
                ..PostingDraft::numbered(format!("{kind}-{number}-1"))
            };
            handle.add_posting(CLIENT_ID, &draft).unwrap();
        }
        let pieces = |counts: [(i64, u32); 2]| {
            counts.map(|(sku, quantity)| ozon_sim::Piece { sku, quantity }).to_vec()
        };
        let packages = vec![pieces([(5, 1), (6, 1)]), pieces([(5, 3), (6, 1)])];
        handle.ship_in_packages(CLIENT_ID, &format!("{kind}-1-1"), packages.clone()).unwrap();
        handle.split(CLIENT_ID, &format!("{kind}-2-1"), packages).unwrap();
        handle.reduce_quantity(CLIENT_ID, &format!("{kind}-3-1"), 5, 1).unwrap();
        handle.reduce_quantity(CLIENT_ID, &format!("{kind}-3-1"), 6, 0).unwrap();
        handle.advance(CLIENT_ID, &format!("{kind}-3-1")).unwrap();
        handle.advance(CLIENT_ID, &format!("{kind}-3-1")).unwrap();
    }
    handle.advance_clock(chrono::TimeDelta::seconds(5));
    let mut containers = 0;
    for number in handle.posting_numbers(CLIENT_ID) {
        let request = json!({"posting_number": number, "with": {"related_postings": true}});
        let posting = held(&specification, &client, POSTING_GET, &request).await["result"].clone();
        let truth = handle.truth(CLIENT_ID, &number).unwrap();
        let related = &posting["related_postings"]["related_posting_numbers"];
        assert_eq!(*related, json!(truth.related_posting_numbers), "{number}");
        assert_eq!(
            related.as_array().unwrap().len(),
            if number.contains("-1-") {
                1
            } else if number.contains("-2-") {
                2
            } else {
                0
            }
        );
        assert_eq!(posting["parent_posting_number"], truth.parent_posting_number.as_deref().unwrap_or(""));
        let quantities: u64 =
            posting["products"].as_array().unwrap().iter().map(|p| p["quantity"].as_u64().unwrap()).sum();
        assert_eq!(quantities, truth.lines.iter().map(|line| u64::from(line.quantity)).sum::<u64>());
        let is_boxed = number.starts_with("aggregator");
        assert_eq!(posting["is_multibox"], json!(is_boxed && !truth.is_packed), "{number}");
        assert_eq!(
            posting["multi_box_qty"],
            json!(if is_boxed && truth.is_packed { 3 } else { 1 }),
            "{number}"
        );
        if posting["container"].is_object() {
            assert_eq!(posting["container"]["container_number"], json!(truth.container_number));
            containers += 1;
        }
    }
    assert_eq!(containers, 1, "what is in a carriage has its cargo place");
    let listed = client.numbers(POSTING_LIST, &list_request()).await.len();
    assert_eq!(listed, handle.posting_count(CLIENT_ID));
}

#[tokio::test]
async fn registrations_of_urls_are_as_specified() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let receiver = crate::receiver::Receiver::start().await;
    let url = receiver.url();
    let check = json!({"url": url});
    assert_eq!(held(&specification, &client, NOTIFICATION_CHECK, &check).await["is_active"], true);
    let check = json!({"url": "http://198.51.100.7/"});
    assert_eq!(held(&specification, &client, NOTIFICATION_CHECK, &check).await["is_active"], false);
    let set = json!({"url": url, "types": ["TYPE_NEW_POSTING", "TYPE_STATE_CHANGED"]});
    held_without_answer(&specification, &client, NOTIFICATION_SET, &set).await;
    assert_eq!(held(&specification, &client, NOTIFICATION_SET, &set).await["code"], 6);
    let update = json!({"id": 1, "url": url, "types": ["TYPE_NEW_POSTING"]});
    held_without_answer(&specification, &client, NOTIFICATION_UPDATE, &update).await;
    held_without_answer(&specification, &client, NOTIFICATION_ENABLE, &json!({"id": 1, "enabled": false}))
        .await;
    for path in [NOTIFICATION_LIST, PUSH_TYPE_LIST] {
        held(&specification, &client, path, &json!({})).await;
    }
    held_without_answer(&specification, &client, NOTIFICATION_ENABLE, &json!({"id": 1, "enabled": true}))
        .await;
    for path in [NOTIFICATION_LIST, PUSH_TYPE_LIST] {
        held(&specification, &client, path, &json!({})).await;
    }
    held_without_answer(&specification, &client, NOTIFICATION_DELETE, &json!({"id": 1})).await;
    assert_eq!(held(&specification, &client, NOTIFICATION_DELETE, &json!({"id": 1})).await["code"], 5);
}

#[tokio::test]
async fn every_method_is_specified_and_the_default_role_opens_it() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    for path in METHODS {
        assert!(specification.paths().contains(&path), "{path} is not in the specification");
        assert_ne!(client.post(path, &json!({})).await.status, 403, "{path}");
    }
}
