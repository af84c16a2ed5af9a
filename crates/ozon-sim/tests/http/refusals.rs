//! Keys, limits, malformed and unknown requests.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use ozon_sim::{
    Behaviour, GeneratorOptions, Limits, METHODS, POSTING_GET, POSTING_LIST, ROLES, Role, UNFULFILLED_LIST,
};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, first_page, list_request, simulator, unfulfilled_request};

#[tokio::test]
async fn missing_and_wrong_credentials_are_told_apart() {
    let simulator = simulator().await;
    let mut client = Client::new(&simulator);
    client.api_key = None;
    let answered = first_page(&client).await;
    assert_eq!((answered.status, answered.json()["code"].clone()), (401, json!(16)));
    client.api_key = Some("wrong".to_owned());
    let answered = first_page(&client).await;
    assert_eq!((answered.status, answered.json()["code"].clone()), (403, json!(7)));
    assert_eq!(answered.message(), "Invalid Api-Key, please contact support");
    client.client_id = Some("999".to_owned());
    assert_eq!(first_page(&client).await.status, 403);
    assert_eq!(answered.header("x-o3-trace-id").len(), 32);
}

#[tokio::test]
async fn a_key_expires_by_the_virtual_clock_and_can_be_deactivated() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    let roles = client.post(ROLES, &json!({})).await.json();
    assert_eq!(roles["expires_at"], "2027-02-21T12:00:00Z");
    assert_eq!(roles["roles"][0]["name"], "Admin");
    handle.set_key_expiry(CLIENT_ID, handle.now() + TimeDelta::hours(1)).unwrap();
    assert_eq!(first_page(&client).await.status, 200);
    handle.advance_clock(TimeDelta::minutes(61));
    let answered = first_page(&client).await;
    assert_eq!(answered.status, 403);
    assert!(answered.message().starts_with("Api-key is deactivated"));
    handle.set_key_expiry(CLIENT_ID, handle.now() + TimeDelta::days(1)).unwrap();
    assert_eq!(first_page(&client).await.status, 200);
    handle.deactivate_key(CLIENT_ID).unwrap();
    assert_eq!(first_page(&client).await.status, 403);
}

#[tokio::test]
async fn a_key_without_the_role_is_refused_the_method_but_may_ask_for_its_roles() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    simulator.handle().set_roles(CLIENT_ID, vec![Role::new("Posting FBS", &["/v3/posting"])]).unwrap();
    let answered = first_page(&client).await;
    assert_eq!(answered.status, 403);
    assert_eq!(answered.message(), "Api-Key is missing a required role for a method");
    assert_eq!(client.post(ROLES, &json!({})).await.status, 200);
    let get = client.post(POSTING_GET, &json!({"posting_number": "1-1-1"})).await;
    assert_eq!((get.status, get.message().as_str()), (404, "POSTING_NOT_FOUND"));
}

#[tokio::test]
async fn dead_and_unknown_methods_are_not_allowed() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    for path in [
        "/v3/posting/fbs/list",
        "/v3/posting/fbs/unfulfilled/list",
        "/v2/posting/fbo/list",
        "/v2/posting/fbs/package-label",
        "/v1/warehouse/list",
        "/v1/delivery-method/list",
        "/v2/fbs/posting/sent-by-seller",
        "/v9/no/such",
        "/",
    ] {
        let answered = client.post(path, &json!({})).await;
        assert_eq!(answered.status, 404, "{path}");
        assert_eq!(answered.message(), "method is not allowed", "{path}");
        assert!(!answered.header("x-o3-trace-id").is_empty());
    }
    for method in METHODS {
        assert_eq!(client.get(method).await.status, 404);
    }
}

#[tokio::test]
async fn every_method_switched_off_in_the_specification_is_refused() {
    let Some(specification) = contract::Specification::load() else {
        return;
    };
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let mut dead = 0;
    for path in specification.paths() {
        if specification.sunset(path).is_some_and(|day| day.as_str() < "2026-11-23") {
            assert_eq!(client.post(path, &json!({})).await.status, 404, "{path}");
            dead += 1;
        }
    }
    assert!(dead > 10);
}

#[tokio::test]
async fn malformed_requests_are_invalid_arguments() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let with = |pointer: &str, value: Value| {
        let mut request = list_request();
        *request.pointer_mut(pointer).unwrap() = value;
        request
    };
    let mut cursor = list_request();
    cursor["cursor"] = json!("Z2FyYmFnZQ==");
    let mut statuses = list_request();
    statuses["filter"]["statuses"] = json!("delivered");
    let mut numbers = list_request();
    numbers["filter"]["order_numbers"] = json!(vec!["1"; 101]);
    let cases = [
        (json!({"limit": 100}), "value is required"),
        (json!({"filter": {"to": "2026-11-23T00:00:00Z"}, "limit": 1}), "Filter.Since"),
        (json!({"filter": {"since": "2026-11-23T00:00:00Z"}, "limit": 1}), "Filter.To"),
        (json!({"filter": {"since": "2026-11-22T00:00:00Z", "to": "2026-11-23T00:00:00Z"}}), "Limit"),
        (with("/limit", json!(0)), "value must be inside range (0, 100]"),
        (with("/limit", json!(101)), "value must be inside range (0, 100]"),
        (with("/limit", json!(1000)), "PostingFbsListRequest.Limit"),
        (with("/limit", json!("many")), "syntax error"),
        (with("/filter/since", json!("yesterday")), "Timestamp"),
        (with("/filter/since", json!("2026-11-24T00:00:00Z")), "period"),
        (with("/filter/since", json!("2025-11-22T00:00:00Z")), "PERIOD_IS_TOO_LONG"),
        (with("/filter", json!([])), "syntax error"),
        (cursor, "invalid cursor"),
        (statuses, "syntax error"),
        (numbers, "no more than 100"),
        (json!([]), "syntax error"),
        (json!(null), "syntax error"),
    ];
    for (request, text) in cases {
        let answered = client.post(POSTING_LIST, &request).await;
        assert_eq!(answered.status, 400, "{request}");
        assert_eq!(answered.json()["code"], 3, "{request}");
        assert!(answered.message().contains(text), "{request}: {}", answered.message());
    }
    for text in ["", "{", "\u{0}", "{\"filter\":"] {
        let answered = client.post_raw(POSTING_LIST, text.to_owned()).await.unwrap();
        assert_eq!((answered.status, answered.json()["code"].clone()), (400, json!(3)));
    }
}

#[tokio::test]
async fn the_unfulfilled_list_takes_exactly_one_of_its_windows() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let mut both = unfulfilled_request();
    both["filter"]["delivering_date_from"] = json!("2026-11-01T00:00:00Z");
    both["filter"]["delivering_date_to"] = json!("2026-11-02T00:00:00Z");
    let mut half = unfulfilled_request();
    half["filter"].as_object_mut().unwrap().remove("cutoff_to");
    for request in [both, half, json!({"filter": {}, "limit": 10})] {
        let answered = client.post(UNFULFILLED_LIST, &request).await;
        assert_eq!((answered.status, answered.json()["code"].clone()), (400, json!(3)));
    }
    assert_eq!(client.post(UNFULFILLED_LIST, &unfulfilled_request()).await.status, 200);
}

#[tokio::test]
async fn unknown_fields_are_refused_when_strict_and_ignored_when_live_like() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    simulator.handle().generate(CLIENT_ID, 5, &GeneratorOptions::seeded(1)).unwrap();
    let mut requests = Vec::new();
    for (pointer, name) in [("", "offset"), ("/filter", "status"), ("/with", "translit")] {
        let mut request = list_request();
        request["with"] = json!({"barcodes": true});
        request.pointer_mut(pointer).unwrap()[name] = json!(true);
        requests.push(request);
    }
    let mut null = list_request();
    null["filter"]["statuses"] = Value::Null;
    requests.push(null);
    let mut misspelt = list_request();
    misspelt["filter"]["statuses"] = json!(["awaiting_packing"]);
    requests.push(misspelt);
    for request in &requests {
        let answered = client.post(POSTING_LIST, request).await;
        assert_eq!((answered.status, answered.json()["code"].clone()), (400, json!(3)), "{request}");
    }
    simulator.handle().set_behaviour(Behaviour::live_like());
    for request in &requests {
        assert_eq!(client.post(POSTING_LIST, request).await.status, 200, "{request}");
    }
}

#[tokio::test]
async fn a_request_over_ten_megabytes_is_refused() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let text = format!("{{\"cursor\":\"{}\"}}", "x".repeat(11 << 20));
    // The server may close the connection before it has read everything.
    if let Ok(answered) = client.post_raw(POSTING_LIST, text).await {
        assert_eq!(answered.status, 413);
    }
    assert_eq!(first_page(&client).await.status, 200);
}

#[tokio::test]
async fn the_limiter_refuses_in_real_time_whatever_the_virtual_clock_says() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    simulator.handle().set_limits(Limits { get_burst: 2, ..Limits::default() });
    let request = json!({"posting_number": "1-1-1"});
    assert_eq!(client.post(POSTING_GET, &request).await.status, 404);
    assert_eq!(client.post(POSTING_GET, &request).await.status, 404);
    let refused = client.post(POSTING_GET, &request).await;
    assert_eq!((refused.status, refused.json()["code"].clone()), (429, json!(8)));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit-remaining"), "0");
    assert_eq!(refused.message(), "You have reached request rate limit per second");
    simulator.handle().advance_clock(TimeDelta::hours(1));
    assert_eq!(client.post(POSTING_GET, &request).await.status, 429);
    let listed = first_page(&client).await;
    assert_eq!(listed.status, 200);
    assert!(listed.header("ratelimit-remaining").parse::<u32>().unwrap() > 30);
    let start = Instant::now();
    while client.post(POSTING_GET, &request).await.status == 429 {
        assert!(start.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
