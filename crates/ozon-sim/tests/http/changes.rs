//! What happens to postings, at once and on the virtual clock.

use chrono::TimeDelta;
use ozon_sim::{
    Act, ActError, Canceller, DeliveryType, GeneratorOptions, LifeSettings, LineDraft, Override, POSTING_GET,
    POSTING_LIST, Piece, PostingDraft, Running, Status,
};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, list_request, simulator};

const NUMBER: &str = "0105259411-0854-1";

fn two_lines() -> PostingDraft {
    let line = |sku, quantity| LineDraft {
        sku,
        offer_id: format!("A-{sku}"),
        name: format!("Товар {sku}"),
        quantity,
        price: "100.00".to_owned(),
    };
    PostingDraft { lines: vec![line(1, 3), line(2, 1)], ..PostingDraft::numbered(NUMBER) }
}

async fn with_two_lines() -> (Running, Client) {
    let simulator = simulator().await;
    simulator.handle().add_posting(CLIENT_ID, &two_lines()).unwrap();
    let client = Client::new(&simulator);
    (simulator, client)
}

async fn shown(client: &Client, number: &str) -> Value {
    let request = json!({"posting_number": number, "with": {"related_postings": true}});
    client.post(POSTING_GET, &request).await.json()["result"].clone()
}

#[tokio::test]
async fn a_scheduled_change_is_seen_only_when_the_clock_has_passed() {
    let (simulator, client) = with_two_lines().await;
    let handle = simulator.handle();
    handle.act_later(CLIENT_ID, NUMBER, Act::Advance, TimeDelta::seconds(5));
    handle.advance_clock(TimeDelta::seconds(4));
    assert_eq!(shown(&client, NUMBER).await["status"], "awaiting_packaging");
    handle.advance_clock(TimeDelta::seconds(60));
    assert_eq!(shown(&client, NUMBER).await["status"], "awaiting_deliver");
    let truth = handle.truth(CLIENT_ID, NUMBER).unwrap();
    assert_eq!(
        truth.status_changed_at,
        handle.now() - TimeDelta::seconds(59),
        "it changed when it was due, not when it was looked at"
    );
}

#[tokio::test]
async fn cancellations_carry_their_block_in_russian() {
    for (by, kind, initiator) in [
        (Canceller::Customer, "client", "Клиент"),
        (Canceller::Ozon, "ozon", "Ozon"),
        (Canceller::Seller, "seller", "Продавец"),
        (Canceller::System, "system", "Система"),
        (Canceller::Delivery, "delivery", "Служба доставки"),
    ] {
        let (simulator, client) = with_two_lines().await;
        simulator.handle().cancel(CLIENT_ID, NUMBER, by).unwrap();
        let posting = shown(&client, NUMBER).await;
        assert_eq!(posting["status"], "cancelled");
        assert_eq!(posting["substatus"], "posting_canceled");
        let block = &posting["cancellation"];
        assert_eq!(block["cancellation_type"], kind);
        assert_eq!(block["cancellation_initiator"], initiator);
        assert_eq!(block["cancelled_after_ship"], false);
        assert!(block["cancel_reason_id"].as_i64().unwrap() > 0);
        assert_eq!(
            simulator.handle().cancel(CLIENT_ID, NUMBER, by),
            Err(ActError::WrongStatus(Status::Cancelled))
        );
    }
    let (simulator, client) = with_two_lines().await;
    simulator.handle().advance(CLIENT_ID, NUMBER).unwrap();
    simulator.handle().cancel(CLIENT_ID, NUMBER, Canceller::Customer).unwrap();
    assert_eq!(shown(&client, NUMBER).await["cancellation"]["cancelled_after_ship"], true);
}

#[tokio::test]
async fn shipping_in_packages_keeps_the_number_and_adds_related_postings() {
    let (simulator, client) = with_two_lines().await;
    let packages = vec![
        vec![Piece { sku: 1, quantity: 2 }],
        vec![Piece { sku: 1, quantity: 1 }],
        vec![Piece { sku: 2, quantity: 1 }],
    ];
    let made = simulator.handle().ship_in_packages(CLIENT_ID, NUMBER, packages).unwrap();
    assert_eq!(made, ["0105259411-0854-2", "0105259411-0854-3"]);
    let first = shown(&client, NUMBER).await;
    assert_eq!(first["status"], "awaiting_deliver");
    assert_eq!(first["parent_posting_number"], "");
    assert_eq!(first["products"][0]["quantity"], 2);
    assert_eq!(first["related_postings"]["related_posting_numbers"], json!(made));
    let third = shown(&client, &made[1]).await;
    assert_eq!(third["parent_posting_number"], NUMBER);
    assert_eq!(third["products"][0]["sku"], 2);
    assert_eq!(third["order_id"], first["order_id"]);
    assert_eq!(third["related_postings"]["related_posting_numbers"], json!([NUMBER, made[0]]));
}

#[tokio::test]
async fn splitting_without_packing_leaves_a_cancelled_source_and_new_parts() {
    let (simulator, client) = with_two_lines().await;
    let handle = simulator.handle();
    let parts = handle.split(CLIENT_ID, NUMBER, Vec::new()).unwrap();
    assert_eq!(parts.len(), 2);
    let source = shown(&client, NUMBER).await;
    assert_eq!(source["status"], "cancelled_from_split_pending");
    for part in &parts {
        let part = shown(&client, part).await;
        assert_eq!(part["status"], "awaiting_packaging");
        assert_eq!(part["substatus"], "posting_split_pending");
        assert_eq!(part["parent_posting_number"], NUMBER);
    }
    handle.advance_clock(TimeDelta::seconds(5));
    let part = shown(&client, &parts[0]).await;
    assert_eq!(part["substatus"], "posting_created");
    assert_eq!(part["previous_substatus"], "posting_split_pending");
    let mut request = list_request();
    request["filter"]["to"] = json!(handle.now());
    assert_eq!(client.numbers(POSTING_LIST, &request).await.len(), 3);
}

#[tokio::test]
async fn a_split_that_does_not_fit_changes_nothing() {
    let (simulator, _) = with_two_lines().await;
    let handle = simulator.handle();
    let before = handle.truth(CLIENT_ID, NUMBER).unwrap();
    let piece = |sku, quantity| Piece { sku, quantity };
    for parts in [
        vec![vec![piece(1, 3)]],
        vec![vec![piece(1, 4)], vec![piece(2, 1)]],
        vec![vec![piece(9, 1)], vec![piece(1, 3), piece(2, 1)]],
        vec![vec![], vec![piece(1, 3), piece(2, 1)]],
    ] {
        assert!(handle.split(CLIENT_ID, NUMBER, parts.clone()).is_err(), "{parts:?}");
        assert!(handle.ship_in_packages(CLIENT_ID, NUMBER, parts).is_err());
    }
    assert_eq!(handle.truth(CLIENT_ID, NUMBER).unwrap(), before);
    assert_eq!(handle.posting_count(CLIENT_ID), 1);
}

#[tokio::test]
async fn quantities_and_the_shipment_date_change_without_a_change_of_status() {
    let (simulator, client) = with_two_lines().await;
    let handle = simulator.handle();
    let before = handle.truth(CLIENT_ID, NUMBER).unwrap();
    handle.advance_clock(TimeDelta::hours(1));
    handle.reduce_quantity(CLIENT_ID, NUMBER, 1, 2).unwrap();
    handle.reduce_quantity(CLIENT_ID, NUMBER, 2, 0).unwrap();
    assert_eq!(handle.reduce_quantity(CLIENT_ID, NUMBER, 1, 0), Err(ActError::WrongQuantity));
    let moved = before.shipment_date.unwrap() + TimeDelta::days(1);
    handle.move_shipment_date(CLIENT_ID, NUMBER, Some(moved)).unwrap();
    let posting = shown(&client, NUMBER).await;
    assert_eq!(posting["products"].as_array().unwrap().len(), 1);
    assert_eq!(posting["products"][0]["quantity"], 2);
    assert_eq!(posting["shipment_date"], json!(moved));
    let after = handle.truth(CLIENT_ID, NUMBER).unwrap();
    assert_eq!(after.status_changed_at, before.status_changed_at);
    assert_eq!(after.total_minor, 20_000);
    handle.move_shipment_date(CLIENT_ID, NUMBER, None).unwrap();
    assert_eq!(shown(&client, NUMBER).await["shipment_date"], Value::Null);
}

#[tokio::test]
async fn every_delivery_type_advances_to_delivered_and_settles_the_money() {
    let simulator = simulator().await;
    let handle = simulator.handle();
    for kind in DeliveryType::ALL {
        let draft = PostingDraft { delivery_type: Some(kind.clone()), ..PostingDraft::default() };
        let number = handle.add_posting(CLIENT_ID, &draft).unwrap();
        let shown = || handle.snapshot(CLIENT_ID, &number).unwrap();
        assert_eq!(shown()["scanit"], Value::Null);
        handle.advance(CLIENT_ID, &number).unwrap();
        assert_ne!(shown()["barcodes"]["upper_barcode"], "0");
        assert!(shown()["scanit"].is_string());
        while handle.advance(CLIENT_ID, &number).is_ok() {
            handle.advance_clock(TimeDelta::seconds(1));
        }
        assert_eq!(shown()["status"], "delivered", "{kind}");
        assert!(shown()["delivering_date"].is_string());
        assert!(shown()["financial_data"]["products"][0]["payout"].as_f64().unwrap() > 0.0);
    }
}

#[tokio::test]
async fn unknown_statuses_and_hostile_shapes_are_shown_as_they_are_put() {
    let (simulator, client) = with_two_lines().await;
    let handle = simulator.handle();
    handle.set_status(CLIENT_ID, NUMBER, Status::Other("teleporting".to_owned())).unwrap();
    assert_eq!(shown(&client, NUMBER).await["status"], "teleporting");
    handle
        .patch(
            CLIENT_ID,
            NUMBER,
            json!({"products": "oops", "in_process_at": "2026-11-23 12:00", "addressee": {"name": "<img src=x onerror=alert(1)>"}}),
        )
        .unwrap();
    let change = Override::At { pointer: "/order_id".to_owned(), value: Value::Null };
    handle.act(CLIENT_ID, NUMBER, &Act::Patch { change, touch: false }).unwrap();
    let page = client.post(POSTING_LIST, &list_request()).await.json();
    let posting = &page["postings"][0];
    assert_eq!(posting["products"], "oops");
    assert_eq!(posting["in_process_at"], "2026-11-23 12:00");
    assert_eq!(posting["order_id"], Value::Null);
    assert_eq!(posting["addressee"]["name"], "<img src=x onerror=alert(1)>");
    assert_eq!(shown(&client, NUMBER).await["products"], "oops");
    let truth = handle.truth(CLIENT_ID, NUMBER).unwrap();
    assert!(truth.is_overridden);
    assert_eq!(truth.lines.len(), 2, "the truth stays");
}

#[tokio::test]
async fn a_living_cabinet_bears_and_moves_postings_on_the_virtual_clock() {
    let simulator = simulator().await;
    let handle = simulator.handle();
    handle.generate(CLIENT_ID, 100, &GeneratorOptions::seeded(1)).unwrap();
    let settings = LifeSettings {
        seconds_between_births: 60.0,
        seconds_per_step: 600.0,
        cancel_share: 0.1,
        max_postings: 150,
        seed: 5,
        ..LifeSettings::default()
    };
    handle.begin_life(CLIENT_ID, settings).unwrap();
    handle.advance_clock(TimeDelta::minutes(10));
    let after_ten = handle.posting_count(CLIENT_ID);
    assert!((105..=116).contains(&after_ten), "{after_ten}");
    handle.advance_clock(TimeDelta::days(2));
    let truths = handle.truths(CLIENT_ID);
    assert_eq!(truths.len(), 150, "no more than allowed are born");
    assert!(truths.iter().all(|truth| truth.status.is_final()));
    assert!(truths.iter().any(|truth| truth.status == Status::Cancelled));
    assert_eq!(handle.event_failures(), Vec::<String>::new());
    handle.end_life(CLIENT_ID).unwrap();
    handle.advance_clock(TimeDelta::days(1));
    assert_eq!(handle.pending_events(), 0);
}

#[tokio::test]
async fn the_state_outlives_an_outage_of_the_server() {
    let (simulator, client) = with_two_lines().await;
    let handle = simulator.handle().clone();
    let listen = simulator.address();
    simulator.shutdown().await;
    let request = list_request().to_string();
    assert!(client.post_raw(POSTING_LIST, request).await.is_err());
    let config = ozon_sim::Config { listen, ..ozon_sim::Config::default() };
    let again = ozon_sim::Simulator::start_with(handle, config).await.unwrap();
    let client = Client::new(&again);
    assert_eq!(client.numbers(POSTING_LIST, &list_request()).await, [NUMBER]);
}
