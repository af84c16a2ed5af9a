//! Stored postings: all of them, why some made no order, and making one by hand.

use std::collections::BTreeSet;

use domain::{OzonStatus, PostingNumber};
use reqwest::Method;
use serde_json::{Value, json};
use storage::intake::{Arrival, Arrived, ShownBy};
use storage::{Role, Store};

use crate::goods::{feed, noon, posting, raw, rich_posting};
use crate::site::{Site, at, cabinet};

const OZON: &str = "http://127.0.0.1:1";

/// Five postings: one makes an order, four do not, each for another reason.
async fn five(store: &Store, cabinet: domain::CabinetId) {
    let mut late = posting(2);
    late.status = OzonStatus::Delivered;
    let mut packed = posting(3);
    packed.status = OzonStatus::AwaitingDeliver;
    let mut unknown = posting(4);
    unknown.status = OzonStatus::Other("teleported".to_owned());
    let mut archived = posting(5);
    archived.status = OzonStatus::Delivered;
    archived.details.in_process_at = Some(at("2026-01-01T00:00:00Z"));
    feed(store, cabinet, &[posting(1), late, packed, unknown, archived]).await;
}

async fn found(site: &Site, query: &str) -> BTreeSet<String> {
    let page = site.get(&format!("/postings?{query}")).await.ok();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["posting_number"].as_str().unwrap()[7..8].to_owned())
        .collect()
}

fn set(digits: &str) -> BTreeSet<String> {
    digits.chars().map(String::from).collect()
}

testkit::on_both_databases! {
    async fn every_posting_is_shown_with_the_reason_why_it_made_no_order(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let first = cabinet(&store, "1", OZON, noon()).await;
        Box::pin(five(&store, first.id)).await;
        let second = cabinet(&store, "2", OZON, noon()).await;
        feed(&store, second.id, &[posting(6)]).await;

        assert_eq!(found(&site, "").await, set("123456"), "the archive too");
        assert_eq!(found(&site, "without_order=true").await, set("2345"));
        assert_eq!(found(&site, "without_order=false").await, set("16"));
        assert_eq!(found(&site, &format!("cabinet={}", second.id)).await, set("6"));
        assert_eq!(found(&site, "posting_number=00000004-0001-1").await, set("4"));
        for (reason, digit, setting) in [
            ("also_awaiting_deliver_off", "3", "also_awaiting_deliver"),
            ("first_seen_too_late", "2", "no setting"),
            ("unknown_status", "4", "not one that Ozon documents"),
            ("archive", "5", "load_from"),
        ] {
            let query = format!("skipped_because={reason}");
            assert_eq!(found(&site, &query).await, set(digit), "{reason}");
            let page = site.get(&format!("/postings?{query}")).await.ok();
            let item = &page["items"][0];
            assert_eq!((&item["skipped_because"], &item["order_id"]), (&json!(reason), &Value::Null));
            assert!(item["skipped_because_text"].as_str().unwrap().contains(setting), "{item}");
        }
        let with_order = site.get("/postings?without_order=false&cabinet=1").await.ok();
        assert_eq!(with_order["items"][0]["skipped_because"], Value::Null);
        assert!(with_order["items"][0]["order_id"].is_i64());
        assert_eq!(site.all_pages("/postings", 2).await.len(), 6);
    }

    async fn the_raw_words_are_ozons_to_the_letter_and_not_for_viewers(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[rich_posting()]).await;
        let text = site.as_role(Role::Manager, &Method::GET, "/postings").send().await.unwrap().text().await.unwrap();
        assert!(text.contains(&format!("\"raw\":{}", raw(&rich_posting()))), "{text}");
        let page = site.get_as(Role::Viewer, "/postings").await.ok();
        assert_eq!(page["items"][0]["raw"], Value::Null);
    }

    async fn a_posting_that_could_not_be_read_is_shown_as_it_came(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        let arrived = Arrived {
            number: PostingNumber::new("broken-1").unwrap(),
            raw: "{\"posting_number\": 5, \"buyer\": \"Анна\"}".to_owned(),
            posting: Err("posting_number: expected text, Анна".to_owned()),
        };
        let arrival = Arrival { cabinet: cabinet.id, shown_by: ShownBy::List, read_at: noon(), postings: vec![arrived] };
        store.take_in(&arrival, noon(), false).await.unwrap();
        let page = site.get("/postings?skipped_because=undecodable").await.ok();
        assert_eq!(page["items"][0]["raw"], json!({"posting_number": 5, "buyer": "Анна"}));
        assert_eq!(page["items"][0]["undecodable"], "posting_number: expected text, Анна");
        assert!(!site.get_as(Role::Viewer, "/postings").await.ok().to_string().contains("Анна"));
        let problem = site.act(Method::POST, "/postings/broken-1/order").await.with(409);
        assert_eq!(problem["code"], "undecodable");
    }

    async fn a_skipped_posting_becomes_an_order_by_hand_and_only_once(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        Box::pin(five(&store, cabinet.id)).await;
        let path = "/postings/00000002-0001-1/order";
        let made = site.act(Method::POST, path).await;
        assert_eq!(made.headers["location"].to_str().unwrap(), format!("/api/v1/orders/{}", made.body["id"]));
        let order = made.with(201);
        assert_eq!((&order["posting_number"], &order["ozon_status"]), (&json!("00000002-0001-1"), &json!("delivered")));
        assert_eq!(site.act(Method::POST, path).await.with(200), order, "the one it has");
        let history = site.get(&format!("/orders/{}/history", order["id"])).await.ok();
        assert_eq!(history["items"][0]["actor"], "token:admin");
        assert_eq!(history["items"][0]["reason"], "by_hand");
        assert_eq!(found(&site, "without_order=true").await, set("345"));
        site.act(Method::POST, "/postings/0000/order").await.with(404);
    }

    async fn of_several_cabinets_with_one_number_the_caller_says_which(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let (one, two) = (cabinet(&store, "1", OZON, noon()).await, cabinet(&store, "2", OZON, noon()).await);
        let mut late = posting(1);
        late.status = OzonStatus::Delivered;
        feed(&store, one.id, std::slice::from_ref(&late)).await;
        feed(&store, two.id, &[late]).await;
        let path = "/postings/00000001-0001-1/order";
        let problem = site.act(Method::POST, path).await.with(409);
        assert_eq!(problem["type"], "urn:vygruzka:problem:ambiguous");
        assert!(problem["detail"].as_str().unwrap().contains("?cabinet="));
        let order = site.act(Method::POST, &format!("{path}?cabinet={}", two.id)).await.with(201);
        assert_eq!(order["cabinet_id"], two.id.0);
        site.act(Method::POST, &format!("{path}?cabinet=999")).await.with(404);
    }
}
