//! Faults of the network and of Ozon in the middle of a load: nothing is lost, nothing is doubled.

use std::time::Duration;

use ozon_sim::{EqualAtBorders, Fault, FaultPlan, GeneratorOptions, POSTING_LIST, UNFULFILLED_LIST};
use storage::Store;
use storage::runs::RunState;
use testkit::{TestDatabase, on_both_databases};

use crate::shop::{CLIENT, Shop, config};
use crate::stored;

const POSTINGS: usize = 130;

/// A cabinet of two pages; postings of one instant lie across their border.
async fn two_pages(store: Store) -> Shop {
    of_pages(store, POSTINGS).await
}

async fn of_pages(store: Store, postings: usize) -> Shop {
    let mut config = config();
    config.client.request_timeout = Duration::from_millis(1_300);
    config.client.retry.attempts = 2;
    let shop = Shop::with(store, config).await;
    let options = GeneratorOptions {
        days: 60,
        same_order_share: 0.2,
        without_shipment_date_share: 0.1,
        equal_at_borders: Some(EqualAtBorders { page: 100, run: 6 }),
        ..GeneratorOptions::every_status_and_type(11)
    };
    shop.ozon.generate(CLIENT, postings, &options).unwrap();
    shop
}

/// The fault stays on the second page of the second sweep; then it passes by itself; then all is as if nothing had been.
async fn outlived(store: Store, fault: Fault, code: &str) {
    let shop = two_pages(store).await;
    let second_page = |fault: Fault| FaultPlan::next_call(fault).of_method(POSTING_LIST).at_call(2);
    shop.ozon.inject_fault(second_page(fault.clone()).times(0));
    let error = shop.try_load().await.expect_err("the fault stays");
    assert_eq!(error.code(), code, "{error}");
    let run = shop.last_run().await;
    assert_eq!((run.state, run.error_code.as_deref()), (RunState::Failed, Some(code)));
    assert!(run.error.is_some() && run.finished_at.is_some());
    assert!(run.figures.seen >= 100, "what came before the fault is kept: {:?}", run.figures);
    let cabinet = shop.cabinet().await;
    assert_eq!((cabinet.watermark, cabinet.failures), (None, 1));
    assert!(cabinet.last_failure_at.is_some());
    let stored = stored::postings(&shop).await.len();
    assert!((100..POSTINGS).contains(&stored), "{stored} stored");

    shop.ozon.clear_faults();
    if code == "answer_too_large" {
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64);
    } else {
        shop.ozon.inject_fault(second_page(fault));
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64, "a fault that passes is outlived");
        assert!(shop.ozon.pending_faults().is_empty(), "the fault was met");
    }
    let cabinet = shop.cabinet().await;
    assert_eq!((cabinet.watermark, cabinet.failures), (Some(shop.last_run().await.started_at), 0));
    assert_as_undisturbed(&shop).await;
}

/// Compares with a shop that loads the same cabinet in peace.
async fn assert_as_undisturbed(shop: &Shop) {
    shop.ozon.clear_faults();
    let database = TestDatabase::sqlite().await;
    let peaceful = shop.beside(database.store.clone()).await;
    let figures = peaceful.load().await.figures;
    assert_eq!(figures.seen, shop.ozon.posting_count(CLIENT) as u64);
    stored::assert_same(&stored::essence(shop).await, &stored::essence(&peaceful).await, "undisturbed");
}

macro_rules! outlives {
    ($($name:ident: $fault:expr => $code:literal;)*) => {
        on_both_databases! {
            $(async fn $name(store: Store) { outlived(store, $fault, $code).await; })*
        }
    };
}

outlives! {
    a_429_with_retry_after: Fault::TooManyRequests { retry_after: 1 } => "rate_limited";
    a_500: Fault::ServerError => "outage";
    a_502_of_html: Fault::BadGateway => "outage";
    a_body_that_is_cut: Fault::CutBody => "broken_answer";
    an_answer_beyond_the_time_out: Fault::Slow { millis: 1_500 } => "timeout";
    a_closed_connection: Fault::Hangup => "network";
    a_200_without_a_body: Fault::EmptyBody => "broken_answer";
    an_empty_object: Fault::EmptyObject => "broken_answer";
    an_empty_page_with_has_next: Fault::EmptyPage => "broken_answer";
    a_body_of_50_megabytes: Fault::HugeBody { bytes: 50_000_000 } => "answer_too_large";
    broken_json: Fault::BrokenJson => "broken_answer";
}

on_both_databases! {
    async fn a_cursor_that_stands_still_fails_the_load_and_loses_no_page(store: Store) {
        let shop = two_pages(store).await;
        shop.ozon.inject_fault(FaultPlan::next_call(Fault::RepeatedCursor).of_method(POSTING_LIST).at_call(2));
        let error = shop.try_load().await.expect_err("it would go in a circle");
        assert_eq!(error.code(), "broken_answer");
        assert_eq!(shop.last_run().await.state, RunState::Failed);
        assert_eq!(shop.cabinet().await.watermark, None);
        assert_eq!(stored::postings(&shop).await.len(), POSTINGS, "the page before the error is kept");
        shop.load().await;
        assert_as_undisturbed(&shop).await;
    }

    async fn a_fault_of_the_first_sweep_fails_the_load_as_well(store: Store) {
        let shop = two_pages(store).await;
        shop.ozon.inject_fault(FaultPlan::next_call(Fault::EmptyObject).of_method(UNFULFILLED_LIST).times(0));
        assert_eq!(shop.try_load().await.expect_err("the fault stays").code(), "broken_answer");
        assert_eq!(shop.cabinet().await.watermark, None);
        assert_eq!(shop.ozon.request_count(POSTING_LIST), 0);
        shop.ozon.clear_faults();
        shop.load().await;
        assert_as_undisturbed(&shop).await;
    }

    async fn a_fault_in_a_later_load_leaves_the_watermark_where_it_was(store: Store) {
        let shop = of_pages(store, 230).await;
        shop.load().await;
        let watermark = shop.cabinet().await.watermark;
        shop.ozon.advance_clock(chrono::TimeDelta::hours(2));
        let numbers = shop.ozon.posting_numbers(CLIENT);
        let moved = numbers.iter().filter(|number| shop.ozon.advance(CLIENT, number).is_ok()).count();
        assert!(moved > 100, "{moved}");
        shop.ozon.inject_fault(FaultPlan::next_call(Fault::ServerError).of_method(POSTING_LIST).at_call(2).times(0));
        shop.try_load().await.expect_err("the fault stays");
        assert_eq!(shop.cabinet().await.watermark, watermark);
        shop.ozon.clear_faults();
        shop.ozon.advance_clock(chrono::TimeDelta::hours(2));
        shop.load().await;
        for truth in shop.ozon.truths(CLIENT) {
            assert_eq!(shop.posting(&truth.posting_number).await.ozon_status, truth.status.as_str());
        }
    }

    async fn a_posting_twice_on_one_page_is_one_order(store: Store) {
        let shop = two_pages(store).await;
        for list in [POSTING_LIST, UNFULFILLED_LIST] {
            shop.ozon.inject_fault(FaultPlan::next_call(Fault::DoubledPosting).of_method(list).times(0));
        }
        let figures = shop.load().await.figures;
        assert_eq!(figures.seen, POSTINGS as u64);
        assert_eq!(figures.created + figures.skipped, POSTINGS as u64);
        assert_as_undisturbed(&shop).await;
    }

    async fn a_posting_inserted_behind_the_page_is_found_at_once(store: Store) {
        let shop = two_pages(store).await;
        let inserted = Fault::InsertedPosting { before_page: false };
        shop.ozon.inject_fault(FaultPlan::next_call(inserted).of_method(POSTING_LIST));
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64 + 1);
        assert_as_undisturbed(&shop).await;
    }

    async fn a_posting_inserted_before_the_page_is_found_by_the_next_load(store: Store) {
        let shop = two_pages(store).await;
        let inserted = Fault::InsertedPosting { before_page: true };
        shop.ozon.inject_fault(FaultPlan::next_call(inserted).of_method(POSTING_LIST).at_call(2));
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64);
        assert_eq!(shop.ozon.posting_count(CLIENT), POSTINGS + 1);
        shop.load().await;
        assert_as_undisturbed(&shop).await;
    }

    async fn postings_of_one_instant_are_all_loaded(store: Store) {
        let shop = Shop::open(store).await;
        let at = shop.ozon.now() - chrono::TimeDelta::days(2);
        let options = GeneratorOptions { in_process_at: Some(at), ..GeneratorOptions::seeded(3) };
        shop.ozon.generate(CLIENT, POSTINGS, &options).unwrap();
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64);
        assert_as_undisturbed(&shop).await;
    }

    async fn a_period_that_ozon_finds_too_long_is_halved(store: Store) {
        let shop = two_pages(store).await;
        let too_long = Fault::Refuse { http: 400, code: 3, message: "PERIOD_IS_TOO_LONG".to_owned() };
        for list in [POSTING_LIST, UNFULFILLED_LIST] {
            shop.ozon.inject_fault(FaultPlan::next_call(too_long.clone()).of_method(list).times(2));
        }
        assert_eq!(shop.load().await.figures.seen, POSTINGS as u64);
        assert_as_undisturbed(&shop).await;
        shop.ozon.inject_fault(FaultPlan::next_call(too_long).of_method(POSTING_LIST).times(0));
        shop.ozon.clear_requests();
        assert_eq!(shop.try_load().await.expect_err("it stays").code(), "period_too_long");
        assert!(shop.ozon.request_count(POSTING_LIST) < 10, "halving comes to an end");
    }
}
