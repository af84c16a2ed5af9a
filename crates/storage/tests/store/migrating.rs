//! Bringing a database up to date, more than once and by several at a time.

use std::sync::Arc;

use domain::Scheme;
use sea_orm::ConnectionTrait;
use storage::orders::OrderFilter;
use storage::{Config, Error, Store};
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
        let tasks: Vec<_> = (0..6)
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
