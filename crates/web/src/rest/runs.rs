//! Loads: starting one, those of a cabinet, and how one goes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use domain::{CabinetId, RunId};
use serde::Serialize;
use storage::runs::{Cause, Run, RunState};
use sync::LoadError;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Id;
use super::cabinets::existing;
use super::caller::Caller;
use super::list::{Listed, PageQuery, listed};
use super::problem::{Answer, Problem};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(start_import)).routes(routes!(list_runs)).routes(routes!(get_run))
}

/// One load of a cabinet's orders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
struct RunView {
    /// Its id.
    id: i64,
    /// The cabinet.
    cabinet_id: i64,
    /// What brought it about: `schedule`, `panel`, `rest`, `command`.
    cause: &'static str,
    /// `running`, `done`, `failed`, or `interrupted` by the end of the program.
    state: &'static str,
    /// When it began.
    started_at: Time,
    /// When it ended.
    finished_at: Option<Time>,
    /// How long it took, in milliseconds.
    duration_ms: Option<i64>,
    /// Distinct postings that Ozon showed.
    seen: u64,
    /// Orders made.
    created: u64,
    /// Orders changed.
    updated: u64,
    /// Orders that stayed as they were.
    unchanged: u64,
    /// Postings without an order.
    skipped: u64,
    /// Postings that could not be read; they are kept and do not fail the load.
    failed: u64,
    /// Pages read.
    pages: u64,
    /// About how many postings it will see.
    expected: Option<u64>,
    /// The code of the error that stopped it.
    error_code: Option<String>,
    /// The error in words.
    error: Option<String>,
    /// Ozon's trace id of the answer that stopped it.
    trace_id: Option<String>,
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        Self {
            id: run.id.0,
            cabinet_id: run.cabinet_id.0,
            cause: run.cause.word(),
            state: run.state.word(),
            started_at: Time(run.started_at),
            finished_at: Time::of(run.finished_at),
            duration_ms: run.finished_at.map(|at| (at - run.started_at).num_milliseconds()),
            seen: run.figures.seen,
            created: run.figures.created,
            updated: run.figures.updated,
            unchanged: run.figures.unchanged,
            skipped: run.figures.skipped,
            failed: run.figures.failed,
            pages: run.figures.pages,
            expected: run.expected,
            error_code: run.error_code,
            error: run.error,
            trace_id: run.trace_id,
        }
    }
}

/// A load that has begun.
#[derive(Debug, Serialize, ToSchema)]
struct Started {
    /// Its run, which tells how it goes.
    run_id: i64,
}

/// Starts the same load as the schedule's, and leaves it to itself.
#[utoipa::path(post, path = "/cabinets/{id}/import", tag = "runs",
    params(("id" = i64, Path, description = "The cabinet's id")),
    responses(
        (status = 202, description = "The load has begun", body = Started),
        (status = 409, description = "One is running (`since` says since when), or the cabinet is disabled"),
    ))]
async fn start_import(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
) -> Answer<impl IntoResponse> {
    caller.must_be_allowed(Act::Load)?;
    existing(&state, id).await?;
    let run = match state.desk.start_load(id, Cause::Rest).await {
        Err(error @ LoadError::AlreadyRunning { .. }) => return Err(in_the_way(&state, id, error).await?),
        begun => begun?,
    };
    let address = format!("/api/v1/runs/{run}");
    Ok((StatusCode::ACCEPTED, [(LOCATION, address)], Json(Started { run_id: run.0 })))
}

/// The load that is running, and since when.
async fn in_the_way(state: &AppState, id: CabinetId, error: LoadError) -> Answer<Problem> {
    let problem = Problem::from(error);
    let running = state.store.last_run(id).await?.filter(|run| run.state == RunState::Running);
    Ok(match running {
        Some(run) => problem.since(run.id.0, run.started_at),
        None => problem,
    })
}

/// The loads of a cabinet, the newest first.
#[utoipa::path(get, path = "/cabinets/{id}/runs", tag = "runs",
    params(("id" = i64, Path, description = "The cabinet's id"), PageQuery),
    responses((status = 200, description = "A page of loads", body = Listed<RunView>)))]
async fn list_runs(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    query: PageQuery,
) -> Answer<Json<Listed<RunView>>> {
    caller.must_be_allowed(Act::See)?;
    existing(&state, id).await?;
    Ok(listed(state.store.runs(Some(id), &query.ask()).await?, RunView::from))
}

/// One load.
#[utoipa::path(get, path = "/runs/{id}", tag = "runs", params(("id" = i64, Path, description = "The run's id")),
    responses((status = 200, description = "The load", body = RunView)))]
async fn get_run(caller: Caller, State(state): State<AppState>, Id(id): Id<RunId>) -> Answer<Json<RunView>> {
    caller.must_be_allowed(Act::See)?;
    let run = state.store.run(id).await.map_err(|error| match error {
        storage::Error::NotFound => Problem::not_found("There is no such load"),
        other => other.into(),
    })?;
    Ok(Json(run.into()))
}
