//! Row 12: the map of statuses, its substatus rows, its empty rows, and steps back.

use domain::by_hand::Act;
use domain::history::{Actor, Field, Reason};
use domain::settings::Settings;
use domain::{OzonStatus, StatusId};

use crate::shop::*;

fn map(settings: &mut Settings, row: &str, status: Option<StatusId>) {
    settings.status_map.insert(row.to_owned(), status);
}

#[test]
fn row_12_after_install_every_status_but_cancelled_has_a_row() {
    let settings = on_install();
    for status in OzonStatus::KNOWN {
        let row = settings.status_map.get(status.code());
        assert_eq!(row.is_some_and(Option::is_some), *status != OzonStatus::Cancelled, "{status}");
    }
}

#[test]
fn row_12_the_order_goes_where_the_map_says_when_ozons_code_changes() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    for (status, mapped) in [
        ("awaiting_deliver", PACKED),
        ("driver_pickup", SENT),
        ("client_arbitration", DISPUTED),
        ("delivered", DELIVERED),
    ] {
        shop.sees(posting(status));
        assert_eq!(shop.order().status_id, mapped, "{status}");
    }
    let last = shop.last(Field::Status);
    assert_eq!(last.actor, Actor::Rule);
    assert_eq!(last.reason, Reason::StatusMap { row: "delivered".to_owned() });
    assert_eq!(last.new.as_deref(), Some("6"));
}

#[test]
fn row_12_a_status_set_by_hand_stands_until_ozons_code_changes() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetStatus(IN_WORK));
    shop.sees(posting("awaiting_packaging").with(|d| d.shipment_date = Some(utc("2026-11-26T10:00:00Z"))));
    assert_eq!(shop.order().status_id, IN_WORK);
    shop.sees(posting("awaiting_deliver"));
    assert_eq!(shop.order().status_id, PACKED);
}

#[test]
fn row_12_an_empty_row_leaves_the_status_and_the_history_notes_ozons() {
    let mut shop = Shop::with(|s| map(s, "awaiting_deliver", None));
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_deliver"));
    assert_eq!(shop.order().status_id, NEW);
    assert_eq!(shop.order().ozon_status.code(), "awaiting_deliver");
    assert_eq!(shop.last(Field::OzonStatus).new.as_deref(), Some("awaiting_deliver"));
    let reason = Reason::NoRowInStatusMap { row: "awaiting_deliver".to_owned() };
    assert_eq!(shop.last(Field::Status).reason, reason);
}

#[test]
fn row_12_a_new_order_without_a_row_begins_in_the_default_status() {
    let mut shop = Shop::with(|s| map(s, "awaiting_packaging", None));
    shop.sees(posting("awaiting_packaging"));
    assert_eq!(shop.order().status_id, NEW);
    assert!(matches!(shop.last(Field::Status).reason, Reason::NoRowInStatusMap { .. }));
}

#[test]
fn row_12_a_substatus_with_a_row_of_its_own_speaks_before_its_status() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("delivering").sub("posting_on_way_to_city"));
    assert_eq!(shop.order().status_id, SENT);
    shop.sees(posting("delivering").sub("posting_in_pickup_point"));
    assert_eq!(shop.order().status_id, AT_PICKUP_POINT);
    let reason = Reason::StatusMap { row: "posting_in_pickup_point".to_owned() };
    assert_eq!(shop.last(Field::Status).reason, reason);
    shop.sees(posting("delivering").sub("posting_returned_to_warehouse"));
    assert_eq!(shop.order().status_id, RETURNED);
}

#[test]
fn row_12_a_substatus_without_a_row_changes_ozons_words_and_not_the_order() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("delivering").sub("posting_on_way_to_city"));
    shop.person(Act::SetStatus(DISPUTED));
    shop.sees(posting("delivering").sub("posting_on_way_to_pickup_point"));
    assert_eq!(shop.order().status_id, DISPUTED);
    assert_eq!(shop.order().ozon_substatus.as_deref(), Some("posting_on_way_to_pickup_point"));
    let noted = shop.last(Field::OzonStatus);
    assert_eq!(noted.old.as_deref(), Some("delivering/posting_on_way_to_city"));
    assert_eq!(noted.new.as_deref(), Some("delivering/posting_on_way_to_pickup_point"));
}

#[test]
fn row_12_a_substatus_with_an_empty_row_leaves_the_word_to_its_status() {
    let mut shop = Shop::with(|s| map(s, "posting_in_pickup_point", None));
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("delivering").sub("posting_in_pickup_point"));
    assert_eq!(shop.order().status_id, SENT);
}

#[test]
fn row_12_an_answer_that_is_silent_about_the_substatus_does_not_take_it_away() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("delivering").sub("posting_in_pickup_point"));
    assert_eq!(shop.sees(posting("delivering")), Came::Unchanged);
    assert_eq!(shop.order().status_id, AT_PICKUP_POINT);
    shop.sees(posting("delivered"));
    assert_eq!(shop.order().ozon_substatus, None);
}

#[test]
fn row_12_an_unknown_code_is_shown_and_leaves_the_status() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("teleported"));
    assert_eq!(shop.order().ozon_status.code(), "teleported");
    assert_eq!(shop.order().status_id, NEW);
    assert_eq!(shop.last(Field::OzonStatus).new.as_deref(), Some("teleported"));
}

#[test]
fn row_12_an_unknown_code_that_got_a_row_is_mapped_as_any_other() {
    let mut shop = Shop::with(|s| map(s, "teleported", Some(SENT)));
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("teleported"));
    assert_eq!(shop.order().status_id, SENT);
}

#[test]
fn row_12_a_newer_answer_wins_even_when_it_is_a_step_back() {
    for (from, to, mapped) in [
        ("arbitration", "awaiting_deliver", PACKED),
        ("client_arbitration", "delivering", SENT),
        ("awaiting_deliver", "awaiting_packaging", NEW),
        ("not_accepted", "awaiting_deliver", PACKED),
    ] {
        let mut shop = Shop::that_saw(posting("awaiting_packaging"));
        shop.sees(posting(from));
        shop.sees(posting(to));
        assert_eq!(shop.order().status_id, mapped, "{from} -> {to}");
        assert_eq!(shop.last(Field::OzonStatus).reason, Reason::StepBack, "{from} -> {to}");
    }
}

#[test]
fn row_12_the_way_forward_is_no_step_back_also_out_of_a_dispute() {
    for (from, to) in [
        ("arbitration", "delivering"),
        ("client_arbitration", "delivered"),
        ("awaiting_deliver", "acceptance_in_progress"),
        ("delivered", "client_arbitration"),
        ("teleported", "awaiting_packaging"),
    ] {
        let mut shop = Shop::that_saw(posting("awaiting_packaging"));
        shop.sees(posting(from));
        shop.sees(posting(to));
        assert_eq!(shop.last(Field::OzonStatus).reason, Reason::OzonChanged, "{from} -> {to}");
    }
}

#[test]
fn row_12_packing_that_failed_can_have_a_row_of_its_own() {
    let mut shop = Shop::with(|s| map(s, "ship_failed", Some(DISPUTED)));
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_deliver"));
    shop.sees(posting("awaiting_packaging").sub("ship_failed"));
    assert_eq!(shop.order().status_id, DISPUTED);
}
