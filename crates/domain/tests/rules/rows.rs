//! Settings rows 3 to 8, 11 and 13.

use domain::by_hand::Act;
use domain::customer::CustomerChoice;
use domain::history::{Actor, Field, Reason};
use domain::intake::NumberChoice;
use domain::posting::Recipient;
use domain::settings::{OrderDate, PostingNumberTo};
use domain::{CustomerId, DeliveryMethodId, PaymentMethodId, PostingNumber, SkipReason, SourceId};

use crate::shop::*;

#[test]
fn row_03_a_loaded_order_gets_the_source_of_the_settings() {
    let mut shop = Shop::with(|s| s.source_id = SourceId(7));
    shop.sees(posting("awaiting_packaging"));
    assert_eq!(shop.order().source_id, SourceId(7));
}

#[test]
fn row_04_without_a_chosen_customer_ozons_customer_id_decides() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").bought_by(42, "Семён Ёлкин"));
    let chosen = CustomerChoice::OfOzon {
        ozon_customer_id: 42,
        name: "Семён Ёлкин".to_owned(),
        phone: Some("+79031234567".to_owned()),
    };
    assert_eq!(shop.customer, Some(chosen));
    assert_eq!(shop.order().customer_name, "Семён Ёлкин");
}

#[test]
fn row_04_with_a_chosen_customer_every_order_is_bound_to_it_and_keeps_ozons_name() {
    let mut shop = Shop::with(|s| s.customer_id = Some(CustomerId(9)));
    shop.sees(posting("awaiting_packaging").bought_by(42, "Семён"));
    assert_eq!(shop.customer, Some(CustomerChoice::Fixed(CustomerId(9))));
    assert_eq!(shop.order().customer_name, "Семён");
}

#[test]
fn row_04_where_ozon_names_nobody_the_order_is_the_ozon_buyers() {
    let mut shop = Shop::new();
    let mut unnamed = posting("awaiting_packaging");
    // A recipient is not a customer: two people with one name stay two.
    unnamed.recipient = Some(Recipient { name: Some("Иван".to_owned()), ..Recipient::default() });
    shop.sees(unnamed);
    assert_eq!(shop.customer, Some(CustomerChoice::OzonBuyer));
}

#[test]
fn row_05_the_posting_number_is_the_orders_number() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").bought_by(1, "Анна"));
    assert_eq!(shop.number, Some(NumberChoice::PostingNumber));
    assert_eq!(shop.order().number, "0105259411-0854-1");
    assert_eq!(shop.order().customer_name, "Анна");
}

#[test]
fn row_05_the_posting_number_stands_in_the_customers_name_and_never_in_the_recipients() {
    let mut shop = Shop::with(|s| s.posting_number_to = PostingNumberTo::CustomerName);
    let mut bought = posting("awaiting_packaging").bought_by(1, "Анна");
    bought.recipient = Some(Recipient { name: Some("Пётр".to_owned()), ..Recipient::default() });
    shop.sees(bought);
    assert_eq!(shop.number, Some(NumberChoice::Template));
    assert_eq!(shop.order().customer_name, "0105259411-0854-1");
    assert_eq!(shop.order().posting_number, PostingNumber::new("0105259411-0854-1").expect("a number"));
    let recipient = shop.facts().recipient.as_ref().and_then(|r| r.name.as_deref());
    assert_eq!(recipient, Some("Пётр"));
    // The shop's customer gets the person's name, not the number.
    assert!(matches!(&shop.customer, Some(CustomerChoice::OfOzon { name, .. }) if name == "Анна"));
}

#[test]
fn row_06_the_order_is_dated_as_placed_or_as_imported_and_keeps_both_instants() {
    for (chosen, date) in
        [(OrderDate::Placed, "2026-11-23T08:00:00Z"), (OrderDate::Imported, "2026-11-23T11:01:00Z")]
    {
        let mut shop = Shop::with(|s| s.order_date = chosen);
        shop.sees(posting("awaiting_packaging"));
        assert_eq!(shop.order().order_date, utc(date));
        assert_eq!(shop.order().placed_at, Some(utc("2026-11-23T08:00:00Z")));
        assert_eq!(shop.order().imported_at, utc("2026-11-23T11:01:00Z"));
    }
}

#[test]
fn row_06_while_ozon_tells_no_time_of_placing_the_time_of_loading_stands_in() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").with(|d| d.in_process_at = None));
    assert_eq!(shop.order().placed_at, None);
    assert_eq!(shop.order().order_date, utc("2026-11-23T11:01:00Z"));
    shop.sees(posting("awaiting_packaging"));
    assert_eq!(shop.order().order_date, utc("2026-11-23T08:00:00Z"));
    assert_eq!(shop.last(Field::PlacedAt).new.as_deref(), Some("2026-11-23T08:00:00Z"));
}

#[test]
fn row_07_a_loaded_order_gets_the_methods_of_the_settings() {
    let mut shop = Shop::with(|s| {
        s.delivery_method_id = DeliveryMethodId(5);
        s.payment_method_id = PaymentMethodId(6);
    });
    shop.sees(posting("awaiting_packaging"));
    assert_eq!(shop.order().delivery_method_id, DeliveryMethodId(5));
    assert_eq!(shop.order().payment_method_id, PaymentMethodId(6));
}

const INITIAL: [&str; 3] = ["awaiting_verification", "awaiting_approve", "awaiting_packaging"];
const AFTER_ASSEMBLY: [&str; 3] = ["awaiting_registration", "awaiting_deliver", "acceptance_in_progress"];
const LATER: [&str; 9] = [
    "driver_pickup",
    "delivering",
    "sent_by_seller",
    "delivered",
    "arbitration",
    "client_arbitration",
    "not_accepted",
    "cancelled",
    "cancelled_from_split_pending",
];

#[test]
fn row_08_every_documented_status_either_begins_an_order_or_says_why_not() {
    for also in [false, true] {
        for status in INITIAL {
            let mut shop = Shop::with(|s| s.also_awaiting_deliver = also);
            assert_eq!(shop.sees(posting(status)), Came::Created, "{status}");
        }
        for status in AFTER_ASSEMBLY {
            let mut shop = Shop::with(|s| s.also_awaiting_deliver = also);
            let expected =
                if also { Came::Created } else { Came::Skipped(SkipReason::AlsoAwaitingDeliverOff) };
            assert_eq!(shop.sees(posting(status)), expected, "{status}");
        }
        for status in LATER {
            let mut shop = Shop::with(|s| s.also_awaiting_deliver = also);
            assert_eq!(shop.sees(posting(status)), Came::Skipped(SkipReason::FirstSeenTooLate), "{status}");
        }
    }
    assert_eq!(INITIAL.len() + AFTER_ASSEMBLY.len() + LATER.len(), 15);
}

#[test]
fn row_08_the_history_names_the_setting_that_let_the_order_in() {
    let mut shop = Shop::with(|s| s.also_awaiting_deliver = true);
    shop.sees(posting("awaiting_deliver"));
    let reason = Reason::AlsoAwaitingDeliver { ozon_status: "awaiting_deliver".to_owned() };
    assert_eq!(shop.last(Field::Created).reason, reason);
    assert_eq!(shop.order().status_id, PACKED);
}

#[test]
fn row_08_a_posting_becomes_an_order_whenever_it_is_seen_in_an_initial_status() {
    let mut shop = Shop::new();
    assert_eq!(shop.sees(posting("teleported")), Came::Skipped(SkipReason::UnknownStatus));
    assert_eq!(shop.sees(posting("awaiting_packaging")), Came::Created);
}

#[test]
fn row_08_switched_on_it_makes_an_order_of_a_posting_that_is_seen_again() {
    let mut shop = Shop::new();
    assert_eq!(shop.sees(posting("awaiting_deliver")), Came::Skipped(SkipReason::AlsoAwaitingDeliverOff));
    shop.settings.also_awaiting_deliver = true;
    assert_eq!(shop.sees(posting("awaiting_deliver")), Came::Created);
}

#[test]
fn row_08_a_posting_that_the_setting_kept_out_still_says_so_when_it_has_moved_on() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_deliver"));
    let kept_out = Came::Skipped(SkipReason::AlsoAwaitingDeliverOff);
    assert_eq!(shop.sees(posting("delivering")), kept_out);
    assert_eq!(shop.sees(posting("delivered")), kept_out);
    assert_eq!(SkipReason::AlsoAwaitingDeliverOff.setting(), Some("also_awaiting_deliver"));
}

#[test]
fn row_08_a_skipped_posting_can_be_made_an_order_by_hand_in_its_mapped_status() {
    let mut shop = Shop::new();
    shop.sees(posting("delivering"));
    shop.person_makes_an_order();
    assert_eq!(shop.order().status_id, SENT);
    let made = shop.last(Field::Created);
    assert_eq!((&made.actor, &made.reason), (&person(), &Reason::ByHand));
    // From then on it follows Ozon as any other.
    assert_eq!(shop.sees(posting("delivered")), Came::Updated);
    assert_eq!(shop.order().status_id, DELIVERED);
}

#[test]
fn row_08_a_cancelled_posting_made_an_order_by_hand_begins_as_cancelled() {
    let mut shop = Shop::new();
    shop.sees(posting("cancelled"));
    shop.person_makes_an_order();
    assert_eq!(shop.order().status_id, CANCELLED);
    assert!(matches!(shop.last(Field::Status).reason, Reason::OnCancel { .. }));
}

#[test]
fn row_11_barcodes_of_the_label_are_kept_and_ozons_nought_is_none_yet() {
    let mut shop = Shop::new();
    shop.sees(posting("awaiting_packaging").with(|d| {
        d.upper_barcode = Some("0".to_owned());
        d.lower_barcode = Some(String::new());
    }));
    assert_eq!(shop.order().barcodes, domain::order::Barcodes::default());
    shop.sees(posting("awaiting_deliver").with(|d| {
        d.upper_barcode = Some("%101%806044518".to_owned());
        d.lower_barcode = Some("23024930500000".to_owned());
        d.scanit = Some("SC-77".to_owned());
    }));
    let codes = &shop.order().barcodes;
    assert_eq!(codes.upper.as_deref(), Some("%101%806044518"));
    assert_eq!(codes.lower.as_deref(), Some("23024930500000"));
    assert_eq!(codes.scanit.as_deref(), Some("SC-77"));
    assert_eq!(shop.last(Field::Barcodes).reason, Reason::LoadBarcode);
}

#[test]
fn row_11_a_nought_after_a_real_barcode_does_not_take_it_away() {
    let mut shop =
        Shop::that_saw(posting("awaiting_deliver").with(|d| d.upper_barcode = Some("%101%".to_owned())));
    assert!(!shop.has_order());
    shop.settings.also_awaiting_deliver = true;
    shop.sees(posting("awaiting_deliver"));
    shop.sees(posting("awaiting_deliver").with(|d| d.upper_barcode = Some("0".to_owned())));
    assert_eq!(shop.order().barcodes.upper.as_deref(), Some("%101%"));
}

#[test]
fn row_11_switched_off_no_barcode_is_loaded() {
    let mut shop = Shop::with(|s| s.load_barcode = false);
    let labelled = |status| posting(status).with(|d| d.upper_barcode = Some("%101%".to_owned()));
    shop.sees(labelled("awaiting_packaging"));
    shop.sees(labelled("awaiting_deliver"));
    assert_eq!(shop.order().barcodes.upper, None);
    assert_eq!(shop.times(Field::Barcodes), 0);
}

#[test]
fn row_13_a_delivered_order_is_marked_paid_with_the_time() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("delivered").sub("posting_received"));
    assert!(shop.order().paid);
    assert_eq!(shop.order().paid_at, Some(shop.now));
    let paid = shop.last(Field::Paid);
    assert_eq!((&paid.actor, &paid.reason), (&Actor::Rule, &Reason::MarkPaidWhenDelivered));
}

#[test]
fn row_13_conditionally_delivered_is_not_delivered() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("delivering").sub("posting_conditionally_delivered"));
    assert!(!shop.order().paid);
    shop.sees(posting("delivered").sub("posting_conditionally_delivered"));
    assert!(!shop.order().paid);
    shop.sees(posting("delivered").sub("posting_received"));
    assert!(shop.order().paid);
}

#[test]
fn row_13_with_an_empty_row_of_the_map_ozons_status_alone_decides() {
    let mut shop = Shop::with(|s| {
        s.status_map.insert("delivered".to_owned(), None);
    });
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("delivered"));
    assert_eq!(shop.order().status_id, NEW);
    assert!(shop.order().paid);
}

#[test]
fn row_13_switched_off_nothing_is_marked() {
    let mut shop = Shop::with(|s| s.mark_paid_when_delivered = false);
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("delivered"));
    assert!(!shop.order().paid);
}

#[test]
fn row_13_what_a_person_set_by_hand_is_never_changed() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetPaid(true));
    let since = shop.order().paid_at;
    shop.sees(posting("delivered"));
    assert_eq!(shop.order().paid_at, since);

    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetPaid(true));
    shop.person(Act::SetPaid(false));
    shop.sees(posting("delivered"));
    assert!(!shop.order().paid);
}

#[test]
fn row_13_an_order_made_by_hand_of_a_delivered_posting_is_paid_at_once() {
    let mut shop = Shop::that_saw(posting("delivered"));
    shop.person_makes_an_order();
    assert!(shop.order().paid);
    assert_eq!(shop.last(Field::Paid).reason, Reason::MarkPaidWhenDelivered);
}
