//! The journal of loads.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::Response;
use domain::CabinetId;
use serde::Deserialize;
use storage::PageAsk;
use storage::runs::{Run, RunState};

use super::faults::Fault;
use super::routes::Page;
use super::view::runs::{RunRow, RunsPage};
use super::view::{Choice, Section};
use super::visitor::Visitor;
use super::words;
use crate::state::AppState;
use voice::Voice;

#[derive(Deserialize)]
pub(crate) struct Asked {
    cabinet: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let chosen = asked.cabinet.as_deref().unwrap_or_default();
    let cabinet: Option<CabinetId> = chosen.parse().ok();
    let cabinets = state.store.cabinets().await?;
    let names: HashMap<_, _> = cabinets.iter().map(|c| (c.id, c.name.as_str())).collect();
    let page = state.store.runs(cabinet, &PageAsk { limit: 50, cursor: asked.cursor }).await?;
    let any = Choice::new("", v.t("filter-any-cabinet"), chosen);
    let next = page.next.map(|cursor| {
        let cabinet = cabinet.map(|c| ("cabinet", c.to_string()));
        Page::Runs.with(cabinet.into_iter().chain([("cursor", cursor)]).collect::<Vec<_>>())
    });
    let name = |run: &Run| names.get(&run.cabinet_id).copied().unwrap_or_default();
    let page = RunsPage {
        frame: visitor.frame_of(&state, Section::Runs).await?,
        v,
        cabinet: std::iter::once(any)
            .chain(cabinets.iter().map(|c| Choice::new(c.id, c.name.clone(), chosen)))
            .collect(),
        rows: page.items.iter().map(|run| row(v, run, name(run))).collect(),
        next,
    };
    visitor.page(&page)
}

/// A load as a row of the journal.
pub(crate) fn row(v: Voice, run: &Run, cabinet: &str) -> RunRow {
    let trouble = run.error_code.as_deref().map(|code| words::trouble(v, code));
    let f = &run.figures;
    RunRow {
        cabinet: cabinet.to_owned(),
        cause: words::cause(v, run.cause),
        kind: match run.state {
            RunState::Running => "running",
            RunState::Done => "done",
            RunState::Failed => "failed",
            RunState::Interrupted => "interrupted",
        },
        state: words::run_state(v, run.state),
        started: v.when_exactly(&run.started_at),
        took: v.span(run.finished_at.unwrap_or(v.now) - run.started_at),
        figures: [f.seen, f.created, f.updated, f.unchanged, f.skipped, f.failed, f.pages]
            .map(|n| v.number(n)),
        error: trouble.as_ref().map(|(text, _)| format!("{text}.")),
        advice: trouble.map(|(_, advice)| advice),
        detail: run.error.clone(),
        trace_id: run.trace_id.clone(),
    }
}
