//! Settings row 9 and "Boxes and splits": what becomes of goods that a posting no longer shows.

use chrono::Duration;
use domain::history::{Field, Reason};
use domain::intake::Part;
use domain::posting::{Container, Posting, Product};
use domain::{Flag, OzonStatus, PostingNumber, SkipReason};

use crate::shop::*;

const PARENT: &str = "0105259411-0854-1";

fn number(text: &str) -> PostingNumber {
    PostingNumber::new(text).expect("a literal number")
}

/// A part of the posting with these goods.
fn part(last: u8, status: &str, products: Vec<Product>) -> Posting {
    let mut part = posting(status).of(products).with(|d| d.parent = Some(number(PARENT)));
    part.number = number(&format!("0105259411-0854-{last}"));
    part
}

impl Shop {
    /// Ozon shows a part of the posting for the first time.
    fn has_part(&mut self, facts: Posting) {
        self.now += Duration::minutes(1);
        self.parts.push(Part { facts, first_seen_at: self.now });
    }

    fn lines(&self) -> Vec<(&str, u32, u32, u32)> {
        self.order().lines.iter().map(|l| (l.offer_id.as_str(), l.quantity, l.cancelled, l.moved)).collect()
    }
}

/// Two mugs and a plate, in work.
fn two_mugs_and_a_plate() -> Posting {
    posting("awaiting_packaging").of(vec![goods("MUG", 2, 50_000), goods("PLATE", 1, 30_000)])
}

#[test]
fn a_list_alone_takes_nothing_from_an_order() {
    let mut shop = Shop::that_saw(two_mugs_and_a_plate());
    let fewer = posting("awaiting_deliver").of(vec![goods("MUG", 1, 50_000)]);
    shop.sees_at_first(fewer, shop.now);
    assert!(shop.asks_related);
    assert_eq!(shop.lines(), [("MUG", 2, 0, 0), ("PLATE", 1, 0, 0)]);
    assert_eq!(shop.order().ozon_status, OzonStatus::AwaitingDeliver, "the rest of the answer counts");
}

#[test]
fn goods_that_went_to_a_part_are_moved_and_not_cancelled() {
    let mut shop = Shop::that_saw(two_mugs_and_a_plate());
    shop.has_part(part(2, "awaiting_deliver", vec![goods("MUG", 1, 50_000), goods("PLATE", 1, 30_000)]));
    shop.sees(posting("awaiting_deliver").of(vec![goods("MUG", 1, 50_000)]));
    assert_eq!(shop.lines(), [("MUG", 1, 0, 1), ("PLATE", 0, 0, 1)]);
    assert_eq!(shop.order().total, rub(50_000));
    assert!(!shop.order().flags.contains(&Flag::PartlyCancelled));
    let entry = shop.last(Field::Lines);
    assert!(entry.old.as_deref().is_some_and(|old| old.contains("MUG × 2")));
    assert!(entry.new.as_deref().is_some_and(|new| new.contains("MUG × 1")));
}

#[test]
fn what_no_part_holds_is_cancelled() {
    let mut shop = Shop::that_saw(two_mugs_and_a_plate());
    shop.has_part(part(2, "awaiting_deliver", vec![goods("PLATE", 1, 30_000)]));
    shop.sees(posting("awaiting_deliver").of(vec![goods("MUG", 1, 50_000)]));
    assert_eq!(shop.lines(), [("MUG", 1, 1, 0), ("PLATE", 0, 0, 1)]);
    assert!(shop.order().flags.contains(&Flag::PartlyCancelled));
}

#[test]
fn a_partial_cancellation_in_a_part_takes_nothing_back_from_the_parent() {
    let mut shop = Shop::that_saw(two_mugs_and_a_plate());
    shop.has_part(part(2, "awaiting_deliver", vec![goods("PLATE", 1, 30_000)]));
    shop.sees(posting("awaiting_deliver").of(vec![goods("MUG", 2, 50_000)]));
    shop.parts[0].facts.products = vec![goods("SPOON", 1, 1)];
    shop.sees(posting("awaiting_deliver").of(vec![goods("MUG", 1, 50_000)]));
    assert_eq!(shop.lines(), [("MUG", 1, 1, 0), ("PLATE", 0, 0, 1)]);
}

#[test]
fn a_part_that_was_there_before_the_order_took_nothing_from_it() {
    let mut shop = Shop::new();
    shop.has_part(part(2, "awaiting_deliver", vec![goods("MUG", 1, 50_000)]));
    shop.sees(posting("awaiting_packaging").of(vec![goods("MUG", 2, 50_000)]));
    shop.sees(posting("awaiting_packaging").of(vec![goods("MUG", 1, 50_000)]));
    assert_eq!(shop.lines(), [("MUG", 1, 1, 0)]);
}

#[test]
fn every_part_of_a_posting_with_an_order_gets_one_whatever_row_8_says() {
    let mut parent = Shop::that_saw(two_mugs_and_a_plate());
    parent.person(domain::by_hand::Act::SetComment("Хрупкое".to_owned()));
    parent.person(domain::by_hand::Act::SetManager(Some(domain::UserId(7))));
    let mut shop = Shop::new();
    shop.parent = Some(parent.order().clone());
    assert_eq!(shop.sees(part(2, "awaiting_deliver", vec![goods("MUG", 1, 50_000)])), Came::Created);
    let order = shop.order();
    assert_eq!(order.admin_comment, "Хрупкое");
    assert_eq!(order.manager, Some(domain::UserId(7)));
    assert_eq!(order.order_date, parent.order().order_date);
    assert_eq!(order.parent, Some(number(PARENT)));
    assert_eq!(shop.last(Field::Created).reason, Reason::PartOf { parent: PARENT.to_owned() });
    let told = shop.for_parent.as_ref().expect("the parent remembers");
    assert!(
        matches!(&told.reason, Reason::Split { part, goods } if part.ends_with("-2") && goods == "MUG × 1")
    );
}

#[test]
fn with_row_9_off_the_parent_keeps_its_lines_and_goes_with_its_slowest_part() {
    let mut shop = Shop::with(|s| s.also_box_changes = false);
    shop.sees(two_mugs_and_a_plate());
    shop.has_part(part(2, "awaiting_packaging", vec![goods("PLATE", 1, 30_000)]));
    shop.sees(posting("awaiting_deliver").of(vec![goods("MUG", 2, 50_000)]));
    assert_eq!(shop.lines(), [("MUG", 2, 0, 0), ("PLATE", 1, 0, 0)]);
    assert_eq!(shop.order().total, rub(130_000));
    assert_eq!(shop.order().status_id, NEW, "a part still waits to be packed");
    shop.parts[0].facts.status = OzonStatus::AwaitingDeliver;
    shop.sees(posting("delivering").of(vec![goods("MUG", 2, 50_000)]));
    assert_eq!(shop.order().status_id, PACKED);
    shop.parts[0].facts.status = OzonStatus::Delivering;
    shop.sees(posting("delivering").of(vec![goods("MUG", 2, 50_000)]));
    assert_eq!(shop.order().status_id, SENT);
    // What is cancelled is cancelled all the same.
    shop.sees(posting("delivering").of(vec![goods("MUG", 1, 50_000)]));
    assert_eq!(shop.lines(), [("MUG", 1, 1, 0), ("PLATE", 1, 0, 0)]);
}

#[test]
fn with_row_9_off_a_part_is_stored_as_such() {
    let mut shop = Shop::with(|s| s.also_box_changes = false);
    shop.parent = Some(Shop::that_saw(two_mugs_and_a_plate()).order().clone());
    let came = shop.sees(part(2, "awaiting_packaging", vec![goods("MUG", 1, 50_000)]));
    assert_eq!(came, Came::Skipped(SkipReason::PartOfPosting));
}

#[test]
fn a_posting_replaced_by_its_parts_counts_no_goods_as_cancelled() {
    let mut shop = Shop::that_saw(two_mugs_and_a_plate());
    shop.has_part(part(2, "awaiting_packaging", vec![goods("MUG", 2, 50_000)]));
    shop.has_part(part(3, "awaiting_packaging", vec![goods("PLATE", 1, 30_000)]));
    let mut gone = two_mugs_and_a_plate();
    gone.status = OzonStatus::CancelledFromSplitPending;
    shop.sees(gone);
    assert_eq!(shop.lines(), [("MUG", 0, 0, 2), ("PLATE", 0, 0, 1)]);
    assert_eq!(shop.order().total, rub(0));
    assert!(shop.order().flags.is_empty());
}

#[test]
fn a_part_first_seen_when_it_has_been_split_itself_makes_an_order_without_goods() {
    let mut shop = Shop::new();
    shop.parent = Some(Shop::that_saw(two_mugs_and_a_plate()).order().clone());
    let again =
        part(2, "cancelled_from_split_pending", vec![goods("MUG", 2, 50_000), goods("PLATE", 1, 30_000)]);
    assert_eq!(shop.sees(again), Came::Created);
    assert_eq!(shop.lines(), [("MUG", 0, 0, 2), ("PLATE", 0, 0, 1)], "they count in its own parts");
    assert_eq!(shop.order().total, rub(0));
}

#[test]
fn row_9_boxes_and_container_are_followed_with_old_and_new_side_by_side() {
    let boxed = |boxes: u32, container: i64| {
        posting("awaiting_packaging").with(|d| {
            d.multi_box_qty = Some(boxes);
            d.container = Some(Container { number: Some(container), ..Container::default() });
        })
    };
    let mut shop = Shop::that_saw(boxed(1, 7));
    shop.sees(boxed(3, 7));
    assert_eq!(shop.order().boxes, 3);
    let entry = shop.last(Field::Boxes);
    assert_eq!((entry.old.as_deref(), entry.new.as_deref()), (Some("1"), Some("3")));
    shop.sees(boxed(3, 8));
    let entry = shop.last(Field::Boxes);
    assert_eq!((entry.old.as_deref(), entry.new.as_deref()), (Some("7"), Some("8")));

    let mut shop = Shop::with(|s| s.also_box_changes = false);
    shop.sees(boxed(1, 7));
    shop.sees(boxed(3, 7));
    assert_eq!(shop.order().boxes, 1, "off: only noted");
    assert_eq!(shop.last(Field::Boxes).reason, Reason::OnlyNoted);
    let noted = shop.times(Field::Boxes);
    shop.sees(boxed(3, 7));
    assert_eq!(shop.times(Field::Boxes), noted, "once");
}
