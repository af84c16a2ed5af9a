//! `/cabinets`: Ozon cabinets, their keys and the check of a key. Their settings and loads have modules of their own.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use domain::CabinetId;
use serde::{Deserialize, Serialize};
use storage::cabinets::{Cabinet, NewCabinet, RoleGrant};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::caller::Caller;
use super::field::{ApiKey, ClientId, Name};
use super::list::{Listed, PageQuery, listed, page_of};
use super::problem::{Answer, Kind, Problem};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_cabinets, add_cabinet))
        .routes(routes!(get_cabinet, change_cabinet))
        .routes(routes!(check_cabinet))
}

/// An Ozon cabinet: a Client-Id with its Api-Key, which is never shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cabinet)]
struct CabinetView {
    /// Our id.
    id: i64,
    /// The name people gave it.
    name: String,
    /// Ozon's Client-Id.
    client_id: String,
    /// Where its API is.
    api_url: String,
    /// When the key was entered.
    key_set_at: Time,
    /// Until when the key works, once checked.
    key_expires_at: Option<Time>,
    /// The seller's name at Ozon, once checked.
    company_name: Option<String>,
    /// The key's roles, once checked.
    roles: Vec<RoleView>,
    /// When the key was last checked.
    checked_at: Option<Time>,
    /// The code of the error that the last check or load met with the key.
    check_error: Option<String>,
    /// When it was added.
    added_at: Time,
    /// Whether it is not loaded any more.
    disabled: bool,
    /// Since when.
    disabled_at: Option<Time>,
    /// Start of the last complete load.
    watermark: Option<Time>,
    /// Failed loads in a row.
    failures: u32,
    /// When the last of them failed.
    last_failure_at: Option<Time>,
}

/// A role of an Api-Key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyRole)]
struct RoleView {
    /// Ozon's name of the role.
    name: String,
    /// The methods, or prefixes of methods, that it opens.
    methods: Vec<String>,
}

impl From<RoleGrant> for RoleView {
    fn from(role: RoleGrant) -> Self {
        Self { name: role.name, methods: role.methods }
    }
}

impl From<Cabinet> for CabinetView {
    fn from(cabinet: Cabinet) -> Self {
        Self {
            id: cabinet.id.0,
            name: cabinet.name,
            client_id: cabinet.client_id,
            api_url: cabinet.api_url,
            key_set_at: Time(cabinet.key_set_at),
            key_expires_at: Time::of(cabinet.key_expires_at),
            company_name: cabinet.company_name,
            roles: cabinet.roles.into_iter().map(RoleView::from).collect(),
            checked_at: Time::of(cabinet.checked_at),
            check_error: cabinet.check_error,
            added_at: Time(cabinet.added_at),
            disabled: cabinet.disabled_at.is_some(),
            disabled_at: Time::of(cabinet.disabled_at),
            watermark: Time::of(cabinet.watermark),
            failures: cabinet.failures,
            last_failure_at: Time::of(cabinet.last_failure_at),
        }
    }
}

/// A cabinet to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCabinet)]
struct CabinetDraft {
    /// The name people give it; unique.
    name: Name,
    /// Ozon's Client-Id; unique.
    client_id: ClientId,
    /// Its Api-Key.
    api_key: ApiKey,
    /// Where its API is: one of the addresses that the server's configuration lists; the first of them when left out.
    api_url: Option<String>,
}

/// A change of a cabinet; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CabinetChange {
    /// Another name.
    name: Option<Name>,
    /// A new Api-Key; what the old one's check told is forgotten.
    api_key: Option<ApiKey>,
    /// Load no more, or again.
    disabled: Option<bool>,
}

/// All cabinets.
#[utoipa::path(get, path = "/cabinets", tag = "cabinets", params(PageQuery),
    responses((status = 200, description = "A page of cabinets", body = Listed<CabinetView>)))]
async fn list_cabinets(
    caller: Caller,
    State(state): State<AppState>,
    query: PageQuery,
) -> Answer<Json<Listed<CabinetView>>> {
    caller.must_be_allowed(Act::See)?;
    let page = page_of(state.store.cabinets().await?, &query.ask(), |cabinet| (0, cabinet.id.0))?;
    Ok(listed(page, CabinetView::from))
}

/// Adds a cabinet with the default settings.
#[utoipa::path(post, path = "/cabinets", tag = "cabinets", request_body = CabinetDraft,
    responses(
        (status = 201, description = "The cabinet", body = CabinetView),
        (status = 409, description = "The name or the Client-Id is taken"),
    ))]
async fn add_cabinet(
    caller: Caller,
    State(state): State<AppState>,
    Body(draft): Body<CabinetDraft>,
) -> Answer<impl IntoResponse> {
    caller.must_be_allowed(Act::ChangeCabinets)?;
    let new = NewCabinet {
        name: draft.name.into_text(),
        client_id: draft.client_id.into_text(),
        api_key: draft.api_key.into_secret(),
        api_url: api_url(&state.config.api_urls, draft.api_url.as_deref())?,
    };
    let cabinet = state.store.add_cabinet(new, state.now(), &caller.signature()).await?;
    let address = format!("/api/v1/cabinets/{}", cabinet.id);
    Ok((StatusCode::CREATED, [(LOCATION, address)], Json(CabinetView::from(cabinet))))
}

/// One of the addresses that the configuration allows: another one could send the key anywhere.
fn api_url(allowed: &[String], asked: Option<&str>) -> Answer<String> {
    let found = match asked.map(|url| url.trim_end_matches('/')) {
        None => allowed.first(),
        Some(asked) => allowed.iter().find(|url| url.trim_end_matches('/') == asked),
    };
    found.cloned().ok_or_else(|| {
        Problem::value(
            "api_url",
            &format!("one of the addresses of the server's configuration: {}", allowed.join(", ")),
        )
    })
}

/// One cabinet.
#[utoipa::path(get, path = "/cabinets/{id}", tag = "cabinets",
    params(("id" = i64, Path, description = "The cabinet's id")),
    responses((status = 200, description = "The cabinet", body = CabinetView)))]
async fn get_cabinet(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
) -> Answer<Json<CabinetView>> {
    caller.must_be_allowed(Act::See)?;
    Ok(Json(existing(&state, id).await?.into()))
}

/// Renames a cabinet, gives it a new key, stops or resumes its loads.
#[utoipa::path(patch, path = "/cabinets/{id}", tag = "cabinets",
    params(("id" = i64, Path, description = "The cabinet's id")), request_body = CabinetChange,
    responses(
        (status = 200, description = "The cabinet as it is now", body = CabinetView),
        (status = 409, description = "The name is taken"),
    ))]
async fn change_cabinet(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    Body(change): Body<CabinetChange>,
) -> Answer<Json<CabinetView>> {
    caller.must_be_allowed(Act::ChangeCabinets)?;
    let before = existing(&state, id).await?;
    let (store, now, who) = (&state.store, state.now(), caller.signature());
    // The name comes first, since it alone can be refused.
    if let Some(name) = change.name.map(Name::into_text).filter(|name| *name != before.name) {
        store.rename_cabinet(id, &name, &who, now).await?;
    }
    if let Some(key) = change.api_key {
        store.set_cabinet_key(id, key.into_secret(), now, &who).await?;
    }
    match (change.disabled, before.disabled_at.is_some()) {
        (Some(true), false) => store.disable_cabinet(id, now, &who).await?,
        (Some(false), true) => store.enable_cabinet(id, now, &who).await?,
        _ => {}
    }
    Ok(Json(existing(&state, id).await?.into()))
}

/// What a check of a cabinet's key told.
#[derive(Debug, Serialize, ToSchema)]
struct CheckedKey {
    /// The seller's name at Ozon.
    company_name: Option<String>,
    /// Until when the key works.
    key_expires_at: Option<Time>,
    /// The key's roles.
    roles: Vec<RoleView>,
    /// Methods that are called and that no role of the key opens.
    missing: Vec<String>,
}

/// Asks Ozon whose the key is, what it may do, and until when.
#[utoipa::path(post, path = "/cabinets/{id}/check", tag = "cabinets",
    params(("id" = i64, Path, description = "The cabinet's id")),
    responses(
        (status = 200, description = "What Ozon told about the key", body = CheckedKey),
        (status = 502, description = "Ozon refuses the key or did not answer; `code` says which"),
    ))]
async fn check_cabinet(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
) -> Answer<Json<CheckedKey>> {
    caller.must_be_allowed(Act::Load)?;
    existing(&state, id).await?;
    let checked = state.desk.check_cabinet(id).await?;
    Ok(Json(CheckedKey {
        company_name: checked.company_name,
        key_expires_at: Time::of(checked.key_expires_at),
        roles: checked.roles.into_iter().map(RoleView::from).collect(),
        missing: checked.missing.into_iter().map(str::to_owned).collect(),
    }))
}

/// The cabinet, or the word that there is none.
pub async fn existing(state: &AppState, id: CabinetId) -> Answer<Cabinet> {
    state.store.cabinet(id).await.map_err(|error| match error {
        storage::Error::NotFound => Problem::new(Kind::NotFound, "There is no such cabinet."),
        other => other.into(),
    })
}
