//! Push messages: what they say, when they are tried again, and how URLs are registered.

use std::time::Duration;

use chrono::TimeDelta;
use ozon_sim::{
    ActError, CabinetSettings, Canceller, Config, DELIVERING, DeliveryType, GeneratorOptions, Limits,
    NOTIFICATION_LIST, PostingDraft, Push, PushFault, PushSettings, PushState, Running, Simulator, Status,
};
use serde_json::{Value, json};

use crate::client::{API_KEY, CLIENT_ID, Client, NOW, simulator};
use crate::receiver::{Receiver, Reply, a_while, until};

const NUMBER: &str = "0125046649-0022-1";

fn draft(number: &str) -> PostingDraft {
    PostingDraft {
        delivery_type: Some(DeliveryType::NonIntegrated),
        shipment_date: Some("2026-11-25T09:00:00Z".parse().unwrap()),
        ..PostingDraft::numbered(number.to_owned())
    }
}

/// A simulator with a registered receiver of everything.
async fn with_receiver() -> (Running, Receiver) {
    let simulator = simulator().await;
    let receiver = Receiver::start().await;
    simulator.handle().register_url(CLIENT_ID, &receiver.url(), &[]).unwrap();
    (simulator, receiver)
}

fn last(simulator: &Running) -> Push {
    simulator.handle().pushes(CLIENT_ID).pop().unwrap()
}

/// Waits until the last message has been tried so often and its answer is written down.
async fn tried(simulator: &Running, times: usize) -> Push {
    until(|| last(simulator).tries.len() >= times).await;
    let push = last(simulator);
    assert_eq!(push.tries.len(), times);
    push
}

#[tokio::test]
async fn every_event_of_a_posting_is_told() {
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle();
    handle.set_change_delay(TimeDelta::zero());
    handle.add_posting(CLIENT_ID, &draft(NUMBER)).unwrap();
    receiver.count(1).await;
    let truth = handle.truth(CLIENT_ID, NUMBER).unwrap();
    let warehouse = truth.warehouse_id;
    let lines: Vec<Value> = truth
        .lines
        .iter()
        .map(|line| json!({"sku": line.sku, "offer_id": line.offer_id, "quantity": line.quantity}))
        .collect();
    assert_eq!(
        receiver.received()[0],
        json!({
            "message_type": "TYPE_NEW_POSTING", "posting_number": NUMBER, "products": lines,
            "in_process_at": NOW, "warehouse_id": warehouse, "shipment_date": "2026-11-25T09:00:00Z",
            "tpl_integration_type": "non_integrated", "is_express": truth.is_express, "tracking_number": "",
            "delivery_date_begin": truth.delivery_date_begin, "delivery_date_end": truth.delivery_date_end,
            "seller_id": 100_500,
        })
    );
    let about = |message: Value| {
        let mut whole = json!({"posting_number": NUMBER, "warehouse_id": warehouse, "seller_id": 100_500});
        whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
        whole
    };
    handle.move_shipment_date(CLIENT_ID, NUMBER, None).unwrap();
    receiver.count(2).await;
    assert_eq!(
        receiver.received()[1],
        about(json!({"message_type": "TYPE_CUTOFF_DATE_CHANGED", "new_cutoff_date": "",
            "old_cutoff_date": "2026-11-25T09:00:00Z"}))
    );
    let (begin, end) = (truth.delivery_date_begin, truth.delivery_date_end);
    let day = TimeDelta::days(1);
    handle.move_delivery_date(CLIENT_ID, NUMBER, begin + day, end + day).unwrap();
    receiver.count(3).await;
    assert_eq!(
        receiver.received()[2],
        about(json!({"message_type": "TYPE_DELIVERY_DATE_CHANGED",
            "new_delivery_date_begin": begin + day, "new_delivery_date_end": end + day,
            "old_delivery_date_begin": begin, "old_delivery_date_end": end}))
    );
    handle.advance(CLIENT_ID, NUMBER).unwrap();
    receiver.count(4).await;
    let request = json!({"posting_number": [NUMBER]});
    assert_eq!(Client::new(&simulator).post(DELIVERING, &request).await.status, 200);
    receiver.count(5).await;
    assert_eq!(
        receiver.received()[4],
        about(json!({"message_type": "TYPE_STATE_CHANGED",
            "new_state": "posting_transferred_to_courier_service", "changed_state_date": NOW}))
    );
    handle.cancel(CLIENT_ID, NUMBER, Canceller::Customer).unwrap();
    receiver.count(6).await;
    let cancellation = handle.truth(CLIENT_ID, NUMBER).unwrap().cancellation.unwrap();
    let pieces: Vec<Value> =
        truth.lines.iter().map(|line| json!({"sku": line.sku, "quantity": line.quantity})).collect();
    assert_eq!(
        receiver.received()[5],
        about(json!({"message_type": "TYPE_POSTING_CANCELLED", "products": pieces,
            "old_state": "posting_transferred_to_courier_service", "new_state": "posting_canceled",
            "changed_state_date": NOW,
            "reason": {"id": cancellation.reason_id, "message": cancellation.reason}}))
    );
    until(|| handle.pushes(CLIENT_ID).iter().all(|push| push.state == PushState::Delivered)).await;
    let first = &handle.pushes(CLIENT_ID)[0];
    assert_eq!((first.message_type(), first.tries.len()), ("TYPE_NEW_POSTING", 1));
    let answer = first.last_answer().unwrap();
    assert_eq!(
        (answer.status, answer.answer.as_str(), answer.fault),
        (Some(200), r#"{"result":true}"#, None)
    );
}

#[tokio::test]
async fn messages_have_the_fields_of_the_official_examples() {
    let Some(specification) = contract::Specification::load() else {
        return;
    };
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle();
    handle.add_posting(CLIENT_ID, &draft(NUMBER)).unwrap();
    handle.move_shipment_date(CLIENT_ID, NUMBER, Some(handle.now())).unwrap();
    handle.move_delivery_date(CLIENT_ID, NUMBER, handle.now(), handle.now()).unwrap();
    handle.advance(CLIENT_ID, NUMBER).unwrap();
    handle.cancel(CLIENT_ID, NUMBER, Canceller::Seller).unwrap();
    handle.ping(CLIENT_ID).unwrap();
    receiver.count(6).await;
    for message in receiver.received() {
        let message_type = message["message_type"].as_str().unwrap();
        let example = specification.push_examples().into_iter().find(|(name, _)| name == message_type);
        same_fields(&example.unwrap().1, &message, message_type);
    }
}

/// The same names with the same kinds of values, at every depth.
fn same_fields(example: &Value, message: &Value, path: &str) {
    match (example, message) {
        (Value::Object(example), Value::Object(message)) => {
            let names = |map: &serde_json::Map<_, _>| {
                map.keys().cloned().collect::<std::collections::BTreeSet<String>>()
            };
            assert_eq!(names(example), names(message), "{path}");
            for (name, value) in example {
                same_fields(value, &message[name], &format!("{path}.{name}"));
            }
        }
        (Value::Array(example), Value::Array(message)) => {
            for item in message {
                same_fields(&example[0], item, path);
            }
        }
        _ => assert_eq!(std::mem::discriminant(example), std::mem::discriminant(message), "{path}"),
    }
}

#[tokio::test]
async fn states_that_only_ozon_tells_apart_make_no_message_and_an_archive_no_news() {
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle();
    let finished = GeneratorOptions { statuses: vec![Status::Delivered], ..GeneratorOptions::seeded(1) };
    handle.generate(CLIENT_ID, 50, &finished).unwrap();
    let line = |sku: i64| {
        serde_json::from_value(
            json!({"sku": sku, "offer_id": "S", "name": "Пара", "quantity": 2, "price": "7.5"}),
        )
        .unwrap()
    };
    let waiting = PostingDraft {
        status: Some(Status::AwaitingApprove),
        lines: vec![line(5), line(6)],
        ..draft(NUMBER)
    };
    handle.add_posting(CLIENT_ID, &waiting).unwrap();
    handle.advance(CLIENT_ID, NUMBER).unwrap();
    handle.reduce_quantity(CLIENT_ID, NUMBER, 5, 1).unwrap();
    let parts = handle.split(CLIENT_ID, NUMBER, Vec::new()).unwrap();
    handle.advance_clock(TimeDelta::seconds(5));
    receiver.count(4).await;
    a_while().await;
    let told: Vec<_> = receiver
        .received()
        .iter()
        .map(|m| (m["message_type"].clone(), m["posting_number"].clone()))
        .collect();
    let told_of = |message_type: &str, number: &str| (json!(message_type), json!(number));
    assert_eq!(
        told,
        [
            told_of("TYPE_NEW_POSTING", NUMBER),
            told_of("TYPE_POSTING_CANCELLED", NUMBER),
            told_of("TYPE_NEW_POSTING", &parts[0]),
            told_of("TYPE_NEW_POSTING", &parts[1]),
        ]
    );
}

#[tokio::test]
async fn a_message_is_tried_again_with_growing_intervals_and_then_dropped() {
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle();
    receiver.reply(Reply::json(500, &json!({"error": {"code": "ERROR_UNKNOWN"}})));
    handle.add_posting(CLIENT_ID, &draft(NUMBER)).unwrap();
    let intervals = [5, 15, 45, 135, 405, 600, 600, 600, 600, 600];
    for (times, seconds) in (1..).zip(intervals) {
        let push = tried(&simulator, times).await;
        assert_eq!(push.state, PushState::Waiting);
        assert_eq!(push.next_try_at, Some(handle.now() + TimeDelta::seconds(seconds)));
        assert_eq!(push.last_answer().unwrap().fault, Some(PushFault::ServerFault));
        handle.advance_clock(TimeDelta::seconds(seconds - 1));
        a_while().await;
        assert_eq!(receiver.received().len(), times, "not before its time");
        handle.advance_clock(TimeDelta::seconds(1));
    }
    let push = tried(&simulator, 11).await;
    assert_eq!((push.state, push.next_try_at), (PushState::Dropped, None));
    handle.advance_clock(TimeDelta::days(1));
    a_while().await;
    assert_eq!(receiver.received().len(), 11);
}

#[tokio::test]
async fn a_good_answer_ends_the_tries() {
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle();
    for (reply, fault) in [
        (Reply::json(201, &json!({"result": true})), PushFault::StatusCodeNotOk),
        (Reply::json(200, &json!({"result": false})), PushFault::WrongResultField),
        (Reply { body: String::new(), ..Reply::good() }, PushFault::EmptyBody),
        (Reply { body: "oops".to_owned(), ..Reply::good() }, PushFault::InvalidJson),
        (Reply { content_type: "text/html", ..Reply::good() }, PushFault::InvalidBody),
    ] {
        receiver.reply(reply);
        let number = format!("1-{fault:?}-1");
        handle.add_posting(CLIENT_ID, &draft(&number)).unwrap();
        assert_eq!(tried(&simulator, 1).await.last_answer().unwrap().fault, Some(fault));
        receiver.reply(Reply::good());
        handle.advance_clock(TimeDelta::seconds(5));
        assert_eq!(tried(&simulator, 2).await.state, PushState::Delivered);
    }
    handle.advance_clock(TimeDelta::days(1));
    a_while().await;
    assert_eq!(receiver.received().len(), 10);
}

#[tokio::test]
async fn a_receiver_that_is_away_or_slow_is_tried_again_and_holds_nothing_up() {
    let config = Config {
        limits: Limits::lifted(),
        pushes: PushSettings { timeout_millis: 300, ..PushSettings::default() },
        ..Config::default()
    };
    let simulator = Simulator::start(config).await.unwrap();
    let handle = simulator.handle();
    handle.freeze_clock();
    handle.add_cabinet(CabinetSettings::new(CLIENT_ID, API_KEY));
    let away = Receiver::start().await;
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    let away_url = away.url();
    drop(away);
    slow.reply(Reply { delay: Duration::from_secs(30), ..Reply::good() });
    for url in [&away_url, &slow.url(), &quick.url()] {
        handle.register_url(CLIENT_ID, url, &["TYPE_NEW_POSTING"]).unwrap();
    }
    handle.add_posting(CLIENT_ID, &draft(NUMBER)).unwrap();
    quick.count(1).await;
    until(|| handle.pushes(CLIENT_ID).iter().all(|push| push.tries.len() == 1)).await;
    let pushes = handle.pushes(CLIENT_ID);
    let faults: Vec<_> = pushes.iter().map(|push| push.tries[0].fault).collect();
    assert_eq!(faults, [Some(PushFault::RequestError), Some(PushFault::RequestTimeout), None]);
    let states: Vec<_> = pushes.iter().map(|push| push.state).collect();
    assert_eq!(states, [PushState::Waiting, PushState::Waiting, PushState::Delivered]);
    let urls = Client::new(&simulator).post(NOTIFICATION_LIST, &json!({})).await.json();
    let availability: Vec<_> =
        urls["urls"].as_array().unwrap().iter().map(|url| url["availability_status"].clone()).collect();
    assert_eq!(availability, ["RED", "RED", "GREEN"]);
}

#[tokio::test]
async fn messages_are_sent_by_hand_doubled_and_out_of_order() {
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle();
    handle.hold_pushes(CLIENT_ID).unwrap();
    for number in ["1-1-1", "1-2-1", "1-3-1"] {
        handle.add_posting(CLIENT_ID, &draft(number)).unwrap();
    }
    a_while().await;
    assert!(receiver.received().is_empty());
    let ids: Vec<u64> = handle.pushes(CLIENT_ID).iter().map(|push| push.id).collect();
    assert!(handle.pushes(CLIENT_ID).iter().all(|push| push.state == PushState::Held));
    handle.release_pushes(CLIENT_ID, &[ids[2]]).unwrap();
    receiver.count(3).await;
    let numbers: Vec<_> = receiver.received().iter().map(|m| m["posting_number"].clone()).collect();
    assert_eq!(numbers, ["1-3-1", "1-1-1", "1-2-1"]);
    handle.repeat_push(CLIENT_ID, ids[0]).unwrap();
    receiver.count(4).await;
    assert_eq!(receiver.received()[3], receiver.received()[1]);
    let odd = json!({"message_type": "TYPE_NEVER_SEEN", "seller_id": "x"});
    assert_eq!(handle.send_push(CLIENT_ID, &odd).unwrap().len(), 1);
    receiver.count(5).await;
    assert_eq!(receiver.received()[4], odd);
    handle.ping(CLIENT_ID).unwrap();
    receiver.count(6).await;
    until(|| last(&simulator).state == PushState::Delivered).await;
    assert_eq!(handle.repeat_push(CLIENT_ID, 999), Err(ActError::NoPush(999)));
    handle.clear_pushes(CLIENT_ID).unwrap();
    assert!(handle.pushes(CLIENT_ID).is_empty());
}

#[tokio::test]
async fn another_process_drives_push_messages() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let receiver = Receiver::start().await;
    let path = |rest: &str| format!("/_sim/cabinets/{CLIENT_ID}/{rest}");
    let registered = client.post(&path("urls"), &json!({"url": receiver.url()})).await.json();
    assert_eq!(registered["id"], 1);
    assert_eq!(client.get(&path("urls")).await.json()["urls"][0]["enabled"], true);
    assert_eq!(client.post(&path("pushes/hold"), &json!({})).await.status, 200);
    client.post(&path("postings"), &json!({"posting_number": NUMBER})).await;
    let pushes = client.get(&path("pushes")).await.json();
    assert_eq!(pushes["pushes"][0]["state"], "held");
    assert_eq!(client.post(&path("pushes/release"), &json!({"first": [1]})).await.status, 200);
    receiver.count(1).await;
    assert_eq!(client.post(&path("pushes/1/repeat"), &json!({})).await.json()["id"], 2);
    receiver.count(2).await;
    client.post(&path("pushes"), &json!({"message_type": "TYPE_PING", "time": NOW})).await;
    receiver.count(3).await;
    let window = json!({"kind": "move_delivery_date", "begin": NOW, "end": NOW});
    assert_eq!(client.post(&path(&format!("postings/{NUMBER}/act")), &window).await.status, 200);
    receiver.count(4).await;
    assert_eq!(client.post(&path("pushes/99/repeat"), &json!({})).await.status, 404);
    assert_eq!(client.get("/_sim/cabinets/8/pushes").await.status, 404);
}

#[tokio::test]
async fn the_sender_stops_with_the_simulator_and_goes_on_with_the_next() {
    let (simulator, receiver) = with_receiver().await;
    let handle = simulator.handle().clone();
    receiver.reply(Reply { delay: Duration::from_secs(30), ..Reply::good() });
    handle.add_posting(CLIENT_ID, &draft(NUMBER)).unwrap();
    receiver.count(1).await;
    simulator.shutdown().await;
    assert_eq!(handle.pushes(CLIENT_ID)[0].state, PushState::Sending);
    handle.advance(CLIENT_ID, NUMBER).unwrap();
    a_while().await;
    assert_eq!(receiver.received().len(), 1, "nobody sends");
    receiver.reply(Reply::good());
    let again = Simulator::start_with(handle.clone(), Config::default()).await.unwrap();
    receiver.count(3).await;
    let types = receiver.types();
    assert_eq!(types.iter().filter(|name| *name == "TYPE_NEW_POSTING").count(), 2, "sent anew: nobody knows");
    until(|| handle.pushes(CLIENT_ID).iter().all(|push| push.state == PushState::Delivered)).await;
    drop(again);
}
