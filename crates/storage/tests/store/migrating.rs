//! Bringing a database up to date, more than once and by several at a time.

use std::sync::Arc;

use domain::Scheme;
use sea_orm::{ConnectionTrait, TransactionTrait};
use storage::orders::OrderFilter;
use storage::{Config, Error, Role, SecretKey, Store, Version};
use testkit::TestDatabase;

use crate::fixture::*;

testkit::on_both_databases! {
    async fn migrating_again_changes_nothing_and_brings_back_nothing_that_people_changed(store: Store) {
        assert!(store.is_up_to_date().await.expect("answers"));
        let statuses = store.statuses().await.expect("answers");
        store.delete_status(statuses[8].id).await.expect("nobody needs it");
        store.migrate().await.expect("again");
        assert_eq!(store.statuses().await.expect("answers").len(), 9);
    }

    async fn several_may_migrate_at_once(database: Arc<TestDatabase>) {
        migrate_at_once(&database, 6).await;
        assert_eq!(database.store.statuses().await.expect("answers").len(), 10);
    }

    async fn orders_from_before_the_columns_of_their_way_get_them_filled(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        for n in 0..250 {
            let mut posting = posting(&format!("{n}-1-1"), "awaiting_packaging");
            posting.details.tpl_integration_type = Some("non_integrated".to_owned());
            posting.details.warehouse_id = Some(7);
            one(store, id, 1, &posting).await;
        }
        let earlier = "UPDATE orders SET scheme = NULL, warehouse_id = NULL, express = NULL";
        database.tables().await.execute_unprepared(earlier).await.expect("is done");
        store.migrate().await.expect("migrates");
        let filter = OrderFilter { scheme: Some(Scheme::RealFbs), warehouse: Some(7), ..OrderFilter::default() };
        assert_eq!(store.orders_count(&filter, 999).await.expect("answers"), 250);
    }
}

/// Eight processes on a database that none has migrated.
async fn eight_migrate_at_once(database: &TestDatabase) {
    migrate_at_once(database, 8).await;
    assert_eq!(database.store.version().await.expect("answers"), Version::Same);
    assert_eq!(database.store.statuses().await.expect("answers").len(), 10);
}

/// Processes that start at once, each with connections of its own.
async fn migrate_at_once(database: &TestDatabase, processes: usize) {
    let tasks: Vec<_> = (0..processes)
        .map(|_| {
            let config = database.config.clone();
            tokio::spawn(async move {
                let store = Store::open(&config).await?;
                store.migrate().await?;
                store.close().await
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("ends").expect("migrates");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_migrate_an_empty_database_at_once_on_sqlite() {
    eight_migrate_at_once(&TestDatabase::sqlite_empty().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_another_at_a_long_migration_waits_for_its_end() {
    let database = TestDatabase::sqlite_empty().await;
    let other = database.tables().await;
    let held = other.begin_with_options(immediate()).await.expect("begins");
    let migrating = tokio::spawn({
        let store = database.store.clone();
        async move { store.migrate().await }
    });
    // Longer than a writer waits for another one.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    assert!(!migrating.is_finished());
    held.rollback().await.expect("ends");
    migrating.await.expect("ends").expect("migrates");
}

fn immediate() -> sea_orm::TransactionOptions {
    let sqlite_transaction_mode = Some(sea_orm::SqliteTransactionMode::Immediate);
    sea_orm::TransactionOptions { sqlite_transaction_mode, ..Default::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_migrate_an_empty_database_at_once_on_postgres() {
    if let Some(database) = TestDatabase::postgres_empty().await {
        eight_migrate_at_once(&database).await;
    }
}

/// Takes back what the migration of the order list made, as if it had not been.
const BEFORE_THE_ORDER_LIST: &str = "
    DROP INDEX orders_by_delivery_method; DROP INDEX orders_by_payment_method; DROP INDEX orders_by_track_number;
    DROP INDEX order_lines_by_article; DROP INDEX orders_express; DROP INDEX orders_by_warehouse;
    DROP INDEX orders_by_scheme; DROP INDEX orders_still_here; DROP TABLE bulk_acts; DROP TABLE list_preferences;
    DROP TABLE order_views; ALTER TABLE orders DROP COLUMN scheme; ALTER TABLE orders DROP COLUMN warehouse_id;
    ALTER TABLE orders DROP COLUMN express; DELETE FROM seaql_migrations WHERE version = '0009_order_list';";

testkit::on_both_databases! {
    async fn several_may_bring_an_older_database_up_to_date_at_once(database: Arc<TestDatabase>) {
        let id = cabinet(&database.store).await;
        one(&database.store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let tables = database.tables().await;
        tables.execute_unprepared(&before_kinds(&database.store)).await.expect("is done");
        tables.execute_unprepared(BEFORE_THE_ORDER_LIST).await.expect("is done");
        assert_eq!(database.store.version().await.expect("answers"), Version::Older);
        assert!(!database.store.is_up_to_date().await.expect("answers"));
        eight_migrate_at_once(&database).await;
        assert_eq!(all_orders(&database.store).await.len(), 1);
    }

    async fn a_database_of_a_newer_version_is_refused_in_words_and_left_alone(database: Arc<TestDatabase>) {
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('9999_to_come', 0)";
        database.tables().await.execute_unprepared(newer).await.expect("is done");
        assert_eq!(database.store.version().await.expect("answers"), Version::Newer);
        let refused = database.store.migrate().await.expect_err("it is newer");
        assert!(matches!(refused, Error::NewerDatabase));
        assert!(refused.to_string().contains("newer version than this program"), "{refused}");
        assert!(matches!(database.store.is_up_to_date().await, Err(Error::NewerDatabase)));
    }
}

testkit::on_both_databases! {
    async fn who_lost_the_secret_key_goes_on_with_a_new_one_and_enters_every_secret_anew(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        one(store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let user = store.add_user("a@b.c", "no hash", Role::Admin, morning()).await.expect("a user").id;
        store.begin_second_factor(user, &"JBSWY3DPEHPK3PXP".into()).await.expect("a factor");
        store.confirm_second_factor(user, 1, &[], morning()).await.expect("it acts");
        let address = store.hook_secret(id).await.expect("an address");

        let config = Config { secret_key: Some(SecretKey::generate()), ..database.config.clone() };
        let again = Store::open(&config).await.expect("opens");
        assert!(matches!(again.migrate().await, Err(Error::WrongSecretKey)));
        let forget = "DELETE FROM shop WHERE key = 'secret_key_fingerprint'; \
                      UPDATE cabinets SET hook_secret = NULL, hook_hash = NULL";
        database.tables().await.execute_unprepared(forget).await.expect("is done");
        again.migrate().await.expect("takes the new key");
        assert!(matches!(again.cabinet_key(id).await, Err(Error::WrongSecretKey)));
        again.set_cabinet_key(id, API_KEY.into(), morning(), "test").await.expect("a new Api-Key");
        assert!(again.cabinet_key(id).await.is_ok());
        let new = again.hook_secret(id).await.expect("a new address");
        assert!(again.cabinet_of_hook(&new).await.expect("answers").is_some());
        assert!(again.cabinet_of_hook(&address).await.expect("answers").is_none());
        again.drop_second_factor(user).await.expect("is dropped");
        again.begin_second_factor(user, &"JBSWY3DPEHPK3PXP".into()).await.expect("a new factor");
        assert!(again.second_factor(user).await.expect("opens").is_some());
        assert_eq!(all_orders(&again).await.len(), 1);
        again.close().await.expect("ends");
    }
}

fn in_folder(folder: &tempfile::TempDir, name: &str) -> Config {
    Config {
        database_url: format!("sqlite://{}", folder.path().join(name).display()),
        secret_key: None,
        zone: chrono_tz::Europe::Moscow,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_make_the_same_new_sqlite_file_at_once_and_share_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = in_folder(&folder, "deep/vygruzka.db");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let config = config.clone();
            tokio::spawn(async move {
                let store = Store::open(&config).await?;
                store.migrate().await?;
                store.close().await
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("ends").expect("opens and migrates");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path().join("deep"))
        .expect("a folder")
        .filter_map(|entry| entry.ok().map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.contains("key"))
        .collect();
    assert_eq!(left, ["vygruzka.key"]);
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_kept_beside_sqlite_is_for_its_owner_alone_and_works_after_a_restart() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let config = in_folder(&folder, "vygruzka.db");
    let store = Store::open(&config).await.expect("opens");
    assert!(!store.is_up_to_date().await.expect("answers"));
    store.migrate().await.expect("migrates");
    let id = cabinet(&store).await;
    store.close().await.expect("ends");
    let mode = std::fs::metadata(folder.path().join("vygruzka.key")).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = Store::open(&config).await.expect("opens");
    again.migrate().await.expect("migrates");
    assert!(again.cabinet_key(id).await.is_ok());
    again.close().await.expect("ends");

    std::fs::write(folder.path().join("vygruzka.key"), "rubbish").expect("writes");
    assert!(matches!(Store::open(&config).await, Err(Error::WrongSecretKey)));
}

#[tokio::test]
async fn postgres_without_a_secret_key_is_refused_before_anything_is_asked() {
    let config = Config {
        database_url: "postgres://nobody@localhost:1/none".to_owned(),
        secret_key: None,
        zone: chrono_tz::UTC,
    };
    assert!(matches!(Store::open(&config).await, Err(Error::NoSecretKey)));
}
