//! Mail settings over REST.

use reqwest::Method;
use serde_json::{Value, json};
use storage::{Role, Store};
use testkit::on_both_databases;
use testkit::smtp::{Manners, Sink};

use crate::site::{Site, json as with_json};

fn settings(sink: &Sink) -> Value {
    json!({
        "host": "localhost", "port": sink.port(), "security": "plain", "sender": "Выгрузка <desk@shop.example>",
        "recipients": ["olga@shop.example"],
    })
}

on_both_databases! {
    async fn mail_is_set_up_told_tried_and_forgotten(store: Store) {
        let (site, sink) = (Site::start(store, "http://127.0.0.1:1").await, Sink::open().await);
        let ask = |method: Method, path: &str| site.as_role(Role::Admin, &method, path);
        site.send(ask(Method::GET, "/mail")).await.with(404);
        site.send(ask(Method::POST, "/mail/trial")).await.with(404);
        let set = site.send(with_json(ask(Method::PUT, "/mail"), &settings(&sink))).await.with(200);
        assert_eq!((&set["security"], &set["language"], &set["has_password"]), (&"plain".into(), &"ru".into(), &false.into()));
        assert_eq!(site.send(ask(Method::GET, "/mail")).await.with(200), set);

        let tried = site.send(ask(Method::POST, "/mail/trial")).await.with(200);
        assert_eq!(tried, json!({"answer": "250 2.0.0 queued as 4F1A2B"}));
        sink.behave(Manners { to_sender: Some("553 5.7.1 not yours".into()), ..Manners::default() });
        let refused = site.send(ask(Method::POST, "/mail/trial")).await.with(502);
        assert_eq!(refused["code"], "mail_sender");
        assert!(refused["detail"].as_str().unwrap().contains("553 5.7.1 not yours"));

        site.send(ask(Method::DELETE, "/mail")).await.with(204);
        site.send(ask(Method::GET, "/mail")).await.with(404);
    }

    async fn only_a_listed_server_can_be_set_up_and_the_refusal_names_the_line_that_lists_it(store: Store) {
        let (site, sink) = (Site::start(store.clone(), "http://127.0.0.1:1").await, Sink::open().await);
        let put = |body: &Value| with_json(site.as_role(Role::Admin, &Method::PUT, "/mail"), body);
        for host in ["169.254.169.254", "Smtp.Evil.Example.", "0x7f000001"] {
            let mut elsewhere = settings(&sink);
            elsewhere["host"] = host.into();
            let refused = site.send(put(&elsewhere)).await.with(422);
            assert_eq!(refused["errors"][0]["key"], "host");
            let line = format!("mail_servers = [\"{}\"]", host.trim_end_matches('.').to_lowercase());
            assert!(refused["detail"].as_str().unwrap().contains(&line), "{refused}");
        }
        assert!(store.mail().await.unwrap().is_none());

        // What was set up before the list was is kept, and may be changed.
        let host = "smtp.old.example".to_owned();
        let old = storage::mail::MailSettings {
            host, port: 25, security: "tls".into(), login: None, sender: "a@shop.example".into(),
            recipients: vec!["olga@shop.example".into()], language: "ru".into(), extra_root: None,
        };
        store.set_mail(&old, &storage::mail::Password::Forget, "a test", chrono::Utc::now()).await.unwrap();
        let mut same = settings(&sink);
        same["host"] = "smtp.old.example".into();
        same["security"] = "tls".into();
        site.send(put(&same)).await.with(200);
    }

    async fn wrong_settings_are_named_all_at_once_and_nothing_is_kept(store: Store) {
        let (site, sink) = (Site::start(store.clone(), "http://127.0.0.1:1").await, Sink::open().await);
        let put = |body: &Value| with_json(site.as_role(Role::Admin, &Method::PUT, "/mail"), body);
        let wrong = json!({
            "host": "a b", "port": 25, "security": "rot13", "login": "desk", "sender": "x", "recipients": [], "language": "de",
        });
        let refused = site.send(put(&wrong)).await.with(422);
        let keys: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["password", "host", "sender", "recipients", "security", "language"]);
        assert!(store.mail().await.unwrap().is_none());

        // A password stays with its server, and is never told.
        let mut right = settings(&sink);
        right["login"] = "desk".into();
        right["password"] = "s3cret-word".into();
        let set = site.send(put(&right)).await.with(200);
        assert_eq!(set["has_password"], true);
        assert!(!set.to_string().contains("s3cret-word"));
        right.as_object_mut().unwrap().remove("password");
        site.send(put(&right)).await.with(200);
        right["host"] = "127.0.0.1".into();
        let refused = site.send(put(&right)).await.with(422);
        assert_eq!(refused["errors"][0]["key"], "password");
    }
}
