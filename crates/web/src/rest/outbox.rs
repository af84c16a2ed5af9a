//! `/outbox`: what went and is to go out, trying again and taking back.

use axum::Json;
use axum::extract::State;
use domain::push::{NotTold, Push};
use domain::{CabinetId, OrderId};
use serde::Serialize;
use storage::outbox::{OutboxFilter, OutboxItem, OutboxState, What};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Id;
use super::caller::{Caller, named};
use super::list::{Listed, ask, listed};
use super::orders::history::not_told;
use super::problem::{Answer, Problem};
use super::query::{Kind, Limit, query};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_outbox))
        .routes(routes!(retry_outbox_item))
        .routes(routes!(cancel_outbox_item))
}

query! {
    /// Which pushes and letters.
    OutboxQuery {
        /// Rows a page; 50 when left out.
        #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
        limit: Limit,
        /// The `next_cursor` of the page before.
        cursor: String,
        /// `waiting`, `sending`, `sent`, `done`, `refused` or `cancelled`.
        #[param(value_type = Option<String>, example = "refused")]
        state: OutboxState,
        /// `push` (to Ozon) or `letter`.
        #[param(value_type = Option<String>, example = "push")]
        kind: Kind,
        /// Of this cabinet.
        #[param(value_type = Option<i64>)]
        cabinet: CabinetId,
        /// About this order.
        #[param(value_type = Option<i64>)]
        order: OrderId,
    }
}

/// A push to Ozon or a letter, with how it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboxItem)]
struct ItemView {
    /// Its id.
    id: i64,
    /// `push` (to Ozon) or `letter`.
    #[schema(example = "push")]
    kind: &'static str,
    /// What is told: `track_number`, `delivering`, `last_mile`, `delivered`, `cancellation_request`; for a letter which.
    #[schema(example = "track_number")]
    subject: String,
    /// The track number, or for a request to cancel `approve` or `reject`.
    value: Option<String>,
    /// The cabinet that it belongs to.
    cabinet_id: Option<i64>,
    /// The order that it is about.
    order_id: Option<i64>,
    /// That order's number.
    order_number: Option<String>,
    /// That order's posting.
    posting_number: Option<String>,
    /// `waiting` for its turn or another try, `sending`, `sent` and not seen at Ozon yet, `done`, `refused`, `cancelled`.
    #[schema(example = "waiting")]
    state: String,
    /// When it is its turn; null once it is over.
    due_at: Option<Time>,
    /// Failed tries.
    tries: u32,
    /// When it came into being.
    created_at: Time,
    /// When Ozon was last called with it.
    sent_at: Option<Time>,
    /// When it ended.
    finished_at: Option<Time>,
    /// Who caused it, as in an order's history.
    actor: String,
    /// The code of what stands in its way.
    #[schema(example = "no_role")]
    trouble: Option<String>,
    /// The same in a sentence, with what to do.
    trouble_text: Option<String>,
    /// The other side's own words.
    answer: Option<String>,
    /// Ozon's trace id.
    trace_id: Option<String>,
}

impl From<OutboxItem> for ItemView {
    fn from(item: OutboxItem) -> Self {
        let over = matches!(item.state, OutboxState::Done | OutboxState::Refused | OutboxState::Cancelled);
        let why: Option<NotTold> = item.trouble.as_deref().and_then(|code| code.parse().ok());
        let (order_number, posting_number) = item.order.unzip();
        Self {
            id: item.id,
            kind: match item.what {
                What::Push(_) => "push",
                What::Letter { .. } => "letter",
            },
            subject: item.what.subject().to_owned(),
            value: match &item.what {
                What::Push(Push::TrackNumber { value }) => Some(value.clone()),
                What::Push(Push::CancellationRequest { approve, .. }) => {
                    Some(if *approve { "approve" } else { "reject" }.to_owned())
                }
                What::Push(Push::Move { .. }) | What::Letter { .. } => None,
            },
            cabinet_id: item.cabinet_id.map(|id| id.0),
            order_id: item.order_id.map(|id| id.0),
            order_number,
            posting_number,
            state: item.state.to_string(),
            due_at: Time::of(Some(item.due_at).filter(|_| !over)),
            tries: item.tries,
            created_at: Time(item.created_at),
            sent_at: Time::of(item.sent_at),
            finished_at: Time::of(item.finished_at),
            actor: named(item.actor),
            trouble_text: why.map(|why| not_told(why).to_owned()),
            trouble: item.trouble,
            answer: item.answer,
            trace_id: item.trace_id,
        }
    }
}

/// What went and is to go out, the newest first.
#[utoipa::path(get, path = "/outbox", tag = "outbox", params(OutboxQuery),
    responses((status = 200, description = "A page of pushes and letters", body = Listed<ItemView>)))]
async fn list_outbox(
    caller: Caller,
    State(state): State<AppState>,
    query: OutboxQuery,
) -> Answer<Json<Listed<ItemView>>> {
    caller.must_be_allowed(Act::See)?;
    let filter = OutboxFilter {
        state: query.state,
        letters: query.kind.map(|kind| kind == Kind::Letter),
        cabinet: query.cabinet,
        order: query.order,
    };
    let page = state.store.outbox(&filter, &ask(query.limit, query.cursor)).await?;
    Ok(listed(page, ItemView::from))
}

/// Tries again what was refused, cancelled or waits for a later try.
#[utoipa::path(post, path = "/outbox/{id}/retry", tag = "outbox",
    params(("id" = i64, Path, description = "The id of the push or letter")),
    responses(
        (status = 200, description = "It waits for its turn, which is now", body = ItemView),
        (status = 409, description = "It is done or under way"),
    ))]
async fn retry_outbox_item(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<i64>,
) -> Answer<Json<ItemView>> {
    caller.must_be_allowed(Act::ChangeOrders)?;
    let item = state.store.retry_outbox(id, &caller.actor(), state.now()).await.map_err(no_such_item)?;
    state.desk.told_something();
    whole(&state, item).await
}

/// Takes back what has not been done.
#[utoipa::path(post, path = "/outbox/{id}/cancel", tag = "outbox",
    params(("id" = i64, Path, description = "The id of the push or letter")),
    responses(
        (status = 200, description = "It is cancelled", body = ItemView),
        (status = 409, description = "It is done or under way"),
    ))]
async fn cancel_outbox_item(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<i64>,
) -> Answer<Json<ItemView>> {
    caller.must_be_allowed(Act::ChangeOrders)?;
    let item = state.store.cancel_outbox(id, &caller.actor(), state.now()).await.map_err(no_such_item)?;
    whole(&state, item).await
}

/// One row with the numbers of its order.
async fn whole(state: &AppState, mut item: OutboxItem) -> Answer<Json<ItemView>> {
    if let Some(id) = item.order_id {
        let order = state.store.order(id).await?;
        item.order = Some((order.number, order.posting_number.into()));
    }
    Ok(Json(item.into()))
}

fn no_such_item(error: storage::Error) -> Problem {
    match error {
        storage::Error::NotFound => Problem::not_found("There is no such push or letter"),
        other => other.into(),
    }
}
