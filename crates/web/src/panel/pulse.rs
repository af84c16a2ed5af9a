//! The state of loading at the top of every page.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use domain::CabinetId;
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
    let cabinets = state.store.cabinets().await?;
    let names: HashMap<CabinetId, &str> = cabinets.iter().map(|c| (c.id, c.name.as_str())).collect();
    let running = state.store.running().await?;
    let running = running
        .iter()
        .map(|run| Load {
            cabinet: names.get(&run.cabinet_id).copied().unwrap_or_default().to_owned(),
            words: progress(v, run),
            percent: percent(run),
        })
        .collect();
    let active: Vec<_> = cabinets.iter().filter(|c| c.disabled_at.is_none()).collect();
    // The panel is as fresh as its stalest cabinet.
    let last = active.iter().filter_map(|c| c.watermark).min().map(|at| v.ago(&at));
    let bad = active.iter().find(|c| c.failures > 0 || c.check_error.is_some());
    let trouble = bad.map(|c| Link { href: Page::Cabinet(c.id).to_string(), text: v.t("pulse-trouble") });
    Ok(Pulse { running, last, trouble })
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
