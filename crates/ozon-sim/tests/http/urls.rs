//! Registration and check of URLs for push messages.

use ozon_sim::{
    DeliveryType, DisableReason, NOTIFICATION_CHECK, NOTIFICATION_DELETE, NOTIFICATION_ENABLE,
    NOTIFICATION_LIST, NOTIFICATION_SET, NOTIFICATION_UPDATE, PUSH_TYPE_LIST, PostingDraft,
};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, NOW, simulator};
use crate::receiver::{Receiver, Reply};

const NUMBER: &str = "0125046649-0022-1";

fn draft(number: &str) -> PostingDraft {
    PostingDraft {
        delivery_type: Some(DeliveryType::NonIntegrated),
        ..PostingDraft::numbered(number.to_owned())
    }
}

#[tokio::test]
async fn urls_are_checked_registered_changed_and_removed() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let handle = simulator.handle();
    let (first, second) = (Receiver::start().await, Receiver::start().await);
    let checked = client.post(NOTIFICATION_CHECK, &json!({"url": first.url()})).await.json();
    assert_eq!(checked, json!({"is_active": true, "errors": []}));
    assert_eq!(first.received(), [json!({"message_type": "TYPE_PING", "time": NOW})]);
    let types = ["TYPE_NEW_POSTING", "TYPE_STATE_CHANGED"];
    let set = client.post(NOTIFICATION_SET, &json!({"url": first.url(), "types": types})).await;
    assert_eq!((set.status, set.json()), (200, json!({})));
    assert_eq!(first.types(), ["TYPE_PING", "TYPE_PING"]);
    let again = client.post(NOTIFICATION_SET, &json!({"url": first.url(), "types": types})).await;
    assert_eq!(again.status, 409);
    let listed = client.post(NOTIFICATION_LIST, &json!({})).await.json();
    assert_eq!(listed["total_count"], 1);
    let url = &listed["urls"][0];
    let id = url["id"].clone();
    assert_eq!((&url["url"], &url["enable"]), (&json!(first.url()), &json!(true)));
    let named: Vec<_> = url["types"].as_array().unwrap().iter().map(|t| t["type"].clone()).collect();
    assert_eq!(named, types);
    assert_eq!(url["availability_status"], "GREEN");
    let kinds = client.post(PUSH_TYPE_LIST, &json!({})).await.json();
    let endpoint = |name: &str| {
        let types = kinds["types"].as_array().unwrap();
        types.iter().find(|t| t["type"] == name).unwrap()["seller_endpoint"].clone()
    };
    assert_eq!(endpoint("TYPE_NEW_POSTING"), json!({"id": id, "url": first.url()}));
    assert_eq!(endpoint("TYPE_POSTING_CANCELLED"), Value::Null);

    handle.add_posting(CLIENT_ID, &draft(NUMBER)).unwrap();
    first.count(4).await;
    handle.move_shipment_date(CLIENT_ID, NUMBER, None).unwrap();
    let update = json!({"id": id, "url": second.url(), "types": ["TYPE_CUTOFF_DATE_CHANGED"]});
    assert_eq!(client.post(NOTIFICATION_UPDATE, &update).await.status, 200);
    assert_eq!(second.types(), ["TYPE_PING"]);
    handle.move_shipment_date(CLIENT_ID, NUMBER, Some(handle.now())).unwrap();
    handle.advance(CLIENT_ID, NUMBER).unwrap();
    second.count(2).await;
    assert_eq!(second.types()[1], "TYPE_CUTOFF_DATE_CHANGED");

    let enable = |enabled: bool| json!({"id": id, "enabled": enabled});
    assert_eq!(client.post(NOTIFICATION_ENABLE, &enable(false)).await.status, 200);
    let listed = client.post(NOTIFICATION_LIST, &json!({})).await.json();
    assert_eq!(listed["urls"][0]["disable_reason"], "SELLER");
    handle.move_shipment_date(CLIENT_ID, NUMBER, None).unwrap();
    assert_eq!(client.post(NOTIFICATION_ENABLE, &enable(true)).await.status, 200);
    handle.disable_url(CLIENT_ID, id.as_i64().unwrap(), DisableReason::Availability).unwrap();
    let listed = client.post(NOTIFICATION_LIST, &json!({})).await.json();
    assert_eq!(
        (&listed["urls"][0]["enable"], &listed["urls"][0]["disable_reason"]),
        (&json!(false), &json!("AVAILABILITY"))
    );
    assert_eq!(client.post(NOTIFICATION_ENABLE, &enable(true)).await.status, 200);
    handle.move_shipment_date(CLIENT_ID, NUMBER, Some(handle.now())).unwrap();
    second.count(3).await;
    assert_eq!(second.received()[2]["old_cutoff_date"], "", "what happened meanwhile is not told");

    assert_eq!(client.post(NOTIFICATION_DELETE, &json!({"id": id})).await.status, 200);
    assert!(handle.notification_urls(CLIENT_ID).is_empty());
    for (method, request) in [
        (NOTIFICATION_DELETE, json!({"id": id})),
        (NOTIFICATION_ENABLE, enable(true)),
        (NOTIFICATION_UPDATE, json!({"id": id, "types": types})),
    ] {
        assert_eq!(client.post(method, &request).await.status, 404, "{method}");
    }
}

#[tokio::test]
async fn a_url_that_fails_its_ping_is_not_registered() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let receiver = Receiver::start().await;
    let ping = |body: Value| Reply::json(200, &body);
    for (reply, fault) in [
        (Reply::json(500, &json!({})), "SERVER_FAULT"),
        (Reply::json(404, &json!({})), "STATUS_CODE_NOT_OK"),
        (Reply { body: String::new(), ..Reply::good() }, "EMPTY_BODY"),
        (Reply { content_type: "text/plain", ..Reply::good() }, "INVALID_BODY"),
        (Reply { body: "{".to_owned(), ..Reply::good() }, "INVALID_JSON"),
        (ping(json!({"result": true})), "WRONG_RESULT_FIELD"),
        (ping(json!({"version": "1.0", "name": "Desk", "time": "soon"})), "WRONG_RESULT_TIME_FIELD"),
    ] {
        receiver.reply_to_ping(reply);
        let checked = client.post(NOTIFICATION_CHECK, &json!({"url": receiver.url()})).await.json();
        assert_eq!(checked["is_active"], false);
        assert_eq!(checked["errors"][0]["type"], fault);
        let request = json!({"url": receiver.url(), "types": ["TYPE_NEW_POSTING"]});
        let set = client.post(NOTIFICATION_SET, &request).await;
        assert_eq!(set.status, 400);
        assert!(set.message().contains(fault), "{}", set.message());
    }
    for url in ["http://198.51.100.7/push", "https://shop.example/push", "ftp://127.0.0.1/", "nonsense"] {
        let checked = client.post(NOTIFICATION_CHECK, &json!({"url": url})).await.json();
        assert_eq!(checked["errors"][0]["type"], "REQUEST_ERROR", "{url}");
    }
    for (method, request) in [
        (NOTIFICATION_CHECK, json!({})),
        (NOTIFICATION_CHECK, json!({"url": ""})),
        (NOTIFICATION_SET, json!({"url": receiver.url()})),
        (NOTIFICATION_SET, json!({"url": receiver.url(), "types": []})),
        (NOTIFICATION_SET, json!({"url": receiver.url(), "types": ["TYPE_X"]})),
        (NOTIFICATION_ENABLE, json!({"id": 1})),
        (NOTIFICATION_DELETE, json!({})),
    ] {
        assert_eq!(client.post(method, &request).await.status, 400, "{method} {request}");
    }
    assert!(simulator.handle().notification_urls(CLIENT_ID).is_empty());
}
