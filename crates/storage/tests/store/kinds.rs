//! Every order is of the kind that its columns say, whoever wrote it.

use std::sync::Arc;

use domain::by_hand::Act;
use domain::history::Actor;
use domain::{OrderId, UserId};
use sea_orm::{ConnectionTrait, Statement};
use storage::people::Role;
use testkit::TestDatabase;

use crate::fixture::*;

/// Orders without a kind or of another one, kinds that are there twice, and how many there are.
async fn counted(database: &TestDatabase) -> (i64, i64, i64) {
    let tables = database.tables().await;
    let count = async |sql: &str| -> i64 {
        let asked = Statement::from_string(tables.get_database_backend(), sql);
        let row = tables.query_one_raw(asked).await.expect("answers").expect("a row");
        row.try_get_by_index(0).expect("a number")
    };
    let of_their_kind = "SELECT COUNT(*) FROM orders JOIN order_kinds AS kind ON kind.id = orders.kind_id \
        WHERE kind.cabinet_id = orders.cabinet_id AND kind.source_id = orders.source_id \
        AND kind.status_id = orders.status_id AND kind.ozon_status = orders.ozon_status AND kind.paid = orders.paid \
        AND kind.manager_id IS NOT DISTINCT FROM orders.manager_id AND kind.scheme IS NOT DISTINCT FROM orders.scheme \
        AND kind.warehouse_id IS NOT DISTINCT FROM orders.warehouse_id \
        AND kind.express IS NOT DISTINCT FROM COALESCE(orders.express, FALSE)";
    let columns =
        "cabinet_id, source_id, status_id, ozon_status, paid, manager_id, scheme, warehouse_id, express";
    let orders = count("SELECT COUNT(*) FROM orders").await;
    let kinds = count("SELECT COUNT(*) FROM order_kinds").await;
    let different =
        count(&format!("SELECT COUNT(*) FROM (SELECT DISTINCT {columns} FROM order_kinds) AS one")).await;
    (orders - count(of_their_kind).await, kinds - different, kinds)
}

testkit::on_both_databases! {
    async fn an_order_is_of_its_kind_whatever_happens_to_it(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        set(store, id, also_awaiting_deliver()).await;
        for at in 0..9_i64 {
            let mut posting = posting(&format!("{}-1-1", 100 + at), "awaiting_packaging");
            posting.details.warehouse_id = (at % 3 != 0).then_some(at % 3);
            posting.details.is_express = Some(at % 2 == 0);
            one(store, id, at, &posting).await;
        }
        assert_eq!(counted(&database).await, (0, 0, 6));
        let statuses = store.statuses().await.expect("answers");
        let anna_id = store.add_user("anna@shop.example", "no hash", Role::Manager, morning()).await.expect("a user").id;
        let anna = Actor::User { id: anna_id, name: "anna@shop.example".to_owned() };
        let ids: Vec<OrderId> = all_orders(store).await.iter().map(|order| order.id).collect();
        let acts = [Act::SetStatus(statuses[1].id), Act::SetPaid(true), Act::SetManager(Some(anna_id)), Act::SetManager(None)];
        for act in acts {
            store.act_on_order(ids[0], act, &anna, morning()).await.expect("is done");
            assert_eq!(counted(&database).await.0, 0);
        }
        let done = store.act_on_orders(&ids, &Act::SetPaid(true), anna_id, &anna, morning()).await.expect("is done");
        assert_eq!(counted(&database).await.0, 0);
        store.undo_acts(done.id.expect("it changed"), anna_id, &anna, morning()).await.expect("is undone");
        assert_eq!(counted(&database).await.0, 0);
        one(store, id, 20, &posting("100-1-1", "delivering")).await;
        one(store, id, 20, &posting("101-1-1", "cancelled")).await;
        let (wrong, twice, kinds) = counted(&database).await;
        assert_eq!((wrong, twice), (0, 0));
        // The same again makes no more of them.
        store.act_on_order(ids[4], Act::SetPaid(true), &anna, morning()).await.expect("is done");
        store.act_on_order(ids[4], Act::SetPaid(false), &anna, morning()).await.expect("is done");
        assert_eq!(counted(&database).await, (0, 0, kinds));
    }

    async fn acts_that_make_the_same_kinds_at_once_wait_for_nobody(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        for at in 0..8_i64 {
            one(store, id, at, &posting(&format!("{}-1-1", 100 + at), "awaiting_packaging")).await;
        }
        let ids: Vec<OrderId> = all_orders(store).await.iter().map(|order| order.id).collect();
        for is_paid in [true, false, true] {
            let mut acts = tokio::task::JoinSet::new();
            for id in ids.clone() {
                let store = store.clone();
                let anna = Actor::User { id: UserId(1), name: "anna@shop.example".to_owned() };
                acts.spawn(async move { store.act_on_order(id, Act::SetPaid(is_paid), &anna, morning()).await });
            }
            for done in acts.join_all().await {
                done.expect("is done");
            }
        }
        assert_eq!(counted(&database).await.0, 0);
    }

    async fn acts_that_make_each_others_kinds_crosswise_all_come_through(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        for at in 0..8_i64 {
            let mut posting = posting(&format!("{}-1-1", 100 + at), "awaiting_packaging");
            // Two warehouses, so two kinds an act; every second pair the other way round.
            posting.details.warehouse_id = Some(if at % 4 == 0 || at % 4 == 3 { 1 } else { 2 });
            one(store, id, at, &posting).await;
        }
        let mut orders = all_orders(store).await;
        orders.sort_by_key(|order| order.id);
        let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
        let user = store.add_user("anna@shop.example", "no hash", Role::Manager, morning()).await.expect("a user").id;
        for status in store.statuses().await.expect("answers").into_iter().skip(1) {
            let mut acts = tokio::task::JoinSet::new();
            for pair in ids.chunks(2).map(<[OrderId]>::to_vec) {
                let store = store.clone();
                let anna = Actor::User { id: user, name: "anna@shop.example".to_owned() };
                let act = Act::SetStatus(status.id);
                acts.spawn(async move { store.act_on_orders(&pair, &act, user, &anna, morning()).await });
            }
            for done in acts.join_all().await {
                assert_eq!(done.expect("is done").changed, 2);
            }
        }
        assert_eq!(counted(&database).await.0, 0);
    }

    async fn orders_from_before_there_were_kinds_get_theirs(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        for at in 0..9_i64 {
            let mut posting = posting(&format!("{}-1-1", 100 + at), "awaiting_packaging");
            posting.details.warehouse_id = (at % 3 != 0).then_some(at % 3);
            one(store, id, at, &posting).await;
        }
        let tables = database.tables().await;
        tables.execute_unprepared(&before_kinds(store)).await.expect("is done");
        store.migrate().await.expect("migrates");
        assert_eq!(counted(&database).await, (0, 0, 3));
    }
}
