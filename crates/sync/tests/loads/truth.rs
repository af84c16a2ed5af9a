//! What the settings call for, worked out from the simulator's own view of its postings and from nothing of ours.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Order, SkipReason};
use ozon_sim::{DeliveryType, PostingTruth};
use serde_json::Value;

use crate::shop::{CLIENT, Shop};
use crate::stored;

const INITIAL: [&str; 3] = ["awaiting_verification", "awaiting_approve", "awaiting_packaging"];
const AFTER_ASSEMBLY: [&str; 3] = ["awaiting_registration", "awaiting_deliver", "acceptance_in_progress"];
const CLOSED: [&str; 4] = ["delivered", "cancelled", "cancelled_from_split_pending", "not_accepted"];
/// What the first sweep asks for.
pub const OPEN: [&str; 9] = [
    "awaiting_registration",
    "acceptance_in_progress",
    "awaiting_approve",
    "awaiting_packaging",
    "awaiting_deliver",
    "arbitration",
    "client_arbitration",
    "delivering",
    "driver_pickup",
];

/// Why a posting that is seen for the first time makes no order; `None` when it makes one.
fn kept_out(
    truth: &PostingTruth,
    also: bool,
    load_from: chrono::DateTime<chrono::Utc>,
) -> Option<SkipReason> {
    let status = truth.status.as_str();
    let old = truth.in_process_at < load_from;
    if INITIAL.contains(&status) {
        None
    } else if AFTER_ASSEMBLY.contains(&status) {
        match (also, old) {
            (false, _) => Some(SkipReason::AlsoAwaitingDeliverOff),
            (true, true) => Some(SkipReason::OlderThanLoadFrom),
            (true, false) => None,
        }
    } else if CLOSED.contains(&status) && old {
        Some(SkipReason::Archive)
    } else {
        Some(SkipReason::FirstSeenTooLate)
    }
}

/// Checks a first load against what is at Ozon; how many orders and how many postings without one there are.
pub async fn assert_first_load_agrees(shop: &Shop, also: bool) -> (u64, u64) {
    let load_from = shop.store.settings(shop.cabinet).await.unwrap().settings.load_from;
    let truths = shop.ozon.truths(CLIENT);
    let orders = stored::orders(shop).await;
    let mut by_number: HashMap<String, &Order> = HashMap::new();
    for order in &orders {
        assert!(by_number.insert(order.posting_number.to_string(), order).is_none(), "a doubled order");
    }
    let postings: BTreeMap<String, _> =
        stored::postings(shop).await.into_iter().map(|p| (p.posting_number.clone(), p)).collect();
    assert_eq!(postings.len(), truths.len(), "all that was shown is stored, and nothing twice");
    let mut reasons = HashSet::new();
    let (mut with, mut without) = (0, 0);
    for truth in &truths {
        let number = &truth.posting_number;
        let posting = &postings[number];
        assert_eq!(posting.ozon_status, truth.status.as_str(), "{number}");
        let expected = kept_out(truth, also, load_from);
        assert_eq!(posting.skipped_because, expected, "{number} in {}", truth.status);
        let order = by_number.remove(number);
        assert_eq!(order.is_some(), expected.is_none(), "{number} in {}", truth.status);
        assert_eq!(order.map(|o| o.id), posting.order_id, "{number}");
        if let Some(order) = order {
            assert_order(shop, order, truth).await;
            with += 1;
        } else {
            reasons.extend(expected);
            without += 1;
        }
    }
    assert!(by_number.is_empty(), "orders of postings that Ozon does not have: {:?}", by_number.keys());
    assert!(reasons.len() >= 2, "the postings are of many kinds: {reasons:?}");
    (with, without)
}

/// A new order says what the posting is.
async fn assert_order(shop: &Shop, order: &Order, truth: &PostingTruth) {
    let number = &truth.posting_number;
    assert_eq!(order.number, *number);
    assert_eq!(order.ozon_order_number.as_ref(), Some(&truth.order_number), "{number}");
    assert_eq!(order.ozon_status.code(), truth.status.as_str(), "{number}");
    assert_eq!(order.ozon_substatus.as_ref(), Some(&truth.substatus), "{number}");
    let name = if INITIAL.contains(&truth.status.as_str()) { "Новый" } else { "Собран" };
    assert_eq!(order.status_id, shop.status(name).await, "{number} in {}", truth.status);
    assert_eq!(order.placed_at, Some(truth.in_process_at), "{number}");
    assert_eq!(order.order_date, truth.in_process_at, "{number}");
    assert_eq!(order.ship_by, truth.shipment_date, "{number}");
    assert_eq!(order.parent.as_ref().map(ToString::to_string), truth.parent_posting_number, "{number}");
    let track = Some(&truth.tracking_number).filter(|text| !text.is_empty());
    assert_eq!(order.track_number.as_ref(), track, "{number}");
    assert!(order.flags.is_empty() && !order.paid && !order.moved_by_hand, "{number}");

    let lines: Vec<_> = order
        .lines
        .iter()
        .map(|l| (l.sku, l.offer_id.clone(), l.name.clone(), l.quantity, l.price.minor, l.cancelled))
        .collect();
    let wanted: Vec<_> = truth
        .lines
        .iter()
        .map(|l| (Some(l.sku), l.offer_id.clone(), l.name.clone(), l.quantity, l.price_minor, 0))
        .collect();
    assert_eq!(lines, wanted, "{number}");
    assert_eq!((order.total.minor, order.total.currency.code()), (truth.total_minor, &*truth.currency));

    let shown = shop.ozon.snapshot(CLIENT, number).unwrap();
    let code = |value: &Value| value.as_str().filter(|code| !matches!(*code, "" | "0")).map(str::to_owned);
    assert_eq!(order.barcodes.upper, code(&shown["barcodes"]["upper_barcode"]), "{number}");
    assert_eq!(order.barcodes.lower, code(&shown["barcodes"]["lower_barcode"]), "{number}");
    assert_eq!(order.barcodes.scanit, code(&shown["scanit"]), "{number}");

    let facts = shop.store.facts_of(&[order.id]).await.unwrap().remove(&order.id).unwrap();
    let recipient = facts.recipient.and_then(|recipient| recipient.name);
    assert_eq!(recipient, truth.buyer.as_ref().map(|buyer| buyer.name.clone()), "{number}");
    assert_eq!(order.customer_name, recipient.unwrap_or_default(), "{number}");
    if truth.delivery_type == DeliveryType::Ozon {
        assert!(facts.customer.is_none() && truth.buyer.is_none(), "Ozon's own delivery names nobody");
    } else {
        let city = facts.customer.and_then(|c| c.address).and_then(|a| a.city).unwrap_or_default();
        assert_eq!(Some(city), truth.buyer.as_ref().map(|buyer| buyer.city.clone()), "{number}");
    }
    let company = facts.details.company.and_then(|company| company.inn);
    assert_eq!(company, truth.legal.as_ref().map(|legal| legal.inn.clone()), "{number}");
}
