//! Faults that meet the seller's changes: before them, behind them, and of single items.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use ozon_sim::{DELIVERING, Fault, FaultPlan, LAST_MILE, POSTING_GET, Role};
use serde_json::{Value, json};

use crate::client::CLIENT_ID;
use crate::moves::{NUMBER, SECOND, ask, done, refused, shown, with_own_delivery};

#[tokio::test]
async fn faults_before_a_change_leave_it_undone() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    let request = json!({"posting_number": [NUMBER]});
    for fault in [
        Fault::TooManyRequests { retry_after: 3 },
        Fault::ServerError,
        Fault::BadGateway,
        Fault::Refuse { http: 403, code: 7, message: "Offer not signed".to_owned() },
        Fault::EmptyBody,
        Fault::EmptyObject,
        Fault::Hangup,
    ] {
        handle.inject_fault(FaultPlan::next_call(fault.clone()).of_method(DELIVERING));
        let answered = client.post_raw(DELIVERING, request.to_string()).await;
        assert!(answered.is_err() || answered.unwrap().body != done(NUMBER).to_string().as_bytes());
        assert!(handle.changes(CLIENT_ID).is_empty(), "{fault:?}");
    }
    handle.set_roles(CLIENT_ID, vec![Role::read_only()]).unwrap();
    assert_eq!(client.post(DELIVERING, &request).await.status, 403);
    assert_eq!(client.post(POSTING_GET, &json!({"posting_number": NUMBER})).await.status, 200);
    assert!(handle.changes(CLIENT_ID).is_empty());
}

#[tokio::test]
async fn a_change_is_carried_out_although_its_answer_is_lost() {
    for fault in [
        Fault::TakenThenServerError,
        Fault::TakenThenHangup,
        Fault::TakenThenSlow { millis: 250 },
        Fault::CutBody,
        Fault::BrokenJson,
    ] {
        let (simulator, client) = with_own_delivery().await;
        let handle = simulator.handle();
        handle.inject_fault(FaultPlan::next_call(fault.clone()).of_method(DELIVERING));
        let start = Instant::now();
        let answered = client.post_raw(DELIVERING, json!({"posting_number": [NUMBER]}).to_string()).await;
        match fault {
            Fault::TakenThenServerError => assert_eq!(answered.unwrap().status, 500),
            Fault::TakenThenSlow { .. } => {
                assert!(start.elapsed() >= Duration::from_millis(250));
                assert_eq!(answered.unwrap().json()["result"][0], done(NUMBER));
            }
            Fault::BrokenJson => assert!(serde_json::from_slice::<Value>(&answered.unwrap().body).is_err()),
            _ => assert!(answered.is_err(), "{fault:?}"),
        }
        assert_eq!(handle.changes(CLIENT_ID).len(), 1, "{fault:?}");
        let expected = refused(NUMBER, "TRANSITION_IS_NOT_POSSIBLE");
        assert_eq!(ask(&client, DELIVERING, NUMBER).await, expected, "{fault:?}");
        handle.advance_clock(TimeDelta::seconds(2));
        assert_eq!(shown(&client, NUMBER).await["status"], "delivering", "{fault:?}");
        assert_eq!(handle.requests()[0].faults.len(), 1);
    }
}

#[tokio::test]
async fn a_client_that_does_not_wait_finds_the_change_done() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    handle.inject_fault(FaultPlan::next_call(Fault::TakenThenSlow { millis: 30_000 }).of_method(LAST_MILE));
    let body = json!({"posting_number": [NUMBER]}).to_string();
    let call = tokio::time::timeout(Duration::from_millis(300), client.post_raw(LAST_MILE, body));
    assert!(call.await.is_err());
    assert_eq!(handle.changes(CLIENT_ID).len(), 1);
    assert_eq!(handle.request_count(LAST_MILE), 1, "the log has it although nobody waited");
    // A slow answer of the other kind is given up before anything is done.
    handle.inject_fault(FaultPlan::next_call(Fault::Slow { millis: 600 }).of_method(LAST_MILE));
    let body = json!({"posting_number": [SECOND]}).to_string();
    let call = tokio::time::timeout(Duration::from_millis(200), client.post_raw(LAST_MILE, body));
    assert!(call.await.is_err());
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(handle.changes(CLIENT_ID).len(), 1);
}

#[tokio::test]
async fn single_items_are_refused_on_demand() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    let refuse = |posting_number: Option<&str>| Fault::RefuseItem {
        error: "STATE_NOT_VALID".to_owned(),
        posting_number: posting_number.map(str::to_owned),
    };
    handle.inject_fault(FaultPlan::next_call(refuse(None)).of_method(DELIVERING));
    let both = json!({"posting_number": [NUMBER, SECOND]});
    let result = client.post(DELIVERING, &both).await.json()["result"].clone();
    assert_eq!(result, json!([refused(NUMBER, "STATE_NOT_VALID"), done(SECOND)]));
    assert_eq!(handle.requests()[0].faults, ["refuse_item"]);
    assert_eq!(handle.refused_changes(CLIENT_ID)[0].error, "STATE_NOT_VALID");
    client
        .post(
            "/_sim/faults",
            &json!({"fault": {"kind": "refuse_item", "error": "HAS_INCORRECT_STATUS", "posting_number": NUMBER}, "count": 0}),
        )
        .await;
    let result = client.post(LAST_MILE, &both).await.json()["result"].clone();
    assert_eq!(result, json!([refused(NUMBER, "HAS_INCORRECT_STATUS"), done(SECOND)]));
    assert_eq!(ask(&client, DELIVERING, NUMBER).await, refused(NUMBER, "HAS_INCORRECT_STATUS"));
    handle.clear_faults();
    assert_eq!(ask(&client, DELIVERING, NUMBER).await, done(NUMBER));
}
