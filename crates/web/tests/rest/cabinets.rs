//! Cabinets, the check of a key, and loads, against a simulated Ozon.

use std::collections::BTreeSet;
use std::time::Duration;

use ozon_sim::{CabinetSettings, Config, GeneratorOptions, Running, Simulator, Status};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use storage::Store;
use storage::runs::Cause;

use crate::site::Site;

async fn ozon() -> Running {
    let ozon = Simulator::start(Config::default()).await.unwrap();
    ozon.handle().add_cabinet(CabinetSettings::new("123456", "the-key"));
    ozon
}

async fn added(site: &Site, key: &str) -> Value {
    site.call(Method::POST, "/cabinets", json!({"name": "Мой Ozon", "client_id": "123456", "api_key": key}))
        .await
        .with(201)
}

/// The run, once it has ended.
async fn ended(site: &Site, run: &Value) -> Value {
    for _ in 0..300 {
        let now = site.get(&format!("/runs/{run}")).await.ok();
        if now["state"] != "running" {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the load does not end");
}

testkit::on_both_databases! {
    async fn a_cabinet_is_added_shown_and_changed_and_its_key_never_shown(store: Store) {
        let site = Site::start(store.clone(), "http://127.0.0.1:1/").await;
        let cabinet = added(&site, "the-key").await;
        let id = cabinet["id"].as_i64().unwrap();
        assert_eq!(cabinet["api_url"], "http://127.0.0.1:1/", "the first of the configuration");
        assert!(!cabinet.to_string().contains("the-key"));
        assert_eq!(site.get(&format!("/cabinets/{id}")).await.ok(), cabinet);
        assert_eq!(site.get("/cabinets").await.ok(), json!({"items": [cabinet], "next_cursor": null}));

        let change = json!({"name": "Другой", "disabled": true, "api_key": "new-key"});
        let changed = site.call(Method::PATCH, &format!("/cabinets/{id}"), change).await.with(200);
        assert_eq!((&changed["name"], &changed["disabled"]), (&json!("Другой"), &json!(true)));
        assert_eq!(store.cabinet_key(domain::CabinetId(id)).await.unwrap().expose_secret(), "new-key");
        let problem = site.act(Method::POST, &format!("/cabinets/{id}/import")).await.with(409);
        assert_eq!(problem["type"], "urn:vygruzka:problem:disabled");
        let again = site.call(Method::PATCH, &format!("/cabinets/{id}"), json!({"disabled": false})).await.with(200);
        assert_eq!((&again["disabled"], &again["name"]), (&json!(false), &json!("Другой")));
        let audit = store.audit(&storage::PageAsk::first(10)).await.unwrap();
        assert!(audit.items.iter().any(|entry| entry.act == "cabinet.key" && entry.actor == "token admin"));
    }

    async fn a_cabinet_that_cannot_be_is_refused(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        added(&site, "the-key").await;
        let add = |body: Value| site.call(Method::POST, "/cabinets", body);
        let taken = add(json!({"name": "Мой Ozon", "client_id": "2", "api_key": "k"})).await.with(409);
        assert_eq!(taken["code"], "name");
        let taken = add(json!({"name": "Ещё", "client_id": "123456", "api_key": "k"})).await.with(409);
        assert_eq!(taken["code"], "client_id");
        let body = json!({"name": "Ещё", "client_id": "2", "api_key": "k", "api_url": "http://evil.example"});
        assert_eq!(add(body).await.with(422)["errors"][0]["key"], "api_url");
        let body = json!({"name": "Ещё", "client_id": "2", "api_key": "k", "api_url": "http://127.0.0.1:9/"});
        assert_eq!(add(body).await.with(201)["api_url"], "http://127.0.0.1:9");
        add(json!({"name": "A", "client_id": "2\r\nx: y", "api_key": "k"})).await.with(422);
        add(json!({"name": "A", "client_id": "3", "api_key": "ключ"})).await.with(422);
        add(json!({"name": "A", "client_id": "3"})).await.with(422);
        site.call(Method::PATCH, "/cabinets/999", json!({})).await.with(404);
        let taken = site.call(Method::PATCH, "/cabinets/2", json!({"name": "Мой Ozon", "api_key": "x"})).await.with(409);
        assert_eq!(taken["code"], "name");
        for path in ["/cabinets/999", "/cabinets/999/settings", "/cabinets/999/settings/versions", "/cabinets/999/runs", "/runs/999"] {
            site.get(path).await.with(404);
        }
        for path in ["/cabinets/999/import", "/cabinets/999/check"] {
            site.act(Method::POST, path).await.with(404);
        }
    }

    async fn a_check_tells_whose_the_key_is_or_why_it_opens_nothing(store: Store) {
        let ozon = ozon().await;
        let site = Site::start(store, &ozon.base_url()).await;
        let id = added(&site, "the-key").await["id"].clone();
        let checked = site.act(Method::POST, &format!("/cabinets/{id}/check")).await.with(200);
        assert_eq!(checked["missing"], json!([]));
        assert!(checked["key_expires_at"].is_string() && checked["company_name"].is_string());
        assert_eq!(site.get(&format!("/cabinets/{id}")).await.ok()["key_expires_at"], checked["key_expires_at"]);

        site.call(Method::PATCH, &format!("/cabinets/{id}"), json!({"api_key": "wrong"})).await.with(200);
        let problem = site.act(Method::POST, &format!("/cabinets/{id}/check")).await.with(502);
        assert_eq!((&problem["type"], &problem["code"]), (&json!("urn:vygruzka:problem:ozon"), &json!("key_invalid")));
        assert_eq!(site.get(&format!("/cabinets/{id}")).await.ok()["check_error"], "key_invalid");
    }

    async fn an_import_brings_every_order_of_ozon(store: Store) {
        let ozon = ozon().await;
        let options = GeneratorOptions { statuses: vec![Status::AwaitingPackaging], ..GeneratorOptions::seeded(3) };
        ozon.handle().generate("123456", 60, &options).unwrap();
        let site = Site::start(store, &ozon.base_url()).await;
        let id = added(&site, "the-key").await["id"].clone();
        let started = site.act(Method::POST, &format!("/cabinets/{id}/import")).await;
        assert_eq!(started.headers["location"].to_str().unwrap(), format!("/api/v1/runs/{}", started.body["run_id"]));
        let run = ended(&site, &started.with(202)["run_id"]).await;
        assert_eq!((&run["state"], &run["cause"]), (&json!("done"), &json!("rest")), "{run}");
        assert_eq!((&run["seen"], &run["created"]), (&json!(60), &json!(60)));
        assert!(run["duration_ms"].is_i64());
        assert_eq!(site.get(&format!("/cabinets/{id}/runs")).await.ok()["items"], json!([run]));

        let truth: BTreeSet<String> = ozon.handle().posting_numbers("123456").into_iter().collect();
        let orders = site.all_pages("/orders", 25).await;
        let loaded: BTreeSet<String> =
            orders.iter().map(|order| order["posting_number"].as_str().unwrap().to_owned()).collect();
        assert_eq!(loaded, truth);
        for order in &orders {
            let number = order["posting_number"].as_str().unwrap();
            let told = ozon.handle().truth("123456", number).unwrap();
            let total = format!("{}.{:02}", told.total_minor / 100, told.total_minor % 100);
            assert_eq!(order["total"], total, "{number}");
            assert_eq!(order["items"].as_array().unwrap().len(), told.lines.len());
        }
        let postings = site.all_pages("/postings", 25).await;
        assert_eq!(postings.len(), 60);
        assert!(postings.iter().all(|p| p["raw"]["posting_number"] == p["posting_number"]));
        site.desk.stop().await;
    }

    async fn a_second_import_is_refused_and_told_since_when_the_first_is_running(store: Store) {
        let site = Site::start(store.clone(), "http://127.0.0.1:1").await;
        let id = added(&site, "the-key").await["id"].as_i64().unwrap();
        let cabinet = domain::CabinetId(id);
        let now = site.desk.now();
        let name = format!("load of cabinet {id}");
        let length = chrono::Duration::seconds(20);
        store.take_lease(&name, "another instance", now, length).await.unwrap();
        let problem = site.act(Method::POST, &format!("/cabinets/{id}/import")).await.with(409);
        assert_eq!(problem["type"], "urn:vygruzka:problem:already-running");
        let run = store.begin_run(cabinet, Cause::Schedule, now).await.unwrap();
        let problem = site.act(Method::POST, &format!("/cabinets/{id}/import")).await.with(409);
        assert_eq!(problem["run_id"], run.0);
        let since = chrono::DateTime::parse_from_rfc3339(problem["since"].as_str().unwrap()).unwrap();
        assert_eq!(since, now);
    }

    async fn a_load_that_fails_says_why_in_its_run(store: Store) {
        let ozon = ozon().await;
        let site = Site::start(store, &ozon.base_url()).await;
        let id = added(&site, "wrong").await["id"].clone();
        let run = site.act(Method::POST, &format!("/cabinets/{id}/import")).await.with(202)["run_id"].clone();
        let run = ended(&site, &run).await;
        assert_eq!((&run["state"], &run["error_code"]), (&json!("failed"), &json!("key_invalid")));
        assert_eq!(site.get(&format!("/cabinets/{id}")).await.ok()["failures"], 1);
        site.desk.stop().await;
    }
}
