//! One order as a row of the list.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};
use domain::ozon_status::Stage;
use domain::{CabinetId, Flag, Order, OrderId, Posting, StatusId};
use storage::lists::Status;

use crate::panel::view::Dot;
use crate::panel::view::orders::OrderRow;
use crate::panel::words;
use voice::Voice;

/// The names that rows refer to, and the zones of the warehouses they leave from.
pub(crate) struct Names<'a> {
    pub(crate) statuses: HashMap<StatusId, &'a Status>,
    pub(crate) cabinets: HashMap<CabinetId, &'a str>,
    pub(crate) sources: HashMap<i64, &'a str>,
    pub(crate) zones: HashMap<OrderId, FixedOffset>,
    /// Until when customers' requests to cancel are to be decided.
    pub(crate) decide_by: HashMap<OrderId, DateTime<Utc>>,
}

/// Whether the order still has to leave the seller, so that its deadline matters.
pub(crate) fn has_to_leave(order: &Order) -> bool {
    order.ozon_status.stage() != Stage::Shipped
        && !order.ozon_status.is_closed()
        && !order.flags.contains(&Flag::CancelledInOzon)
}

/// FBS, realFBS, or nothing while Ozon has not told.
pub(crate) fn scheme(facts: Option<&Posting>) -> &'static str {
    match facts.and_then(|f| f.details.tpl_integration_type.as_deref()) {
        Some("ozon") => "FBS",
        Some(_) => "realFBS",
        None => "",
    }
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

pub(crate) fn row(
    v: Voice,
    order: &Order,
    facts: Option<&Posting>,
    names: &Names<'_>,
    sees_persons: bool,
) -> OrderRow {
    let status = names.statuses.get(&order.status_id);
    let line = |l: &domain::OrderLine| format!("{} × {}", l.name, l.quantity);
    let present: Vec<_> = order.lines.iter().filter(|l| l.quantity > 0).collect();
    let others = present.len().saturating_sub(1);
    let yes = |fact: Option<bool>| fact == Some(true);
    OrderRow {
        id: order.id,
        number: order.number.clone(),
        status: status.map(|s| s.name.clone()).unwrap_or_default(),
        dot: Dot::new(status.map_or("", |s| &s.color)),
        ozon_status: v.ozon_status(order.ozon_status.code()),
        customer: match order.customer_name.as_str() {
            _ if !sees_persons => v.t("person-hidden"),
            "" => "—".to_owned(),
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
        scheme: scheme(facts).to_owned(),
        express: yes(facts.and_then(|f| f.details.is_express)),
        legal: yes(facts.and_then(|f| f.details.is_legal)),
        flags: order.flags.iter().map(|f| flag(v, *f, names.decide_by.get(&order.id).copied())).collect(),
    }
}
