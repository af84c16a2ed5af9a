//! What changed lately, and what of it a list shows.

use domain::OrderId;
use domain::by_hand::Act;
use domain::history::Actor;
use storage::changes::Follower;
use storage::orders::{OrderFilter, OrderSort};
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

/// Takes in so many orders, each of a later hour than the one before.
async fn some(store: &Store, count: i64) -> domain::CabinetId {
    let id = cabinet(store).await;
    let one = |n: i64| {
        let mut told = posting(&format!("7-7-{n}"), "awaiting_packaging");
        told.details.in_process_at = Some(morning() + chrono::Duration::hours(n));
        shown(&told)
    };
    take(store, &page(id, 1, (0..count).map(one).collect())).await;
    id
}

async fn comment(store: &Store, id: OrderId, text: &str) {
    let act = Act::SetComment(text.to_owned());
    store.act_on_order(id, act, &Actor::Command, morning()).await.expect("is done");
}

testkit::on_both_databases! {
    async fn every_change_of_an_order_is_told_after_the_last_one_that_was_known(store: Store) {
        assert_eq!(store.last_change().await.expect("answers"), 0);
        let id = some(&store, 2).await;
        let first = order(&store, id, "7-7-0").await.id;
        let told = store.changes_since(0, 500).await.expect("answers");
        assert!(told.is_sorted_by_key(|change| change.id));
        let created: Vec<OrderId> = told.iter().filter(|change| change.created).map(|change| change.order).collect();
        assert_eq!(created.len(), 2);
        let last = store.last_change().await.expect("answers");
        assert_eq!(told.last().map(|change| change.id), Some(last));

        assert!(store.changes_since(last, 500).await.expect("answers").is_empty());
        comment(&store, first, "Ё").await;
        let told = store.changes_since(last, 500).await.expect("answers");
        assert_eq!(told.iter().map(|change| (change.order, change.created)).collect::<Vec<_>>(), [(first, false)]);
        assert_eq!(store.changes_since(0, 1).await.expect("answers").len(), 1);
    }

    async fn a_follower_tells_what_another_process_did_and_nothing_twice(database: std::sync::Arc<testkit::TestDatabase>) {
        let store = database.store.clone();
        let id = some(&store, 3).await;
        let first = order(&store, id, "7-7-0").await.id;
        let mut follower = Follower::begin(&store, i64::MAX).await.expect("begins");
        assert!(follower.look(&store).await.expect("looks").0.is_empty(), "what was there is no news");

        let other = Store::open(&database.config).await.expect("opens");
        comment(&other, first, "1").await;
        comment(&other, first, "2").await;
        let (told, more) = follower.look(&store).await.expect("looks");
        assert_eq!(told.iter().map(|change| change.order).collect::<Vec<_>>(), [first, first]);
        assert!(!more);
        assert!(follower.look(&store).await.expect("looks").0.is_empty());
    }

    async fn a_follower_begins_after_what_a_page_knew_but_not_in_the_distant_past(store: Store) {
        let id = some(&store, 2).await;
        let first = order(&store, id, "7-7-0").await.id;
        let known = store.last_change().await.expect("answers");
        comment(&store, first, "1").await;
        let told = |known: i64| {
            let store = store.clone();
            async move {
                let mut follower = Follower::begin(&store, known).await.expect("begins");
                follower.look(&store).await.expect("looks").0.len()
            }
        };
        assert_eq!((told(known).await, told(known + 1).await, told(i64::MAX).await), (1, 0, 0));
        for n in 0..600 {
            comment(&store, first, &format!("{n}")).await;
        }
        assert_eq!(told(i64::MIN).await, 500);
    }

    async fn a_follower_tells_more_than_a_look_holds_in_several(store: Store) {
        cabinet(&store).await;
        let mut follower = Follower::begin(&store, 0).await.expect("begins");
        let id = store.cabinets().await.expect("answers")[0].id;
        let many = (0..300).map(|n| shown(&posting(&format!("6-{n}-1"), "awaiting_packaging"))).collect();
        take(&store, &page(id, 1, many)).await;
        let all = store.changes_since(0, 10_000).await.expect("answers");
        let mut told = Vec::new();
        let mut looks = 0;
        loop {
            let (new, more) = follower.look(&store).await.expect("looks");
            told.extend(new);
            looks += 1;
            if !more { break }
        }
        assert!(looks > 1, "{} changes in one look", all.len());
        assert_eq!(told, all);
    }

    async fn orders_are_read_again_by_their_ids_and_lost_ones_left_out(store: Store) {
        let id = some(&store, 3).await;
        let (first, last) = (order(&store, id, "7-7-0").await, order(&store, id, "7-7-2").await);
        let mut found = store.orders_by_id(&[last.id, OrderId(99_999), first.id]).await.expect("answers");
        found.sort_by_key(|order| order.id);
        assert_eq!(found, [first, last]);
        assert!(store.orders_by_id(&[]).await.expect("answers").is_empty());
    }

    async fn what_a_list_shows_ends_with_the_last_row_that_was_shown(store: Store) {
        let id = some(&store, 9).await;
        let filter = OrderFilter { cabinet: Some(id), ..OrderFilter::default() };
        for sort in [OrderSort::DateDesc, OrderSort::DateAsc, OrderSort::TotalAsc, OrderSort::TotalDesc, OrderSort::ShipByAsc, OrderSort::ShipByDesc] {
            let first = store.orders(&filter, sort, &PageAsk::first(4)).await.expect("answers");
            let end = first.next.as_deref();
            let second = PageAsk { limit: 3, cursor: first.next.clone() };
            let second = store.orders(&filter, sort, &second).await.expect("answers");
            let ids = |page: &storage::Page<domain::Order>| page.items.iter().map(|order| order.id).collect::<Vec<_>>();
            let listed = store.listed(&filter, sort, None, end, 100).await.expect("answers");
            assert_eq!(listed, ids(&first), "{sort}");
            let listed = store.listed(&filter, sort, end, second.next.as_deref(), 100).await.expect("answers");
            assert_eq!(listed, ids(&second), "{sort}");
            assert_eq!(store.listed(&filter, sort, None, None, 100).await.expect("answers").len(), 9);
            assert_eq!(store.listed(&filter, sort, None, None, 5).await.expect("answers").len(), 5);
        }
        // A newer order stands within what is shown, one older than all of it does not.
        let first = store.orders(&filter, OrderSort::DateDesc, &PageAsk::first(4)).await.expect("answers");
        for (number, hours) in [("8-8-1", 50), ("8-8-2", -50)] {
            let mut told = posting(number, "awaiting_packaging");
            told.details.in_process_at = Some(morning() + chrono::Duration::hours(hours));
            one(&store, id, 5, &told).await;
        }
        let listed = store.listed(&filter, OrderSort::DateDesc, None, first.next.as_deref(), 100).await.expect("answers");
        assert_eq!(listed.len(), 5);
        assert_eq!(listed[0], order(&store, id, "8-8-1").await.id);
        let refused = store.listed(&filter, OrderSort::DateDesc, None, Some("rubbish"), 100).await;
        assert!(matches!(refused, Err(Error::BadCursor)));
    }
}
