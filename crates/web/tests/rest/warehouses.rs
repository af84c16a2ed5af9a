//! Warehouses, delivery methods and their rules.

use ozon_sim::{CabinetSettings, Simulator};
use reqwest::Method;
use serde_json::{Value, json};
use storage::{Role, Store};

use crate::goods::noon;
use crate::site::{Site, cabinet, json as with_json};

const NOWHERE: &str = "http://127.0.0.1:1";
const NORTH: i64 = 1_020_004_870_220_000;

testkit::on_both_databases! {
    async fn rules_are_put_as_a_whole_and_stand_at_their_warehouses(store: Store) {
        let site = Site::start(store.clone(), NOWHERE).await;
        let cabinet = cabinet(&store, "1", NOWHERE, noon()).await;
        let path = format!("/cabinets/{}/warehouses", cabinet.id);
        assert_eq!(site.get(&path).await.ok()["items"], json!([]));
        let source = site.call(Method::POST, "/sources", json!({"name": "Сайт"})).await.with(201)["id"].clone();
        let rule = json!({"of": "warehouse", "id": NORTH, "source_id": source});
        let put = |rules: Value| site.call(Method::PUT, &path, json!({ "rules": rules }));
        let kept = put(json!([rule, {"of": "delivery_method", "id": 5, "payment_method_id": 1}])).await.with(200);
        assert_eq!(kept["rules"].as_array().unwrap().len(), 2);
        assert_eq!(kept["rules"][0]["delivery_method_id"], Value::Null);
        let shown = site.all_pages(&path, 1).await;
        assert_eq!((&shown[0]["id"], &shown[0]["rule"]["source_id"]), (&json!(NORTH), &source));
        assert_eq!((&shown[1]["id"], &shown[1]["delivery_methods"][0]["id"]), (&Value::Null, &json!(5)));
        let gone = site.act(Method::DELETE, &format!("/sources/{source}")).await.with(409);
        assert_eq!(gone["count"], 1);

        assert_eq!(put(json!([rule, rule])).await.with(422)["errors"][0]["key"], "rules");
        assert_eq!(put(json!([{"of": "warehouse", "id": 1, "source_id": 999}])).await.with(422)["errors"][0]["key"], "rules");
        put(json!([{"of": "shop", "id": 1}])).await.with(422);
        put(json!([{"of": "warehouse", "id": 1, "color": "red"}])).await.with(422);
        assert_eq!(site.all_pages(&path, 50).await.len(), 2, "a refused change changes nothing");
        assert_eq!(put(json!([])).await.with(200), json!({"rules": []}));
        site.act(Method::DELETE, &format!("/sources/{source}")).await.with(204);
        site.get("/cabinets/999/warehouses").await.with(404);
        site.call(Method::PUT, "/cabinets/999/warehouses", json!({"rules": []})).await.with(404);
    }

    async fn only_who_may_change_settings_sets_rules_and_a_viewer_asks_ozon_nothing(store: Store) {
        let site = Site::start(store.clone(), NOWHERE).await;
        let cabinet = cabinet(&store, "1", NOWHERE, noon()).await;
        let path = format!("/cabinets/{}/warehouses", cabinet.id);
        site.get_as(Role::Viewer, &path).await.with(200);
        let put = with_json(site.as_role(Role::Manager, &Method::PUT, &path), &json!({"rules": []}));
        site.send(put).await.with(403);
        site.send(site.as_role(Role::Viewer, &Method::POST, &format!("{path}/read"))).await.with(403);
    }

    async fn warehouses_are_read_from_ozon(store: Store) {
        let ozon = Simulator::start(ozon_sim::Config::default()).await.unwrap();
        ozon.handle().add_cabinet(CabinetSettings::new("1", "a-key-for-tests"));
        let site = Site::start(store.clone(), &ozon.base_url()).await;
        let cabinet = cabinet(&store, "1", &ozon.base_url(), noon()).await;
        let path = format!("/cabinets/{}/warehouses", cabinet.id);
        let read = site.act(Method::POST, &format!("{path}/read")).await.with(200);
        assert_eq!(read, json!({"warehouses": 3, "delivery_methods": 5}));
        let north = site.all_pages(&path, 2).await.into_iter().find(|w| w["id"] == NORTH).unwrap();
        assert_eq!((&north["name"], &north["utc_offset_minutes"]), (&json!("Склад Север"), &json!(180)));
        assert!(north["delivery_methods"].as_array().unwrap().iter().all(|m| m["read_at"].is_string()));
        ozon.handle().deactivate_key("1").unwrap();
        assert_eq!(site.act(Method::POST, &format!("{path}/read")).await.with(502)["code"], "key_deactivated");
    }
}
