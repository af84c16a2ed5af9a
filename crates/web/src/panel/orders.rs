//! The list of orders.

pub(crate) mod bulk;
pub(crate) mod columns;
pub(crate) mod export;
pub(crate) mod filter;
pub(crate) mod fresh;
pub(crate) mod row;
mod rows;
pub(crate) mod tabs;
pub(crate) mod views;
pub(crate) mod wanted;

use axum::extract::{Query, State};
use axum::response::Response;
use storage::{PageAsk, Store, Warehouse};

use super::faults::Fault;
use super::routes::Page;
use super::view::orders::{Exports, OrdersPage};
use super::view::{Choice, Section};
use super::visitor::Visitor;
use crate::access::Act;
use crate::state::AppState;
use columns::Layout;
use filter::Asked;
use rows::{Lists, rows};

/// Rows a page.
const ROWS: u64 = 50;

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let store = &state.store;
    let v = visitor.v;
    // Before the list is read, so that what changes meanwhile is told to the page afterwards.
    let since = store.last_change().await?;
    let (preferences, lists) = tokio::try_join!(
        async { Ok::<_, Fault>(store.list_preferences(visitor.user.id).await?) },
        Lists::read(store),
    )?;
    let wanted = Layout::of(preferences);
    let read = asked.read(v, visitor.may(Act::SeePersons), wanted.risk_hours, &lists.statuses);
    let ask = PageAsk { limit: ROWS, cursor: asked.cursor.clone() };
    let listed = async {
        let page = if read.fault.is_some() || read.is_empty {
            storage::Page { items: Vec::new(), next: None }
        } else {
            store.orders(&read.filter, read.sort, &ask).await?
        };
        Ok((rows(&visitor, store, &page.items, &lists, asked.query()).await?, page.next))
    };
    let ((rows, next), (tabs, new_orders), views, mut frame) = tokio::try_join!(
        listed,
        tabs::tabs(&state, v, &asked, wanted.risk_hours, &lists.statuses),
        views::views(&visitor, &state, &asked),
        visitor.frame_but_orders(&state, Section::Orders),
    )?;
    frame.new_orders = new_orders;
    let of_filter: Vec<Warehouse> = lists.warehouses.iter().map(|(_, warehouse)| warehouse.clone()).collect();
    let mut filter = asked.form(v, &lists.cabinets, &lists.sources, &of_filter, read.fault);
    filter.manager = asked.managers(v, &lists.people, visitor.user.id);
    frame.search = asked.q.clone().unwrap_or_default();
    let page = OrdersPage {
        since,
        tabs,
        filter,
        rows,
        picks: true,
        columns: wanted.columns.clone(),
        chooser: views::chooser(v, &wanted),
        views,
        query: asked.query().unwrap_or_default(),
        next: next.map(|cursor| asked.address_with(&[("cursor", Some(cursor))])),
        first: asked.cursor.is_some().then(|| asked.address_with(&[("cursor", None)])),
        exports: Exports {
            csv: asked.elsewhere(&Page::OrdersExport, &[("format", "csv")]),
            xlsx: asked.elsewhere(&Page::OrdersExport, &[("format", "xlsx")]),
            pick_list: asked.elsewhere(&Page::PickList, &[]),
        },
        no_cabinet: lists.cabinets.is_empty(),
        statuses: lists.statuses.iter().map(|s| Choice::new(s.id, s.name.clone(), "")).collect(),
        managers: bulk::managers(&visitor, &lists.people),
        frame,
        v,
    };
    visitor.page(&page)
}

/// What a list holds, in words: its tab and its filters.
pub(crate) async fn told(visitor: &Visitor, store: &Store, asked: &Asked) -> Result<Vec<String>, Fault> {
    let lists = Lists::read(store).await?;
    Ok(asked.told(visitor.v, &lists, visitor.user.id, visitor.may(Act::SeePersons)))
}

/// What the address asks of the store, by this person's own measure of what is urgent.
pub(crate) async fn read(visitor: &Visitor, store: &Store, asked: &Asked) -> Result<filter::Read, Fault> {
    let layout = Layout::of(store.list_preferences(visitor.user.id).await?);
    let statuses = store.statuses().await?;
    Ok(asked.read(visitor.v, visitor.may(Act::SeePersons), layout.risk_hours, &statuses))
}
