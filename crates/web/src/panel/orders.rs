//! The list of orders.

pub(crate) mod bulk;
pub(crate) mod columns;
pub(crate) mod filter;
pub(crate) mod row;
pub(crate) mod tabs;
pub(crate) mod views;

use axum::extract::{Query, State};
use axum::response::Response;
use domain::{CabinetId, Flag, Order, OrderId};
use storage::cabinets::Cabinet;
use storage::lists::NamedList;
use storage::{PageAsk, Warehouse};

use super::faults::Fault;
use super::view::orders::OrdersPage;
use super::view::{Choice, Section};
use super::visitor::Visitor;
use crate::access::Act;
use crate::state::AppState;
use columns::Wanted;
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
    let wanted = Wanted::of(store.list_preferences(visitor.user.id).await?);
    let statuses = store.statuses().await?;
    let read = asked.read(v, sees_persons, wanted.risk_hours, &statuses);
    let ask = PageAsk { limit: ROWS, cursor: asked.cursor.clone() };
    let (orders, next) = if read.fault.is_some() || read.is_empty {
        (Vec::new(), None)
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
    let sources = store.named(NamedList::Sources).await?;
    let warehouses = warehouses(&state, &cabinets).await?;
    let names = row::Names {
        statuses: statuses.iter().map(|s| (s.id, s)).collect(),
        cabinets: cabinets.iter().map(|c| (c.id, c.name.as_str())).collect(),
        sources: sources.iter().map(|s| (s.id, s.name.as_str())).collect(),
        warehouses: warehouses.iter().map(|(of, w)| ((*of, w.id), w.name.as_str())).collect(),
        zones,
        decide_by: store.cancellation_deadlines(&requested).await?,
        from: asked.query(),
    };
    let rows = orders.iter().map(|o| row::row(v, o, facts.get(&o.id), &names, sees_persons)).collect();
    let of_filter: Vec<Warehouse> = warehouses.iter().map(|(_, warehouse)| warehouse.clone()).collect();
    let mut filter = asked.form(v, &cabinets, &sources, &of_filter, read.fault);
    filter.manager = asked.managers(v, &store.users().await?, visitor.user.id);
    let mut frame = visitor.frame_of(&state, Section::Orders).await?;
    frame.search = asked.q.clone().unwrap_or_default();
    let page = OrdersPage {
        tabs: tabs::tabs(&state, v, &asked, wanted.risk_hours, &statuses).await?,
        filter,
        rows,
        columns: wanted.columns.clone(),
        chooser: views::chooser(v, &wanted),
        views: views::views(&visitor, &state, &asked).await?,
        query: asked.query().unwrap_or_default(),
        next: next.map(|cursor| asked.address_with(&[("cursor", Some(cursor))])),
        first: asked.cursor.is_some().then(|| asked.address_with(&[("cursor", None)])),
        no_cabinet: cabinets.is_empty(),
        statuses: statuses.iter().map(|s| Choice::new(s.id, s.name.clone(), "")).collect(),
        frame,
        v,
    };
    visitor.page(&page)
}

/// The warehouses of all cabinets.
async fn warehouses(state: &AppState, cabinets: &[Cabinet]) -> Result<Vec<(CabinetId, Warehouse)>, Fault> {
    let mut all = Vec::new();
    for cabinet in cabinets {
        let own = state.store.warehouses(cabinet.id).await?;
        all.extend(own.into_iter().map(|warehouse| (cabinet.id, warehouse)));
    }
    Ok(all)
}
