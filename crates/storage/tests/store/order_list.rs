//! The list of orders as people work with it: queues, acts on several orders and undoing them, views and preferences.

use chrono::{DateTime, Duration, Utc};
use domain::by_hand::Act;
use domain::history::{Actor, Reason};
use domain::{Field, OrderId, Scheme, UserId};
use serde_json::json;
use storage::lists::StatusDraft;
use storage::order_views::ListPreferences;
use storage::orders::bulk::{BulkDone, BulkPreview, Undone};
use storage::orders::{ManagerFilter, OrderFilter, OrderSort, Queue, Way};
use storage::outbox::{OutboxFilter, OutboxState, Settled};
use storage::people::Role;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

async fn user(store: &Store, email: &str) -> UserId {
    store.add_user(email, "no hash", Role::Manager, morning()).await.expect("is added").id
}

async fn found(store: &Store, queue: Queue) -> Vec<String> {
    let filter = OrderFilter { queue: Some(queue), ..OrderFilter::default() };
    let orders =
        store.orders(&filter, OrderSort::ShipByAsc, &PageAsk::first(50)).await.expect("answers").items;
    assert_eq!(store.orders_count(&filter, 99).await.expect("answers"), orders.len() as u64);
    orders.into_iter().map(|order| order.posting_number.to_string()).collect()
}

fn anna() -> Actor {
    Actor::User { id: UserId(1), name: "anna@shop.example".to_owned() }
}

testkit::on_both_databases! {
    async fn each_queue_has_the_orders_that_wait_for_it(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, also_awaiting_deliver()).await;
        let now = utc("2026-11-25T10:00:00Z");
        let due = |number: &str, status: &str, ship_by: DateTime<Utc>, late: Option<DateTime<Utc>>| {
            let mut posting = posting(number, status);
            posting.details.shipment_date = Some(ship_by);
            posting.details.shipment_date_without_delay = late;
            posting
        };
        let hour = Duration::hours(1);
        let postings = [
            due("1-1-1", "awaiting_packaging", now - hour, None),
            due("2-1-1", "awaiting_deliver", now - hour, Some(now + hour)),
            due("3-1-1", "awaiting_packaging", now + hour * 3, None),
            due("4-1-1", "awaiting_deliver", now + hour * 30, None),
        ];
        for posting in &postings {
            one(&store, id, 1, posting).await;
        }
        // What has left, or is cancelled, waits for nobody.
        one(&store, id, 1, &due("5-1-1", "awaiting_packaging", now - hour, None)).await;
        one(&store, id, 2, &due("5-1-1", "delivering", now - hour, None)).await;
        one(&store, id, 1, &due("6-1-1", "awaiting_packaging", now - hour, None)).await;
        one(&store, id, 2, &due("6-1-1", "cancelled", now - hour, None)).await;
        let today = now + hour * 12;
        assert_eq!(found(&store, Queue::ToShip { until: today }).await, ["1-1-1", "2-1-1", "3-1-1"]);
        assert_eq!(found(&store, Queue::ToAssemble { until: today }).await, ["1-1-1", "3-1-1"]);
        assert_eq!(found(&store, Queue::Overdue { now }).await, ["1-1-1"]);
        assert_eq!(found(&store, Queue::AtRisk { now, until: now + hour * 4 }).await, ["2-1-1", "3-1-1"]);
        assert!(found(&store, Queue::Refused).await.is_empty());
        let all = OrderFilter::default();
        assert_eq!(store.orders_count(&all, 3).await.expect("answers"), 3, "no more than is asked for");
    }

    async fn orders_are_found_by_the_way_they_leave(store: Store) {
        let id = cabinet(&store).await;
        let ways = [("1-1-1", Some("ozon"), 7, true), ("2-1-1", Some("non_integrated"), 8, false), ("3-1-1", None, 8, false)];
        for (number, who, warehouse, express) in ways {
            let mut posting = posting(number, "awaiting_packaging");
            posting.details.tpl_integration_type = who.map(str::to_owned);
            posting.details.warehouse_id = Some(warehouse);
            posting.details.is_express = Some(express);
            one(&store, id, 1, &posting).await;
        }
        let find = async |filter: OrderFilter| {
            let page = store.orders(&filter, OrderSort::DateAsc, &PageAsk::first(9)).await.expect("answers");
            page.items.into_iter().map(|order| order.posting_number.to_string()).collect::<Vec<_>>()
        };
        let none = OrderFilter::default;
        assert_eq!(find(OrderFilter { scheme: Some(Scheme::Fbs), ..none() }).await, ["1-1-1"]);
        assert_eq!(find(OrderFilter { scheme: Some(Scheme::RealFbs), ..none() }).await, ["2-1-1"]);
        assert_eq!(find(OrderFilter { warehouse: Some(8), ..none() }).await, ["2-1-1", "3-1-1"]);
        assert_eq!(find(OrderFilter { express: true, ..none() }).await, ["1-1-1"]);
        // What Ozon says later counts.
        let mut moved = posting("1-1-1", "awaiting_packaging");
        (moved.details.tpl_integration_type, moved.details.warehouse_id) = (Some("ozon".to_owned()), Some(8));
        moved.details.shipment_date = Some(utc("2026-11-26T10:00:00Z"));
        one(&store, id, 2, &moved).await;
        assert_eq!(find(OrderFilter { warehouse: Some(8), ..none() }).await.len(), 3);
    }

    async fn an_act_on_several_orders_is_told_before_and_can_be_undone(store: Store) {
        let id = cabinet(&store).await;
        let anna_id = user(&store, "anna@shop.example").await;
        for number in ["1-1-1", "2-1-1", "3-1-1"] {
            one(&store, id, 1, &posting(number, "awaiting_packaging")).await;
        }
        let statuses = store.statuses().await.expect("answers");
        let (new, work) = (statuses[0].id, statuses[1].id);
        let orders = all_orders(&store).await;
        let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
        store.act_on_order(ids[0], Act::SetStatus(work), &anna(), morning()).await.expect("is done");
        let act = Act::SetStatus(work);
        let preview = store.preview_acts(&ids, &act, &anna(), morning()).await.expect("answers");
        assert_eq!(preview, BulkPreview { changed: 2, unchanged: 1, ..BulkPreview::default() });
        assert_eq!(store.order(ids[1]).await.expect("is there").status_id, new, "a preview changes nothing");

        let done = store.act_on_orders(&ids, &act, anna_id, &anna(), morning()).await.expect("is done");
        let BulkDone { id: Some(bulk), changed: 2 } = done else { panic!("{done:?}") };
        // Somebody has gone on with one of them since.
        store.act_on_order(ids[2], Act::SetPaid(true), &anna(), morning()).await.expect("is done");
        let other = user(&store, "boris@shop.example").await;
        let not_his = store.undo_acts(bulk, other, &anna(), morning()).await;
        assert!(matches!(not_his, Err(Error::Refused("undo_over"))));
        let undone = store.undo_acts(bulk, anna_id, &anna(), morning()).await.expect("is undone");
        assert_eq!(undone, Undone { undone: 1, kept: 1 });
        let back = store.order(ids[1]).await.expect("is there");
        assert_eq!((back.status_id, back.moved_by_hand), (new, false));
        assert_eq!(store.order(ids[2]).await.expect("is there").status_id, work);
        let history = store.history(ids[1], &PageAsk::first(50)).await.expect("answers").items;
        let last = history.last().expect("it has a history");
        assert_eq!((last.field, &last.reason), (Field::Status, &Reason::Undone));
        let twice = store.undo_acts(bulk, anna_id, &anna(), morning()).await;
        assert!(matches!(twice, Err(Error::Refused("undo_over"))));

        let nothing = store.act_on_orders(&ids, &Act::SetStatus(domain::StatusId(999)), anna_id, &anna(), morning()).await;
        assert!(matches!(nothing, Err(Error::NotFound)));
        let done = store.act_on_orders(&ids, &Act::SetPaid(true), anna_id, &anna(), morning()).await.expect("is done");
        let late = store.undo_acts(done.id.expect("it changed"), anna_id, &anna(), morning() + Duration::hours(1)).await;
        assert!(matches!(late, Err(Error::Refused("undo_over"))));
    }

    async fn nothing_is_undone_over_what_ozon_did_meanwhile_nor_into_a_status_that_is_gone(store: Store) {
        let id = cabinet(&store).await;
        let anna_id = user(&store, "anna@shop.example").await;
        let statuses = store.statuses().await.expect("answers");
        let packed = statuses[2].id;
        let own = StatusDraft { name: "Свой".to_owned(), color: "#123456".to_owned(), ..StatusDraft::default() };
        let own = store.save_status(None, own).await.expect("is saved").id;
        set(&store, id, json!({"status_map": {"awaiting_deliver": packed}})).await;
        for number in ["1-1-1", "2-1-1"] {
            one(&store, id, 1, &posting(number, "awaiting_packaging")).await;
        }
        let (first, second) = (order(&store, id, "1-1-1").await.id, order(&store, id, "2-1-1").await.id);
        let act = Act::SetStatus(packed);
        let done = store.act_on_orders(&[first], &act, anna_id, &anna(), morning()).await.expect("is done");
        one(&store, id, 2, &posting("1-1-1", "awaiting_deliver")).await;
        let undone = store.undo_acts(done.id.expect("it changed"), anna_id, &anna(), morning()).await;
        assert_eq!(undone.expect("answers"), Undone { undone: 0, kept: 1 });
        assert_eq!(store.order(first).await.expect("is there").status_id, packed);

        store.act_on_order(second, Act::SetStatus(own), &anna(), morning()).await.expect("is done");
        let done = store.act_on_orders(&[second], &act, anna_id, &anna(), morning()).await.expect("is done");
        store.delete_status(own).await.expect("nobody needs it");
        let undone = store.undo_acts(done.id.expect("it changed"), anna_id, &anna(), morning()).await;
        assert_eq!(undone.expect("answers"), Undone { undone: 0, kept: 1 });
    }

    async fn who_sees_no_persons_finds_orders_by_numbers_and_articles(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        one(&store, id, 1, &posting("2-1-1", "awaiting_packaging")).await;
        let first = order(&store, id, "1-1-1").await;
        let track = Act::SetTrackNumber(Some("RA1".to_owned()));
        store.act_on_order(first.id, track, &anna(), morning()).await.expect("is done");
        let found = async |text: &str| {
            let filter = OrderFilter { identified: Some(text.to_owned()), ..OrderFilter::default() };
            store.orders_count(&filter, 99).await.expect("answers")
        };
        let counts = [found("1-1-1").await, found("RA1").await, found("MUG-1").await, found("1-1").await];
        assert_eq!(counts, [1, 1, 2, 1]);
        assert_eq!(found(&first.customer_name).await, 0);
    }

    async fn what_waits_to_be_told_is_taken_back_and_what_was_told_stays(store: Store) {
        let id = cabinet(&store).await;
        let anna_id = user(&store, "anna@shop.example").await;
        let sent = store.statuses().await.expect("answers")[3].id;
        set(&store, id, json!({"seller_delivery": {"delivering": sent}})).await;
        set(&store, id, also_awaiting_deliver()).await;
        for number in ["1-1-1", "2-1-1"] {
            let mut posting = posting(number, "awaiting_deliver");
            posting.details.tpl_integration_type = Some("non_integrated".to_owned());
            posting.details.available_actions = Some(vec!["non_int_delivering".to_owned()]);
            one(&store, id, 1, &posting).await;
        }
        let ids: Vec<OrderId> = all_orders(&store).await.iter().map(|order| order.id).collect();
        let preview = store.preview_acts(&ids, &Act::SetStatus(sent), &anna(), morning()).await.expect("answers");
        assert_eq!((preview.changed, preview.told.get("delivering")), (2, Some(&2)), "{preview:?}");
        let none = store.outbox(&OutboxFilter::default(), &PageAsk::first(9)).await.expect("answers").items;
        assert!(none.is_empty(), "a preview writes nothing");
        let done = store.act_on_orders(&ids, &Act::SetStatus(sent), anna_id, &anna(), morning()).await.expect("is done");
        // One is sent meanwhile.
        let until = morning() + Duration::minutes(1);
        let claimed = store.claim_pushes("a sender", 1, morning(), until).await.expect("answers");
        let row = claimed[0].item.id;
        store.note_call(&[row], "a sender", "delivering", morning(), until).await.expect("is noted");
        let settled = Settled::Look { due_at: until, reads: 0 };
        store.settle(row, "a sender", &settled, morning()).await.expect("is kept");
        let undone = store.undo_acts(done.id.expect("it changed"), anna_id, &anna(), morning()).await.expect("is undone");
        assert_eq!(undone, Undone { undone: 1, kept: 1 });
        let rows = store.outbox(&OutboxFilter::default(), &PageAsk::first(9)).await.expect("answers").items;
        let mut states: Vec<OutboxState> = rows.iter().map(|row| row.state).collect();
        states.sort();
        assert_eq!(states, [OutboxState::Sent, OutboxState::Cancelled]);
    }

    async fn views_are_saved_under_a_name_and_shared_on_request(store: Store) {
        let (anna, boris) = (user(&store, "anna@shop.example").await, user(&store, "boris@shop.example").await);
        store.save_order_view(anna, "Срочные", "tab=risk", false, morning()).await.expect("is saved");
        store.save_order_view(anna, "Все Express", "express=true", true, morning()).await.expect("is saved");
        store.save_order_view(anna, "Срочные", "tab=overdue", false, morning()).await.expect("is replaced");
        let names = |views: Vec<storage::order_views::OrderView>| views.into_iter().map(|v| (v.name, v.query)).collect::<Vec<_>>();
        let own = names(store.order_views(anna).await.expect("answers"));
        assert_eq!(own, [("Все Express".into(), "express=true".into()), ("Срочные".into(), "tab=overdue".into())]);
        let shared = store.order_views(boris).await.expect("answers");
        assert_eq!(shared.len(), 1);
        let not_his = store.delete_order_view(shared[0].id, boris, false).await;
        assert!(matches!(not_his, Err(Error::NotFound)));
        store.delete_order_view(shared[0].id, boris, true).await.expect("an administrator may");
        assert_eq!(store.order_views(anna).await.expect("answers").len(), 1);
        for n in 1..50 {
            store.save_order_view(anna, &format!("{n}"), "", false, morning()).await.expect("is saved");
        }
        let one_more = store.save_order_view(anna, "one more", "", false, morning()).await;
        assert!(matches!(one_more, Err(Error::Refused("too_many_views"))));

        assert_eq!(store.list_preferences(anna).await.expect("answers"), None);
        for hours in [4, 6] {
            let wanted = ListPreferences { columns: vec!["number".into(), "status".into()], risk_hours: hours };
            store.set_list_preferences(anna, &wanted).await.expect("is kept");
            assert_eq!(store.list_preferences(anna).await.expect("answers"), Some(wanted));
        }
    }

    async fn every_filter_keeps_the_same_orders_in_whatever_order_they_are(store: Store) {
        let id = cabinet(&store).await;
        let other = store.add_cabinet(new_cabinet("Мастерская", "200"), morning(), "test").await.expect("is added").id;
        for at in 0..12_i64 {
            let mut posting = posting(&format!("{}-1-1", 100 + at), "awaiting_packaging");
            posting.details.in_process_at = Some(morning() - Duration::hours(at));
            posting.details.shipment_date = (at % 5 != 0).then(|| morning() + Duration::hours(at % 7));
            posting.details.warehouse_id = Some(at % 2);
            posting.products = vec![product("MUG-1", 1, 100 + at * 37 % 11)];
            one(&store, if at % 3 == 0 { other } else { id }, at, &posting).await;
        }
        let new = all_orders(&store).await[0].status_id;
        let none = OrderFilter::default;
        let filters = [
            (OrderFilter { status: vec![new], cabinet: Some(id), ..none() }, 8),
            (OrderFilter { cabinet: Some(other), warehouse: Some(0), ..none() }, 2),
            (OrderFilter { ozon_status: Some("awaiting_packaging".to_owned()), paid: Some(false), ..none() }, 12),
            (OrderFilter { placed_from: Some(morning() - Duration::hours(5)), cabinet: Some(id), ..none() }, 4),
            (OrderFilter { placed_from: Some(morning() - Duration::hours(5)), ..none() }, 6),
            (OrderFilter { placed_to: Some(morning() - Duration::hours(5)), ..none() }, 6),
            (OrderFilter { placed_to: Some(morning() - Duration::hours(5)), warehouse: Some(1), ..none() }, 3),
            (OrderFilter { ship_by_to: Some(morning() + Duration::hours(2)), status: vec![new], ..none() }, 5),
            (OrderFilter { express: true, cabinet: Some(id), ..none() }, 0),
            (OrderFilter { manager: Some(ManagerFilter::Nobody), source: None, cabinet: Some(id), ..none() }, 8),
        ];
        for (filter, many) in filters {
            for sort in ["-order_date", "order_date", "ship_by", "-ship_by", "-total", "total"] {
                let sort: OrderSort = sort.parse().expect("an order");
                let whole = store.orders(&filter, sort, &PageAsk::first(50)).await.expect("answers").items;
                assert_eq!(whole.len(), many, "{filter:?} {sort}");
                let mut ask = PageAsk::first(3);
                let mut paged = Vec::new();
                loop {
                    let page = store.orders(&filter, sort, &ask).await.expect("answers");
                    paged.extend(page.items.iter().map(|order| order.id));
                    let Some(next) = page.next else { break };
                    ask.cursor = Some(next);
                }
                let whole: Vec<OrderId> = whole.iter().map(|order| order.id).collect();
                assert_eq!(paged, whole, "{filter:?} {sort}");
                // From any place of the list of everything, also from one that the filter does not keep.
                let all = store.orders(&none(), sort, &PageAsk::first(50)).await.expect("answers").items;
                for at in 1..all.len() {
                    let limit = u64::try_from(at).expect("few");
                    let begun = store.orders(&none(), sort, &PageAsk::first(limit)).await.expect("answers");
                    let rest = PageAsk { limit: 50, cursor: begun.next };
                    let rest = store.orders(&filter, sort, &rest).await.expect("answers").items;
                    let rest: Vec<OrderId> = rest.iter().map(|order| order.id).collect();
                    let after: Vec<OrderId> = all[at..].iter().map(|order| order.id).filter(|id| whole.contains(id)).collect();
                    assert_eq!(rest, after, "{filter:?} {sort} after {at}");
                    let place = all[at - 1].id;
                    let next = store.neighbour(&filter, sort, place, Way::On).await.expect("answers");
                    assert_eq!(next, after.first().copied(), "{filter:?} {sort} after {at}");
                    let before = all[..at - 1].iter().rev().map(|order| order.id).find(|id| whole.contains(id));
                    let previous = store.neighbour(&filter, sort, place, Way::Back).await.expect("answers");
                    assert_eq!(previous, before, "{filter:?} {sort} before {at}");
                }
            }
        }
    }
}
