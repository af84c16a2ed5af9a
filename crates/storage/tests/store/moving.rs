//! Everything moves from SQLite to PostgreSQL, and both are proven to hold the same.

use domain::by_hand::Act;
use domain::history::Actor;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use secrecy::ExposeSecret;
use storage::moving::{Compared, move_to_postgres};
use storage::orders::{OrderFilter, OrderSort};
use storage::people::Role;
use storage::{Error, PageAsk, Store};
use testkit::TestDatabase;

use crate::fixture::*;

/// Postings, so that every way over takes more than one step.
const MANY: i64 = 450;

/// Rows for the tables that the fixture's acts do not fill; odd texts, numbers at their ends, empty and absent values.
const BY_HAND: &str = r#"
    INSERT INTO ozon_codes VALUES (1, 'awaiting_космос', -1), (1, 'Awaiting_B', 9223372036854775807), (1, 'ёж', 0);
    INSERT INTO ozon_warehouses VALUES (1, 22, 'Склад «Север»', 180, 1), (1, -7, '', NULL, 2);
    INSERT INTO ozon_delivery_methods VALUES (1, 5, NULL, 'Курьер', NULL, 3);
    INSERT INTO leases VALUES ('load of cabinet 1', 'somebody', 17);
    INSERT INTO reconciliations (cabinet_id, cause, since, until, started_at, finished_at, matched, missing, differing,
        unknown, repaired, findings) VALUES (1, 'night', 1, 2, 3, 4, 5, 0, 0, 0, 0, '[]');
    INSERT INTO warehouse_rules VALUES (1, 'warehouse', 22, NULL, NULL, NULL);
    INSERT INTO sign_ins VALUES (x'00ff', 1, 4);
    INSERT INTO recovery_codes VALUES (1, x''), (1, x'0a');
    INSERT INTO outbox (kind, subject, cabinet_id, order_id, payload, rank, actor, state, due_at, tries, reads, created_at)
        VALUES ('push', 'track', 1, 1, '{}', 0, '{"actor":"command"}', 'done', 1, 0, 0, 1);
    INSERT INTO news (cabinet_id, kind, detail, at) VALUES (1, 'created', '{}', 1);
    INSERT INTO reads VALUES (1, '1-1-1', 'push', 1, 2, 0), (1, '0-1-1', 'push', 1, 2, 0);
    INSERT INTO push_messages (cabinet_id, received_at, message_type, body, outcome) VALUES (1, 1, 'TYPE_PING', '😀 "x"', 'noted');
    INSERT INTO mail_settings VALUES (1, 'mail.example.com', 465, 'tls', NULL, NULL, 'a@b.c', '[]', 'ru', NULL, 1);
    INSERT INTO cancellation_requests VALUES (1, 9, '1-1-1', NULL, 'on_approval', NULL, NULL, NULL, 1);
    INSERT INTO erasures (at, actor, orders, postings, customers) VALUES (1, '{}', 0, 0, 0);
    INSERT INTO order_views (user_id, name, query, shared, created_at) VALUES (1, 'Моё', 'tab=new', TRUE, 1);
    INSERT INTO list_preferences VALUES (1, 'number status', 24);
    INSERT INTO bulk_acts (user_id, at, undone_at, what) VALUES (1, 1, NULL, '{}');
    INSERT INTO order_comments (order_id, user_id, name, at, text) VALUES (1, 1, 'a@b.c', 1, '');
    INSERT INTO audit (at, actor, act, subject, detail) VALUES (1, 'a', 'b', 'c', 'to go');
    INSERT INTO audit (at, actor, act, subject, detail) VALUES (2, 'a', 'b', 'c', 'to go');
    DELETE FROM audit WHERE detail = 'to go';
"#;

/// A shop that was worked in; also somebody's token.
async fn lived_in(store: &Store) -> String {
    let id = cabinet(store).await;
    set(store, id, also_awaiting_deliver()).await;
    for first in (0..MANY).step_by(50) {
        let postings = (first..first + 50).map(|n| {
            let status = ["awaiting_packaging", "delivering", "awaiting_deliver"]
                [usize::try_from(n % 3).expect("small")];
            let mut one = posting(&format!("{n}-1-1"), status);
            one.customer = buyer(
                n % 40,
                ["Ёлкин Пётр", "O'Neil \\ \"x\"", "Ян"][usize::try_from(n % 3).expect("small")],
            );
            shown(&one)
        });
        take(store, &page(id, first + 1, postings.collect())).await;
    }
    take(store, &page(id, 9_999, vec![unreadable("70077-1-1")])).await;
    store.begin_run(id, storage::runs::Cause::Command, morning()).await.expect("a load");
    let user = store.add_user("anna@shop.example", "no hash", Role::Admin, morning()).await.expect("a user");
    store.begin_second_factor(user.id, &"JBSWY3DPEHPK3PXP".into()).await.expect("a factor");
    let order = order(store, id, "0-1-1").await.id;
    for act in
        [Act::SetComment("Позвонить %_\\ утром".into()), Act::SetPaid(true), Act::SetManager(Some(user.id))]
    {
        store.act_on_order(order, act, &Actor::Command, morning()).await.expect("it is done");
    }
    store.add_token("программа", Role::Viewer, morning()).await.expect("a token");
    let session = store.open_session(user.id, "a test", morning(), chrono::Duration::days(9)).await;
    session.expect("a session")
}

async fn found(store: &Store, text: &str) -> usize {
    let filter = OrderFilter { q: Some(text.to_owned()), ..OrderFilter::default() };
    store.orders(&filter, OrderSort::default(), &PageAsk::first(200)).await.expect("answers").items.len()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("answers");
    row.expect("a row").try_get_by_index(0).expect("a number")
}

/// The URL of an empty database, and a SQLite database of a shop that was worked in.
async fn given() -> Option<(TestDatabase, TestDatabase, String)> {
    let target = TestDatabase::postgres_empty().await?;
    target.store.clone().close().await.expect("ends");
    let source = TestDatabase::sqlite().await;
    let session = lived_in(&source.store).await;
    let tables = source.tables().await;
    tables.execute_unprepared(BY_HAND).await.expect("is done");
    tables.close().await.expect("ends");
    Some((source, target, session))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_moves_and_goes_on_there() {
    let Some((source, target, session)) = given().await else { return };
    let url = target.config.database_url.as_str();
    let (before, by_name) = (all_orders(&source.store).await, found(&source.store, "елкин").await);
    assert!(by_name > 100);
    let held = move_to_postgres(&source.config, url).await;
    assert!(matches!(held, Err(Error::NotAlone)), "a server that has it open would write on: {held:?}");
    source.store.clone().close().await.expect("ends");

    let compared = move_to_postgres(&source.config, url).await.expect("moves");
    for table in &compared {
        assert!(table.is_same(), "{table:?}");
        assert!(table.from.rows > 0, "{} has nothing to move in this test", table.table);
    }
    let rows = |name: &str| compared.iter().find(|table| table.table == name).map(|table| table.to.rows);
    assert_eq!(rows("postings"), Some(u64::try_from(MANY).expect("positive") + 1));
    assert!(matches!(move_to_postgres(&source.config, url).await, Err(Error::NotEmpty(_))), "never twice");

    let config = storage::Config { database_url: url.to_owned(), ..source.config.clone() };
    let there = Store::open(&config).await.expect("opens");
    there.migrate().await.expect("is at this version");
    assert_eq!(all_orders(&there).await, before);
    assert_eq!(found(&there, "елкин").await, by_name, "the index finds");
    let id = before[0].cabinet_id;
    assert_eq!(there.cabinet_key(id).await.expect("the secret opens").expose_secret(), API_KEY);
    assert!(there.session(&session, morning()).await.expect("answers").is_some(), "people stay signed in");

    let tables = sea_orm::Database::connect(url).await.expect("opens");
    let old = source.tables().await;
    for (table, id) in [("audit", "last audit row"), ("order_history", "history"), ("orders", "order")] {
        let given = number(&old, &format!("SELECT seq FROM sqlite_sequence WHERE name = '{table}'")).await;
        let next = number(&tables, &format!("SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")).await;
        assert!(next > given, "no id of a {id} is given out again: {given}, {next}");
    }
    let mut new = posting("9000-1-1", "awaiting_packaging");
    new.customer = buyer(9_000, "Щукина Яна");
    one(&there, id, 99_999, &new).await;
    assert_eq!(found(&there, "щукина").await, 1, "what comes is found too");
    tables.close().await.expect("ends");
    there.close().await.expect("ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_fails_leaves_nothing_and_can_be_begun_again() {
    let Some((source, target, _)) = given().await else { return };
    let url = target.config.database_url.as_str();
    source.store.clone().close().await.expect("ends");
    let tables = source.tables().await;
    // The last table but one to go over, with what PostgreSQL takes in no text.
    tables.execute_unprepared("UPDATE bulk_acts SET what = 'a' || char(0) || 'b'").await.expect("is done");
    tables.close().await.expect("ends");
    assert!(matches!(move_to_postgres(&source.config, url).await, Err(Error::Database(_))));
    let there = sea_orm::Database::connect(url).await.expect("opens");
    let many = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'";
    assert_eq!(number(&there, many).await, 0);

    let tables = source.tables().await;
    tables.execute_unprepared("UPDATE bulk_acts SET what = '{}'").await.expect("is done");
    tables.close().await.expect("ends");
    let compared = move_to_postgres(&source.config, url).await.expect("moves");
    assert!(compared.iter().all(Compared::is_same));
    there.close().await.expect("ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_not_be_moved_is_refused_before_anything_is_written() {
    let Some(target) = TestDatabase::postgres_empty().await else { return };
    target.store.clone().close().await.expect("ends");
    let source = TestDatabase::sqlite().await;
    source.store.clone().close().await.expect("ends");
    let url = target.config.database_url.as_str();
    let refused =
        async |config: &storage::Config| move_to_postgres(config, url).await.expect_err("is refused");
    let another =
        storage::Config { secret_key: Some(storage::SecretKey::generate()), ..source.config.clone() };
    assert!(matches!(refused(&another).await, Error::WrongSecretKey));
    let none = storage::Config { secret_key: None, ..source.config.clone() };
    assert!(matches!(refused(&none).await, Error::NoSecretKey));
    for (change, back) in [
        (
            "INSERT INTO seaql_migrations VALUES ('9999_to_come', 0)",
            "DELETE FROM seaql_migrations WHERE version LIKE '9999%'",
        ),
        ("DELETE FROM seaql_migrations WHERE version LIKE '0009%'", "SELECT 1"),
    ] {
        let tables = source.tables().await;
        tables.execute_unprepared(change).await.expect("is done");
        tables.close().await.expect("ends");
        assert!(matches!(refused(&source.config).await, Error::NewerDatabase | Error::OlderDatabase));
        let tables = source.tables().await;
        tables.execute_unprepared(back).await.expect("is done");
        tables.close().await.expect("ends");
    }
    let there = sea_orm::Database::connect(url).await.expect("opens");
    assert_eq!(
        number(&there, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'").await,
        0
    );
    there.close().await.expect("ends");
}
