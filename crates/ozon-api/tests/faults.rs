//! The client against a simulated cabinet that fails: what passes is outlived, what stays is told apart.

mod cabinet;

use std::time::Duration;

use cabinet::{CLIENT, KEY, cabinet, client, client_with, last_year, load};
use chrono::TimeDelta;
use ozon_api::methods::{GetPosting, GetRoles, ListPostings};
use ozon_api::{Broken, ErrorKind, ListedPosting};
use ozon_sim::{Fault, FaultPlan, GeneratorOptions, POSTING_LIST, ROLES};

#[tokio::test]
async fn faults_that_pass_are_outlived_without_losing_a_posting() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 250, &GeneratorOptions::seeded(6)).expect("postings are made");
    let client = client_with(&simulator, KEY, |options| options.request_timeout = Duration::from_millis(700));
    for fault in [
        Fault::ServerError,
        Fault::BadGateway,
        Fault::CutBody,
        Fault::Hangup,
        Fault::EmptyBody,
        Fault::EmptyObject,
        Fault::EmptyPage,
        Fault::BrokenJson,
        Fault::Slow { millis: 2_000 },
        Fault::TooManyRequests { retry_after: 1 },
    ] {
        handle.inject_fault(FaultPlan::next_call(fault.clone()).of_method(POSTING_LIST).at_call(2));
        let listed =
            load(&client, last_year(handle)).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        let mut numbers: Vec<_> = listed.iter().filter_map(ListedPosting::posting_number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 250, "{fault:?}");
        assert!(handle.pending_faults().is_empty(), "{fault:?}");
    }
}

#[tokio::test]
async fn faults_that_stay_are_told_apart() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 5, &GeneratorOptions::seeded(6)).expect("postings are made");
    let refuse = |http, code, message: &str| Fault::Refuse { http, code, message: message.to_owned() };
    for (fault, code, attempts) in [
        (Fault::ServerError, "outage", 3),
        (Fault::BadGateway, "outage", 3),
        (Fault::CutBody, "broken_answer", 3),
        (Fault::Hangup, "network", 3),
        (Fault::EmptyBody, "broken_answer", 3),
        (Fault::EmptyObject, "broken_answer", 3),
        (Fault::EmptyPage, "broken_answer", 3),
        (Fault::BrokenJson, "broken_answer", 3),
        (Fault::TooManyRequests { retry_after: 0 }, "rate_limited", 3),
        (Fault::TooManyRequests { retry_after: 600 }, "rate_limited", 1),
        (Fault::Slow { millis: 1_000 }, "timeout", 3),
        (Fault::HugeBody { bytes: 3_000_000 }, "answer_too_large", 1),
        (refuse(400, 3, "PERIOD_IS_TOO_LONG"), "period_too_long", 1),
        (refuse(400, 3, "invalid limit"), "rejected", 1),
        (refuse(403, 7, "Api-Key is missing a required role for a method"), "role_missing", 1),
        (refuse(403, 7, "Api-Key is restricted to specific IP addresses"), "ip_restricted", 1),
        (refuse(403, 7, "Offer not signed"), "offer_not_signed", 1),
        (refuse(404, 5, "method is not allowed"), "method_gone", 1),
    ] {
        handle.clear_faults();
        handle.clear_requests();
        handle.inject_fault(FaultPlan::next_call(fault.clone()).of_method(POSTING_LIST).times(0));
        let client = client_with(&simulator, KEY, |options| {
            options.max_answer_bytes = 1_000_000;
            options.request_timeout = Duration::from_millis(300);
        });
        let error = client.call(&last_year(handle)).await.expect_err("the fault stays");
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        // The simulator does not log a request that was given up.
        if error.kind != ErrorKind::Timeout {
            assert_eq!(handle.requests().len(), attempts, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_stands_still_ends_the_reading() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 250, &GeneratorOptions::seeded(6)).expect("postings are made");
    handle.inject_fault(FaultPlan::next_call(Fault::RepeatedCursor).of_method(POSTING_LIST).at_call(2));
    let error = load(&client(&simulator), last_year(handle)).await.expect_err("it goes in a circle");
    assert_eq!(error.kind, ErrorKind::BrokenAnswer { reason: Broken::CursorRepeated });
    assert!(handle.request_count(POSTING_LIST) <= 3);
}

#[tokio::test]
async fn a_key_that_does_not_open_is_said_at_once() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    let wrong = client_with(&simulator, "another-key", |_| {});
    let error = wrong.call(&GetRoles {}).await.expect_err("the key is wrong");
    assert_eq!(error.code(), "key_invalid", "{error}");
    handle.deactivate_key(CLIENT).expect("it is there");
    let error = client(&simulator).call(&GetRoles {}).await.expect_err("the key is off");
    assert_eq!(error.code(), "key_deactivated", "{error}");
    assert_eq!(handle.request_count(ROLES), 2);
}

#[tokio::test]
async fn a_posting_that_is_not_there_is_not_found() {
    let simulator = cabinet().await;
    let error = client(&simulator).call(&GetPosting::new("0-0-0")).await.expect_err("it is not there");
    assert_eq!(error.code(), "not_found", "{error}");
}

#[tokio::test]
async fn a_period_of_two_years_is_too_long() {
    let simulator = cabinet().await;
    let now = simulator.handle().now();
    let request = ListPostings::of_period(now - TimeDelta::days(800), now);
    let error = client(&simulator).call(&request).await.expect_err("it is too long");
    assert_eq!(error.kind, ErrorKind::PeriodTooLong);
}
