//! What changes at Ozon between two loads, and how it arrives.

use chrono::TimeDelta;
use domain::by_hand::Act;
use domain::{Field, Flag, Reason, SkipReason};
use ozon_sim::{LineDraft, POSTING_LIST, Piece, PostingDraft, Status};
use serde_json::json;
use storage::Store;
use storage::runs::Cause;
use sync::{Clock, Desk, LoadOptions};
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop, config};

const NUMBER: &str = "0105259411-0854-1";

fn line(sku: i64, quantity: u32, price: &str) -> LineDraft {
    LineDraft {
        sku,
        offer_id: format!("A-{sku}"),
        name: "Кружка".to_owned(),
        quantity,
        price: price.to_owned(),
    }
}

fn draft(status: Status) -> PostingDraft {
    PostingDraft {
        status: Some(status),
        lines: vec![line(11, 3, "100.50"), line(12, 1, "20.00")],
        ..PostingDraft::numbered(NUMBER)
    }
}

/// A shop that has loaded one posting in this status.
async fn loaded(store: Store, status: Status) -> Shop {
    let shop = Shop::open(store).await;
    shop.add(&draft(status));
    shop.load().await;
    shop.ozon.advance_clock(TimeDelta::minutes(5));
    shop
}

on_both_databases! {
    async fn a_change_of_an_eleven_month_old_posting_arrives_with_the_next_load(store: Store) {
        let shop = Shop::open(store).await;
        let old = shop.ozon.now() - TimeDelta::days(335);
        shop.add(&PostingDraft {
            in_process_at: Some(old),
            shipment_date: Some(old + TimeDelta::days(2)),
            ..draft(Status::AwaitingPackaging)
        });
        assert_eq!(shop.load().await.figures.created, 1, "an initial status makes an order whatever its age");
        shop.ozon.advance_clock(TimeDelta::hours(5));
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        shop.ozon.advance_clock(TimeDelta::hours(5));
        assert_eq!(shop.load().await.figures.updated, 1);
        assert_eq!(shop.order(NUMBER).await.ozon_status.code(), "delivering");
        assert_eq!(shop.status_of(NUMBER).await, "Отправлен");
    }

    async fn a_posting_that_came_between_two_loads_becomes_an_order(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        let new = shop.add(&PostingDraft::default());
        let figures = shop.load().await.figures;
        assert_eq!((figures.created, figures.updated, figures.unchanged), (1, 0, 1));
        shop.order(&new).await;
    }

    async fn a_posting_without_shipment_date_is_found_by_the_second_sweep(store: Store) {
        let shop = Shop::open(store).await;
        shop.add(&PostingDraft { without_shipment_date: true, ..draft(Status::AwaitingPackaging) });
        shop.load().await;
        assert_eq!(shop.order(NUMBER).await.ship_by, None);
        shop.ozon.advance_clock(TimeDelta::minutes(5));
        shop.ozon.advance(CLIENT, NUMBER).unwrap();
        assert_eq!(shop.load().await.figures.updated, 1);
        assert_eq!(shop.order(NUMBER).await.ozon_status.code(), "awaiting_deliver");
    }

    async fn a_shipment_date_that_moved_without_a_change_of_status_arrives(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        shop.ozon.advance_clock(TimeDelta::hours(3));
        let to = shop.ozon.now() + TimeDelta::days(4);
        shop.ozon.move_shipment_date(CLIENT, NUMBER, Some(to)).unwrap();
        assert_eq!(shop.load().await.figures.updated, 1);
        let order = shop.order(NUMBER).await;
        assert_eq!(order.ship_by, Some(to));
        assert!(shop.history(&order).await.iter().any(|entry| entry.field == Field::ShipBy));
    }

    async fn a_part_that_is_cancelled_without_a_change_of_status_reduces_the_total(store: Store) {
        let shop = loaded(store, Status::AwaitingDeliver).await;
        assert!(shop.find_order(NUMBER).await.is_none());
        shop.set(json!({ "also_awaiting_deliver": true })).await;
        shop.load().await;
        shop.ozon.advance_clock(TimeDelta::hours(3));
        shop.ozon.reduce_quantity(CLIENT, NUMBER, 11, 1).unwrap();
        shop.load().await;
        let order = shop.order(NUMBER).await;
        let lines: Vec<_> = order.lines.iter().map(|l| (l.sku, l.quantity, l.cancelled)).collect();
        assert_eq!(lines, [(Some(11), 1, 2), (Some(12), 1, 0)]);
        assert_eq!(order.total.minor, 12_050);
        assert!(order.flags.contains(&Flag::PartlyCancelled));
    }

    async fn a_posting_that_row_8_kept_out_becomes_an_order_once_it_is_on(store: Store) {
        let shop = loaded(store, Status::AwaitingDeliver).await;
        assert_eq!(shop.posting(NUMBER).await.skipped_because, Some(SkipReason::AlsoAwaitingDeliverOff));
        shop.set(json!({ "also_awaiting_deliver": true })).await;
        assert_eq!(shop.load().await.figures.created, 1);
        assert_eq!(shop.posting(NUMBER).await.skipped_because, None);
    }

    async fn a_posting_first_seen_as_delivered_makes_no_order(store: Store) {
        let shop = loaded(store, Status::Delivered).await;
        assert!(shop.find_order(NUMBER).await.is_none());
        assert_eq!(shop.posting(NUMBER).await.skipped_because, Some(SkipReason::FirstSeenTooLate));
    }

    async fn a_split_posting_ends_and_each_part_becomes_an_order(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        let piece = |sku, quantity| Piece { sku, quantity };
        let parts = vec![vec![piece(11, 2)], vec![piece(11, 1), piece(12, 1)]];
        let children = shop.ozon.split(CLIENT, NUMBER, parts).unwrap();
        let figures = shop.load().await.figures;
        assert_eq!((figures.created, figures.updated), (2, 1));
        let parent = shop.order(NUMBER).await;
        assert_eq!(parent.ozon_status.code(), "cancelled_from_split_pending");
        assert_eq!(shop.status_of(NUMBER).await, "Отменён");
        assert!(parent.flags.is_empty(), "it never counts as cancelled goods: {:?}", parent.flags);
        assert_eq!(parent.total.minor, 0, "its goods count where they went");
        assert!(parent.lines.iter().all(|line| line.cancelled == 0));
        let mut totals = Vec::new();
        for child in &children {
            let order = shop.order(child).await;
            assert_eq!(order.parent.as_ref().map(domain::PostingNumber::as_str), Some(NUMBER));
            assert_eq!(order.ozon_order_number, parent.ozon_order_number);
            totals.push(order.total.minor);
        }
        assert_eq!(totals, [20_100, 12_050]);
        let related = shop.store.related_orders(&parent).await.unwrap();
        assert_eq!(related.iter().map(|(_, n)| n.to_string()).collect::<Vec<_>>(), children);
    }

    async fn an_unknown_status_is_kept_and_changes_nothing_until_a_known_one_comes(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        shop.ozon.set_status(CLIENT, NUMBER, Status::Other("teleported".to_owned())).unwrap();
        shop.load().await;
        assert_eq!(shop.order(NUMBER).await.ozon_status.code(), "teleported");
        assert_eq!(shop.status_of(NUMBER).await, "Новый");
        assert_eq!(shop.store.unknown_codes(shop.cabinet).await.unwrap(), ["teleported"]);
        // Once more, and of another posting: the code is known to be unknown.
        shop.ozon.advance_clock(TimeDelta::minutes(5));
        let second = shop.add(&PostingDraft {
            status: Some(Status::Other("teleported".to_owned())),
            ..PostingDraft::default()
        });
        shop.load().await;
        assert_eq!(shop.posting(&second).await.skipped_because, Some(SkipReason::UnknownStatus));
        shop.ozon.advance_clock(TimeDelta::minutes(5));
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        shop.ozon.set_status(CLIENT, &second, Status::AwaitingPackaging).unwrap();
        let figures = shop.load().await.figures;
        assert_eq!((figures.created, figures.updated), (1, 1));
        assert_eq!(shop.status_of(NUMBER).await, "Отправлен");
        assert_eq!(shop.status_of(&second).await, "Новый");
    }

    async fn a_row_of_the_map_for_an_unknown_status_acts(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        shop.add(&PostingDraft { status: Some(Status::Other("teleported".to_owned())), ..PostingDraft::default() });
        shop.load().await;
        let disputed = shop.status("Спор").await;
        shop.set(json!({ "status_map": { "teleported": disputed } })).await;
        shop.ozon.advance_clock(TimeDelta::minutes(5));
        shop.ozon.set_status(CLIENT, NUMBER, Status::Other("teleported".to_owned())).unwrap();
        shop.load().await;
        assert_eq!(shop.status_of(NUMBER).await, "Спор");
    }

    async fn a_status_set_by_hand_stands_until_ozons_code_changes(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        let in_work = shop.status("В обработке").await;
        shop.act(NUMBER, Act::SetStatus(in_work)).await;
        shop.act(NUMBER, Act::SetComment("подарок".to_owned())).await;
        shop.ozon.move_shipment_date(CLIENT, NUMBER, Some(shop.ozon.now() + TimeDelta::days(3))).unwrap();
        shop.load().await;
        assert_eq!(shop.status_of(NUMBER).await, "В обработке");
        shop.ozon.advance(CLIENT, NUMBER).unwrap();
        shop.load().await;
        assert_eq!(shop.status_of(NUMBER).await, "Собран");
        assert_eq!(shop.order(NUMBER).await.admin_comment, "подарок");
    }

    async fn a_delivered_order_is_paid_and_a_step_back_is_noted(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        shop.ozon.set_status(CLIENT, NUMBER, Status::Arbitration).unwrap();
        shop.load().await;
        assert_eq!(shop.status_of(NUMBER).await, "Спор");
        shop.ozon.set_status(CLIENT, NUMBER, Status::AwaitingDeliver).unwrap();
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert_eq!(shop.status_of(NUMBER).await, "Собран");
        assert!(shop.history(&order).await.iter().any(|entry| entry.reason == Reason::StepBack));
        assert!(!order.paid);
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivered).unwrap();
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert!(order.paid && order.paid_at.is_some());
        assert_eq!(shop.status_of(NUMBER).await, "Доставлен");
    }

    async fn a_change_arrives_at_once_when_ozons_clock_is_ahead_of_ours_or_behind(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        let skewed = |minutes: i64| {
            let ozon = shop.ozon.clone();
            let clock = Clock::of(move || ozon.now() - TimeDelta::minutes(minutes));
            Desk::new(shop.store.clone(), config(), clock)
        };
        for (minutes, status) in [(10, Status::Delivering), (-10, Status::Delivered)] {
            // The first load of a new clock sets its own watermark.
            let desk = skewed(minutes);
            shop.ozon.advance_clock(TimeDelta::hours(1));
            desk.load(shop.cabinet, Cause::Rest, LoadOptions::default()).await.unwrap();
            shop.ozon.advance_clock(TimeDelta::minutes(5));
            shop.ozon.set_status(CLIENT, NUMBER, status.clone()).unwrap();
            desk.load(shop.cabinet, Cause::Rest, LoadOptions::default()).await.unwrap();
            assert_eq!(shop.order(NUMBER).await.ozon_status.code(), status.as_str());
        }
    }

    async fn changes_while_nothing_was_loaded_for_a_month_arrive_with_one_load(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        shop.ozon.advance_clock(TimeDelta::days(10));
        let between = shop.add(&PostingDraft::default());
        shop.ozon.advance_clock(TimeDelta::days(20));
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivered).unwrap();
        shop.ozon.advance_clock(TimeDelta::days(1));
        shop.ozon.clear_requests();
        let figures = shop.load().await.figures;
        assert_eq!((figures.created, figures.updated), (1, 1));
        assert_eq!(shop.ozon.request_count(POSTING_LIST), 1);
        assert_eq!(shop.order(NUMBER).await.ozon_status.code(), "delivered");
        shop.order(&between).await;
    }
}
