//! Lists of orders and postings: filters, sorts, and pages without loss or doubles.

use chrono::Duration;
use domain::by_hand::Act;
use domain::history::Actor;
use domain::{OrderId, SkipReason};
use storage::orders::{OrderFilter, OrderSort};
use storage::postings::PostingFilter;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

const SORTS: [OrderSort; 6] = [
    OrderSort::DateDesc,
    OrderSort::DateAsc,
    OrderSort::ShipByAsc,
    OrderSort::ShipByDesc,
    OrderSort::TotalDesc,
    OrderSort::TotalAsc,
];

/// 25 orders with many equal dates, totals and shipping dates, and some without a shipping date.
async fn many(store: &Store) -> domain::CabinetId {
    let id = cabinet(store).await;
    let one = |n: i64| {
        let mut told = posting(&format!("9-9-{n}"), "awaiting_packaging");
        told.details.in_process_at = Some(morning() + Duration::hours(n % 4));
        told.details.shipment_date = (n % 3 != 0).then(|| morning() + Duration::days(n % 5));
        told.products[0].price.minor = 100 * (n % 2);
        shown(&told)
    };
    take(store, &page(id, 1, (0..25).map(one).collect())).await;
    id
}

async fn through(store: &Store, filter: &OrderFilter, sort: OrderSort, limit: u64) -> Vec<domain::Order> {
    let mut all = Vec::new();
    let mut ask = PageAsk::first(limit);
    loop {
        let page = store.orders(filter, sort, &ask).await.expect("answers");
        assert!(page.items.len() <= usize::try_from(limit).expect("small"));
        all.extend(page.items);
        let Some(next) = page.next else { return all };
        ask.cursor = Some(next);
    }
}

async fn count(store: &Store, filter: OrderFilter) -> usize {
    through(store, &filter, OrderSort::default(), 200).await.len()
}

testkit::on_both_databases! {
    async fn every_sort_shows_every_order_once_whatever_the_page(store: Store) {
        many(&store).await;
        for sort in SORTS {
            let whole = through(&store, &OrderFilter::default(), sort, 200).await;
            let mut ids: Vec<OrderId> = whole.iter().map(|order| order.id).collect();
            for limit in [1, 4, 24, 25] {
                let paged = through(&store, &OrderFilter::default(), sort, limit).await;
                assert_eq!(paged.iter().map(|o| o.id).collect::<Vec<_>>(), ids, "{sort} by {limit}");
            }
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), 25, "{sort}");
        }
    }

    async fn each_sort_goes_its_way_and_orders_without_a_shipping_date_come_last(store: Store) {
        many(&store).await;
        let sorted = |sort| {
            let store = store.clone();
            async move { through(&store, &OrderFilter::default(), sort, 7).await }
        };
        let dates: Vec<_> = sorted(OrderSort::DateAsc).await.iter().map(|o| o.order_date).collect();
        assert!(dates.is_sorted());
        let dates: Vec<_> = sorted(OrderSort::DateDesc).await.iter().map(|o| o.order_date).collect();
        assert!(dates.iter().rev().is_sorted());
        let totals: Vec<_> = sorted(OrderSort::TotalDesc).await.iter().map(|o| o.total.minor).collect();
        assert!(totals.iter().rev().is_sorted());
        for (sort, back) in [(OrderSort::ShipByAsc, false), (OrderSort::ShipByDesc, true)] {
            let dates: Vec<_> = sorted(sort).await.iter().map(|o| o.ship_by).collect();
            let (dated, dateless) = dates.split_at(16);
            assert!(dateless.iter().all(Option::is_none), "{sort}");
            assert!(dated.iter().all(Option::is_some), "{sort}");
            assert!(if back { dated.iter().rev().is_sorted() } else { dated.iter().is_sorted() }, "{sort}");
        }
    }

    async fn a_list_that_grows_while_it_is_read_shows_nothing_twice(store: Store) {
        let id = many(&store).await;
        let mut ask = PageAsk::first(10);
        let mut seen = Vec::new();
        for round in 0.. {
            let page = store.orders(&OrderFilter::default(), OrderSort::DateDesc, &ask).await.expect("answers");
            seen.extend(page.items.iter().map(|o| o.id));
            let Some(next) = page.next else { break };
            ask.cursor = Some(next);
            let mut newer = posting(&format!("8-8-{round}"), "awaiting_packaging");
            newer.details.in_process_at = Some(morning() + Duration::days(9));
            one(&store, id, 10 + round, &newer).await;
        }
        let listed = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!((listed, seen.len()), (25, 25));
    }

    async fn every_filter_keeps_what_it_names_and_all_of_them_together(store: Store) {
        let id = many(&store).await;
        let sample = order(&store, id, "9-9-5").await;
        let statuses = store.statuses().await.expect("answers");
        store.act_on_order(sample.id, Act::SetStatus(statuses[1].id), &Actor::Command, morning()).await.expect("is done");
        store.act_on_order(sample.id, Act::SetPaid(true), &Actor::Command, morning()).await.expect("is done");
        let none = OrderFilter::default;
        assert_eq!(count(&store, OrderFilter { status: vec![statuses[1].id], ..none() }).await, 1);
        assert_eq!(count(&store, OrderFilter { status: vec![statuses[0].id, statuses[1].id], ..none() }).await, 25);
        assert_eq!(count(&store, OrderFilter { paid: Some(true), ..none() }).await, 1);
        assert_eq!(count(&store, OrderFilter { paid: Some(false), ..none() }).await, 24);
        assert_eq!(count(&store, OrderFilter { cabinet: Some(id), ..none() }).await, 25);
        assert_eq!(count(&store, OrderFilter { cabinet: Some(domain::CabinetId(99)), ..none() }).await, 0);
        assert_eq!(count(&store, OrderFilter { source: Some(sample.source_id), ..none() }).await, 25);
        assert_eq!(count(&store, OrderFilter { customer: Some(sample.customer_id), ..none() }).await, 25);
        assert_eq!(count(&store, OrderFilter { ozon_status: Some("awaiting_packaging".into()), ..none() }).await, 25);
        assert_eq!(count(&store, OrderFilter { ozon_status: Some("delivered".into()), ..none() }).await, 0);
        assert_eq!(count(&store, OrderFilter { posting_number: Some("9-9-5".into()), ..none() }).await, 1);
        assert_eq!(count(&store, OrderFilter { posting_number: Some("9-9-".into()), ..none() }).await, 0);
        assert_eq!(count(&store, OrderFilter { ozon_order_number: Some("9-9".into()), ..none() }).await, 25);
        let from = OrderFilter { placed_from: Some(morning() + Duration::hours(3)), ..none() };
        assert_eq!(count(&store, from).await, 6);
        let to = OrderFilter { placed_to: Some(morning() + Duration::hours(1)), ..none() };
        assert_eq!(count(&store, to).await, 7);
        let urgent = OrderFilter { ship_by_to: Some(morning() + Duration::days(1)), ..none() };
        let by_hand = (0..25).filter(|n| n % 3 != 0 && n % 5 <= 1).count();
        assert_eq!(count(&store, urgent.clone()).await, by_hand);
        let all = OrderFilter {
            status: vec![statuses[1].id], paid: Some(true), cabinet: Some(id), q: Some("9-9-5".into()),
            placed_from: Some(morning()), ..none()
        };
        for sort in SORTS {
            assert_eq!(through(&store, &all, sort, 1).await.len(), 1);
            assert_eq!(through(&store, &urgent, sort, 3).await.len(), by_hand);
        }
    }

    async fn pages_of_several_kinds_at_the_same_time_show_each_order_once(store: Store) {
        let id = many(&store).await;
        let whole = through(&store, &OrderFilter::default(), OrderSort::DateDesc, 200).await;
        let statuses = store.statuses().await.expect("answers");
        for (at, order) in whole.iter().enumerate() {
            for act in [(at % 3 == 0).then_some(Act::SetPaid(true)), (at % 4 == 0).then(|| Act::SetStatus(statuses[1].id))] {
                let Some(act) = act else { continue };
                store.act_on_order(order.id, act, &Actor::Command, morning()).await.expect("is done");
            }
        }
        let paid = OrderFilter { paid: Some(true), ..OrderFilter::default() };
        let of_cabinet = OrderFilter { cabinet: Some(id), ..OrderFilter::default() };
        let from = OrderFilter { placed_from: Some(morning() + Duration::hours(1)), ..of_cabinet.clone() };
        let to = OrderFilter { placed_to: Some(morning() + Duration::hours(3)), ..of_cabinet.clone() };
        let between = OrderFilter { placed_to: to.placed_to, ..from.clone() };
        let moved = OrderFilter { status: vec![statuses[0].id, statuses[1].id], paid: Some(false), ..OrderFilter::default() };
        let urgent = OrderFilter { ship_by_to: Some(morning() + Duration::days(2)), ..of_cabinet.clone() };
        for (filter, many) in [(paid, 9), (of_cabinet, 25), (from, 18), (to, 19), (between, 12), (moved, 16), (urgent, 10)] {
            for sort in SORTS {
                let ids: Vec<OrderId> = through(&store, &filter, sort, 200).await.iter().map(|o| o.id).collect();
                assert_eq!(ids.len(), many, "{filter:?} {sort}");
                for limit in [1, 2, 3, 5, 8] {
                    let paged = through(&store, &filter, sort, limit).await;
                    assert_eq!(paged.iter().map(|o| o.id).collect::<Vec<_>>(), ids, "{filter:?} {sort} by {limit}");
                }
                for (at, id) in ids.iter().enumerate() {
                    let beside = store.neighbours(&filter, sort, *id).await.expect("answers");
                    let before = at.checked_sub(1).map(|at| ids[at]);
                    assert_eq!(beside, (before, ids.get(at + 1).copied()), "{filter:?} {sort}: {at}");
                }
                assert_eq!(store.listed(&filter, sort, None, None, 7).await.expect("answers"), ids[..7], "{filter:?} {sort}");
                let ask = PageAsk { limit: 2, cursor: None };
                let after = store.orders(&filter, sort, &ask).await.expect("answers").next;
                let ask = PageAsk { limit: 3, cursor: after.clone() };
                let until = store.orders(&filter, sort, &ask).await.expect("answers").next;
                let listed = store.listed(&filter, sort, after.as_deref(), until.as_deref(), 50).await.expect("answers");
                assert_eq!(listed, ids[2..5], "{filter:?} {sort}");
            }
        }
    }

    async fn the_neighbours_of_every_order_are_those_beside_it_in_the_list(store: Store) {
        many(&store).await;
        let dated = OrderFilter { placed_from: Some(morning() + Duration::hours(2)), ..OrderFilter::default() };
        for (filter, sort) in SORTS.iter().flat_map(|sort| [(OrderFilter::default(), *sort), (dated.clone(), *sort)]) {
            let ids: Vec<OrderId> = through(&store, &filter, sort, 200).await.iter().map(|o| o.id).collect();
            for (at, id) in ids.iter().enumerate() {
                let beside = store.neighbours(&filter, sort, *id).await.expect("answers");
                let before = at.checked_sub(1).map(|at| ids[at]);
                assert_eq!(beside, (before, ids.get(at + 1).copied()), "{sort}: {at} of {}", ids.len());
            }
        }
        let missing = store.neighbours(&dated, OrderSort::DateDesc, OrderId(999)).await;
        assert!(matches!(missing, Err(Error::NotFound)));
    }

    async fn an_order_that_left_the_list_still_has_its_place_in_it(store: Store) {
        let id = many(&store).await;
        let ids: Vec<OrderId> =
            through(&store, &OrderFilter::default(), OrderSort::DateDesc, 200).await.iter().map(|o| o.id).collect();
        let unpaid = OrderFilter { paid: Some(false), cabinet: Some(id), ..OrderFilter::default() };
        store.act_on_order(ids[10], Act::SetPaid(true), &Actor::Command, morning()).await.expect("is done");
        let beside = store.neighbours(&unpaid, OrderSort::DateDesc, ids[10]).await.expect("answers");
        assert_eq!(beside, (Some(ids[9]), Some(ids[11])));
    }

    async fn a_foreign_cursor_is_refused_and_odd_limits_are_made_sane(store: Store) {
        many(&store).await;
        let ask = PageAsk { limit: 5, cursor: Some("rubbish".to_owned()) };
        let refused = store.orders(&OrderFilter::default(), OrderSort::default(), &ask).await;
        assert!(matches!(refused, Err(Error::BadCursor)));
        let page = |limit| {
            let store = store.clone();
            async move {
                store.orders(&OrderFilter::default(), OrderSort::default(), &PageAsk::first(limit)).await.expect("answers").items.len()
            }
        };
        assert_eq!((page(0).await, page(u64::MAX).await), (1, 25));
    }

    async fn stored_postings_are_listed_the_newest_first_by_reason_and_without_the_archive(store: Store) {
        let id = cabinet(&store).await;
        let mut postings = Vec::new();
        for n in 0..9 {
            let status = ["awaiting_packaging", "delivering", "delivered"][n % 3];
            let mut told = posting(&format!("4-4-{n}"), status);
            if status == "delivered" {
                told.details.in_process_at = Some(utc("2025-01-01T00:00:00Z"));
            }
            postings.push(shown(&told));
        }
        take(&store, &page(id, 1, postings)).await;
        let list = |filter: PostingFilter| {
            let store = store.clone();
            async move {
                let mut all = Vec::new();
                let mut ask = PageAsk::first(2);
                loop {
                    let page = store.postings(&filter, &ask).await.expect("answers");
                    all.extend(page.items.into_iter().map(|p| p.posting_number));
                    let Some(next) = page.next else { return all };
                    ask.cursor = Some(next);
                }
            }
        };
        let none = PostingFilter::default;
        assert_eq!(list(none()).await.len(), 6);
        assert_eq!(list(PostingFilter { archive: true, ..none() }).await.len(), 9);
        assert_eq!(list(PostingFilter { without_order: Some(true), ..none() }).await.len(), 3);
        assert_eq!(list(PostingFilter { without_order: Some(false), ..none() }).await.len(), 3);
        let archived = PostingFilter { skipped_because: Some(SkipReason::Archive), cabinet: Some(id), ..none() };
        assert_eq!(list(archived).await, ["4-4-8", "4-4-5", "4-4-2"]);
        assert_eq!(list(PostingFilter { posting_number: Some("4-4-0".into()), ..none() }).await, ["4-4-0"]);
    }
}
