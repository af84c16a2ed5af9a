//! One order as a row of the list.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};
use domain::{CabinetId, Flag, Order, OrderId, Posting, StatusId, UserId, picking};
use storage::lists::Status;

use crate::panel::routes::Page;
use crate::panel::view::Dot;
use crate::panel::view::orders::OrderRow;
use crate::panel::words;
use voice::Voice;

/// The names that rows refer to, and the zones of the warehouses they leave from.
pub(crate) struct Names<'a> {
    pub(crate) statuses: HashMap<StatusId, &'a Status>,
    pub(crate) cabinets: HashMap<CabinetId, &'a str>,
    pub(crate) sources: HashMap<i64, &'a str>,
    pub(crate) warehouses: HashMap<(CabinetId, i64), &'a str>,
    pub(crate) people: HashMap<UserId, &'a str>,
    pub(crate) zones: HashMap<OrderId, FixedOffset>,
    /// Until when customers' requests to cancel are to be decided.
    pub(crate) decide_by: HashMap<OrderId, DateTime<Utc>>,
    /// The list's query, for the cards to know their way back and on.
    pub(crate) from: Option<String>,
}

/// Whether the order still has to leave the seller, so that its deadline matters.
pub(crate) fn has_to_leave(order: &Order) -> bool {
    picking::left_out(order).is_none()
}

/// What a flag asks for; of a customer's request to cancel until when, where that is known.
pub(crate) fn flag(v: Voice, flag: Flag, decide_by: Option<DateTime<Utc>>) -> String {
    match flag {
        Flag::CancelledInOzon => v.t("flag-cancelled-in-ozon"),
        Flag::AwaitingReturn => v.t("flag-awaiting-return"),
        Flag::PartlyCancelled => v.t("flag-partly-cancelled"),
        Flag::CancellationRequested => match decide_by {
            Some(at) => v.with("flag-cancellation-requested-until", "time", v.when_exactly(&at).text),
            None => v.t("flag-cancellation-requested"),
        },
    }
}

/// The address of an order's card as it is opened from a list.
pub(crate) fn card(id: OrderId, from: Option<&str>) -> String {
    match from {
        Some(query) => Page::Order(id).with([("from", query)]),
        None => Page::Order(id).to_string(),
    }
}

pub(crate) fn row(
    v: Voice,
    order: &Order,
    facts: Option<&Posting>,
    names: &Names<'_>,
    sees_persons: bool,
) -> OrderRow {
    let status = names.statuses.get(&order.status_id);
    let line = |l: &domain::OrderLine| format!("{} × {}", l.quantity, l.name);
    let present: Vec<_> = order.lines.iter().filter(|l| l.quantity > 0).collect();
    let others = present.len().saturating_sub(1);
    let yes = |fact: Option<bool>| fact == Some(true);
    OrderRow {
        id: order.id,
        href: card(order.id, names.from.as_deref()),
        number: order.number.clone(),
        status: status.map(|s| s.name.clone()).unwrap_or_default(),
        dot: Dot::new(status.map_or("", |s| &s.color)),
        ozon_status: v.ozon_status(order.ozon_status.code()),
        customer: match order.customer_name.as_str() {
            _ if !sees_persons => v.t("person-hidden"),
            "" => facts
                .and_then(|f| f.details.company.as_ref())
                .and_then(|company| company.name.clone())
                .unwrap_or_default(),
            name => words::person(v, name),
        },
        goods: present.first().map(|l| line(l)).unwrap_or_default(),
        goods_title: present.iter().map(|l| line(l)).collect::<Vec<_>>().join("\n"),
        more: if others > 0 { v.n("and-more", others as u64) } else { String::new() },
        total: v.money(&order.total),
        paid: order.paid,
        source: names.sources.get(&order.source_id.0).copied().unwrap_or_default().to_owned(),
        cabinet: names.cabinets.get(&order.cabinet_id).copied().unwrap_or_default().to_owned(),
        ship_by: order
            .ship_by
            .filter(|_| has_to_leave(order))
            .map(|at| v.left_at(&at, order.overdue_after.as_ref(), names.zones.get(&order.id).copied())),
        date: v.when(&order.order_date),
        scheme: facts.map(|f| f.scheme().name()).unwrap_or_default().to_owned(),
        warehouse: facts
            .and_then(|f| f.details.warehouse_id)
            .and_then(|id| names.warehouses.get(&(order.cabinet_id, id)).copied())
            .unwrap_or_default()
            .to_owned(),
        track_number: order.track_number.clone().unwrap_or_default(),
        manager: order.manager.and_then(|id| names.people.get(&id).copied()).unwrap_or_default().to_owned(),
        express: yes(facts.and_then(|f| f.details.is_express)),
        legal: yes(facts.and_then(|f| f.details.is_legal)),
        flags: order.flags.iter().map(|f| flag(v, *f, names.decide_by.get(&order.id).copied())).collect(),
    }
}
