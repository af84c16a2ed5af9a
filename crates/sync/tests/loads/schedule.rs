//! Loads by schedule, with a clock that stands unless it is moved.

use std::time::Duration;

use chrono::{TimeDelta, Timelike};
use ozon_sim::{Fault, FaultPlan, GeneratorOptions, POSTING_LIST};
use serde_json::json;
use storage::runs::{Cause, Run, RunState};
use storage::{PageAsk, Store};
use sync::Desk;
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop, clock_of, config};

/// A shop whose clock stands at noon in Moscow.
async fn at_noon(store: Store) -> Shop {
    let shop = Shop::open(store).await;
    shop.ozon.freeze_clock();
    let noon = shop.ozon.now().with_hour(9).unwrap().with_minute(0).unwrap().with_second(0).unwrap();
    shop.ozon.set_clock(noon + TimeDelta::days(1));
    shop.ozon.generate(CLIENT, 5, &GeneratorOptions::seeded(5)).unwrap();
    // The cabinet was added before the clock was set.
    assert_eq!(after(&shop, TimeDelta::zero()).await, 1);
    shop
}

async fn runs(shop: &Shop) -> Vec<Run> {
    shop.store.runs(Some(shop.cabinet), &PageAsk::first(200)).await.unwrap().items
}

/// Moves the clock and looks what is due; how many loads that brought, each one ended.
async fn after(shop: &Shop, by: TimeDelta) -> usize {
    shop.ozon.advance_clock(by);
    let before = runs(shop).await.len();
    shop.desk.start_what_is_due().await.unwrap();
    at_rest(shop).await;
    runs(shop).await.len() - before
}

/// Waits until nothing is going and nobody holds the place.
async fn at_rest(shop: &Shop) {
    let name = format!("load of cabinet {}", shop.cabinet);
    let second = TimeDelta::seconds(1);
    while !shop.store.running().await.unwrap().is_empty()
        || shop.store.take_lease(&name, "the test", shop.desk.now(), second).await.unwrap().is_some()
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.store.free_lease(&name, "the test").await.unwrap();
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);

on_both_databases! {
    async fn a_load_is_due_five_minutes_after_the_start_of_the_last_one(store: Store) {
        let shop = at_noon(store).await;
        assert_eq!(after(&shop, TimeDelta::zero()).await, 0);
        assert_eq!(after(&shop, MINUTE * 4).await, 0);
        assert_eq!(after(&shop, MINUTE).await, 1);
        let run = shop.last_run().await;
        assert_eq!((run.cause, run.state), (Cause::Schedule, RunState::Done));
        assert_eq!(after(&shop, MINUTE * 4).await, 0);
        // A load by hand is a load.
        shop.load().await;
        assert_eq!(after(&shop, MINUTE).await, 0);
        assert_eq!(after(&shop, MINUTE * 4).await, 1);
    }

    async fn loads_missed_while_the_server_was_down_are_made_up_once(store: Store) {
        let shop = at_noon(store).await;
        assert_eq!(after(&shop, TimeDelta::days(3)).await, 1);
        for _ in 0..3 {
            assert_eq!(after(&shop, TimeDelta::seconds(1)).await, 0);
        }
    }

    async fn a_failed_load_never_counts_as_the_last_one(store: Store) {
        let shop = at_noon(store).await;
        let watermark = shop.cabinet().await.watermark;
        shop.set(json!({ "schedule": { "every": { "hours": 1 } } })).await;
        shop.ozon.inject_fault(FaultPlan::next_call(Fault::ServerError).of_method(POSTING_LIST).times(0));
        assert_eq!(after(&shop, TimeDelta::hours(1)).await, 1);
        assert_eq!(shop.last_run().await.state, RunState::Failed);
        assert_eq!(shop.cabinet().await.watermark, watermark);
        assert_eq!(after(&shop, TimeDelta::seconds(59)).await, 0, "not at once");
        assert_eq!(after(&shop, TimeDelta::seconds(1)).await, 1, "but soon");
        assert_eq!(after(&shop, MINUTE).await, 0, "and then less often");
        assert_eq!(after(&shop, MINUTE).await, 1);
        assert_eq!(shop.cabinet().await.failures, 3);
        shop.ozon.clear_faults();
        assert_eq!(after(&shop, MINUTE * 5).await, 1);
        let cabinet = shop.cabinet().await;
        assert_eq!((cabinet.failures, cabinet.watermark), (0, Some(shop.desk.now())));
        assert_eq!(after(&shop, MINUTE * 59).await, 0);
        assert_eq!(after(&shop, MINUTE).await, 1);
    }

    async fn a_schedule_of_days_loads_at_its_local_time(store: Store) {
        let shop = at_noon(store).await;
        shop.set(json!({ "schedule": { "every": { "days": 1 }, "at": "06:00" } })).await;
        assert_eq!(after(&shop, TimeDelta::hours(17)).await, 0, "05:00 in Moscow");
        assert_eq!(after(&shop, TimeDelta::hours(1)).await, 1, "06:00 in Moscow");
        assert_eq!(after(&shop, TimeDelta::hours(23)).await, 0);
        assert_eq!(after(&shop, TimeDelta::hours(1)).await, 1);
        // Down over the time, up at nine: made up once, and the day after at six again.
        assert_eq!(after(&shop, TimeDelta::hours(27)).await, 1);
        assert_eq!(after(&shop, TimeDelta::hours(20)).await, 0);
        assert_eq!(after(&shop, TimeDelta::hours(1)).await, 1);
    }

    async fn what_is_switched_off_is_not_loaded_and_settings_of_another_process_act_at_once(store: Store) {
        let shop = at_noon(store).await;
        let other = Desk::new(shop.store.clone(), config(), clock_of(&shop.ozon));
        let set = async |patch| {
            other.store().apply_settings(shop.cabinet, &patch, "another", other.now()).await.unwrap();
        };
        set(json!({ "schedule": { "enabled": false } })).await;
        assert_eq!(after(&shop, TimeDelta::days(2)).await, 0);
        shop.load().await;
        set(json!({ "schedule": { "enabled": true, "every": { "minutes": 30 } } })).await;
        assert_eq!(after(&shop, MINUTE * 29).await, 0);
        set(json!({ "schedule": { "every": { "minutes": 1 } } })).await;
        assert_eq!(after(&shop, TimeDelta::zero()).await, 1);
        other.store().disable_cabinet(shop.cabinet, other.now(), "another").await.unwrap();
        assert_eq!(after(&shop, TimeDelta::days(1)).await, 0);
        other.store().enable_cabinet(shop.cabinet, other.now(), "another").await.unwrap();
        assert_eq!(after(&shop, TimeDelta::zero()).await, 1);
    }

    async fn one_cabinet_that_cannot_be_loaded_does_not_keep_another_from_it(store: Store) {
        let shop = at_noon(store).await;
        let broken = crate::shop::add_cabinet(&shop.desk, "А без адреса", "7", "not an address").await;
        assert_eq!(after(&shop, MINUTE * 5).await, 1);
        assert_eq!(shop.last_run().await.state, RunState::Done);
        let run = shop.store.last_run(broken).await.unwrap().unwrap();
        assert_eq!((run.state, run.error_code.as_deref()), (RunState::Failed, Some("bad_address")));
    }

    async fn the_scheduler_loads_by_itself_until_it_is_stopped(store: Store) {
        let shop = at_noon(store).await;
        shop.ozon.advance_clock(MINUTE * 6);
        let desk = shop.desk.clone();
        let scheduler = tokio::spawn(async move { desk.run_scheduler().await });
        // The key is looked at once a day, and this is the first time.
        while runs(&shop).await.len() < 2 || shop.cabinet().await.checked_at.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        shop.desk.stop().await;
        tokio::time::timeout(Duration::from_secs(1), scheduler).await.unwrap().unwrap();
        assert!(shop.store.running().await.unwrap().is_empty());
    }
}
