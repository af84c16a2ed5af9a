//! People, sessions, tokens: only hashes are kept.

use std::sync::Arc;

use chrono::Duration;
use sea_orm::{ConnectionTrait, Statement};
use storage::people::{AuditFilter, Opening, Role};
use storage::{Error, PageAsk, Store};
use testkit::TestDatabase;

use crate::fixture::*;

fn opening() -> Opening<'static> {
    Opening { user_agent: "Firefox", now: morning(), ttl: Duration::hours(1) }
}

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

    async fn the_audit_is_read_by_who_and_by_what(store: Store) {
        for (actor, act) in [("anna", "a.one"), ("boris", "a.one"), ("anna", "a.two"), ("anna", "b.one")] {
            store.note_audit(actor, act, "", "", morning()).await.expect("is noted");
        }
        let found = |actor: Option<&str>, acts: &[&str]| {
            let filter = AuditFilter {
                actor: actor.map(str::to_owned),
                acts: acts.iter().map(|act| (*act).to_owned()).collect(),
            };
            let store = store.clone();
            async move {
                let page = store.audit_of(&filter, &PageAsk::first(50)).await.expect("answers");
                page.items.into_iter().map(|entry| format!("{} {}", entry.actor, entry.act)).collect::<Vec<_>>()
            }
        };
        assert_eq!(found(Some("boris"), &[]).await, ["boris a.one"]);
        assert_eq!(found(None, &["a.one", "a.two"]).await, ["anna a.two", "boris a.one", "anna a.one"]);
        assert_eq!(found(Some("anna"), &["a.one"]).await, ["anna a.one"]);
        assert!(found(Some("boris"), &["b.one"]).await.is_empty());
    }

    async fn two_administrators_cannot_shut_each_other_out_at_the_same_time(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let boris = store.add_user("b@x", "h", Role::Admin, morning()).await.expect("is added").id;
        for _ in 0..10 {
            let (one, other) =
                tokio::join!(store.disable_user(anna, morning()), store.set_role(boris, Role::Viewer));
            let outcomes = [one, other];
            let refused = outcomes.iter().filter(|o| matches!(o, Err(Error::Refused("last_admin")))).count();
            assert_eq!(refused, 1, "{outcomes:?}");
            let users = store.users().await.expect("answers");
            let left = users.iter().filter(|u| u.role == Role::Admin && u.disabled_at.is_none());
            assert_eq!(left.count(), 1);
            store.enable_user(anna).await.expect("is enabled");
            store.set_role(boris, Role::Admin).await.expect("is set");
        }
    }

    async fn another_role_ends_the_sessions_and_the_same_role_does_not(store: Store) {
        store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added");
        let boris = store.add_user("b@x", "h", Role::Manager, morning()).await.expect("is added").id;
        let token = store.open_session(boris, "x", morning(), Duration::hours(1)).await.expect("opens");
        store.set_role(boris, Role::Manager).await.expect("nothing changes");
        assert!(store.session(&token, morning()).await.expect("answers").is_some());
        store.set_role(boris, Role::Viewer).await.expect("is set");
        assert!(store.session(&token, morning()).await.expect("answers").is_none());
    }

    async fn a_person_sees_and_ends_only_their_own_sessions(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let boris = store.add_user("b@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let hour = Duration::hours(1);
        let later = morning() + Duration::minutes(10);
        let first = store.open_session(anna, "Firefox", morning(), hour).await.expect("opens");
        let second = store.open_session(anna, "Chrome", later, hour).await.expect("opens");
        let other = store.open_session(boris, "Safari", morning(), hour).await.expect("opens");
        let open = store.sessions(anna, Some(&first), later).await.expect("answers");
        let told: Vec<_> = open.iter().map(|s| (s.user_agent.as_str(), s.is_this)).collect();
        assert_eq!(told, [("Chrome", false), ("Firefox", true)]);
        assert_eq!(store.user(anna).await.expect("is there").signed_in_at, Some(later));
        let foreign = &store.sessions(boris, None, later).await.expect("answers")[0].id;
        assert!(matches!(store.end_session(anna, foreign).await, Err(Error::NotFound)));
        store.end_session(anna, &open[0].id).await.expect("ends");
        assert!(store.session(&second, later).await.expect("answers").is_none());
        store.open_session(anna, "Opera", later, hour).await.expect("opens");
        assert_eq!(store.end_other_sessions(anna, &first).await.expect("ends"), 1);
        assert!(store.session(&first, later).await.expect("answers").is_some());
        assert!(store.session(&other, later).await.expect("answers").is_some());
        assert_eq!(store.end_sessions(anna).await.expect("ends"), 1);
    }

    async fn a_begun_sign_in_opens_nothing_and_ends_with_time_use_or_a_new_password(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let began = async || store.begin_sign_in(anna, "h", morning()).await.expect("begins").expect("the password is right");
        let token = began().await;
        assert!(store.session(&token, morning()).await.expect("answers").is_none());
        let whose = |token: String, at| {
            let store = store.clone();
            async move { store.begun_sign_in(&token, at).await.expect("answers").map(|user| user.id) }
        };
        assert_eq!(whose(token.clone(), morning() + Duration::minutes(9)).await, Some(anna));
        assert_eq!(whose(token.clone(), morning() + Duration::minutes(10)).await, None);
        let session = store.end_sign_in(anna, &token, opening()).await.expect("ends").expect("lets in");
        assert!(store.session(&session, morning()).await.expect("answers").is_some());
        assert!(store.end_sign_in(anna, &token, opening()).await.expect("ended before").is_none());
        assert_eq!(whose(token, morning()).await, None);
        let token = began().await;
        store.set_password(anna, "h2").await.expect("is set");
        assert_eq!(whose(token.clone(), morning()).await, None);
        assert!(store.end_sign_in(anna, &token, opening()).await.expect("answers").is_none());
    }

    async fn a_password_that_changes_while_the_old_one_is_checked_lets_nobody_in(store: Store) {
        let anna = store.add_user("a@x", "old", Role::Admin, morning()).await.expect("is added").id;
        assert!(store.sign_in(anna, "old", opening()).await.expect("answers").is_some());
        store.set_password(anna, "new").await.expect("is set");
        assert!(store.sign_in(anna, "old", opening()).await.expect("answers").is_none());
        assert!(store.open_anew(anna, "old", opening()).await.expect("answers").is_none());
        assert!(store.begin_sign_in(anna, "old", morning()).await.expect("answers").is_none());
        assert!(store.sessions(anna, None, morning()).await.expect("answers").is_empty());

        // Nor does a second factor that was set up meanwhile, or an account that was closed.
        store.begin_second_factor(anna, &"SECRET".into()).await.expect("begins");
        store.confirm_second_factor(anna, 100, &[], morning()).await.expect("acts");
        assert!(store.sign_in(anna, "new", opening()).await.expect("answers").is_none());
        let owed = store.begin_sign_in(anna, "new", morning()).await.expect("answers").expect("a code is owed");
        store.add_user("b@x", "h", Role::Admin, morning()).await.expect("is added");
        store.disable_user(anna, morning()).await.expect("is closed");
        assert!(store.end_sign_in(anna, &owed, opening()).await.expect("answers").is_none());
        assert!(store.begin_sign_in(anna, "new", morning()).await.expect("answers").is_none());
    }

    async fn of_sign_ins_that_race_a_new_password_no_session_is_left(store: Store) {
        let anna = store.add_user("a@x", "old", Role::Admin, morning()).await.expect("is added").id;
        for round in 0..20 {
            let (old, new) = (format!("{round}"), format!("{}", round + 1));
            store.set_password(anna, &old).await.expect("is set");
            let (one, two, other) = tokio::join!(
                store.sign_in(anna, &old, opening()),
                store.sign_in(anna, &old, opening()),
                store.set_password(anna, &new),
            );
            other.expect("is set");
            let _ = (one.expect("answers"), two.expect("answers"));
            assert!(store.sessions(anna, None, morning()).await.expect("answers").is_empty(), "round {round}");
        }
    }

    async fn a_session_that_nobody_uses_ends_after_a_week(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let token = store.open_session(anna, "x", morning(), Duration::days(30)).await.expect("opens");
        let day = |n| morning() + Duration::days(n);
        for used in [6, 12, 18] {
            assert!(store.session(&token, day(used)).await.expect("answers").is_some(), "day {used}");
        }
        assert!(store.session(&token, day(25)).await.expect("answers").is_none());
        assert!(store.sessions(anna, None, day(25)).await.expect("answers").is_empty());
    }

    async fn wrong_one_time_codes_are_counted_for_the_account_until_a_right_one(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let boris = store.add_user("b@x", "h", Role::Admin, morning()).await.expect("is added").id;
        let at = |minutes| morning() + Duration::minutes(minutes);
        let tried = async |id, minutes| store.take_code_try(id, at(minutes)).await.expect("answers");
        for minute in 0..10 {
            assert_eq!(tried(anna, minute).await, None);
        }
        assert_eq!(tried(anna, 10).await, Some(Duration::minutes(59)), "after ten in a row");
        assert_eq!(tried(boris, 10).await, None, "nobody else waits");
        for minute in 0..10 {
            assert_eq!(tried(anna, 69 + minute).await, None);
        }
        assert_eq!(tried(anna, 79).await, Some(Duration::minutes(119)), "twice as long");
        store.set_password(anna, "h2").await.expect("is set");
        assert_eq!(tried(anna, 80).await, None, "whoever gives a new password gives a new beginning");
        for minute in 0..8 {
            tried(anna, 81 + minute).await;
        }
        store.forget_code_tries(anna).await.expect("forgets");
        for minute in 90..100 {
            assert_eq!(tried(anna, minute).await, None, "a right code begins anew");
        }
    }

    async fn no_one_time_code_works_twice_and_no_older_one_after_it(store: Store) {
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        assert!(store.second_factor(anna).await.expect("answers").is_none());
        let codes = ["one".to_owned(), "two".to_owned()];
        assert!(matches!(
            store.confirm_second_factor(anna, 100, &codes, morning()).await,
            Err(Error::Refused("second_factor"))
        ));
        store.begin_second_factor(anna, &"SECRET".into()).await.expect("begins");
        assert!(!store.use_step(anna, 100).await.expect("does not act yet"));
        assert!(store.user(anna).await.expect("is there").second_factor_since.is_none());
        store.confirm_second_factor(anna, 100, &codes, morning()).await.expect("acts");
        assert!(matches!(
            store.begin_second_factor(anna, &"OTHER".into()).await,
            Err(Error::Refused("second_factor"))
        ));
        for (step, works) in [(100, false), (99, false), (101, true), (101, false), (103, true), (102, false)] {
            assert_eq!(store.use_step(anna, step).await.expect("answers"), works, "{step}");
        }
        assert!(store.use_recovery_code(anna, "one").await.expect("answers"));
        assert!(!store.use_recovery_code(anna, "one").await.expect("used"));
        assert!(!store.use_recovery_code(anna, "guess").await.expect("answers"));
        assert_eq!(store.second_factor(anna).await.expect("answers").expect("acts").codes_left, 1);
        store.renew_recovery_codes(anna, &["three".to_owned()]).await.expect("are renewed");
        assert!(!store.use_recovery_code(anna, "two").await.expect("replaced"));
        store.drop_second_factor(anna).await.expect("is dropped");
        assert!(store.second_factor(anna).await.expect("answers").is_none());
        assert!(!store.use_step(anna, 200).await.expect("answers"));
        assert!(!store.use_recovery_code(anna, "three").await.expect("gone"));
    }

    async fn the_secret_of_a_second_factor_and_its_codes_are_not_in_the_tables(database: Arc<TestDatabase>) {
        let store = &database.store;
        let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
        store.begin_second_factor(anna, &"GEZDGNBVGY3TQOJQ".into()).await.expect("begins");
        store.confirm_second_factor(anna, 1, &["abcdefgh".to_owned()], morning()).await.expect("acts");
        let tables = database.tables().await;
        for (sql, plain) in [
            ("SELECT factor_secret AS kept FROM users", "GEZDGNBVGY3TQOJQ"),
            ("SELECT code_hash AS kept FROM recovery_codes", "abcdefgh"),
        ] {
            let statement = Statement::from_string(tables.get_database_backend(), sql);
            let row = tables.query_one_raw(statement).await.expect("answers").expect("a row");
            let kept: Vec<u8> = row.try_get("", "kept").expect("a blob");
            assert!(kept.len() >= 32 && !kept.windows(8).any(|part| plain.as_bytes().starts_with(part)));
        }
        tables.close().await.expect("ends");
    }

    async fn a_token_opens_nothing_once_its_time_is_over(store: Store) {
        let end = morning() + Duration::days(30);
        let made = store.add_token_until("1С", Role::Viewer, Some(end), morning()).await.expect("is made");
        assert_eq!(made.0.expires_at, Some(end));
        let opens = |at| {
            let (store, secret) = (store.clone(), made.1.clone());
            async move { store.token(&secret, at).await.expect("answers").is_some() }
        };
        assert!(opens(end - Duration::seconds(1)).await);
        assert!(!opens(end).await);
        assert_eq!(store.tokens().await.expect("answers").len(), 1, "it is still listed");
    }
}
