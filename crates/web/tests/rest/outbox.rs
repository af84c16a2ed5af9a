//! Changing orders, what of it goes out to Ozon, and customers' requests to cancel.

use chrono::{DateTime, Duration, Utc};
use domain::{CabinetId, OrderId, OzonStatus, Posting};
use reqwest::Method;
use serde_json::{Value, json};
use storage::cancellations::CancellationRequest;
use storage::outbox::{Settled, What};
use storage::{PageAsk, Role, Store};

use crate::goods::{feed, noon, posting};
use crate::site::{Site, cabinet};

const OZON: &str = "http://127.0.0.1:1";

/// A packed posting that the seller delivers.
fn packed(number: u32) -> Posting {
    let mut packed = posting(number);
    packed.status = OzonStatus::AwaitingDeliver;
    packed.details.tpl_integration_type = Some("non_integrated".to_owned());
    let actions = ["non_int_delivering", "set_track_number"];
    packed.details.available_actions = Some(actions.map(str::to_owned).to_vec());
    packed
}

/// The same of a posting that Ozon delivers.
fn of_ozon(number: u32) -> Posting {
    let mut packed = packed(number);
    packed.details.tpl_integration_type = Some("ozon".to_owned());
    packed.details.available_actions = Some(Vec::new());
    packed
}

async fn status(store: &Store, name: &str) -> i64 {
    store.statuses().await.unwrap().into_iter().find(|s| s.name == name).unwrap().id.0
}

/// A site whose cabinet tells track numbers and "Доставляется" at "Отправлен", with orders of these postings.
async fn site(store: &Store, postings: &[Posting]) -> (Site, CabinetId, Vec<i64>) {
    let site = Site::start(store.clone(), OZON).await;
    let cabinet = cabinet(store, "1", OZON, noon()).await;
    let patch = json!({
        "also_awaiting_deliver": true,
        "send_track_numbers": true,
        "seller_delivery": {"delivering": status(store, "Отправлен").await},
    });
    store.apply_settings(cabinet.id, &patch, "a test", noon()).await.unwrap();
    feed(store, cabinet.id, postings).await;
    let orders = site.get("/orders").await.ids();
    assert_eq!(orders.len(), postings.len());
    (site, cabinet.id, orders)
}

async fn rows(site: &Site, query: &str) -> Vec<Value> {
    site.get(&format!("/outbox?{query}")).await.ok()["items"].as_array().unwrap().clone()
}

/// Somebody sends what is due, and Ozon says no to all of it.
async fn refused(store: &Store, why: &str) {
    let later = Utc::now() + Duration::hours(1);
    let settled = Settled::Refused {
        why: why.to_owned(),
        answer: Some("FORBIDDEN".to_owned()),
        trace_id: Some("0af7651916cd43dd".to_owned()),
    };
    for claimed in store.claim_pushes("a test", 200, later, later).await.unwrap() {
        store.settle(claimed.item.id, "a test", &settled, later).await.unwrap();
    }
}

async fn asks_to_cancel(store: &Store, cabinet: CabinetId, number: u32, decide_by: DateTime<Utc>) {
    let request = CancellationRequest {
        id: 71,
        posting_number: posting(number).number,
        state: "ON_APPROVAL".to_owned(),
        reason: Some("Передумал".to_owned()),
        requested_at: Some(noon()),
        decide_by: Some(decide_by),
    };
    store.keep_cancellation_requests(cabinet, &[request], true, noon()).await.unwrap();
}

testkit::on_both_databases! {
    async fn a_change_of_an_order_answers_it_whole_and_makes_the_pushes_of_rows_15_and_16(store: Store) {
        let (site, cabinet, orders) = site(&store, &[packed(1)]).await;
        let (id, sent) = (orders[0], status(&store, "Отправлен").await);
        let path = format!("/orders/{id}");
        let change = json!({"status_id": sent, "track_number": " RA644000001RU ", "paid": true, "admin_comment": "хрупкое"});
        let order = site.call(Method::PATCH, &path, change).await.with(200);
        assert_eq!(order, site.get(&path).await.ok());
        assert_eq!(order["status"]["id"], sent);
        assert_eq!((&order["track_number"], &order["paid"]), (&json!("RA644000001RU"), &json!(true)));
        assert_eq!(order["admin_comment"], "хрупкое");

        let rows = rows(&site, "").await;
        let told: Vec<_> = rows.iter().map(|row| (row["subject"].as_str().unwrap(), &row["value"])).collect();
        assert_eq!(told, [("delivering", &Value::Null), ("track_number", &json!("RA644000001RU"))], "the newest first");
        for row in &rows {
            assert_eq!((&row["kind"], &row["state"]), (&json!("push"), &json!("waiting")));
            assert_eq!((&row["cabinet_id"], &row["order_id"]), (&json!(cabinet.0), &json!(id)));
            assert_eq!(row["posting_number"], "00000001-0001-1");
            assert_eq!(row["actor"], "token:admin");
            assert!(row["due_at"].is_string() && row["finished_at"].is_null());
        }
        let claimed = store.claim_pushes("a test", 9, Utc::now(), Utc::now()).await.unwrap();
        assert!(matches!(&claimed[0].item.what, What::Push(push) if push.word() == "track_number"), "it goes first");
    }

    async fn a_track_number_is_cleared_by_null_and_by_empty_text(store: Store) {
        let (site, _, orders) = site(&store, &[packed(1)]).await;
        let path = format!("/orders/{}", orders[0]);
        for empty in [json!(null), json!(""), json!("  ")] {
            site.call(Method::PATCH, &path, json!({"track_number": "RA1"})).await.with(200);
            let order = site.call(Method::PATCH, &path, json!({"track_number": empty})).await.with(200);
            assert_eq!(order["track_number"], Value::Null);
        }
        assert!(rows(&site, "state=waiting").await.is_empty(), "nothing is told of a number that is gone");
        assert_eq!(rows(&site, "state=cancelled").await.len(), 3);
    }

    async fn a_wrong_change_names_every_wrong_key_and_changes_nothing(store: Store) {
        let (site, _, orders) = site(&store, &[packed(1)]).await;
        let path = format!("/orders/{}", orders[0]);
        let before = site.get(&path).await.ok();
        for (wrong, key) in [
            (json!({"colour": 1}), "colour"),
            (json!({"number": "1"}), "number"),
            (json!({"status_id": 999_999}), "status_id"),
            (json!({"status_id": "1"}), "status_id"),
            (json!({"status_id": null}), "status_id"),
            (json!({"track_number": 5}), "track_number"),
            (json!({"track_number": "a\nb"}), "track_number"),
            (json!({"track_number": "я".repeat(201)}), "track_number"),
            (json!({"paid": "yes"}), "paid"),
            (json!({"paid": null}), "paid"),
            (json!({"admin_comment": null}), "admin_comment"),
            (json!({"admin_comment": "я".repeat(5_001)}), "admin_comment"),
        ] {
            let mut body = wrong.clone();
            body["admin_comment"] = body.get("admin_comment").cloned().unwrap_or(json!("would be written"));
            let problem = site.call(Method::PATCH, &path, body).await.with(422);
            assert_eq!(problem["errors"][0]["key"], key, "{wrong}: {problem}");
            assert!(problem["detail"].as_str().unwrap().contains(key), "{wrong}: {problem}");
        }
        let both = site.call(Method::PATCH, &path, json!({"paid": 1, "colour": 1})).await.with(422);
        assert_eq!(both["errors"].as_array().unwrap().len(), 2);
        site.call(Method::PATCH, &path, json!([])).await.with(422);
        assert_eq!(site.get(&path).await.ok(), before);
        assert_eq!(site.call(Method::PATCH, &path, json!({})).await.with(200), before);
        site.call(Method::PATCH, "/orders/999999", json!({"paid": true})).await.with(404);
    }

    async fn what_cannot_be_told_is_in_the_history_with_the_setting(store: Store) {
        let (site, _, orders) = site(&store, &[of_ozon(1)]).await;
        let path = format!("/orders/{}", orders[0]);
        let sent = status(&store, "Отправлен").await;
        site.call(Method::PATCH, &path, json!({"status_id": sent})).await.with(200);
        assert!(rows(&site, "").await.is_empty());
        let history = site.get(&format!("{path}/history")).await.ok();
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["field"], &last["reason"], &last["new"]), (&json!("push"), &json!("not_told"), &json!("delivering")));
        let text = last["reason_text"].as_str().unwrap();
        assert!(text.contains("seller_delivery.delivering") && text.contains("Ozon runs the delivery"), "{text}");
    }

    async fn a_refusal_is_explained_tried_again_and_taken_back(store: Store) {
        let (site, _, orders) = site(&store, &[packed(1)]).await;
        let path = format!("/orders/{}", orders[0]);
        site.call(Method::PATCH, &path, json!({"track_number": "RA1"})).await.with(200);
        refused(&store, "no_role").await;
        let row = rows(&site, "state=refused").await.remove(0);
        assert_eq!((&row["trouble"], &row["answer"]), (&json!("no_role"), &json!("FORBIDDEN")));
        assert_eq!(row["trace_id"], "0af7651916cd43dd");
        assert!(row["trouble_text"].as_str().unwrap().contains("role"), "{row}");
        assert!(row["due_at"].is_null() && row["finished_at"].is_string());

        let id = row["id"].as_i64().unwrap();
        let again = site.act(Method::POST, &format!("/outbox/{id}/retry")).await.with(200);
        assert_eq!((&again["state"], &again["order_number"]), (&json!("waiting"), &row["order_number"]));
        let gone = site.act(Method::POST, &format!("/outbox/{id}/cancel")).await.with(200);
        assert_eq!(gone["state"], "cancelled");
        let problem = site.act(Method::POST, &format!("/outbox/{id}/cancel")).await.with(409);
        assert_eq!((&problem["code"], &problem["type"]), (&json!("outbox_state"), &json!("urn:vygruzka:problem:refused")));
        site.act(Method::POST, "/outbox/999999/retry").await.with(404);
        site.act(Method::POST, "/outbox/x/cancel").await.with(404);
        let history = site.get(&format!("{path}/history?limit=200")).await.ok();
        let pushes = history["items"].as_array().unwrap().iter().filter(|e| e["field"] == "push").count();
        assert_eq!(pushes, 3, "not told, tried again, taken back");
    }

    async fn the_outbox_is_filtered_and_paged(store: Store) {
        let postings: Vec<_> = (1..=23).map(packed).collect();
        let (site, cabinet, orders) = site(&store, &postings).await;
        for id in &orders {
            site.call(Method::PATCH, &format!("/orders/{id}"), json!({"track_number": format!("RA{id}")})).await.with(200);
        }
        let all = site.all_pages("/outbox", 5).await;
        let ids: Vec<i64> = all.iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert!(ids.len() == 23 && ids.is_sorted_by(|a, b| a > b), "{ids:?}");
        let count = async |query: &str| rows(&site, &format!("limit=200&{query}")).await.len();
        assert_eq!(count(&format!("order={}", orders[4])).await, 1);
        assert_eq!(count(&format!("cabinet={cabinet}&kind=push&state=waiting")).await, 23);
        assert_eq!(count("cabinet=999").await + count("kind=letter").await + count("state=done").await, 0);
        for (query, key) in [("state=new", "state"), ("kind=fax", "kind"), ("order=x", "order"), ("cursor=zz", "cursor"), ("due=1", "due")] {
            assert_eq!(site.get(&format!("/outbox?{query}")).await.with(400)["errors"][0]["key"], key, "{query}");
        }
    }

    async fn a_request_to_cancel_is_shown_and_answered_once(store: Store) {
        let (site, cabinet, orders) = site(&store, &[packed(1), packed(2)]).await;
        let by = noon() + Duration::days(2);
        asks_to_cancel(&store, cabinet, 1, by).await;
        let asked = store.order_of_posting(cabinet, &posting(1).number).await.unwrap().unwrap().id;
        let path = format!("/orders/{asked}/cancellation-requests");
        let shown = site.get(&path).await.ok()["items"][0].clone();
        assert_eq!((&shown["id"], &shown["open"], &shown["decision"]), (&json!(71), &json!(true), &Value::Null));
        assert_eq!((&shown["reason"], &shown["decide_by"]), (&json!("Передумал"), &json!("2026-11-25T09:00:00Z")));
        assert_eq!(site.get(&format!("/orders/{asked}")).await.ok()["flags"], json!(["cancellation_requested"]));

        let reject = format!("{path}/71/reject");
        site.call(Method::POST, &reject, json!({"words": "нет"})).await.with(422);
        let decided = site.call(Method::POST, &reject, json!({"comment": "уже в пути"})).await.with(202);
        assert_eq!((&decided["decision"], &decided["open"]), (&json!("reject"), &json!(true)));
        let row = rows(&site, &format!("order={asked}")).await.remove(0);
        assert_eq!((&row["subject"], &row["value"]), (&json!("cancellation_request"), &json!("reject")));
        assert_eq!(decided["outbox_id"], row["id"]);
        // A change of mind before Ozon is told; no body is needed.
        site.send(site.as_role(Role::Manager, &Method::POST, &format!("{path}/71/approve"))).await.with(202);
        assert_eq!(rows(&site, "state=waiting").await[0]["value"], "approve");
        assert_eq!(rows(&site, "state=waiting").await.len(), 1);

        // Ozon shows it no more.
        store.keep_cancellation_requests(cabinet, &[], true, noon()).await.unwrap();
        let problem = site.call(Method::POST, &reject, json!({})).await.with(409);
        assert_eq!(problem["code"], "decided");
        let other = orders.iter().find(|id| OrderId(**id) != asked).unwrap();
        assert!(site.get(&format!("/orders/{other}/cancellation-requests")).await.ids().is_empty());
        site.call(Method::POST, &format!("/orders/{other}/cancellation-requests/71/approve"), json!({})).await.with(404);
        site.call(Method::POST, "/orders/x/cancellation-requests/71/approve", json!({})).await.with(404);
        site.get("/orders/999999/cancellation-requests").await.with(404);
        assert_eq!(store.history(asked, &PageAsk::first(200)).await.unwrap().items.iter()
            .filter(|entry| entry.field == domain::Field::CancellationRequest).count(), 2);
    }
}
