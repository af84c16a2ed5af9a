//! `/postings`: every posting that Ozon ever showed, why some made no order, and making one by hand.

mod view;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use domain::{CabinetId, SkipReason};
use storage::postings::{PostingFilter, StoredPosting};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Named;
use super::caller::Caller;
use super::list::{Listed, ask};
use super::orders::{self, view::OrderView};
use super::problem::{Answer, Kind, Problem};
use super::query::{Limit, query};
use crate::AppState;
use crate::access::Act;
use view::PostingView;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_postings)).routes(routes!(create_order_of_posting))
}

query! {
    /// Which postings.
    PostingsQuery {
        /// Rows a page; 50 when left out.
        #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
        limit: Limit,
        /// The `next_cursor` of the page before.
        cursor: String,
        /// Of this cabinet.
        #[param(value_type = Option<i64>)]
        cabinet: CabinetId,
        /// Without an order (true), or with one (false).
        without_order: bool,
        /// Without an order for this reason.
        #[param(value_type = Option<String>, example = "also_awaiting_deliver_off")]
        skipped_because: SkipReason,
        /// With exactly this number.
        posting_number: String,
    }
}

query! {
    /// Which of several postings of one number.
    WhichQuery {
        /// The cabinet; needed only where several cabinets have a posting of this number.
        #[param(value_type = Option<i64>)]
        cabinet: CabinetId,
    }
}

/// Every posting stored, the newest first, also those in the archive.
#[utoipa::path(get, path = "/postings", tag = "postings", params(PostingsQuery),
    responses((status = 200, description = "A page of postings", body = Listed<PostingView>)))]
async fn list_postings(
    caller: Caller,
    State(state): State<AppState>,
    query: PostingsQuery,
) -> Answer<Json<Listed<PostingView>>> {
    caller.must_be_allowed(Act::See)?;
    let filter = PostingFilter {
        cabinet: query.cabinet,
        posting_number: query.posting_number,
        without_order: query.without_order,
        skipped_because: query.skipped_because,
        archive: true,
    };
    let page = state.store.postings(&filter, &ask(query.limit, query.cursor)).await?;
    let items = view::with_raw(&state, &caller, page.items).await?;
    Ok(Json(Listed { items, next_cursor: page.next }))
}

/// Makes an order of a posting, whatever kept it from becoming one.
#[utoipa::path(post, path = "/postings/{posting_number}/order", tag = "postings",
    params(("posting_number" = String, Path, description = "Ozon's posting number"), WhichQuery),
    responses(
        (status = 201, description = "The new order", body = OrderView),
        (status = 200, description = "The order that it has already", body = OrderView),
        (status = 409, description = "Several cabinets have a posting of this number, or it could never be read"),
    ))]
async fn create_order_of_posting(
    caller: Caller,
    State(state): State<AppState>,
    Named(number): Named,
    query: WhichQuery,
) -> Answer<Response> {
    caller.must_be_allowed(Act::CreateOrder)?;
    let posting = which(state.store.postings_numbered(&number).await?, query.cabinet)?;
    if let Some(id) = posting.order_id {
        return Ok(Json(orders::one(&state, &caller, id).await?).into_response());
    }
    let id = state.desk.create_order(posting.id, &caller.actor()).await?;
    let order = orders::one(&state, &caller, id).await?;
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/orders/{id}"))], Json(order)).into_response())
}

/// The posting that is meant.
fn which(mut found: Vec<StoredPosting>, cabinet: Option<CabinetId>) -> Answer<StoredPosting> {
    if let Some(cabinet) = cabinet {
        found.retain(|posting| posting.cabinet_id == cabinet);
    }
    if found.len() > 1 {
        let cabinets: Vec<String> = found.iter().map(|posting| posting.cabinet_id.to_string()).collect();
        let detail = format!("The cabinets {} have one each; say which by `?cabinet=`.", cabinets.join(", "));
        return Err(Problem::new(Kind::Ambiguous, detail));
    }
    found.pop().ok_or_else(|| Problem::not_found("There is no such posting"))
}
