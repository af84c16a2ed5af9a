//! Owns `available_actions`: what the seller may do with a posting by its type and status
//! (API section 4). Does not perform them.

use super::posting::Posting;
use super::vocabulary::{DeliveryType, Flow, Status};

/// Who sets the track number and who moves the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Ozon,
    Seller,
    TrackedService,
    Partner,
    Post,
}

pub(crate) fn carrier(posting: &Posting) -> Carrier {
    match (&posting.delivery_type, &posting.flow) {
        (_, Flow::HybridNonIntegrated) | (DeliveryType::NonIntegrated, _) => Carrier::Seller,
        (_, Flow::HybridThirdPartyTracking) | (DeliveryType::ThirdPartyTracking, _) => {
            Carrier::TrackedService
        }
        (_, Flow::HybridAggregator) | (DeliveryType::Aggregator, _) => Carrier::Partner,
        (DeliveryType::Hybryd, _) => Carrier::Post,
        (DeliveryType::Ozon | DeliveryType::Other(_), _) => Carrier::Ozon,
    }
}

/// Sorted, as in Ozon's answers.
pub(crate) fn available_actions(posting: &Posting) -> Vec<&'static str> {
    let carrier = carrier(posting);
    let mut actions: Vec<&'static str> = Vec::with_capacity(10);
    match &posting.status {
        Status::AwaitingVerification | Status::AwaitingApprove => actions.push("cancel"),
        Status::AwaitingPackaging => {
            actions.extend(["cancel", "product_cancel"]);
            match posting.substatus.as_ref() {
                "ship_failed" => actions.extend(["ship", "ship_async_retry"]),
                "posting_split_pending" => {}
                _ => actions.extend(["ship", "ship_async"]),
            }
            if carrier == Carrier::Ozon {
                actions.push("has_barcode_for_printing");
            }
            if carrier == Carrier::Seller {
                actions.extend(["set_cutoff", "set_timeslot"]);
            }
        }
        Status::AwaitingRegistration => actions.extend(["cancel", "label_download"]),
        Status::AwaitingDeliver => {
            actions.extend(["cancel", "label_download"]);
            match carrier {
                Carrier::Ozon => actions.extend([
                    "add_additional_info",
                    "has_barcode_for_printing",
                    "label_download_small",
                    "product_cancel",
                ]),
                Carrier::Seller => {
                    actions.extend(["non_int_delivering", "set_timeslot", "set_track_number"]);
                }
                Carrier::TrackedService => actions.push("set_track_number"),
                Carrier::Partner | Carrier::Post => actions.push("label_download_big"),
            }
        }
        Status::Arbitration => actions.push("awaiting_delivery"),
        Status::Delivering => match (carrier, posting.substatus.as_ref()) {
            // What is conditionally delivered can be neither moved nor cancelled by the seller.
            (Carrier::Seller, "posting_conditionally_delivered") => {}
            (Carrier::Seller, "posting_in_courier_service") => {
                actions.extend(["cancel", "non_int_delivered", "set_track_number"]);
            }
            (Carrier::Seller, _) => {
                actions.extend(["cancel", "non_int_last_mile", "set_track_number"]);
            }
            (Carrier::TrackedService, _) => actions.push("set_track_number"),
            _ => {}
        },
        _ => {}
    }
    if !posting.tracking_number.is_empty() && carrier != Carrier::Ozon {
        actions.push("click_track_number");
    }
    if let Some(buyer) = &posting.buyer {
        if !posting.status.is_final() {
            actions.push("can_create_chat");
        }
        if !buyer.phone.is_empty() {
            actions.push("customer_phone_available");
        }
    } else {
        actions.push("hide_region_and_city");
    }
    actions.sort_unstable();
    actions
}
