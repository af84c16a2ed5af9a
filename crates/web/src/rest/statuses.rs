//! `/statuses`: the shop's own statuses of orders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use domain::StatusId;
use serde::{Deserialize, Serialize};
use storage::lists::{Status, StatusDraft};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::caller::Caller;
use super::field::{Color, Name};
use super::list::{Listed, PageQuery, listed, page_of};
use super::problem::{Answer, Problem};
use crate::AppState;
use crate::access::Act;

/// The color of a status that was given none.
const GREY: &str = "#8c8c8c";

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_statuses, add_status)).routes(routes!(
        get_status,
        change_status,
        delete_status
    ))
}

/// A status of the shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Status)]
struct StatusView {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
    /// `#rrggbb`.
    color: String,
    /// Its place in lists.
    position: i32,
    /// New orders without a row in the status map begin here; exactly one status is the default.
    is_default: bool,
    /// The order is cancelled.
    is_cancelled: bool,
    /// The order is finished.
    is_completed: bool,
    /// Not to be shown to the customer.
    hidden_from_customer: bool,
    /// Shown as a tab over the orders.
    shown_as_tab: bool,
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        Self {
            id: status.id.0,
            name: status.name,
            color: status.color,
            position: status.position,
            is_default: status.is_default,
            is_cancelled: status.is_cancelled,
            is_completed: status.is_completed,
            hidden_from_customer: status.hidden_from_customer,
            shown_as_tab: status.shown_as_tab,
        }
    }
}

/// A status to be added; only the name is needed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    /// Its name.
    name: Name,
    /// The rest of it.
    color: Option<Color>,
    /// Its place in lists; at the end when left out.
    position: Option<i32>,
    /// See Status.
    #[serde(default)]
    is_default: bool,
    /// See Status.
    #[serde(default)]
    is_cancelled: bool,
    /// See Status.
    #[serde(default)]
    is_completed: bool,
    /// See Status.
    #[serde(default)]
    hidden_from_customer: bool,
    /// See Status.
    #[serde(default)]
    shown_as_tab: bool,
}

/// A change of a status; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusChange {
    /// Another name.
    name: Option<Name>,
    /// Another color.
    color: Option<Color>,
    /// Another place in lists.
    position: Option<i32>,
    /// True makes it the default instead of the one that is.
    is_default: Option<bool>,
    /// See Status.
    is_cancelled: Option<bool>,
    /// See Status.
    is_completed: Option<bool>,
    /// See Status.
    hidden_from_customer: Option<bool>,
    /// See Status.
    shown_as_tab: Option<bool>,
}

/// The shop's statuses, by their place.
#[utoipa::path(get, path = "/statuses", tag = "lists", params(PageQuery),
    responses((status = 200, description = "A page of statuses", body = Listed<StatusView>)))]
async fn list_statuses(
    caller: Caller,
    State(state): State<AppState>,
    query: PageQuery,
) -> Answer<Json<Listed<StatusView>>> {
    caller.must_be_allowed(Act::See)?;
    let key = |status: &Status| (i64::from(status.position), status.id.0);
    Ok(listed(page_of(state.store.statuses().await?, &query.ask(), key)?, StatusView::from))
}

/// Adds a status.
#[utoipa::path(post, path = "/statuses", tag = "lists", request_body = NewStatus,
    responses((status = 201, description = "The status", body = StatusView)))]
async fn add_status(
    caller: Caller,
    State(state): State<AppState>,
    Body(new): Body<NewStatus>,
) -> Answer<impl IntoResponse> {
    caller.must_be_allowed(Act::ChangeLists)?;
    let draft = StatusDraft {
        name: new.name.into_text(),
        color: new.color.map_or_else(|| GREY.to_owned(), Color::into_text),
        position: new.position,
        is_default: new.is_default,
        is_cancelled: new.is_cancelled,
        is_completed: new.is_completed,
        hidden_from_customer: new.hidden_from_customer,
        shown_as_tab: new.shown_as_tab,
    };
    let status = state.store.save_status(None, draft).await?;
    state.store.note_audit(&caller.signature(), "status.add", &status.name, "", state.now()).await?;
    let address = format!("/api/v1/statuses/{}", status.id);
    Ok((StatusCode::CREATED, [(LOCATION, address)], Json(StatusView::from(status))))
}

/// One status.
#[utoipa::path(get, path = "/statuses/{id}", tag = "lists", params(("id" = i64, Path, description = "The status's id")),
    responses((status = 200, description = "The status", body = StatusView)))]
async fn get_status(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<StatusId>,
) -> Answer<Json<StatusView>> {
    caller.must_be_allowed(Act::See)?;
    Ok(Json(existing(&state, id).await?.into()))
}

/// Changes a status.
#[utoipa::path(patch, path = "/statuses/{id}", tag = "lists",
    params(("id" = i64, Path, description = "The status's id")), request_body = StatusChange,
    responses(
        (status = 200, description = "The status as it is now", body = StatusView),
        (status = 409, description = "It is the default, and one must be"),
    ))]
async fn change_status(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<StatusId>,
    Body(change): Body<StatusChange>,
) -> Answer<Json<StatusView>> {
    caller.must_be_allowed(Act::ChangeLists)?;
    let before = existing(&state, id).await?;
    let draft = StatusDraft {
        name: change.name.map_or(before.name, Name::into_text),
        color: change.color.map_or(before.color, Color::into_text),
        position: change.position.or(Some(before.position)),
        is_default: change.is_default.unwrap_or(before.is_default),
        is_cancelled: change.is_cancelled.unwrap_or(before.is_cancelled),
        is_completed: change.is_completed.unwrap_or(before.is_completed),
        hidden_from_customer: change.hidden_from_customer.unwrap_or(before.hidden_from_customer),
        shown_as_tab: change.shown_as_tab.unwrap_or(before.shown_as_tab),
    };
    let status = state.store.save_status(Some(id), draft).await?;
    state.store.note_audit(&caller.signature(), "status.change", &status.name, "", state.now()).await?;
    Ok(Json(status.into()))
}

/// Deletes a status that nothing refers to.
#[utoipa::path(delete, path = "/statuses/{id}", tag = "lists",
    params(("id" = i64, Path, description = "The status's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "It is the default, or in use: `count` says how often"),
    ))]
async fn delete_status(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<StatusId>,
) -> Answer<StatusCode> {
    caller.must_be_allowed(Act::ChangeLists)?;
    let before = existing(&state, id).await?;
    state.store.delete_status(id).await?;
    state.store.note_audit(&caller.signature(), "status.delete", &before.name, "", state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn existing(state: &AppState, id: StatusId) -> Answer<Status> {
    let found = state.store.statuses().await?.into_iter().find(|status| status.id == id);
    found.ok_or_else(|| Problem::not_found("There is no such status"))
}
