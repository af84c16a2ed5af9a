//! Whether a posting becomes an order, and the order it becomes.

use std::collections::BTreeSet;

use super::{Circumstances, NewOrder, NumberChoice};
use crate::customer;
use crate::history::{Actor, Field, HistoryEntry, Reason};
use crate::ids::{CustomerId, OrderId, StatusId};
use crate::order::{Barcodes, Order, OrderLine, replaced, total};
use crate::ozon_status::OzonStatus;
use crate::posting::Posting;
use crate::settings::{CancelAct, OrderDate, PostingNumberTo, Settings};
use crate::skip::SkipReason;
use crate::warehouse_rules::PlaceKind;

/// Ozon's substatus of what the seller delivered and the customer has not confirmed yet.
const CONDITIONALLY_DELIVERED: &str = "posting_conditionally_delivered";

/// What brings the order about.
#[derive(Clone, Debug)]
pub enum Cause {
    /// The settings.
    Rule,
    /// Someone asked for it.
    ByHand(Actor),
}

/// The reason for which a posting makes no order by itself (settings row 8 and `load_from`); `None` when it makes one.
pub fn why_not(facts: &Posting, settings: &Settings) -> Option<SkipReason> {
    let old = facts.details.in_process_at.is_some_and(|at| at < settings.load_from);
    match &facts.status {
        status if status.is_initial() => None,
        status if status.is_after_assembly() => match (settings.also_awaiting_deliver, old) {
            (false, _) => Some(SkipReason::AlsoAwaitingDeliverOff),
            (true, true) => Some(SkipReason::OlderThanLoadFrom),
            (true, false) => None,
        },
        OzonStatus::Other(_) => Some(SkipReason::UnknownStatus),
        status if status.is_closed() && old => Some(SkipReason::Archive),
        _ => Some(SkipReason::FirstSeenTooLate),
    }
}

/// The same of a posting that is stored without an order already: one that a setting kept out while it could have become
/// an order is not told to have come too late once it has moved on.
pub fn why_still_not(facts: &Posting, before: Option<SkipReason>, settings: &Settings) -> Option<SkipReason> {
    match (why_not(facts, settings), before) {
        (
            Some(SkipReason::FirstSeenTooLate),
            Some(setting @ (SkipReason::AlsoAwaitingDeliverOff | SkipReason::OlderThanLoadFrom)),
        ) => Some(setting),
        (now, _) => now,
    }
}

/// The order that a stored posting becomes because someone asked for it, whatever its status.
pub fn create_by_hand(facts: &Posting, with: Circumstances<'_>, actor: Actor) -> NewOrder {
    order(facts, with, Cause::ByHand(actor))
}

/// The order that a part of a posting becomes: it goes on where the posting's own order stands.
pub fn part(facts: &Posting, parent: &Order, with: Circumstances<'_>) -> NewOrder {
    let mut new = order(facts, with, Cause::Rule);
    new.order.admin_comment.clone_from(&parent.admin_comment);
    new.order.order_date = parent.order_date;
    new.order.manager = parent.manager;
    new.order.parent = Some(parent.posting_number.clone());
    let reason = Reason::PartOf { parent: parent.posting_number.to_string() };
    for entry in new.history.iter_mut().filter(|entry| entry.field == Field::Created) {
        entry.reason = reason.clone();
    }
    new
}

/// What the order of a posting remembers of a part that came into being.
pub fn split(part: &Posting, with: Circumstances<'_>) -> HistoryEntry {
    let goods: Vec<String> =
        part.products.iter().map(|p| format!("{} × {}", p.offer_id, p.quantity)).collect();
    HistoryEntry {
        at: with.now,
        ozon_at: part.details.in_process_at,
        actor: Actor::Ozon,
        field: Field::Boxes,
        old: None,
        new: Some(part.number.to_string()),
        reason: Reason::Split { part: part.number.to_string(), goods: goods.join("; ") },
    }
}

/// The order that a posting becomes.
pub fn order(facts: &Posting, with: Circumstances<'_>, cause: Cause) -> NewOrder {
    let settings = with.settings;
    let details = &facts.details;
    let shown: Vec<OrderLine> = facts.products.iter().map(OrderLine::of).collect();
    // A part may have been split again before anybody saw it.
    let is_replaced = facts.status == OzonStatus::CancelledFromSplitPending && settings.also_box_changes;
    let lines = if is_replaced { replaced(&shown) } else { shown };
    let placed_at = details.in_process_at;
    let (number, customer_name) = match settings.posting_number_to {
        PostingNumberTo::OrderNumber => {
            (NumberChoice::PostingNumber, facts.person_name().unwrap_or_default().to_owned())
        }
        PostingNumberTo::CustomerName => (NumberChoice::Template, facts.number.to_string()),
    };
    let (status_id, status_reason) = first_status(facts, settings, with.default_status);
    let paid = is_paid(facts, settings, status_id);
    let chosen = with.warehouses.choose(details, settings);
    let order = Order {
        id: OrderId(0),
        cabinet_id: with.cabinet_id,
        posting_number: facts.number.clone(),
        number: facts.number.to_string(),
        ozon_order_number: details.order_number.clone(),
        ozon_status: facts.status.clone(),
        ozon_substatus: facts.substatus.clone(),
        status_id,
        moved_by_hand: false,
        source_id: chosen.source,
        customer_id: CustomerId(0),
        customer_name,
        customer_by_hand: false,
        manager: None,
        delivery_method_id: chosen.delivery_method,
        payment_method_id: chosen.payment_method,
        placed_at,
        imported_at: with.now,
        order_date: order_date(settings, placed_at, with.now),
        ship_by: details.shipment_date,
        overdue_after: details.shipment_date_without_delay,
        paid,
        paid_at: paid.then_some(with.now),
        paid_by_hand: false,
        track_number: details.tracking_number.clone(),
        track_by_hand: false,
        total: total(&lines),
        lines,
        barcodes: if settings.load_barcode { Barcodes::of(facts) } else { Barcodes::default() },
        boxes: details.multi_box_qty.unwrap_or(1).max(1),
        parent: details.parent.clone(),
        flags: BTreeSet::new(),
        admin_comment: String::new(),
    };

    let entry = |actor: Actor, field, new: Option<String>, reason| HistoryEntry {
        at: with.now,
        ozon_at: placed_at,
        actor,
        field,
        old: None,
        new,
        reason,
    };
    let ozon_status = facts.status.code().to_owned();
    let (actor, why) = match cause {
        Cause::ByHand(actor) => (actor, Reason::ByHand),
        Cause::Rule if facts.status.is_initial() => (Actor::Rule, Reason::FirstSeen { ozon_status }),
        Cause::Rule => (Actor::Rule, Reason::AlsoAwaitingDeliver { ozon_status }),
    };
    let mut history = vec![
        entry(actor, Field::Created, Some(facts.number.to_string()), why),
        entry(Actor::Rule, Field::Status, Some(status_id.to_string()), status_reason),
    ];
    if paid {
        history.push(entry(Actor::Rule, Field::Paid, Some("true".to_owned()), Reason::MarkPaidWhenDelivered));
    }
    // The cabinet's own choice is as plain as its settings page; what spoke instead of it is told.
    history.extend(chosen.ruled.into_iter().map(|ruled| {
        let id = ruled.place.id.to_string();
        let name = match ruled.place.kind {
            PlaceKind::Warehouse => details.warehouse_name.clone(),
            PlaceKind::DeliveryMethod => details.delivery_method_name.clone(),
        };
        let reason = Reason::WarehouseRule { of: ruled.place.kind, settings: ruled.settings };
        entry(Actor::Rule, Field::Assigned, Some(name.unwrap_or(id)), reason)
    }));
    NewOrder { order, number, customer: customer::choose(settings, facts), history }
}

/// The status an order begins in, with the reason.
fn first_status(facts: &Posting, settings: &Settings, default: StatusId) -> (StatusId, Reason) {
    if facts.status == OzonStatus::Cancelled {
        // Made by hand of a cancelled posting: nobody has worked on it.
        let stage = crate::ozon_status::Stage::BeforeWork;
        if let CancelAct::Status(id) = settings.on_cancel.act(stage) {
            let told = facts.details.cancellation.clone().unwrap_or_default();
            return (id, Reason::OnCancel { stage, reason: told.reason, initiator: told.initiator });
        }
    }
    let row = settings.status_row(&facts.status, facts.substatus.as_deref()).to_owned();
    match settings.mapped(&row) {
        Some(id) => (id, Reason::StatusMap { row }),
        None => (default, Reason::NoRowInStatusMap { row }),
    }
}

/// The order's date (settings row 6): while Ozon tells no time of placing, the time of loading stands in.
pub fn order_date(
    settings: &Settings,
    placed_at: Option<chrono::DateTime<chrono::Utc>>,
    imported_at: chrono::DateTime<chrono::Utc>,
) -> chrono::DateTime<chrono::Utc> {
    match settings.order_date {
        OrderDate::Placed => placed_at.unwrap_or(imported_at),
        OrderDate::Imported => imported_at,
    }
}

/// Whether settings row 13 marks an order in this status as paid. Conditionally delivered is not delivered.
pub fn is_paid(facts: &Posting, settings: &Settings, status_id: StatusId) -> bool {
    let delivered = OzonStatus::Delivered;
    settings.mark_paid_when_delivered
        && facts.status == delivered
        && facts.substatus.as_deref() != Some(CONDITIONALLY_DELIVERED)
        && settings
            .mapped(settings.status_row(&delivered, facts.substatus.as_deref()))
            .is_none_or(|mapped| mapped == status_id)
}
