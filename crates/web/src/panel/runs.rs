//! The journal: every load, and in `messages` every push message of Ozon's.

mod days;
pub(crate) mod messages;

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use storage::PageAsk;
use storage::runs::{Cause, ErrorAsked, Run, RunFilter, RunState};

use super::cabinets;
use super::faults::Fault;
use super::routes::Page;
use super::view::runs::{RunRow, RunsPage, tabs};
use super::view::{Choice, Section};
use super::visitor::Visitor;
use super::words;
use crate::state::AppState;
use voice::Voice;

/// Rows on a page.
const ROWS: u64 = 50;
/// The longest text that is looked for, characters.
const LONGEST: usize = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    cabinet: String,
    state: String,
    cause: String,
    from: String,
    to: String,
    cursor: Option<String>,
}

impl Asked {
    /// As it was meant.
    fn tidy(self) -> Self {
        let Self { q, cabinet, state, cause, from, to, cursor } = self;
        let [q, cabinet, state, cause, from, to] = [q, cabinet, state, cause, from, to].map(|t| tidy(&t));
        Self { q, cabinet, state, cause, from, to, cursor }
    }

    /// For the store; whatever makes no sense is as if it were not there, but for the days.
    fn filter(&self, v: Voice) -> Result<RunFilter, String> {
        let error = || ErrorAsked { text: self.q.clone(), codes: words::troubles_that_say(v, &self.q) };
        Ok(RunFilter {
            cabinet: self.cabinet.parse().ok(),
            state: RunState::ALL.iter().copied().find(|state| state.word() == self.state),
            cause: Cause::ALL.iter().copied().find(|cause| cause.word() == self.cause),
            begun: days::read(v, &self.from, &self.to)?,
            error: (!self.q.is_empty()).then(error),
        })
    }

    /// What the address keeps from page to page.
    fn kept(&self) -> Vec<(&'static str, String)> {
        kept([
            ("q", &self.q),
            ("cabinet", &self.cabinet),
            ("state", &self.state),
            ("cause", &self.cause),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let asked = asked.tidy();
    let cabinets = state.store.cabinets().await?;
    let names: HashMap<_, _> = cabinets.iter().map(|c| (c.id, c.name.as_str())).collect();
    let ask = PageAsk { limit: ROWS, cursor: asked.cursor.clone() };
    let (found, fault) = match asked.filter(v) {
        Ok(filter) => (state.store.runs_of(&filter, &ask).await?, None),
        Err(fault) => (storage::Page { items: Vec::new(), next: None }, Some(fault)),
    };
    let kept = asked.kept();
    let name = |run: &Run| names.get(&run.cabinet_id).copied().unwrap_or_default();
    let states = RunState::ALL.iter().map(|s| (s.word(), words::run_state(v, *s)));
    let causes = Cause::ALL.iter().map(|c| (c.word(), words::cause(v, *c)));
    let page = RunsPage {
        frame: visitor.frame_of(&state, Section::Runs).await?,
        v,
        tabs: tabs(v, &Page::Runs),
        cabinet: cabinets::any_or_each(v, &cabinets, &asked.cabinet),
        state: Choice::any_or(v.t("filter-any-result"), states, &asked.state),
        cause: Choice::any_or(v.t("filter-any-cause"), causes, &asked.cause),
        active: !kept.is_empty(),
        rows: found.items.iter().map(|run| row(v, run, name(run))).collect(),
        next: found.next.map(|cursor| older(&Page::Runs, kept, cursor)),
        q: asked.q,
        from: asked.from,
        to: asked.to,
        fault,
    };
    visitor.page(&page)
}

/// What was typed into an address or a form, without what nobody types and no longer than it makes sense.
fn tidy(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The parts of an address that say something.
fn kept<const N: usize>(parts: [(&'static str, &String); N]) -> Vec<(&'static str, String)> {
    parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key, value.clone()))
        .collect()
}

/// The address of the next page.
fn older(page: &Page, mut kept: Vec<(&'static str, String)>, cursor: String) -> String {
    kept.push(("cursor", cursor));
    page.with(kept)
}

/// A load as a row of the journal.
pub(crate) fn row(v: Voice, run: &Run, cabinet: &str) -> RunRow {
    let trouble = run.error_code.as_deref().map(|code| words::trouble(v, code));
    let f = &run.figures;
    RunRow {
        cabinet: cabinet.to_owned(),
        cause: words::cause(v, run.cause),
        kind: run.state.word(),
        state: words::run_state(v, run.state),
        started: v.when_exactly(&run.started_at),
        took: v.took(run.finished_at.unwrap_or(v.now) - run.started_at),
        figures: [f.seen, f.created, f.updated, f.unchanged, f.skipped, f.failed, f.pages]
            .map(|n| v.number(n)),
        error: trouble.as_ref().map(|(text, _)| format!("{text}.")),
        advice: trouble.map(|(_, advice)| advice),
        detail: run.error.clone(),
        trace_id: run.trace_id.clone(),
    }
}
