use std::time::Duration;

use tokio::time::Instant;

use super::{Limiter, Limits};

const LIST: &str = "/v4/posting/fbs/list";
const GET: &str = "/v3/posting/fbs/get";

fn far() -> Instant {
    Instant::now() + Duration::from_hours(1)
}

async fn time_of(limiter: &Limiter, method: &'static str, calls: u32) -> Duration {
    let begin = Instant::now();
    for _ in 0..calls {
        assert_eq!(limiter.ready(method, far()).await, Ok(()));
    }
    begin.elapsed()
}

#[tokio::test(start_paused = true)]
async fn no_second_has_more_than_fifty_calls_over_all_methods() {
    let limiter = Limits::separate().for_client_id("1");
    let mut times = Vec::new();
    for call in 0..200_u32 {
        let method = if call % 2 == 0 { LIST } else { "/v1/roles" };
        assert_eq!(limiter.ready(method, far()).await, Ok(()));
        times.push(Instant::now());
    }
    for (index, begin) in times.iter().enumerate() {
        let within = times[index..].iter().filter(|time| **time - *begin < Duration::from_secs(1)).count();
        assert!(within <= 50, "{within} calls in one second");
    }
    assert!(times[199] - times[0] < Duration::from_secs(6), "it is too slow");
}

#[tokio::test(start_paused = true)]
async fn one_posting_is_asked_for_at_most_twice_a_second() {
    let limiter = Limits::separate().for_client_id("1");
    let taken = time_of(&limiter, GET, 11).await;
    assert!(taken >= Duration::from_secs(5), "{taken:?}");
    assert!(taken < Duration::from_secs(6), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn one_limiter_serves_all_clients_of_a_client_id_and_no_others() {
    let limits = Limits::separate();
    let (first, second, other) =
        (limits.for_client_id("1"), limits.for_client_id("1"), limits.for_client_id("2"));
    first.refused(LIST, Some(Duration::from_secs(30)));
    assert!(time_of(&other, LIST, 1).await < Duration::from_millis(1));
    assert!(time_of(&second, "/v1/roles", 1).await < Duration::from_millis(1));
    let taken = time_of(&second, LIST, 1).await;
    assert!(taken >= Duration::from_secs(30), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn the_shared_limits_are_the_same_for_the_whole_process() {
    Limits::shared().for_client_id("shared").refused(LIST, Some(Duration::from_secs(7)));
    let taken = time_of(&Limits::default().for_client_id("shared"), LIST, 1).await;
    assert!(taken >= Duration::from_secs(7), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_said_at_once() {
    let limiter = Limits::separate().for_client_id("1");
    limiter.refused(LIST, Some(Duration::from_mins(1)));
    let begin = Instant::now();
    let wait = limiter.ready(LIST, begin + Duration::from_secs(10)).await;
    assert!(wait.is_err_and(|wait| wait > Duration::from_secs(59)));
    assert!(begin.elapsed() < Duration::from_millis(1));
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_lowered_after_a_refusal_and_recovers_with_time() {
    let limiter = Limits::separate().for_client_id("1");
    assert!(time_of(&limiter, LIST, 5).await < Duration::from_secs(1));
    limiter.refused(LIST, Some(Duration::from_secs(2)));
    let after_one = time_of(&limiter, LIST, 5).await;
    assert!(after_one >= Duration::from_secs(6), "{after_one:?}");
    limiter.refused(LIST, None);
    let after_two = time_of(&limiter, LIST, 5).await;
    assert!(after_two > after_one, "{after_two:?}");
    tokio::time::sleep(Duration::from_mins(10)).await;
    let calm = time_of(&limiter, LIST, 5).await;
    assert!(calm < Duration::from_secs(1), "{calm:?}");
}

#[tokio::test(start_paused = true)]
async fn refusals_of_calls_that_went_together_lower_the_pace_once() {
    let limiter = Limits::separate().for_client_id("1");
    for _ in 0..20 {
        limiter.refused(LIST, None);
    }
    let taken = time_of(&limiter, LIST, 4).await;
    assert!(taken < Duration::from_secs(5), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn a_method_with_its_own_pace_recovers_no_further_than_that() {
    let limiter = Limits::separate().for_client_id("1");
    limiter.refused(GET, None);
    tokio::time::sleep(Duration::from_hours(1)).await;
    let taken = time_of(&limiter, GET, 11).await;
    assert!(taken >= Duration::from_secs(5), "{taken:?}");
    assert!(taken < Duration::from_secs(6), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn lifted_limits_still_obey_retry_after() {
    let limiter = Limits::unlimited().for_client_id("1");
    assert!(time_of(&limiter, GET, 1_000).await < Duration::from_millis(1));
    limiter.refused(GET, Some(Duration::from_secs(3)));
    let taken = time_of(&limiter, GET, 1_000).await;
    assert!(taken >= Duration::from_secs(3), "{taken:?}");
    assert!(taken < Duration::from_secs(4), "{taken:?}");
}
