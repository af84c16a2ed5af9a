//! What goes wrong in calls of Ozon: every kind of fault that the simulator knows, at random.

use ozon_sim::{
    CANCELLATION_APPROVE, CANCELLATION_LIST, CANCELLATION_REJECT, DELIVERED, DELIVERING, Fault, FaultPlan,
    Handle, LAST_MILE, POSTING_GET, POSTING_LIST, TRACKING_NUMBER_SET, UNFULFILLED_LIST,
};
use rand::RngExt;
use rand::rngs::StdRng;

use crate::scene::one;

const LISTS: [&str; 2] = [POSTING_LIST, UNFULFILLED_LIST];
const READINGS: [&str; 4] = [POSTING_LIST, UNFULFILLED_LIST, POSTING_GET, CANCELLATION_LIST];
const CHANGES: [&str; 6] =
    [DELIVERED, DELIVERING, LAST_MILE, TRACKING_NUMBER_SET, CANCELLATION_APPROVE, CANCELLATION_REJECT];

/// Prepares one fault for the calls to come.
pub(crate) fn brew(sim: &Handle, chance: &mut StdRng) {
    let (fault, methods, times) = drawn(chance);
    let mut plan = FaultPlan::next_call(fault).at_call(chance.random_range(1..4)).times(times);
    if let Some(method) = one(chance, methods) {
        plan = plan.of_method(*method);
    }
    sim.inject_fault(plan);
}

/// The fault, where it may strike (anywhere when there is no method), and how often.
fn drawn(chance: &mut StdRng) -> (Fault, &'static [&'static str], u32) {
    let few = chance.random_range(1..4);
    match chance.random_range(0..25) {
        0 => (Fault::TooManyRequests { retry_after: chance.random_range(1..3) }, &[], few),
        1 => (Fault::ServerError, &[], few),
        2 => (Fault::BadGateway, &[], few),
        3 => (refusal(chance), &READINGS, 1),
        4 => (Fault::CutBody, &[], few),
        5 => (Fault::Slow { millis: chance.random_range(100..2_500) }, &READINGS, few),
        // A call that changes something is answered within the time that a claim holds.
        6 => (Fault::Slow { millis: chance.random_range(20..200) }, &CHANGES, few),
        7 => (Fault::Hangup, &[], few),
        8 | 9 => (Fault::TakenThenSlow { millis: chance.random_range(200..3_000) }, &CHANGES, few),
        10 | 11 => (Fault::TakenThenHangup, &CHANGES, few),
        12 | 13 => (Fault::TakenThenServerError, &CHANGES, few),
        14 => {
            let words = ["STATE_NOT_VALID", "TRANSITION_IS_NOT_POSSIBLE", "POSTING_NOT_FOUND", "A_NEW_WORD"];
            let error = (*one(chance, &words).unwrap_or(&"A_NEW_WORD")).to_owned();
            (Fault::RefuseItem { error, posting_number: None }, &CHANGES, 1)
        }
        15 => (Fault::RepeatedCursor, &LISTS, 1),
        16 => (Fault::EmptyBody, &[], few),
        17 => (Fault::EmptyObject, &READINGS, few),
        18 => (Fault::EmptyPage, &LISTS, few),
        19 => (Fault::DoubledPosting, &LISTS, few),
        20 => (Fault::InsertedPosting { before_page: chance.random_bool(0.5) }, &LISTS, 1),
        21 => (Fault::HugeBody { bytes: 3_000_000 }, &READINGS, 1),
        22 => (Fault::BrokenJson, &[], few),
        23 => (Fault::WrongContentType, &[], few),
        // Nothing is to be reached for a while.
        _ => (Fault::Hangup, &[], 12),
    }
}

fn refusal(chance: &mut StdRng) -> Fault {
    let kinds =
        [(400, 3, "request is invalid"), (401, 16, "key is unknown"), (403, 7, "no role"), (500, 2, "odd")];
    let (http, code, message) = *one(chance, &kinds).unwrap_or(&kinds[0]);
    Fault::Refuse { http, code, message: message.to_owned() }
}
