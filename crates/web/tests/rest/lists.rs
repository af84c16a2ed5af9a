//! The lists of the shop: statuses, sources, methods, customers.

use reqwest::Method;
use serde_json::{Value, json};
use storage::Store;

use crate::goods::{feed, noon, rich_posting};
use crate::site::{Site, cabinet};

const OZON: &str = "http://127.0.0.1:1";

testkit::on_both_databases! {
    async fn a_list_with_names_alone_has_the_usual_verbs(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[rich_posting()]).await;
        for list in ["/sources", "/delivery-methods", "/payment-methods"] {
            let installed = site.get(list).await.ids()[0];
            let made = site.call(Method::POST, list, json!({"name": " Свой "})).await;
            let location = made.headers["location"].to_str().unwrap().to_owned();
            let row = made.with(201);
            let one = format!("{list}/{}", row["id"]);
            assert_eq!(location, format!("/api/v1{one}"));
            assert_eq!(row["name"], "Свой");
            assert_eq!(site.get(&one).await.ok(), row);
            assert_eq!(site.call(Method::PATCH, &one, json!({"name": "Наш"})).await.with(200)["name"], "Наш");
            assert_eq!(site.all_pages(list, 1).await.last().unwrap()["name"], "Наш");
            assert_eq!(site.act(Method::DELETE, &one).await.with(204), Value::Null);
            site.get(&one).await.with(404);
            site.act(Method::DELETE, &one).await.with(404);
            site.call(Method::PATCH, &one, json!({"name": "x"})).await.with(404);
            let problem = site.act(Method::DELETE, &format!("{list}/{installed}")).await.with(409);
            assert_eq!(problem["code"], "installed");
        }
        let used = site.call(Method::POST, "/sources", json!({"name": "Сайт"})).await.with(201)["id"].clone();
        let path = format!("/cabinets/{}/settings", cabinet.id);
        site.call(Method::PUT, &path, json!({"source_id": used})).await.with(200);
        let problem = site.act(Method::DELETE, &format!("/sources/{used}")).await.with(409);
        assert_eq!((&problem["type"], &problem["count"]), (&json!("urn:vygruzka:problem:in-use"), &json!(1)));
    }

    async fn a_status_needs_only_a_name_and_exactly_one_is_the_default(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[rich_posting()]).await;
        let before = site.all_pages("/statuses", 3).await;
        assert_eq!(before.len(), 10);
        assert_eq!(before[0]["name"], "Новый");
        let status = site.call(Method::POST, "/statuses", json!({"name": "На складе"})).await.with(201);
        let one = format!("/statuses/{}", status["id"]);
        assert_eq!(status["is_default"], false);
        assert_eq!(site.all_pages("/statuses", 4).await.last().unwrap(), &status, "at the end");
        let change = json!({"color": "#00Aa11", "is_default": true, "shown_as_tab": true});
        let changed = site.call(Method::PATCH, &one, change).await.with(200);
        assert_eq!((&changed["name"], &changed["color"]), (&json!("На складе"), &json!("#00Aa11")));
        let defaults = |rows: Vec<Value>| rows.into_iter().filter(|s| s["is_default"] == true).collect::<Vec<_>>();
        assert_eq!(defaults(site.all_pages("/statuses", 50).await), std::slice::from_ref(&changed));
        let problem = site.call(Method::PATCH, &one, json!({"is_default": false})).await.with(409);
        assert_eq!(problem["code"], "no_default");
        assert_eq!(site.act(Method::DELETE, &one).await.with(409)["code"], "default");
        let new = format!("/statuses/{}", before[0]["id"]);
        site.call(Method::PATCH, &new, json!({"is_default": true})).await.with(200);
        site.act(Method::DELETE, &one).await.with(204);
        site.get(&one).await.with(404);
        let used = format!("/statuses/{}", before[2]["id"]);
        assert!(site.act(Method::DELETE, &used).await.with(409)["count"].as_u64().unwrap() >= 1);
        site.call(Method::POST, "/statuses", json!({"name": "a", "color": "red"})).await.with(422);
        site.call(Method::POST, "/statuses", json!({"name": "a", "position": 99_999_999_999_i64})).await.with(422);
    }

    async fn a_customer_is_kept_changed_and_deleted_when_nothing_refers_to_it(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let cabinet = cabinet(&store, "1", OZON, noon()).await;
        feed(&store, cabinet.id, &[rich_posting()]).await;
        let bare = site.call(Method::POST, "/customers", json!({"name": "Анна"})).await.with(201);
        assert_eq!((&bare["phone"], &bare["orders"]), (&Value::Null, &json!(0)));
        let one = format!("/customers/{}", bare["id"]);
        let change = json!({"phone": "+7 999 000-00-00", "comment": "звонить\nутром", "email": ""});
        let changed = site.call(Method::PATCH, &one, change).await.with(200);
        assert_eq!((&changed["name"], &changed["comment"]), (&json!("Анна"), &json!("звонить\nутром")));
        assert_eq!((&changed["phone"], &changed["email"]), (&json!("+7 999 000-00-00"), &Value::Null));
        let cleared = site.call(Method::PATCH, &one, json!({"phone": null})).await.with(200);
        assert_eq!((&cleared["phone"], &cleared["comment"]), (&Value::Null, &json!("звонить\nутром")));
        assert_eq!(site.get("/customers?q=%D0%90%D0%BD%D0%BD%D0%B0").await.ids(), [bare["id"].as_i64().unwrap()]);
        assert_eq!(site.all_pages("/customers", 1).await.len(), 3, "Анна, Ozon's customer, and Покупатель Ozon");

        let buyer = site.get("/orders").await.ok()["items"][0]["customer"]["id"].clone();
        assert_eq!(site.get(&format!("/customers/{buyer}")).await.ok()["orders"], 1);
        assert_eq!(site.act(Method::DELETE, &format!("/customers/{buyer}")).await.with(409)["count"], 1);
        site.act(Method::DELETE, &one).await.with(204);
        site.get(&one).await.with(404);
        site.call(Method::POST, "/customers", json!({"name": "A", "phone": "a\nb"})).await.with(422);
    }
}
