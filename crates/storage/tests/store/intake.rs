//! The one way in: creating, following, skipping, and what is remembered.

use chrono::Duration;
use domain::history::Reason;
use domain::{Field, SkipReason};
use serde_json::json;
use storage::intake::{Became, ShownBy};
use storage::postings::PostingFilter;
use storage::{PageAsk, Store};

use crate::fixture::*;

async fn stored(store: &Store) -> Vec<storage::postings::StoredPosting> {
    let filter = PostingFilter { archive: true, ..PostingFilter::default() };
    store.postings(&filter, &PageAsk::first(200)).await.expect("answers").items
}

testkit::on_both_databases! {
    async fn a_posting_becomes_an_order_that_reads_back_whole(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting("0105-0854-1", "awaiting_packaging");
        told.customer = buyer(42, "Семён Ёлкин");
        told.products.push(product("CUP", 1, 12_345));
        told.products[1].customer_price = domain::Currency::parse("BYN").map(|currency| domain::Money { minor: 399, currency });
        told.details.upper_barcode = Some("%101%".to_owned());
        told.details.multi_box_qty = Some(2);
        told.details.parent = domain::PostingNumber::new("0105-0854-0").ok();
        assert_eq!(one(&store, id, 1, &told).await, Became::Created);

        let order = order(&store, id, "0105-0854-1").await;
        assert_eq!(order.number, "0105-0854-1");
        assert_eq!(order.total.minor, 2 * 49_900 + 12_345);
        assert_eq!(order.lines[1].customer_price, told.products[1].customer_price);
        assert_eq!(order.barcodes.upper.as_deref(), Some("%101%"));
        assert_eq!((order.boxes, order.parent.clone()), (2, told.details.parent.clone()));
        assert_eq!(order.placed_at, Some(morning()));
        assert_eq!(store.order(order.id).await.expect("is there"), order);
        let facts = store.facts_of(&[order.id]).await.expect("answers");
        assert_eq!(facts[&order.id], told);
        let history = store.history(order.id, &PageAsk::first(9)).await.expect("answers").items;
        assert_eq!(history[0].reason, Reason::FirstSeen { ozon_status: "awaiting_packaging".to_owned() });
        assert_eq!(history[0].ozon_at, Some(morning()));
        let customer = store.customer(order.customer_id).await.expect("is there");
        assert_eq!((customer.name.as_str(), customer.ozon_customer_id), ("Семён Ёлкин", Some(42)));
    }

    async fn the_same_page_twice_changes_nothing_but_its_freshness(store: Store) {
        let id = cabinet(&store).await;
        let postings = || vec![
            shown(&posting("1-1-1", "awaiting_packaging")),
            shown(&posting("1-1-2", "delivering")),
            unreadable("1-1-3"),
        ];
        let first = take(&store, &page(id, 1, postings())).await;
        assert_eq!(first.iter().map(|(_, b)| *b).collect::<Vec<_>>(), [Became::Created, Became::Skipped, Became::Failed]);
        let order = order(&store, id, "1-1-1").await;
        let again = take(&store, &page(id, 9, postings())).await;
        assert_eq!(again.iter().map(|(_, b)| *b).collect::<Vec<_>>(), [Became::Unchanged, Became::Skipped, Became::Failed]);
        assert_eq!(store.order(order.id).await.expect("is there"), order);
        let history = store.history(order.id, &PageAsk::first(9)).await.expect("answers").items;
        assert_eq!(history.len(), 2);
        assert!(stored(&store).await.iter().all(|p| p.read_at == morning() + Duration::seconds(9)));
    }

    async fn a_changed_posting_updates_its_order_and_the_same_facts_in_other_words_do_not(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let mut arrival = page(id, 2, vec![shown(&posting("1-1-1", "awaiting_packaging"))]);
        arrival.shown_by = ShownBy::Get;
        arrival.postings[0].raw.push(' ');
        assert_eq!(take(&store, &arrival).await[0].1, Became::Unchanged);
        assert_eq!(one(&store, id, 3, &posting("1-1-1", "awaiting_deliver")).await, Became::Updated);
        assert_eq!(order(&store, id, "1-1-1").await.ozon_status.code(), "awaiting_deliver");
    }

    async fn an_older_answer_is_stale_and_changes_nothing(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 10, &posting("1-1-1", "awaiting_packaging")).await;
        one(&store, id, 20, &posting("1-1-1", "awaiting_deliver")).await;
        let before = order(&store, id, "1-1-1").await;
        assert_eq!(one(&store, id, 15, &posting("1-1-1", "cancelled")).await, Became::Stale);
        assert_eq!(one(&store, id, 10, &posting("1-1-1", "awaiting_packaging")).await, Became::Stale);
        assert_eq!(order(&store, id, "1-1-1").await, before);
        let row = &stored(&store).await[0];
        assert_eq!((row.ozon_status.as_str(), row.read_at), ("awaiting_deliver", morning() + Duration::seconds(20)));
    }

    async fn of_a_posting_twice_on_one_page_the_last_counts(store: Store) {
        let id = cabinet(&store).await;
        let twice = vec![shown(&posting("1-1-1", "delivering")), shown(&posting("1-1-1", "awaiting_packaging"))];
        let became = take(&store, &page(id, 1, twice)).await;
        assert_eq!(became, [("1-1-1".to_owned(), Became::Created)]);
        assert_eq!(stored(&store).await.len(), 1);
    }

    async fn a_rehearsal_tells_what_would_be_and_changes_nothing(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.customer = buyer(1, "Анна");
        let arrival = page(id, 1, vec![shown(&told), shown(&posting("1-1-2", "odd")), unreadable("1-1-3")]);
        for _ in 0..2 {
            let mut would = store.take_in(&arrival, morning(), true).await.expect("answers");
            would.sort();
            let would: Vec<_> = would.into_iter().map(|(_, became)| became).collect();
            assert_eq!(would, [Became::Created, Became::Skipped, Became::Failed]);
        }
        assert!(all_orders(&store).await.is_empty());
        assert!(stored(&store).await.is_empty());
        assert!(store.unknown_codes(id).await.expect("answers").is_empty());
        assert_eq!(store.customers(None, &PageAsk::first(9)).await.expect("answers").items.len(), 1);
    }

    async fn every_posting_has_an_order_or_says_why_not(store: Store) {
        let id = cabinet(&store).await;
        let mut old = posting("1-1-5", "delivered");
        old.details.in_process_at = Some(utc("2025-01-01T00:00:00Z"));
        take(&store, &page(id, 1, vec![
            shown(&posting("1-1-1", "awaiting_packaging")),
            shown(&posting("1-1-2", "awaiting_deliver")),
            shown(&posting("1-1-3", "delivering")),
            shown(&posting("1-1-4", "teleported")),
            shown(&old),
            unreadable("1-1-6"),
        ])).await;
        let mut rows = stored(&store).await;
        rows.sort_by(|a, b| a.posting_number.cmp(&b.posting_number));
        let why: Vec<_> = rows.iter().map(|row| row.skipped_because).collect();
        assert_eq!(why, [
            None,
            Some(SkipReason::AlsoAwaitingDeliverOff),
            Some(SkipReason::FirstSeenTooLate),
            Some(SkipReason::UnknownStatus),
            Some(SkipReason::Archive),
            Some(SkipReason::Undecodable),
        ]);
        assert!(rows.iter().all(|row| row.order_id.is_some() != row.skipped_because.is_some()));
        assert_eq!(store.unknown_codes(id).await.expect("answers"), ["teleported"]);
        assert_eq!(store.postings_without_order_count(Some(id)).await.expect("answers"), 4, "the archive apart");
        assert_eq!(store.postings_without_order_count(None).await.expect("answers"), 4);
        let wanted = store.postings_to_look_at_count().await.expect("answers");
        assert_eq!(wanted, 2, "what could not be read and what is not known");
    }

    async fn a_setting_switched_on_makes_an_order_of_a_posting_that_is_shown_again_unchanged(store: Store) {
        let id = cabinet(&store).await;
        let told = posting("1-1-1", "awaiting_deliver");
        assert_eq!(one(&store, id, 1, &told).await, Became::Skipped);
        assert_eq!(one(&store, id, 2, &told).await, Became::Skipped);
        set(&store, id, also_awaiting_deliver()).await;
        assert_eq!(one(&store, id, 3, &told).await, Became::Created);
        assert_eq!(stored(&store).await[0].skipped_because, None);
    }

    async fn a_posting_that_a_setting_kept_out_still_says_so_when_it_has_moved_on(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_deliver")).await;
        one(&store, id, 2, &posting("1-1-1", "delivering")).await;
        one(&store, id, 3, &posting("1-1-1", "delivering")).await;
        assert_eq!(stored(&store).await[0].skipped_because, Some(SkipReason::AlsoAwaitingDeliverOff));
    }

    async fn customers_are_merged_only_by_ozons_id_within_a_cabinet(store: Store) {
        let (one_id, other_id) = (cabinet(&store).await, {
            store.add_cabinet(new_cabinet("Дача", "200"), morning(), "test").await.expect("is added").id
        });
        let bought = |number: &str, customer| {
            let mut told = posting(number, "awaiting_packaging");
            told.customer = customer;
            shown(&told)
        };
        take(&store, &page(one_id, 1, vec![bought("1-1-1", buyer(1, "Анна")), bought("1-1-2", buyer(2, "Анна"))])).await;
        take(&store, &page(one_id, 2, vec![bought("1-1-3", buyer(1, "Анна П.")), bought("1-1-4", None)])).await;
        take(&store, &page(other_id, 3, vec![bought("1-1-5", buyer(1, "Анна"))])).await;
        let of = |cabinet, number: &'static str| {
            let store = store.clone();
            async move { order(&store, cabinet, number).await.customer_id }
        };
        let first = of(one_id, "1-1-1").await;
        assert_eq!(of(one_id, "1-1-3").await, first);
        assert_ne!(of(one_id, "1-1-2").await, first, "a namesake with the same phone is another");
        assert_ne!(of(other_id, "1-1-5").await, first, "another cabinet's customer is another");
        let nobody = store.customer(of(one_id, "1-1-4").await).await.expect("is there");
        assert_eq!(nobody.name, "Покупатель Ozon");
        assert_eq!(store.customer(first).await.expect("is there").name, "Анна", "as first named");
    }

    async fn a_customer_named_later_is_bound_then(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting("1-1-1", "awaiting_packaging");
        one(&store, id, 1, &told).await;
        told.customer = buyer(7, "Анна");
        assert_eq!(one(&store, id, 2, &told).await, Became::Updated);
        let order = order(&store, id, "1-1-1").await;
        assert_eq!(store.customer(order.customer_id).await.expect("is there").ozon_customer_id, Some(7));
        assert_eq!(order.customer_name, "Анна");
    }

    async fn a_status_after_a_final_cancellation_is_noted_once_and_changes_nothing(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        one(&store, id, 2, &posting("1-1-1", "cancelled")).await;
        let before = order(&store, id, "1-1-1").await;
        let mut revived = posting("1-1-1", "delivering");
        assert_eq!(one(&store, id, 3, &revived).await, Became::Updated);
        assert_eq!(one(&store, id, 4, &revived).await, Became::Unchanged);
        revived.details.carrier = Some("other words".to_owned());
        assert_eq!(one(&store, id, 5, &revived).await, Became::Unchanged);
        assert_eq!(order(&store, id, "1-1-1").await, before);
        let history = store.history(before.id, &PageAsk::first(50)).await.expect("answers").items;
        assert_eq!(history.iter().filter(|e| e.reason == Reason::AfterCancellation).count(), 1);
    }

    async fn lines_that_change_are_stored_with_what_was_cancelled(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.products = vec![product("A", 2, 100), product("B", 1, 50), product("A", 1, 90)];
        one(&store, id, 1, &told).await;
        told.products = vec![product("B", 1, 50), product("A", 1, 90)];
        told.related = Some(Vec::new());
        assert_eq!(one(&store, id, 2, &told).await, Became::Updated);
        let order = order(&store, id, "1-1-1").await;
        let lines: Vec<_> = order.lines.iter().map(|l| (l.offer_id.as_str(), l.quantity, l.cancelled)).collect();
        assert_eq!(lines, [("B", 1, 0), ("A", 1, 0), ("A", 0, 2)]);
        assert_eq!(order.total.minor, 140);
        let history = store.history(order.id, &PageAsk::first(50)).await.expect("answers").items;
        assert_eq!(history.iter().filter(|e| e.field == Field::Lines).count(), 1);
    }

    async fn ozons_own_words_come_back_as_they_came_for_each_method(store: Store) {
        let id = cabinet(&store).await;
        let words = r#"{"posting_number":"1-1-1","name":"Кружка \u0000 «Ё» 😀","x":[1,2]}"#;
        let mut arrival = page(id, 1, vec![shown(&posting("1-1-1", "awaiting_packaging"))]);
        arrival.postings[0].raw = words.to_owned();
        take(&store, &arrival).await;
        let mut by_get = page(id, 2, vec![shown(&posting("1-1-1", "awaiting_packaging"))]);
        by_get.shown_by = ShownBy::Get;
        by_get.postings[0].raw = "{}".to_owned();
        take(&store, &by_get).await;
        let row = stored(&store).await.remove(0);
        let raw = store.raw_posting(row.id).await.expect("is there");
        assert_eq!((raw.list.as_deref(), raw.get.as_deref()), (Some(words), Some("{}")));
        let facts = store.posting_facts(row.id).await.expect("answers").expect("was read");
        assert_eq!(facts, posting("1-1-1", "awaiting_packaging"));
    }

    async fn a_page_of_a_cabinet_that_does_not_exist_is_refused(store: Store) {
        let arrival = page(domain::CabinetId(99), 1, vec![shown(&posting("1-1-1", "awaiting_packaging"))]);
        assert!(matches!(store.take_in(&arrival, morning(), false).await, Err(storage::Error::NotFound)));
    }

    async fn a_page_of_a_thousand_postings_is_taken_in_whole(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, json!({"posting_number_to": "customer_name"})).await;
        let many = |status: &str| {
            let one = |n| {
                let mut told = posting(&format!("77-77-{n}"), status);
                told.customer = buyer(n, "Анна");
                shown(&told)
            };
            (0..1000).map(one).collect::<Vec<_>>()
        };
        let became = take(&store, &page(id, 1, many("awaiting_packaging"))).await;
        assert!(became.len() == 1000 && became.iter().all(|(_, b)| *b == Became::Created));
        let became = take(&store, &page(id, 2, many("awaiting_packaging"))).await;
        assert!(became.iter().all(|(_, b)| *b == Became::Unchanged));
    }
}
