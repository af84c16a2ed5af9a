//! What holds for everything that Ozon may ever answer, in any order.

use chrono::Duration;
use domain::order::total;
use domain::posting::{Cancellation, Details, Product};
use domain::{Order, OzonStatus, Posting};
use proptest::prelude::*;

use crate::shop::*;

/// An answer, and how many seconds after the beginning it was asked for.
type Answer = (Posting, i64);

fn status() -> impl Strategy<Value = OzonStatus> {
    prop_oneof![
        9 => (0..OzonStatus::KNOWN.len()).prop_map(|at| OzonStatus::KNOWN[at].clone()),
        1 => "[a-z_]{0,12}".prop_map(OzonStatus::from),
    ]
}

fn substatus() -> impl Strategy<Value = Option<String>> {
    let known = prop::sample::select(domain::ozon_status::MAPPABLE_SUBSTATUSES.to_vec());
    prop_oneof![Just(None), known.prop_map(|s| Some(s.to_owned())), "[a-z_]{0,9}".prop_map(Some)]
}

fn product() -> impl Strategy<Value = Product> {
    (prop::sample::select(vec!["A", "B", "C"]), prop_oneof![0_u32..5, Just(u32::MAX)], 0_i64..3)
        .prop_map(|(article, quantity, hundreds)| goods(article, quantity, hundreds * 100))
}

fn details() -> impl Strategy<Value = Details> {
    let when =
        prop::option::of((0_i64..90).prop_map(|days| utc("2026-09-20T00:00:00Z") + Duration::days(days)));
    let word = || prop::option::of(prop::sample::select(vec!["", "0", "X1", "X2"]));
    (when.clone(), when, word(), word(), prop::option::of(any::<u32>()), any::<bool>()).prop_map(
        |(placed, ship_by, track, barcode, boxes, told)| Details {
            in_process_at: placed,
            shipment_date: ship_by,
            tracking_number: track.map(str::to_owned),
            upper_barcode: barcode.map(str::to_owned),
            multi_box_qty: boxes,
            cancellation: told.then(Cancellation::default),
            ..Details::default()
        },
    )
}

fn answer() -> impl Strategy<Value = Answer> {
    let goods = prop::collection::vec(product(), 0..4);
    (status(), substatus(), goods, details(), prop::option::of(0_i64..3), 0_i64..40).prop_map(
        |(status, substatus, products, details, customer, at)| {
            let mut shown = posting("").of(products);
            shown.status = status;
            shown.substatus = substatus;
            shown.details = details;
            (if let Some(id) = customer { shown.bought_by(id, "Анна") } else { shown }, at)
        },
    )
}

fn sequence() -> impl Strategy<Value = (Vec<Answer>, bool)> {
    (prop::collection::vec(answer(), 1..14), any::<bool>())
}

fn shop(also: bool) -> Shop {
    Shop::with(|s| s.also_awaiting_deliver = also)
}

fn check_order(order: &Order) -> Result<(), TestCaseError> {
    prop_assert_eq!(order.total, total(&order.lines));
    let by_hand = order.lines.iter().try_fold(0_i64, |sum, line| {
        sum.checked_add(line.price.minor.checked_mul(i64::from(line.quantity))?)
    });
    prop_assert_eq!(order.total.minor, by_hand.unwrap_or(i64::MAX));
    prop_assert_eq!(order.number.as_str(), order.posting_number.as_str());
    prop_assert!(order.boxes >= 1);
    prop_assert_eq!(order.paid, order.paid_at.is_some());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_older_answer_never_overwrites_a_newer_one((answers, also) in sequence()) {
        let mut shop = shop(also);
        let begin = shop.now;
        let mut freshest = i64::MIN;
        for (posting, at) in answers {
            let before = shop.known.clone();
            let came = shop.sees_as_of(posting, begin + Duration::seconds(at));
            prop_assert_eq!(came == Came::Stale, at < freshest);
            if came == Came::Stale {
                prop_assert_eq!(format!("{before:?}"), format!("{:?}", shop.known));
            }
            freshest = freshest.max(at);
        }
    }

    #[test]
    fn cancelled_stays_cancelled((answers, also) in sequence()) {
        let mut shop = shop(also);
        for (posting, _) in answers {
            let before = shop.known.as_ref().and_then(|k| k.facts.as_ref()).map(|f| f.status.clone());
            let order = shop.known.as_ref().and_then(|k| k.order.clone());
            shop.sees(posting);
            if let Some(end) = before.filter(OzonStatus::is_final_cancellation) {
                prop_assert_eq!(&shop.facts().status, &end);
                prop_assert_eq!(shop.has_order(), order.is_some());
                if let Some(order) = order {
                    prop_assert_eq!(&shop.order().ozon_status, &end);
                    prop_assert_eq!(shop.order().status_id, order.status_id);
                }
            }
        }
    }

    #[test]
    fn every_posting_has_an_order_or_a_reason_and_totals_equal_the_lines((answers, also) in sequence()) {
        let mut shop = shop(also);
        for (posting, _) in answers {
            let ordered = shop.has_order();
            shop.sees(posting);
            let known = shop.known.as_ref().expect("it was seen");
            prop_assert!(known.order.is_some() != known.skipped_because.is_some());
            prop_assert!(known.order.is_some() >= ordered, "an order never vanishes");
            if let Some(order) = &known.order {
                check_order(order)?;
            }
        }
    }

    #[test]
    fn the_same_answer_twice_changes_nothing_the_second_time((answers, also) in sequence()) {
        let mut shop = shop(also);
        for (posting, _) in answers {
            shop.sees(posting.clone());
            let (known, lines) = (shop.known.clone(), shop.history.len());
            let again = shop.sees(posting);
            prop_assert!(matches!(again, Came::Unchanged | Came::Skipped(_)), "{again:?}");
            let known = known.expect("it was seen");
            let after = shop.known.as_ref().expect("it was seen");
            prop_assert_eq!(&known.order, &after.order);
            prop_assert_eq!(&known.facts, &after.facts);
            prop_assert_eq!(known.skipped_because, after.skipped_because);
            prop_assert_eq!(lines, shop.history.len());
        }
    }

    #[test]
    fn facts_read_back_from_their_json_as_they_were((answers, _) in sequence()) {
        for (posting, _) in answers {
            let written = serde_json::to_vec(&posting).expect("facts are JSON");
            prop_assert_eq!(serde_json::from_slice::<Posting>(&written).expect("reads"), posting);
        }
    }
}
