//! The control interface and scenarios.

use ozon_sim::{POSTING_LIST, ROLES, Scenario, Status};
use serde_json::{Value, json};

use crate::client::{API_KEY, CLIENT_ID, Client, first_page, list_request, simulator};

fn cabinet(path: &str) -> String {
    format!("/_sim/cabinets/{CLIENT_ID}{path}")
}

#[tokio::test]
async fn another_process_can_drive_everything_over_http() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let made = client
        .post(
            &cabinet("/generate"),
            &json!({"count": 20, "options": {"seed": 3, "statuses": ["awaiting_packaging"]}}),
        )
        .await
        .json();
    assert_eq!(made["posting_numbers"].as_array().unwrap().len(), 20);
    let number = client
        .post(
            &cabinet("/postings"),
            &json!({"posting_number": "5-0001-1", "lines": [
                {"sku": 1, "offer_id": "A", "name": "Чашка", "quantity": 4, "price": "10"}]}),
        )
        .await
        .json()["posting_number"]
        .clone();
    assert_eq!(number, "5-0001-1");
    let act = cabinet("/postings/5-0001-1/act");
    let split = client.post(&act, &json!({"kind": "split"})).await.json();
    assert_eq!(split["made"], json!(["5-0001-2", "5-0001-3"]));
    assert_eq!(split["posting"]["status"], "cancelled_from_split_pending");
    let again = client.post(&act, &json!({"kind": "split"})).await;
    assert_eq!(again.status, 409);
    let part = cabinet("/postings/5-0001-2/act");
    for body in [
        json!({"kind": "advance"}),
        json!({"kind": "set_status", "status": "delivering", "substatus": "posting_in_courier_service"}),
        json!({"kind": "set_tracking_number", "tracking_number": "T-1"}),
        json!({"kind": "patch", "override": {"merge": {"products": "oops"}}}),
        json!({"kind": "patch", "override": {"at": {"pointer": "/order_id", "value": null}}, "touch": true}),
        json!({"kind": "move_shipment_date", "to": null}),
    ] {
        let answered = client.post(&part, &body).await;
        assert_eq!(answered.status, 200, "{body}: {}", String::from_utf8_lossy(&answered.body));
    }
    let shown = client.get(&cabinet("/postings/5-0001-2/shown")).await.json();
    assert_eq!(shown["products"], "oops");
    let truth = client.get(&cabinet("/postings/5-0001-2")).await.json();
    assert_eq!(truth["status"], "delivering");
    assert_eq!(truth["lines"][0]["quantity"], 2);

    let later = client
        .post(
            &format!("{}?after_seconds=30", cabinet("/postings/5-0001-3/act")),
            &json!({"kind": "cancel", "by": "customer"}),
        )
        .await
        .json();
    assert_eq!(later["scheduled"], true);
    let path = cabinet("/postings?status=cancelled");
    assert_eq!(client.get(&path).await.json()["count"], 0);
    let clock = client.post("/_sim/clock", &json!({"advance_seconds": 31})).await.json();
    assert_eq!(clock, json!({"now": "2026-11-23T12:00:31Z", "frozen": true}));
    assert_eq!(client.get(&path).await.json()["count"], 1);

    client.post("/_sim/faults", &json!({"fault": {"kind": "server_error"}})).await;
    assert_eq!(client.get("/_sim/faults").await.json()["faults"].as_array().unwrap().len(), 1);
    assert_eq!(first_page(&client).await.status, 500);
    client.post("/_sim/faults", &json!({"fault": {"kind": "hangup"}, "count": 0})).await;
    client.delete("/_sim/faults").await;
    assert_eq!(first_page(&client).await.status, 200);
    let counts = client.get("/_sim/requests/count").await.json();
    assert_eq!(counts["by_method"][POSTING_LIST], 2);
    let requests = client.get("/_sim/requests?after=1").await.json();
    assert_eq!(requests["requests"][0]["request"], list_request());

    let key = client.post(&cabinet("/key"), &json!({"deactivated": true})).await;
    assert!(!String::from_utf8_lossy(&key.body).contains(API_KEY));
    assert_eq!(client.post(ROLES, &json!({})).await.status, 403);
    let state = client.get("/_sim/state").await;
    assert!(!String::from_utf8_lossy(&state.body).contains(API_KEY));
    assert_eq!(state.json()["cabinets"][0]["postings"], 23);
    assert_eq!(state.json()["cabinets"][0]["statuses"]["awaiting_packaging"], 20);
    assert_eq!(client.post("/_sim/limits", &json!({"lifted": false})).await.json()["per_second"], 50);
    assert_eq!(client.post("/_sim/behaviour", &json!({"strict": false})).await.json()["strict"], false);
    assert_eq!(client.post("/_sim/cabinets", &json!({"client_id": "9", "api_key": "k"})).await.status, 200);
    assert_eq!(simulator.handle().client_ids(), [CLIENT_ID, "9"]);
    assert_eq!(client.post("/_sim/cabinets/9/life", &json!({})).await.status, 200);
    assert_eq!(client.delete("/_sim/cabinets/9/life").await.status, 200);
    assert_eq!(client.post("/_sim/cabinets/8/generate", &json!({"count": 1})).await.status, 404);
    assert_eq!(client.get("/_sim/cabinets/8/postings").await.status, 404);
}

#[tokio::test]
async fn the_control_interface_is_absent_when_not_asked_for() {
    let config = ozon_sim::Config { control: false, ..ozon_sim::Config::default() };
    let simulator = ozon_sim::Simulator::start(config).await.unwrap();
    let client = Client::new(&simulator);
    assert_eq!(client.get("/_sim/state").await.status, 404);
    assert_eq!(client.post("/_sim/cabinets", &json!({"client_id": "9", "api_key": "k"})).await.status, 404);
    assert!(simulator.handle().client_ids().is_empty());
}

#[tokio::test]
async fn a_scenario_plays_its_events_on_the_virtual_clock() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let scenario = json!({
        "clock": {"at": "2026-11-23T09:00:00Z", "frozen": true},
        "behaviour": {"strict": true, "result_wrapper": true},
        "limits": {"lifted": true},
        "cabinets": [{
            "client_id": CLIENT_ID,
            "api_key": API_KEY,
            "company": "ООО «Лавка»",
            "generate": [{"count": 30, "options": {"seed": 7, "days": 14}}],
            "postings": [{"posting_number": "0105259411-0854-1", "status": "awaiting_packaging"}],
            "push_urls": ["http://127.0.0.1:9/push"],
        }],
        "events": [
            {"after_seconds": 30, "client_id": CLIENT_ID,
             "act": {"posting_number": "0105259411-0854-1", "kind": "cancel", "by": "customer"}},
            {"after_seconds": 60, "client_id": CLIENT_ID, "new_posting": {"delivery_type": "aggregator"}},
            {"after_seconds": 90, "client_id": CLIENT_ID, "generate": {"count": 5}},
        ],
        "faults": [{"fault": {"kind": "server_error"}, "method": POSTING_LIST, "call": 1}],
    });
    let played = client.post("/_sim/scenario", &scenario).await;
    assert_eq!(played.status, 200, "{}", String::from_utf8_lossy(&played.body));
    let handle = simulator.handle();
    assert_eq!(handle.posting_count(CLIENT_ID), 31);
    assert_eq!(handle.notification_urls(CLIENT_ID)[0].url, "http://127.0.0.1:9/push");
    assert_eq!(first_page(&client).await.status, 500);
    let page: Value = first_page(&client).await.json();
    assert!(page["result"]["postings"].is_array());
    let status = || handle.truth(CLIENT_ID, "0105259411-0854-1").unwrap().status;
    handle.advance_clock(chrono::TimeDelta::seconds(29));
    assert_eq!(status(), Status::AwaitingPackaging);
    handle.advance_clock(chrono::TimeDelta::seconds(1));
    assert_eq!(status(), Status::Cancelled);
    handle.advance_clock(chrono::TimeDelta::seconds(60));
    assert_eq!(handle.posting_count(CLIENT_ID), 37);
    let ambiguous = json!({"events": [{"after_seconds": 1, "client_id": CLIENT_ID}]});
    let ambiguous = Scenario::parse(&ambiguous.to_string()).unwrap();
    assert!(handle.play(&ambiguous).is_err());
}
