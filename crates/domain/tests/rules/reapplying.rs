//! A change of the settings applied to the orders that there are: rows 11 to 13 reach back, the others do not.

use domain::by_hand::Act;
use domain::history::{Field, Reason};
use domain::reapply::{Change, Move, Standing, placed_by_hand};
use domain::settings::{OrderDate, PostingNumberTo};
use domain::{CustomerId, DeliveryMethodId, Order, PaymentMethodId, Settings, SourceId, StatusId};

use crate::shop::*;

/// The shop's order after its settings changed, with the keys that the history names.
fn after(shop: &Shop, change: impl FnOnce(&mut Settings)) -> Option<(Order, Vec<String>)> {
    let mut settings = shop.settings.clone();
    change(&mut settings);
    let change = Change { before: &shop.settings, after: &settings };
    let placed_by_hand = placed_by_hand(&moves(shop), &shop.settings);
    let standing = Standing { order: shop.order(), facts: shop.facts(), placed_by_hand };
    let (order, history) = change.apply(standing, &person(), shop.now)?;
    let key = |entry: &domain::HistoryEntry| match &entry.reason {
        Reason::SettingsChanged { key } => key.clone(),
        other => panic!("{other:?} names no setting"),
    };
    assert!(history.iter().all(|entry| entry.actor == person() && entry.at == shop.now));
    Some((order, history.iter().map(key).collect()))
}

fn moves(shop: &Shop) -> Vec<Move> {
    let told = shop.history.iter().filter(|entry| matches!(entry.field, Field::Status | Field::OzonStatus));
    told.cloned().map(|e| Move { field: e.field, old: e.old, new: e.new, reason: e.reason }).collect()
}

fn row(settings: &mut Settings, row: &str, status: Option<StatusId>) {
    settings.status_map.insert(row.to_owned(), status);
}

#[test]
fn row_12_an_order_that_stands_where_the_old_map_put_it_moves() {
    let shop = Shop::that_saw(posting("awaiting_packaging"));
    let (order, keys) = after(&shop, |s| row(s, "awaiting_packaging", Some(IN_WORK))).expect("it moves");
    assert_eq!(order.status_id, IN_WORK);
    assert_eq!(keys, ["status_map.awaiting_packaging"]);
    assert_eq!(after(&shop, |s| row(s, "delivering", Some(IN_WORK))), None, "another row moves nothing");
}

#[test]
fn row_12_a_status_that_a_person_set_stands_when_the_map_changes() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetStatus(SENT));
    assert_eq!(after(&shop, |s| row(s, "awaiting_packaging", Some(IN_WORK))), None);
    // Also where it is the very one that the map would have given.
    shop.person(Act::SetStatus(NEW));
    assert_eq!(after(&shop, |s| row(s, "awaiting_packaging", Some(IN_WORK))), None);
    // Until Ozon's code changes and the map acts again.
    shop.sees(posting("awaiting_deliver"));
    assert!(after(&shop, |s| row(s, "awaiting_deliver", Some(IN_WORK))).is_some());
}

#[test]
fn row_12_a_persons_status_stands_through_ozons_finer_words_and_no_longer_than_to_the_next_row() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetStatus(IN_WORK));
    shop.person(Act::SetStatus(PACKED));
    shop.sees(posting("awaiting_packaging").sub("posting_created"));
    assert!(placed_by_hand(&moves(&shop), &shop.settings), "the row is the same");
    // The map had nothing to do, since a person had done it already; by now it is the map's word all the same.
    shop.sees(posting("awaiting_deliver"));
    assert_eq!((shop.order().status_id, shop.times(Field::Status)), (PACKED, 3));
    assert!(!placed_by_hand(&moves(&shop), &shop.settings));
    assert!(after(&shop, |s| row(s, "awaiting_deliver", Some(IN_WORK))).is_some());
    // A row without a word leaves it the person's.
    shop.person(Act::SetStatus(DISPUTED));
    shop.settings.status_map.insert("delivering".to_owned(), None);
    shop.sees(posting("delivering"));
    assert!(placed_by_hand(&moves(&shop), &shop.settings));
}

#[test]
fn row_12_an_emptied_row_and_a_row_that_was_empty_move_nothing() {
    let shop = Shop::that_saw(posting("awaiting_packaging"));
    assert_eq!(after(&shop, |s| row(s, "awaiting_packaging", None)), None);
    let mut empty = Shop::with(|s| row(s, "awaiting_packaging", None));
    empty.sees(posting("awaiting_packaging"));
    assert_eq!(after(&empty, |s| row(s, "awaiting_packaging", Some(IN_WORK))), None);
}

#[test]
fn row_12_a_substatus_that_gains_a_row_takes_its_orders_there_and_one_that_loses_it_keeps_them() {
    let mut shop = Shop::with(|s| row(s, "posting_in_pickup_point", None));
    shop.settings.also_awaiting_deliver = true;
    shop.sees(posting("awaiting_deliver"));
    shop.sees(posting("delivering").sub("posting_in_pickup_point"));
    assert_eq!(shop.order().status_id, SENT);
    let (order, keys) =
        after(&shop, |s| row(s, "posting_in_pickup_point", Some(AT_PICKUP_POINT))).expect("moves");
    assert_eq!(
        (order.status_id, keys),
        (AT_PICKUP_POINT, vec!["status_map.posting_in_pickup_point".to_owned()])
    );

    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("delivering").sub("posting_in_pickup_point"));
    assert_eq!(shop.order().status_id, AT_PICKUP_POINT);
    assert_eq!(after(&shop, |s| row(s, "posting_in_pickup_point", None)), None);
}

#[test]
fn row_12_a_final_cancellation_stays_where_it_is() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("cancelled_from_split_pending"));
    assert_eq!(shop.order().status_id, CANCELLED);
    assert_eq!(after(&shop, |s| row(s, "cancelled_from_split_pending", Some(DISPUTED))), None);
}

#[test]
fn row_13_switched_on_marks_what_was_delivered_and_nothing_that_a_person_marked() {
    let mut shop = Shop::with(|s| s.mark_paid_when_delivered = false);
    shop.sees(posting("awaiting_packaging"));
    let on = |s: &mut Settings| s.mark_paid_when_delivered = true;
    assert_eq!(after(&shop, on), None, "it is not delivered");
    shop.sees(posting("delivered"));
    let (order, keys) = after(&shop, on).expect("it is paid");
    assert_eq!((order.paid, order.paid_at), (true, Some(shop.now)));
    assert_eq!(keys, ["mark_paid_when_delivered"]);
    // Switched on and mapped elsewhere at once: it moves, and is paid there.
    let both = after(&shop, |s| {
        on(s);
        row(s, "delivered", Some(IN_WORK));
    });
    let (order, keys) = both.expect("it moves");
    assert_eq!((order.status_id, order.paid, keys.len()), (IN_WORK, true, 2));

    let mut elsewhere = Shop::with(|s| s.mark_paid_when_delivered = false);
    elsewhere.sees(posting("awaiting_packaging"));
    elsewhere.sees(posting("delivered"));
    elsewhere.person(Act::SetStatus(DISPUTED));
    assert_eq!(after(&elsewhere, on), None, "it is not in the mapped status");

    shop.person(Act::SetPaid(true));
    shop.person(Act::SetPaid(false));
    assert_eq!(after(&shop, on), None, "a person took the mark away");
}

#[test]
fn row_13_conditionally_delivered_is_not_marked_afterwards_either() {
    let mut shop = Shop::with(|s| s.mark_paid_when_delivered = false);
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("delivered").sub("posting_conditionally_delivered"));
    assert_eq!(after(&shop, |s| s.mark_paid_when_delivered = true), None);
}

#[test]
fn row_11_switched_on_fills_the_barcodes_in() {
    let mut shop = Shop::with(|s| s.load_barcode = false);
    shop.sees(posting("awaiting_packaging").with(|d| {
        d.upper_barcode = Some("%101%".to_owned());
        d.lower_barcode = Some("0".to_owned());
    }));
    let (order, keys) = after(&shop, |s| s.load_barcode = true).expect("it gets its barcode");
    assert_eq!((order.barcodes.upper.as_deref(), order.barcodes.lower.as_deref()), (Some("%101%"), None));
    assert_eq!(keys, ["load_barcode"]);
    let mut none = Shop::with(|s| s.load_barcode = false);
    none.sees(posting("awaiting_packaging"));
    assert_eq!(after(&none, |s| s.load_barcode = true), None);
}

#[test]
fn switching_off_and_the_settings_of_new_orders_touch_no_order_that_there_is() {
    let mut shop =
        Shop::that_saw(posting("awaiting_packaging").with(|d| d.upper_barcode = Some("1".to_owned())));
    shop.sees(posting("delivered"));
    let all = |s: &mut Settings| {
        s.mark_paid_when_delivered = false;
        s.load_barcode = false;
        s.order_date = OrderDate::Imported;
        s.source_id = SourceId(7);
        s.customer_id = Some(CustomerId(7));
        s.posting_number_to = PostingNumberTo::CustomerName;
        s.delivery_method_id = DeliveryMethodId(7);
        s.payment_method_id = PaymentMethodId(7);
        s.also_awaiting_deliver = true;
        s.load_from = utc("2020-01-01T00:00:00Z");
    };
    assert_eq!(after(&shop, all), None);
}

#[test]
fn a_change_tells_what_it_reaches() {
    let told = |change: fn(&mut Settings)| {
        let before = on_install();
        let mut after = before.clone();
        change(&mut after);
        let change = Change { before: &before, after: &after };
        (change.statuses_left().len(), change.concerns_postings(), change.reaches_back())
    };
    assert_eq!(told(|_| {}), (0, false, false));
    assert_eq!(told(|s| s.order_date = OrderDate::Imported), (0, false, false));
    assert_eq!(told(|s| s.mark_paid_when_delivered = false), (0, false, false), "nothing is taken back");
    assert_eq!(told(|s| row(s, "delivered", Some(IN_WORK))), (1, false, true));
    assert_eq!(told(|s| s.also_awaiting_deliver = true), (0, true, true));
    assert_eq!(told(|s| s.also_box_changes = false), (0, true, true));
    // Orders with the new row's substatus may stand in any status that the map gave.
    let (left, ..) = told(|s| row(s, "ship_failed", Some(IN_WORK)));
    assert!(left > 5, "{left}");
}
