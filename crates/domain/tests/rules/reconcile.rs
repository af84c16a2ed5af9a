//! What counts as a difference between Ozon's list and the store.

use domain::reconcile::{Difference, Stored, compare};
use domain::{Money, OzonStatus, Posting, Settings};

use crate::shop::{Shop, goods, on_install, posting, utc};

fn stored(shop: &Shop) -> Stored {
    Stored {
        read_at: utc("2026-11-23T10:00:00Z"),
        facts: Some(shop.facts().clone()),
        order: shop.has_order().then(|| shop.order().clone()),
    }
}

fn found(there: &Posting, here: &Stored) -> Vec<Difference> {
    found_by(there, here, &following())
}

fn found_by(there: &Posting, here: &Stored, settings: &Settings) -> Vec<Difference> {
    compare(there, utc("2026-11-23T11:00:00Z"), Some(here), settings)
}

fn following() -> Settings {
    Settings { also_box_changes: true, ..on_install() }
}

#[test]
fn what_is_as_ozon_has_it_differs_in_nothing() {
    let shop = Shop::that_saw(posting("awaiting_packaging"));
    assert_eq!(found(&posting("awaiting_packaging"), &stored(&shop)), []);
    let late = Shop::that_saw(posting("delivering"));
    assert!(!late.has_order());
    assert_eq!(found(&posting("delivering"), &stored(&late)), [], "one without an order too");
}

#[test]
fn a_posting_that_is_not_there_is_missing_and_one_that_was_never_read_is_unreadable() {
    let there = posting("awaiting_packaging");
    assert_eq!(compare(&there, utc("2026-11-23T11:00:00Z"), None, &following()), [Difference::Missing]);
    let shop = Shop::that_saw(there.clone());
    let unread = Stored { facts: None, order: None, ..stored(&shop) };
    assert_eq!(found(&there, &unread), [Difference::Unreadable]);
}

#[test]
fn an_answer_older_than_what_is_stored_says_nothing() {
    let shop = Shop::that_saw(posting("delivering"));
    let newer = Stored { read_at: utc("2026-11-23T12:00:00Z"), ..stored(&shop) };
    assert_eq!(found(&posting("awaiting_deliver"), &newer), []);
}

#[test]
fn a_status_is_compared_in_the_order_and_in_the_facts() {
    let shop = Shop::that_saw(posting("awaiting_packaging"));
    let differs =
        |here: &str| vec![Difference::Status { here: here.to_owned(), there: "awaiting_deliver".to_owned() }];
    let there = posting("awaiting_deliver");
    assert_eq!(found(&there, &stored(&shop)), differs("awaiting_packaging"));
    let mut lost = stored(&shop);
    lost.facts.as_mut().expect("it was read").status = OzonStatus::AwaitingDeliver;
    assert_eq!(found(&there, &lost), differs("awaiting_packaging"), "the order was not told");
    let mut half = stored(&shop);
    half.order.as_mut().expect("it has one").ozon_status = OzonStatus::AwaitingDeliver;
    assert_eq!(found(&there, &half), differs("awaiting_packaging"), "nor were the facts");
}

#[test]
fn without_row_9_the_status_of_an_order_in_parts_is_no_difference() {
    let mut slowest = stored(&Shop::that_saw(posting("awaiting_packaging")));
    slowest.facts.as_mut().expect("it was read").status = OzonStatus::AwaitingDeliver;
    let off = Settings { also_box_changes: false, ..on_install() };
    assert_eq!(found_by(&posting("awaiting_deliver"), &slowest, &off), []);
    let [Difference::Status { here, .. }] = &found_by(&posting("delivering"), &slowest, &off)[..] else {
        panic!("the facts differ")
    };
    assert_eq!(here, "awaiting_deliver");
}

#[test]
fn a_final_cancellation_stays_whatever_ozon_shows_later() {
    let mut cancelled = stored(&Shop::that_saw(posting("awaiting_packaging")));
    cancelled.facts.as_mut().expect("it was read").status = OzonStatus::Cancelled;
    cancelled.order.as_mut().expect("it has one").ozon_status = OzonStatus::Cancelled;
    assert_eq!(found(&posting("awaiting_packaging"), &cancelled), []);
    cancelled.order = None;
    assert_eq!(found(&posting("awaiting_packaging"), &cancelled), []);
}

#[test]
fn goods_and_sums_are_compared_in_the_order_and_in_the_facts() {
    let mut whole = posting("awaiting_packaging");
    whole.products = vec![goods("A", 2, 10_000), goods("B", 1, 5_000)];
    let shop = Shop::that_saw(whole.clone());
    assert_eq!(found(&whole, &stored(&shop)), []);
    let lines =
        |here: &str, there: &str| vec![Difference::Lines { here: here.to_owned(), there: there.to_owned() }];
    let mut fewer = whole.clone();
    fewer.products.pop();
    assert_eq!(found(&fewer, &stored(&shop)), lines("A × 2, B × 1", "A × 2"));

    let mut lost = stored(&shop);
    lost.order.as_mut().expect("it has one").lines.pop();
    assert_eq!(found(&whole, &lost), lines("A × 2", "A × 2, B × 1"), "the order lost a line");

    let mut dear = stored(&shop);
    let total = &mut dear.order.as_mut().expect("it has one").total;
    let (there, here) = (*total, Money { minor: total.minor + 1, ..*total });
    *total = here;
    assert_eq!(found(&whole, &dear), [Difference::Sum { here, there }]);
}

#[test]
fn what_is_cancelled_or_not_followed_differs_in_no_goods() {
    let mut whole = posting("awaiting_packaging");
    whole.products = vec![goods("A", 2, 10_000), goods("B", 1, 5_000)];
    let shop = Shop::that_saw(whole.clone());
    let mut kept = stored(&shop);
    kept.order.as_mut().expect("it has one").lines.pop();
    assert_eq!(
        found_by(&whole, &kept, &Settings { also_box_changes: false, ..on_install() }),
        [],
        "row 9 is off: the order is as people left it"
    );

    let mut cancelled = stored(&shop);
    cancelled.facts.as_mut().expect("it was read").status = OzonStatus::Cancelled;
    cancelled.order.as_mut().expect("it has one").ozon_status = OzonStatus::Cancelled;
    let there = Posting { status: OzonStatus::Cancelled, products: vec![goods("A", 1, 1)], ..whole };
    assert_eq!(found(&there, &cancelled), []);
}
