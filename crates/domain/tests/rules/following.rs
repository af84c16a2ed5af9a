//! Fields that Ozon owns follow Ozon; what an answer does not speak of stays.

use domain::customer::CustomerChoice;
use domain::history::{Field, Reason};
use domain::order::{Gone, follow, total};
use domain::posting::{Customer, Product, Recipient};
use domain::{Currency, Flag, Money, OrderLine};

use crate::shop::*;

#[test]
fn what_an_answer_does_not_speak_of_is_no_change() {
    let mut shop = Shop::new();
    let mut full = posting("awaiting_packaging").bought_by(1, "Анна").with(|d| {
        d.warehouse_name = Some("Химки".to_owned());
        d.is_express = Some(true);
        d.tracking_number = Some("TRACK".to_owned());
    });
    full.recipient =
        Some(Recipient { name: Some("Пётр".to_owned()), phone: Some("+7".to_owned()), pin: None });
    shop.sees(full.clone());
    let mut terse = posting("awaiting_packaging");
    terse.details = domain::posting::Details::default();
    assert_eq!(shop.sees(terse), Came::Unchanged);
    assert_eq!(*shop.facts(), full);
    assert_eq!(shop.history.len(), 2);
}

#[test]
fn a_second_answer_adds_what_the_first_did_not_tell() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging").bought_by(1, "Анна"));
    let mut more = posting("awaiting_packaging");
    more.customer = Some(Customer { email: Some("a@b.example".to_owned()), ..Customer::default() });
    more.products[0].old_price = Some(rub(99_900));
    shop.sees(more);
    let customer = shop.facts().customer.clone().expect("known");
    assert_eq!((customer.id, customer.email.as_deref()), (Some(1), Some("a@b.example")));
    assert_eq!(shop.order().lines[0].old_price, Some(rub(99_900)));
    // The crossed-out price is in no total.
    assert_eq!(shop.order().total, rub(99_800));
    shop.sees(posting("awaiting_packaging"));
    assert_eq!(shop.order().lines[0].old_price, Some(rub(99_900)));
}

#[test]
fn another_customer_of_ozon_is_another_person_and_inherits_nothing() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging").bought_by(1, "Анна"));
    let mut other = posting("awaiting_packaging");
    other.customer = Some(Customer { id: Some(2), ..Customer::default() });
    shop.sees(other);
    assert_eq!(shop.facts().customer.as_ref().and_then(|c| c.name.clone()), None);
}

#[test]
fn a_changed_shipping_date_is_followed_and_noted() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_packaging").with(|d| d.shipment_date = Some(utc("2026-11-26T10:00:00Z"))));
    assert_eq!(shop.order().ship_by, Some(utc("2026-11-26T10:00:00Z")));
    let noted = shop.last(Field::ShipBy);
    assert_eq!(noted.old.as_deref(), Some("2026-11-25T10:00:00Z"));
    assert_eq!(noted.new.as_deref(), Some("2026-11-26T10:00:00Z"));
}

#[test]
fn a_partial_cancellation_reduces_the_line_and_the_total() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_packaging").of(vec![goods("MUG-1", 1, 49_900)]));
    let line = &shop.order().lines[0];
    assert_eq!((line.quantity, line.cancelled), (1, 1));
    assert_eq!(shop.order().total, rub(49_900));
    // Nobody has begun to work on it, so nobody is alarmed.
    assert!(shop.order().flags.is_empty());
    assert_eq!(shop.last(Field::Lines).reason, Reason::OzonChanged);
}

#[test]
fn a_partial_cancellation_in_work_flags_the_order() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_deliver"));
    shop.sees(posting("awaiting_deliver").of(vec![goods("MUG-1", 1, 49_900)]));
    assert!(shop.order().flags.contains(&Flag::PartlyCancelled));
    assert_eq!(shop.last(Field::Flags).new.as_deref(), Some("partly_cancelled"));
}

#[test]
fn a_removed_line_stays_as_cancelled_and_weighs_nothing() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").of(vec![goods("A", 2, 100), goods("B", 1, 50)]));
    shop.sees(posting("awaiting_packaging").of(vec![goods("B", 1, 50)]));
    let lines: Vec<_> =
        shop.order().lines.iter().map(|l| (l.offer_id.as_str(), l.quantity, l.cancelled)).collect();
    assert_eq!(lines, [("B", 1, 0), ("A", 0, 2)]);
    assert_eq!(shop.order().total, rub(50));
    assert_eq!(shop.sees(posting("awaiting_packaging").of(vec![goods("B", 1, 50)])), Came::Unchanged);
}

#[test]
fn goods_that_come_back_are_no_longer_cancelled() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").of(vec![goods("A", 2, 100), goods("B", 1, 50)]));
    shop.sees(posting("awaiting_packaging").of(vec![goods("B", 1, 50)]));
    shop.sees(posting("awaiting_packaging").of(vec![goods("A", 2, 100), goods("B", 1, 50)]));
    assert!(shop.order().lines.iter().all(|line| line.cancelled == 0));
    assert_eq!(shop.order().lines.len(), 2);
    assert_eq!(shop.order().total, rub(250));
}

#[test]
fn an_added_line_is_added() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_packaging").of(vec![goods("MUG-1", 2, 49_900), goods("CUP", 1, 100)]));
    assert_eq!(shop.order().lines.len(), 2);
    assert_eq!(shop.order().total, rub(99_900));
}

#[test]
fn of_two_lines_with_the_same_sku_the_one_that_is_gone_is_struck() {
    let two = || vec![goods("A", 2, 100), goods("A", 1, 90)];
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").of(two()));
    assert_eq!(shop.order().total, rub(290));
    assert_eq!(shop.sees(posting("awaiting_packaging").of(two())), Came::Unchanged);
    shop.sees(posting("awaiting_packaging").of(vec![goods("A", 1, 90)]));
    let lines: Vec<_> = shop.order().lines.iter().map(|l| (l.price.minor, l.quantity, l.cancelled)).collect();
    assert_eq!(lines, [(90, 1, 0), (100, 0, 2)]);
    assert_eq!(shop.order().total, rub(90));
}

#[test]
fn two_lines_with_the_same_sku_that_change_places_are_no_change_of_quantity() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_deliver").of(vec![goods("A", 2, 100), goods("A", 1, 100)]));
    shop.settings.also_awaiting_deliver = true;
    shop.sees(posting("awaiting_deliver"));
    let mut shop =
        Shop::that_saw(posting("awaiting_packaging").of(vec![goods("A", 2, 100), goods("A", 1, 100)]));
    shop.sees(posting("awaiting_packaging").of(vec![goods("A", 1, 100), goods("A", 2, 100)]));
    assert!(shop.order().lines.iter().all(|line| line.cancelled == 0));
    assert_eq!(shop.order().total, rub(300));
}

#[test]
fn an_answer_without_goods_is_silent_about_them() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    assert_eq!(shop.sees(posting("awaiting_packaging").of(Vec::new())), Came::Unchanged);
    assert_eq!(shop.order().lines.len(), 1);
}

#[test]
fn a_changed_price_changes_the_total_and_is_noted() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_packaging").of(vec![goods("MUG-1", 2, 40_000)]));
    assert_eq!(shop.order().total, rub(80_000));
    assert_eq!(shop.order().lines[0].cancelled, 0);
    let noted = shop.last(Field::Lines);
    assert_eq!(noted.old.as_deref(), Some("MUG-1 × 2 = 998.00 RUB"));
    assert_eq!(noted.new.as_deref(), Some("MUG-1 × 2 = 800.00 RUB"));
}

#[test]
fn the_total_is_the_sum_of_the_lines_in_one_currency() {
    let line = |quantity, minor, code: &str| OrderLine {
        quantity,
        price: Money { minor, currency: Currency::parse(code).expect("a code") },
        ..OrderLine::of(&goods("A", 1, 1))
    };
    assert_eq!(total(&[]), rub(0));
    assert_eq!(total(&[line(2, 150, "RUB"), line(3, 100, "RUB")]), rub(600));
    let (gone, there) = (line(0, 999, "EUR"), line(1, 100, "RUB"));
    assert_eq!(total(&[gone, there]), rub(100));
    assert_eq!(total(&[line(u32::MAX, i64::MAX, "RUB"), line(1, 1, "RUB")]).minor, i64::MAX);
}

#[test]
fn a_line_takes_ozons_newer_name() {
    let lines = [OrderLine::of(&goods("A", 1, 100))];
    let renamed = Product { name: "Кружка синяя".to_owned(), ..goods("A", 1, 100) };
    let followed = follow(&lines, &[renamed], &[], Gone::Unknown);
    let (after, reduced) = (followed.lines, followed.cancelled);
    assert_eq!(after[0].name, "Кружка синяя");
    assert!(!reduced);
}

#[test]
fn ozons_track_number_fills_the_empty_field_and_follows_ozon() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    assert_eq!(shop.order().track_number, None);
    let tracked =
        |track: &str| posting("awaiting_deliver").with(|d| d.tracking_number = Some(track.to_owned()));
    shop.sees(tracked("RA1"));
    assert_eq!(shop.order().track_number.as_deref(), Some("RA1"));
    shop.sees(tracked("RA2"));
    assert_eq!(shop.order().track_number.as_deref(), Some("RA2"));
    assert_eq!(shop.times(Field::TrackNumber), 2);
}

#[test]
fn a_track_number_given_by_a_person_stands_and_the_difference_is_noted_once() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    if let Some(order) = shop.known.as_mut().and_then(|k| k.order.as_mut()) {
        order.track_number = Some("MINE".to_owned());
        order.track_by_hand = true;
    }
    let tracked = || posting("awaiting_packaging").with(|d| d.tracking_number = Some("OZON".to_owned()));
    assert_eq!(shop.sees(tracked()), Came::Updated);
    assert_eq!(shop.order().track_number.as_deref(), Some("MINE"));
    assert_eq!(shop.last(Field::TrackNumber).reason, Reason::PersonsValueStands);
    assert_eq!(shop.last(Field::TrackNumber).new.as_deref(), Some("OZON"));
    assert_eq!(shop.sees(tracked()), Came::Unchanged);
}

#[test]
fn a_customer_whom_ozon_names_later_is_bound_then() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    assert_eq!(shop.customer, Some(CustomerChoice::OzonBuyer));
    assert_eq!(shop.order().customer_name, "");
    shop.sees(posting("awaiting_packaging").bought_by(42, "Анна"));
    assert!(matches!(&shop.customer, Some(CustomerChoice::OfOzon { ozon_customer_id: 42, .. })));
    assert_eq!(shop.order().customer_name, "Анна");
    assert_eq!(shop.sees(posting("awaiting_packaging").bought_by(42, "Анна")), Came::Unchanged);
}

#[test]
fn a_customer_named_later_does_not_replace_the_one_that_the_settings_chose() {
    let mut shop = Shop::with(|s| s.customer_id = Some(domain::CustomerId(9)));
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_packaging").bought_by(42, "Анна"));
    assert_eq!(shop.customer, Some(CustomerChoice::Fixed(domain::CustomerId(9))));
}

#[test]
fn boxes_and_the_parent_of_a_split_are_kept() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    assert_eq!(shop.order().boxes, 1);
    let parent = domain::PostingNumber::new("0105259411-0854-0").expect("a number");
    shop.sees(posting("awaiting_packaging").with(|d| {
        d.multi_box_qty = Some(3);
        d.parent = Some(parent.clone());
    }));
    assert_eq!(shop.order().boxes, 3);
    assert_eq!(shop.order().parent, Some(parent));
    let noted = shop.last(Field::Boxes);
    assert_eq!((noted.old.as_deref(), noted.new.as_deref()), (Some("1"), Some("3")));
    shop.sees(posting("awaiting_packaging").with(|d| d.multi_box_qty = Some(0)));
    assert_eq!(shop.order().boxes, 1, "nought boxes are one");
}

#[test]
fn a_changed_recipient_or_delivery_is_told_in_the_history() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    let mut named = posting("awaiting_packaging").with(|d| {
        d.delivery_method_id = Some(1);
        d.delivery_method_name = Some("Курьер".to_owned());
    });
    named.recipient = Some(Recipient { name: Some("Пётр".to_owned()), ..Recipient::default() });
    shop.sees(named);
    assert_eq!(shop.last(Field::Recipient).new.as_deref(), Some("Пётр"));
    assert_eq!(shop.last(Field::Delivery).new.as_deref(), Some("Курьер"));
}

#[test]
fn what_only_a_reading_tells_of_a_recipient_is_no_change() {
    let named = |pin: Option<&str>, name: &str| {
        let mut posting = posting("awaiting_packaging");
        let pin = pin.map(str::to_owned);
        posting.recipient = Some(Recipient { name: Some(name.to_owned()), phone: None, pin });
        posting
    };
    let mut shop = Shop::that_saw(named(None, "Пётр"));
    let told = |shop: &Shop| shop.history.iter().filter(|e| e.field == Field::Recipient).count();
    shop.sees(named(Some("123"), "Пётр"));
    assert_eq!(told(&shop), 0, "the extension was never told before");
    shop.sees(named(Some("456"), "Пётр"));
    assert_eq!(told(&shop), 1, "another extension is a change");
    shop.sees(named(None, "Иван"));
    assert_eq!(told(&shop), 2);
}
