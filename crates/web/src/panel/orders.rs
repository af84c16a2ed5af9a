//! The list of orders, and acts on several of them.

pub(crate) mod columns;
pub(crate) mod export;
mod filter;
pub(crate) mod row;
pub(crate) mod wanted;

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::Response;
use axum_extra::extract::Form;
use domain::by_hand::Act as OrderAct;
use domain::{Flag, Order, OrderId, StatusId};
use serde::Deserialize;
use storage::PageAsk;
use storage::lists::{NamedList, Status};

use super::faults::Fault;
use super::flash::{Done, Note};
use super::preferences::own_path;
use super::routes::Page;
use super::view::orders::{Exports, OrdersPage, Tab};
use super::view::{Choice, Dot, Section};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::state::AppState;
use filter::Asked;

/// Rows a page.
const ROWS: u64 = 50;

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let store = &state.store;
    let v = visitor.v;
    let sees_persons = visitor.may(Act::SeePersons);
    let read = asked.read(v, sees_persons);
    let ask = PageAsk { limit: ROWS, cursor: asked.cursor.clone() };
    let (orders, next) = if read.fault.is_some() {
        (Vec::new(), None)
    } else if read.still_here {
        still_here(store, &read, ask).await?
    } else {
        let page = store.orders(&read.filter, read.sort, &ask).await?;
        (page.items, page.next)
    };
    let ids: Vec<OrderId> = orders.iter().map(|o| o.id).collect();
    let facts = store.facts_of(&ids).await?;
    let zones = store.warehouse_zones(&orders, &facts).await?;
    let asks = |order: &&Order| order.flags.contains(&Flag::CancellationRequested);
    let requested: Vec<OrderId> = orders.iter().filter(asks).map(|order| order.id).collect();
    let cabinets = store.cabinets().await?;
    let statuses = store.statuses().await?;
    let sources = store.named(NamedList::Sources).await?;
    let names = row::Names {
        statuses: statuses.iter().map(|s| (s.id, s)).collect(),
        cabinets: cabinets.iter().map(|c| (c.id, c.name.as_str())).collect(),
        sources: sources.iter().map(|s| (s.id, s.name.as_str())).collect(),
        zones,
        decide_by: store.cancellation_deadlines(&requested).await?,
    };
    let rows = orders.iter().map(|o| row::row(v, o, facts.get(&o.id), &names, sees_persons)).collect();
    let mut frame = visitor.frame_of(&state, Section::Orders).await?;
    frame.search = asked.q.clone().unwrap_or_default();
    let page = OrdersPage {
        tabs: tabs(&asked, &statuses, &store.orders_per_status().await?, &visitor),
        filter: asked.form(v, &cabinets, &sources, read.fault),
        rows,
        next: next.map(|cursor| asked.address_with(&[("cursor", Some(cursor))])),
        first: asked.cursor.is_some().then(|| asked.address_with(&[("cursor", None)])),
        exports: Exports {
            csv: asked.elsewhere(&Page::OrdersExport, &[("format", "csv")]),
            xlsx: asked.elsewhere(&Page::OrdersExport, &[("format", "xlsx")]),
            pick_list: asked.elsewhere(&Page::PickList, &[]),
        },
        no_cabinet: cabinets.is_empty(),
        statuses: statuses.iter().map(|s| Choice::new(s.id, s.name.clone(), "")).collect(),
        frame,
        v,
    };
    visitor.page(&page)
}

/// Orders that have not left yet, for the filters of deadlines. The store filters by the deadline alone, so what has
/// left is passed over here, page by page, within a bound.
async fn still_here(
    store: &storage::Store,
    read: &filter::Read,
    mut ask: PageAsk,
) -> Result<(Vec<Order>, Option<String>), Fault> {
    const PAGES: usize = 5;
    let mut found = Vec::new();
    ask.limit = 200;
    for _ in 0..PAGES {
        let page = store.orders(&read.filter, read.sort, &ask).await?;
        found.extend(page.items.into_iter().filter(row::has_to_leave));
        ask.cursor = page.next;
        if ask.cursor.is_none() || found.len() >= 50 {
            break;
        }
    }
    Ok((found, ask.cursor))
}

fn tabs(asked: &Asked, statuses: &[Status], counts: &[(StatusId, u64)], visitor: &Visitor) -> Vec<Tab> {
    let v = visitor.v;
    let counts: HashMap<_, _> = counts.iter().copied().collect();
    let chosen = asked.status_id();
    let address = |status: Option<StatusId>| {
        asked.address_with(&[("status", status.map(|s| s.to_string())), ("cursor", None)])
    };
    let all = Tab {
        href: address(None),
        label: v.t("tab-all"),
        dot: None,
        count: String::new(),
        here: chosen.is_none(),
    };
    let shown = statuses.iter().filter(|s| s.shown_as_tab || chosen == Some(s.id));
    let each = shown.map(|s| Tab {
        href: address(Some(s.id)),
        label: s.name.clone(),
        dot: Some(Dot::new(&s.color)),
        count: counts.get(&s.id).map(|n| v.number(*n)).unwrap_or_default(),
        here: chosen == Some(s.id),
    });
    std::iter::once(all).chain(each).collect()
}

#[derive(Deserialize)]
pub(crate) struct Picked {
    #[serde(default)]
    ids: Vec<OrderId>,
    status: StatusId,
    back: Option<String>,
}

/// Moves the picked orders to a status.
pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(picked): Form<Picked>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let back = own_path(picked.back.as_deref());
    if picked.ids.is_empty() {
        return Ok(go(&back, Done::NothingPicked));
    }
    let mut changed = 0;
    for id in picked.ids.into_iter().take(200) {
        let before = state.store.order(id).await?.status_id;
        let act = OrderAct::SetStatus(picked.status);
        let after = state.desk.act_on_order(id, act, &visitor.actor()).await?;
        changed += u64::from(after.status_id != before);
    }
    Ok(go(&back, Note::counted(Done::OrdersChanged, changed)))
}
