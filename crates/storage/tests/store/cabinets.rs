//! Cabinets and their keys.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;
use storage::cabinets::{CheckResult, RoleGrant};
use storage::{Error, PageAsk, SecretKey, Store};
use testkit::TestDatabase;

use crate::fixture::*;

testkit::on_both_databases! {
    async fn a_cabinet_is_added_with_default_settings_and_found_by_name_client_id_and_id(store: Store) {
        let id = cabinet(&store).await;
        for named in ["Дом", "100", &id.to_string()] {
            assert_eq!(store.cabinet_named(named).await.expect("is found").id, id);
        }
        assert!(matches!(store.cabinet_named("Дача").await, Err(Error::NotFound)));
        assert_eq!(store.settings(id).await.expect("has settings").version, 1);
        let added = store.cabinet(id).await.expect("is there");
        assert_eq!((added.added_at, added.key_set_at, added.watermark), (morning(), morning(), None));
    }

    async fn a_taken_name_or_client_id_is_refused_and_leaves_nothing(store: Store) {
        cabinet(&store).await;
        let twice = store.add_cabinet(new_cabinet("Дом", "200"), morning(), "test").await;
        assert!(matches!(twice, Err(Error::Taken { what: "name" })));
        let twice = store.add_cabinet(new_cabinet("Дача", "100"), morning(), "test").await;
        assert!(matches!(twice, Err(Error::Taken { what: "client_id" })));
        assert_eq!(store.cabinets().await.expect("answers").len(), 1);

        let other = store.add_cabinet(new_cabinet("Дача", "200"), morning(), "test").await.expect("is added");
        let renamed = store.rename_cabinet(other.id, "Дом", "test", morning()).await;
        assert!(matches!(renamed, Err(Error::Taken { what: "name" })));
        store.rename_cabinet(other.id, "Сад", "test", morning()).await.expect("is renamed");
        assert_eq!(store.cabinet(other.id).await.expect("is there").name, "Сад");
    }

    async fn an_api_key_is_encrypted_at_rest_and_opens_again(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        assert_eq!(store.cabinet_key(id).await.expect("opens").expose_secret(), API_KEY);

        let tables = database.tables().await;
        let sql = "SELECT api_key FROM cabinets";
        let statement = Statement::from_string(tables.get_database_backend(), sql);
        let row = tables.query_one_raw(statement).await.expect("answers").expect("a row");
        let raw: Vec<u8> = row.try_get("", "api_key").expect("a blob");
        assert!(raw.len() > API_KEY.len());
        assert!(!raw.windows(6).any(|bytes| API_KEY.as_bytes().windows(6).any(|plain| plain == bytes)));
        assert!(!format!("{:?}", store.cabinet(id).await.expect("is there")).contains(API_KEY));
        tables.close().await.expect("ends");

        store.set_cabinet_key(id, "another-key".into(), morning(), "test").await.expect("is set");
        assert_eq!(store.cabinet_key(id).await.expect("opens").expose_secret(), "another-key");
        let audit = store.audit(&PageAsk::first(9)).await.expect("answers").items;
        assert_eq!(audit[0].act, "cabinet.key");
        assert!(audit.iter().all(|entry| !entry.detail.contains("another-key")));
    }

    async fn another_secret_key_is_refused_and_opens_nothing(database: Arc<TestDatabase>) {
        let id = cabinet(&database.store).await;
        let mut config = database.config.clone();
        config.secret_key = Some(SecretKey::generate());
        let stranger = Store::open(&config).await.expect("connects");
        assert!(matches!(stranger.migrate().await, Err(Error::WrongSecretKey)));
        assert!(matches!(stranger.cabinet_key(id).await, Err(Error::WrongSecretKey)));
        stranger.close().await.expect("ends");
        // The right one is let in as before.
        let again = Store::open(&database.config).await.expect("connects");
        again.migrate().await.expect("the right key");
        assert_eq!(again.cabinet_key(id).await.expect("opens").expose_secret(), API_KEY);
        again.close().await.expect("ends");
    }

    async fn a_check_is_kept_until_another_key_comes(store: Store) {
        let id = cabinet(&store).await;
        let roles = vec![RoleGrant { name: "Admin".to_owned(), methods: vec!["/v3".to_owned()] }];
        let told = CheckResult { company_name: Some("ООО Дом".to_owned()), key_expires_at: Some(morning()), roles, fault: None };
        store.set_cabinet_check(id, told, morning()).await.expect("is kept");
        let checked = store.cabinet(id).await.expect("is there");
        assert_eq!(checked.company_name.as_deref(), Some("ООО Дом"));
        assert_eq!(checked.roles[0].methods, ["/v3"]);
        store.set_key_fault(id, Some("unauthorized"), morning()).await.expect("is kept");
        let checked = store.cabinet(id).await.expect("is there");
        assert_eq!(checked.check_error.as_deref(), Some("unauthorized"));
        assert_eq!(checked.roles.len(), 1, "what was known stays");
        store.set_cabinet_key(id, "k".into(), morning(), "test").await.expect("is set");
        let fresh = store.cabinet(id).await.expect("is there");
        assert_eq!((fresh.check_error, fresh.checked_at, fresh.key_expires_at), (None, None, None));
        assert!(fresh.roles.is_empty());
    }

    async fn a_disabled_cabinet_can_be_enabled_again(store: Store) {
        let id = cabinet(&store).await;
        store.disable_cabinet(id, morning(), "test").await.expect("is disabled");
        assert_eq!(store.cabinet(id).await.expect("is there").disabled_at, Some(morning()));
        store.enable_cabinet(id, morning(), "test").await.expect("is enabled");
        assert_eq!(store.cabinet(id).await.expect("is there").disabled_at, None);
    }
}
