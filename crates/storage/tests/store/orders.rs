//! One order: what people do to it, its history, its relations.

use domain::by_hand::Act;
use domain::history::{Actor, Reason};
use domain::{Field, UserId};
use storage::intake::Became;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

testkit::on_both_databases! {
    async fn what_a_person_does_is_stored_with_its_history(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let made = order(&store, id, "1-1-1").await;
        let statuses = store.statuses().await.expect("answers");
        let anna = Actor::User { id: UserId(3), name: "anna@shop.example".to_owned() };
        let now = utc("2026-11-23T09:30:00.123456Z");
        for act in [Act::SetStatus(statuses[1].id), Act::SetPaid(true), Act::SetComment("Ё".to_owned())] {
            store.act_on_order(made.id, act, &anna, now).await.expect("is done");
        }
        let after = store.order(made.id).await.expect("is there");
        assert_eq!((after.status_id, after.moved_by_hand), (statuses[1].id, true));
        assert_eq!((after.paid, after.paid_at, after.paid_by_hand), (true, Some(now), true));
        assert_eq!(after.admin_comment, "Ё");
        let history = store.history(made.id, &PageAsk::first(50)).await.expect("answers").items;
        let own: Vec<_> = history.iter().filter(|entry| entry.actor == anna).collect();
        assert_eq!(own.iter().map(|e| e.field).collect::<Vec<_>>(), [Field::Status, Field::Paid, Field::AdminComment]);
        assert!(own.iter().all(|entry| entry.at == now && entry.reason == Reason::ByHand));
        assert_eq!(own[0].new.as_deref(), Some(statuses[1].id.to_string().as_str()));

        let nothing = store.act_on_order(made.id, Act::SetPaid(true), &anna, now).await.expect("answers");
        assert_eq!(nothing, after);
        assert_eq!(store.history(made.id, &PageAsk::first(50)).await.expect("answers").items.len(), history.len());
        let missing = store.act_on_order(made.id, Act::SetStatus(domain::StatusId(99)), &anna, now).await;
        assert!(matches!(missing, Err(Error::NotFound)));
        let missing = store.act_on_order(domain::OrderId(99), Act::SetPaid(true), &anna, now).await;
        assert!(matches!(missing, Err(Error::NotFound)));
    }

    async fn orders_are_read_by_their_ids_once_each_and_as_they_were_asked_for(store: Store) {
        let id = cabinet(&store).await;
        let mut ids = Vec::new();
        for number in ["1-1-1", "2-1-1", "3-1-1"] {
            one(&store, id, 1, &posting(number, "awaiting_packaging")).await;
            ids.push(order(&store, id, number).await.id);
        }
        let asked = [ids[2], domain::OrderId(9_999), ids[0], ids[2]];
        let found = store.orders_by_id(&asked).await.expect("answers");
        assert_eq!(found.iter().map(|o| o.id).collect::<Vec<_>>(), [ids[2], ids[0]]);
        assert!(found.iter().all(|o| !o.lines.is_empty()), "an order comes with its lines");
        assert!(store.orders_by_id(&[]).await.expect("answers").is_empty());
    }

    async fn what_a_person_set_stands_when_ozon_says_something_else(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let made = order(&store, id, "1-1-1").await;
        let statuses = store.statuses().await.expect("answers");
        for act in [Act::SetStatus(statuses[1].id), Act::SetPaid(true), Act::SetPaid(false)] {
            store.act_on_order(made.id, act, &Actor::Command, morning()).await.expect("is done");
        }
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.details.shipment_date = Some(utc("2026-11-26T00:00:00Z"));
        assert_eq!(one(&store, id, 2, &told).await, Became::Updated);
        assert_eq!(store.order(made.id).await.expect("is there").status_id, statuses[1].id);
        one(&store, id, 3, &posting("1-1-1", "delivered")).await;
        let after = store.order(made.id).await.expect("is there");
        assert!(!after.paid && after.paid_by_hand);
    }

    async fn the_history_is_read_the_oldest_first_page_by_page(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let made = order(&store, id, "1-1-1").await.id;
        for n in 0..7 {
            let act = Act::SetComment(format!("{n}"));
            store.act_on_order(made, act, &Actor::Command, morning()).await.expect("is done");
        }
        let whole = store.history(made, &PageAsk::first(50)).await.expect("answers").items;
        assert_eq!(whole.len(), 9);
        let mut pages = Vec::new();
        let mut ask = PageAsk::first(2);
        loop {
            let page = store.history(made, &ask).await.expect("answers");
            pages.extend(page.items);
            let Some(next) = page.next else { break };
            ask.cursor = Some(next);
        }
        assert_eq!(pages, whole);
    }

    async fn the_other_postings_of_an_ozon_order_are_related(store: Store) {
        let id = cabinet(&store).await;
        let other = store.add_cabinet(new_cabinet("Дача", "200"), morning(), "test").await.expect("is added").id;
        let of = |number: &str| shown(&posting(number, "awaiting_packaging"));
        take(&store, &page(id, 1, vec![of("5-5-2"), of("5-5-1"), of("5-5-3"), of("6-6-1")])).await;
        take(&store, &page(other, 1, vec![of("5-5-4")])).await;
        let first = order(&store, id, "5-5-1").await;
        let related = store.related_orders(&first).await.expect("answers");
        assert_eq!(related.iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>(), ["5-5-2", "5-5-3"]);
        let alone = order(&store, id, "6-6-1").await;
        assert!(store.related_orders(&alone).await.expect("answers").is_empty());
    }
}
