//! What was told to Ozon: nothing twice, everything that was wanted either there or refused with its reason.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{orders, outbox};
use ozon_sim::{AcceptedChange, CancellationRequest, ChangeKind, PostingTruth, RequestState};
use serde_json::Value;

use super::Evidence;
use crate::kept::{Kept, UNFINISHED, held_up};
use crate::people::{Answer, Wish};
use crate::report::Report;

pub(super) fn compare(kept: &Kept, evidence: &Evidence<'_>, place: usize, report: &mut Report) {
    let cabinet = &evidence.scene.cabinets[place];
    let accepted = evidence.scene.sim.changes(cabinet.client_id);
    let requests = evidence.scene.sim.cancellation_requests(cabinet.client_id);
    repeated(&accepted, evidence, cabinet.client_id, report);
    let truths = evidence.scene.sim.truths(cabinet.client_id);
    let truths: HashMap<&str, &PostingTruth> =
        truths.iter().map(|truth| (truth.posting_number.as_str(), truth)).collect();
    let orders: HashMap<i64, &orders::Model> =
        kept.orders.iter().filter(|o| o.cabinet_id == cabinet.id).map(|order| (order.id, order)).collect();
    let held = held_up(&kept.outbox);
    for row in kept.outbox.iter().filter(|row| row.kind == "push" && row.cabinet_id == Some(cabinet.id)) {
        report.count(&format!("pushes {}", row.state), 1);
        let order = row.order_id.and_then(|id| orders.get(&id));
        let Some(truth) = order.and_then(|order| truths.get(order.posting_number.as_str())) else {
            report.differs(format!("push {} belongs to no order", row.id));
            continue;
        };
        judge(row, truth, &accepted, &requests, &held, report);
    }
    wishes(kept, evidence, place, &orders, report);
}

/// What Ozon had taken was not sent again.
fn repeated(accepted: &[AcceptedChange], evidence: &Evidence<'_>, client_id: &str, report: &mut Report) {
    report.count("changes that Ozon took", accepted.len());
    let mut first: BTreeMap<(&str, ChangeKind, Option<&str>), &AcceptedChange> = BTreeMap::new();
    for change in accepted.iter().filter(|change| !is_decision(change.kind)) {
        let value = change.value.as_deref().filter(|_| change.kind == ChangeKind::TrackNumber);
        match first.entry((change.posting_number.as_str(), change.kind, value)) {
            Entry::Vacant(entry) => drop(entry.insert(change)),
            Entry::Occupied(entry) => {
                let (posting, kind) = (&change.posting_number, change.kind);
                let (earlier, at) = (entry.get().at, change.at);
                report.differs(format!("{posting}: {kind:?} {value:?} was sent twice, {earlier} and {at}"));
            }
        }
    }
    let refused = evidence.scene.sim.refused_changes(client_id);
    report.count("changes that Ozon refused", refused.len());
    for change in refused.iter().filter(|change| !is_decision(change.kind)) {
        let value = change.value.as_deref().filter(|_| change.kind == ChangeKind::TrackNumber);
        let Some(taken) = first.get(&(change.posting_number.as_str(), change.kind, value)) else { continue };
        if taken.number < change.number {
            let (posting, kind, error) = (&change.posting_number, change.kind, &change.error);
            report.differs(format!(
                "{posting}: {kind:?} was sent again at {} after Ozon took it at {} ({error})",
                change.at, taken.at
            ));
        }
    }
}

/// A posting may have several requests of cancellation, each with its own answer.
fn is_decision(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::ApproveCancellation | ChangeKind::RejectCancellation)
}

/// A row that is done has reached Ozon; one that is refused says why, and the posting bears it out.
fn judge(
    row: &outbox::Model,
    truth: &PostingTruth,
    accepted: &[AcceptedChange],
    requests: &[CancellationRequest],
    held: &HashSet<i64>,
    report: &mut Report,
) {
    let number = &truth.posting_number;
    let push: Value = serde_json::from_str(&row.payload).unwrap_or_default();
    let taken = |kind: ChangeKind, value: Option<&str>| {
        let mut of_posting = accepted.iter().filter(|change| change.posting_number == *number);
        of_posting.any(|change| change.kind == kind && (value.is_none() || change.value.as_deref() == value))
    };
    let has_been = |substatuses: &[&str]| {
        truth.history.iter().any(|e| substatuses.contains(&&*e.substatus) || e.status.as_str() == "delivered")
    };
    let way = [
        "posting_transferred_to_courier_service",
        "posting_in_courier_service",
        "posting_conditionally_delivered",
    ];
    let is_there = match (push["kind"].as_str(), push["goal"].as_str()) {
        (Some("track_number"), _) => {
            let value = push["value"].as_str();
            taken(ChangeKind::TrackNumber, value) || value == Some(truth.tracking_number.as_str())
        }
        // Any word of `delivering` is as far as the first step.
        (_, Some("delivering")) => {
            truth.history.iter().any(|e| e.status.as_str() == "delivering") || has_been(&way)
        }
        (_, Some("last_mile")) => has_been(&way[1..]),
        (_, Some("delivered")) => has_been(&way[2..]),
        (Some("cancellation_request"), _) => {
            let wanted =
                if push["approve"] == true { RequestState::Approved } else { RequestState::Rejected };
            requests.iter().any(|request| Some(request.id) == push["id"].as_i64() && request.state == wanted)
        }
        _ => false,
    };
    let trouble = row.trouble.as_deref().unwrap_or_default();
    match row.state.as_str() {
        "done" if !is_there => {
            report.differs(format!(
                "{number}: push {} ({}) is done and did not reach Ozon",
                row.id, row.payload
            ));
        }
        "refused" => {
            report.count(&format!("pushes refused: {trouble}"), 1);
            let status = truth.status.as_str();
            let is_so = match trouble {
                "cancelled" => truth.cancellation.is_some() || status == "cancelled_from_split_pending",
                "already_delivered" => status == "delivered",
                "not_confirmed" | "nothing_to_tell" | "" => false,
                _ => true,
            };
            if !is_so {
                report.differs(format!(
                    "{number}: push {} was refused as «{trouble}», but is {status}",
                    row.id
                ));
            }
        }
        state if UNFINISHED.contains(&state) => {
            let is_packed =
                !truth.status.is_before_packing() && truth.status.as_str() != "awaiting_registration";
            if is_packed || row.order_id.is_none_or(|order| !held.contains(&order)) {
                report.differs(format!("{number}: push {} is still {} ({trouble})", row.id, row.state));
            }
        }
        _ => {}
    }
}

/// Every track number that a person was told is kept became a push, or the history says why none.
fn wishes(
    kept: &Kept,
    evidence: &Evidence<'_>,
    place: usize,
    orders: &HashMap<i64, &orders::Model>,
    report: &mut Report,
) {
    for deed in evidence.deeds.iter().filter(|deed| deed.cabinet == place && deed.answer == Answer::Done) {
        let Wish::Track(number) = &deed.wish else { continue };
        let is_pushed = kept.outbox.iter().any(|row| {
            row.kind == "push" && row.order_id == Some(deed.order) && row.payload.contains(number.as_str())
        });
        let rows = kept.history.get(&deed.order).map(Vec::as_slice).unwrap_or_default();
        let is_explained = rows.iter().any(|row| row.field == "push" && row.why() == "not_told");
        if !is_pushed && !is_explained {
            report.differs(format!("{}: track number {number} is told to nobody", deed.posting));
        }
    }
    // The last one stands on the order.
    for order in orders.values().filter(|order| order.track_by_hand) {
        let track = order.track_number.as_deref().unwrap_or_default();
        let is_known = evidence
            .deeds
            .iter()
            .any(|deed| deed.order == order.id && deed.wish == Wish::Track(track.to_owned()));
        if !is_known {
            report.differs(format!("{}: nobody wrote the track number {track}", order.posting_number));
        }
    }
}
