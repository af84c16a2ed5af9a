//! Comparisons with Ozon over REST.

use chrono::Utc;
use ozon_sim::{CabinetSettings, Config, GeneratorOptions, Simulator};
use reqwest::Method;
use serde_json::{Value, json};
use storage::Store;
use testkit::on_both_databases;

use crate::site::{Site, cabinet};

fn period(days: i64) -> Value {
    let until = Utc::now();
    json!({"since": (until - chrono::Duration::days(days)).to_rfc3339(), "until": until.to_rfc3339()})
}

on_both_databases! {
    async fn a_comparison_is_started_and_then_listed(store: Store) {
        let ozon = Simulator::start(Config::default()).await.unwrap();
        ozon.handle().lift_limits();
        ozon.handle().add_cabinet(CabinetSettings::new("123456", "a-key-for-tests"));
        ozon.handle().generate("123456", 40, &GeneratorOptions::seeded(3)).unwrap();
        let owner = cabinet(&store, "123456", &ozon.base_url(), Utc::now()).await;
        let site = Site::start(store, &ozon.base_url()).await;
        let path = format!("/cabinets/{}/reconciliations", owner.id);
        site.call(Method::POST, &path, period(40)).await.with(202);
        let mut listed = json!([]);
        for _ in 0..300 {
            listed = site.get(&path).await.ok()["items"].clone();
            if listed[0].is_object() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let told = &listed[0];
        assert_eq!((&told["cause"], &told["matched"], &told["missing"]), (&json!("rest"), &json!(40), &json!(0)), "{told}");
        assert_eq!((&told["findings"], &told["error_code"]), (&json!([]), &Value::Null));
        ozon.shutdown().await;
    }

    async fn a_period_that_makes_no_sense_is_refused(store: Store) {
        let owner = cabinet(&store, "1", "http://127.0.0.1:9", Utc::now()).await;
        let site = Site::start(store, "http://127.0.0.1:9").await;
        let path = format!("/cabinets/{}/reconciliations", owner.id);
        for days in [-1, 0, 400] {
            let refused = site.call(Method::POST, &path, period(days)).await.with(422);
            assert_eq!(refused["errors"][0]["key"], "until");
        }
        site.call(Method::POST, "/cabinets/99/reconciliations", period(3)).await.with(404);
    }
}
