//! Buyers' requests to cancel packed realFBS postings.

use chrono::TimeDelta;
use ozon_sim::{
    ActError, CANCELLATION_APPROVE, CANCELLATION_LIST, CANCELLATION_REJECT, ChangeKind, DeliveryType,
    LifeSettings, POSTING_GET, PostingDraft, RequestState, Role, Running, Status,
};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, simulator};

fn number(index: usize) -> String {
    format!("0125046649-00{index:02}-1")
}

/// So many packed realFBS postings.
async fn with_postings(count: usize) -> (Running, Client) {
    let simulator = simulator().await;
    for index in 0..count {
        let draft = PostingDraft {
            delivery_type: Some(DeliveryType::NonIntegrated),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(number(index))
        };
        simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
    }
    let client = Client::new(&simulator);
    (simulator, client)
}

async fn list(client: &Client, request: Value) -> Value {
    let answered = client.post(CANCELLATION_LIST, &request).await;
    assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
    answered.json()
}

fn ids(page: &Value) -> Vec<i64> {
    page["result"].as_array().unwrap().iter().map(|r| r["cancellation_id"].as_i64().unwrap()).collect()
}

async fn cancelled_by(client: &Client, number: &str) -> Value {
    let posting = client.post(POSTING_GET, &json!({"posting_number": number})).await.json();
    let posting = &posting["result"];
    json!([posting["status"], posting["cancellation"]["cancellation_type"]])
}

#[tokio::test]
async fn an_approved_request_cancels_the_posting_and_a_rejected_one_leaves_it() {
    let (simulator, client) = with_postings(2).await;
    let handle = simulator.handle();
    let first = handle.request_cancellation(CLIENT_ID, &number(0), "Нашёл дешевле").unwrap();
    let second = handle.request_cancellation(CLIENT_ID, &number(1), "Передумал").unwrap();
    let page = list(&client, json!({"limit": 500, "with": {"counter": true}})).await;
    assert_eq!(
        (ids(&page), &page["counter"], &page["last_id"]),
        (vec![first, second], &json!("2"), &json!(second))
    );
    let shown = &page["result"][0];
    assert_eq!(shown["posting_number"], number(0));
    assert_eq!(shown["state"]["state"], "ON_APPROVAL");
    assert_eq!(shown["cancellation_initiator"], "CLIENT");
    assert_eq!(shown["cancellation_reason_message"], "Нашёл дешевле");
    assert_eq!(shown["cancelled_at"], "2026-11-23T12:00:00Z");
    assert_eq!(shown["auto_approve_date"], "2026-11-25T12:00:00Z");
    assert_eq!(shown["approve_date"], Value::Null);
    assert_eq!(shown["tpl_integration_type"], "non_integrated");
    assert_eq!(cancelled_by(&client, &number(0)).await[0], "awaiting_deliver", "it only asks");

    let approve = json!({"cancellation_id": first, "comment": "Отменяем"});
    let answered = client.post(CANCELLATION_APPROVE, &approve).await;
    assert_eq!((answered.status, answered.json()), (200, json!({})));
    let reject = json!({"cancellation_id": second, "comment": "Уже в пути"});
    assert_eq!(client.post(CANCELLATION_REJECT, &reject).await.status, 200);
    assert_eq!(cancelled_by(&client, &number(0)).await, json!(["cancelled", "client"]));
    assert_eq!(cancelled_by(&client, &number(1)).await[0], "awaiting_deliver");
    let truth = handle.truth(CLIENT_ID, &number(0)).unwrap().cancellation.unwrap();
    assert!(truth.after_ship);
    assert_eq!(truth.reason, "Нашёл дешевле");

    for method in [CANCELLATION_APPROVE, CANCELLATION_REJECT] {
        for id in [first, second] {
            let again = client.post(method, &json!({"cancellation_id": id})).await;
            assert_eq!((again.status, again.message().as_str()), (400, "HAS_INCORRECT_STATUS"));
        }
        assert_eq!(client.post(method, &json!({"cancellation_id": 7})).await.status, 404);
        assert_eq!(client.post(method, &json!({})).await.status, 400);
    }
    let page = list(&client, json!({"limit": 500, "with": {"counter": true}})).await;
    assert_eq!(page["counter"], "0");
    assert_eq!(page["result"][0]["state"]["state"], "APPROVED");
    assert_eq!(page["result"][0]["approve_comment"], "Отменяем");
    assert_eq!(page["result"][1]["state"]["state"], "REJECTED");
    let kinds: Vec<_> = handle.changes(CLIENT_ID).into_iter().map(|c| (c.posting_number, c.kind)).collect();
    assert_eq!(
        kinds,
        [(number(0), ChangeKind::ApproveCancellation), (number(1), ChangeKind::RejectCancellation)]
    );
    assert_eq!(handle.refused_changes(CLIENT_ID).len(), 4);
    // A rejected buyer may ask again.
    assert!(handle.request_cancellation(CLIENT_ID, &number(1), "Всё-таки").is_ok());
}

#[tokio::test]
async fn silence_approves_when_the_clock_has_passed() {
    let (simulator, client) = with_postings(3).await;
    let handle = simulator.handle();
    let patience = TimeDelta::hours(1);
    for index in 0..3 {
        handle.request_cancellation_within(CLIENT_ID, &number(index), "Передумал", patience).unwrap();
    }
    let rejected = handle.cancellation_requests(CLIENT_ID)[1].id;
    client.post(CANCELLATION_REJECT, &json!({"cancellation_id": rejected})).await;
    handle.set_status(CLIENT_ID, &number(2), Status::Delivered).unwrap();
    handle.advance_clock(TimeDelta::minutes(59));
    assert_eq!(handle.cancellation_requests(CLIENT_ID)[0].state, RequestState::OnApproval);
    handle.advance_clock(TimeDelta::minutes(2));
    assert_eq!(cancelled_by(&client, &number(0)).await, json!(["cancelled", "client"]));
    assert_eq!(cancelled_by(&client, &number(1)).await[0], "awaiting_deliver");
    assert_eq!(cancelled_by(&client, &number(2)).await[0], "delivered");
    let requests = handle.cancellation_requests(CLIENT_ID);
    let states: Vec<_> = requests.iter().map(|request| (request.state, request.by_silence)).collect();
    assert_eq!(
        states,
        [(RequestState::Approved, true), (RequestState::Rejected, false), (RequestState::Rejected, true)]
    );
    assert_eq!(requests[0].decided_at, Some(requests[0].auto_approve_date));
    assert_eq!(handle.event_failures(), Vec::<String>::new());
}

#[tokio::test]
async fn the_list_filters_and_pages() {
    let (simulator, client) = with_postings(7).await;
    let handle = simulator.handle();
    let all: Vec<i64> = (0..7)
        .map(|index| handle.request_cancellation(CLIENT_ID, &number(index), "Передумал").unwrap())
        .collect();
    client.post(CANCELLATION_APPROVE, &json!({"cancellation_id": all[0]})).await;
    client.post(CANCELLATION_REJECT, &json!({"cancellation_id": all[1]})).await;
    let mut seen = Vec::new();
    let mut last_id = json!(0);
    loop {
        let page = list(&client, json!({"limit": 3, "last_id": last_id})).await;
        assert_eq!(page["counter"], Value::Null);
        if ids(&page).is_empty() {
            break;
        }
        seen.extend(ids(&page));
        last_id = page["last_id"].clone();
    }
    assert_eq!(seen, all);
    for (filters, expected) in [
        (json!({"state": "ALL"}), all.clone()),
        (json!({"state": "ON_APPROVAL"}), all[2..].to_vec()),
        (json!({"state": "APPROVED"}), vec![all[0]]),
        (json!({"state": "REJECTED"}), vec![all[1]]),
        (json!({"posting_number": [number(3), number(5)]}), vec![all[3], all[5]]),
        (json!({"posting_number": [number(0)], "state": "REJECTED"}), vec![]),
        (json!({"cancellation_initiator": ["CLIENT", "OZON"]}), all.clone()),
        (json!({"cancellation_initiator": ["OZON"]}), vec![]),
    ] {
        assert_eq!(
            ids(&list(&client, json!({"limit": 500, "filters": filters})).await),
            expected,
            "{filters}"
        );
    }
    for request in [
        json!({}),
        json!({"limit": 0}),
        json!({"limit": 501}),
        json!({"limit": 1, "filters": {"state": "MAYBE"}}),
        json!({"limit": 1, "filters": {"states": ["ALL"]}}),
    ] {
        let answered = client.post(CANCELLATION_LIST, &request).await;
        assert_eq!((answered.status, answered.json()["code"].clone()), (400, json!(3)), "{request}");
    }
    handle.set_roles(CLIENT_ID, vec![Role::read_only()]).unwrap();
    assert_eq!(client.post(CANCELLATION_LIST, &json!({"limit": 1})).await.status, 200);
    assert_eq!(client.post(CANCELLATION_APPROVE, &json!({"cancellation_id": all[2]})).await.status, 403);
}

#[tokio::test]
async fn only_buyers_of_packed_real_fbs_postings_have_to_ask() {
    let (simulator, client) = with_postings(1).await;
    let handle = simulator.handle();
    let ask = |number: &str| handle.request_cancellation(CLIENT_ID, number, "Передумал");
    for (posting_number, kind, status) in [
        ("1-0001-1", DeliveryType::Ozon, Status::AwaitingDeliver),
        ("1-0002-1", DeliveryType::NonIntegrated, Status::AwaitingPackaging),
        ("1-0003-1", DeliveryType::NonIntegrated, Status::Delivered),
    ] {
        let draft = PostingDraft {
            delivery_type: Some(kind),
            status: Some(status),
            ..PostingDraft::numbered(posting_number)
        };
        handle.add_posting(CLIENT_ID, &draft).unwrap();
    }
    assert_eq!(ask("1-0001-1"), Err(ActError::NotRealFbs));
    assert_eq!(ask("1-0002-1"), Err(ActError::WrongStatus(Status::AwaitingPackaging)));
    assert_eq!(ask("1-0003-1"), Err(ActError::WrongStatus(Status::Delivered)));
    assert_eq!(ask("0-0-0"), Err(ActError::NoPosting("0-0-0".to_owned())));
    let id = ask(&number(0)).unwrap();
    assert_eq!(ask(&number(0)), Err(ActError::RequestExists(id)));
    let act = format!("/_sim/cabinets/{CLIENT_ID}/postings/{}/act", number(0));
    let body = json!({"kind": "request_cancellation", "reason": "Ещё раз", "auto_approve_after_seconds": 5});
    assert_eq!(client.post(&act, &body).await.status, 409);
    client.post(CANCELLATION_REJECT, &json!({"cancellation_id": id})).await;
    assert_eq!(client.post(&act, &body).await.status, 200);
    handle.advance_clock(TimeDelta::seconds(5));
    let path = format!("/_sim/cabinets/{CLIENT_ID}/cancellations");
    let requests = client.get(&path).await.json();
    assert_eq!(requests["requests"][1]["state"], "APPROVED");
    assert_eq!(requests["requests"][1]["reason"], "Ещё раз");
    assert_eq!(cancelled_by(&client, &number(0)).await, json!(["cancelled", "client"]));
}

#[tokio::test]
async fn in_a_life_that_the_seller_drives_buyers_ask() {
    let (simulator, _) = with_postings(2).await;
    let handle = simulator.handle();
    let life = LifeSettings {
        seconds_between_births: 0.0,
        seconds_per_step: 60.0,
        cancel_share: 1.0,
        seller_drives: true,
        ..LifeSettings::default()
    };
    handle.begin_life(CLIENT_ID, life).unwrap();
    handle.advance_clock(TimeDelta::minutes(3));
    assert_eq!(handle.cancellation_requests(CLIENT_ID).len(), 2);
    assert_eq!(handle.truth(CLIENT_ID, &number(0)).unwrap().status, Status::AwaitingDeliver);
    assert_eq!(handle.event_failures(), Vec::<String>::new());
}
