//! `on_cancel`: what a cancellation at Ozon does, by how far the order has come.

use domain::Flag;
use domain::by_hand::Act;
use domain::history::{Field, Reason};
use domain::ozon_status::Stage;
use domain::posting::Cancellation;
use domain::settings::CancelAct;

use crate::shop::*;

#[test]
fn on_cancel_before_work_the_order_moves_to_the_cancelled_status_with_the_reason() {
    for status in ["awaiting_verification", "awaiting_approve", "awaiting_packaging"] {
        let mut shop = Shop::that_saw(posting(status));
        shop.sees(posting("cancelled").with(|d| {
            d.cancellation = Some(Cancellation {
                reason: Some("Передумал".to_owned()),
                initiator: Some("Покупатель".to_owned()),
                ..Cancellation::default()
            });
        }));
        assert_eq!(shop.order().status_id, CANCELLED, "{status}");
        assert!(shop.order().flags.is_empty());
        let reason = Reason::OnCancel {
            stage: Stage::BeforeWork,
            reason: Some("Передумал".to_owned()),
            initiator: Some("Покупатель".to_owned()),
        };
        assert_eq!(shop.last(Field::Status).reason, reason);
    }
}

#[test]
fn on_cancel_an_order_that_a_person_moved_is_in_work_and_gets_the_flag() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetStatus(IN_WORK));
    shop.sees(posting("cancelled"));
    assert_eq!(shop.order().status_id, IN_WORK);
    assert!(shop.order().flags.contains(&Flag::CancelledInOzon));
    assert!(matches!(shop.last(Field::Flags).reason, Reason::OnCancel { stage: Stage::InWork, .. }));
}

#[test]
fn on_cancel_after_packing_the_order_is_flagged_not_to_be_sent() {
    for status in ["awaiting_registration", "awaiting_deliver", "acceptance_in_progress", "arbitration"] {
        let mut shop = Shop::that_saw(posting("awaiting_packaging"));
        shop.sees(posting(status));
        let before = shop.order().status_id;
        shop.sees(posting("cancelled"));
        assert_eq!(shop.order().status_id, before, "{status}");
        assert!(shop.order().flags.contains(&Flag::CancelledInOzon), "{status}");
    }
}

#[test]
fn on_cancel_after_shipping_a_return_is_awaited() {
    for status in ["driver_pickup", "delivering", "sent_by_seller", "client_arbitration"] {
        let mut shop = Shop::that_saw(posting("awaiting_packaging"));
        shop.sees(posting(status));
        shop.sees(posting("cancelled"));
        assert!(shop.order().flags.contains(&Flag::AwaitingReturn), "{status}");
        assert!(!shop.order().flags.contains(&Flag::CancelledInOzon), "{status}");
    }
}

#[test]
fn on_cancel_a_status_may_stand_in_for_each_flag() {
    let mut shop = Shop::with(|s| {
        s.on_cancel.in_work = CancelAct::Status(DISPUTED);
        s.on_cancel.shipped = CancelAct::Status(AWAITING_RETURN);
    });
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_deliver"));
    shop.sees(posting("cancelled"));
    assert_eq!(shop.order().status_id, DISPUTED);
    assert!(shop.order().flags.is_empty());

    let mut shop = Shop::with(|s| s.on_cancel.shipped = CancelAct::Status(AWAITING_RETURN));
    shop.sees(posting("awaiting_packaging"));
    shop.sees(posting("delivering"));
    shop.sees(posting("cancelled"));
    assert_eq!(shop.order().status_id, AWAITING_RETURN);
}

#[test]
fn on_cancel_an_unknown_last_status_counts_as_in_work_so_that_somebody_looks() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("teleported"));
    shop.sees(posting("cancelled"));
    assert!(shop.order().flags.contains(&Flag::CancelledInOzon));
}

#[test]
fn on_cancel_a_person_who_gave_a_cancelled_order_another_status_is_not_overruled() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("cancelled"));
    shop.person(Act::SetStatus(RETURNED));
    assert_eq!(shop.sees(posting("cancelled").sub("posting_canceled")), Came::Updated);
    assert_eq!(shop.order().status_id, RETURNED);
}

#[test]
fn both_cancelled_statuses_are_final_and_what_follows_is_noted_once() {
    for end in ["cancelled", "cancelled_from_split_pending"] {
        let mut shop = Shop::that_saw(posting("awaiting_packaging"));
        shop.sees(posting(end).sub("posting_canceled"));
        let before = shop.order().clone();
        let facts = shop.facts().clone();

        let revived = || posting("delivering").of(vec![goods("OTHER", 9, 1)]);
        assert_eq!(shop.sees(revived()), Came::Updated, "{end}");
        assert_eq!(*shop.order(), before, "{end}");
        assert_eq!(*shop.facts(), facts, "{end}");
        let noted = shop.last(Field::OzonStatus);
        assert_eq!(noted.reason, Reason::AfterCancellation);
        assert_eq!(noted.new.as_deref(), Some("delivering"));

        let lines = shop.history.len();
        assert_eq!(shop.sees(revived()), Came::Unchanged, "{end}");
        assert_eq!(shop.sees(posting(end)), Came::Unchanged, "{end}");
        assert_eq!(shop.sees(revived()), Came::Unchanged, "{end}");
        assert_eq!(shop.history.len(), lines, "{end}");
    }
}

#[test]
fn one_final_cancellation_does_not_turn_into_the_other() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("cancelled_from_split_pending"));
    shop.sees(posting("cancelled"));
    assert_eq!(shop.order().ozon_status.code(), "cancelled_from_split_pending");
    assert!(shop.order().flags.is_empty());
}

#[test]
fn a_source_of_a_split_follows_the_map_and_never_counts_as_cancelled_goods() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetStatus(IN_WORK));
    shop.sees(posting("cancelled_from_split_pending").of(vec![goods("MUG-1", 1, 49_900)]));
    assert!(shop.order().flags.is_empty());
    assert_eq!(shop.order().status_id, CANCELLED);
    assert!(matches!(&shop.last(Field::Status).reason, Reason::StatusMap { .. }));
}

#[test]
fn a_cancelled_posting_without_an_order_makes_none_when_it_is_shown_as_open_again() {
    let mut shop = Shop::new();
    shop.sees(posting("cancelled"));
    assert!(matches!(shop.sees(posting("awaiting_packaging")), Came::Skipped(_)));
    assert!(!shop.has_order());
    assert_eq!(shop.facts().status.code(), "cancelled");
}

#[test]
fn a_wholly_cancelled_order_is_not_called_partly_cancelled() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.sees(posting("awaiting_deliver"));
    shop.sees(posting("cancelled").of(vec![goods("MUG-1", 0, 49_900)]));
    assert!(!shop.order().flags.contains(&Flag::PartlyCancelled));
}
