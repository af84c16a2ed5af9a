//! `/orders/{id}/cancellation-requests`: what realFBS customers ask, and the seller's answer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::OrderId;
use serde::{Deserialize, Serialize};
use storage::PageAsk;
use storage::cancellations::CancellationRequest;
use storage::outbox::{OutboxFilter, OutboxItem};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Id, Ids, OptionalBody};
use super::caller::Caller;
use super::field::Remark;
use super::list::{Listed, PageQuery, listed, page_of};
use super::orders::no_such_order;
use super::problem::{Answer, Problem};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;
use crate::decision::decision;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_cancellation_requests))
        .routes(routes!(approve_cancellation))
        .routes(routes!(reject_cancellation))
}

/// A customer's request to cancel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CancellationRequest)]
struct RequestView {
    /// Ozon's id.
    id: i64,
    /// The posting.
    posting_number: String,
    /// Ozon's state: `ON_APPROVAL`, `APPROVED`, `REJECTED`, `DECIDED` where Ozon no longer shows it, or a newer one.
    #[schema(example = "ON_APPROVAL")]
    state: String,
    /// Whether the seller still has to decide.
    open: bool,
    /// Why, in the customer's or Ozon's words.
    reason: Option<String>,
    /// Since when.
    requested_at: Option<Time>,
    /// Silence counts as approval from then on.
    decide_by: Option<Time>,
    /// What was decided here: `approve` or `reject`; null while nothing is.
    decision: Option<&'static str>,
    /// The row of the outbox that tells it to Ozon.
    outbox_id: Option<i64>,
}

impl RequestView {
    fn of(request: CancellationRequest, items: &[OutboxItem]) -> Self {
        let (item, approve) = decision(items, request.id).unzip();
        Self {
            id: request.id,
            open: request.is_open(),
            posting_number: request.posting_number.into(),
            state: request.state,
            reason: request.reason,
            requested_at: Time::of(request.requested_at),
            decide_by: Time::of(request.decide_by),
            decision: approve.map(|approve| if approve { "approve" } else { "reject" }),
            outbox_id: item.map(|item| item.id),
        }
    }
}

/// What the customer is told with a decision.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// A comment; may be left out.
    #[schema(value_type = Option<Remark>)]
    comment: Option<Remark>,
}

/// The customer's requests to cancel an order, the oldest first.
#[utoipa::path(get, path = "/orders/{id}/cancellation-requests", tag = "orders",
    params(("id" = i64, Path, description = "The order's id"), PageQuery),
    responses((status = 200, description = "A page of requests", body = Listed<RequestView>)))]
async fn list_cancellation_requests(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<OrderId>,
    query: PageQuery,
) -> Answer<Json<Listed<RequestView>>> {
    caller.must_be_allowed(Act::See)?;
    state.store.order(id).await.map_err(no_such_order)?;
    let requests = state.store.cancellation_requests(id).await?;
    let items = sent(&state, id).await?;
    let page = page_of(requests, &query.ask(), |request| (0, request.id))?;
    // The customer's own words may name anybody.
    let masked = |request: CancellationRequest| CancellationRequest {
        reason: request.reason.filter(|_| caller.sees_persons()),
        ..request
    };
    Ok(listed(page, |request| RequestView::of(masked(request), &items)))
}

/// Agrees to cancel; the outbox tells Ozon.
#[utoipa::path(post, path = "/orders/{id}/cancellation-requests/{request}/approve", tag = "orders",
    params(("id" = i64, Path, description = "The order's id"), ("request" = i64, Path, description = "The request's id")),
    request_body = Option<Decision>,
    responses(
        (status = 202, description = "It is decided; the outbox tells Ozon", body = RequestView),
        (status = 409, description = "It is decided already"),
    ))]
async fn approve_cancellation(
    caller: Caller,
    State(state): State<AppState>,
    Ids(id, request): Ids<OrderId, i64>,
    OptionalBody(decision): OptionalBody<Decision>,
) -> Answer<(StatusCode, Json<RequestView>)> {
    decide(&caller, &state, id, request, true, decision).await
}

/// Refuses to cancel; the outbox tells Ozon.
#[utoipa::path(post, path = "/orders/{id}/cancellation-requests/{request}/reject", tag = "orders",
    params(("id" = i64, Path, description = "The order's id"), ("request" = i64, Path, description = "The request's id")),
    request_body = Option<Decision>,
    responses(
        (status = 202, description = "It is decided; the outbox tells Ozon", body = RequestView),
        (status = 409, description = "It is decided already"),
    ))]
async fn reject_cancellation(
    caller: Caller,
    State(state): State<AppState>,
    Ids(id, request): Ids<OrderId, i64>,
    OptionalBody(decision): OptionalBody<Decision>,
) -> Answer<(StatusCode, Json<RequestView>)> {
    decide(&caller, &state, id, request, false, decision).await
}

async fn decide(
    caller: &Caller,
    state: &AppState,
    id: OrderId,
    request: i64,
    approve: bool,
    decision: Decision,
) -> Answer<(StatusCode, Json<RequestView>)> {
    caller.must_be_allowed(Act::ChangeOrders)?;
    let comment = decision.comment.map(Remark::into_text).unwrap_or_default();
    let decided =
        state.store.decide_cancellation(id, request, approve, &comment, &caller.actor(), state.now()).await;
    decided.map_err(|error| match error {
        storage::Error::NotFound => Problem::not_found("The order has no such request"),
        other => other.into(),
    })?;
    state.desk.told_something();
    let requests = state.store.cancellation_requests(id).await?;
    let decided = requests.into_iter().find(|r| r.id == request);
    let decided = decided.ok_or_else(|| Problem::not_found("The order has no such request"))?;
    Ok((StatusCode::ACCEPTED, Json(RequestView::of(decided, &sent(state, id).await?))))
}

/// The last that went out about an order.
async fn sent(state: &AppState, id: OrderId) -> Answer<Vec<OutboxItem>> {
    let filter = OutboxFilter { order: Some(id), letters: Some(false), ..OutboxFilter::default() };
    Ok(state.store.outbox(&filter, &PageAsk::first(200)).await?.items)
}
