//! Owns the past of a generated posting: how it came from its start to where it stands.
//! Does not choose goods or buyers.

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::model::course::{self, PRELUDE, Stop};
use crate::model::machine::{Act, perform};
use crate::model::posting::{Canceller, Posting};
use crate::model::vocabulary::{DeliveryType, Status};

/// Lives from `in_process_at` to `now` with believable stays, a few detours and cancellations.
pub(crate) fn live(posting: &mut Posting, now: DateTime<Utc>, rng: &mut StdRng) {
    let start = match rng.random_range(0..100) {
        0..5 => PRELUDE[0].clone(),
        5..15 => PRELUDE[1].clone(),
        _ => (Status::AwaitingPackaging, "posting_created"),
    };
    let mut at = posting.in_process_at;
    posting.enter(start.0, start.1, at, "created");
    posting.previous_substatus = "".into();
    while !posting.status.is_final() {
        at += stay(posting, rng);
        if at > now {
            break;
        }
        let chance = rng.random_range(0..1_000);
        if chance < 25 && posting.substatus != "posting_conditionally_delivered" {
            cancel(posting, at, rng);
            continue;
        }
        match (&posting.status, chance) {
            (Status::AwaitingPackaging, 25..35) if posting.substatus == "posting_created" => {
                posting.enter(Status::AwaitingPackaging, "ship_failed", at, "packing failed");
            }
            (Status::AwaitingDeliver, 25..40) => {
                posting.enter(Status::Arbitration, "posting_in_arbitration", at, "disputed");
            }
            (Status::AwaitingDeliver, 40..50) if posting.delivery_type == DeliveryType::Ozon => {
                posting.enter(Status::NotAccepted, "posting_not_in_sort_center", at, "not accepted");
            }
            (Status::Delivering, 25..33) => posting.enter(
                Status::ClientArbitration,
                "posting_in_client_arbitration",
                at,
                "disputed by the buyer",
            ),
            _ => advance(posting, at),
        }
    }
}

/// Comes to `target` by `now`, over the stops that lead to it.
pub(crate) fn reach(posting: &mut Posting, target: &Status, now: DateTime<Utc>, rng: &mut StdRng) {
    let course = course::course(&posting.delivery_type, &posting.flow);
    let until = |status: &Status| {
        let past = course.iter().position(|(at, _)| at == status).map_or(1, |index| index + 1);
        course[..past].to_vec()
    };
    let mut stops: Vec<Stop> = match target {
        Status::AwaitingVerification => vec![PRELUDE[0].clone()],
        Status::AwaitingApprove => vec![PRELUDE[1].clone()],
        Status::Cancelled => {
            let stops = rng.random_range(1..course.len() - 1);
            course[..stops].to_vec()
        }
        Status::Arbitration | Status::NotAccepted | Status::AcceptanceInProgress | Status::DriverPickup => {
            until(&Status::AwaitingDeliver)
        }
        Status::ClientArbitration => until(&Status::Delivering),
        on_course => {
            let matching: Vec<usize> =
                (0..course.len()).filter(|&index| course[index].0 == *on_course).collect();
            if matching.is_empty() {
                course[..1].to_vec()
            } else {
                let chosen = matching[rng.random_range(0..matching.len())];
                course[..=chosen].to_vec()
            }
        }
    };
    let leaves_course = stops.last().is_none_or(|(status, _)| status != target);
    let moments = stops.len() + usize::from(leaves_course);
    let mut instants = instants(posting.in_process_at, now, moments, rng).into_iter();
    let mut next = || instants.next().unwrap_or(now);
    for (index, (status, substatus)) in stops.drain(..).enumerate() {
        let event = if index == 0 { "created" } else { "advanced" };
        posting.enter(status, substatus, next(), event);
        if index == 0 {
            posting.previous_substatus = "".into();
        }
    }
    if leaves_course {
        if *target == Status::Cancelled {
            cancel(posting, next(), rng);
        } else {
            let substatus = target.first_substatus();
            posting.enter(target.clone(), substatus, next(), "status set");
        }
    }
}

/// The first is the start, the others lie between it and now in order.
fn instants(start: DateTime<Utc>, now: DateTime<Utc>, count: usize, rng: &mut StdRng) -> Vec<DateTime<Utc>> {
    let span = (now - start).num_seconds().max(0);
    let mut instants: Vec<_> =
        (1..count).map(|_| start + TimeDelta::seconds(rng.random_range(0..=span))).collect();
    instants.push(start);
    instants.sort_unstable();
    instants
}

fn advance(posting: &mut Posting, at: DateTime<Utc>) {
    if let Some((status, substatus)) =
        course::next(&posting.delivery_type, &posting.flow, &posting.status, &posting.substatus)
    {
        posting.enter(status, substatus, at, "advanced");
    }
}

fn cancel(posting: &mut Posting, at: DateTime<Utc>, rng: &mut StdRng) {
    let by = match rng.random_range(0..10) {
        0..6 => Canceller::Customer,
        6..7 => Canceller::Ozon,
        7..8 => Canceller::System,
        8..9 if posting.is_packed => Canceller::Delivery,
        _ => Canceller::Seller,
    };
    let act = Act::Cancel { by, reason_id: None, reason: None };
    let done = perform(posting, &act, at);
    debug_assert!(done.is_ok(), "only open postings are cancelled here");
}

/// How long a posting stays where it is.
fn stay(posting: &Posting, rng: &mut StdRng) -> TimeDelta {
    let minutes = match (&posting.status, posting.is_express) {
        (Status::AwaitingVerification, _) => 5..90,
        (Status::AwaitingApprove, _) => 5..180,
        (Status::AwaitingPackaging, true) => 5..45,
        (Status::AwaitingPackaging, false) => 60..1_700,
        (Status::AwaitingRegistration, _) => 15..240,
        (Status::AwaitingDeliver, true) => 5..30,
        (Status::AwaitingDeliver, false) => 120..1_100,
        (Status::AcceptanceInProgress, _) => 60..480,
        (Status::DriverPickup, _) => 20..180,
        (Status::Delivering, true) => 10..60,
        (Status::Delivering, false) => 600..3_000,
        (Status::Arbitration | Status::ClientArbitration, _) => 1_400..5_400,
        (Status::NotAccepted, _) => 240..1_800,
        _ => 60..600,
    };
    TimeDelta::seconds(rng.random_range(minutes.start * 60..minutes.end * 60))
}
