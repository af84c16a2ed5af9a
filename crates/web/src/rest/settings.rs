//! `/cabinets/{id}/settings`: a cabinet's order settings and their versions. What is allowed is `domain`'s to say.

mod effect;
mod schema;

use axum::Json;
use axum::extract::State;
use domain::{CabinetId, Settings};
use serde::Serialize;
use serde_json::Value;
use storage::settings::SettingsVersion;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::cabinets::existing;
use super::caller::Caller;
use super::list::{Listed, PageQuery, listed, page_of};
use super::problem::Answer;
use super::query::query;
use super::wire::Time;
use crate::AppState;
use crate::access::Act;
use effect::EffectView;
use schema::{ChangeAnswerShape, SettingsShape};

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_settings, change_settings))
        .routes(routes!(list_settings_versions))
}

/// The settings in force.
#[utoipa::path(get, path = "/cabinets/{id}/settings", tag = "settings",
    params(("id" = i64, Path, description = "The cabinet's id")),
    responses((status = 200, description = "All settings", body = SettingsShape)))]
async fn get_settings(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
) -> Answer<Json<Settings>> {
    caller.must_be_allowed(Act::See)?;
    existing(&state, id).await?;
    Ok(Json(state.store.settings(id).await?.settings))
}

query! {
    /// How settings are changed.
    ChangeQuery {
        /// Save nothing, and tell what the change would do to the orders and postings that are stored.
        dry_run: bool,
    }
}

/// What a change of the settings is answered with.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ChangeAnswer {
    /// All settings as they are now.
    Settings(Box<Settings>),
    /// What the change would do; with `dry_run`.
    Effect(EffectView),
}

/// Changes settings: all that is given, or nothing.
///
/// Takes any subset of the keys and merges it leaf by leaf; `schedule.every` and `on_cancel` are replaced whole,
/// `status_map` by code. `load_from` may be a date alone: its beginning in the shop's zone. New orders follow the new
/// settings; orders and postings that are stored stay as they are, and `dry_run` tells what the change would do to them.
#[utoipa::path(put, path = "/cabinets/{id}/settings", tag = "settings",
    params(("id" = i64, Path, description = "The cabinet's id"), ChangeQuery),
    request_body(content = Object, description = "Any subset of the keys of Settings",
        example = json!({"also_awaiting_deliver": true, "schedule": {"every": {"minutes": 10}}})),
    responses((
        status = 200,
        description = "All settings as they are now; with `dry_run` what the change would do",
        body = ChangeAnswerShape
    )))]
async fn change_settings(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    query: ChangeQuery,
    Body(patch): Body<Value>,
) -> Answer<Json<ChangeAnswer>> {
    caller.must_be_allowed(Act::ChangeSettings)?;
    existing(&state, id).await?;
    if query.dry_run == Some(true) {
        let effect = state.store.preview_settings(id, &patch, state.now()).await?;
        return Ok(Json(ChangeAnswer::Effect(effect.into())));
    }
    let applied = state.store.apply_settings(id, &patch, &caller.signature(), state.now()).await?;
    Ok(Json(ChangeAnswer::Settings(Box::new(applied.settings))))
}

/// One version of a cabinet's settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SettingsVersion)]
struct VersionView {
    /// 1 and up.
    version: u32,
    /// Since when.
    changed_at: Time,
    /// Who changed them.
    changed_by: String,
    /// The settings.
    #[schema(value_type = SettingsShape)]
    settings: Settings,
}

impl From<SettingsVersion> for VersionView {
    fn from(version: SettingsVersion) -> Self {
        Self {
            version: version.version,
            changed_at: Time(version.changed_at),
            changed_by: version.changed_by,
            settings: version.settings,
        }
    }
}

/// Every version of the settings, the newest first.
#[utoipa::path(get, path = "/cabinets/{id}/settings/versions", tag = "settings",
    params(("id" = i64, Path, description = "The cabinet's id"), PageQuery),
    responses((status = 200, description = "A page of versions", body = Listed<VersionView>)))]
async fn list_settings_versions(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    query: PageQuery,
) -> Answer<Json<Listed<VersionView>>> {
    caller.must_be_allowed(Act::See)?;
    existing(&state, id).await?;
    let versions = state.store.settings_versions(id).await?;
    let page = page_of(versions, &query.ask(), |version| (-i64::from(version.version), 0))?;
    Ok(listed(page, VersionView::from))
}
