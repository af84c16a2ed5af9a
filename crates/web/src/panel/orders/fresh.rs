//! What a list of orders that stands open asks for: rows that changed, and what it does not show yet.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::OrderId;
use serde::Deserialize;

use super::columns::Layout;
use super::filter::{Asked, Read};
use super::rows::{Lists, rows as rows_of};
use super::tabs::tabs;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::view::orders::{NewsFragment, RowsFragment};
use crate::panel::visitor::Visitor;
use crate::state::AppState;

/// Rows that one request reads again.
const ROWS: usize = 200;
/// Orders of a list that are looked at; a longer list learns of its first ones.
const LISTED: u64 = 1000;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Ids with commas between them; what is no id is passed over.
    #[serde(default)]
    ids: String,
    /// The query of the list that the rows stand in.
    from: Option<String>,
}

/// Rows that the page shows, as they are now.
pub(crate) async fn rows(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let ids: Vec<OrderId> = wanted.ids.split(',').filter_map(|id| id.parse().ok()).take(ROWS).collect();
    let orders = state.store.orders_by_id(&ids).await?;
    let lists = Lists::read(&state.store).await?;
    let from = wanted.from.as_deref().and_then(|query| Asked::of_query(query).query());
    let rows = rows_of(&visitor, &state.store, &orders, &lists, from).await?;
    let columns = Layout::of(state.store.list_preferences(visitor.user.id).await?).columns;
    visitor.page(&RowsFragment { v: visitor.v, picks: true, columns, rows })
}

#[derive(Deserialize)]
pub(crate) struct End {
    /// The cursor with which the page ends; without it the list is shown to its end.
    until: Option<String>,
}

/// The tabs' counts, and what the list would show now from where it begins to where it ends: the page knows what of it
/// is new.
pub(crate) async fn news(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    Query(end): Query<End>,
) -> Result<Response, Fault> {
    let wanted = Layout::of(state.store.list_preferences(visitor.user.id).await?);
    let statuses = state.store.statuses().await?;
    let read = asked.read(visitor.v, visitor.may(Act::SeePersons), wanted.risk_hours, &statuses);
    let is_none = read.fault.is_some() || read.is_empty;
    let listed = if is_none { Vec::new() } else { listed(&state, &read, &asked, &end).await? };
    let listed = listed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let (tabs, _) = tabs(&state, visitor.v, &asked, wanted.risk_hours, &statuses).await?;
    visitor.page(&NewsFragment { tabs, listed })
}

async fn listed(state: &AppState, read: &Read, asked: &Asked, end: &End) -> Result<Vec<OrderId>, Fault> {
    let store = &state.store;
    let (after, until) = (asked.cursor.as_deref(), end.until.as_deref());
    Ok(store.listed(&read.filter, read.sort, after, until, LISTED).await?)
}
