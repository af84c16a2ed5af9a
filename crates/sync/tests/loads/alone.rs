//! One load of a cabinet at a time, also when a process went without a word; and how a load is stopped.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::RunId;
use ozon_sim::{Fault, FaultPlan, GeneratorOptions, POSTING_LIST, UNFULFILLED_LIST};
use storage::Store;
use storage::runs::{Cause, Run, RunState};
use sync::{Desk, LoadError};
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop, clock_of, config};
use crate::stored;

const POSTINGS: usize = 250;

async fn with_postings(store: Store) -> Shop {
    let shop = Shop::open(store).await;
    shop.ozon.generate(CLIENT, POSTINGS, &GeneratorOptions::every_status_and_type(5)).unwrap();
    shop
}

/// Makes the third page of the second sweep come late.
fn slow_third_page(shop: &Shop, millis: u64) {
    let slow = FaultPlan::next_call(Fault::Slow { millis }).of_method(POSTING_LIST).at_call(3);
    shop.ozon.inject_fault(slow);
}

/// The run once it is as wanted.
async fn once(shop: &Shop, run: RunId, wanted: impl Fn(&Run) -> bool) -> Run {
    for _ in 0..600 {
        let now = shop.store.run(run).await.unwrap();
        if wanted(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to that: {:?}", shop.store.run(run).await.unwrap());
}

fn lease_name(shop: &Shop) -> String {
    format!("load of cabinet {}", shop.cabinet)
}

/// Another process holds the place from now on.
async fn taken_by_another(shop: &Shop) -> bool {
    let now = shop.desk.now();
    let taken =
        shop.store.take_lease(&lease_name(shop), "another process", now, TimeDelta::seconds(20)).await;
    taken.unwrap().is_none()
}

on_both_databases! {
    async fn a_second_load_is_refused_while_one_is_going_and_its_progress_is_seen(store: Store) {
        let shop = with_postings(store).await;
        slow_third_page(&shop, 1_000);
        let run = shop.desk.start_load(shop.cabinet, Cause::Panel).await.unwrap();
        let going = once(&shop, run, |run| run.figures.pages >= 2).await;
        assert_eq!((going.state, going.cause), (RunState::Running, Cause::Panel));
        assert!(going.figures.seen > 0 && going.figures.seen < POSTINGS as u64);
        assert_eq!(shop.store.running().await.unwrap().len(), 1);
        let refused = shop.try_load().await.expect_err("one is going");
        assert_eq!(refused.code(), "already_running");
        let LoadError::AlreadyRunning { until } = refused else { panic!("{refused}") };
        assert!(until > shop.desk.now());
        let rest = shop.desk.start_load(shop.cabinet, Cause::Rest).await.expect_err("one is going");
        assert_eq!(rest.code(), "already_running");
        let done = once(&shop, run, |run| run.state != RunState::Running).await;
        assert_eq!((done.state, done.figures.seen), (RunState::Done, POSTINGS as u64));
        assert_eq!(shop.last_run().await.id, run, "a refused load leaves no run");
    }

    async fn the_place_of_a_process_that_went_is_free_after_its_time(store: Store) {
        let shop = with_postings(store).await;
        let left = shop.store.begin_run(shop.cabinet, Cause::Schedule, shop.desk.now()).await.unwrap();
        assert!(taken_by_another(&shop).await);
        assert_eq!(shop.try_load().await.expect_err("the place is held").code(), "already_running");
        shop.ozon.advance_clock(TimeDelta::seconds(21));
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64);
        let left = shop.store.run(left).await.unwrap();
        assert_eq!(left.state, RunState::Interrupted, "what the other one left is closed");
        assert!(left.finished_at.is_some());
        assert_eq!(shop.cabinet().await.failures, 0);
    }

    async fn a_load_that_lost_its_place_ends_and_the_next_one_completes(store: Store) {
        let mut short = config();
        short.lease = Duration::from_millis(400);
        let shop = Shop::with(store, short).await;
        shop.ozon.generate(CLIENT, POSTINGS, &GeneratorOptions::every_status_and_type(5)).unwrap();
        slow_third_page(&shop, 5_000);
        let began = Instant::now();
        let run = shop.desk.start_load(shop.cabinet, Cause::Panel).await.unwrap();
        once(&shop, run, |run| run.figures.pages >= 2).await;
        // As if this process had slept: its time is over, and another one comes first.
        let mut taken = false;
        for _ in 0..50 {
            shop.ozon.advance_clock(TimeDelta::minutes(1));
            taken = taken_by_another(&shop).await;
            if taken {
                break;
            }
        }
        assert!(taken);
        let lost = once(&shop, run, |run| run.state != RunState::Running).await;
        assert_eq!((lost.state, lost.error_code.as_deref()), (RunState::Failed, Some("lost_lease")));
        assert!(began.elapsed() < Duration::from_secs(4), "it does not wait for a slow answer");
        assert_eq!(shop.cabinet().await.watermark, None);
        shop.store.free_lease(&lease_name(&shop), "another process").await.unwrap();
        shop.ozon.clear_faults();
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64);
    }

    async fn a_long_load_keeps_its_place(store: Store) {
        let mut short = config();
        short.lease = Duration::from_millis(400);
        let shop = Shop::with(store, short).await;
        shop.ozon.generate(CLIENT, POSTINGS, &GeneratorOptions::every_status_and_type(5)).unwrap();
        slow_third_page(&shop, 1_500);
        let run = shop.desk.start_load(shop.cabinet, Cause::Panel).await.unwrap();
        once(&shop, run, |run| run.figures.pages >= 2).await;
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert!(!taken_by_another(&shop).await, "twice its time is over, and it is still held");
        assert_eq!(once(&shop, run, |run| run.state != RunState::Running).await.state, RunState::Done);
    }

    async fn the_place_is_free_as_soon_as_a_load_has_ended(store: Store) {
        let mut short = config();
        short.lease = Duration::from_millis(8);
        let shop = Shop::with(store, short).await;
        shop.ozon.freeze_clock();
        for _ in 0..15 {
            shop.load().await;
            assert!(taken_by_another(&shop).await, "nobody holds it any more");
            shop.store.free_lease(&lease_name(&shop), "another process").await.unwrap();
        }
    }

    async fn a_stopped_load_is_interrupted_and_the_next_one_completes(store: Store) {
        let shop = with_postings(store).await;
        slow_third_page(&shop, 20_000);
        let run = shop.desk.start_load(shop.cabinet, Cause::Panel).await.unwrap();
        once(&shop, run, |run| run.figures.pages >= 2).await;
        let began = Instant::now();
        shop.desk.stop().await;
        assert!(began.elapsed() < Duration::from_secs(5), "it does not wait for a slow answer");
        let stopped = shop.store.run(run).await.unwrap();
        assert_eq!((stopped.state, stopped.error_code), (RunState::Interrupted, None));
        assert!(stopped.figures.seen > 0 && stopped.finished_at.is_some());
        let cabinet = shop.cabinet().await;
        assert_eq!((cabinet.watermark, cabinet.failures), (None, 0), "neither complete nor failed");

        // The next process.
        shop.ozon.clear_faults();
        let desk = Desk::new(shop.store.clone(), config(), clock_of(&shop.ozon));
        let next = Shop { desk, ..shop };
        assert_eq!(next.load().await.figures.seen, POSTINGS as u64);
        assert_eq!(stored::postings(&next).await.len(), POSTINGS);
    }

    async fn a_load_that_is_waited_for_can_be_stopped_too(store: Store) {
        let shop = with_postings(store).await;
        let hang = FaultPlan::next_call(Fault::Slow { millis: 20_000 }).of_method(UNFULFILLED_LIST).at_call(2);
        shop.ozon.inject_fault(hang);
        let (ended, ()) = tokio::join!(shop.try_load(), async {
            while shop.ozon.request_count(UNFULFILLED_LIST) < 1 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            shop.desk.stop().await;
        });
        assert_eq!(ended.expect_err("stopped").code(), "stopping");
        assert_eq!(shop.last_run().await.state, RunState::Interrupted);
        assert!(taken_by_another(&shop).await, "the place is free");
    }
}
