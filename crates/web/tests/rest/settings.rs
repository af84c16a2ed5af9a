//! Settings over REST: the whole, a change of all or nothing, and the versions; and the specification itself.

use std::collections::BTreeSet;

use domain::{OzonStatus, Posting};
use reqwest::Method;
use serde_json::{Value, json};
use storage::Store;

use crate::goods::{feed, noon, posting};
use crate::site::{Site, cabinet};

const OZON: &str = "http://127.0.0.1:1";

testkit::on_both_databases! {
    async fn a_change_is_merged_leaf_by_leaf_and_answered_with_the_whole(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let id = cabinet(&store, "1", OZON, noon()).await.id;
        let path = format!("/cabinets/{id}/settings");
        let before = site.get(&path).await.ok();
        assert_eq!(before["schedule"], json!({"enabled": true, "every": {"minutes": 5}, "at": "06:00"}));
        let patch = json!({
            "also_awaiting_deliver": true,
            "schedule": {"every": {"hours": 2}},
            "status_map": {"delivering": null},
            "load_from": "2026-11-01",
        });
        let after = site.call(Method::PUT, &path, patch).await.with(200);
        let mut expected = before.clone();
        expected["also_awaiting_deliver"] = json!(true);
        expected["schedule"]["every"] = json!({"hours": 2});
        expected["status_map"]["delivering"] = Value::Null;
        expected["load_from"] = json!("2026-10-31T21:00:00Z");
        assert_eq!(after, expected);
        assert_eq!(site.get(&path).await.ok(), after);

        // The whole may be sent back as it came; it changes nothing and makes no version.
        assert_eq!(site.call(Method::PUT, &path, after.clone()).await.with(200), after);
        let versions = site.all_pages(&format!("{path}/versions"), 1).await;
        let told: Vec<_> = versions.iter().map(|v| (v["version"].as_i64(), v["changed_by"].as_str())).collect();
        assert_eq!(told, [(Some(2), Some("token admin")), (Some(1), Some("a test"))]);
        assert_eq!(versions[1]["settings"], before);
    }

    async fn a_dry_run_tells_what_a_change_would_do_and_changes_nothing(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let id = cabinet(&store, "1", OZON, noon()).await.id;
        let packed = Posting { status: OzonStatus::AwaitingDeliver, ..posting(3) };
        feed(&store, id, &[posting(1), posting(2), packed]).await;
        let path = format!("/cabinets/{id}/settings");
        let before = site.get(&path).await.ok();
        let from = before["status_map"]["awaiting_packaging"].clone();
        let to = before["status_map"]["delivered"].clone();
        let patch = json!({"status_map": {"awaiting_packaging": to}, "also_awaiting_deliver": true});
        let told = site.call(Method::PUT, &format!("{path}?dry_run=true"), patch.clone()).await.with(200);
        assert_eq!(told["moved"], json!([{"from_status_id": from, "to_status_id": to, "orders": 2}]));
        assert_eq!(told["new_orders"][0]["orders"], json!(1));
        assert_eq!((&told["version"], &told["pushes"], &told["letters"]), (&json!(1), &json!(0), &json!(0)));
        assert_eq!(site.get(&path).await.ok(), before);
        site.call(Method::PUT, &format!("{path}?dry_run=true"), json!({"source_id": 999})).await.with(422);
        site.call(Method::PUT, &format!("{path}?dry_run=maybe"), json!({})).await.with(400);
        let saved = site.call(Method::PUT, &format!("{path}?dry_run=false"), patch).await.with(200);
        assert_eq!(saved["also_awaiting_deliver"], json!(true));
    }

    async fn a_wrong_change_changes_nothing_and_names_every_key(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let id = cabinet(&store, "1", OZON, noon()).await.id;
        let path = format!("/cabinets/{id}/settings");
        let before = site.get(&path).await.ok();
        let patch = json!({
            "load_barcode": false,
            "order_date": "tomorrow",
            "schedule": {"evry": 1},
            "colour": "red",
            "source_id": 999,
        });
        let problem = site.call(Method::PUT, &path, patch).await.with(422);
        assert_eq!(problem["type"], "urn:vygruzka:problem:wrong-settings");
        let errors = problem["errors"].as_array().unwrap();
        let allowed = |key: &str| {
            let error = errors.iter().find(|error| error["key"] == key).unwrap_or_else(|| panic!("{key}: {problem}"));
            error["allowed"].as_str().unwrap().to_owned()
        };
        assert_eq!(errors.len(), 4);
        assert!(allowed("order_date").contains("\"imported\""));
        assert!(allowed("schedule.evry").contains("every"));
        assert!(allowed("colour").contains("load_barcode"));
        assert!(allowed("source_id").contains("existing ids"));
        assert_eq!(site.get(&path).await.ok(), before);
        for body in [json!([]), json!(5), json!("text")] {
            site.call(Method::PUT, &path, body).await.with(422);
        }
    }

    async fn the_specification_knows_every_key_of_the_settings(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let id = cabinet(&store, "1", OZON, noon()).await.id;
        let settings = site.get(&format!("/cabinets/{id}/settings")).await.ok();
        let shape = &site.specification()["components"]["schemas"]["Settings"]["properties"];
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(shape), keys(&settings));
    }
}

#[tokio::test]
async fn the_specification_is_as_it_was_agreed() {
    let database = testkit::TestDatabase::sqlite().await;
    let site = Site::start(database.store.clone(), OZON).await;
    let mut specification = site.specification().clone();
    specification["info"]["version"] = json!("[version]");
    insta::assert_json_snapshot!("openapi", specification);
}

#[tokio::test]
async fn every_reference_of_the_specification_leads_somewhere() {
    let database = testkit::TestDatabase::sqlite().await;
    let site = Site::start(database.store.clone(), OZON).await;
    let text = site.specification().to_string();
    let schemas = site.specification()["components"]["schemas"].as_object().unwrap();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    let ids: Vec<&str> =
        text.split("\"operationId\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let distinct: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "each call has a name of its own");
}
