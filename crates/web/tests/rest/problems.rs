//! What a wrong request is told.

use reqwest::Method;
use serde_json::json;
use storage::{Role, Store};

use crate::site::{Site, json as with_json};

testkit::on_both_databases! {
    async fn an_unknown_address_and_a_wrong_method_are_problems_too(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        for path in ["/nothing", "/orders/1/nothing", "/orders/", ""] {
            let problem = site.get(path).await.with(404);
            assert_eq!(problem["type"], "urn:vygruzka:problem:not-found", "{path}");
        }
        let answer = site.act(Method::DELETE, "/orders/1").await;
        assert_eq!(answer.headers["allow"], "GET,HEAD,PATCH");
        assert_eq!(answer.with(405)["type"], "urn:vygruzka:problem:wrong-method");
        for id in ["abc", "1.5", "99999999999999999999", "%00", "%FF"] {
            let answer = site.get(&format!("/orders/{id}")).await;
            assert!(answer.status == 404 || answer.status == 400, "{id}: {}", answer.status);
        }
        assert_eq!(site.get("/orders/1").await.with(404)["detail"], "There is no such order.");
    }

    async fn a_query_parameter_that_is_wrong_or_unknown_is_named(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        for (query, key) in [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=ten", "limit"),
            ("cursor=rubbish", "cursor"),
            ("status=new", "status"),
            ("cabinet=", "cabinet"),
            ("source=x", "source"),
            ("paid=yes", "paid"),
            ("placed_from=yesterday", "placed_from"),
            ("placed_to=2026-13-01", "placed_to"),
            ("ship_by_to=1", "ship_by_to"),
            ("sort=name", "sort"),
            ("q=a%00b", "q"),
            ("posting_number=%00", "posting_number"),
            ("colour=red", "colour"),
            ("limit=5&Limit=5", "Limit"),
        ] {
            let problem = site.get(&format!("/orders?{query}")).await.with(400);
            assert_eq!(problem["errors"][0]["key"], key, "{query}: {problem}");
            assert!(!problem["errors"][0]["allowed"].as_str().unwrap().is_empty(), "{query}");
        }
        site.get("/orders?paid=true&paid=false").await.with(400);
        for path in ["/postings?limit=0", "/cabinets?limit=0", "/statuses?q=a", "/sources?cursor=AAAA", "/users?limit=500"] {
            site.get(path).await.with(400);
        }
        assert_eq!(site.get("/postings?skipped_because=rain").await.with(400)["errors"][0]["key"], "skipped_because");
    }

    async fn values_without_their_names_are_no_body(store: Store) {
        let site = Site::start(store.clone(), "http://127.0.0.1:1").await;
        let put = async |method: Method, path: &str, body: serde_json::Value| {
            let request = site.as_role(Role::Admin, &method, path).header("content-type", "application/json");
            site.send(request.body(body.to_string())).await.with(422)
        };
        let made = with_json(site.as_role(Role::Admin, &Method::POST, "/customers"), &json!({"name": "Анна"}));
        let path = format!("/customers/{}", site.send(made).await.with(201)["id"]);
        for body in [json!([null, null]), json!(["Борис"]), json!([])] {
            let problem = put(Method::PATCH, &path, body).await;
            assert!(problem["detail"].as_str().unwrap().contains("expected an object"), "{problem}");
        }
        put(Method::POST, "/sources", json!(["Рынок"])).await;
        assert!(!store.named(storage::lists::NamedList::Sources).await.unwrap().iter().any(|n| n.name == "Рынок"));
        let cabinet = store.add_cabinet(
            storage::cabinets::NewCabinet {
                name: "Дом".into(), client_id: "1".into(), api_key: "k".into(), api_url: "http://127.0.0.1:1".into(),
            },
            site.desk.now(),
            "test",
        ).await.unwrap();
        let rules = json!({"rules": [["warehouse", 1, null, null, null]]});
        put(Method::PUT, &format!("/cabinets/{}/warehouses", cabinet.id), rules).await;
    }

    async fn a_body_that_is_wrong_is_told_where(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        let post = |body: &'static str| {
            let request = site.as_role(Role::Admin, &Method::POST, "/sources");
            site.send(request.header("content-type", "application/json; charset=utf-8").body(body))
        };
        for body in ["", "{", "{\"name\":\"a\"", "\u{feff}{}", "{\"name\":\"a\"} x", "{\"name\": \"\\ud800\"}"] {
            let problem = post(body).await.with(400);
            assert!(problem["detail"].as_str().unwrap().contains("line 1 column"), "{body}: {problem}");
        }
        for (body, told) in [
            ("[]", "line 1 column"),
            ("null", "line 1 column"),
            ("{}", "missing field `name`"),
            ("{\"name\":5}", "expected a string"),
            ("{\"name\":null}", "expected a string"),
            ("{\"name\":\"  \"}", "a name has 1 to 200"),
            ("{\"name\":\"a\\u0000b\"}", "a name has 1 to 200"),
            ("{\"name\":\"a\",\"colour\":1}", "unknown field `colour`, expected `name`"),
            ("{\"name\":\"a\",\"name\":\"b\"}", "duplicate field `name`"),
        ] {
            let problem = post(body).await.with(422);
            assert!(problem["detail"].as_str().unwrap().contains(told), "{body}: {problem}");
        }
        let request = site.as_role(Role::Admin, &Method::POST, "/sources");
        let form = request.header("content-type", "application/x-www-form-urlencoded").body("name=a");
        site.send(form).await.with(415);
    }

    async fn a_body_over_a_megabyte_is_refused_and_one_under_it_is_read(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        let name = "a".repeat(1024 * 1024 - 20);
        assert!(site.call(Method::POST, "/sources", json!({"name": name})).await.with(422)["detail"]
            .as_str().unwrap().contains("a name has"));
        let name = "a".repeat(1024 * 1024);
        let problem = site.call(Method::POST, "/sources", json!({"name": name})).await.with(413);
        assert_eq!(problem["type"], "urn:vygruzka:problem:too-large");
    }

    async fn a_very_deep_body_is_refused(store: Store) {
        let site = Site::start(store.clone(), "http://127.0.0.1:1").await;
        let cabinet = crate::site::cabinet(&store, "1", "http://127.0.0.1:1", site.desk.now()).await;
        let path = format!("/cabinets/{}/settings", cabinet.id);
        for (deep, status) in [("{\"a\":".repeat(100_000), 400), (format!("{{\"a\":{}", "[".repeat(100_000)), 400), ("[".repeat(100_000), 422)] {
            let request = site.as_role(Role::Admin, &Method::PUT, &path);
            site.send(request.header("content-type", "application/json").body(deep)).await.with(status);
        }
    }

    async fn nothing_is_kept_by_caches(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        assert_eq!(site.get("/orders").await.headers["cache-control"], "no-store");
        assert_eq!(site.get("/nothing").await.headers["cache-control"], "no-store");
    }
}
