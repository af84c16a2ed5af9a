//! Versions of settings.

use domain::CustomerId;
use serde_json::json;
use storage::settings::ApplyError;
use storage::{PageAsk, Store};

use crate::fixture::*;

testkit::on_both_databases! {
    async fn every_change_of_settings_is_a_version_with_who_and_when(store: Store) {
        let id = cabinet(&store).await;
        let later = utc("2026-11-23T12:00:00Z");
        let patch = json!({"also_awaiting_deliver": true, "schedule": {"every": {"hours": 2}}});
        let second = store.apply_settings(id, &patch, "anna", later).await.expect("right");
        assert_eq!((second.version, second.changed_by.as_str(), second.changed_at), (2, "anna", later));
        let same = store.apply_settings(id, &patch, "anna", later).await.expect("right");
        assert_eq!(same.version, 2, "a change that changes nothing makes no version");
        let versions = store.settings_versions(id).await.expect("answers");
        assert_eq!(versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
        assert!(!versions[1].settings.also_awaiting_deliver);
        assert_eq!(store.settings(id).await.expect("answers").settings, versions[0].settings);
    }

    async fn a_wrong_change_of_settings_changes_nothing_and_names_every_key(store: Store) {
        let id = cabinet(&store).await;
        let patch = json!({"also_awaiting_deliver": true, "source_id": 999, "customer_id": 999});
        let Err(ApplyError::Faults(faults)) = store.apply_settings(id, &patch, "anna", morning()).await else {
            panic!("the change was taken")
        };
        let keys: Vec<&str> = faults.iter().map(|fault| fault.key.as_str()).collect();
        assert_eq!(keys, ["customer_id", "source_id"]);
        assert_eq!(store.settings(id).await.expect("answers").version, 1);
    }

    async fn settings_may_name_an_existing_customer_and_a_code_that_was_seen(store: Store) {
        let id = cabinet(&store).await;
        let customer = store.save_customer(None, storage::lists::CustomerDraft::default(), morning()).await;
        let customer = customer.expect("is saved").id;
        set(&store, id, json!({"customer_id": customer})).await;
        assert_eq!(store.settings(id).await.expect("answers").settings.customer_id, Some(customer));
        assert_ne!(customer, CustomerId(0));

        let row = json!({"status_map": {"teleported": null}});
        assert!(store.apply_settings(id, &row, "anna", morning()).await.is_err());
        one(&store, id, 1, &posting("1-1-1", "teleported")).await;
        assert_eq!(store.unknown_codes(id).await.expect("answers"), ["teleported"]);
        set(&store, id, row).await;
    }

    async fn versions_are_paged_each_beside_the_one_before_it(store: Store) {
        let id = cabinet(&store).await;
        for minutes in 6..=9 {
            set(&store, id, json!({"schedule": {"every": {"minutes": minutes}}})).await;
        }
        let pairs = |steps: &[storage::settings::SettingsStep]| {
            let pair = |s: &storage::settings::SettingsStep| {
                (s.version.version, s.before.as_ref().map(|before| before.version))
            };
            steps.iter().map(pair).collect::<Vec<_>>()
        };
        let first = store.settings_history(id, &PageAsk::first(3)).await.expect("answers");
        assert_eq!(pairs(&first.items), [(5, Some(4)), (4, Some(3)), (3, Some(2))]);
        let ask = PageAsk { limit: 3, cursor: first.next };
        let second = store.settings_history(id, &ask).await.expect("answers");
        assert_eq!(pairs(&second.items), [(2, Some(1)), (1, None)]);
        assert!(second.next.is_none());
        let exactly = store.settings_history(id, &PageAsk::first(5)).await.expect("answers");
        assert!(exactly.next.is_none() && exactly.items.len() == 5);

        let step = store.settings_step(id, 3).await.expect("answers");
        assert_eq!((step.version.version, step.before.map(|b| b.version)), (3, Some(2)));
        assert!(store.settings_step(id, 1).await.expect("answers").before.is_none());
        assert!(matches!(store.settings_step(id, 6).await, Err(storage::Error::NotFound)));
    }
}
