//! Settings rows 15 and 16: what Ozon is told, when not, and what its answers then do to the order.

use domain::by_hand::Act;
use domain::history::{Field, Reason};
use domain::posting::Posting;
use domain::push::{Call, Next, NotTold, Push, Step, is_given_up, next, pause};
use domain::{OzonStatus, Settings};

use crate::shop::*;

/// The seller delivers; Ozon offers these actions.
fn by_seller(status: &str, substatus: &str, actions: &[&str]) -> Posting {
    posting(status).sub(substatus).with(|d| {
        d.tpl_integration_type = Some("non_integrated".to_owned());
        d.available_actions = Some(actions.iter().map(|a| (*a).to_owned()).collect());
    })
}

fn packed() -> Posting {
    let substatus = "posting_transferring_to_delivery";
    by_seller("awaiting_deliver", substatus, &["non_int_delivering", "set_track_number", "cancel"])
}

fn delivering() -> Posting {
    let substatus = "posting_transferred_to_courier_service";
    by_seller("delivering", substatus, &["non_int_last_mile", "set_track_number", "cancel"])
}

fn last_mile() -> Posting {
    by_seller("delivering", "posting_in_courier_service", &["non_int_delivered", "set_track_number"])
}

fn conditionally_delivered() -> Posting {
    by_seller("delivering", "posting_conditionally_delivered", &[])
}

fn rows_15_and_16(settings: &mut Settings) {
    settings.also_awaiting_deliver = true;
    settings.send_track_numbers = true;
    settings.seller_delivery.delivering = Some(SENT);
    settings.seller_delivery.last_mile = Some(AT_PICKUP_POINT);
    settings.seller_delivery.delivered = Some(DELIVERED);
}

fn shop_that_saw(posting: Posting) -> Shop {
    let mut shop = Shop::with(rows_15_and_16);
    shop.sees(posting);
    shop
}

fn moved(goal: Step) -> Push {
    Push::Move { goal }
}

#[test]
fn entering_a_status_of_row_15_tells_ozon() {
    for (status, goal) in
        [(SENT, Step::Delivering), (AT_PICKUP_POINT, Step::LastMile), (DELIVERED, Step::Delivered)]
    {
        let mut shop = shop_that_saw(packed());
        shop.person(Act::SetStatus(status));
        assert_eq!(shop.pushes, [moved(goal)]);
    }
}

#[test]
fn an_empty_row_15_tells_nothing_and_neither_does_another_status() {
    let mut shop = Shop::with(|s| s.also_awaiting_deliver = true);
    shop.sees(packed());
    shop.person(Act::SetStatus(SENT));
    assert_eq!(shop.pushes, []);
    let mut shop = shop_that_saw(packed());
    shop.person(Act::SetStatus(IN_WORK));
    assert_eq!(shop.pushes, []);
    assert_eq!(shop.times(Field::Push), 0);
}

#[test]
fn missing_steps_are_sent_one_after_the_other() {
    let push = moved(Step::Delivered);
    let call = |posting: Posting| next(&push, &posting);
    assert_eq!(call(packed()), Next::Send(Call::Move(Step::Delivering)));
    assert_eq!(call(delivering()), Next::Send(Call::Move(Step::LastMile)));
    assert_eq!(call(last_mile()), Next::Send(Call::Move(Step::Delivered)));
    assert_eq!(call(conditionally_delivered()), Next::Done);
    assert_eq!(call(by_seller("delivered", "posting_delivered", &[])), Next::Done);
}

#[test]
fn a_jump_is_taken_where_ozon_offers_only_that() {
    let jump = by_seller("awaiting_deliver", "posting_transferring_to_delivery", &["non_int_last_mile"]);
    assert_eq!(next(&moved(Step::LastMile), &jump), Next::Send(Call::Move(Step::LastMile)));
    assert_eq!(next(&moved(Step::Delivering), &jump), Next::Refuse(NotTold::NotOffered));
}

#[test]
fn what_the_posting_is_already_past_is_not_sent() {
    assert_eq!(next(&moved(Step::Delivering), &last_mile()), Next::Done);
    assert_eq!(next(&moved(Step::LastMile), &conditionally_delivered()), Next::Done);
    let mut shop = shop_that_saw(packed());
    shop.sees(last_mile());
    shop.person(Act::SetStatus(IN_WORK));
    shop.person(Act::SetStatus(SENT));
    assert_eq!(shop.pushes, []);
}

#[test]
fn where_others_deliver_the_order_says_why_ozon_is_not_told() {
    let of = |kind: &str, status: &str| {
        posting(status).with(|d| {
            d.tpl_integration_type = Some(kind.to_owned());
            d.available_actions = Some(vec!["cancel".to_owned()]);
        })
    };
    let refused = |posting: &Posting| next(&moved(Step::Delivering), posting);
    assert_eq!(refused(&of("ozon", "awaiting_deliver")), Next::Refuse(NotTold::DeliveredByOzon));
    assert_eq!(refused(&of("aggregator", "awaiting_deliver")), Next::Refuse(NotTold::DeliveredByOzon));
    assert_eq!(refused(&of("3pl_tracking", "awaiting_deliver")), Next::Refuse(NotTold::DeliveredByService));
    assert_eq!(refused(&of("non_integrated", "arbitration")), Next::Refuse(NotTold::NotOffered));
    assert_eq!(refused(&of("non_integrated", "cancelled")), Next::Refuse(NotTold::Cancelled));

    let mut shop = shop_that_saw(of("ozon", "awaiting_deliver"));
    shop.person(Act::SetStatus(SENT));
    assert_eq!(shop.pushes, []);
    assert_eq!(shop.order().status_id, SENT, "the shop's own status is the shop's");
    let Reason::NotTold { setting, why, .. } = &shop.last(Field::Push).reason else { panic!("no reason") };
    assert_eq!((setting.as_str(), *why), ("seller_delivery.delivering", NotTold::DeliveredByOzon));
}

#[test]
fn before_packing_a_push_waits_for_it() {
    let unpacked = by_seller("awaiting_packaging", "posting_created", &["ship", "cancel"]);
    let track = Push::TrackNumber { value: "RA1".to_owned() };
    assert_eq!(next(&track, &unpacked), Next::Hold(NotTold::NotPackedYet));
    assert_eq!(next(&moved(Step::Delivering), &unpacked), Next::Hold(NotTold::NotPackedYet));
    let mut shop = shop_that_saw(unpacked);
    shop.person(Act::SetTrackNumber(Some("RA1".to_owned())));
    assert_eq!(shop.pushes, [track]);
}

#[test]
fn a_track_number_filled_or_changed_by_a_person_is_told_and_the_newest_counts() {
    let mut shop = shop_that_saw(packed());
    shop.person(Act::SetTrackNumber(Some(" RA1 ".to_owned())));
    assert_eq!(shop.order().track_number.as_deref(), Some("RA1"));
    assert!(shop.order().track_by_hand);
    shop.person(Act::SetTrackNumber(Some("RA2".to_owned())));
    assert_eq!(shop.pushes, [Push::TrackNumber { value: "RA2".to_owned() }]);
    shop.person(Act::SetTrackNumber(None));
    assert_eq!((shop.pushes.len(), shop.order().track_number.as_ref()), (0, None));
}

#[test]
fn with_row_16_off_no_track_number_is_told() {
    let mut shop = Shop::with(|s| s.also_awaiting_deliver = true);
    shop.sees(packed());
    shop.person(Act::SetTrackNumber(Some("RA1".to_owned())));
    assert_eq!(shop.pushes, []);
}

#[test]
fn what_came_from_ozon_is_never_told_back() {
    let with_track = || packed().with(|d| d.tracking_number = Some("OZ1".to_owned()));
    let mut shop = shop_that_saw(packed());
    shop.sees(with_track());
    assert_eq!(shop.order().track_number.as_deref(), Some("OZ1"));
    shop.sees(by_seller("delivering", "posting_on_way_to_city", &["non_int_last_mile"]));
    assert_eq!(shop.order().status_id, SENT, "by the map");
    assert_eq!(shop.pushes, []);
    // The same number typed again says nothing new.
    let mut shop = shop_that_saw(with_track());
    shop.person(Act::SetTrackNumber(None));
    shop.person(Act::SetTrackNumber(Some("OZ1".to_owned())));
    assert_eq!(shop.pushes, []);
}

#[test]
fn a_later_status_takes_back_what_has_not_been_sent() {
    let mut shop = shop_that_saw(packed());
    shop.person(Act::SetStatus(SENT));
    shop.person(Act::SetStatus(DELIVERED));
    assert_eq!(shop.pushes, [moved(Step::Delivered)]);
    shop.person(Act::SetStatus(IN_WORK));
    assert_eq!(shop.pushes, []);
}

#[test]
fn row_12_an_echo_of_our_own_push_changes_ozons_code_and_not_the_orders_status() {
    let mut shop = shop_that_saw(packed());
    shop.settings.status_map.insert("delivering".to_owned(), Some(PACKED));
    shop.person(Act::SetStatus(SENT));
    shop.sends();
    shop.sees(delivering());
    assert_eq!(shop.order().ozon_status, OzonStatus::Delivering);
    assert_eq!(shop.order().status_id, SENT);
    assert_eq!(shop.last(Field::OzonStatus).reason, Reason::OwnPush);
}

#[test]
fn row_12_what_ozon_does_beyond_our_push_moves_the_order_by_the_map() {
    let mut shop = shop_that_saw(packed());
    shop.person(Act::SetStatus(SENT));
    shop.sends();
    shop.sees(delivering());
    shop.sees(by_seller("delivering", "posting_returned_to_warehouse", &[]));
    assert_eq!(shop.order().status_id, RETURNED);
}

#[test]
fn row_12_while_a_push_waits_the_map_does_not_act_but_a_cancellation_does() {
    let mut shop = shop_that_saw(packed());
    shop.person(Act::SetStatus(DELIVERED));
    shop.sees(by_seller("delivering", "posting_on_way_to_city", &["non_int_last_mile"]));
    assert_eq!(shop.order().status_id, DELIVERED, "what the person wants is still on its way");
    assert!(matches!(shop.last(Field::Status).reason, Reason::PushWaits { .. }));
    shop.sees(posting("cancelled"));
    assert!(!shop.order().flags.is_empty(), "cancelled after shipping");
}

#[test]
fn row_13_a_delivery_by_the_seller_is_paid_once_ozon_confirms_it() {
    let mut shop = shop_that_saw(packed());
    shop.person(Act::SetStatus(DELIVERED));
    shop.sends();
    for told in [delivering(), last_mile(), conditionally_delivered()] {
        shop.sees(told);
        assert!(!shop.order().paid, "conditionally delivered is not delivered");
    }
    shop.sees(by_seller("delivered", "posting_delivered", &[]));
    assert!(shop.order().paid);
    assert_eq!(shop.order().status_id, DELIVERED);
}

#[test]
fn row_13_also_acts_when_a_person_moves_a_delivered_order_to_the_mapped_status() {
    let mut shop = shop_that_saw(packed());
    shop.settings.status_map.insert("delivered".to_owned(), None);
    shop.settings.mark_paid_when_delivered = false;
    shop.sees(by_seller("delivered", "posting_delivered", &[]));
    assert!(!shop.order().paid);
    shop.settings.mark_paid_when_delivered = true;
    shop.settings.status_map.insert("delivered".to_owned(), Some(DELIVERED));
    shop.person(Act::SetStatus(DELIVERED));
    assert!(shop.order().paid);
    assert_eq!(shop.last(Field::Paid).reason, Reason::MarkPaidWhenDelivered);
}

#[test]
fn where_no_answer_told_the_actions_ozon_is_left_to_refuse() {
    let silent = posting("awaiting_deliver");
    assert_eq!(next(&moved(Step::Delivering), &silent), Next::Send(Call::Move(Step::Delivering)));
}

#[test]
fn a_push_is_given_up_after_three_days_of_tries() {
    let mut waited = chrono::Duration::zero();
    let mut tries = 0;
    while !is_given_up(tries) {
        tries += 1;
        waited += pause(tries);
    }
    assert!((72..74).contains(&waited.num_hours()), "{waited}");
}
