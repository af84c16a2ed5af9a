//! Comparing Ozon's list with the store: what was lost or spoilt is found, and mended by the ordinary intake.

use chrono::{NaiveTime, TimeDelta};
use domain::reconcile::Difference;
use ozon_sim::{Fault, FaultPlan, GeneratorOptions, PostingDraft, Status};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::sync::Arc;
use storage::Store;
use storage::reconciliations::{Compared, Reconciliation};
use storage::runs::Cause;
use sync::ReconcileAsked;
use testkit::smtp::Sink;
use testkit::{TestDatabase, on_both_databases};

use crate::letters::{Mailbox, load_and_send, send, set_mail};
use crate::shop::{CLIENT, Shop};

fn asked(shop: &Shop, repair: bool) -> ReconcileAsked {
    let until = shop.ozon.now() + TimeDelta::hours(1);
    ReconcileAsked { since: until - TimeDelta::days(40), until, repair, cause: Cause::Command }
}

async fn compared(shop: &Shop, repair: bool) -> Reconciliation {
    shop.ozon.advance_clock(TimeDelta::seconds(5));
    shop.desk.reconcile(shop.cabinet, asked(shop, repair)).await.unwrap()
}

/// A loaded cabinet of fifty postings in every status.
async fn loaded(store: Store) -> (Shop, Vec<String>) {
    let shop = Shop::open(store).await;
    shop.ozon.freeze_clock();
    shop.set(json!({"also_awaiting_deliver": true})).await;
    let numbers = shop.ozon.generate(CLIENT, 50, &GeneratorOptions::every_status_and_type(3)).unwrap();
    shop.load().await;
    (shop, numbers)
}

/// Orders that were delivered after they were loaded.
async fn delivered(shop: &Shop, numbers: &[String]) -> Vec<String> {
    let mut closed = Vec::new();
    for number in numbers {
        let moved = shop.find_order(number).await.is_some()
            && shop.ozon.set_status(CLIENT, number, Status::Delivered).is_ok();
        closed.extend(moved.then(|| number.clone()));
    }
    shop.load().await;
    // Long enough ago that no load looks back so far.
    shop.ozon.advance_clock(TimeDelta::hours(3));
    shop.load().await;
    shop.ozon.advance_clock(TimeDelta::hours(3));
    closed
}

fn what(told: &Reconciliation, number: &str) -> Vec<Difference> {
    let found = told.findings.iter().find(|finding| finding.posting_number == number);
    found.unwrap_or_else(|| panic!("{number} is not among {:?}", told.findings)).differences.clone()
}

const ALL: Compared = Compared { matched: 50, missing: 0, differing: 0, unknown: 0, repaired: 0 };

on_both_databases! {
    async fn a_store_that_is_as_ozon_has_it_matches(store: Store) {
        let (shop, _) = loaded(store).await;
        let told = compared(&shop, false).await;
        assert_eq!(told.compared, ALL);
        assert_eq!(shop.store.last_reconciliation(shop.cabinet).await.unwrap(), Some(told));
    }

    async fn what_changes_at_ozon_meanwhile_is_an_ordinary_loads_and_no_finding(store: Store) {
        let (shop, numbers) = loaded(store).await;
        for number in &numbers {
            let _ = shop.ozon.advance(CLIENT, number);
        }
        shop.add(&PostingDraft::numbered("0105259411-7777-1"));
        assert_eq!(compared(&shop, false).await.compared, Compared { matched: 51, ..ALL });
    }

    async fn what_was_lost_or_spoilt_is_found_and_mended(database: Arc<TestDatabase>) {
        let (shop, numbers) = loaded(database.store.clone()).await;
        let tables = database.tables().await;
        // Closed ones: of what is open every load finds out by itself.
        let closed = delivered(&shop, &numbers).await;
        let [lost, status, lines, sum, ..] = &closed[..] else { panic!("too few orders: {closed:?}") };
        let id = shop.order(lost).await.id;
        for sql in [
            format!("DELETE FROM order_history WHERE order_id = {id}"),
            format!("DELETE FROM order_goods WHERE order_id = {id}"),
            format!("DELETE FROM postings WHERE posting_number = '{lost}'"),
            format!("DELETE FROM orders WHERE id = {id}"),
            format!("UPDATE orders SET ozon_status = 'delivering' WHERE posting_number = '{status}'"),
            format!(
                "DELETE FROM order_goods WHERE order_id = (SELECT id FROM orders WHERE posting_number = '{lines}')"
            ),
            format!("UPDATE orders SET total_minor = total_minor + 1 WHERE posting_number = '{sum}'"),
        ] {
            tables.execute_unprepared(&sql).await.unwrap();
        }
        shop.load().await;
        let told = compared(&shop, false).await;
        assert_eq!(told.compared, Compared { matched: 46, missing: 1, differing: 3, ..ALL }, "{:?}", told.findings);
        assert_eq!(what(&told, lost), [Difference::Missing]);
        assert!(matches!(&what(&told, status)[..], [Difference::Status { here, .. }] if here == "delivering"));
        assert!(matches!(&what(&told, lines)[..], [Difference::Lines { here, .. }] if here.is_empty()));
        assert!(matches!(&what(&told, sum)[..], [Difference::Sum { .. }]));

        let mended = compared(&shop, true).await;
        assert_eq!(mended.compared, Compared { repaired: 4, ..told.compared }, "{:?}", mended.findings);
        assert!(mended.findings.iter().all(|finding| finding.repaired));
        assert_eq!(compared(&shop, false).await.compared, ALL);
        // A posting that is first seen when it is delivered makes no order by itself; a person may still make it one.
        let back = shop.posting(lost).await;
        assert!(back.order_id.is_none() && back.skipped_because.is_some());
        shop.desk.create_order(back.id, &domain::history::Actor::Rule).await.unwrap();
        for number in [lost, status, lines, sum] {
            let (order, truth) = (shop.order(number).await, shop.ozon.truth(CLIENT, number).unwrap());
            assert_eq!(order.ozon_status.code(), truth.status.as_str());
            assert_eq!(order.total.minor, truth.total_minor);
            assert!(!order.lines.is_empty());
        }
    }

    async fn a_posting_that_ozon_does_not_list_is_told_and_left_alone(database: Arc<TestDatabase>) {
        let (shop, numbers) = loaded(database.store.clone()).await;
        let tables = database.tables().await;
        let closed = delivered(&shop, &numbers).await;
        let gone = closed.last().unwrap();
        let other = "9999999999-0001-1";
        for table in ["postings", "orders"] {
            let sql = format!("UPDATE {table} SET posting_number = '{other}' WHERE posting_number = '{gone}'");
            tables.execute_unprepared(&sql).await.unwrap();
        }
        let told = compared(&shop, true).await;
        assert_eq!(told.compared, Compared { matched: 49, missing: 1, unknown: 1, repaired: 1, ..ALL });
        assert_eq!(what(&told, other), [Difference::Unknown]);
        assert!(shop.posting(other).await.posting_number == other, "nothing is ever deleted");
    }

    async fn a_comparison_that_is_stopped_is_kept_with_what_stopped_it(store: Store) {
        let (shop, _) = loaded(store).await;
        shop.ozon.inject_fault(FaultPlan::next_call(Fault::ServerError).times(0));
        let error = shop.desk.reconcile(shop.cabinet, asked(&shop, false)).await.expect_err("Ozon is out of order");
        assert_eq!(error.code(), "outage");
        let kept = shop.store.last_reconciliation(shop.cabinet).await.unwrap().unwrap();
        assert_eq!(kept.error_code.as_deref(), Some("outage"));
    }

    async fn every_night_is_compared_once_and_a_letter_tells_what_differs(database: Arc<TestDatabase>) {
        let (shop, numbers) = loaded(database.store.clone()).await;
        let closed = delivered(&shop, &numbers).await;
        let sink = Sink::open().await;
        set_mail(&shop, &sink).await;
        let mut mailbox = Mailbox::new(&sink);
        let day = shop.ozon.now().date_naive() + TimeDelta::days(1);
        let midnight = day.and_time(NaiveTime::MIN).and_utc();
        shop.ozon.set_clock(midnight);
        load_and_send(&shop).await;
        let nightly = async || {
            shop.desk.reconcile_nightly().await.unwrap();
            while shop.desk.is_reconciling(shop.cabinet).await.unwrap() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            send(&shop).await;
        };
        let kept = async || {
            let ask = storage::PageAsk::first(50);
            shop.store.reconciliations(shop.cabinet, &ask).await.unwrap().items.len()
        };
        // Where a person says when to load, nothing is compared by itself.
        shop.set(json!({"schedule": {"enabled": false}})).await;
        nightly().await;
        assert_eq!(kept().await, 0);
        // Daily at noon of the shop: the comparison's loads do not count as one of these.
        shop.set(json!({"schedule": {"enabled": true, "every": {"days": 3}, "at": "12:00"}})).await;
        let scheduled_from = shop.cabinet().await.scheduled_from;
        nightly().await;
        let first = kept().await;
        for hours in 1..=24 {
            shop.ozon.advance_clock(TimeDelta::hours(1));
            nightly().await;
            assert!(kept().await <= first + 1, "after {hours} hours");
        }
        assert_eq!(kept().await, first + 1, "one a night");
        assert_eq!(shop.cabinet().await.scheduled_from, scheduled_from);
        assert!(shop.cabinet().await.watermark > scheduled_from);
        // One that a person asks for at night takes the nightly one's place from nobody.
        shop.ozon.set_clock(midnight + TimeDelta::days(2) + TimeDelta::minutes(31));
        shop.desk.reconcile(shop.cabinet, asked(&shop, false)).await.unwrap();
        nightly().await;
        assert_eq!(kept().await, first + 3);
        assert!(mailbox.news().is_empty(), "nothing differs");

        // The newest, so that it stays within the nightly period however the days go by.
        let (tables, gone) = (database.tables().await, closed.last().unwrap());
        let sql = format!("UPDATE postings SET posting_number = '9999999999-0001-1' WHERE posting_number = '{gone}'");
        tables.execute_unprepared(&sql).await.unwrap();
        shop.ozon.advance_clock(TimeDelta::hours(24));
        nightly().await;
        let [(subject, text)] = &mailbox.news()[..] else { panic!("one letter") };
        assert_eq!(subject, "Ozon: Сверка: 2 расхождения — Кабинет");
        assert!(text.contains(gone) && text.contains("9999999999-0001-1"), "{text}");
    }
}
