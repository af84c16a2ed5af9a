//! Several writers at once: nothing is lost, nothing doubled.

use chrono::Duration;
use domain::by_hand::Act;
use domain::history::Actor;
use serde_json::json;
use storage::Store;
use storage::intake::Became;

use crate::fixture::*;

testkit::on_both_databases! {
    async fn writers_at_once_lose_nothing(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 0, &posting("1-1-1", "awaiting_packaging")).await;
        let order = order(&store, id, "1-1-1").await.id;
        let writers: Vec<_> = (0..24)
            .map(|writer: i64| {
                let store = store.clone();
                tokio::spawn(async move {
                    let now = morning() + Duration::seconds(writer);
                    let act = Act::SetComment(format!("comment {writer}"));
                    store.act_on_order(order, act, &Actor::Command, now).await.expect("is done");
                    let arrived = shown(&posting(&format!("2-2-{writer}"), "awaiting_packaging"));
                    store.take_in(&page(id, writer, vec![arrived]), now, false).await.expect("is taken in");
                })
            })
            .collect();
        for writer in writers {
            writer.await.expect("ends");
        }
        assert_eq!(all_orders(&store).await.len(), 25);
        let history = store.history(order, &storage::PageAsk::first(200)).await.expect("answers").items;
        let comments: Vec<_> = history.iter().filter(|e| e.field == domain::Field::AdminComment).collect();
        assert_eq!(comments.len(), 24);
        // Each saw what the one before it wrote.
        for pair in comments.windows(2) {
            assert_eq!(pair[0].new, pair[1].old);
        }
    }

    async fn the_same_page_taken_in_by_many_at_once_makes_each_order_once(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, json!({"posting_number_to": "customer_name"})).await;
        let mut postings = Vec::new();
        for n in 0..20 {
            let mut bought = posting(&format!("3-3-{n}"), "awaiting_packaging");
            bought.customer = buyer(n % 3, "Анна");
            postings.push(shown(&bought));
        }
        let writers: Vec<_> = (0..6)
            .map(|_| {
                let (store, arrival) = (store.clone(), page(id, 1, postings.clone()));
                tokio::spawn(async move { store.take_in(&arrival, morning(), false).await.expect("is taken in") })
            })
            .collect();
        let mut created = 0;
        for writer in writers {
            let became = writer.await.expect("ends");
            created += became.iter().filter(|(_, b)| *b == Became::Created).count();
        }
        assert_eq!(created, 20);
        let orders = all_orders(&store).await;
        let mut numbers: Vec<_> = orders.iter().map(|o| o.number.parse::<i64>().expect("a number")).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 20);
        let customers: std::collections::BTreeSet<_> = orders.iter().map(|o| o.customer_id).collect();
        assert_eq!(customers.len(), 3);
    }
}
