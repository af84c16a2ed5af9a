//! Two instances over one database, and what each tells a proxy about itself.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::json;
use testkit::TestDatabase;

use super::account::{SIGN_IN, code, cookie, olga, signed_in_by_password, with_second_factor};
use super::live::{Stream, change};
use super::*;

/// Another instance, with connections of its own.
async fn another(database: &TestDatabase) -> Panel {
    Panel::new(Store::open(&database.config).await.expect("opens"), None)
}

async fn readiness(panel: &Panel) -> (StatusCode, String) {
    let answer = panel.get("/readyz", "").await;
    assert_eq!(panel.get("/healthz", "").await.status, StatusCode::OK, "the process turns in any case");
    (answer.status, answer.html)
}

on_both_databases! {
    async fn whoever_signs_in_at_one_instance_is_known_at_the_other_and_signs_out_of_both(database: Arc<TestDatabase>) {
        let (a, b) = (Panel::new(database.store.clone(), None), another(&database).await);
        olga(&database.store, Role::Manager).await;
        let session = signed_in_by_password(&a).await;
        assert_eq!(b.get(at::ORDERS, &session).await.status, StatusCode::OK);
        a.ask(Method::POST, "/sign-out", &session, "").await;
        assert!(b.get(at::ORDERS, &session).await.location.starts_with("/sign-in"));
    }

    async fn a_sign_in_begun_at_one_instance_ends_at_the_other_and_no_code_works_at_both(database: Arc<TestDatabase>) {
        let (a, b) = (Panel::new(database.store.clone(), None), another(&database).await);
        let user = olga(&database.store, Role::Manager).await;
        let session = signed_in_by_password(&a).await;
        with_second_factor(&a, user.id, &session).await;
        let half = async |panel: &Panel| {
            let told = panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await;
            cookie(&told, "vygruzka_sign_in").expect("a sign-in that waits")
        };
        let (first, second) = (half(&a).await, half(&b).await);
        let form = format!("code={}", code(&database.store, user.id, 0).await);
        let right = b.ask(Method::POST, "/sign-in/code", &first, &form).await;
        let opened = cookie(&right, "vygruzka_session").expect("a session");
        assert_eq!(a.get(at::ORDERS, &opened).await.status, StatusCode::OK);
        let again = a.ask(Method::POST, "/sign-in/code", &second, &form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the code was used at the other one");
    }

    async fn a_change_at_one_instance_shows_on_pages_open_at_the_other(database: Arc<TestDatabase>) {
        let (a, b) = (Panel::new(database.store.clone(), None), another(&database).await);
        a.with_an_order().await;
        let viewer = a.signed_in(Role::Viewer).await;
        // As a page does, which knows the last change that it shows: without it one that comes at once could be missed.
        let since = b.store.last_change().await.expect("an answer");
        let mut stream = Stream::open(&b, &format!("/live?since={since}"), &viewer).await;
        stream.until("event: pulse").await;
        change(&a.store, "Позвонить ещё раз").await;
        stream.within(Duration::from_secs(3), r#"{"created":[],"changed":[1],"more":false}"#).await;
        let cabinet = a.store.cabinets().await.expect("an answer")[0].id;
        a.store.begin_run(cabinet, storage::runs::Cause::Command, noon()).await.expect("a load");
        stream.until("<progress").await;
    }

    async fn settings_changed_at_one_instance_are_in_force_at_the_other(database: Arc<TestDatabase>) {
        let (a, b) = (Panel::new(database.store.clone(), None), another(&database).await);
        a.with_an_order().await;
        let cabinet = a.store.cabinets().await.expect("an answer")[0].id;
        let before = b.store.settings(cabinet).await.expect("an answer").settings;
        let patch = json!({ "also_awaiting_deliver": !before.also_awaiting_deliver });
        a.store.apply_settings(cabinet, &patch, "a test", noon()).await.expect("a right change");
        let after = b.store.settings(cabinet).await.expect("an answer").settings;
        assert_ne!(after.also_awaiting_deliver, before.also_awaiting_deliver);
    }

    async fn an_instance_that_is_about_to_stop_says_so_and_answers_on(store: Store) {
        let panel = Panel::new(store, None);
        let admin = panel.signed_in(Role::Admin).await;
        assert_eq!(readiness(&panel).await, (StatusCode::OK, "ok\n".to_owned()));
        panel.state.begin_to_drain();
        let (status, said) = readiness(&panel).await;
        assert_eq!((status, said.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "this process is about to stop\n"));
        let request = Request::builder().uri(at::ORDERS).header(header::COOKIE, &admin).body(Body::empty());
        let answer = panel.site.clone().oneshot(request.expect("a request")).await.expect("the site answers");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONNECTION], "close", "the next request of the connection goes elsewhere");
    }

    async fn an_instance_whose_database_is_not_of_its_version_or_silent_is_not_ready(database: Arc<TestDatabase>) {
        let panel = Panel::new(database.store.clone(), None);
        let tables = database.tables().await;
        let migrated = async |sql: &str| tables.execute_unprepared(sql).await.map(|_| ()).expect("is done");
        migrated("UPDATE seaql_migrations SET version = 'x' || version WHERE version LIKE '0009%'").await;
        let (status, said) = readiness(&panel).await;
        assert_eq!(status, StatusCode::OK, "a newer program is just taking over: {said}");
        migrated("DELETE FROM seaql_migrations WHERE version LIKE 'x0009%'").await;
        let (status, said) = readiness(&panel).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(said.contains("older version"), "{said}");
        tables.close().await.expect("ends");
        panel.store.clone().close().await.expect("ends");
        let (status, said) = readiness(&panel).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(said, "the database does not answer as it should\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_whose_database_takes_longer_than_a_second_is_not_ready() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let panel = Panel::new(database.store.clone(), None);
    let tables = database.tables().await;
    // Whoever holds the table lets nobody read it.
    let holding = tokio::spawn(async move {
        let hold = "BEGIN; LOCK TABLE seaql_migrations IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT";
        tables.execute_unprepared(hold).await.map(|_| ())
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = std::time::Instant::now();
    let (status, said) = readiness(&panel).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(said, "the database does not answer within a second\n");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    holding.await.expect("ends").expect("is done");
    assert_eq!(readiness(&panel).await.0, StatusCode::OK);
}
