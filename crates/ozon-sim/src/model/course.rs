//! Owns the usual course of a posting by its delivery type. Does not apply the steps.

use super::vocabulary::{DeliveryType, Flow, Status};

/// A stop on the way: status and substatus.
pub(crate) type Stop = (Status, &'static str);

/// The stops before packing that only some postings make.
pub(crate) const PRELUDE: [Stop; 2] =
    [(Status::AwaitingVerification, "posting_created"), (Status::AwaitingApprove, "posting_created")];

const BY_OZON: &[Stop] = &[
    (Status::AwaitingPackaging, "posting_created"),
    (Status::AwaitingDeliver, "posting_not_in_carriage"),
    (Status::AwaitingDeliver, "posting_in_carriage"),
    (Status::AcceptanceInProgress, "posting_acceptance_in_progress"),
    (Status::Delivering, "posting_on_way_to_city"),
    (Status::Delivering, "posting_on_way_to_pickup_point"),
    (Status::Delivering, "posting_in_pickup_point"),
    (Status::Delivered, "posting_received"),
];

const BY_SELLER: &[Stop] = &[
    (Status::AwaitingPackaging, "posting_created"),
    (Status::AwaitingDeliver, "posting_transferring_to_delivery"),
    (Status::Delivering, "posting_transferred_to_courier_service"),
    (Status::Delivering, "posting_in_courier_service"),
    (Status::Delivering, "posting_conditionally_delivered"),
    (Status::Delivered, "posting_delivered"),
];

const BY_TRACKED_SERVICE: &[Stop] = &[
    (Status::AwaitingPackaging, "posting_created"),
    (Status::AwaitingDeliver, "posting_registered"),
    (Status::Delivering, "posting_on_way_to_city"),
    (Status::Delivering, "posting_transferred_to_courier_service"),
    (Status::Delivering, "posting_in_courier_service"),
    (Status::Delivered, "posting_delivered"),
];

const BY_PARTNER: &[Stop] = &[
    (Status::AwaitingPackaging, "posting_created"),
    (Status::AwaitingRegistration, "posting_awaiting_registration"),
    (Status::AwaitingRegistration, "posting_registered"),
    (Status::AwaitingDeliver, "posting_registered"),
    (Status::DriverPickup, "posting_driver_pick_up"),
    (Status::Delivering, "posting_transferred_to_courier_service"),
    (Status::Delivering, "posting_in_courier_service"),
    (Status::Delivered, "posting_delivered"),
];

const BY_POST: &[Stop] = &[
    (Status::AwaitingPackaging, "posting_created"),
    (Status::AwaitingDeliver, "posting_transferring_to_delivery"),
    (Status::Delivering, "posting_on_way_to_city"),
    (Status::Delivering, "posting_on_way_to_pickup_point"),
    (Status::Delivering, "posting_in_pickup_point"),
    (Status::Delivered, "posting_received"),
];

/// The stops from packing to the buyer's hands (API section 4).
pub(crate) fn course(kind: &DeliveryType, flow: &Flow) -> &'static [Stop] {
    match (kind, flow) {
        (DeliveryType::NonIntegrated, _) | (_, Flow::HybridNonIntegrated) => BY_SELLER,
        (DeliveryType::ThirdPartyTracking, _) => BY_TRACKED_SERVICE,
        (DeliveryType::Aggregator, _) | (_, Flow::HybridAggregator) => BY_PARTNER,
        (DeliveryType::Hybryd, _) => BY_POST,
        (DeliveryType::Ozon | DeliveryType::Other(_), _) => BY_OZON,
    }
}

/// What follows `status` and `substatus`; `None` where nothing does.
pub(crate) fn next(kind: &DeliveryType, flow: &Flow, status: &Status, substatus: &str) -> Option<Stop> {
    let course = course(kind, flow);
    let stop = |wanted: &Status| course.iter().find(|(status, _)| status == wanted).cloned();
    match status {
        Status::AwaitingVerification => Some(PRELUDE[1].clone()),
        Status::AwaitingApprove => stop(&Status::AwaitingPackaging),
        Status::Arbitration | Status::NotAccepted => stop(&Status::AwaitingDeliver),
        Status::ClientArbitration => stop(&Status::Delivering),
        // Those whose course has no registration or acceptance go on to what comes after it.
        Status::AwaitingRegistration if stop(status).is_none() => stop(&Status::AwaitingDeliver),
        Status::AcceptanceInProgress | Status::DriverPickup if stop(status).is_none() => {
            stop(&Status::Delivering)
        }
        _ => {
            let exact = course.iter().position(|(at, sub)| at == status && *sub == substatus);
            let last_of_status = || course.iter().rposition(|(at, _)| at == status);
            let index = exact.or_else(last_of_status)?;
            course.get(index + 1).cloned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delivery_type_gets_from_verification_to_the_buyer() {
        for kind in DeliveryType::ALL {
            let flow = kind.usual_flow();
            let (mut status, mut substatus) = PRELUDE[0].clone();
            let mut steps = 0;
            while let Some((next_status, next_substatus)) = next(kind, &flow, &status, substatus) {
                status = next_status;
                substatus = next_substatus;
                steps += 1;
                assert!(steps < 20, "{kind} goes in a circle");
            }
            assert_eq!(status, Status::Delivered, "{kind}");
        }
    }

    #[test]
    fn every_open_status_has_a_way_on_and_every_final_one_has_none() {
        for kind in DeliveryType::ALL {
            for status in Status::ALL {
                let onward = next(kind, &kind.usual_flow(), status, status.first_substatus());
                assert_eq!(onward.is_none(), status.is_final(), "{kind} {status}");
            }
        }
    }
}
