//! `/sources`, `/delivery-methods`, `/payment-methods`: the lists that have only names.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use serde::Deserialize;
use storage::PageAsk;
use storage::lists::{Named, NamedList};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::caller::Caller;
use super::field::Name;
use super::list::{Listed, listed, page_of};
use super::problem::{Answer, Problem};
use super::wire::NamedRef;
use crate::AppState;
use crate::access::Act;

/// A row to be added, or its new name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameOnly {
    /// Its name.
    name: Name,
}

/// The addresses of all three.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(sources::routes())
        .merge(delivery_methods::routes())
        .merge(payment_methods::routes())
}

macro_rules! resource {
    ($module:ident, $list:expr, $all:literal, $one:literal, $singular:literal) => {
        mod $module {
            use axum::Json;
            use axum::extract::State;
            use axum::http::StatusCode;
            use axum::response::IntoResponse;
            use storage::lists::NamedList;
            use utoipa_axum::router::OpenApiRouter;
            use utoipa_axum::routes;

            use super::NameOnly;
            use crate::AppState;
            use crate::rest::body::{Body, Id};
            use crate::rest::caller::Caller;
            use crate::rest::list::{Listed, PageQuery};
            use crate::rest::problem::Answer;
            use crate::rest::wire::NamedRef;

            const LIST: NamedList = $list;

            pub fn routes() -> OpenApiRouter<AppState> {
                OpenApiRouter::new().routes(routes!(all, add)).routes(routes!(get, rename, delete))
            }

            /// The list, in the order of its making.
            #[utoipa::path(get, path = $all, tag = "lists", operation_id = concat!("list_", stringify!($module)),
                params(PageQuery), responses((status = 200, description = "A page of it", body = Listed<NamedRef>)))]
            async fn all(
                caller: Caller,
                State(state): State<AppState>,
                query: PageQuery,
            ) -> Answer<Json<Listed<NamedRef>>> {
                super::all(&state, &caller, LIST, &query.ask()).await
            }

            /// Adds a row.
            #[utoipa::path(post, path = $all, tag = "lists", operation_id = concat!("add_", $singular),
                request_body = NameOnly, responses((status = 201, description = "The row", body = NamedRef)))]
            async fn add(
                caller: Caller,
                State(state): State<AppState>,
                Body(new): Body<NameOnly>,
            ) -> Answer<impl IntoResponse> {
                super::add(&state, &caller, LIST, new, concat!("/api/v1", $all)).await
            }

            /// One row.
            #[utoipa::path(get, path = $one, tag = "lists", operation_id = concat!("get_", $singular),
                params(("id" = i64, Path, description = "The row's id")),
                responses((status = 200, description = "The row", body = NamedRef)))]
            async fn get(
                caller: Caller,
                State(state): State<AppState>,
                Id(id): Id<i64>,
            ) -> Answer<Json<NamedRef>> {
                super::get(&state, &caller, LIST, id).await
            }

            /// Renames a row.
            #[utoipa::path(patch, path = $one, tag = "lists", operation_id = concat!("rename_", $singular),
                params(("id" = i64, Path, description = "The row's id")), request_body = NameOnly,
                responses((status = 200, description = "The row as it is now", body = NamedRef)))]
            async fn rename(
                caller: Caller,
                State(state): State<AppState>,
                Id(id): Id<i64>,
                Body(change): Body<NameOnly>,
            ) -> Answer<Json<NamedRef>> {
                super::rename(&state, &caller, LIST, id, change).await
            }

            /// Deletes a row that nothing refers to.
            #[utoipa::path(delete, path = $one, tag = "lists", operation_id = concat!("delete_", $singular),
                params(("id" = i64, Path, description = "The row's id")),
                responses(
                    (status = 204, description = "It is gone"),
                    (status = 409, description = "It came with the installation, or is in use: `count` says how often"),
                ))]
            async fn delete(
                caller: Caller,
                State(state): State<AppState>,
                Id(id): Id<i64>,
            ) -> Answer<StatusCode> {
                super::delete(&state, &caller, LIST, id).await
            }
        }
    };
}

resource!(sources, NamedList::Sources, "/sources", "/sources/{id}", "source");
resource!(
    delivery_methods,
    NamedList::DeliveryMethods,
    "/delivery-methods",
    "/delivery-methods/{id}",
    "delivery_method"
);
resource!(
    payment_methods,
    NamedList::PaymentMethods,
    "/payment-methods",
    "/payment-methods/{id}",
    "payment_method"
);

async fn all(
    state: &AppState,
    caller: &Caller,
    list: NamedList,
    ask: &PageAsk,
) -> Answer<Json<Listed<NamedRef>>> {
    caller.must_be_allowed(Act::See)?;
    Ok(listed(page_of(state.store.named(list).await?, ask, |row| (0, row.id))?, shown))
}

async fn add(
    state: &AppState,
    caller: &Caller,
    list: NamedList,
    new: NameOnly,
    address: &str,
) -> Answer<impl IntoResponse + use<>> {
    caller.must_be_allowed(Act::ChangeLists)?;
    let row = state.store.save_named(list, None, &new.name.into_text()).await?;
    note(state, caller, list, "add", &row.name).await?;
    let address = format!("{address}/{}", row.id);
    Ok((StatusCode::CREATED, [(LOCATION, address)], Json(shown(row))))
}

async fn get(state: &AppState, caller: &Caller, list: NamedList, id: i64) -> Answer<Json<NamedRef>> {
    caller.must_be_allowed(Act::See)?;
    Ok(Json(shown(existing(state, list, id).await?)))
}

async fn rename(
    state: &AppState,
    caller: &Caller,
    list: NamedList,
    id: i64,
    change: NameOnly,
) -> Answer<Json<NamedRef>> {
    caller.must_be_allowed(Act::ChangeLists)?;
    existing(state, list, id).await?;
    let row = state.store.save_named(list, Some(id), &change.name.into_text()).await?;
    note(state, caller, list, "change", &row.name).await?;
    Ok(Json(shown(row)))
}

async fn delete(state: &AppState, caller: &Caller, list: NamedList, id: i64) -> Answer<StatusCode> {
    caller.must_be_allowed(Act::ChangeLists)?;
    let before = existing(state, list, id).await?;
    state.store.delete_named(list, id).await?;
    note(state, caller, list, "delete", &before.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn existing(state: &AppState, list: NamedList, id: i64) -> Answer<Named> {
    let found = state.store.named(list).await?.into_iter().find(|row| row.id == id);
    found.ok_or_else(|| Problem::not_found("There is no such row"))
}

async fn note(state: &AppState, caller: &Caller, list: NamedList, verb: &str, name: &str) -> Answer<()> {
    let act = format!("{}.{verb}", list.word());
    Ok(state.store.note_audit(&caller.signature(), &act, name, "", state.now()).await?)
}

fn shown(row: Named) -> NamedRef {
    NamedRef { id: row.id, name: row.name }
}
