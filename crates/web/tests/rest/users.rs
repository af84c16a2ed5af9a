//! Users over REST.

use reqwest::Method;
use serde_json::json;
use storage::Store;
use web::password;

use crate::site::Site;

const OZON: &str = "http://127.0.0.1:1";

testkit::on_both_databases! {
    async fn a_user_is_added_with_a_password_given_or_made_and_told_once(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let made = site.call(Method::POST, "/users", json!({"email": "Anna@Example.org", "role": "manager"})).await.with(201);
        assert_eq!(made["email"], "anna@example.org");
        let told = made["password"].as_str().unwrap().to_owned();
        let (_, hash) = store.user_by_email("anna@example.org").await.unwrap().unwrap();
        assert!(password::verify(&told, &hash));
        let body = json!({"email": "boris@example.org", "role": "admin", "password": "правильная лошадь"});
        let given = site.call(Method::POST, "/users", body).await.with(201);
        assert!(given.get("password").is_none());
        let everyone = site.all_pages("/users", 1).await;
        assert_eq!(everyone.len(), 2);
        assert!(everyone.iter().all(|user| user.get("password").is_none()));
        assert_eq!(site.get(&format!("/users/{}", made["id"])).await.ok(), everyone[0]);
        let taken = site.call(Method::POST, "/users", json!({"email": "ANNA@example.org", "role": "viewer"})).await.with(409);
        assert_eq!(taken["code"], "email");
        for wrong in [
            json!({"email": "nobody", "role": "viewer"}),
            json!({"email": "c@example.org", "role": "owner"}),
            json!({"email": "c@example.org", "role": "viewer", "password": "short"}),
            json!({"email": "c@example.org"}),
        ] {
            site.call(Method::POST, "/users", wrong).await.with(422);
        }
        let audit = store.audit(&storage::PageAsk::first(10)).await.unwrap();
        assert!(audit.items.iter().all(|entry| !entry.detail.contains(&told)));
        assert!(audit.items.iter().any(|entry| entry.act == "user.add" && entry.subject == "anna@example.org"));
    }

    async fn a_user_changes_and_the_last_administrator_stays(store: Store) {
        let site = Site::start(store.clone(), OZON).await;
        let add = |email: &str, role: &str| site.call(Method::POST, "/users", json!({"email": email, "role": role}));
        let admin = add("a@example.org", "admin").await.with(201)["id"].clone();
        let one = format!("/users/{admin}");
        for change in [json!({"role": "viewer"}), json!({"disabled": true})] {
            assert_eq!(site.call(Method::PATCH, &one, change).await.with(409)["code"], "last_admin");
        }
        let other = add("b@example.org", "manager").await.with(201)["id"].as_i64().unwrap();
        let path = format!("/users/{other}");
        let session = store.open_session(domain::UserId(other), "a browser", site.desk.now(), chrono::Duration::days(1)).await.unwrap();
        let changed = site.call(Method::PATCH, &path, json!({"role": "admin", "password": "новый-пароль-1"})).await.with(200);
        assert_eq!(changed["role"], "admin");
        let (_, hash) = store.user_by_email("b@example.org").await.unwrap().unwrap();
        assert!(password::verify("новый-пароль-1", &hash));
        assert!(store.session(&session, site.desk.now()).await.unwrap().is_none(), "a new password ends sessions");
        assert_eq!(site.call(Method::PATCH, &one, json!({"disabled": true})).await.with(200)["disabled"], true);
        assert_eq!(site.call(Method::PATCH, &one, json!({"disabled": false})).await.with(200)["disabled"], false);
        site.call(Method::PATCH, &path, json!({"password": "short", "role": "viewer"})).await.with(422);
        assert_eq!(site.get(&path).await.ok()["role"], "admin", "all or nothing");
        site.call(Method::PATCH, "/users/999", json!({})).await.with(404);
    }
}
