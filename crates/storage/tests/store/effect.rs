//! What a change of the settings does to what is stored: counted without a trace, and carried out when asked for.

use chrono::Duration;
use domain::by_hand::Act;
use domain::history::{Actor, Reason};
use domain::{CabinetId, Field, SkipReason, StatusId};
use serde_json::json;
use storage::effect::Effect;
use storage::postings::PostingFilter;
use storage::settings::ApplyError;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

fn anna() -> Actor {
    Actor::Token { name: "anna".to_owned() }
}

async fn status(store: &Store, name: &str) -> StatusId {
    let all = store.statuses().await.expect("answers");
    all.iter().find(|s| s.name == name).expect("it exists on install").id
}

/// So many postings in a status, numbered from one; of two warehouses, and several of the same time.
async fn many(store: &Store, cabinet: CabinetId, order: &str, count: i64, status: &str) {
    let one = |n: i64| {
        let mut told = posting(&format!("{order}-{n}"), status);
        told.details.warehouse_id = Some(if n % 4 == 0 { 1 } else { 2 });
        told.details.in_process_at = Some(morning() - Duration::minutes(n / 9));
        shown(&told)
    };
    take(store, &page(cabinet, 1, (1..=count).map(one).collect())).await;
}

async fn preview(store: &Store, cabinet: CabinetId, patch: &serde_json::Value) -> Effect {
    store.preview_settings(cabinet, patch, morning()).await.expect("answers")
}

async fn apply(store: &Store, cabinet: CabinetId, since: u32) -> Effect {
    store.apply_settings_to_existing(cabinet, since, &anna(), morning()).await.expect("is done")
}

testkit::on_both_databases! {
    async fn a_changed_row_of_the_map_moves_the_orders_that_it_put_there_in_many_chunks(store: Store) {
        let id = cabinet(&store).await;
        let other = store.add_cabinet(new_cabinet("Мастерская", "200"), morning(), "test").await.expect("is added").id;
        many(&store, id, "1-1", 450, "awaiting_packaging").await;
        many(&store, other, "2-2", 3, "awaiting_packaging").await;
        let (new, work) = (status(&store, "Новый").await, status(&store, "В обработке").await);
        let by_hand = order(&store, id, "1-1-7").await.id;
        for to in [work, new] {
            store.act_on_order(by_hand, Act::SetStatus(to), &anna(), morning()).await.expect("moves");
        }
        let patch = json!({"status_map": {"awaiting_packaging": work}});
        let told = preview(&store, id, &patch).await;
        assert_eq!(told.moved, [((new, work), 449)].into());
        assert_eq!((told.version, told.orders, told.moved_total(), told.paid), (1, 449, 449, 0));
        assert_eq!((told.pushes, told.letters), (0, 0));
        assert_eq!(store.settings(id).await.expect("answers").version, 1, "nothing is saved");
        assert!(all_orders(&store).await.iter().all(|o| o.status_id == new), "nothing is moved");

        set(&store, id, patch).await;
        let done = apply(&store, id, 1).await;
        assert_eq!(done, Effect { version: 2, ..told });
        let moved = order(&store, id, "1-1-450").await;
        assert_eq!(moved.status_id, work);
        assert_eq!(order(&store, id, "1-1-7").await.status_id, new, "a person set it");
        assert_eq!(order(&store, other, "2-2-1").await.status_id, new, "another cabinet's");
        let history = store.history(moved.id, &PageAsk::first(9)).await.expect("answers").items;
        let last = history.last().expect("it was moved");
        assert_eq!((last.field, last.actor.clone()), (Field::Status, anna()));
        assert_eq!(last.reason, Reason::SettingsChanged { key: "status_map.awaiting_packaging".to_owned() });
        assert!(apply(&store, id, 1).await.is_empty(), "what was moved is not moved again");
    }

    async fn rows_that_change_places_move_each_order_once(store: Store) {
        let id = cabinet(&store).await;
        let (new, work) = (status(&store, "Новый").await, status(&store, "В обработке").await);
        set(&store, id, json!({"status_map": {"awaiting_approve": work}})).await;
        many(&store, id, "1-1", 3, "awaiting_packaging").await;
        many(&store, id, "1-2", 2, "awaiting_approve").await;
        let patch = json!({"status_map": {"awaiting_approve": new, "awaiting_packaging": work}});
        let told = preview(&store, id, &patch).await;
        assert_eq!(told.moved, [((new, work), 3), ((work, new), 2)].into());
        set(&store, id, patch).await;
        assert_eq!(apply(&store, id, 2).await.moved, told.moved);
        assert_eq!(order(&store, id, "1-1-1").await.status_id, work);
        assert_eq!(order(&store, id, "1-2-1").await.status_id, new);
    }

    async fn switched_on_rows_mark_as_paid_and_fill_barcodes_in(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, json!({"mark_paid_when_delivered": false, "load_barcode": false})).await;
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.details.upper_barcode = Some("%101%".to_owned());
        one(&store, id, 1, &told).await;
        one(&store, id, 1, &posting("1-1-2", "awaiting_packaging")).await;
        told.status = "delivered".into();
        one(&store, id, 2, &told).await;
        let both = json!({"mark_paid_when_delivered": true, "load_barcode": true});
        let effect = preview(&store, id, &both).await;
        assert_eq!((effect.moved_total(), effect.paid, effect.barcodes), (0, 1, 1));
        assert_eq!(effect.orders, 1, "an order under two heads is one order");
        assert!(!order(&store, id, "1-1-1").await.paid);
        set(&store, id, both).await;
        let done = apply(&store, id, 2).await;
        assert_eq!((done.orders, done.paid, done.barcodes), (1, 1, 1));
        let paid = order(&store, id, "1-1-1").await;
        assert_eq!((paid.paid, paid.paid_at, paid.barcodes.upper.as_deref()), (true, Some(morning()), Some("%101%")));
        assert!(!order(&store, id, "1-1-2").await.paid);
        assert!(apply(&store, id, 2).await.is_empty());
    }

    async fn rules_of_postings_make_orders_of_what_is_stored_by_day(store: Store) {
        let id = cabinet(&store).await;
        many(&store, id, "1-1", 3, "awaiting_deliver").await;
        let mut old = posting("1-2-1", "awaiting_deliver");
        old.details.in_process_at = Some(morning() - Duration::days(90));
        one(&store, id, 1, &old).await;
        let day = morning().date_naive();
        let on = also_awaiting_deliver();
        assert_eq!(preview(&store, id, &on).await.made.orders, [(Some(day), 3)].into());
        let further = json!({"also_awaiting_deliver": true, "load_from": "2026-01-01"});
        let told = preview(&store, id, &further).await;
        assert_eq!((told.made.total(), told.made.orders.len()), (4, 2));
        assert!(all_orders(&store).await.is_empty());

        set(&store, id, on).await;
        assert_eq!(store.preview_existing(id, 1, morning()).await.expect("answers").made.total(), 3);
        // The version in force asks about postings alone.
        assert_eq!(store.preview_existing(id, 2, morning()).await.expect("answers").made.total(), 3);
        assert_eq!(apply(&store, id, 1).await.made.orders, [(Some(day), 3)].into());
        assert_eq!(all_orders(&store).await.len(), 3);
        let left = PostingFilter { skipped_because: Some(SkipReason::OlderThanLoadFrom), ..PostingFilter::default() };
        // It still says what kept it out before: nobody has looked at it since.
        assert!(store.postings(&left, &PageAsk::first(9)).await.expect("answers").items.is_empty());
        assert!(apply(&store, id, 2).await.is_empty());
    }

    async fn a_change_that_concerns_new_orders_alone_has_no_effect_and_a_wrong_one_says_so(store: Store) {
        let id = cabinet(&store).await;
        many(&store, id, "1-1", 2, "awaiting_packaging").await;
        many(&store, id, "1-2", 2, "awaiting_deliver").await;
        let patch = json!({"order_date": "imported", "posting_number_to": "customer_name", "load_barcode": false});
        assert!(preview(&store, id, &patch).await.is_empty());
        let wrong = store.preview_settings(id, &json!({"source_id": 999}), morning()).await;
        assert!(matches!(wrong, Err(ApplyError::Faults(faults)) if faults[0].key == "source_id"));
        assert!(matches!(store.preview_existing(id, 9, morning()).await, Err(Error::NotFound)));
    }

    async fn a_change_is_saved_only_over_the_version_that_it_was_decided_upon(store: Store) {
        let id = cabinet(&store).await;
        let first = json!({"order_date": "imported"});
        let saved = store.apply_settings_over(id, 1, &first, "anna", morning()).await.expect("is saved");
        assert_eq!(saved.version, 2);
        let late = store.apply_settings_over(id, 1, &also_awaiting_deliver(), "boris", morning()).await;
        assert!(matches!(late, Err(ApplyError::Store(Error::Refused("settings_changed")))));
        assert!(!store.settings(id).await.expect("answers").settings.also_awaiting_deliver);
    }
}
