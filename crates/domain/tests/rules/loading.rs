//! Rows 1 and 2, `load_from`, and the freshness of answers.

use chrono::{Duration, NaiveTime};
use chrono_tz::Europe::Moscow;
use domain::schedule::{Past, next_due};
use domain::settings::Every;
use domain::{PostingNumber, SkipReason};

use crate::shop::*;

fn after(last: &str) -> Past {
    Past { last_good_start: utc(last), last_failure: None, failures: 0 }
}

#[test]
fn row_01_the_schedule_is_on_after_install() {
    assert!(on_install().schedule.enabled);
}

#[test]
fn row_02_after_install_orders_are_loaded_every_five_minutes() {
    let schedule = on_install().schedule;
    assert_eq!(schedule.every, Every::Minutes(5));
    let due = next_due(schedule.every, schedule.at, &after("2026-11-23T10:00:00Z"), Moscow);
    assert_eq!(due, utc("2026-11-23T10:05:00Z"));
}

#[test]
fn row_02_days_are_counted_to_the_local_time_of_the_shop() {
    let at = NaiveTime::from_hms_opt(6, 30, 0).expect("a time");
    let due = next_due(Every::Days(2), at, &after("2026-11-23T03:30:00Z"), Moscow);
    assert_eq!(due, utc("2026-11-25T03:30:00Z"));
}

#[test]
fn row_02_many_missed_loads_are_made_up_once() {
    let due = next_due(Every::Hours(1), NaiveTime::MIN, &after("2026-11-01T00:00:00Z"), Moscow);
    assert_eq!(due, utc("2026-11-01T01:00:00Z"), "one due time in the past, not one for each missed hour");
}

#[test]
fn row_02_a_failed_load_never_counts_as_the_last_one() {
    let past = Past {
        last_failure: Some(utc("2026-11-23T10:05:30Z")),
        failures: 1,
        ..after("2026-11-23T10:00:00Z")
    };
    let due = next_due(Every::Hours(3), NaiveTime::MIN, &past, Moscow);
    assert_eq!(due, utc("2026-11-23T13:00:00Z"), "the good load's turn is not put off by the failure");
    let due = next_due(Every::Minutes(5), NaiveTime::MIN, &past, Moscow);
    assert_eq!(due, utc("2026-11-23T10:06:30Z"), "it is tried again after a pause");
}

#[test]
fn load_from_is_thirty_days_before_the_cabinet_was_added() {
    assert_eq!(on_install().load_from, utc("2026-10-24T09:00:00Z"));
}

#[test]
fn load_from_does_not_keep_out_what_is_still_in_an_initial_status() {
    let mut shop = Shop::new();
    let old = posting("awaiting_packaging").with(|d| d.in_process_at = Some(utc("2025-01-01T00:00:00Z")));
    assert_eq!(shop.sees(old), Came::Created);
}

#[test]
fn load_from_keeps_out_older_postings_after_assembly_and_names_itself() {
    let mut shop = Shop::with(|s| s.also_awaiting_deliver = true);
    let from = shop.settings.load_from;
    let old = |status: &str| posting(status).with(|d| d.in_process_at = Some(from - Duration::seconds(1)));
    assert_eq!(shop.sees(old("awaiting_deliver")), Came::Skipped(SkipReason::OlderThanLoadFrom));
    assert_eq!(shop.sees(old("delivering")), Came::Skipped(SkipReason::OlderThanLoadFrom));
    assert_eq!(shop.sees(old("delivered")), Came::Skipped(SkipReason::Archive));
    assert_eq!(SkipReason::OlderThanLoadFrom.setting(), Some("load_from"));

    let mut shop = Shop::with(|s| s.also_awaiting_deliver = true);
    let just = posting("awaiting_deliver").with(|d| d.in_process_at = Some(from));
    assert_eq!(shop.sees(just), Came::Created);
}

#[test]
fn load_from_puts_closed_older_postings_into_the_archive() {
    for status in ["delivered", "cancelled", "cancelled_from_split_pending", "not_accepted"] {
        let mut shop = Shop::new();
        let old = posting(status).with(|d| d.in_process_at = Some(utc("2025-01-01T00:00:00Z")));
        assert_eq!(shop.sees(old), Came::Skipped(SkipReason::Archive), "{status}");
    }
    let mut shop = Shop::new();
    let under_way = posting("delivering").with(|d| d.in_process_at = Some(utc("2025-01-01T00:00:00Z")));
    assert_eq!(shop.sees(under_way), Came::Skipped(SkipReason::FirstSeenTooLate));
}

#[test]
fn load_from_does_not_count_a_posting_without_a_time_as_old() {
    let mut shop = Shop::new();
    let timeless = posting("delivered").with(|d| d.in_process_at = None);
    assert_eq!(shop.sees(timeless), Came::Skipped(SkipReason::FirstSeenTooLate));
}

#[test]
fn an_older_answer_changes_nothing_and_one_as_fresh_counts() {
    let mut shop = Shop::that_saw(posting("awaiting_deliver"));
    let first = shop.now;
    assert_eq!(
        shop.sees_as_of(posting("awaiting_packaging"), first - Duration::microseconds(1)),
        Came::Stale
    );
    assert!(!shop.has_order());
    assert_eq!(shop.sees_as_of(posting("awaiting_packaging"), first), Came::Created);
    assert_eq!(shop.sees_as_of(posting("delivered"), first - Duration::seconds(9)), Came::Stale);
    assert_eq!(shop.order().ozon_status.code(), "awaiting_packaging");
}

#[test]
fn a_posting_number_is_text_with_leading_zeros_and_nothing_odd() {
    assert_eq!(PostingNumber::new(" 0105259411-0854-1 ").expect("fits").as_str(), "0105259411-0854-1");
    assert!(PostingNumber::new("").is_err());
    assert!(PostingNumber::new("1\u{0}2").is_err());
    assert!(PostingNumber::new(&"9".repeat(65)).is_err());
}
