//! Postings that cannot be read, and orders made by hand.

use domain::history::Actor;
use domain::{Field, SkipReason};
use storage::intake::Became;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

async fn row(store: &Store, number: &str) -> storage::postings::StoredPosting {
    store.postings_numbered(number).await.expect("answers").remove(0)
}

testkit::on_both_databases! {
    async fn an_unreadable_posting_is_kept_as_it_came_and_recovers(store: Store) {
        let id = cabinet(&store).await;
        let readable = shown(&posting("1-1-2", "awaiting_packaging"));
        let became = take(&store, &page(id, 1, vec![unreadable("1-1-1"), readable])).await;
        assert_eq!(became[0].1, Became::Failed);
        assert_eq!(became[1].1, Became::Created, "it does not stop the page");
        let kept = row(&store, "1-1-1").await;
        assert_eq!(kept.skipped_because, Some(SkipReason::Undecodable));
        assert_eq!(kept.undecodable.as_deref(), Some("status: expected a text"));
        assert!(store.raw_posting(kept.id).await.expect("is there").list.expect("kept").contains("\"status\":7"));
        assert_eq!(store.posting_facts(kept.id).await.expect("answers"), None);

        assert_eq!(one(&store, id, 2, &posting("1-1-1", "awaiting_packaging")).await, Became::Created);
        let recovered = row(&store, "1-1-1").await;
        assert_eq!((recovered.undecodable, recovered.skipped_because), (None, None));
        assert_eq!(recovered.first_seen_at, kept.first_seen_at);
    }

    async fn an_unreadable_answer_leaves_the_order_and_what_was_known(store: Store) {
        let id = cabinet(&store).await;
        let told = posting("1-1-1", "awaiting_packaging");
        one(&store, id, 1, &told).await;
        let before = order(&store, id, "1-1-1").await;
        assert_eq!(take(&store, &page(id, 2, vec![unreadable("1-1-1")])).await[0].1, Became::Failed);
        assert_eq!(take(&store, &page(id, 3, vec![unreadable("1-1-1")])).await[0].1, Became::Failed);
        assert_eq!(order(&store, id, "1-1-1").await, before);
        let kept = row(&store, "1-1-1").await;
        assert_eq!((kept.order_id, kept.skipped_because), (Some(before.id), None));
        assert!(kept.undecodable.is_some());
        assert_eq!(store.posting_facts(kept.id).await.expect("answers").as_ref(), Some(&told));
        // Word for word what it said before the quarantine.
        assert_eq!(one(&store, id, 4, &told).await, Became::Unchanged);
        assert_eq!(row(&store, "1-1-1").await.undecodable, None);
        assert_eq!(one(&store, id, 5, &posting("1-1-1", "awaiting_deliver")).await, Became::Updated);
    }

    async fn a_skipped_posting_keeps_its_facts_through_quarantine_and_its_reason_comes_back(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "delivering")).await;
        take(&store, &page(id, 2, vec![unreadable("1-1-1")])).await;
        assert_eq!(row(&store, "1-1-1").await.skipped_because, Some(SkipReason::Undecodable));
        assert_eq!(one(&store, id, 3, &posting("1-1-1", "delivering")).await, Became::Skipped);
        assert_eq!(row(&store, "1-1-1").await.skipped_because, Some(SkipReason::FirstSeenTooLate));
    }

    async fn an_order_is_made_by_hand_once(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "delivering")).await;
        let stored = row(&store, "1-1-1").await;
        let actor = Actor::Token { name: "1С".to_owned() };
        let made = store.create_order(stored.id, &actor, morning()).await.expect("is made");
        assert_eq!(store.create_order(stored.id, &actor, morning()).await.expect("is there"), made);
        let after = row(&store, "1-1-1").await;
        assert_eq!((after.order_id, after.skipped_because), (Some(made), None));
        let history = store.history(made, &PageAsk::first(9)).await.expect("answers").items;
        assert_eq!((history[0].field, &history[0].actor), (Field::Created, &actor));
        // It follows Ozon from then on.
        assert_eq!(one(&store, id, 2, &posting("1-1-1", "delivered")).await, Became::Updated);
        assert!(store.order(made).await.expect("is there").paid);
    }

    async fn many_who_ask_at_once_for_an_order_by_hand_get_the_same_one(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "delivering")).await;
        let stored = row(&store, "1-1-1").await.id;
        let askers: Vec<_> = (0..6)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.create_order(stored, &Actor::Command, morning()).await })
            })
            .collect();
        let mut made = std::collections::BTreeSet::new();
        for asker in askers {
            made.insert(asker.await.expect("ends").expect("is made"));
        }
        assert_eq!((made.len(), all_orders(&store).await.len()), (1, 1));
    }

    async fn no_order_is_made_of_what_could_never_be_read(store: Store) {
        let id = cabinet(&store).await;
        take(&store, &page(id, 1, vec![unreadable("1-1-1")])).await;
        let stored = row(&store, "1-1-1").await.id;
        let refused = store.create_order(stored, &Actor::Command, morning()).await;
        assert!(matches!(refused, Err(Error::Refused("undecodable"))));
        let missing = store.create_order(999, &Actor::Command, morning()).await;
        assert!(matches!(missing, Err(Error::NotFound)));
    }
}
