//! `/orders`: whole orders in lists and one by one, changing one, and what happened to them.

mod change;
pub mod extra;
pub mod history;
pub mod view;

use axum::Json;
use axum::extract::State;
use domain::{CabinetId, CustomerId, OrderId, SourceId, StatusId, UserId};
use serde_json::{Map, Value};
use storage::orders::{ManagerFilter, OrderFilter, OrderSort};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::caller::Caller;
use super::list::{Listed, PageQuery, ask, listed};
use super::problem::{Answer, Problem};
use super::query::{AnyOf, Before, From, Limit, Until, query};
use crate::AppState;
use crate::access::Act;
use crate::managers::managers;
use history::Happened;
use view::OrderView;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_orders))
        .routes(routes!(get_order, change_order))
        .routes(routes!(list_order_history))
}

query! {
    /// Which orders, in which order.
    OrdersQuery {
        /// Rows a page; 50 when left out.
        #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
        limit: Limit,
        /// The `next_cursor` of the page before; it holds for the same `sort` alone.
        cursor: String,
        /// In this status of the shop, by its id; may be given several times.
        #[param(value_type = Option<Vec<i64>>)]
        status: AnyOf<StatusId>,
        /// In this status of Ozon, by its code.
        #[param(example = "awaiting_packaging")]
        ozon_status: String,
        /// Of this cabinet.
        #[param(value_type = Option<i64>)]
        cabinet: CabinetId,
        /// From this source.
        #[param(value_type = Option<i64>)]
        source: SourceId,
        /// Of this customer.
        #[param(value_type = Option<i64>)]
        customer: CustomerId,
        /// Worked by this person, by their id; `none` for orders that nobody works.
        #[param(value_type = Option<String>, example = "none")]
        manager: ManagerFilter,
        /// With exactly this posting number.
        posting_number: String,
        /// Words that all occur in numbers, names, phones, articles or the track number.
        q: String,
        /// Paid, or not.
        paid: bool,
        /// Dated from then on; a date alone means from its beginning in the shop's zone.
        #[param(value_type = Option<String>, example = "2026-11-23T00:00:00Z")]
        placed_from: From,
        /// Dated before then; a date alone means to its end in the shop's zone.
        #[param(value_type = Option<String>, example = "2026-11-24T00:00:00Z")]
        placed_to: Before,
        /// To be shipped by then; a date alone means to its end in the shop's zone.
        #[param(value_type = Option<String>, example = "2026-11-24T09:00:00Z")]
        ship_by_to: Until,
        /// `-order_date` (default), `order_date`, `ship_by`, `-ship_by`, `-total` or `total`; a minus begins with the
        /// greatest.
        #[param(value_type = Option<String>, example = "ship_by")]
        sort: OrderSort,
    }
}

/// Orders, whole, the newest first.
#[utoipa::path(get, path = "/orders", tag = "orders", params(OrdersQuery),
    responses((status = 200, description = "A page of orders", body = Listed<OrderView>)))]
async fn list_orders(
    caller: Caller,
    State(state): State<AppState>,
    query: OrdersQuery,
) -> Answer<Json<Listed<OrderView>>> {
    caller.must_be_allowed(Act::See)?;
    let mut filter = OrderFilter {
        status: query.status.map(|any| any.0).unwrap_or_default(),
        ozon_status: query.ozon_status,
        cabinet: query.cabinet,
        source: query.source,
        customer: query.customer,
        manager: query.manager,
        posting_number: query.posting_number,
        paid: query.paid,
        placed_from: query.placed_from.map(|from| from.0),
        placed_to: query.placed_to.map(|to| to.0),
        ship_by_to: query.ship_by_to.map(|to| to.0),
        ..OrderFilter::default()
    };
    let ask = ask(query.limit, query.cursor);
    let sort = query.sort.unwrap_or_default();
    if let Some(q) = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        filter.look_for(q, caller.sees_persons());
    }
    let page = state.store.orders(&filter, sort, &ask).await?;
    let items = view::whole(&state, &caller, page.items).await?;
    Ok(Json(Listed { items, next_cursor: page.next }))
}

/// One order.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders", params(("id" = i64, Path, description = "The order's id")),
    responses((status = 200, description = "The order", body = OrderView)))]
async fn get_order(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<OrderId>,
) -> Answer<Json<OrderView>> {
    caller.must_be_allowed(Act::See)?;
    one(&state, &caller, id).await.map(Json)
}

/// Changes an order as a person would; what of it Ozon is told goes out at once.
#[utoipa::path(patch, path = "/orders/{id}", tag = "orders", params(("id" = i64, Path, description = "The order's id")),
    request_body = change::Shape,
    responses((status = 200, description = "The order as it is now", body = OrderView)))]
async fn change_order(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<OrderId>,
    Body(body): Body<Map<String, Value>>,
) -> Answer<Json<OrderView>> {
    caller.must_be_allowed(Act::ChangeOrders)?;
    let statuses: Vec<StatusId> = state.store.statuses().await?.into_iter().map(|s| s.id).collect();
    let people: Vec<UserId> = managers(&state.store).await?.into_iter().map(|user| user.id).collect();
    let acts = change::acts(&body, &statuses, &people)?;
    state.store.order(id).await.map_err(no_such_order)?;
    for act in acts {
        state.desk.act_on_order(id, act, &caller.actor()).await?;
    }
    one(&state, &caller, id).await.map(Json)
}

/// What happened to an order and why, the oldest first.
#[utoipa::path(get, path = "/orders/{id}/history", tag = "orders",
    params(("id" = i64, Path, description = "The order's id"), PageQuery),
    responses((status = 200, description = "A page of its history", body = Listed<Happened>)))]
async fn list_order_history(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<OrderId>,
    query: PageQuery,
) -> Answer<Json<Listed<Happened>>> {
    caller.must_be_allowed(Act::See)?;
    state.store.order(id).await.map_err(no_such_order)?;
    let page = state.store.history(id, &query.ask()).await?;
    Ok(listed(page, |entry| Happened::of(entry, caller.sees_persons())))
}

/// One order, whole.
pub async fn one(state: &AppState, caller: &Caller, id: OrderId) -> Answer<OrderView> {
    let order = state.store.order(id).await.map_err(no_such_order)?;
    view::whole(state, caller, vec![order])
        .await?
        .pop()
        .ok_or_else(|| Problem::not_found("There is no such order"))
}

/// The problem of an order that is not there.
pub fn no_such_order(error: storage::Error) -> Problem {
    match error {
        storage::Error::NotFound => Problem::not_found("There is no such order"),
        other => other.into(),
    }
}
