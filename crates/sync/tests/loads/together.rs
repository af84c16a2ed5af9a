//! Several desks on one database, as several processes are.

use ozon_sim::{CabinetSettings, GeneratorOptions};
use storage::runs::Cause;
use storage::{PageAsk, Store};
use sync::{Desk, LoadOptions};
use testkit::TestDatabase;

use crate::shop::{CLIENT, Shop, add_cabinet, clock_of, config};
use crate::stored;
use crate::truth::assert_first_load_agrees;

/// A desk with connections of its own.
async fn another_process(database: &TestDatabase, shop: &Shop) -> Desk {
    Desk::new(Store::open(&database.config).await.unwrap(), config(), clock_of(&shop.ozon))
}

macro_rules! on_both_databases {
    ($(async fn $name:ident($database:ident: $kind:ty) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn test($database: $kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                test(&TestDatabase::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(database) = TestDatabase::postgres().await {
                    test(&database).await;
                }
            }
        }
    )*};
}

on_both_databases! {
    async fn two_desks_that_load_the_same_cabinet_at_once_double_nothing(database: &TestDatabase) {
        let shop = Shop::open(database.store.clone()).await;
        shop.ozon.generate(CLIENT, 300, &GeneratorOptions::every_status_and_type(21)).unwrap();
        let other = another_process(database, &shop).await;
        let mut done = 0;
        let mut refused = 0;
        for _ in 0..4 {
            let (one, two) = tokio::join!(
                shop.try_load(),
                other.load(shop.cabinet, Cause::Rest, LoadOptions::default())
            );
            for ended in [one, two] {
                match ended {
                    Ok(_) => done += 1,
                    Err(error) => {
                        assert_eq!(error.code(), "already_running", "{error}");
                        refused += 1;
                    }
                }
            }
        }
        assert!(done >= 4, "one of two always loads: {done} done, {refused} refused");
        assert_first_load_agrees(&shop, false).await;
        let runs = shop.store.runs(Some(shop.cabinet), &PageAsk::first(50)).await.unwrap().items;
        assert_eq!(runs.len(), done);
        assert_eq!(runs.iter().map(|run| run.figures.created).filter(|created| *created > 0).count(), 1);
    }

    async fn two_cabinets_with_the_same_numbers_load_at_once(database: &TestDatabase) {
        let shop = Shop::open(database.store.clone()).await;
        shop.ozon.add_cabinet(CabinetSettings::new("100501", crate::shop::KEY));
        let options = GeneratorOptions::every_status_and_type(22);
        let numbers = shop.ozon.generate(CLIENT, 250, &options).unwrap();
        let twins = shop.ozon.generate("100501", 250, &options).unwrap();
        assert_eq!(numbers, twins, "both cabinets have the same numbers");
        let other = another_process(database, &shop).await;
        let twin = add_cabinet(&other, "Второй", "100501", &shop.cabinet().await.api_url).await;
        let (one, two) =
            tokio::join!(shop.try_load(), other.load(twin, Cause::Rest, LoadOptions::default()));
        let (one, two) = (one.unwrap().figures, two.unwrap().figures);
        assert_eq!((one.seen, one.created), (two.seen, two.created));
        assert_eq!(stored::postings(&shop).await.len(), 250);
        let twin = Shop { cabinet: twin, desk: other.clone(), store: other.store().clone(), ozon: shop.ozon.clone(), simulator: None };
        assert_eq!(stored::postings(&twin).await.len(), 250);
        let mut given: Vec<String> = Vec::new();
        for order in stored::orders(&shop).await.into_iter().chain(stored::orders(&twin).await) {
            assert!(order.number.starts_with(order.posting_number.as_str()));
            given.push(order.number);
        }
        assert_eq!(given.len() as u64, one.created * 2);
        let count = given.len();
        given.sort();
        given.dedup();
        assert_eq!(given.len(), count, "a number that is taken gets a suffix");
    }

    async fn two_desks_start_what_is_due_once(database: &TestDatabase) {
        let shop = Shop::open(database.store.clone()).await;
        shop.ozon.generate(CLIENT, 30, &GeneratorOptions::seeded(23)).unwrap();
        let other = another_process(database, &shop).await;
        shop.ozon.freeze_clock();
        for minutes in [5, 10, 15] {
            shop.ozon.advance_clock(chrono::TimeDelta::minutes(5));
            for _ in 0..3 {
                let (one, two) = tokio::join!(shop.desk.start_what_is_due(), other.start_what_is_due());
                one.unwrap();
                two.unwrap();
                while !shop.store.running().await.unwrap().is_empty() {
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                }
            }
            let runs = shop.store.runs(Some(shop.cabinet), &PageAsk::first(50)).await.unwrap().items;
            assert_eq!(runs.len(), minutes / 5, "one load every five minutes");
        }
    }
}
