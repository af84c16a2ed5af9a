//! The state of loading at the top of every page.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use domain::CabinetId;
use storage::Store;
use storage::cabinets::Cabinet;
use storage::runs::Run;

use super::faults::Fault;
use super::routes::Page;
use super::view::Link;
use super::view::frame::{Load, Pulse, PulseFragment};
use super::visitor::Visitor;
use crate::state::AppState;
use voice::Voice;

/// The fragment that pages poll.
pub(crate) async fn show(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    visitor.page(&PulseFragment { v: visitor.v, pulse: pulse(&state, visitor.v).await? })
}

/// What runs, when everything was last up to date, and what is in the way.
pub(crate) async fn pulse(state: &AppState, v: Voice) -> Result<Pulse, Fault> {
    Ok(Loading::read(&state.store).await?.worded(v))
}

/// The state of loading as the store has it, in no language yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Loading {
    cabinets: Vec<Cabinet>,
    running: Vec<Run>,
}

impl Loading {
    pub(crate) async fn read(store: &Store) -> storage::Result<Self> {
        Ok(Self { cabinets: store.cabinets().await?, running: store.running().await? })
    }

    /// The cabinet, where there is only one.
    pub(crate) fn only_cabinet(&self) -> Option<CabinetId> {
        match &self.cabinets[..] {
            [only] => Some(only.id),
            _ => None,
        }
    }

    pub(crate) fn worded(&self, v: Voice) -> Pulse {
        let names: HashMap<CabinetId, &str> = self.cabinets.iter().map(|c| (c.id, c.name.as_str())).collect();
        let running = self
            .running
            .iter()
            .map(|run| Load {
                cabinet: names.get(&run.cabinet_id).copied().unwrap_or_default().to_owned(),
                words: progress(v, run),
                percent: percent(run),
            })
            .collect();
        let active: Vec<_> = self.cabinets.iter().filter(|c| c.disabled_at.is_none()).collect();
        // The panel is as fresh as its stalest cabinet.
        let last = active.iter().filter_map(|c| c.watermark).min().map(|at| v.ago(&at));
        let bad = active.iter().find(|c| c.failures > 0 || c.check_error.is_some());
        let trouble = bad.map(|c| Link { href: Page::Cabinet(c.id).to_string(), text: v.t("pulse-trouble") });
        Pulse { running, last, trouble }
    }
}

/// "120 из ~600", or how many while nobody knows of how many.
pub(crate) fn progress(v: Voice, run: &Run) -> String {
    match run.expected {
        Some(expected) if expected >= run.figures.seen && expected > 0 => {
            v.fill("load-of-about", &[("seen", v.number(run.figures.seen)), ("expected", v.number(expected))])
        }
        _ => v.n("load-seen", run.figures.seen),
    }
}

/// For the bar.
pub(crate) fn percent(run: &Run) -> Option<u64> {
    let expected = run.expected.filter(|e| *e > 0 && *e >= run.figures.seen)?;
    Some(run.figures.seen.saturating_mul(100) / expected)
}
