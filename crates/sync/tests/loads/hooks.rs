//! Ozon's push messages: what is answered, what is kept, and that the posting is read again.

use chrono::TimeDelta;
use ozon_sim::{POSTING_GET, PostingDraft, Status, UNFULFILLED_LIST};
use serde_json::{Value, json};
use storage::hooks::{MessageFilter, Outcome};
use storage::{PageAsk, Store};
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};

const NUMBER: &str = "0105259411-0854-1";

pub fn state_changed(number: &str) -> Value {
    json!({
        "message_type": "TYPE_STATE_CHANGED", "posting_number": number, "new_state": "posting_delivering",
        "changed_state_date": "2026-11-23T10:00:00Z", "warehouse_id": 1, "seller_id": CLIENT.parse::<i64>().unwrap(),
    })
}

pub async fn push(shop: &Shop, message: &Value) -> (u16, Value) {
    let secret = shop.store.hook_secret(shop.cabinet).await.unwrap();
    let answer = shop.desk.take_push(&secret, message.to_string().as_bytes()).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

async fn outcomes(shop: &Shop) -> Vec<Outcome> {
    let page = shop.store.messages(&MessageFilter::default(), &PageAsk::first(200)).await.unwrap();
    page.items.iter().rev().map(|message| message.outcome).collect()
}

fn add(shop: &Shop, number: &str) {
    shop.add(&PostingDraft { status: Some(Status::AwaitingPackaging), ..PostingDraft::numbered(number) });
}

on_both_databases! {
    async fn a_message_is_kept_answered_and_its_posting_read_at_once(store: Store) {
        let shop = Shop::open(store).await;
        add(&shop, NUMBER);
        shop.load().await;
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        assert_eq!(push(&shop, &state_changed(NUMBER)).await, (200, json!({"result": true})));
        assert_eq!(shop.desk.read_what_is_due().await.unwrap(), 1);
        assert_eq!(shop.order(NUMBER).await.ozon_status.code(), "delivering");
        assert_eq!(outcomes(&shop).await, [Outcome::Read]);
    }

    async fn a_message_about_a_posting_not_yet_known_makes_its_order(store: Store) {
        let shop = Shop::open(store).await;
        add(&shop, NUMBER);
        push(&shop, &state_changed(NUMBER)).await;
        shop.desk.read_what_is_due().await.unwrap();
        shop.order(NUMBER).await;
        // And a load finds nothing new.
        assert_eq!(shop.load().await.figures.created, 0);
    }

    async fn duplicates_and_late_messages_cost_one_reading(store: Store) {
        let shop = Shop::open(store).await;
        add(&shop, NUMBER);
        for _ in 0..5 {
            push(&shop, &state_changed(NUMBER)).await;
        }
        shop.ozon.clear_requests();
        shop.desk.read_what_is_due().await.unwrap();
        assert_eq!(shop.ozon.request_count(POSTING_GET), 1);
        assert_eq!(outcomes(&shop).await, [Outcome::Read; 5]);
    }

    async fn over_twenty_postings_are_loaded_and_not_read_one_by_one(store: Store) {
        let shop = Shop::open(store).await;
        let numbers: Vec<String> = (0..25).map(|n| format!("0105259411-{n:04}-1")).collect();
        for number in &numbers {
            add(&shop, number);
            push(&shop, &state_changed(number)).await;
        }
        shop.ozon.advance_clock(TimeDelta::seconds(1));
        shop.ozon.clear_requests();
        shop.desk.read_what_is_due().await.unwrap();
        assert_eq!((shop.ozon.request_count(POSTING_GET), shop.ozon.request_count(UNFULFILLED_LIST)), (0, 1));
        for number in &numbers {
            shop.order(number).await;
        }
        assert_eq!(outcomes(&shop).await, [Outcome::Loaded; 25]);
        assert_eq!(shop.desk.read_what_is_due().await.unwrap(), 0);
    }

    async fn a_posting_that_ozon_does_not_know_is_asked_for_again_and_then_given_up(store: Store) {
        let shop = Shop::open(store).await;
        push(&shop, &state_changed(NUMBER)).await;
        for _ in 0..20 {
            shop.desk.read_what_is_due().await.unwrap();
            shop.ozon.advance_clock(TimeDelta::minutes(3));
        }
        assert_eq!(outcomes(&shop).await, [Outcome::Unknown]);
        assert_eq!(shop.ozon.request_count(POSTING_GET), 5);
    }

    async fn what_is_not_for_this_seller_or_says_nothing_is_refused_as_documented(store: Store) {
        let shop = Shop::open(store).await;
        let wrong = json!({"message_type": "TYPE_STATE_CHANGED", "posting_number": NUMBER, "seller_id": 7});
        let (status, body) = push(&shop, &wrong).await;
        assert_eq!((status, &body["error"]["code"]), (403, &json!("ERROR_UNKNOWN")));
        assert_eq!(body["error"]["details"], Value::Null);
        let mut nameless = state_changed(NUMBER);
        nameless.as_object_mut().unwrap().remove("posting_number");
        let (status, body) = push(&shop, &nameless).await;
        assert_eq!((status, &body["error"]["code"]), (400, &json!("ERROR_PARAMETER_VALUE_MISSED")));
        let answer = shop.desk.take_push("not-a-secret", b"{}").await;
        assert_eq!(answer.status, 404);
        assert_eq!(outcomes(&shop).await, []);
    }

    async fn a_ping_is_answered_by_who_we_are(store: Store) {
        let shop = Shop::open(store).await;
        let (status, body) = push(&shop, &json!({"message_type": "TYPE_PING", "time": "2026-11-23T10:00:00Z"})).await;
        assert_eq!((status, &body["name"]), (200, &json!("Vygruzka")));
        assert!(body["version"].is_string() && body["time"].as_str().unwrap().ends_with('Z'));
    }

    async fn messages_about_other_things_are_noted(store: Store) {
        let shop = Shop::open(store).await;
        let stocks = json!({"message_type": "TYPE_STOCKS_CHANGED", "items": [], "seller_id": CLIENT.parse::<i64>().unwrap()});
        assert_eq!(push(&shop, &stocks).await.0, 200);
        assert_eq!(outcomes(&shop).await, [Outcome::Noted]);
        assert_eq!(shop.desk.read_what_is_due().await.unwrap(), 0);
    }

    async fn a_renewed_address_makes_the_old_one_unknown(store: Store) {
        let shop = Shop::open(store).await;
        let old = shop.store.hook_secret(shop.cabinet).await.unwrap();
        assert_eq!(shop.store.hook_secret(shop.cabinet).await.unwrap(), old, "it stays");
        let new = shop.store.renew_hook_secret(shop.cabinet, "tester", shop.desk.now()).await.unwrap();
        let message = state_changed(NUMBER).to_string();
        assert_eq!(shop.desk.take_push(&old, message.as_bytes()).await.status, 404);
        assert_eq!(shop.desk.take_push(&new, message.as_bytes()).await.status, 200);
    }
}
