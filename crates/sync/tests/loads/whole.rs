//! Whole loads: everything that is at Ozon, nothing twice, and nothing for a second one to do.

use chrono::TimeDelta;
use ozon_sim::{CANCELLATION_LIST, GeneratorOptions, POSTING_GET, POSTING_LIST, UNFULFILLED_LIST};
use serde_json::json;
use storage::Store;
use storage::runs::{Cause, RunState};
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};
use crate::stored;
use crate::truth::{OPEN, assert_first_load_agrees};

/// A cabinet of 1,000 postings of all statuses and delivery types, some of them older than `load_from`.
async fn thousand(store: Store) -> Shop {
    let shop = Shop::open(store).await;
    let options = GeneratorOptions {
        days: 60,
        same_order_share: 0.1,
        legal_share: 0.06,
        without_shipment_date_share: 0.05,
        ..GeneratorOptions::every_status_and_type(7)
    };
    shop.ozon.generate(CLIENT, 1_000, &options).unwrap();
    shop
}

on_both_databases! {
    async fn a_first_load_makes_exactly_the_orders_that_the_settings_call_for(store: Store) {
        let shop = thousand(store).await;
        let report = shop.load().await;
        let (with, without) = assert_first_load_agrees(&shop, false).await;
        assert!(with > 150 && without > 500, "{with} {without}");
        let figures = report.figures;
        assert_eq!((figures.seen, figures.created, figures.skipped), (1_000, with, without));
        assert_eq!((figures.updated, figures.unchanged, figures.failed), (0, 0, 0));
        let run = report.run.unwrap();
        assert_eq!((run.state, run.cause, run.figures), (RunState::Done, Cause::Command, figures));
        assert_eq!(shop.cabinet().await.watermark, Some(run.started_at));
        assert_eq!(shop.ozon.request_count(POSTING_GET), 0, "a load asks for no posting by itself");

        // A second load has nothing to do and asks for little.
        let before = stored::everything(&shop).await;
        shop.ozon.clear_requests();
        let again = shop.load().await;
        let started = again.run.unwrap().started_at;
        let truths = shop.ozon.truths(CLIENT);
        let open: Vec<_> = truths
            .iter()
            .filter(|t| OPEN.contains(&t.status.as_str()) && t.shipment_date.is_some())
            .map(|t| t.posting_number.clone())
            .collect();
        let recent = truths.iter().filter(|t| t.status_changed_at >= run.started_at - TimeDelta::hours(1));
        let recent: Vec<_> = recent.map(|t| t.posting_number.clone()).collect();
        let mut shown = [open.clone(), recent.clone()].concat();
        shown.sort();
        shown.dedup();
        let pages = |postings: usize| postings.div_ceil(100).max(1) as u64;
        assert_eq!(shop.ozon.request_count(UNFULFILLED_LIST), pages(open.len()));
        assert_eq!(shop.ozon.request_count(POSTING_LIST), pages(recent.len()));
        assert_eq!(shop.ozon.request_count(CANCELLATION_LIST), 1);
        assert_eq!(shop.ozon.request_counts().0, pages(open.len()) + pages(recent.len()) + 1);
        let figures = again.figures;
        assert_eq!(figures.seen, shown.len() as u64);
        assert_eq!((figures.created, figures.updated, figures.failed), (0, 0, 0));
        assert_eq!(figures.unchanged + figures.skipped, figures.seen);
        stored::assert_same(&before, &stored::everything(&shop).await, "after the second load");
        assert_eq!(shop.cabinet().await.watermark, Some(started));
    }

    async fn row_8_adds_what_is_packed_and_not_older_than_load_from(store: Store) {
        let shop = thousand(store).await;
        shop.set(json!({ "also_awaiting_deliver": true })).await;
        let report = shop.load().await;
        let (with, without) = assert_first_load_agrees(&shop, true).await;
        assert_eq!((report.figures.created, report.figures.skipped), (with, without));
        assert!(with > 250, "{with}");
    }

    async fn load_from_bounds_what_row_8_adds(store: Store) {
        let shop = Shop::open(store).await;
        let load_from = shop.ozon.now() - TimeDelta::days(3);
        let options = GeneratorOptions { days: 10, ..GeneratorOptions::every_status_and_type(8) };
        shop.ozon.generate(CLIENT, 210, &options).unwrap();
        shop.set(json!({ "also_awaiting_deliver": true, "load_from": load_from })).await;
        shop.load().await;
        assert_first_load_agrees(&shop, true).await;
    }
}
