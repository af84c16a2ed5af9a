//! People, sessions, tokens: only hashes are kept.

use std::sync::Arc;

use chrono::Duration;
use sea_orm::{ConnectionTrait, Statement};
use storage::people::Role;
use storage::{Error, PageAsk, Store};
use testkit::TestDatabase;

use crate::fixture::*;

testkit::on_both_databases! {
    async fn a_person_is_found_by_address_in_any_case(store: Store) {
        let anna = store.add_user(" Anna@Shop.example ", "$argon2id$x", Role::Admin, morning()).await.expect("is added");
        let (found, hash) = store.user_by_email("ANNA@shop.EXAMPLE").await.expect("answers").expect("is found");
        assert_eq!((found.id, hash.as_str()), (anna.id, "$argon2id$x"));
        let twice = store.add_user("anna@shop.example", "y", Role::Viewer, morning()).await;
        assert!(matches!(twice, Err(Error::Taken { what: "email" })));
        assert_eq!(store.user_count().await.expect("answers"), 1);
        assert!(store.user_by_email("nobody\0").await.expect("answers").is_none());
    }

    async fn the_last_administrator_stays_one(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added");
        assert!(matches!(store.set_role(anna.id, Role::Viewer).await, Err(Error::Refused("last_admin"))));
        assert!(matches!(store.disable_user(anna.id, morning()).await, Err(Error::Refused("last_admin"))));
        let boris = store.add_user("b@x", "h", Role::Admin, morning()).await.expect("is added");
        store.disable_user(boris.id, morning()).await.expect("one is left");
        assert!(matches!(store.set_role(anna.id, Role::Manager).await, Err(Error::Refused("last_admin"))));
        store.enable_user(boris.id).await.expect("is enabled");
        store.set_role(anna.id, Role::Manager).await.expect("one is left");
    }

    async fn a_session_lasts_until_its_end_its_sign_out_or_a_new_password(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added");
        let hour = Duration::hours(1);
        let token = store.open_session(anna.id, "Firefox\0", morning(), hour).await.expect("opens");
        let who = |token: String, at| {
            let store = store.clone();
            async move { store.session(&token, at).await.expect("answers").map(|user| user.id) }
        };
        assert_eq!(who(token.clone(), morning() + Duration::minutes(59)).await, Some(anna.id));
        assert_eq!(who(token.clone(), morning() + hour).await, None);
        assert_eq!(who("guess".to_owned(), morning()).await, None);
        store.close_session(&token).await.expect("closes");
        assert_eq!(who(token, morning()).await, None);

        let token = store.open_session(anna.id, "Firefox", morning(), hour).await.expect("opens");
        store.set_password(anna.id, "h2").await.expect("is set");
        assert_eq!(who(token, morning()).await, None);
        let boris = store.add_user("b@x", "h", Role::Manager, morning()).await.expect("is added");
        let token = store.open_session(boris.id, "Firefox", morning(), hour).await.expect("opens");
        store.disable_user(boris.id, morning()).await.expect("is disabled");
        assert_eq!(who(token, morning()).await, None);
    }

    async fn a_token_opens_by_its_secret_until_it_is_taken_back(store: Store) {
        let (token, secret) = store.add_token("1С", Role::Manager, morning()).await.expect("is made");
        let used = store.token(&secret, morning()).await.expect("answers").expect("opens");
        assert_eq!((used.id, used.role), (token.id, Role::Manager));
        assert!(store.token("vyg_guess", morning()).await.expect("answers").is_none());
        assert_eq!(store.tokens().await.expect("answers")[0].used_at, Some(morning()));
        let twice = store.add_token("1С", Role::Viewer, morning()).await;
        assert!(matches!(twice, Err(Error::Taken { what: "name" })));
        store.delete_token(token.id).await.expect("is deleted");
        assert!(matches!(store.delete_token(token.id).await, Err(Error::NotFound)));
        assert!(store.token(&secret, morning()).await.expect("answers").is_none());
    }

    async fn the_tables_hold_hashes_and_no_token(database: Arc<TestDatabase>) {
        let store = &database.store;
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added");
        let session = store.open_session(anna.id, "x", morning(), Duration::hours(1)).await.expect("opens");
        let (_, secret) = store.add_token("1С", Role::Manager, morning()).await.expect("is made");
        let tables = database.tables().await;
        for (sql, plain) in
            [("SELECT token_hash FROM sessions", &session), ("SELECT token_hash FROM api_tokens", &secret)]
        {
            let statement = Statement::from_string(tables.get_database_backend(), sql);
            let row = tables.query_one_raw(statement).await.expect("answers").expect("a row");
            let hash: Vec<u8> = row.try_get("", "token_hash").expect("a blob");
            assert_eq!(hash.len(), 32);
            assert!(!hash.windows(8).any(|bytes| plain.as_bytes().windows(8).any(|part| part == bytes)));
        }
        tables.close().await.expect("ends");
    }

    async fn the_audit_is_read_the_newest_first_page_by_page(store: Store) {
        for act in ["a", "b", "c"] {
            store.note_audit("anna", act, "shop\0", "detail", morning()).await.expect("is noted");
        }
        let first = store.audit(&PageAsk::first(2)).await.expect("answers");
        let acts = |page: &storage::Page<storage::people::AuditEntry>| {
            page.items.iter().map(|e| e.act.clone()).collect::<Vec<_>>()
        };
        assert_eq!(acts(&first), ["c", "b"]);
        let rest = store.audit(&PageAsk { limit: 2, cursor: first.next }).await.expect("answers");
        assert_eq!((acts(&rest), rest.next), (vec!["a".to_owned()], None));
    }
}
