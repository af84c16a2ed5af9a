//! Faults on demand.

use std::time::{Duration, Instant};

use ozon_sim::{Fault, FaultPlan, GeneratorOptions, POSTING_LIST, Running, UNFULFILLED_LIST};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, first_page, list_request, numbers, simulator, unfulfilled_request};

async fn with_postings() -> (Running, Client) {
    let simulator = simulator().await;
    simulator.handle().generate(CLIENT_ID, 250, &GeneratorOptions::seeded(6)).unwrap();
    let client = Client::new(&simulator);
    (simulator, client)
}

fn inject(simulator: &Running, fault: Fault) {
    simulator.handle().inject_fault(FaultPlan::next_call(fault).of_method(POSTING_LIST));
}

#[tokio::test]
async fn refusals_on_demand_meet_their_call_and_no_other() {
    let (simulator, client) = with_postings().await;
    let plan =
        FaultPlan::next_call(Fault::TooManyRequests { retry_after: 7 }).of_method(POSTING_LIST).at_call(2);
    simulator.handle().inject_fault(plan);
    assert_eq!(first_page(&client).await.status, 200);
    let refused = first_page(&client).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "7"));
    assert_eq!(first_page(&client).await.status, 200);
    inject(&simulator, Fault::ServerError);
    assert_eq!(first_page(&client).await.json()["code"], 13);
    inject(&simulator, Fault::BadGateway);
    let gateway = first_page(&client).await;
    assert_eq!((gateway.status, gateway.header("content-type")), (502, "text/html"));
    assert!(gateway.body.starts_with(b"<html>"));
    inject(&simulator, Fault::Refuse { http: 403, code: 7, message: "Offer not signed".to_owned() });
    assert_eq!(first_page(&client).await.message(), "Offer not signed");
    assert!(simulator.handle().pending_faults().is_empty());
}

#[tokio::test]
async fn cut_bodies_and_hang_ups_break_the_connection() {
    let (simulator, client) = with_postings().await;
    for fault in [Fault::CutBody, Fault::Hangup] {
        inject(&simulator, fault.clone());
        let answered = client.post_raw(POSTING_LIST, list_request().to_string()).await;
        assert!(answered.is_err(), "{fault:?}");
        assert_eq!(first_page(&client).await.status, 200, "the next call is served");
    }
    let statuses: Vec<u16> = simulator.handle().requests().iter().map(|r| r.status).collect();
    assert_eq!(statuses, [200, 200, 0, 200]);
    assert_eq!(simulator.handle().requests()[0].faults, ["cut_body"]);
}

#[tokio::test]
async fn a_slow_answer_is_late_but_whole() {
    let (simulator, client) = with_postings().await;
    inject(&simulator, Fault::Slow { millis: 300 });
    let start = Instant::now();
    let page = first_page(&client).await.json();
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(page["postings"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn pages_go_wrong_in_all_the_ways_asked_for() {
    let (simulator, client) = with_postings().await;
    let first = first_page(&client).await.json();
    let mut second = list_request();
    second["cursor"] = first["cursor"].clone();
    inject(&simulator, Fault::RepeatedCursor);
    let page = client.post(POSTING_LIST, &second).await.json();
    assert_eq!((page["cursor"].clone(), page["has_next"].clone()), (first["cursor"].clone(), json!(true)));
    inject(&simulator, Fault::EmptyPage);
    let page = first_page(&client).await.json();
    assert_eq!((page["postings"].clone(), page["has_next"].clone()), (json!([]), json!(true)));
    inject(&simulator, Fault::DoubledPosting);
    let page = first_page(&client).await.json();
    let listed = numbers(&[page]);
    assert_eq!((listed.len(), listed[0].clone()), (101, listed[100].clone()));
    inject(&simulator, Fault::EmptyBody);
    assert!(first_page(&client).await.body.is_empty());
    inject(&simulator, Fault::EmptyObject);
    assert_eq!(first_page(&client).await.json(), json!({}));
    inject(&simulator, Fault::BrokenJson);
    let broken = first_page(&client).await;
    assert_eq!(broken.status, 200);
    assert!(serde_json::from_slice::<Value>(&broken.body).is_err());
    inject(&simulator, Fault::WrongContentType);
    let html = first_page(&client).await;
    assert!(html.header("content-type").starts_with("text/html"));
    assert_eq!(html.json(), first);
    inject(&simulator, Fault::HugeBody { bytes: 20 << 20 });
    let huge = first_page(&client).await;
    assert!(huge.body.len() > 20 << 20);
    assert_eq!(huge.json()["postings"], first["postings"]);
}

#[tokio::test]
async fn a_posting_inserted_between_pages_is_seen_after_the_page_and_missed_before_it() {
    for (path, request) in [(POSTING_LIST, list_request()), (UNFULFILLED_LIST, unfulfilled_request())] {
        for direction in ["ASC", "DESC"] {
            for before_page in [false, true] {
                let (simulator, client) = with_postings().await;
                let mut request = request.clone();
                request["sort_dir"] = json!(direction);
                request["limit"] = json!(30);
                let before = client.numbers(path, &request).await;
                let plan = FaultPlan::next_call(Fault::InsertedPosting { before_page }).of_method(path);
                simulator.handle().inject_fault(plan);
                let seen = client.numbers(path, &request).await;
                assert_eq!(seen.len(), before.len() + usize::from(!before_page));
                let after = client.numbers(path, &request).await;
                assert_eq!(after.len(), before.len() + 1);
                let place = after.iter().position(|n| !before.contains(n)).unwrap();
                assert_eq!(place, if before_page { 0 } else { 30 }, "{path} {direction}");
            }
        }
    }
}
