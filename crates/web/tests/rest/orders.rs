//! Orders: their shape, filters, pages, what a viewer sees, and their history.

use std::collections::BTreeSet;

use chrono::Duration;
use domain::by_hand::Act;
use domain::{Actor, OzonStatus};
use reqwest::Method;
use serde_json::{Value, json};
use storage::{Role, Store};

use crate::goods::{feed, feed_at, noon, posting, product, rich_posting};
use crate::site::{Site, cabinet};

const OZON: &str = "http://127.0.0.1:1";

fn texts(rows: &[Value], key: &str) -> Vec<String> {
    rows.iter().map(|row| row[key].as_str().unwrap().to_owned()).collect()
}

/// The posting numbers that a filter finds.
async fn found(site: &Site, query: &str) -> BTreeSet<String> {
    let page = site.get(&format!("/orders?limit=200&{query}")).await.ok();
    texts(page["items"].as_array().unwrap(), "posting_number").into_iter().collect()
}

fn numbers(these: &[u32]) -> BTreeSet<String> {
    these.iter().map(|n| posting(*n).number.to_string()).collect()
}

testkit::on_both_databases! {
    async fn an_order_has_exactly_the_fields_that_were_promised(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[rich_posting()]).await;
        let page = site.get("/orders").await.ok();
        let order = &page["items"][0];
        let keys: BTreeSet<&str> = order.as_object().unwrap().keys().map(String::as_str).collect();
        let promised = "id number posting_number ozon_order_number cabinet_id ozon_status ozon_substatus status source \
            customer manager customer_name recipient delivery_method payment_method placed_at imported_at order_date ship_by \
            paid paid_at track_number items total currency boxes parent_posting_number extra flags admin_comment";
        assert_eq!(keys, promised.split_whitespace().collect());
        assert_eq!(page["next_cursor"], Value::Null);

        assert_eq!(order["posting_number"], "00000007-0001-1");
        assert_eq!(order["number"], "00000007-0001-1");
        assert_eq!(order["ozon_order_number"], "00000007-0001");
        assert_eq!(order["cabinet_id"], cabinet.id.0);
        assert_eq!(order["ozon_status"], "awaiting_packaging");
        assert_eq!(order["status"]["name"], "Новый");
        assert!(order["status"]["color"].as_str().unwrap().starts_with('#'));
        assert_eq!(order["source"]["name"], "Ozon");
        assert_eq!(order["customer"]["name"], "Пётр Ёлкин");
        assert_eq!(order["customer_name"], "Пётр Ёлкин");
        assert_eq!(order["delivery_method"]["name"], "Доставка Ozon");
        assert_eq!(order["payment_method"]["name"], "Оплата через Ozon");
        assert_eq!(order["placed_at"], "2026-11-23T08:53:00Z");
        assert_eq!(order["ship_by"], "2026-11-24T08:53:00Z");
        assert_eq!((&order["total"], &order["currency"]), (&json!("3060.00"), &json!("RUB")));
        assert_eq!(order["boxes"], json!([{"number": 1}, {"number": 2}, {"number": 3}]));
        assert_eq!(order["recipient"], json!({
            "name": "Анна Ёлкина", "phone": "+7 903 123-45-67", "pin": "123", "city": "Москва",
            "address": "ул. Кедрова, 5, кв. 12", "zip_code": "117036", "comment": "домофон 12",
        }));
        assert_eq!(order["items"], json!([{
            "offer_id": "SK-58", "sku": 160_249_683, "name": "Набор маркеров", "quantity": 2, "cancelled": 0,
            "price": "1530.00", "currency": "RUB", "matched": false, "old_price": "3060.00",
        }]));
        assert_eq!(order["extra"], json!({
            "upper_barcode": "%101%44441003", "lower_barcode": "20325804886000", "warehouse": "Склад на Ленина",
            "warehouse_id": 22_142_605_386_000_i64, "tpl_integration_type": "non_integrated", "is_express": false,
            "is_legal": true, "company": "ИП Сидорова", "inn": "770000000001",
            "container": {"number": 12, "cargo_type": "pallet"}, "available_actions": ["cancel", "ship"],
        }));
        assert_eq!(&site.get(&format!("/orders/{}", order["id"])).await.ok(), order, "one and in a list are the same");
    }

    async fn a_viewer_sees_no_persons_anywhere(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[rich_posting()]).await;
        let mut renamed = rich_posting();
        renamed.recipient.as_mut().unwrap().name = Some("Ольга Ёлкина".to_owned());
        feed_at(&store, cabinet.id, &[renamed], noon() + Duration::hours(2)).await;
        let page = site.get_as(Role::Viewer, "/orders").await.ok();
        let order = &page["items"][0];
        assert_eq!(order["customer_name"], Value::Null);
        assert_eq!(order["recipient"], Value::Null);
        assert_eq!(order["customer"]["name"], Value::Null);
        assert!(order["customer"]["id"].is_i64());
        assert!(order["extra"].get("company").is_none() && order["extra"].get("inn").is_none());
        let id = order["id"].as_i64().unwrap();
        for path in [
            "/orders".to_owned(),
            format!("/orders/{id}"),
            format!("/orders/{id}/history"),
            "/postings".to_owned(),
            "/customers".to_owned(),
            format!("/customers/{}", order["customer"]["id"]),
        ] {
            let told = site.get_as(Role::Viewer, &path).await.ok().to_string();
            for secret in ["лкин", "903", "Кедрова", "117036", "домофон", "Сидорова", "770000000001"] {
                assert!(!told.contains(secret), "{path} tells «{secret}»: {told}");
            }
            assert!(site.get_as(Role::Manager, &path).await.ok().to_string().contains("лкин"), "{path}");
        }
        // Nor by guessing.
        for (q, sees) in [("Ёлкин", false), ("9031234567", false), ("SK-58", true), ("00000007-0001", true)] {
            let page = site.get_as(Role::Viewer, &format!("/orders?q={q}")).await.ok();
            assert_eq!(!page["items"].as_array().unwrap().is_empty(), sees, "{q}");
            assert_eq!(site.get_as(Role::Manager, &format!("/orders?q={q}")).await.ids(), [id], "{q}");
        }
        // Nor does a cursor tell that a guess was right.
        let again = domain::Posting {
            number: domain::PostingNumber::new("98105259411-0855-1").unwrap(),
            ..rich_posting()
        };
        feed(&store, cabinet.id, &[again]).await;
        let page = site.get_as(Role::Viewer, "/orders?q=9031234567&limit=1").await.ok();
        assert_eq!(page["next_cursor"], Value::Null);
        assert!(site.get_as(Role::Manager, "/orders?q=9031234567&limit=1").await.ok()["next_cursor"].is_string());
        let page = site.get_as(Role::Viewer, "/orders?q=SK-58&limit=1").await.ok();
        let next = format!("/orders?q=SK-58&limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
        assert_eq!(site.get_as(Role::Viewer, &next).await.ok()["items"].as_array().unwrap().len(), 1);
        site.get_as(Role::Viewer, "/customers?q=%D0%BB%D0%BA%D0%B8%D0%BD").await.with(403);
    }

    async fn each_filter_finds_what_it_says(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let first = cabinet(&store, "1", OZON, noon()).await;
        let second = cabinet(&store, "2", OZON, noon()).await;
        let mut dear = posting(3);
        dear.products = vec![product("DEAR-1", 1, 9_990_000)];
        let mut approved = posting(4);
        approved.status = OzonStatus::AwaitingApprove;
        feed(&store, first.id, &[posting(1), posting(2), dear, approved]).await;
        feed(&store, second.id, &[posting(5)]).await;

        let all = site.get("/orders?limit=200").await.ok();
        let order = |number: u32| {
            let number = posting(number).number.to_string();
            all["items"].as_array().unwrap().iter().find(|o| o["posting_number"] == number).unwrap().clone()
        };
        let statuses = store.statuses().await.unwrap();
        let (new, packed) = (statuses[0].id, statuses[2].id);
        let id = |number: u32| domain::OrderId(order(number)["id"].as_i64().unwrap());
        store.act_on_order(id(2), Act::SetStatus(packed), &Actor::Command, noon()).await.unwrap();
        store.act_on_order(id(1), Act::SetPaid(true), &Actor::Command, noon()).await.unwrap();

        assert_eq!(found(&site, "").await, numbers(&[1, 2, 3, 4, 5]));
        assert_eq!(found(&site, &format!("status={packed}")).await, numbers(&[2]));
        assert_eq!(found(&site, &format!("status={packed}&status={new}")).await, numbers(&[1, 2, 3, 4, 5]));
        assert_eq!(found(&site, "status=9999").await, numbers(&[]));
        assert_eq!(found(&site, "ozon_status=awaiting_approve").await, numbers(&[4]));
        assert_eq!(found(&site, &format!("cabinet={}", second.id)).await, numbers(&[5]));
        assert_eq!(found(&site, &format!("source={}", order(1)["source"]["id"])).await, numbers(&[1, 2, 3, 4, 5]));
        assert_eq!(found(&site, "source=9999").await, numbers(&[]));
        assert_eq!(found(&site, &format!("customer={}", order(1)["customer"]["id"])).await.len(), 5);
        assert_eq!(found(&site, "posting_number=00000003-0001-1").await, numbers(&[3]));
        assert_eq!(found(&site, "q=dear-1").await, numbers(&[3]));
        assert_eq!(found(&site, "paid=true").await, numbers(&[1]));
        assert_eq!(found(&site, "paid=false").await, numbers(&[2, 3, 4, 5]));
        // Placed at 08:59, 08:58 and so on; the end of a period is not in it, the beginning is.
        assert_eq!(found(&site, "placed_from=2026-11-23T08:57:00Z").await, numbers(&[1, 2, 3]));
        assert_eq!(found(&site, "placed_to=2026-11-23T11:57:00%2B03:00").await, numbers(&[4, 5]));
        assert_eq!(found(&site, "placed_from=2026-11-23&placed_to=2026-11-23").await.len(), 5);
        assert_eq!(found(&site, "placed_to=2026-11-22").await.len(), 0);
        assert_eq!(found(&site, "ship_by_to=2026-11-24T08:56:00Z").await, numbers(&[4, 5]));
        assert_eq!(found(&site, "ship_by_to=2026-11-24").await.len(), 5);
        assert_eq!(found(&site, &format!("cabinet={}&paid=false&ozon_status=awaiting_packaging", first.id)).await, numbers(&[2, 3]));
    }

    async fn every_order_comes_exactly_once_over_all_pages_in_every_sort(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        let many: Vec<_> = (1..=43_u32)
            .map(|n| {
                let mut p = posting(n);
                // Equal dates, equal sums and missing dates, so that pages end between equals.
                p.details.in_process_at = Some(noon() - Duration::hours(i64::from(n / 9)));
                p.details.shipment_date = (n % 4 != 0).then(|| noon() + Duration::hours(i64::from(n % 3)));
                p.products = vec![product("SK", 1 + n % 3, 10_000)];
                p
            })
            .collect();
        feed(&store, cabinet.id, &many).await;
        let key = |order: &Value, sort: &str| match sort.trim_start_matches('-') {
            "total" => format!("{:0>12}", order["total"].as_str().unwrap()),
            "order_date" => order["order_date"].as_str().unwrap().to_owned(),
            // Without a date: the last.
            _ => order["ship_by"].as_str().map_or_else(|| if sort == "ship_by" { "9".to_owned() } else { String::new() }, str::to_owned),
        };
        for sort in ["-order_date", "order_date", "ship_by", "-ship_by", "-total", "total"] {
            let rows = site.all_pages(&format!("/orders?sort={sort}"), 7).await;
            let distinct: BTreeSet<String> = texts(&rows, "posting_number").into_iter().collect();
            assert_eq!((rows.len(), distinct.len()), (43, 43), "{sort}");
            let keys: Vec<String> = rows.iter().map(|order| key(order, sort)).collect();
            let sorted = if sort.starts_with('-') { keys.is_sorted_by(|a, b| a >= b) } else { keys.is_sorted() };
            assert!(sorted, "{sort}: {keys:?}");
        }
        let usual = site.get("/orders").await.ok();
        assert_eq!(usual["items"][0]["order_date"], "2026-11-23T09:00:00Z", "the newest first");
    }

    async fn the_history_says_who_what_and_why(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[posting(1)]).await;
        let mut delivered = posting(1);
        delivered.status = OzonStatus::Delivered;
        feed_at(&store, cabinet.id, &[delivered], noon() + Duration::hours(5)).await;
        let id = site.get("/orders").await.ids()[0];
        let order = domain::OrderId(id);
        let actor = Actor::Token { name: "shop robot".to_owned() };
        store.act_on_order(order, Act::SetComment("осторожно".to_owned()), &actor, noon()).await.unwrap();

        let rows = site.all_pages(&format!("/orders/{id}/history"), 2).await;
        let line = |field: &str, reason: &str| {
            let fits = |row: &&Value| row["field"] == field && row["reason"] == reason;
            rows.iter().find(fits).unwrap_or_else(|| panic!("{field} {reason}: {rows:?}")).clone()
        };
        let keys: BTreeSet<&str> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(["at", "actor", "field", "old", "new", "reason"].iter().all(|key| keys.contains(key)));
        assert_eq!(rows[0]["field"], "created", "the oldest first");
        assert_eq!(line("created", "first_seen")["actor"], "rule");
        let mapped = line("status", "status_map");
        assert!(mapped["reason_text"].as_str().unwrap().contains("status_map"));
        let paid = line("paid", "mark_paid_when_delivered");
        assert_eq!((&paid["old"], &paid["new"]), (&json!("false"), &json!("true")));
        assert_eq!(line("ozon_status", "ozon_changed")["actor"], "ozon");
        let comment = line("admin_comment", "by_hand");
        assert_eq!((&comment["actor"], &comment["new"]), (&json!("token:shop robot"), &json!("осторожно")));
        site.get("/orders/999999/history").await.with(404);
    }

    async fn an_order_is_given_to_a_person_found_by_them_and_given_back(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[posting(1), posting(2)]).await;
        let user = |email: &'static str, role| store.add_user(email, "no hash", role, noon());
        let anna = user("anna@shop.example", Role::Manager).await.unwrap().id;
        let guest = user("guest@shop.example", Role::Viewer).await.unwrap().id;
        let page = site.get("/orders?sort=order_date").await.ok();
        let second = page["items"][0]["id"].as_i64().unwrap();
        assert_eq!(page["items"][0]["manager"], Value::Null);

        let path = format!("/orders/{second}");
        let given = site.call(Method::PATCH, &path, json!({"manager_id": anna.0})).await.with(200);
        assert_eq!(given["manager"], json!({"id": anna.0, "email": "anna@shop.example"}));
        assert_eq!(found(&site, &format!("manager={anna}")).await, numbers(&[2]));
        assert_eq!(found(&site, "manager=none").await, numbers(&[1]));
        assert_eq!(found(&site, &format!("manager={guest}")).await, numbers(&[]));
        site.get("/orders?manager=anna").await.with(400);
        for wrong in [json!(guest.0), json!(9999), json!("1"), json!(true)] {
            let refused = site.call(Method::PATCH, &path, json!({"manager_id": wrong, "paid": true})).await.with(422);
            assert!(refused.to_string().contains("manager_id"), "{refused}");
        }
        assert_eq!(site.get(&path).await.ok()["paid"], false, "a wrong key changes nothing at all");
        let taken = site.call(Method::PATCH, &path, json!({"manager_id": null})).await.with(200);
        assert_eq!(taken["manager"], Value::Null);
        let rows = site.all_pages(&format!("{path}/history"), 5).await;
        let told: Vec<&Value> = rows.iter().filter(|row| row["field"] == "manager").map(|row| &row["new"]).collect();
        assert_eq!(told, [&json!(anna.to_string()), &Value::Null]);
    }

    async fn orders_are_neither_made_nor_deleted_at_their_address(store: Store) {
        let site = Site::start(store, OZON).await;
        site.act(Method::POST, "/orders").await.with(405);
        site.act(Method::DELETE, "/orders/1").await.with(405);
    }
}
