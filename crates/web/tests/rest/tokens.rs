//! Tokens and roles: who gets in, and who may do what.

use reqwest::Method;
use storage::{Role, Store};

use crate::calls::{Needs, every_call};
use crate::site::{Site, json as with_json};

testkit::on_both_databases! {
    async fn no_call_answers_without_a_token_or_with_a_wrong_one(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        for call in every_call(site.specification()) {
            for token in [None, Some("vyg_made-up")] {
                let mut request = with_json(site.request(&call.method, &call.path), &call.body);
                if let Some(token) = token {
                    request = request.bearer_auth(token);
                }
                let answer = site.send(request).await;
                assert_eq!(answer.status, 401, "{} {}", call.method, call.path);
                assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
                assert_eq!(answer.body["type"], "urn:vygruzka:problem:no-token");
            }
        }
        let basic = site.request(&Method::GET, "/orders").header("authorization", "Basic YTpi");
        site.send(basic).await.with(401);
    }

    async fn every_call_asks_for_the_role_that_it_needs(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        for call in every_call(site.specification()) {
            for role in [Role::Viewer, Role::Manager, Role::Admin] {
                let request = with_json(site.as_role(role, &call.method, &call.path), &call.body);
                let answer = site.send(request).await;
                let allowed = match call.needs {
                    Needs::Viewer => true,
                    Needs::Manager => role != Role::Viewer,
                    Needs::Admin => role == Role::Admin,
                };
                assert_eq!(answer.status != 403, allowed, "{role} {} {}: {}", call.method, call.path, answer.body);
            }
        }
    }

    async fn a_token_that_was_taken_back_opens_nothing(store: Store) {
        let site = Site::start(store.clone(), "http://127.0.0.1:1").await;
        let (token, secret) = store.add_token("for a day", Role::Admin, site.desk.now()).await.unwrap();
        let ask = || site.request(&Method::GET, "/cabinets").bearer_auth(&secret);
        site.send(ask()).await.with(200);
        store.delete_token(token.id).await.unwrap();
        site.send(ask()).await.with(401);
    }

    async fn a_token_whose_time_is_over_opens_nothing(store: Store) {
        let site = Site::start(store.clone(), "http://127.0.0.1:1").await;
        let now = site.desk.now();
        for (name, until, status) in [("lives", now + chrono::Duration::days(1), 200), ("over", now, 401)] {
            let secret = store.add_token_until(name, Role::Admin, Some(until), now).await.unwrap().1;
            site.send(site.request(&Method::GET, "/cabinets").bearer_auth(&secret)).await.with(status);
        }
    }

    async fn the_specification_needs_no_token(store: Store) {
        let site = Site::start(store, "http://127.0.0.1:1").await;
        let answer = site.request(&Method::GET, "/openapi.json").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/json");
    }
}
