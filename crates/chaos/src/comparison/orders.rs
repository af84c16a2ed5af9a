//! Postings and orders against the simulator: each once, none lost, with its status, goods, sums and dates.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::orders;
use ozon_sim::{PostingTruth, Status};

use super::Evidence;
use crate::kept::{Kept, Posting, instant};
use crate::report::Report;
use crate::scene::Statuses;

pub(super) fn compare(kept: &Kept, evidence: &Evidence<'_>, place: usize, report: &mut Report) {
    let cabinet = &evidence.scene.cabinets[place];
    let truths = evidence.scene.sim.truths(cabinet.client_id);
    let postings: Vec<&Posting> = kept.postings.iter().filter(|p| p.cabinet == cabinet.id).collect();
    let orders: Vec<&orders::Model> = kept.orders.iter().filter(|o| o.cabinet_id == cabinet.id).collect();
    report.count("postings", truths.len());
    report.count("orders", orders.len());
    doubles(postings.iter().map(|p| p.number.as_str()), "posting", report);
    doubles(orders.iter().map(|o| o.posting_number.as_str()), "order", report);
    let by_number: HashMap<&str, &Posting> = postings.iter().map(|p| (p.number.as_str(), *p)).collect();
    let order_of: HashMap<&str, &orders::Model> =
        orders.iter().map(|o| (o.posting_number.as_str(), *o)).collect();
    let real: HashSet<&str> = truths.iter().map(|t| t.posting_number.as_str()).collect();
    for stray in postings.iter().filter(|p| !real.contains(p.number.as_str())) {
        report.differs(format!("{}: Ozon knows no such posting", stray.number));
    }
    let now = evidence.scene.sim.now();
    for truth in &truths {
        let number = truth.posting_number.as_str();
        let Some(posting) = by_number.get(number) else {
            report.differs(format!("{number}: the posting is lost ({})", truth.status));
            continue;
        };
        let stands = (posting.status.as_str(), posting.substatus.as_deref().unwrap_or_default());
        if stands != (truth.status.as_str(), truth.substatus.as_str()) {
            let (status, substatus) = (&truth.status, &truth.substatus);
            report.differs(format!("{number}: is {status}/{substatus}, stored as {}/{}", stands.0, stands.1));
        }
        let order = order_of.get(number);
        if order.map(|order| order.id) != posting.order || order.is_some() == posting.skipped.is_some() {
            report.differs(format!("{number}: must have either its order or a reason why there is none"));
        }
        if let Some(order) = order {
            one(kept, order, truth, evidence.scene.statuses, report);
        } else {
            report.count("postings without an order", 1);
            let seen = evidence.first_seen.get(&(place, truth.posting_number.clone()));
            let waited = seen.map_or(TimeDelta::zero(), |seen| waited(truth, *seen, now));
            if truth.status.is_before_packing() || waited > TimeDelta::hours(cabinet.hours_to_see) {
                let why = posting.skipped.as_deref().unwrap_or("no reason");
                report.differs(format!("{number}: waited {waited} to be packed and has no order: {why}"));
            }
        }
    }
}

fn doubles<'a>(numbers: impl Iterator<Item = &'a str>, what: &str, report: &mut Report) {
    let mut seen = HashSet::new();
    for number in numbers {
        if !seen.insert(number) {
            report.differs(format!("{number}: the {what} is doubled"));
        }
    }
}

/// The longest that a posting stood before packing, as far as the trial has known of it.
fn waited(truth: &PostingTruth, seen: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    let ends = truth.history.iter().skip(1).map(|entry| entry.at).chain([now]);
    let stays = truth.history.iter().zip(ends).filter(|(entry, _)| entry.status.is_before_packing());
    stays.map(|(entry, end)| end - entry.at.max(seen)).max().unwrap_or_default().max(TimeDelta::zero())
}

fn one(kept: &Kept, order: &orders::Model, truth: &PostingTruth, statuses: Statuses, report: &mut Report) {
    let number = &truth.posting_number;
    let mut must_be = |what: &str, is_right: bool, told: String| {
        if !is_right {
            report.differs(format!("{number}: {what}: {told}"));
        }
    };
    let code = (order.ozon_status.as_str(), order.ozon_substatus.as_deref().unwrap_or_default());
    must_be("Ozon's code", code == (truth.status.as_str(), truth.substatus.as_str()), format!("{code:?}"));
    // A posting that was split before packing is replaced by its parts: its goods count there.
    let is_replaced = truth.status == Status::CancelledFromSplitPending;
    let total = if is_replaced { 0 } else { truth.total_minor };
    must_be("the sum", order.total_minor == total, format!("{} instead of {total}", order.total_minor));
    must_be("the currency", order.currency == truth.currency, order.currency.clone());
    let (mut goods, mut shown) = (BTreeMap::<i64, i64>::new(), BTreeMap::<i64, i64>::new());
    for (sku, quantity) in
        kept.lines.get(&order.id).into_iter().flatten().filter(|(_, quantity)| *quantity > 0)
    {
        *shown.entry(sku.unwrap_or_default()).or_default() += i64::from(*quantity);
    }
    for line in truth.lines.iter().filter(|_| !is_replaced) {
        *goods.entry(line.sku).or_default() += i64::from(line.quantity);
    }
    must_be("the goods", goods == shown, format!("{shown:?} instead of {goods:?}"));
    let ship_by = order.ship_by.map(instant);
    let is_due = truth.shipment_date.is_none() || ship_by == truth.shipment_date;
    must_be("the day of shipping", is_due, format!("{ship_by:?} instead of {:?}", truth.shipment_date));
    let placed = order.placed_at.map(instant);
    must_be("its date", placed == Some(truth.in_process_at), format!("{placed:?}"));
    if !order.track_by_hand && !truth.tracking_number.is_empty() {
        let track = order.track_number.as_deref();
        must_be("the track number", track == Some(truth.tracking_number.as_str()), format!("{track:?}"));
    }
    if truth.status == Status::Cancelled {
        let flagged = ["cancelled_in_ozon", "awaiting_return"].iter().any(|flag| order.flags.contains(flag));
        let is_told = flagged || order.status_id == statuses.cancelled || order.moved_by_hand;
        must_be("the cancellation", is_told, format!("status {}, flags {}", order.status_id, order.flags));
    }
    if truth.status == Status::Delivered && !order.moved_by_hand {
        let is_right = order.status_id == statuses.delivered && order.paid;
        must_be("the delivery", is_right, format!("status {}, paid {}", order.status_id, order.paid));
    }
}
