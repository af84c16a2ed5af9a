//! Settings row 9 over real HTTP: splits by packing and without it, partial cancellation, boxes and containers.

use chrono::TimeDelta;
use domain::{Field, Flag, Order, SkipReason};
use ozon_sim::{LineDraft, Piece, PostingDraft, Status};
use serde_json::json;
use storage::Store;
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};

const NUMBER: &str = "0105259411-0854-1";

fn line(sku: i64, quantity: u32, price: &str) -> LineDraft {
    let (offer_id, name) = (format!("A-{sku}"), "Кружка".to_owned());
    LineDraft { sku, offer_id, name, quantity, price: price.to_owned() }
}

/// A shop that has loaded one posting of three mugs and a plate, not packed yet.
async fn loaded(store: Store) -> Shop {
    let shop = Shop::open(store).await;
    shop.add(&PostingDraft {
        status: Some(Status::AwaitingPackaging),
        lines: vec![line(11, 3, "100.00"), line(12, 1, "20.00")],
        ..PostingDraft::numbered(NUMBER)
    });
    shop.load().await;
    shop.ozon.advance_clock(TimeDelta::minutes(5));
    shop
}

fn lines(order: &Order) -> Vec<(&str, u32, u32, u32)> {
    order.lines.iter().map(|l| (l.offer_id.as_str(), l.quantity, l.cancelled, l.moved)).collect()
}

fn piece(sku: i64, quantity: u32) -> Piece {
    Piece { sku, quantity }
}

on_both_databases! {
    async fn packed_in_two_packages_each_has_its_order_and_nothing_counts_as_cancelled(store: Store) {
        let shop = loaded(store).await;
        let packages = vec![vec![piece(11, 2)], vec![piece(11, 1), piece(12, 1)]];
        let made = shop.ozon.ship_in_packages(CLIENT, NUMBER, packages).unwrap();
        shop.load().await;
        let (parent, part) = (shop.order(NUMBER).await, shop.order(&made[0]).await);
        assert_eq!(lines(&parent), [("A-11", 2, 0, 1), ("A-12", 0, 0, 1)]);
        assert_eq!(lines(&part), [("A-11", 1, 0, 0), ("A-12", 1, 0, 0)]);
        assert_eq!((parent.total.minor, part.total.minor), (20_000, 12_000));
        assert_eq!(part.parent.as_ref().map(domain::PostingNumber::as_str), Some(NUMBER));
        assert_eq!(part.order_date, parent.order_date);
        assert!(!parent.flags.contains(&Flag::PartlyCancelled));
        let related = shop.store.related_orders(&parent).await.unwrap();
        assert!(related.iter().any(|(id, _)| *id == part.id), "linked both ways");
        let history = shop.history(&parent).await;
        assert!(history.iter().any(|e| e.field == Field::Lines && e.old.is_some() && e.new.is_some()));
        assert!(history.iter().any(|e| e.field == Field::Boxes && e.new.as_deref() == Some(made[0].as_str())));

        let figures = shop.load().await.figures;
        assert_eq!((figures.created, figures.updated), (0, 0), "a second load changes nothing");
    }

    async fn split_without_packing_the_parts_replace_the_source(store: Store) {
        let shop = loaded(store).await;
        let made = shop.ozon.split(CLIENT, NUMBER, vec![vec![piece(11, 3)], vec![piece(12, 1)]]).unwrap();
        shop.load().await;
        let source = shop.order(NUMBER).await;
        assert_eq!(source.ozon_status.code(), "cancelled_from_split_pending");
        assert_eq!((source.total.minor, lines(&source)), (0, vec![("A-11", 0, 0, 3), ("A-12", 0, 0, 1)]));
        let mut sum = 0;
        for number in &made {
            let part = shop.order(number).await;
            assert_eq!(part.parent.as_ref().map(domain::PostingNumber::as_str), Some(NUMBER));
            sum += part.total.minor;
        }
        assert_eq!((made.len(), sum), (2, 32_000));
    }

    async fn a_partial_cancellation_is_one_even_beside_a_split(store: Store) {
        let shop = loaded(store).await;
        let packages = vec![vec![piece(11, 3)], vec![piece(12, 1)]];
        shop.ozon.ship_in_packages(CLIENT, NUMBER, packages).unwrap();
        shop.ozon.advance_clock(TimeDelta::minutes(1));
        shop.ozon.reduce_quantity(CLIENT, NUMBER, 11, 1).unwrap();
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert_eq!(lines(&order), [("A-11", 1, 2, 0), ("A-12", 0, 0, 1)]);
        assert_eq!(order.total.minor, 10_000);
        assert!(order.flags.contains(&Flag::PartlyCancelled));
    }

    async fn with_row_9_off_the_order_stays_whole_and_goes_with_its_slowest_part(store: Store) {
        let shop = loaded(store).await;
        shop.set(json!({"also_box_changes": false})).await;
        let packages = vec![vec![piece(11, 3)], vec![piece(12, 1)]];
        let made = shop.ozon.ship_in_packages(CLIENT, NUMBER, packages).unwrap();
        shop.load().await;
        assert_eq!(shop.posting(&made[0]).await.skipped_because, Some(SkipReason::PartOfPosting));
        assert!(shop.find_order(&made[0]).await.is_none());
        let order = shop.order(NUMBER).await;
        assert_eq!(lines(&order), [("A-11", 3, 0, 0), ("A-12", 1, 0, 0)]);
        assert_eq!(shop.status_of(NUMBER).await, "Собран");

        shop.ozon.advance_clock(TimeDelta::minutes(5));
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        shop.load().await;
        assert_eq!(shop.status_of(NUMBER).await, "Собран", "a part is still here");
        shop.ozon.advance_clock(TimeDelta::minutes(5));
        shop.ozon.set_status(CLIENT, &made[0], Status::Delivering).unwrap();
        shop.load().await;
        assert_eq!(shop.status_of(NUMBER).await, "Отправлен");
    }

    async fn a_part_seen_before_the_posting_had_an_order_gets_one_with_it(store: Store) {
        let shop = Shop::open(store).await;
        shop.add(&PostingDraft {
            status: Some(Status::AwaitingPackaging),
            lines: vec![line(11, 2, "100.00")],
            ..PostingDraft::numbered(NUMBER)
        });
        let made = shop.ozon.ship_in_packages(CLIENT, NUMBER, vec![vec![piece(11, 1)], vec![piece(11, 1)]]).unwrap();
        shop.load().await;
        assert!(shop.find_order(NUMBER).await.is_none(), "first seen after assembly");
        let row = shop.posting(NUMBER).await;
        let actor = domain::Actor::Command;
        shop.desk.create_order(row.id, &actor).await.unwrap();
        shop.load().await;
        let (parent, part) = (shop.order(NUMBER).await, shop.order(&made[0]).await);
        assert_eq!((lines(&parent), lines(&part)), (vec![("A-11", 1, 0, 0)], vec![("A-11", 1, 0, 0)]));
    }
}
