//! Personal data erased by the rule, beside loads.

use std::time::Duration;

use chrono::TimeDelta;
use domain::erasure::EraseAfter;
use domain::{Actor, Field};
use ozon_sim::{PostingDraft, Status};
use storage::Store;
use storage::personal_data::Erased;
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};

const NUMBER: &str = "0105259411-0854-1";
const LEASE: &str = "erasing of personal data";

/// A shop with one delivered order, and the rule of thirty days.
async fn with_the_rule(store: Store) -> Shop {
    let shop = Shop::open(store).await;
    shop.ozon.freeze_clock();
    shop.add(&PostingDraft { status: Some(Status::AwaitingPackaging), ..PostingDraft::numbered(NUMBER) });
    shop.load().await;
    shop.ozon.set_status(CLIENT, NUMBER, Status::Delivered).unwrap();
    shop.load().await;
    shop.store.set_erasing_rule(EraseAfter::days(30), &Actor::Command, shop.desk.now()).await.unwrap();
    shop
}

async fn is_erased(shop: &Shop) -> bool {
    let order = shop.order(NUMBER).await;
    shop.store.persons_of_order(order.id).await.unwrap().erased_at.is_some()
}

on_both_databases! {
    async fn what_is_due_is_erased_by_one_instance_at_a_time_and_loads_go_on(store: Store) {
        let shop = with_the_rule(store).await;
        shop.ozon.advance_clock(TimeDelta::days(29));
        assert_eq!(shop.desk.erase_what_is_due().await.unwrap(), Erased::default());
        shop.ozon.advance_clock(TimeDelta::days(2));
        let minute = TimeDelta::minutes(1);
        assert!(shop.store.take_lease(LEASE, "another", shop.desk.now(), minute).await.unwrap().is_none());
        assert_eq!(shop.desk.erase_what_is_due().await.unwrap(), Erased::default(), "another is at it");
        shop.store.free_lease(LEASE, "another").await.unwrap();
        assert_eq!(shop.desk.erase_what_is_due().await.unwrap().orders, 1);
        assert_eq!(shop.desk.erase_what_is_due().await.unwrap(), Erased::default());
        shop.load().await;
        assert!(is_erased(&shop).await);
        let order = shop.order(NUMBER).await;
        let traces = shop.history(&order).await.into_iter().filter(|entry| entry.field == Field::Persons).count();
        assert_eq!(traces, 1);
    }

    async fn the_scheduler_erases_by_itself_within_the_hour(store: Store) {
        let shop = with_the_rule(store).await;
        shop.ozon.advance_clock(TimeDelta::days(31));
        let desk = shop.desk.clone();
        let scheduler = tokio::spawn(async move { desk.run_scheduler().await });
        while !is_erased(&shop).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        shop.desk.stop().await;
        tokio::time::timeout(Duration::from_secs(1), scheduler).await.unwrap().unwrap();
    }
}
