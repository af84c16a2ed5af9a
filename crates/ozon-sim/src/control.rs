//! Owns the control interface under `/_sim`, for tests in other processes. No key is needed and
//! none is shown. Decides nothing: every endpoint is one call of the handle.

mod pushes;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::METHODS;
use crate::faults::FaultPlan;
use crate::generate::draft::PostingDraft;
use crate::handle::Handle;
use crate::life::LifeSettings;
use crate::limiter::Limits;
use crate::model::cabinet::{CabinetSettings, Role};
use crate::model::machine::{Act, ActError};
use crate::model::vocabulary::Status;
use crate::scenario::{Batch, Scenario, ScenarioError};
use crate::server::Behaviour;

pub(crate) fn router(handle: Handle) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/clock", get(clock).post(set_clock))
        .route("/behaviour", get(behaviour).post(set_behaviour))
        .route("/limits", get(limits).post(set_limits))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/requests", get(requests).delete(clear_requests))
        .route("/requests/count", get(request_counts))
        .route("/scenario", post(play))
        .route("/cabinets", post(add_cabinet))
        .route("/cabinets/{client_id}/key", post(set_key))
        .route("/cabinets/{client_id}/generate", post(generate))
        .route("/cabinets/{client_id}/life", post(begin_life).delete(end_life))
        .route("/cabinets/{client_id}/cancellations", get(cancellations))
        .route("/cabinets/{client_id}/changes", get(changes).delete(clear_changes))
        .route("/cabinets/{client_id}/postings", get(postings).post(add_posting))
        .route("/cabinets/{client_id}/postings/{number}", get(posting))
        .route("/cabinets/{client_id}/postings/{number}/shown", get(shown))
        .route("/cabinets/{client_id}/postings/{number}/act", post(act))
        .merge(pushes::router())
        .with_state(handle)
}

/// A control request that could not be done.
struct Failure(StatusCode, String);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

impl From<ActError> for Failure {
    fn from(error: ActError) -> Self {
        let status = match error {
            ActError::NoCabinet(_) | ActError::NoPosting(_) | ActError::NoUrl(_) | ActError::NoPush(_) => {
                StatusCode::NOT_FOUND
            }
            ActError::PostingExists(_) | ActError::WrongStatus(_) | ActError::RequestExists(_) => {
                StatusCode::CONFLICT
            }
            _ => StatusCode::BAD_REQUEST,
        };
        Self(status, error.to_string())
    }
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Self {
        Self(StatusCode::BAD_REQUEST, error.to_string())
    }
}

type Answer = Result<Json<Value>, Failure>;

async fn state(State(handle): State<Handle>) -> Json<Value> {
    let (total, by_method) = handle.request_counts();
    let world = handle.world();
    let cabinets: Vec<Value> = world
        .cabinets()
        .map(|state| {
            let cabinet = &state.cabinet;
            let statuses: Value = state
                .postings
                .iter()
                .fold(std::collections::BTreeMap::new(), |mut counts, posting| {
                    *counts.entry(posting.status.as_str()).or_insert(0_u64) += 1;
                    counts
                })
                .into_iter()
                .map(|(status, count)| (status.to_owned(), json!(count)))
                .collect::<serde_json::Map<_, _>>()
                .into();
            json!({
                "client_id": cabinet.client_id.as_ref(),
                "company": cabinet.company,
                "currency": cabinet.currency.as_ref(),
                "key_expires_at": cabinet.key_expires_at,
                "key_deactivated": cabinet.key_deactivated,
                "roles": cabinet.roles,
                "postings": state.postings.len(),
                "statuses": statuses,
                "is_alive": state.life.is_some(),
            })
        })
        .collect();
    Json(json!({
        "now": world.now(),
        "clock_frozen": world.clock.is_frozen(),
        "methods": METHODS,
        "cabinets": cabinets,
        "pending_events": world.pending(),
        "event_failures": world.failures().collect::<Vec<_>>(),
        "requests": {"total": total, "by_method": by_method},
    }))
}

async fn clock(State(handle): State<Handle>) -> Json<Value> {
    Json(json!({"now": handle.now(), "frozen": handle.is_clock_frozen()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    set: Option<DateTime<Utc>>,
    advance_seconds: Option<f64>,
    frozen: Option<bool>,
}

/// First frozen or not, then set, then advanced.
async fn set_clock(State(handle): State<Handle>, Json(change): Json<ClockChange>) -> Json<Value> {
    match change.frozen {
        Some(true) => handle.freeze_clock(),
        Some(false) => handle.run_clock(),
        None => {}
    }
    if let Some(to) = change.set {
        handle.set_clock(to);
    }
    if let Some(seconds) = change.advance_seconds {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float is cut at the edges of an i64, and the clock at the calendar's"
        )]
        let millis = (seconds * 1_000.0) as i64;
        if let Some(by) = TimeDelta::try_milliseconds(millis) {
            handle.advance_clock(by);
        }
    }
    clock(State(handle)).await
}

async fn behaviour(State(handle): State<Handle>) -> Json<Behaviour> {
    Json(handle.behaviour())
}

async fn set_behaviour(State(handle): State<Handle>, Json(to): Json<Behaviour>) -> Json<Behaviour> {
    handle.set_behaviour(to);
    behaviour(State(handle)).await
}

async fn limits(State(handle): State<Handle>) -> Json<Limits> {
    Json(handle.limits())
}

async fn set_limits(State(handle): State<Handle>, Json(to): Json<Limits>) -> Json<Limits> {
    handle.set_limits(to);
    limits(State(handle)).await
}

async fn faults(State(handle): State<Handle>) -> Json<Value> {
    Json(json!({"faults": handle.pending_faults()}))
}

async fn add_fault(State(handle): State<Handle>, Json(plan): Json<FaultPlan>) -> Json<Value> {
    Json(json!({"id": handle.inject_fault(plan)}))
}

async fn clear_faults(State(handle): State<Handle>) -> Json<Value> {
    handle.clear_faults();
    faults(State(handle)).await
}

#[derive(Deserialize)]
struct RequestsQuery {
    method: Option<String>,
    /// Only requests with a greater number.
    after: Option<u64>,
}

async fn requests(State(handle): State<Handle>, Query(query): Query<RequestsQuery>) -> Json<Value> {
    let requests: Vec<_> = handle
        .requests()
        .into_iter()
        .filter(|request| {
            query.method.as_ref().is_none_or(|m| *m == request.method)
                && query.after.is_none_or(|after| request.number > after)
        })
        .collect();
    Json(json!({"requests": requests}))
}

async fn clear_requests(State(handle): State<Handle>) -> Json<Value> {
    handle.clear_requests();
    request_counts(State(handle)).await
}

async fn request_counts(State(handle): State<Handle>) -> Json<Value> {
    let (total, by_method) = handle.request_counts();
    Json(json!({"total": total, "by_method": by_method}))
}

async fn play(State(handle): State<Handle>, Json(scenario): Json<Scenario>) -> Answer {
    handle.play(&scenario)?;
    Ok(state(State(handle)).await)
}

async fn add_cabinet(State(handle): State<Handle>, Json(settings): Json<CabinetSettings>) -> Answer {
    let client_id = settings.client_id.clone();
    handle.add_cabinet(settings);
    Ok(Json(json!({"client_id": client_id})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyChange {
    api_key: Option<String>,
    expires_at: Option<DateTime<Utc>>,
    deactivated: Option<bool>,
    roles: Option<Vec<Role>>,
}

async fn set_key(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(change): Json<KeyChange>,
) -> Answer {
    if let Some(key) = change.api_key {
        handle.set_api_key(&client_id, key)?;
    }
    if let Some(at) = change.expires_at {
        handle.set_key_expiry(&client_id, at)?;
    }
    if let Some(deactivated) = change.deactivated {
        handle.set_key_deactivated(&client_id, deactivated)?;
    }
    if let Some(roles) = change.roles {
        handle.set_roles(&client_id, roles)?;
    }
    let world = handle.world();
    let cabinet = &world.cabinet(&client_id)?.cabinet;
    Ok(Json(json!({
        "expires_at": cabinet.key_expires_at,
        "deactivated": cabinet.key_deactivated,
        "roles": cabinet.roles,
    })))
}

async fn generate(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(batch): Json<Batch>,
) -> Answer {
    let numbers = handle.generate(&client_id, batch.count, &batch.options)?;
    Ok(Json(json!({"posting_numbers": numbers})))
}

async fn begin_life(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(settings): Json<LifeSettings>,
) -> Answer {
    handle.begin_life(&client_id, settings)?;
    Ok(Json(json!({"is_alive": true})))
}

async fn end_life(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.end_life(&client_id)?;
    Ok(Json(json!({"is_alive": false})))
}

/// Buyers' requests; the act `request_cancellation` makes one.
async fn cancellations(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.world().cabinet(&client_id)?;
    Ok(Json(json!({"requests": handle.cancellation_requests(&client_id)})))
}

/// What the seller asked for.
async fn changes(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.world().cabinet(&client_id)?;
    Ok(Json(json!({
        "accepted": handle.changes(&client_id),
        "refused": handle.refused_changes(&client_id),
    })))
}

async fn clear_changes(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.clear_changes(&client_id)?;
    changes(State(handle), Path(client_id)).await
}

#[derive(Deserialize)]
struct PostingsQuery {
    status: Option<Status>,
}

async fn postings(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Query(query): Query<PostingsQuery>,
) -> Answer {
    handle.world().cabinet(&client_id)?;
    let truths: Vec<_> = handle
        .truths(&client_id)
        .into_iter()
        .filter(|truth| query.status.as_ref().is_none_or(|s| *s == truth.status))
        .collect();
    Ok(Json(json!({"count": truths.len(), "postings": truths})))
}

async fn add_posting(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(draft): Json<PostingDraft>,
) -> Answer {
    let number = handle.add_posting(&client_id, &draft)?;
    Ok(Json(json!({"posting_number": number})))
}

async fn posting(State(handle): State<Handle>, Path((client_id, number)): Path<(String, String)>) -> Answer {
    let truth = handle.truth(&client_id, &number).ok_or(ActError::NoPosting(number))?;
    Ok(Json(json!(truth)))
}

async fn shown(State(handle): State<Handle>, Path((client_id, number)): Path<(String, String)>) -> Answer {
    let shown = handle.snapshot(&client_id, &number).ok_or(ActError::NoPosting(number))?;
    Ok(Json(shown))
}

#[derive(Deserialize)]
struct When {
    #[serde(default)]
    after_seconds: u32,
}

/// The body is an act; `?after_seconds=` puts it on the virtual clock.
async fn act(
    State(handle): State<Handle>,
    Path((client_id, number)): Path<(String, String)>,
    Query(when): Query<When>,
    Json(act): Json<Act>,
) -> Answer {
    if when.after_seconds > 0 {
        let after = TimeDelta::seconds(when.after_seconds.into());
        handle.world().cabinet(&client_id)?;
        handle.act_later(&client_id, &number, act, after);
        return Ok(Json(json!({"scheduled": true})));
    }
    let made = handle.act(&client_id, &number, &act)?;
    let truth = handle.truth(&client_id, &number).ok_or(ActError::NoPosting(number))?;
    Ok(Json(json!({"made": made, "posting": truth})))
}
